"""The OBS room in a test, with what it told on the way."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from tests.obs.ledgers import MemoryLedger
from tui_live.config import Obs
from tui_live.core.clips import Clip, ObsState, ObsStatus
from tui_live.obs.service import ObsClips

WITHIN_S = 30.0


class Stand:
    """An :class:`ObsClips` that runs; ``seen`` has every status, ``told`` every finished clip."""

    def __init__(self, settings: Obs, ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.told: list[Clip] = []
        self.seen: list[ObsStatus] = []
        self._news = asyncio.Event()
        self.clips = ObsClips(settings, ledger, self._changed, self._finished)
        self.task: asyncio.Task[None] | None = None

    async def until(self, holds: Callable[[], Any], seconds: float = WITHIN_S) -> None:
        """Wait until ``holds()``; looked at whenever the room tells that something is different."""
        end = time.monotonic() + seconds
        while not holds():
            self._news.clear()
            left = end - time.monotonic()
            assert left > 0, f"{self.clips.status}\ntold {self.told}\nledger {self.ledger.rows}"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(left, 0.2))

    async def until_state(self, *states: ObsState, seconds: float = WITHIN_S) -> ObsStatus:
        await self.until(lambda: self.clips.status.state in states, seconds)
        return self.clips.status

    async def until_told(self, count: int = 1, seconds: float = WITHIN_S) -> list[Clip]:
        await self.until(lambda: len(self.told) >= count, seconds)
        return self.told

    def _changed(self) -> None:
        if not self.seen or self.seen[-1] != self.clips.status:
            self.seen.append(self.clips.status)
        self._news.set()

    def _finished(self, clip: Clip) -> None:
        self.told.append(clip)
        self._news.set()


@contextlib.asynccontextmanager
async def standing(
    port: int, password: str | None = "secret-word", ledger: MemoryLedger | None = None, **settings: Any
) -> AsyncIterator[Stand]:
    """A running room for OBS at this port of this machine."""
    chosen = {"enabled": True, "host": "127.0.0.1", "port": port, "password": password} | settings
    stand = Stand(Obs(**chosen), ledger or MemoryLedger())
    stand.task = asyncio.create_task(stand.clips.run())
    try:
        yield stand
    finally:
        began = time.monotonic()
        stand.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await stand.task
        assert time.monotonic() - began < 6, "the room took too long to close"


class Lag:
    """The longest time (seconds) that the event loop did not get to run while this was open.

    What our threads waited for a processor does not count: other programs, OBS among them, want them too, and a thread
    that is to run and holds the interpreter's lock keeps the loop waiting.
    """

    async def __aenter__(self) -> Lag:
        self.longest = 0.0
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _measure(self) -> None:
        waited = _waited()
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            late = time.monotonic() - before - 0.01
            before_that, waited = waited, _waited()
            self.longest = max(self.longest, late - (waited - before_that))


def _waited() -> float:
    """Seconds that our threads have been ready to run and were not let, as Linux counts them; 0 elsewhere."""
    total = 0
    with contextlib.suppress(OSError):
        for thread in Path("/proc/self/task").iterdir():
            with contextlib.suppress(OSError, IndexError):
                total += int((thread / "schedstat").read_text().split()[1])
    return total / 1e9
