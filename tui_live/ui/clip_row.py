"""A clip of the ledger as a row of segments, at any width; failures with one reason that come together are one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.clips import Cause, Clip, ClipState
from tui_live.core.text import drawn
from tui_live.ui.format import fit, full, moment, size, span
from tui_live.ui.log_line import Pen
from tui_live.ui.themes import stream_colour

#: Shape and pen of each state: it reads without colour too.
SIGNS = {
    ClipState.REQUESTED: ("◐", "state--busy"),
    ClipState.RENAMING: ("◐", "state--busy"),
    ClipState.SAVED: ("●", "state--live"),
    ClipState.KEPT: ("▲", "state--warning"),
    ClipState.FAILED: ("✕", "state--error"),
    ClipState.DELETED: ("□", "state--idle"),
}
_UNDER_WAY = {ClipState.REQUESTED: "OBS is asked to save it …", ClipState.RENAMING: "the file gets its name …"}
#: Failures with the same reason belong together when they come closer than this, and no longer than that.
_PAUSE_MS = 60_000
_LONGEST_MS = 600_000
#: Columns beside the name in the order in which they are left out, the last first, and their cells.
_ORDER = ("time", "length", "who", "trigger", "stream", "size", "state")
_CELLS = {"time": 11, "length": 6, "trigger": 14, "who": 14, "stream": 14, "size": 7, "state": 9}
_SEQUENCE = ("time", "state", "stream", "who", "trigger", "name", "length", "size")
_RIGHT = frozenset({"length", "size"})
_NAME = 38


class ClipRow(NamedTuple):
    """What one row stands for: a clip, or several that failed one after another for the same reason, newest first."""

    clips: tuple[Clip, ...]

    @property
    def clip(self) -> Clip:
        """The newest of them."""
        return self.clips[0]

    @property
    def took_ms(self) -> int:
        """From the oldest to the newest."""
        return self.clips[0].requested_ms - self.clips[-1].requested_ms

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Everybody who asked, the newest clip's first."""
        return tuple(cause for clip in self.clips for cause in clip.causes)

    @property
    def more(self) -> int:
        """How many asked beyond these."""
        return sum(clip.more for clip in self.clips)


def rows_of(clips: Sequence[Clip]) -> list[ClipRow]:
    """Rows for clips that are given the newest first."""
    rows: list[list[Clip]] = []
    # From the oldest: a burst that grows keeps its beginning.
    for clip in reversed(clips):
        first, last = (rows[-1][0], rows[-1][-1]) if rows else (None, None)
        together = (
            first is not None
            and last is not None
            and last.state is clip.state is ClipState.FAILED
            and last.reason == clip.reason
            and clip.requested_ms - last.requested_ms <= _PAUSE_MS
            and clip.requested_ms - first.requested_ms <= _LONGEST_MS
        )
        if together:
            rows[-1].append(clip)
        else:
            rows.append([clip])
    return [ClipRow(tuple(reversed(row))) for row in reversed(rows)]


class ClipColumns(NamedTuple):
    """Cells of each column that is shown, in the order on the screen."""

    width: int
    shown: tuple[tuple[str, int], ...]

    @classmethod
    def for_width(cls, width: int) -> ClipColumns:
        """Columns for a list ``width`` cells wide."""
        left = width - 3
        cells: dict[str, int] = {}
        for column in _ORDER:
            if left - _CELLS[column] - 2 < _NAME:
                break
            cells[column] = _CELLS[column]
            left -= _CELLS[column] + 2
        cells["name"] = max(0, left)
        return cls(width, tuple((column, cells[column]) for column in _SEQUENCE if column in cells))


def header(columns: ClipColumns) -> str:
    """Names of the columns."""
    titles = {"name": "file, or why there is none", "state": "what"}
    text = " ".join(
        " " * (place > 0) + fit(titles.get(name, name), cells, right=name in _RIGHT)
        for place, (name, cells) in enumerate(columns.shown)
    )
    return fit("   " + text, columns.width)


def draw_row(row: ClipRow, columns: ClipColumns, pen: Pen, marker: str) -> list[Segment]:
    """The row, ``columns.width`` cells wide."""
    sign, tone = SIGNS[row.clip.state]
    segments = [Segment(marker, pen("row--number")), Segment(sign + " ", pen(tone))]
    for place, (column, cells) in enumerate(columns.shown):
        text, name = _cell(row, column, cells)
        cut = drawn(text[: cells * 4])
        segments.append(Segment("  " * (place > 0) + fit(cut, cells, right=column in _RIGHT), pen(name)))
    return segments


def reason_of(row: ClipRow) -> str:
    """Why there is no file, or why it is called otherwise; of a burst how many failed; empty where all is well."""
    many = len(row.clips)
    if row.clip.state is ClipState.FAILED:
        return (f"{full(many)} failed in {span(row.took_ms / 1000)}: " if many > 1 else "") + row.clip.reason
    return _UNDER_WAY.get(row.clip.state, row.clip.reason)


def triggers_of(row: ClipRow) -> str:
    """Its triggers, each once, in the order in which they came."""
    return ", ".join(dict.fromkeys(cause.trigger for cause in row.causes))


def people_of(row: ClipRow) -> list[str]:
    """Who asked, each once."""
    return list(dict.fromkeys(cause.nickname or cause.username for cause in row.causes))


def streams_of(row: ClipRow) -> list[str]:
    """Where it was asked for, each once."""
    return list(dict.fromkeys(cause.stream for cause in row.causes))


def _with_more(name: str, others: int, cells: int) -> str:
    more = f" +{others}" if others else ""
    return fit(drawn(name[: cells * 4]), cells - len(more)).rstrip() + more


def _cell(row: ClipRow, column: str, cells: int) -> tuple[str, str]:
    """A column's text and its pen."""
    clip, stream = row.clip, row.clip.causes[0].stream
    if column == "name":
        return _name(row)
    if column == "who":
        people = people_of(row)
        return _with_more(people[0], len(people) - 1 + row.more, cells), "row--number"
    return {
        "time": (moment(clip.requested_ms)[5:16], "row--number"),
        "state": (clip.state.value, SIGNS[clip.state][1]),
        "stream": (_with_more(stream, len(streams_of(row)) - 1, cells), f"stream--{stream_colour(stream)}"),
        "trigger": (triggers_of(row), "log--trigger"),
        "length": (span(clip.duration_ms / 1000) if clip.duration_ms else "-", "row--reason"),
        "size": (size(clip.size) if clip.size else "-", "row--reason"),
    }[column]


def _name(row: ClipRow) -> tuple[str, str]:
    """The file, or why there is none."""
    clip = row.clip
    if clip.state is ClipState.FAILED:
        return reason_of(row), "row--alert"
    if clip.state is ClipState.DELETED or not clip.name:
        return reason_of(row), "row--reason"
    return clip.name, "row--number"
