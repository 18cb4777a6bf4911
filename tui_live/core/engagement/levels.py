"""What TikTok tells as a level and not as a number of events: how many watch, and the room's likes so far."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.engagement.figures import Rate
from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS
from tui_live.core.totals import MOST


class Viewers(Struct, frozen=True):
    """How many watched. ``peak`` is the highest number told, at ``peak_ms`` (UTC milliseconds).

    ``peak_ms`` is ``None`` as well where the message had a time far from the session's.

    ``mean`` is weighted by time: each number holds until the next or until a gap, to five seconds. It is over
    ``known_minutes``, the observed time in which a number is known. ``now`` is the last one; ``None``: none was told.
    """

    peak: int | None
    peak_ms: int | None
    mean: float | None
    now: int | None
    known_minutes: float


def held(seen: Seen, name: str) -> list[int | None]:
    """The level in each step; the column has one more than the last level told in it, and 0 where none was told."""
    levels: list[int | None] = []
    level = None
    for told, ms in zip(seen.column(name), seen.observed, strict=True):
        level = None if not ms else told - 1 if told else level
        levels.append(level)
    return levels


def mean_level(seen: Seen, levels: list[int | None]) -> tuple[float | None, float]:
    """The mean weighted by observed time, and the minutes in which a level is known."""
    weighted = known_ms = 0
    for level, ms in zip(levels, seen.observed, strict=True):
        if level is not None:
            weighted += level * ms
            known_ms += ms
    return (weighted / known_ms if known_ms else None), known_ms / 60_000


def growth(seen: Seen, name: str) -> Rate:
    """How fast a running total grows: over the stretches between two numbers told without a gap between them.

    A total that falls begins anew: another room.
    """
    grown = ms = waiting = 0
    last: int | None = None
    for told, observed in zip(seen.column(name), seen.observed, strict=True):
        if observed < STEP_MS:
            last = None
        if last is not None:
            waiting += observed
        if told:
            if last is not None and told >= last:
                grown += told - last
                ms += waiting
            last, waiting = told, 0
    return Rate.of(min(grown, MOST), ms)
