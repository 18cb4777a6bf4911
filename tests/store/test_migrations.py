"""A database of an earlier version is brought up to date, and whoever is killed on the way loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tui_live.core.words import index_words, whole_index_words
from tui_live.store import migrations
from tui_live.store.database import open_reader, open_writer
from tui_live.store.migrations import STEPS
from tui_live.store.search import search_all

#: The version whose index was SQLite's own idea of words.
_BEFORE_WORDS = 4
#: The version whose index had long texts to their end.
_WHOLE_TEXTS = 9
#: The beginning of each step's SHA-256.
_RELEASED = [
    "f5b828714158accd",
    "83ebc3b98501c21b",
    "8d0c09a8281e529c",
    "f7f85c31a4f01dad",
    "e0723b9aea79ab06",
    "3a9b13068f293b3d",
    "6f585f63be9cf335",
    "2b6af5f0ccc26bcd",
    "09ac7ee164f7c83c",
    "e9db24648bad672c",
]
_SAID = ["🥰hello everyone", "El Ñandú", "今日はいい天気", *(f"filler {number}" for number in range(3000))]
_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tui_live.store import database

def index_words(text):
    if text == "filler 2000":
        os.kill(os.getpid(), signal.SIGKILL)
    return text

database.whole_index_words = index_words
asyncio.run(database.open_writer(Path(sys.argv[1])))
"""
_KILLED_CUTTING = """
import asyncio, os, signal, sys
from pathlib import Path
from tui_live.store import database

cut = database.index_words

def index_words(text):
    if text.startswith("hello 10 "):
        os.kill(os.getpid(), signal.SIGKILL)
    return cut(text)

database.index_words = index_words
asyncio.run(database.open_writer(Path(sys.argv[1])))
"""


@pytest.fixture
def old(path: Path) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript("\n".join(STEPS[:_BEFORE_WORDS]) + f"PRAGMA user_version = {_BEFORE_WORDS};")
        database.execute(
            "INSERT INTO sessions (id, streamer_username, room_id, session_start, status, number)"
            " VALUES ('aaaa', 'ana', '7', '2026-11-20T20:00:00Z', 'ended', 1)"
        )
        database.executemany(
            "INSERT INTO event_rows (session, type, message, time_ms, head, msg_id, place, history)"
            " VALUES (1, (SELECT number FROM event_types WHERE name = 'chat'), ?, 1, 2, 1, 0, 0)",
            [(text,) for text in _SAID],
        )
        database.execute("INSERT INTO search (rowid, words) SELECT id, message FROM event_rows")
    database.close()
    return path


async def found(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    monkeypatch.setattr("tui_live.store.search._NEWEST", 0)
    reader = await open_reader(path)
    try:
        return {word: [hit.text for hit in await search_all(reader, word)] for word in ("hello", "nandu", "天気", "🥰")}
    finally:
        await reader.close()


_EXPECTED = {"hello": _SAID[:1], "nandu": _SAID[1:2], "天気": _SAID[2:3], "🥰": _SAID[:1]}


def test_a_step_that_was_released_is_as_it_was() -> None:
    assert [hashlib.sha256(step.encode()).hexdigest()[:16] for step in STEPS[: len(_RELEASED)]] == _RELEASED


def test_steps_are_numbered_from_one_without_a_hole() -> None:
    folder = Path(migrations.__file__).parent
    assert sorted(int(file.name[:4]) for file in folder.glob("*.sql")) == [*range(1, len(STEPS) + 1)]


async def test_the_words_of_an_older_database_are_found_again(old, monkeypatch) -> None:
    assert await found(old, monkeypatch) == _EXPECTED


async def test_whoever_is_killed_while_the_index_is_made_anew_begins_again(old, monkeypatch) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(old)], check=False)
    assert ended.returncode == -9
    with sqlite3.connect(old) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (_BEFORE_WORDS,)
        assert database.execute("SELECT count(*) FROM search WHERE search MATCH 'filler'").fetchone() == (3000,)
    database.close()
    assert await found(old, monkeypatch) == _EXPECTED


async def test_what_was_in_the_older_index_can_be_taken_out_of_the_new_one(old) -> None:
    writer = await open_writer(old)
    rows = [(number, index_words(text)) for number, text in enumerate(_SAID, start=1)]
    await writer.executemany("INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", rows)
    await writer.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, row)")
    async with writer.execute("SELECT count(*) FROM vocabulary") as cursor:
        assert tuple(await cursor.fetchone()) == (0,)
    await writer.close()


def with_whole_texts(path: Path, *said: str) -> None:
    """A database whose index has long texts to their end."""
    with sqlite3.connect(path) as database:
        database.create_function("index_words", 1, whole_index_words)
        database.executescript("\n".join(STEPS[:_WHOLE_TEXTS]) + f"PRAGMA user_version = {_WHOLE_TEXTS};")
        database.executemany(
            "INSERT INTO event_rows (session, type, message, time_ms, head, msg_id, place, history)"
            " VALUES (1, (SELECT number FROM event_types WHERE name = 'chat'), ?, 1, 2, 1, 0, 0)",
            [(text,) for text in said],
        )
        rows = [(number, whole_index_words(text)) for number, text in enumerate(said, start=1)]
        database.executemany("INSERT INTO search (rowid, words) VALUES (?, ?)", rows)
    database.close()


def times_found(path: Path, word: str) -> int:
    with contextlib.closing(sqlite3.connect(path)) as database:
        [(count,)] = database.execute("SELECT count(*) FROM search WHERE search MATCH ?", (word,)).fetchall()
    return int(count)


async def test_whoever_is_killed_while_long_texts_are_cut_begins_again(path) -> None:
    with_whole_texts(path, *(f"hello {number} {'word ' * 400} farewell" for number in range(20)))
    ended = subprocess.run([sys.executable, "-c", _KILLED_CUTTING, str(path)], check=False)
    assert ended.returncode == -9
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (_WHOLE_TEXTS,)
    assert (times_found(path, "hello"), times_found(path, "farewell")) == (20, 20)
    await (await open_writer(path)).close()
    assert (times_found(path, "hello"), times_found(path, "farewell")) == (20, 0)


@pytest.mark.parametrize("long", ["hello " + "word " * 400 + "farewell", "hello " + "\ufdfa" * 200 + " farewell"])
async def test_of_long_texts_only_the_beginning_stays_in_the_index(path, long) -> None:
    with_whole_texts(path, long)
    writer = await open_writer(path)
    for word, times in (("hello", 1), ("farewell", 0)):
        async with writer.execute("SELECT count(*) FROM search WHERE search MATCH ?", (word,)) as cursor:
            assert tuple(await cursor.fetchone()) == (times,)
    await writer.execute("INSERT INTO search (search, rowid, words) VALUES ('delete', 1, ?)", (index_words(long),))
    await writer.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, row)")
    async with writer.execute("SELECT count(*) FROM vocabulary") as cursor:
        assert tuple(await cursor.fetchone()) == (0,)
    await writer.close()
