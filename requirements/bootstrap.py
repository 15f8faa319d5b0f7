"""Makes `.venv` ready to work in, from any Python 3.11 or newer; does nothing, quickly, when it is.

Every package comes hashed from requirements/*.txt: first uv, then with it all the rest, then Viertakt itself, editable
and without build isolation, so that what builds it is pinned too. Runs on the standard library alone, and reads on an
old Python far enough to say so.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python")
UV = os.path.join(BIN, "uv")
STAMP = os.path.join(VENV, ".viertakt-setup")
INPUTS = ("requirements/uv.txt", "requirements/dev.txt", "pyproject.toml", "hatch_build.py", "requirements/bootstrap.py")


def main():
    """Brings `.venv` up to date with what the repository asks for; the exit status says whether it did."""
    if sys.version_info < (3, 11):
        return with_newer_python()
    wanted = digest()
    if os.path.exists(UV) and read(STAMP) == wanted:
        return console()
    started = time.monotonic()
    if subprocess.call([PYTHON, "-c", ""], stderr=subprocess.DEVNULL) if os.path.exists(PYTHON) else True:
        say("making .venv with Python {}.{}.{}".format(*sys.version_info[:3]))
        make_venv()
    if not os.path.exists(UV):
        say("installing uv, the installer")
        install_uv()
    say("installing the packages of requirements/dev.txt, each checked against its hash")
    run(UV, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, "requirements/dev.txt")
    say("installing viertakt itself and building its console with Node from a wheel")
    run(UV, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--python", PYTHON, "--editable", ".")
    with open(STAMP, "w") as stamp:
        stamp.write(wanted)
    say("ready after {:.0f} s".format(time.monotonic() - started))
    return console()


def make_venv():
    """An environment, with pip where this Python can give it one."""
    try:
        import ensurepip  # noqa: F401  Debian leaves it out of python3 unless python3-venv is installed
    except ImportError:
        venv.create(VENV, clear=True, with_pip=False, symlinks=os.name != "nt")
    else:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")


def install_uv():
    """uv in `.venv`, by the first installer there is: the environment's pip, this Python's, or a uv on the PATH."""
    wanted = ["install", "--quiet", "--require-hashes"]
    locked = ["-r", os.path.join("requirements", "uv.txt")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.call([PYTHON, "-m", "pip", "--version"], **quiet) == 0:
        return run(PYTHON, "-m", "pip", *wanted, "--disable-pip-version-check", *locked)
    if subprocess.call([sys.executable, "-m", "pip", "--python", PYTHON, "--version"], **quiet) == 0:
        return run(sys.executable, "-m", "pip", "--python", PYTHON, *wanted, "--disable-pip-version-check", *locked)
    if shutil.which("uv"):
        return run("uv", "pip", *wanted, "--python", PYTHON, *locked)
    sys.exit("setup: this Python has neither venv's pip nor a pip of its own; install one"
             " (Debian, Ubuntu: apt install python3-venv) and run make again")


def console():
    """Builds the console where its sources changed; a tenth of a second when not."""
    return subprocess.call([PYTHON, "hatch_build.py"], cwd=ROOT)


def with_newer_python():
    """Starts again under a newer Python of this machine, or says what is missing."""
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        if shutil.which(name):
            return subprocess.call([name, os.path.abspath(__file__)])
    sys.exit("setup: Viertakt needs Python 3.11 or newer; this is {}.{}. Install one, or name it:"
             " make setup PYTHON=/path/to/python3.11".format(*sys.version_info[:2]))


def digest():
    """One hash over everything that decides what stands in `.venv`."""
    seen = hashlib.sha256()
    for name in INPUTS:
        with open(os.path.join(ROOT, name), "rb") as file:
            seen.update(file.read())
    return seen.hexdigest()


def read(path):
    """The file's text, or nothing where there is no file."""
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read().strip()


def run(*command):
    """Runs one step; the first that fails ends everything with its status, its own words above."""
    status = subprocess.call(command, cwd=ROOT)
    if status:
        sys.exit("setup: this step failed (its message stands above): " + " ".join(command))


def say(text):
    """Talk goes to stderr, a line a step."""
    sys.stderr.write("setup: " + text + "\n")


if __name__ == "__main__":
    sys.exit(main())
