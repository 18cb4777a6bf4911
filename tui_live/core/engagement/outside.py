"""What happened by TikTok's clock when, by this machine's, nobody was looking.

A session's start and end and its gaps are this machine's time, events have TikTok's. Some events always lie outside:
TikTok sends the last ones again on every connect. Where this machine's clock is ahead by some minutes, though, all of
its first minutes lie before the start, none is left for the last ones, and rates are over too much time.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from msgspec import Struct

from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import HOUR, STEP_MS

#: Fewer, or a smaller part of all, are no sign of anything.
_LEAST, _LEAST_PART = 30, 0.03
#: So few, of as many as lie outside, may be in the half of that time in which there should be none.
_STRAY = 0.1


class Outside(Struct, frozen=True):
    """Events outside of observed time: ``before`` the start, ``after`` the end, ``in_gaps`` between, to five seconds.

    They count in totals and in no rate. ``clock_ahead_s`` is how far this machine's clock seems to be ahead of
    TikTok's (negative: behind), in seconds; ``None`` when nothing says that it is off.
    """

    before: int
    after: int
    in_gaps: int
    clock_ahead_s: float | None

    @property
    def events(self) -> int:
        """All of them."""
        return self.before + self.after + self.in_gaps


def unobserved(seen: Seen, name: str, total: int) -> int:
    """How many of ``total`` in the column ``name`` are not from observed time; those of partial steps may be."""
    raw = seen.raw(name)
    return total - seen.sums(name)[-1] - sum(raw[at] for at in set(seen.timeline.partial))


def outside(seen: Seen, name: str, total: int, until_ms: int) -> Outside:
    """Of ``total`` events, all counted in the column ``name``; the session was watched until ``until_ms``."""
    before = seen.series.before.total()
    later = _later(seen, name, -(-until_ms // STEP_MS))
    after = sum(later.values())
    unplaced = seen.series.unplaced
    if seen.until_ms < until_ms:
        unplaced += sum(_later(seen, name, seen.until_ms // STEP_MS).values()) - after
    in_gaps = unobserved(seen, name, total) - before - after - unplaced
    return Outside(before, after, in_gaps, _ahead(seen, name, until_ms, later))


def _later(seen: Seen, name: str, ends: int) -> dict[int, int]:
    """What there is from the step ``ends`` (counted from the epoch) on, by how many steps later."""
    found: dict[int, int] = {}
    for hour in seen.series.hours:
        if (hour + 1) * HOUR > ends:
            for at, count in enumerate(seen.series.steps(name, hour), hour * HOUR - ends):
                if count and at >= 0:
                    found[at] = count
    return found


def _ahead(seen: Seen, name: str, until_ms: int, later: dict[int, int]) -> float | None:
    """How far the clock is off, by the events on one side of the session, where as many are missing on the other."""
    sums, whole_s = seen.sums(name), (until_ms - seen.start_ms) / 1000
    before = seen.series.before
    sign, found = (1, before) if before.total() >= sum(later.values()) else (-1, later)
    count = sum(found.values())
    if count < _LEAST or count < _LEAST_PART * (count + sums[-1]):
        return None
    middle_s = (_median(found) + 0.5) * STEP_MS / 1000
    # They are spread over as much time as the clock is off, at most over the whole session's.
    off_s = min(2 * middle_s, middle_s + whole_s / 2)
    half_ms = min(round(off_s * 500), until_ms - seen.start_ms)
    missing = (until_ms - half_ms, until_ms) if sign > 0 else (seen.start_ms, seen.start_ms + half_ms)
    first, last = (seen.place(at_ms) for at_ms in missing)
    return sign * off_s if sums[last] - sums[first] <= _STRAY * count else None


def _median(counts: dict[int, int]) -> int:
    ascending = sorted(counts)
    sums = list(accumulate(counts[at] for at in ascending))
    return ascending[bisect_left(sums, sums[-1] / 2)]
