"""Erase says truly what is done, whoever reads and whatever the disk does, and what is left to do can be finished."""

from __future__ import annotations

import contextlib
import resource
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.conftest import batch, chat
from tests.store.test_erase import RAIN, bytes_of, query
from tests.store.test_recorder import record
from tui_live.errors import StoreError
from tui_live.store import erase as module
from tui_live.store.erase import erase, is_unfinished, look_up

_PEAK = """
import asyncio, os, resource, sys, threading
from pathlib import Path
from tui_live.store.erase import erase
path, folder, seen, done = Path(sys.argv[1]), os.path.dirname(sys.argv[1]), set(), threading.Event()
def watch():
    while not done.wait(0.002):
        for fd in os.listdir("/proc/self/fd"):
            try:
                name = os.readlink(f"/proc/self/fd/{fd}")
                if "etilqs" in name and os.path.dirname(name) == folder:
                    seen.add(oct(os.stat(f"/proc/self/fd/{fd}").st_mode & 0o777))
            except OSError:
                pass
watching = threading.Thread(target=watch)
watching.start()
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = []
asyncio.run(erase(path, "rain_maker77", erased=lambda: before.append(peak())))
done.set()
watching.join()
print(peak() - before[0], *seen)
"""


@pytest.fixture
async def filled(recorder, path) -> Path:
    """A database in which somebody wrote, and others wrote of them."""
    for number in range(100):
        words = [chat(f"{number} {n} {secrets.token_hex(30)} @rain_maker77") for n in range(20)]
        await record(recorder, batch(chat(f"secret {number}", RAIN), *words))
    await recorder._database.close()
    return path


@pytest.fixture
def impatient(monkeypatch) -> None:
    """Nobody is waited for."""
    opened = module.open_writer

    async def open_writer(path: Path):
        database = await opened(path)
        await database.execute("PRAGMA busy_timeout = 50")
        return database

    monkeypatch.setattr(module, "open_writer", open_writer)


def is_in(path: Path) -> bool:
    return b"rain_maker77" in bytes_of(path) or b"secret 5" in bytes_of(path)


@contextlib.contextmanager
def reading(path: Path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM events").fetchone()
        yield other


@contextlib.contextmanager
def full_disk(size: int):
    """No file becomes larger than ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def finish(path: Path) -> None:
    assert await is_unfinished(path)
    assert await look_up(path, RAIN.handle) is None
    assert await erase(path, RAIN.handle) is None
    assert not is_in(path)
    assert not await is_unfinished(path)
    with pytest.raises(StoreError, match="Nobody"):
        await erase(path, RAIN.handle)


@pytest.mark.usefixtures("impatient")
async def test_while_somebody_reads_it_says_that_the_file_still_holds_them(filled) -> None:
    with reading(filled):
        with pytest.raises(StoreError, match=r"Erased, but another program reads .* erase again"):
            await erase(filled, RAIN.handle)
        assert is_in(filled)
        assert query(filled, "SELECT count(*) FROM events WHERE username = 'rain_maker77'") == [(0,)]
        with pytest.raises(StoreError, match="Erased, but another program reads"):
            await erase(filled, RAIN.handle)
    await finish(filled)


@pytest.mark.usefixtures("impatient")
async def test_while_somebody_writes_it_says_that_nothing_was_erased(filled, monkeypatch) -> None:
    found = module._find
    with contextlib.closing(sqlite3.connect(filled, isolation_level=None)) as other:

        async def find(database, user: str):
            other.execute("BEGIN IMMEDIATE")
            return await found(database, user)

        monkeypatch.setattr(module, "_find", find)
        with pytest.raises(StoreError, match="locked — nothing was erased"):
            await erase(filled, RAIN.handle)
    monkeypatch.setattr(module, "_find", found)
    assert (await look_up(filled, RAIN.handle)).events == 100
    assert not await is_unfinished(filled)


async def test_a_full_disk_in_the_transaction_is_named_and_nothing_was_erased(filled, monkeypatch) -> None:
    opened = module.open_writer

    async def open_writer(path: Path):
        database = await opened(path)
        await database.execute("PRAGMA max_page_count = 1")  # as many as there are
        return database

    monkeypatch.setattr(module, "open_writer", open_writer)
    before = query(filled, "SELECT * FROM events")
    with pytest.raises(StoreError, match="database or disk is full — nothing was erased"):
        await erase(filled, RAIN.handle)
    assert query(filled, "SELECT * FROM events") == before


async def test_a_disk_that_fills_up_afterwards_does_not_undo_it(filled) -> None:
    with contextlib.ExitStack() as stack:
        with pytest.raises(StoreError, match=r"Erased, but the file could not be written anew: .* erase again"):
            await erase(filled, RAIN.handle, erased=lambda: stack.enter_context(full_disk(65_536)))
        stack.close()
    assert query(filled, "SELECT count(*) FROM events WHERE username = 'rain_maker77'") == [(0,)]
    await finish(filled)


@pytest.mark.usefixtures("impatient")
async def test_the_next_person_finishes_the_first_ones_erase(filled) -> None:
    with reading(filled), pytest.raises(StoreError, match="Erased, but"):
        await erase(filled, RAIN.handle)
    assert (await erase(filled, "ana")).events == 2_000
    assert not is_in(filled)
    assert not await is_unfinished(filled)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells open files by /proc")
def test_writing_the_file_anew_takes_no_memory_and_only_files_beside_it(filled) -> None:
    with contextlib.closing(sqlite3.connect(filled)) as database:
        database.executemany(
            "INSERT INTO frames (session_id, received_ms, payload) VALUES ('x', 0, ?)",
            ((secrets.token_bytes(400_000),) for _ in range(150)),
        )
        database.commit()
    run = [sys.executable, "-c", _PEAK, str(filled)]
    grown, *modes = subprocess.run(run, check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert int(grown) < 40_000  # KiB; the file has 60,000
    assert modes == ["0o600"]
    assert sorted(file.name for file in filled.parent.iterdir()) == ["x.db", "x.db.lock"]
