"""Somebody's places in the ranking over time, as a plot: the higher the bar, the better the place."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.ui.format import clock
from tui_live.ui.viewers import bars

#: Cells of the labels at the right.
_LABEL = 7


def places_over_time(places: Sequence[tuple[int, int]], end_ms: int, count: int) -> list[int]:
    """The place in ``count`` equal spans from the first (time, place) to ``end_ms``; each lasts until the next one.

    0 is behind those that are followed.
    """
    if not places or count < 1:
        return []
    begin = places[0][0]
    length = max(1, end_ms - begin)
    shown: list[int] = []
    at = 0
    for span in range(count):
        until = begin + length * (span + 1) // count
        while at + 1 < len(places) and places[at + 1][0] <= until:
            at += 1
        shown.append(places[at][1])
    return shown


def drawn_places(places: Sequence[tuple[int, int]], end_ms: int, width: int, height: int) -> tuple[str, ...]:
    """``height`` lines with the best and the worst place at the right, and a line with the times below them."""
    room = max(1, width - _LABEL)
    values = places_over_time(places, end_ms, room)
    known = [value for value in values if value]
    if not known:
        return ()
    best, worst = min(known), max(known)
    # The worst place keeps half a line: behind the hundred that are followed there is nothing.
    lowest = (worst - best) / (2 * height - 1)
    levels = [worst - value + lowest if value else 0.0 for value in values]
    if worst == best:
        levels = [1.0 if value else 0.0 for value in values]
    lines = [line.ljust(room) for line in bars(levels, worst - best + lowest or height, height)]
    lines[0 if worst > best else -1] += f" {best:>4}."
    if worst > best and height > 1:
        lines[-1] += f" {worst:>4}."
    begin, end = clock(places[0][0]), clock(end_ms)
    return (*lines, begin + " " * max(1, room - len(begin) - len(end)) + end)
