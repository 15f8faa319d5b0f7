"""Who runs the embedded server, and where its files may lie so that this account can reach them.

PostgreSQL refuses to run as root. As root we run it as the owner of the data, else as the system account `viertakt`
(made with `useradd` where that exists), else as `nobody`. Folders above ours are never opened for it: what lies in a
folder it cannot enter (a clone in /root, a closed home) gets a place under /var/lib/viertakt instead.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from viertakt import errors

ACCOUNT = "viertakt"
# sun_path holds 108 bytes with the closing zero (104 on macOS); the name of the socket itself takes 15.
SOCKET_PATH_BYTES_MAX = 103
SOCKET_NAME = ".s.PGSQL.5432"
# Left behind in a data folder whose cluster lies elsewhere; says where.
POINTER = "postgres-lies-at"


class Account(msgspec.Struct, frozen=True):
    """An operating-system account by its numbers; `switch` holds what subprocess needs to become it."""

    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """Arguments for `subprocess` that drop root, empty when there is nothing to drop."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account(cluster: Path | None = None) -> Account:
    """The account the server runs as: the caller, or, for root, the cluster's owner or an unprivileged one."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if cluster is not None and cluster.exists() and cluster.stat().st_uid != 0:
        facts = cluster.stat()
        return Account(facts.st_uid, facts.st_gid)
    return _unprivileged_account()


def _unprivileged_account() -> Account:
    found = _account(ACCOUNT)
    if found is None and (useradd := shutil.which("useradd")):
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", ACCOUNT]
        # May fail on a read-only /etc, or because another process has just made it: looked up again either way.
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        found = _account(ACCOUNT)
    found = found or _account("nobody")
    if found is None:
        raise errors.Unavailable(
            "PostgreSQL does not run as root and there is no account 'viertakt' or 'nobody'; make one of them."
        )
    return found


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def may_enter(account: Account, folder: Path) -> bool:
    """Whether this account can reach and enter a folder, judged by the permission bits from the root down."""
    if os.geteuid() != 0:
        return os.access(folder, os.X_OK)
    resolved = folder.resolve()
    return all(_has_execute_bit(account, step) for step in [resolved, *resolved.parents])


def _has_execute_bit(account: Account, folder: Path) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == account.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def writable_place(account: Account) -> Path:
    """A folder of ours, closed to other writers, in which this account may enter: /var/lib/viertakt or a temporary one."""
    temporary = Path(tempfile.gettempdir()) / f"viertakt-{os.geteuid()}"
    for place in (Path("/var/lib/viertakt"), temporary):
        try:
            place.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        facts = place.lstat()
        ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
        if ours and os.access(place, os.W_OK) and may_enter(account, place):
            return place
    raise errors.Unavailable(
        f"No folder found that root can write and account {account.uid} can enter: tried /var/lib/viertakt and "
        f"{temporary}. Set VIERTAKT_DATABASE_URL to a PostgreSQL of your own, or do not run as root."
    )


def cluster_place(data: Path) -> Path:
    """Where the cluster of this data folder lies: inside it, or elsewhere when the server's account cannot enter it."""
    pointer = data / POINTER
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip())
    inside = data / "postgres"
    if inside.exists() or may_enter(server_account(), data):
        return inside
    # A fresh name each time the data folder is new: deleting the folder must not bring old data back.
    elsewhere = writable_place(server_account()) / f"postgres-{secrets.token_hex(6)}"
    # For whoever finds it later: never swept up by us, since a folder that is missing may only be unmounted.
    elsewhere.with_name(f"{elsewhere.name}.belongs-to").write_text(f"{data}\n", encoding="utf-8")
    draft = pointer.with_suffix(".draft")
    draft.write_text(f"{elsewhere}\n", encoding="utf-8")
    draft.rename(pointer)
    return elsewhere


def socket_place(cluster: Path, account: Account) -> Path:
    """A short folder, mode 0700 and owned by the server's account, for the one socket of this cluster.

    The name is made from the cluster's path and birth, so that a restart finds the same one; if somebody else sits on
    that name (in /tmp anybody may make folders), another is taken. `postmaster.pid` tells later comers which.
    """
    # With its birth: a server whose cluster was deleted under it removes its socket when it notices, a minute later,
    # and must not remove that of the cluster made in its place.
    version = cluster / "PG_VERSION"
    born = version.stat().st_mtime_ns if version.exists() else 0
    name = f"viertakt-{account.uid}-{hashlib.sha256(f'{cluster} {born}'.encode()).hexdigest()[:10]}"
    # /run is root's own. /tmp before XDG_RUNTIME_DIR: that one is emptied when its user signs out.
    parents = ["/run"] if os.geteuid() == 0 else []
    parents += ["/tmp", os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()]  # noqa: S108
    for parent in filter(None, parents):
        for suffix in ("", "-2", "-3", f"-{secrets.token_hex(4)}"):
            place = Path(parent) / (name + suffix)
            fits = len(os.fsencode(place / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX
            if fits and _made(place, account) and may_enter(account, place):
                return place
    raise errors.Unavailable(f"No short folder for the database socket could be made in any of {parents}.")


def is_private(folder: Path, account: Account) -> bool:
    """Whether this is a real folder (no link), owned by the account and closed to everybody else."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == account.uid and not facts.st_mode & 0o077


def _made(place: Path, account: Account) -> bool:
    """Make the folder, or take it when it is already exactly ours."""
    try:
        place.mkdir(mode=0o700)
    except FileExistsError:
        return is_private(place, account)
    except OSError:
        return False
    if os.geteuid() == 0:
        # lchown semantics: between mkdir and here a link could only appear where the parent is not sticky.
        os.chown(place, account.uid, account.gid, follow_symlinks=False)
    return is_private(place, account)
