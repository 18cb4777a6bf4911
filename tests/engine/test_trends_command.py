"""``tui-live trends`` without a browser: what is printed of a run, also where the database is busy, and what goes."""

from __future__ import annotations

import asyncio
import functools
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from rich.cells import cell_len

from tests.core.videos import NOW_MS
from tests.core.videos import video as made
from tests.engine.test_trends import LIMITED, Script, found
from tests.store.test_trends import good
from tests.waiting import until
from tui_live.config import Trends as Settings
from tui_live.core import times
from tui_live.core.trends import Trend, choose
from tui_live.core.trends.score import Scorer
from tui_live.engine import trends as module
from tui_live.engine import trends_command
from tui_live.engine.trends_command import run_trends
from tui_live.engine.trends_printing import table
from tui_live.store import database, writing
from tui_live.store.trends import own_store


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    script = Script()
    monkeypatch.setattr("tui_live.trends.fetching.fetch", script.fetch)
    monkeypatch.setattr(times, "now_ms", lambda: NOW_MS)
    return script


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is busy is given up soon."""
    monkeypatch.setattr(database, "_PRAGMAS", database._PRAGMAS.replace("timeout = 5000", "timeout = 10"))
    for name, value in (("_CLOSE_SECONDS", 0.01), ("_RETRY_SECONDS", 0.01)):
        monkeypatch.setattr(writing, name, value)
    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, timeout=0.01))
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    monkeypatch.setattr(module, "_WRITE_S", 0.5)


class Busy:
    """Another program that begins to write while a run fetches."""

    def __init__(self, script: Script, path: Path) -> None:
        self._fetch = script.fetch
        self._path = path
        self.other: sqlite3.Connection | None = None

    async def fetch(self, *given: Any) -> Any:
        self.other = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self.other.execute("BEGIN IMMEDIATE")
        return await self._fetch(*given)

    def end(self) -> None:
        assert self.other is not None
        self.other.rollback()
        self.other.close()


@pytest.mark.parametrize("as_json", [False, True])
def test_a_result_that_the_database_does_not_take_is_printed_all_the_same(
    script, impatient, as_json, tmp_path, monkeypatch, capsys
) -> None:
    path = tmp_path / "x.db"
    assert run_trends(path, Settings(), watch=False, json=False) == 0
    capsys.readouterr()
    busy = Busy(script, path)
    monkeypatch.setattr("tui_live.trends.fetching.fetch", busy.fetch)
    script.outcomes = [found(1, 3)]
    assert run_trends(path, Settings(), watch=False, json=as_json) == 1
    busy.end()
    out, err = capsys.readouterr()
    assert "locked — another program writes into it; end it or try again" in err
    if as_json:
        assert [(story["author"], story["is_new"]) for story in json.loads(out)["stories"]] == [
            *(("ana1", False), ("ana3", True))
        ]
    else:
        assert "2 fetched, 2 kept; 1 new (*)" in out and "*Ana (@ana3)" in out


def test_a_result_waits_until_another_program_has_written(script, impatient, tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "x.db"
    assert run_trends(path, Settings(), watch=False, json=False) == 0
    busy = Busy(script, path)
    monkeypatch.setattr("tui_live.trends.fetching.fetch", busy.fetch)
    monkeypatch.setattr(module, "_WRITE_S", 20.0)
    genuine, tried = trends_command._OwnStore.add, []

    async def add(*given: Any) -> Any:
        tried.append(given)
        if len(tried) == 3:
            busy.end()
        return await genuine(*given)

    monkeypatch.setattr(trends_command._OwnStore, "add", add)
    assert run_trends(path, Settings(), watch=False, json=False) == 0
    with sqlite3.connect(path) as reading:
        assert (len(tried), reading.execute("SELECT count(*) FROM trend_runs").fetchone()) == (3, (2,))


def test_a_run_that_was_cut_short_says_that_earlier_videos_are_among_them(script, tmp_path, capsys) -> None:
    script.outcomes = [found(1, 2), structs.replace(found(3), cut_short=LIMITED)]
    assert run_trends(tmp_path / "x.db", Settings(), watch=False, json=False) == 0
    assert run_trends(tmp_path / "x.db", Settings(), watch=False, json=False) == 1
    out, err = capsys.readouterr()
    assert out.count("ana1") == 4 and "2 videos of earlier runs among them" in err  # name and link, twice


async def test_a_watch_forgets_what_is_old_at_its_start_and_every_day(script, tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "x.db"
    script.hold = asyncio.Event()
    monkeypatch.setattr(trends_command, "_DAY_SECONDS", 0.01)

    async def old() -> None:
        async with own_store(path) as store:
            await good(store, made(1), at_ms=NOW_MS - 10 * 86_400_000)

    def left() -> int:
        with sqlite3.connect(path) as reading:
            return int(reading.execute("SELECT count(*) FROM raw_posts").fetchone()[0])

    await old()
    command = trends_command._Command(path, Settings(), False, 5.0)
    task = asyncio.create_task(command.watch())
    await until(lambda: script.asked and not left())
    with sqlite3.connect(path) as other:
        other.execute("INSERT INTO raw_posts SELECT 1, 'x', '', '', '', '', 0, 0, '', '', 1, 0, 0, 0, 0, '{}', 1")
    other.close()
    await until(lambda: not left())
    task.cancel()
    await asyncio.wait({task})
    assert script.ended == 1


def test_the_table_names_authors_as_far_as_they_are_told_and_keeps_its_columns() -> None:
    videos = [made(1), made(2, author={"nickname": "한국 Rain"}), made(3, author=None), made(4, desc="今日は" * 40)]
    chosen = choose(videos, NOW_MS, 0, Scorer(100))
    trends = [Trend(story, story.video.url, story.video.post_id.endswith("2"), ()) for story in chosen.stories]
    heads, *lines = table(trends).splitlines()
    named = {line.split("https")[1][-1]: line for line in lines}
    assert "  Ana (@ana1)  " in named["1"] and "  *한국 Rain  " in named["2"] and "  not told  " in named["3"]
    place = heads.index("LINK")
    assert {cell_len(line[: line.index("https")]) for line in lines} == {place}
    assert "…" in named["4"]
