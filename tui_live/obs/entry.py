"""A clip on its way, and its row in the ledger, which follows it without holding it up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import structs

from tui_live.core.clips import Cause, Clip, ClipState
from tui_live.errors import TuiLiveError
from tui_live.obs.ledger import Ledger

log = logging.getLogger(__name__)

#: Joins alone are written no more often: each writes the whole row anew.
JOINS_SECONDS = 1.0


class Tasks:
    """Things done beside each other; what escapes one is logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin with it now."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self, seconds: float) -> None:
        """Cancel what runs, and wait for it no longer than this."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def finish(self, seconds: float) -> None:
        """Wait for what runs, no longer than this."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a step of a clip failed", exc_info=error)


class Entry:
    """Holds the newest state of a clip. Rows are written one after the other; only the newest state counts."""

    def __init__(self, clip: Clip, ledger: Ledger, writing: Tasks, changed: Callable[[], None]) -> None:
        self.clip = clip
        self._ledger = ledger
        self._writing = writing
        self._changed = changed
        self._written: Clip | None = clip if clip.number else None
        self._task: asyncio.Task[None] | None = None
        self._wrote_at = float("-inf")
        self._hurry = asyncio.Event()
        self._hurry.set()
        self._released = False

    async def release(self) -> None:
        """Have the newest state written; from then on somebody else writes this clip's row."""
        self.hurry()
        if self._task is not None and not self._task.done():
            await asyncio.wait((self._task,))
        self._released = True

    def hurry(self) -> None:
        """Whatever is to be written is written now."""
        self._hurry.set()

    def keep(self) -> None:
        """Have the present state written, soon."""
        if not self._released and (self._task is None or self._task.done()):
            self._task = self._writing.start(self._write())
        self._changed()

    def put(self, **facts: Any) -> None:
        """Change fields of the clip."""
        self.clip = structs.replace(self.clip, **facts)
        self.hurry()
        self.keep()

    def join(self, cause: Cause) -> None:
        """One more cause that this clip answers."""
        self.clip = self.clip.joined_by(cause)
        self.keep()

    def settle(self, state: ClipState, reason: str = "", **facts: Any) -> None:
        """The clip has come to its end."""
        self.put(state=state, reason=reason, target="", **facts)

    async def written(self, seconds: float) -> None:
        """Wait until the ledger has the newest state, but no longer than this: the file matters more than its row."""
        self.hurry()
        if self._task is not None and not self._task.done():
            await asyncio.wait((self._task,), timeout=seconds)

    async def _write(self) -> None:
        while self.clip != self._written and not self._released:
            await self._pause()
            clip = self.clip
            try:
                if clip.number:
                    await self._ledger.update(clip)
                    self._written = clip
                else:
                    kept = await self._ledger.add(clip)
                    self._written = kept
                    self.clip = structs.replace(self.clip, number=kept.number)
            except TuiLiveError as error:
                log.warning("the clip of %s is not in the ledger: %s", clip.causes[0].trigger, error)
                return

    async def _pause(self) -> None:
        """Gather joins for a while, unless there is more to be written than those."""
        left = self._wrote_at + JOINS_SECONDS - time.monotonic()
        if left > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), left)
        self._hurry.clear()
        self._wrote_at = time.monotonic()
