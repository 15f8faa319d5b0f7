"""The embedded server: made, shared, adopted and brought back, whoever is killed."""

import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from viertakt import errors
from viertakt.db.binaries import PACKAGE, programs, programs_for
from viertakt.db.cluster import memory_settings, read_postmaster, serves
from viertakt.db.embedded import Server, embedded
from viertakt.db.places import Account, may_enter, server_account, socket_place

Hold = Callable[..., Any]
SMALL = {"shared_buffers": "16MB"}
AS_ROOT = os.geteuid() == 0


def nobody_reaches_the_programs() -> bool:
    """Whether an ordinary account could run this tree at all: not when it lies in a closed folder."""
    return may_enter(Account(65534, 65534), programs(18))


needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root has another account to give up its rights to")
needs_open_tree = pytest.mark.skipif(
    not nobody_reaches_the_programs(), reason="this tree lies in a closed folder"
)


def value(url: str, question: str) -> object:
    """The one value a question to the server gives."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def remember(url: str) -> None:
    """Commit a row that must outlive whatever comes next."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE memory AS SELECT 42 AS kept")


def wait_until_gone(pid: int, cluster: Path) -> None:
    """Return once this process serves no more."""
    deadline = time.monotonic() + 20
    while serves(pid, cluster):
        assert time.monotonic() < deadline, f"Process {pid} did not end."
        time.sleep(0.01)


def restarted(server: Server, before: int) -> None:
    """Return once the watch thread has brought up another server than the one before."""
    deadline = time.monotonic() + 20
    while True:
        found = read_postmaster(server.cluster)
        if found is not None and found.pid != before and found.ready and server.pid == found.pid:
            return
        assert time.monotonic() < deadline, "The server did not come back."
        time.sleep(0.01)


@pytest.mark.parametrize("version", [18, 16])
def test_a_fresh_server_is_durable_private_and_orders_by_code_point(folder: Path, version: int) -> None:
    """What an operator would otherwise have to know and set by hand."""
    with embedded(folder / "data", version, options=SMALL) as server:
        url = server.ensure_database()
        assert str(value(url, "SHOW server_version")).startswith(str(version))
        assert value(url, "SHOW data_checksums") == "on"
        assert value(url, "SHOW fsync") == "on"
        assert value(url, "SHOW listen_addresses") == ""
        assert value(url, "SHOW server_encoding") == "UTF8"
        assert value(url, "SELECT 'Z' < 'a' AND 'z' < 'é'") is True
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
        assert server.cluster.stat().st_uid != 0
        assert stat.S_IMODE((folder / "data" / "postgres.log").stat().st_mode) == 0o600
        socket_dir, pid = server.socket_dir, server.pid
    assert not serves(pid, server.cluster)
    assert not socket_dir.exists()


def test_a_second_start_finds_the_rows_of_the_first(folder: Path) -> None:
    """Data outlives the process that made it."""
    with embedded(folder / "data", options=SMALL) as server:
        remember(server.ensure_database())
    with embedded(folder / "data", options=SMALL) as server:
        assert not server.adopted
        assert value(server.url(), "SELECT kept FROM memory") == 42


@needs_root
@needs_open_tree
def test_an_ordinary_account_runs_the_server_itself(folder: Path, hold: Hold) -> None:
    """Nothing may depend on being root: most installations are not."""
    data = folder / "data"
    data.mkdir()
    os.chown(data, 65534, 65534)
    held = hold(data, uid=65534).ready()
    assert Path(f"/proc/{held.server_pid}").stat().st_uid == 65534
    assert value(held.url, "SELECT 1") == 1


@needs_root
@needs_open_tree
def test_root_adopts_the_server_of_an_ordinary_account(folder: Path, hold: Hold) -> None:
    """`sudo viertakt doctor` beside a running `viertakt up` must look at the same data, as the same owner."""
    data = folder / "data"
    data.mkdir()
    os.chown(data, 65534, 65534)
    held = hold(data, uid=65534).ready()
    with embedded(data) as server:
        assert (server.adopted, server.pid) == (True, held.server_pid)


@needs_root
def test_data_in_a_closed_folder_gets_a_place_elsewhere(folder: Path) -> None:
    """A clone in /root must work without opening /root to everybody."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with embedded(closed / "data", options=SMALL) as server:
        remember(server.ensure_database())
        assert closed not in server.cluster.parents
        first = server.cluster
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    with embedded(closed / "data", options=SMALL) as server:
        assert server.cluster == first
        assert value(server.url(), "SELECT kept FROM memory") == 42


@needs_root
def test_a_deleted_data_folder_does_not_come_back_from_elsewhere(folder: Path) -> None:
    """Whoever deletes the folder wants to begin anew."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with embedded(closed / "data", options=SMALL) as server:
        first = server.cluster
    shutil.rmtree(closed / "data")
    with embedded(closed / "data", options=SMALL) as server:
        assert server.cluster != first
    shutil.rmtree(first)
    note = first.with_name(f"{first.name}.belongs-to")
    assert note.read_text(encoding="utf-8") == f"{closed / 'data'}\n"
    note.unlink()


@needs_root
def test_programs_in_a_closed_folder_run_from_a_copy(folder: Path, hold: Hold) -> None:
    """A virtual environment in /root is the usual one in a container."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    wheel = programs(18).parent.parent
    shutil.copytree(wheel, closed / PACKAGE, ignore=shutil.ignore_patterns("include", "pginstall"))
    shutil.copytree(wheel.parent / f"{PACKAGE}.libs", closed / f"{PACKAGE}.libs")
    held = hold(folder / "data", env={**os.environ, "PYTHONPATH": str(closed)}).ready()
    program = Path(f"/proc/{held.server_pid}/exe").readlink()
    assert program.is_relative_to("/var/lib/viertakt")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_an_orphan_is_adopted_after_its_starter_was_killed(folder: Path, hold: Hold) -> None:
    """A kill -9 of us must neither lose the data nor lock us out of it."""
    held = hold(folder / "data").ready()
    remember(held.url)
    held.process.kill()
    held.process.wait()
    with embedded(folder / "data") as server:
        assert (server.adopted, server.pid) == (True, held.server_pid)
        assert value(server.url("postgres"), "SELECT kept FROM memory") == 42
    wait_until_gone(held.server_pid, server.cluster)


def test_a_killed_server_comes_back_by_itself_with_its_rows(folder: Path) -> None:
    """The address stays the same, so pools mend themselves."""
    with embedded(folder / "data", options=SMALL) as server:
        remember(server.ensure_database())
        before, address = server.pid, server.url()
        os.kill(before, signal.SIGKILL)
        restarted(server, before)
        assert server.url() == address
        assert value(address, "SELECT kept FROM memory") == 42


def test_everybody_who_shares_a_killed_server_finds_the_same_new_one(folder: Path, hold: Hold) -> None:
    """Two watchers must not start two servers over one cluster."""
    held = hold(folder / "data").ready()
    with embedded(folder / "data") as server:
        os.kill(held.server_pid, signal.SIGKILL)
        restarted(server, held.server_pid)
        now = server.pid
    # Ours has left; the other still uses it.
    assert serves(now, server.cluster)
    held.release()
    wait_until_gone(now, server.cluster)


def test_a_zombie_is_not_taken_for_a_live_server(folder: Path, hold: Hold) -> None:
    """A stopped parent does not bury its dead child; the number in postmaster.pid then still 'exists'."""
    held = hold(folder / "data").ready()
    held.process.send_signal(signal.SIGSTOP)
    os.kill(held.server_pid, signal.SIGKILL)
    with embedded(folder / "data", options=SMALL) as server:
        assert not server.adopted
        assert server.pid != held.server_pid
        held.process.send_signal(signal.SIGCONT)
        held.release()


def test_a_recycled_number_in_postmaster_pid_is_not_believed(folder: Path) -> None:
    """After a reboot the number may be anybody's, also of the same account, and that process must be left alone."""
    with embedded(folder / "data", options=SMALL) as server:
        cluster = server.cluster
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8")
        owner = server_account(cluster)
    stranger = subprocess.Popen(["/bin/sleep", "300"], cwd="/", **owner.switch)
    (cluster / "postmaster.pid").write_text(
        lines.replace(lines.split()[0], str(stranger.pid), 1), encoding="utf-8"
    )
    with embedded(folder / "data", options=SMALL) as server:
        assert not server.adopted
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_live_server_whose_socket_was_swept_away_is_started_anew(folder: Path, hold: Hold) -> None:
    """Cleaners of /tmp do that; nobody new could ever connect to it again."""
    held = hold(folder / "data").ready()
    held.process.kill()
    held.process.wait()
    found = read_postmaster(folder / "data" / "postgres")
    assert found is not None
    shutil.rmtree(found.socket_dir)
    with embedded(folder / "data", options=SMALL) as server:
        assert not server.adopted
        assert value(server.url("postgres"), "SELECT 1") == 1


def test_processes_that_start_together_share_one_server_and_the_last_stops_it(
    folder: Path, hold: Hold
) -> None:
    """`viertakt up` beside `viertakt doctor`: neither fights for the cluster, neither takes it from the other."""
    three = [hold(folder / "data") for _ in range(3)]
    pids = {held.ready().server_pid for held in three}
    assert len(pids) == 1
    (pid,) = pids
    cluster = folder / "data" / "postgres"
    for held in three[:2]:
        held.release()
    assert serves(pid, cluster)
    three[2].release()
    assert not serves(pid, cluster)


def test_threads_of_one_process_may_each_have_it(folder: Path) -> None:
    """A host application may embed us twice."""
    seen: list[int] = []
    barrier = threading.Barrier(2)

    def use() -> None:
        with embedded(folder / "data", options=SMALL) as server:
            barrier.wait(60)
            seen.append(server.pid)
            barrier.wait(60)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_data_of_another_major_version_is_refused_with_the_way_out(folder: Path) -> None:
    """PostgreSQL would only say that it does not start."""
    with embedded(folder / "data", 16, options=SMALL):
        pass
    with pytest.raises(errors.Unavailable, match="VIERTAKT_POSTGRES=16"), embedded(folder / "data", 18):
        pass


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    """The end of its log is what an operator needs, not a timeout."""
    with (
        pytest.raises(errors.Unavailable, match="shared_buffers"),
        embedded(folder / "data", options={"shared_buffers": "nonsense"}),
    ):
        pass


def test_a_socket_folder_somebody_else_made_is_not_used(folder: Path) -> None:
    """In /tmp anybody can be there first and read along; a link is not followed either."""
    account = server_account()
    first = socket_place(folder / "cluster", account)
    first.rmdir()
    first.mkdir(mode=0o755)
    second = socket_place(folder / "cluster", account)
    first.rmdir()
    first.symlink_to(second)
    third = socket_place(folder / "cluster", account)
    assert len({first, second, third}) == 2
    assert second == third
    first.unlink()
    second.rmdir()


@needs_open_tree
def test_programs_are_run_where_they_lie_when_the_account_can_reach_them() -> None:
    """A copy is for closed folders only."""
    assert programs_for(Account(65534, 65534), 18) == programs(18)


def test_memory_follows_the_machine_within_bounds() -> None:
    """A small machine still runs, and a big one is not taken over by a guest."""
    gib = 1024**3
    assert memory_settings(gib)["shared_buffers"] == "128MB"
    assert memory_settings(8 * gib)["shared_buffers"] == "1024MB"
    assert memory_settings(512 * gib)["shared_buffers"] == "2048MB"
