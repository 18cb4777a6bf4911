"""When the next run of trending videos is due: every run counts, whoever asked for it."""

from __future__ import annotations

import random
import time
from typing import NamedTuple

from tui_live.core.trends import Trouble
from tui_live.core.trends.trouble import next_wait_s


class Due(NamedTuple):
    """A time by the clock that is never set (seconds), and by the one that is shown (UTC milliseconds)."""

    at_s: float
    shown_ms: int

    @property
    def in_s(self) -> float:
        """Seconds until then; 0 or less when it is over."""
        return self.at_s - time.monotonic()


_AT_ONCE = Due(0.0, 0)


class Pace:
    """``due`` is when the next run of a watch is; ``earliest`` the time before which TikTok asks for none."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._minded = 0
        """Runs in a row that TikTok minded."""
        self.due = self.earliest = _AT_ONCE

    def ended(self, trouble: Trouble | None, now_ms: int) -> None:
        """A run ended like that, now (UTC milliseconds)."""
        self._minded = self._minded + 1 if trouble is not None and trouble.kind.asks_less else 0
        wait_s = next_wait_s(self._every_s, trouble, self._minded, random.random())  # noqa: S311
        due = _after(wait_s, now_ms)
        if trouble is None or trouble.asks_less:
            self.earliest = _AT_ONCE if trouble is None else due
        self.due = max(due, self.earliest)

    def broke_off(self, now_ms: int) -> None:
        """A run was stopped, or failed for a reason of ours: what TikTok asked for still counts."""
        self.due = max(_after(self._every_s, now_ms), self.earliest)


def _after(seconds: float, now_ms: int) -> Due:
    return Due(time.monotonic() + seconds, now_ms + round(seconds * 1000))
