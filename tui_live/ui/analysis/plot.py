"""Something over time in eighths of a cell, with its axis, local times, marks above, and gaps that are no zeros."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from tui_live.core.engagement.figures import Plot
from tui_live.ui.analysis.page import Piece, Row
from tui_live.ui.analysis.words import WEEKDAYS, decimal
from tui_live.ui.viewers import bars

#: Cells of the labels at the left, the line beside them among these.
LABEL = 7
_GAP, _SPIKE, _STRETCH = "░", "▲", "━"
#: A point is so many cells wide at most.
_WIDEST = 8
#: Minutes between two labels of the axis: the first that leaves each of them room.
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080)
_BETWEEN = 9
_DAY_S = 86_400
#: Lines of bars on a page at least and at most, and what stands around them.
_LOW, _HIGH, _AROUND = 5, 18, 5


class Curve(NamedTuple):
    """A number for each ``step_s`` seconds from ``start_ms`` (UTC milliseconds) on; ``None``: not known, a gap.

    ``partial`` are the steps of which a gap hides some.
    """

    start_ms: int
    step_s: int
    values: Sequence[float | None]
    partial: Collection[int] = ()


def hidden(plot: Plot) -> list[int]:
    """The steps of which a gap hides a part; the first and the last are shorter anyway."""
    whole = enumerate(plot.observed_s[1:-1], 1)
    return [at for at, seconds in whole if 0 < seconds < plot.step_s]


def plot_lines(height: int, others: int) -> int:
    """How many lines of bars leave room for ``others`` below in a window of this height."""
    return max(_LOW, min(_HIGH, height - others - _AROUND))


def rates(plot: Plot) -> Curve:
    """Per minute; a step that was hardly observed is never more than a quarter of one makes of it."""
    least_s = plot.step_s / 4
    values = [
        count * 60 / max(seconds, least_s) if seconds else None
        for count, seconds in zip(plot.counts, plot.observed_s, strict=True)
    ]
    return Curve(plot.start_ms, plot.step_s, values, hidden(plot))


def drawn_curve(
    curve: Curve,
    width: int,
    height: int,
    *,
    marks: Collection[int] = (),
    stretches: Collection[tuple[int, int]] = (),
) -> list[Row]:
    """``height`` lines of bars, the axis and its times, and above them a line where something is marked.

    A column shows the highest value in it. ``marks`` (UTC milliseconds) are shown as ▲, ``stretches`` (from, to) as ━.
    """
    count = len(curve.values)
    room = min(max(1, width - LABEL), count * _WIDEST)
    if not count:
        return []
    places = [range(at * count // room, max((at + 1) * count // room, at * count // room + 1)) for at in range(room)]
    columns = [curve.values[steps.start : steps.stop] for steps in places]
    partial = frozenset(curve.partial)
    known = [[value for value in column if value is not None] for column in columns]
    values = [max(column) if column else None for column in known]
    top = max((value for value in values if value is not None), default=0.0)
    gaps = [value is None for value in values]
    least = top / height / 8
    lines = bars([max(value, least) if value else 0.0 for value in values], top, height)
    rows = _marked(curve, room, marks, stretches)
    for number, line in enumerate(lines):
        label = decimal(top) if number == 0 and top else ""
        rows.append(Row((Piece(f"{label:>{LABEL - 1}}│", "row--reason"), *_pieces(line, gaps))))
    broken = [
        "┄" if len(some) < len(column) or not partial.isdisjoint(steps) else "─"
        for some, column, steps in zip(known, columns, places, strict=True)
    ]
    return rows + _axis(curve, room, broken)


def _pieces(line: str, gaps: Sequence[bool]) -> list[Piece]:
    pieces = []
    at = 0
    for gap, run in groupby(gaps):
        length = sum(1 for _ in run)
        pieces.append(Piece(_GAP * length, "title--rule") if gap else Piece(line[at : at + length], "head--plot"))
        at += length
    return pieces


def _column(curve: Curve, room: int, time_ms: int) -> int:
    part = (time_ms - curve.start_ms) / (curve.step_s * 1000 * len(curve.values))
    return min(max(int(part * room), 0), room - 1)


def _marked(curve: Curve, room: int, marks: Collection[int], stretches: Collection[tuple[int, int]]) -> list[Row]:
    if not marks and not stretches:
        return []
    line = [" "] * room
    for start_ms, end_ms in stretches:
        for at in range(_column(curve, room, start_ms), _column(curve, room, end_ms) + 1):
            line[at] = _STRETCH
    for mark in marks:
        line[_column(curve, room, mark)] = _SPIKE
    return [Row((Piece(" " * LABEL), Piece("".join(line), "row--alert")))]


def _axis(curve: Curve, room: int, broken: list[str]) -> list[Row]:
    """The line below, dotted where some of it was not observed, and the local times of some places on it."""
    length_s = curve.step_s * len(curve.values)
    begin_s = curve.start_ms // 1000
    offset_s = time.localtime(begin_s).tm_gmtoff
    step_s = 60 * next((step for step in _STEPS_MIN if step * 60 * room >= _BETWEEN * length_s), _STEPS_MIN[-1])
    first_s = -(-(begin_s + offset_s) // step_s) * step_s - offset_s
    ticks = [(at_s, _column(curve, room, at_s * 1000)) for at_s in range(first_s, begin_s + length_s, step_s)]
    if not ticks:
        ticks = [(begin_s, 0)]
    labels = ""
    for at_s, at in ticks:
        if at < room and broken[at] != "┄":
            broken[at] = "┬"
        if len(labels) <= max(0, at):
            labels = labels.ljust(at) + _label(at_s, step_s)
    return [
        Row((Piece(f"{'0':>{LABEL - 1}}└", "row--reason"), Piece("".join(broken), "row--reason"))),
        Row((Piece(" " * LABEL + labels, "row--reason"),)),
    ]


def _label(at_s: int, step_s: int) -> str:
    local = time.localtime(at_s)
    if step_s >= _DAY_S:
        return f"{WEEKDAYS[local.tm_wday]} {local.tm_mday}."
    return f"{local.tm_hour:02d}:{local.tm_min:02d}"
