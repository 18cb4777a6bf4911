"""Waiting for what nothing announces: rows of another process, a replay's progress, a lock that is held."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_LOOK_SECONDS = 0.01


async def until(holds: Callable[[], object], within: float = 40) -> None:
    """Return as soon as ``holds`` does; raises ``TimeoutError`` when it has not within so many seconds.

    Where there is an event to wait for, wait for that instead.
    """
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(_LOOK_SECONDS)
