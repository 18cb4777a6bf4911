"""Viral stretches: as many shares within a minute as the operator calls viral, and the busiest minute."""

from __future__ import annotations

import heapq
from operator import attrgetter

from msgspec import Struct

from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS

_MINUTE = 60_000 // STEP_MS


class Stretch(Struct, frozen=True):
    """From ``start_ms`` to ``end_ms`` (UTC milliseconds, to five seconds) every minute had so many shares or more.

    ``shares`` in all, ``peak_per_minute`` within the busiest minute.
    """

    start_ms: int
    end_ms: int
    shares: int
    peak_per_minute: int


def busiest_minute(seen: Seen) -> tuple[int, int | None]:
    """The most shares within a minute, and when it begins; no time without shares."""
    sums, first = seen.sums("shares"), seen.place(seen.start_ms)
    ends = [*sums[first + _MINUTE :], *[sums[-1]] * _MINUTE]
    counts = [end - start for start, end in zip(sums[first:], ends, strict=False)]
    most = max(counts)
    return most, seen.start_of(first + counts.index(most)) if most else None


def viral(seen: Seen, per_minute: float | None) -> list[Stretch]:
    """The stretches of which every minute had at least so many shares; none without a threshold."""
    if per_minute is None or seen.sums("shares")[-1] < per_minute:
        return []
    sums = seen.sums("shares")
    found: list[list[int]] = []
    for end in range(1, seen.size + 1):
        start = max(end - _MINUTE, 0)
        count = sums[end] - sums[start]
        if count < per_minute or sums[end] == sums[end - 1]:
            continue
        if found and start <= found[-1][1]:
            found[-1][1] = end
            found[-1][2] = max(found[-1][2], count)
        else:
            found.append([start, end, count])
    return [_stretch(seen, *each) for each in found]


def busiest_stretches(stretches: list[Stretch], most: int) -> list[Stretch]:
    """So many of them, those with the busiest minutes, in order of time."""
    if len(stretches) <= most:
        return stretches
    found = heapq.nlargest(most, stretches, key=lambda one: (one.peak_per_minute, one.shares, -one.start_ms))
    return sorted(found, key=attrgetter("start_ms"))


def _stretch(seen: Seen, start: int, end: int, peak: int) -> Stretch:
    column, sums = seen.column("shares"), seen.sums("shares")
    while not column[start]:
        start += 1
    return Stretch(seen.start_of(start), seen.start_of(end), sums[end] - sums[start], peak)
