"""A simulator, engines that talk to it, and the real command as a process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tui_live.config import load
from tui_live.core.status import State, StreamView
from tui_live.engine import Engine
from tui_live.simulator import Scenario, Simulator
from tui_live.simulator.truth import Truth
from tui_live.store.packing import unpack
from tui_live.tiktok import outcome

WITHIN_S = 60


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Who lost the connection comes back sooner than in life; how soon is :mod:`tests.tiktok.test_outcome`'s."""
    with hurrying():
        yield


@contextlib.contextmanager
def hurrying() -> Iterator[None]:
    """The same without a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outcome, "_BACK_OFF_S", (0.05, 0.1))
        yield


@pytest.fixture
async def simulators() -> AsyncIterator[Callable[..., Any]]:
    """Starts simulators; all are closed at the end."""
    started: list[Simulator] = []

    async def start(**scenarios: Scenario) -> Simulator:
        simulator = Simulator(scenarios, default=None, seed=5)
        await simulator.start()
        started.append(simulator)
        return simulator

    yield start
    for simulator in started:
        await simulator.close()


def settings(simulator: Simulator, **more: object) -> dict[str, object]:
    """Configuration by dotted key that points at the simulator; nothing waits longer than it must."""
    return {
        "tiktok.web_url": simulator.web_url,
        "tiktok.webcast_url": simulator.webcast_url,
        "tiktok.sign_url": simulator.sign_url,
        "tiktok.offline_poll_seconds": 0.2,
        "tiktok.stale_after_seconds": 1.0,
    } | {key.replace("__", "."): value for key, value in more.items()}


class Watch:
    """An engine and what its streams went through."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path
        self.passed: dict[str, list[tuple[State, str]]] = {}

    def view(self, name: str) -> StreamView:
        return next(view for view in self.engine.streams() if view.name == name)

    def look(self) -> None:
        """Remember states that are new."""
        for view in self.engine.streams():
            states = self.passed.setdefault(view.name, [])
            now = (view.standing.state, view.standing.reason)
            if not states or states[-1] != now:
                states.append(now)

    async def until(self, check: Callable[[], bool], within: float = WITHIN_S) -> None:
        """Wait until ``check`` holds, looking at every change of a stream."""
        async with asyncio.timeout(within):
            while True:
                self.engine.changed.clear()
                self.look()
                if check():
                    return
                await self.engine.changed.wait()

    async def until_state(self, name: str, *states: State) -> StreamView:
        await self.until(lambda: self.view(name).standing.state in states)
        return self.view(name)

    def went_through(self, name: str) -> list[State]:
        """The states of a stream, without those that only say that something is under way."""
        return [state for state, _ in self.passed[name] if state not in (State.CHECKING, State.CONNECTING)]

    def reason(self, name: str, state: State) -> str:
        return next(reason for seen, reason in reversed(self.passed[name]) if seen is state)

    async def close(self) -> None:
        await self.engine.close()


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts engines on a database; all are closed at the end."""
    watches: list[Watch] = []

    def spawn(work: Any, name: str) -> asyncio.Task[None]:
        return asyncio.create_task(work, name=name)

    async def start(simulator: Simulator, *names: str, path: Path | None = None, **more: object) -> Watch:
        path = path or tmp_path / "live.db"
        config = tmp_path / "config.yaml"
        config.write_text("streams: []\n")
        overrides = settings(simulator, **more) | {"database.path": str(path), "streams": list(names)}
        watch = Watch(await Engine.create(load(config, overrides), spawn, web=False), path)
        watches.append(watch)
        watch.look()
        listening = watch.engine.changed

        def look_and_set(*_: object) -> None:
            watch.look()
            asyncio.Event.set(listening)

        for stream in watch.engine.watchlist.streams().values():
            stream._changed = look_and_set
        return watch

    yield start
    for watch in watches:
        with contextlib.suppress(Exception):
            await watch.close()


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def run_serve(
    simulator: Simulator, folder: Path, *arguments: str, sections: str = "", **more: object
) -> asyncio.subprocess.Process:
    """Start ``tui-live serve`` with a configuration in ``folder``: the three hosts, and a port for overlays."""
    config = folder / "c.yaml"
    lines = [f"  {key.removeprefix('tiktok.')}: {value}" for key, value in settings(simulator, **more).items()]
    config.write_text("\n".join(["tiktok:", *lines, f"overlay: {{port: {free_port()}}}"]) + f"\n{sections}")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui_live", "serve", "-c", str(config), "--db", str(folder / "x.db"), *arguments),
        stderr=asyncio.subprocess.PIPE,
    )


def query(path: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(sql, parameters).fetchall()


def stored_frames(path: Path) -> dict[int, bytes]:
    """All payloads in the database by their frame's id, packed or not."""
    found = dict(query(path, "SELECT id, payload FROM frames"))
    for [packed] in query(path, "SELECT packed FROM frame_packs"):
        found |= {frame_id: payload for frame_id, _, payload in unpack(packed)}
    return found


def assert_equals_truth(path: Path, truth: Truth, *, repeats: bool = True) -> None:
    """The database says exactly what the simulator sent: rows per type, likes and coins per user, gifts.

    ``repeats``: so many duplicates were counted, too. A receiver that was stopped may never have read what came first.
    """
    ids = [row[0] for row in query(path, "SELECT id FROM sessions WHERE streamer_username = ?", truth.user)]
    where = f"session_id IN ({','.join('?' * len(ids))})"

    def grouped(value: str, kind: str, by: str) -> dict[str, int]:
        sql = f"SELECT {by}, {value} FROM events WHERE {where} AND event_type = '{kind}' GROUP BY {by}"
        return {key: count for key, count in query(path, sql, *ids) if count}

    types = dict(query(path, f"SELECT event_type, count(*) FROM events WHERE {where} GROUP BY 1", *ids))
    assert types == truth.types
    coins = "sum(processed_data ->> '$.coins_delta')"
    assert grouped(coins, "gift", "user_id") == {key: count for key, count in truth.coins_by_user.items() if count}
    guests = "sum(processed_data ->> '$.guest_coins_delta')"
    assert grouped(guests, "gift", "user_id") == {
        key: count for key, count in truth.guest_coins_by_user.items() if count
    }
    likes = "sum(processed_data ->> '$.like_count')"
    assert grouped(likes, "like", "user_id") == {key: count for key, count in truth.likes_by_user.items() if count}
    assert grouped("count(*)", "chat", "user_id") == truth.comments
    sums = query(
        path,
        "SELECT sum(total_events), sum(total_gifts), sum(total_coins), sum(total_likes), sum(total_messages),"
        f" sum(undecodable), sum(duplicates) FROM sessions WHERE {where.replace('session_id', 'id')}",
        *ids,
    )[0]
    broken = truth.bad_frames
    assert sums[:5] == (
        *(truth.messages + broken, truth.gift_units, truth.coins, truth.likes),
        truth.types["chat"],
    )
    assert sums[5] == truth.undecodable + broken
    if repeats:
        assert sums[6] == truth.repeated
    assert query(path, f"SELECT count(*) - count(DISTINCT msg_id) FROM events WHERE {where} AND msg_id <> 0", *ids) == [
        (0,)
    ]
