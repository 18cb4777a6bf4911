"""When the next connection may be signed: one token bucket for the whole process.

The sign server counts connects; fifty streams that reconnect at once would exhaust it for an hour. Only signing takes
a token: asking whether somebody is live does not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class ConnectScheduler:
    """``per_minute`` connects a minute, as many at once when rested; ``None`` means no limit.

    Turns are given in the order in which they were asked for.
    """

    def __init__(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60 / per_minute if per_minute else 0.0
        self._burst = per_minute or 0
        self._clock = clock
        self._ready_at = clock() - self._interval * self._burst
        self._held_until = 0.0
        self._line = asyncio.Lock()

    @property
    def limited(self) -> bool:
        """Whether there is a budget at all."""
        return self._interval > 0

    def wait_seconds(self) -> float:
        """How long the next turn is away, if nobody stands in line before."""
        if not self.limited:
            return 0.0
        return max(0.0, self._held_until - self._clock(), self._ready_at + self._interval - self._clock())

    def hold(self, seconds: float) -> None:
        """No turns for a while: the sign server has named a limit, which holds for every stream."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    async def turn(self) -> None:
        """Wait for a token and take it."""
        if not self.limited:
            return
        async with self._line:
            # Looked at again each time: a limit may be named while somebody waits.
            while (wait := self.wait_seconds()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            oldest = self._clock() - self._interval * self._burst
            self._ready_at = max(self._ready_at, oldest) + self._interval
