"""Nothing of the machine on which something was written may be in the repository."""

import json
import re

from tests.tidy.tree import ROOT, short, tracked

PATHS = re.compile(r"(?<![\w.])/(root|work|Users)/[\w.]|(?<![\w.])/tmp/[\w-]{3,}")
HOSTS = re.compile(
    r"(registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org/simple|files\.pythonhosted\.org|--index-url)"
)


def test_no_path_of_a_machine() -> None:
    """It works nowhere else, and tells strangers who wrote it."""
    here = {short(p) for p in tracked() if (ROOT / "tests" / "tidy") not in p.parents}
    found = [name for name in sorted(here) if PATHS.search((ROOT / name).read_text(encoding="utf-8"))]
    assert found == []


def test_no_address_of_a_registry() -> None:
    """A lock without download addresses installs from any index, a company's own included."""
    locks = [p for p in tracked() if "lock" in p.name or p.suffix in {".txt", ".toml"} or p.name == ".npmrc"]
    assert [short(p) for p in locks if HOSTS.search(p.read_text(encoding="utf-8"))] == []


def test_every_locked_package_has_its_hash() -> None:
    """The hash is what makes the address unimportant."""
    requirements = [p for p in tracked() if p.parent == ROOT / "requirements" and p.suffix == ".txt"]
    assert len(requirements) == 4
    for path in requirements:
        pins = re.findall(r"^[a-z0-9].*$(?:\n    --hash=sha256:.*)?", path.read_text(), flags=re.MULTILINE)
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == [], short(path)


def test_every_npm_package_has_its_hash() -> None:
    """The same for the console."""
    lock = json.loads((ROOT / "console" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("link")}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, e in packages.items() if "integrity" not in e and not e.get("inBundle")] == []
