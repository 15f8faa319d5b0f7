"""Makes `.venv` ready to work in, from any Python 3.11 or newer; does nothing, quickly, when it is.

Every package comes hashed from requirements/*.txt: first uv, then with it all the rest, then Viertakt and its client,
editable and without build isolation, so that what builds them is pinned too. Runs on the standard library alone, and reads on an
older Python 3 far enough to say so.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UV = PYTHON.with_name("uv.exe" if os.name == "nt" else "uv")
STAMP = VENV / ".viertakt-setup"
CLIENT = "sdk/python"
INPUTS = (
    "pyproject.toml",
    f"{CLIENT}/pyproject.toml",
    "requirements/uv.txt",
    "requirements/dev.txt",
    "requirements/bootstrap.py",
)


def main() -> int:
    """Brings `.venv` up to date with what the repository asks for; the exit status says whether it did."""
    if sys.version_info < (3, 11):
        return start_with_newer_python()
    wanted = digest()
    if UV.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return run(PYTHON, "hatch_build.py")
    started = time.monotonic()
    if not is_sound(PYTHON):
        say(f"making .venv with Python {sys.version.split()[0]}")
        make_venv()
    if not UV.exists():
        say("installing uv, the installer")
        install_uv()
    say("installing the packages of requirements/dev.txt, each checked against its hash")
    run(UV, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, "requirements/dev.txt")
    say("building the console where its sources changed, with Node from a wheel")
    run(PYTHON, "hatch_build.py")
    install = ("--quiet", "--no-deps", "--no-build-isolation", "--python", PYTHON)
    run(UV, "pip", "install", *install, "--editable", ".", "--editable", CLIENT)
    STAMP.write_text(wanted)
    say(f"ready after {time.monotonic() - started:.0f} s")
    return 0


def make_venv() -> None:
    """An environment, with a pip of its own where this Python can give it one (Debian's can't without python3-venv)."""
    has_pip = importlib.util.find_spec("ensurepip") is not None
    venv.create(VENV, clear=True, with_pip=has_pip, symlinks=os.name != "nt")


def install_uv() -> None:
    """uv in `.venv`, by the first installer there is: the environment's pip, this Python's pip, or a uv on the PATH."""
    wanted = ("install", "--quiet", "--require-hashes", "-r", "requirements/uv.txt")
    if is_sound(PYTHON, "-m", "pip", "--version"):
        run(PYTHON, "-m", "pip", "--disable-pip-version-check", *wanted)
    elif is_sound(sys.executable, "-m", "pip", "--python", PYTHON, "--version"):
        run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", PYTHON, *wanted)
    elif shutil.which("uv"):
        run("uv", "pip", *wanted, "--python", PYTHON)
    else:
        sys.exit(
            "setup: this Python brings no pip. Install it (Debian, Ubuntu: apt install python3-venv)"
            " and run make again."
        )


def start_with_newer_python() -> int:
    """Starts again under a newer Python of this machine, or says what is missing."""
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        if shutil.which(name):
            return subprocess.call([name, str(Path(__file__).resolve())])
    sys.exit(
        f"setup: Viertakt needs Python 3.11 or newer; this is {sys.version.split()[0]}."
        " Install one, or name it: make setup PYTHON=/path/to/python3"
    )


def digest() -> str:
    """One hash over everything that decides what stands in `.venv`."""
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in INPUTS)).hexdigest()


def is_sound(*command: object) -> bool:
    """Whether this command starts and ends well; an environment whose Python was removed does not."""
    probe = [*map(str, command), *(["-c", ""] if len(command) == 1 else [])]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: object) -> int:
    """Runs one step from the root; the first that fails ends everything, its own words above."""
    # A company's own certificate authority stands in the system's store, which uv asks only when told to.
    environment = {"UV_SYSTEM_CERTS": "true", **os.environ}
    if subprocess.call([str(part) for part in command], cwd=ROOT, env=environment):
        step = " ".join(part.name if isinstance(part, Path) else str(part) for part in command)
        sys.exit(f"setup: this step failed, its message stands above: {step}")
    return 0


def say(text: str) -> None:
    """Talk goes to stderr, a line a step."""
    sys.stderr.write(f"setup: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
