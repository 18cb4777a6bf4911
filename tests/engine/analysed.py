"""A database that scenarios are recorded into, and analyses over it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import aiosqlite

from tests.core.played import MINUTE
from tests.core.story import START, batch, chat, follow, gift, join, like, person, share, viewers
from tui_live.core.board import Board
from tui_live.core.events import Batch
from tui_live.core.scoring import Rules
from tui_live.core.shares import ShareRules
from tui_live.engine.analyses import Analyses, Keeping
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder
from tui_live.store.sessions import Session

EVENING = [
    batch([join(1, 1), chat(2, 1, "en"), share(3, person(1, 50_000, True)), viewers(4, 40, 90)], 5),
    batch([join(6, 2), share(8, 2), follow(9, 2), gift(10, 1, 3), like(11, 2, 15, 300), chat(12, 3, "de")], 13),
]


class Recording:
    """``running`` are the keys of the sessions that are under way; ``analyses`` keeps what it computes."""

    def __init__(self, recorder: Recorder, database: aiosqlite.Connection, path: Path) -> None:
        self.recorder, self.database, self.path = recorder, database, path
        self.running: set[str] = set()
        self._boards: dict[str, Board] = {}
        self.opened: list[Analyses] = []
        self.analyses = self.open(keeping=True)

    def open(self, *, keeping: bool = False, rules: ShareRules | None = None) -> Analyses:
        """Another one, as another run of the program has it."""
        keep = Keeping(self.recorder, lambda: self.running) if keeping else None
        self.opened.append(Analyses(self.path, rules or ShareRules(), keep))
        return self.opened[-1]

    async def begin(
        self, streamer: str = "ana", start_ms: int = START, host_id: int = 0, room_id: str = "7"
    ) -> Session:
        session = await sessions.begin(
            self.recorder, streamer, room_id, start_ms, {"host_id": host_id} if host_id else {}
        )
        self.running.add(session.id)
        self._boards[session.id] = Board(Rules.of())
        return session

    def put_later(self, session: Session, batch: Batch) -> None:
        """As :meth:`put`, written with the next ones."""
        session.totals.add(batch)
        session.last_received_ms = batch.received_ms
        board = self._boards[session.id]
        board.add(batch)
        self.recorder.put(session.id, batch, session.totals, board)

    async def put(self, session: Session, batches: Iterable[Batch]) -> None:
        for each in batches:
            self.put_later(session, each)
        await self.recorder.flush()

    async def finish(self, session: Session, end_ms: int) -> None:
        await sessions.finish(self.recorder, session, "ended", end_ms)
        self.running.discard(session.id)

    async def rows(self, query: str) -> list[tuple]:
        return [tuple(row) for row in await self.database.execute_fetchall(query)]

    async def written(self) -> None:
        """What is being kept is in the table."""
        await asyncio.gather(*(each for one in self.opened for each in one._writes))


@contextlib.asynccontextmanager
async def recording(path: Path) -> AsyncIterator[Recording]:
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=False)
    await recorder.open()
    made = Recording(recorder, database, path)
    try:
        yield made
    finally:
        for each in made.opened:
            await each.close()
        await database.close()


async def recorded(
    evening: Recording, *batches: Batch, minutes: float = 1, streamer: str = "ana", begin: int = START
) -> Session:
    """A session that has ended."""
    session = await evening.begin(streamer, begin)
    await evening.put(session, batches)
    await evening.finish(session, begin + round(minutes * MINUTE))
    return session
