"""One cluster on disk: making it, the command line that serves it, and what its `postmaster.pid` says.

Nothing here waits or decides; `embedded` does. Everything runs as the server's account, with an environment of our own,
so that neither the caller's locale nor a stray PGDATA can change what is made.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from viertakt import errors
from viertakt.db.places import Account

SUPERUSER = "postgres"
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
MIB = 1024 * 1024


class Postmaster(msgspec.Struct, frozen=True):
    """What `postmaster.pid` says: the process, its socket folder and whether it takes connections."""

    pid: int
    socket_dir: Path
    ready: bool


def make_cluster(cluster: Path, programs: Path, account: Account, version: int) -> None:
    """A fresh cluster at this path: checksums on, UTF-8, text ordered by code point, nobody let in over the network."""
    draft = cluster.with_name(f"{cluster.name}.draft")
    # initdb writes PG_VERSION first; working in a draft means that a folder of the final name is a whole cluster.
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(draft, account.uid, account.gid)
    command = [str(programs / "initdb"), "-D", str(draft), "--username", SUPERUSER, "--encoding", "UTF8"]
    command += ["--data-checksums", "--auth-local", "trust", "--auth-host", "reject", "--no-instructions"]
    # The built-in provider orders by code point on every machine alike; before 17 the C locale is its nearest kin.
    command += ["--locale-provider=builtin", "--locale=C.UTF-8"] if version >= 17 else ["--locale=C"]
    done = subprocess.run(  # noqa: S603
        command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **account.switch
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise errors.Unavailable(f"The database could not be made in {cluster}: {done.stderr.strip()[-800:]}")
    draft.rename(cluster)


def check_cluster(cluster: Path, account: Account, version: int) -> None:
    """Refuses a cluster of another major version, or of another account than ours."""
    if cluster.stat().st_uid != account.uid:
        raise errors.Unavailable(
            f"{cluster} belongs to account {cluster.stat().st_uid}, and this process runs as {account.uid}; "
            "start Viertakt as that account, or choose another folder with VIERTAKT_DATA."
        )
    made_by = (cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    if made_by != str(version):
        raise errors.Unavailable(
            f"The data in {cluster} was made by PostgreSQL {made_by} and {version} was asked for; "
            f"set VIERTAKT_POSTGRES={made_by}, or choose another folder with VIERTAKT_DATA."
        )


def serve_command(cluster: Path, programs: Path, socket_dir: Path, options: Mapping[str, str]) -> list[str]:
    """The command line of the server in the foreground: socket only, fsync on, memory by the machine."""
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "fsync": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%a@%d ",
        "log_lock_waits": "on",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        **memory_settings(machine_memory_bytes()),
        **options,
    }
    command = [str(programs / "postgres"), "-D", str(cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def memory_settings(memory_bytes: int) -> dict[str, str]:
    """An eighth of the machine for the buffer cache, between 128 MB and 2 GB: the server shares it with ours."""
    shared = min(max(memory_bytes // 8, 128 * MIB), 2048 * MIB)
    maintenance = min(max(memory_bytes // 32, 64 * MIB), 512 * MIB)
    return {
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{max(memory_bytes // 2, 256 * MIB) // MIB}MB",
        "maintenance_work_mem": f"{maintenance // MIB}MB",
        "work_mem": "16MB",
    }


def machine_memory_bytes() -> int:
    """The memory of this machine, or of its container where that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="utf-8").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdecimal() else total


def read_postmaster(cluster: Path) -> Postmaster | None:
    """What the cluster's `postmaster.pid` says, or None when there is none or it is only half written."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    # Lines: pid, data folder, start time, port, socket folder, address, shared memory, status.
    if not lines or not lines[0].strip().isdecimal():
        return None
    socket_dir = Path(lines[4]) if len(lines) > 4 else Path()
    return Postmaster(int(lines[0]), socket_dir, ready=len(lines) > 7 and lines[7].strip() == "ready")


def serves(pid: int, cluster: Path) -> bool:
    """Whether this process is alive and serves this cluster: neither a zombie nor a stranger with a recycled number."""
    if sys.platform == "linux":
        try:
            # The name in brackets may hold anything; the state follows the last bracket.
            state = (
                Path(f"/proc/{pid}/stat")
                .read_text(encoding="utf-8", errors="replace")
                .rpartition(")")[2]
                .split()[0]
            )
            # The postmaster's working folder is its cluster. A closed one belongs to an account that is not ours.
            return state not in "ZX" and Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
        except OSError:
            return False
    done = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return not done.stdout.startswith("Z") and f"-D {cluster}" in done.stdout
