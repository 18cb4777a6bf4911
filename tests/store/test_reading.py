"""Reading a database also where nothing can be written beside it, and openings that leave no thread behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from tests.store.conftest import batch, chat
from tests.store.test_recorder import record
from tui_live.errors import StoreError
from tui_live.store import reading
from tui_live.store.database import open_reader, open_writer
from tui_live.store.migrations import STEPS
from tui_live.store.recorder import Recorder

#: Nobody's id: a root user may write anywhere.
NOBODY = 65534


@contextlib.contextmanager
def without_rights(folder: Path, hidden: str = "") -> Iterator[None]:
    """Nothing can be written to ``folder``, nor to what is in it, and the file ``hidden`` not be read either."""
    rights = {item: item.stat().st_mode for item in (folder, *folder.iterdir())}
    for item in rights:
        item.chmod(0o555 if item.is_dir() else 0o444 if item.name != hidden else 0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for item, mode in rights.items():
            item.chmod(mode)


@pytest.fixture
def path(tmp_path_factory) -> Path:
    """In a folder that others come to, of which they see nothing on the way."""
    base = tmp_path_factory.mktemp("reading")
    for folder in (base, *base.parents):
        if folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)
    return base / "x.db"


async def closed(path: Path) -> None:
    """A database with one event that was closed in order."""
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    await record(recorder, batch(chat("hello")))
    await database.close()
    assert sorted(item.name for item in path.parent.iterdir()) == ["x.db"]


async def test_a_closed_database_is_read_where_nothing_can_be_written(path) -> None:
    await closed(path)
    with without_rights(path.parent):
        database = await open_reader(path)
        async with database.execute("SELECT message FROM events") as cursor:
            assert [row[0] for row in await cursor.fetchall()] == ["hello"]
        await database.close()
    assert [item.name for item in path.parent.iterdir()] == ["x.db"]


async def test_what_is_read_while_its_owner_begins_to_write_does_not_count(path) -> None:
    await closed(path)
    with without_rights(path.parent):
        watched = reading.connect(path)
    with contextlib.closing(watched), contextlib.closing(sqlite3.connect(path)) as owner:
        rows = watched.execute("SELECT message FROM events")
        owner.execute("UPDATE sessions SET total_events = 5")
        owner.commit()
        for read in (rows.fetchall, rows.fetchmany, rows.fetchone, lambda: list(watched.execute("SELECT 1"))):
            with pytest.raises(StoreError, match="begun to write"):
                read()
        owner.close()  # in order: what is beside the file goes, and the file is another one
        with pytest.raises(StoreError, match="begun to write"):
            watched.execute("SELECT total_events FROM sessions").fetchone()


async def beside(path: Path, *suffixes: str) -> Path:
    """A copy of a database and of what is beside it, made while its last change was in the log alone."""
    await closed(path)
    there = path.parent / "there"
    there.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as owner:
        owner.execute("UPDATE sessions SET total_events = 5")
        owner.commit()
        for suffix in ("", *suffixes):
            shutil.copy(f"{path}{suffix}", there)
    return there / "x.db"


async def test_what_only_the_log_has_is_not_left_out_in_silence(path) -> None:
    copy = await beside(path, "-wal")
    with without_rights(copy.parent), pytest.raises(StoreError, match=r"copy x\.db and x\.db-wal to a folder of yours"):
        await open_reader(copy)


async def test_what_another_may_have_open_is_not_read_as_it_lies(path) -> None:
    copy = await beside(path, "-shm")
    copy.with_name("x.db-wal").touch()
    with without_rights(copy.parent, "x.db-shm"), pytest.raises(StoreError, match="Another program may write"):
        await open_reader(copy)


async def test_with_log_and_index_all_is_read_without_rights(path) -> None:
    copy = await beside(path, "-wal", "-shm")
    with without_rights(copy.parent), contextlib.closing(reading.connect(copy)) as database:
        assert database.execute("SELECT total_events FROM sessions").fetchone() == (5,)


async def test_a_database_of_an_earlier_version_is_to_be_copied_where_nothing_can_be_written(path) -> None:
    await closed(path)
    with contextlib.closing(sqlite3.connect(path)) as owner:
        owner.execute(f"PRAGMA user_version = {len(STEPS) - 1}")
    with without_rights(path.parent), pytest.raises(StoreError, match=r"earlier TUI Live.*copy it to a folder"):
        await open_reader(path)


class Slow(logging.Handler):
    """Holds a database's thread where it ends until the loop is closed, or waits for it; and says when it begins."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.begins: Callable[[], object] = lambda: None
        self.go = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._is_over = False

    async def watching(self, work: Coroutine[object, object, None]) -> None:
        """Do ``work`` on the loop in question."""
        self._loop = asyncio.get_running_loop()
        try:
            await work
        finally:
            self._is_over = True

    def _look(self, rounds: int) -> None:
        """Work that is not over when the loop has come round so often waits for the thread."""
        if rounds:
            self._loop.call_soon(self._look, rounds - 1)
        elif not self._is_over:
            self.go.set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("executing"):
            begins, self.begins = self.begins, lambda: None
            begins()
            if "close_and_stop" in str(record.args):
                self._loop.call_soon_threadsafe(self._look, 100)
                self.go.wait(30)


@pytest.fixture
def trouble(monkeypatch) -> list[str]:
    """What threads ended with."""
    said: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda ended: said.append(str(ended.exc_value)))
    return said


def opened_and_closed(slow: Slow, work) -> None:
    """Run ``work`` on a loop that is closed at its end, with a thread that is behind."""
    log = logging.getLogger("aiosqlite")
    level = log.level
    log.addHandler(slow)
    log.setLevel(logging.DEBUG)
    before = set(threading.enumerate())
    try:
        asyncio.run(slow.watching(work))
        slow.go.set()
        for thread in set(threading.enumerate()) - before:
            thread.join(5)
    finally:
        log.setLevel(level)
        log.removeHandler(slow)


def test_a_failed_opening_leaves_no_thread_that_speaks_to_a_closed_loop(tmp_path, trouble) -> None:
    async def work() -> None:
        with pytest.raises(StoreError, match="cannot be used"):
            await open_reader(tmp_path)

    opened_and_closed(Slow(), work())
    assert trouble == []


def test_a_cancelled_opening_leaves_no_thread_that_speaks_to_a_closed_loop(path, trouble) -> None:
    asyncio.run(closed(path))

    async def work() -> None:
        task = asyncio.ensure_future(open_reader(path))
        loop = asyncio.get_running_loop()
        slow.begins = lambda: loop.call_soon_threadsafe(task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task

    slow = Slow()
    opened_and_closed(slow, work())
    assert trouble == []
