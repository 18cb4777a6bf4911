"""Recorders on real database files, and batches to put into them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiosqlite
import pytest

from tui_live.core.events import Batch, ChatData, Event, GiftData, LikeData, MemberData, Person, SocialData
from tui_live.store.database import open_reader, open_writer
from tui_live.store.recorder import Recorder

NOW_MS = 1_795_228_604_829
#: Above those that tests write out.
_ids = itertools.count(1001)

ANA = Person("6900000000000000001", "ana", "Ana", "https://a/1.webp?x=1")
KING = Person("6900000000000000002", "king", "👑 King")


def event(data, user=ANA, kind="chat", subtype="", text="", **more) -> Event:
    return Event(kind, subtype, user, text, more.pop("time_ms", NOW_MS), data, next(_ids), 0, **more)


def chat(text: str, user: Person = ANA, **more) -> Event:
    return event(ChatData(text, "en"), user, text=text, **more)


def gift(coins: int, count: int = 1, user: Person = KING, group: int = 9, total: int | None = None) -> Event:
    repeat = total or count
    data = GiftData("Rose", "5655", coins, repeat, False, str(group), coins * repeat, count, coins * count)
    return event(data, user, "gift", text=f"Rose ×{repeat}")


def like(count: int, total: int, user: Person = ANA) -> Event:
    return event(LikeData(count, total), user, "like", text=f"×{count}")


def share(user: Person = ANA, **more) -> Event:
    return event(SocialData("shared", 0, 1, "9"), user, "social", "share", **more)


def join(user: Person = ANA) -> Event:
    return event(MemberData("joined", 3), user, "member", "joined")


def batch(
    *events: Event, duplicates: int = 0, payload: bytes = b"frame", room_id: str = "7", received_ms: int = NOW_MS
) -> Batch:
    return Batch(room_id, received_ms, payload, events, duplicates)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
async def recorder(path: Path) -> AsyncIterator[Recorder]:
    """A recorder whose task does not run: tests flush when they want."""
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    yield recorder
    await database.close()


@pytest.fixture
async def reader(recorder: Recorder, path: Path) -> AsyncIterator[aiosqlite.Connection]:
    database = await open_reader(path)
    yield database
    await database.close()


@pytest.fixture
def running() -> Callable[[Recorder], Awaitable[asyncio.Task[None]]]:
    async def run(recorder: Recorder) -> asyncio.Task[None]:
        return asyncio.create_task(recorder.run())

    return run
