"""One session as a row of segments, at any width: streamer, start and events stay longest."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.past import ACTIVE, ENDED, INTERRUPTED, PastSession
from tui_live.core.text import drawn
from tui_live.ui.format import fit, full, moment, short, span
from tui_live.ui.log_line import Pen
from tui_live.ui.themes import stream_colour

#: Shape and pen of each status: it reads without colour too.
SIGNS = {ACTIVE: ("●", "state--live"), ENDED: ("■", "state--idle"), INTERRUPTED: ("□", "state--warning")}
#: Those of a session that is to go on as soon as its streamer is live, and what is said of it where there is room.
_WAITING = ("◌", "state--busy")
_WAITS, _WAITS_LONG = "resumes", "resumes when live"
#: Columns behind the streamer's name in the order in which they are left out, the last first: title, least cells,
#: and how many more they take where there is room for everything.
_ORDER = ("start", "events", "coins", "length", "users", "key", "gaps", "status", "end")
_CELLS = {
    "start": 11, "events": 6, "coins": 6, "length": 8, "users": 6, "key": 8, "gaps": 4, "status": 11, "end": 8,
}  # fmt: skip
_ROOMY = {"start": 19, "events": 11, "coins": 11, "users": 9, "gaps": 13, "status": 17}
_SEQUENCE = ("status", "start", "end", "length", "users", "events", "coins", "gaps", "key")
_RIGHT = frozenset({"length", "users", "events", "coins", "gaps"})
_NAME, _LONGEST_NAME = 12, 26
_ROOM = 140


class SessionColumns(NamedTuple):
    """Cells of the name and of each column that is shown, in the order on the screen."""

    width: int
    name: int
    shown: tuple[tuple[str, int], ...]

    @classmethod
    def for_width(cls, width: int) -> SessionColumns:
        """Columns for a list ``width`` cells wide."""
        cells = {column: (_ROOMY if width >= _ROOM else _CELLS).get(column, _CELLS[column]) for column in _ORDER}
        left = width - 3
        shown: set[str] = set()
        for column in _ORDER:
            if left - cells[column] - 2 < _NAME:
                break
            shown.add(column)
            left -= cells[column] + 2
        return cls(
            width,
            max(4, min(left, _LONGEST_NAME)),
            tuple((column, cells[column]) for column in _SEQUENCE if column in shown),
        )


def header(columns: SessionColumns) -> str:
    """Names of the columns."""
    text = "   " + fit("streamer", columns.name)
    text += "".join("  " + fit(name, cells, right=name in _RIGHT) for name, cells in columns.shown)
    return fit(text, columns.width)


def sign_of(session: PastSession) -> tuple[str, str]:
    """A session's shape and its pen."""
    return _WAITING if session.goes_on else SIGNS.get(session.status, ("?", "state--idle"))


def standing_of(session: PastSession, cells: int = len(_WAITS_LONG)) -> str:
    """A session's status, or that it is to go on."""
    if not session.goes_on:
        return session.status
    return _WAITS_LONG if cells >= len(_WAITS_LONG) else _WAITS


def when(session: PastSession) -> str:
    """From when to when, the date of the end only where it is another."""
    start, end = moment(session.start_ms), moment(session.end_ms) if session.end_ms else ""
    end = end[11:] if end[:10] == start[:10] else end
    return f"{start} – {end}" if end else start


def draw_row(session: PastSession, columns: SessionColumns, pen: Pen, marker: str, now_ms: int) -> list[Segment]:
    """The row of a session. ``now_ms`` (UTC) is the end of one that is under way."""
    sign, tone = sign_of(session)
    segments = [
        Segment(marker, pen("row--number")),
        Segment(sign + " ", pen(tone)),
        Segment(
            fit(drawn(session.streamer), columns.name),
            pen(f"stream--{stream_colour(session.streamer)}"),
        ),
    ]
    for column, cells in columns.shown:
        text, name = _cell(session, column, cells, now_ms)
        segments.append(Segment("  " + fit(text, cells, right=column in _RIGHT), pen(name)))
    return segments


def _cell(session: PastSession, column: str, cells: int, now_ms: int) -> tuple[str, str]:
    """A column's text and its pen."""
    if column in ("users", "events", "coins"):
        number = full if cells > _CELLS[column] else short
        return number(getattr(session, column)), "log--coins" if column == "coins" else "row--number"
    if column == "start":
        when = moment(session.start_ms)
        return when if cells >= len(when) else when[5:16], "row--number"
    if column == "end":
        return moment(session.end_ms)[11:] if session.end_ms else "–", "row--reason"
    if column == "length":
        return span(((session.end_ms or now_ms) - session.start_ms) / 1000), "row--reason"
    if column == "status":
        return standing_of(session, cells), sign_of(session)[1]
    if column == "gaps" and session.gaps:
        long = f" ({span(session.gap_ms / 1000)})" if cells > _CELLS["gaps"] else ""
        return f"{session.gaps}{long}", "row--alert"
    return ("–" if column == "gaps" else session.id), "row--reason"
