"""Commands that cannot be carried out say so; what is watched can be saved."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path

import pytest

from tests import waiting
from tui_live.config import load
from tui_live.core.status import State
from tui_live.core.times import iso
from tui_live.engine import Engine
from tui_live.errors import ConfigError, StoreError, StreamError
from tui_live.simulator import SCENARIOS, Simulator


def spawn(work, name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)


@pytest.fixture
async def engine(own_home, tmp_path: Path):
    simulator = Simulator({"ana": SCENARIOS["lively"]}, default=SCENARIOS["offline"])
    await simulator.start()
    config = tmp_path / "work" / "config.yaml"
    config.write_text("# tonight\nstreams: [ana]  # the star\n")
    hosts = {"web_url": simulator.web_url, "webcast_url": simulator.webcast_url, "sign_url": simulator.sign_url}
    overrides = {f"tiktok.{key}": value for key, value in hosts.items()}
    engine = await Engine.create(load(config, overrides | {"database.path": str(tmp_path / "x.db")}), spawn, web=False)
    yield engine
    await engine.close()
    await simulator.close()


async def until(engine: Engine, check) -> None:
    async with asyncio.timeout(30):
        while not check():
            engine.changed.clear()
            await engine.changed.wait()


async def test_streams_come_and_go_while_the_others_go_on(engine) -> None:
    await until(engine, lambda: engine.streams()[0].standing.state is State.LIVE)
    assert engine.add_stream("https://www.tiktok.com/@Bob/live") == "bob"
    await until(engine, lambda: engine.streams()[1].standing.state is State.OFFLINE)
    assert [(view.name, view.index) for view in engine.streams()] == [("ana", 0), ("bob", 1)]
    await engine.remove_stream("bob")
    assert engine.add_stream("@carol") == "carol"
    assert [(view.name, view.index) for view in engine.streams()] == [("ana", 0), ("carol", 2)]
    assert engine.streams()[0].standing.state is State.LIVE


async def test_figures_of_what_runs_are_there_and_kept_when_it_ends(engine, tmp_path: Path) -> None:
    await waiting.until(lambda: engine.streams()[0].events >= 20)
    [stream] = engine.streams()
    found = await engine.analyses.analysis(stream.session_id)
    assert (found.session.status, found.engagement.events > 0) == ("active", True)
    assert engine.analyses.ready(stream.session_id) is found
    await engine.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as database:
        kept = database.execute("SELECT engagement ->> '$.events', total_events FROM analyses, sessions").fetchall()
    assert len(kept) == 1
    assert kept[0][0] == kept[0][1] >= found.engagement.events


async def test_what_cannot_be_done_is_said(engine) -> None:
    with pytest.raises(StreamError, match="@ana is being watched already"):
        engine.add_stream("Ana")
    with pytest.raises(ConfigError):
        engine.add_stream("no such name!")
    with pytest.raises(StreamError, match="@bob is not being watched"):
        await engine.stop_stream("bob")


async def test_saving_writes_the_watched_streams_and_keeps_the_comments(engine, tmp_path: Path) -> None:
    engine.add_stream("bob")
    path = await engine.save_config()
    assert path == tmp_path / "work" / "config.yaml"
    text = path.read_text()
    assert text.startswith("# tonight\n")
    assert load(path).config.streams == ("ana", "bob")


async def test_a_second_engine_on_the_same_database_is_refused_and_leaves_nothing_open(engine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Another TUI Live"):
        await Engine.create(load(None, {"database.path": str(tmp_path / "x.db")}), spawn, web=False)
    assert engine.health().trouble == ""


async def test_closing_twice_is_closing_once(engine) -> None:
    await engine.close()
    await engine.close()
    assert engine.streams()[0].standing.state is State.STOPPED


async def test_stopping_while_it_is_starting_leaves_it_stopped(engine) -> None:
    engine.add_stream("bob")
    await engine.stop_stream("bob")
    assert engine.streams()[1].standing.state is State.STOPPED
    engine.start_stream("bob")
    await until(engine, lambda: engine.streams()[1].standing.state is State.OFFLINE)


async def test_sessions_older_than_the_retention_go_at_the_start(own_home, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.db"
    config = tmp_path / "work" / "config.yaml"
    config.write_text("streams: []\n")
    first = await Engine.create(load(config, {"database.path": str(path)}), spawn, web=False)
    await first.close()
    two_months_ago = iso(time.time_ns() // 1_000_000 - 60 * 86_400_000)
    with sqlite3.connect(path) as database:
        for key, end in (("aaaaaaaa", two_months_ago), ("bbbbbbbb", "2999-01-01T00:00:00.000Z")):
            database.execute(
                "INSERT INTO sessions (id, streamer_username, room_id, session_start, session_end, status, number)"
                " VALUES (?, 'ana', '7', ?, ?, 'ended', ?)",
                (key, end, end, ord(key[0])),
            )
    second = await Engine.create(
        load(config, {"database.path": str(path), "database.retention_days": 30}), spawn, web=False
    )
    with sqlite3.connect(path) as database:
        await waiting.until(lambda: database.execute("SELECT id FROM sessions").fetchall() == [("bbbbbbbb",)])
    await second.close()
