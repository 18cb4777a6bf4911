"""Long-lived tasks, started through whatever the surroundings offer: Textual's workers, or plain asyncio tasks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

log = logging.getLogger(__name__)

#: A task that ignores its cancellation for longer is left behind.
_STOP_SECONDS = 10.0


class Handle(Protocol):
    """What a spawned task offers: a Textual ``Worker`` and an ``asyncio.Task`` both do."""

    def cancel(self) -> object:
        """Ask the task to stop."""


#: Starts a coroutine under a name.
Spawn = Callable[[Coroutine[Any, Any, None], str], Handle]


class Jobs:
    """Starts tasks and waits for their end, whatever kind they are."""

    def __init__(self, spawn: Spawn) -> None:
        self._spawn = spawn

    def start(
        self, work: Coroutine[Any, Any, None], name: str, crashed: Callable[[Exception], None] | None = None
    ) -> Job:
        """Run ``work``. An exception that escapes it is logged and handed to ``crashed``."""
        job = Job(name)

        async def body() -> None:
            try:
                await work
            except Exception as error:
                log.exception("%s ended with an error", name)
                if crashed is not None:
                    crashed(error)
            finally:
                job.done.set()

        job.handle = self._spawn(body(), name)
        return job


class Job:
    """One started task."""

    handle: Handle

    def __init__(self, name: str) -> None:
        self.name = name
        self.done = asyncio.Event()

    async def stop(self) -> None:
        """Cancel the task and wait until it has cleaned up."""
        if self.done.is_set():
            return
        # A task that was never scheduled has no finally to run; give it the chance to begin.
        await asyncio.sleep(0)
        self.handle.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.done.wait(), _STOP_SECONDS)

    async def finished(self) -> None:
        """Wait for the end."""
        await self.done.wait()
