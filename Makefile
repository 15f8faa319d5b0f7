# The front door. Every target sets up what it needs in .venv first; nothing is installed outside this folder.

PYTHON ?= python3
# Without compiled modules every start would pay some seconds for reading the same text again.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
NPM := $(BIN)/python hatch_build.py npm
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
# Two processes: much of the time is spent waiting for databases to start, stop and die.
PYTEST := $(BIN)/pytest -q -n 2
PYTEST_ARGS ?=
ON_BOTH := tests/db tests/operations tests/reports

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint fmt types console e2e bench docs gen ci lock
.PHONY: lint-style lint-types lint-arrows lint-migrations lint-console

help: ## this list
	@echo 'Viertakt: one status engine for every operation of a back office.'
	@echo
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@echo
	@echo 'New here? make demo, then open http://127.0.0.1:8484'

setup: ## everything in .venv: Python packages, Node, the console; quick when nothing changed
	@$(PYTHON) requirements/bootstrap.py

demo: setup ## a living back office on http://127.0.0.1:8484 (Ctrl-C ends it)
	@echo 'demo: database, a month of history and a simulator; open the address that it prints when it is ready'
	@VIERTAKT_DATA="$${VIERTAKT_DATA:-$(CURDIR)/.viertakt}" $(BIN)/viertakt demo

test: setup ## all tests that need no browser: Python on PostgreSQL 18 and 16, and the console's
	@echo 'test: Python, on PostgreSQL 18; the database starts by itself'
	@$(PYTEST) $(PYTEST_ARGS)
	@echo 'test: what touches the database, once more on PostgreSQL 16'
	@VIERTAKT_TEST_POSTGRES=16 $(PYTEST) $(PYTEST_ARGS) $(ON_BOTH)
	@if [ -f console/package-lock.json ]; then echo 'test: the console'; $(NPM) run --silent test; fi

lint: setup ## every check that reads and runs nothing: style, types, arrows, migrations, console
	@$(MAKE) --no-print-directory --keep-going lint-style lint-types lint-arrows lint-migrations lint-console

lint-style:
	@echo 'lint: ruff'; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
lint-types:
	@echo 'lint: mypy'; $(BIN)/mypy
lint-arrows:
	@echo 'lint: arrows'; $(BIN)/lint-imports --no-logo
lint-migrations:
	@echo 'lint: migrations'; $(BIN)/squawk src/viertakt/db/migrations/*.sql
lint-console:
	@if [ -f console/package-lock.json ]; then echo 'lint: console'; $(NPM) run --silent check; fi

fmt: setup ## put everything in its usual shape
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .
	@if [ -f console/package-lock.json ]; then $(NPM) run --silent format; fi

types: setup ## mypy --strict and tsc
	@$(BIN)/mypy
	@if [ -f console/package-lock.json ]; then $(NPM) exec -- tsc --noEmit; fi

console: setup ## the console with live reload, against a running `make demo`
	@$(NPM) run dev

e2e: setup ## the browser tests, in Chromium (CHROMIUM=/path names another than /usr/bin/chromium)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM) run --silent e2e

bench: setup ## side-by-side measurements, each with its ratio; takes minutes
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements/bench.txt
	@$(BIN)/viertakt bench

gen: setup ## write the generated files anew: openapi.json, docs/reference, the console's client
	@$(BIN)/python -m tests.tidy.generated
	@if [ -f console/package-lock.json ]; then $(NPM) run --silent client; fi

docs: gen ## the generated part of docs/ anew
	@echo 'docs: start reading at docs/README.md'

ci: ## what CI runs, here (as root: installs Chromium where it is missing)
	@.ci/run

lock: setup ## pin the packages of pyproject.toml anew, with hashes, for every platform
	@$(COMPILE) --upgrade pyproject.toml -o requirements/run.txt
	@$(COMPILE) --upgrade pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) --upgrade pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	@echo uv | $(COMPILE) - -c requirements/dev.txt -o requirements/uv.txt
