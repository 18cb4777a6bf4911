"""One stream as a row of segments, at any width: what matters first stays longest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui_live.core.lacking import lacking
from tui_live.core.status import State, StreamView
from tui_live.core.text import drawn
from tui_live.ui.format import fit, full, rate, short, span, sparkline
from tui_live.ui.states import GLYPHS, tone
from tui_live.ui.themes import stream_colour

Pen = Callable[[str], Style]

_LIVE = (State.LIVE, State.STALE)


class Widths(NamedTuple):
    """Cells of each column; 0 leaves one out."""

    width: int
    name: int
    viewers: int
    rate: int
    spark: int
    coins: int

    @classmethod
    def for_width(cls, width: int) -> Widths:
        """Columns for a pane ``width`` cells wide: numbers first, then the sparkline, then events per second."""
        left = width - 5  # marker, state and a space, a space and the alert
        viewers, coins = (6, 6) if left >= 22 else (6, 0) if left >= 14 else (0, 0)
        left -= viewers + coins
        per_second = 7 if left >= 36 else 0
        left -= per_second
        # A third of what is left draws the rate; the name keeps at least 10 cells.
        spark = min(60, max(6, left // 2 - 1)) if left >= 17 else 0
        return cls(width, max(4, left - (spark + 1 if spark else 0)), viewers, per_second, spark, coins)


def header(widths: Widths) -> str:
    """Names of the columns."""
    text = "   " + fit("stream", widths.name)
    text += fit("views", widths.viewers, right=True)
    text += fit("ev/s", widths.rate, right=True) if widths.rate else ""
    text += " " + fit("last minute" if widths.spark >= 11 else "rate", widths.spark) if widths.spark else ""
    text += fit("coins", widths.coins, right=True) if widths.coins else ""
    return fit(text, widths.width)


def draw_row(view: StreamView, widths: Widths, pen: Pen, marker: str, now_ms: int) -> list[Segment]:
    """The row of a stream, ``widths.width`` cells wide. ``now_ms`` (UTC) is for the countdown to its next step."""
    state = view.standing.state
    segments = [
        Segment(marker, pen("row--number")),
        Segment(GLYPHS[state] + " ", pen(tone(state))),
        Segment(fit(drawn(view.name), widths.name), pen(f"stream--{stream_colour(view.name)}")),
    ]
    rest = widths.width - 3 - widths.name - 2
    if state in _LIVE:
        number = pen("row--number")
        if widths.viewers:
            segments.append(Segment(fit(short(view.viewers), widths.viewers, right=True), number))
        if widths.rate:
            latest = view.rates[-1] if view.rates else 0.0
            segments.append(Segment(fit(rate(latest), widths.rate, right=True), number))
        if widths.spark:
            segments.append(Segment(" " + sparkline(view.rates, widths.spark), pen("row--spark")))
        if widths.coins:
            segments.append(Segment(fit(short(view.coins), widths.coins, right=True), number))
    else:
        segments.extend(_waiting(view, rest, pen, now_ms))
    segments.append(Segment(" " + _alert(view), pen("row--alert")))
    return segments


def _waiting(view: StreamView, width: int, pen: Pen, now_ms: int) -> list[Segment]:
    state = view.standing.state
    why = drawn(view.standing.reason) or state.value
    pen_why = pen(tone(state)) if tone(state) == "state--error" else pen("row--reason")
    if not view.standing.next_step_ms:
        return [Segment(" " + fit(why, width - 1), pen_why)]
    left = span((view.standing.next_step_ms - now_ms) / 1000)
    when = f" next try {left}" if width >= 26 else f" {left}"
    return [Segment(" " + fit(why, max(0, width - 1 - len(when))), pen_why), Segment(when, pen("row--number"))]


def _alert(view: StreamView) -> str:
    """``!`` for what was lost or could not be read, ``·`` for what merely came twice."""
    if view.undecodable or view.gaps or view.missing:
        return "!"
    return "·" if view.duplicates else " "


def truth(view: StreamView, width: int, lines: int) -> tuple[str, ...]:
    """How far the numbers of a stream's session can be trusted, in ``lines`` lines of at most ``width`` cells.

    ``3 gaps 00:12 · 1 unread · 4 twice · likes 12%``: intervals without a connection, messages that could not be read,
    messages that came twice (and count once), and the part of the likes that came with a name. Numbers are shortened
    only where they have no room.
    """
    said: tuple[str, ...] = ("no session yet",)
    if view.session_id or view.events:
        said = _wrapped(_truths(view, full), width)
        if len(said) > lines or any(cell_len(line) > width for line in said):
            said = _wrapped(_truths(view, short), width)
    return (*said, *("",) * lines)[:lines]


def _truths(view: StreamView, number: Callable[[int], str]) -> list[str]:
    found = {name: part.brief for name, part in lacking(view, number).items()}
    lost = not found.keys().isdisjoint(("gaps", "missing", "undecodable"))
    return [*found.values()] if lost else ["nothing lost", *found.values()]


def _wrapped(parts: Sequence[str], width: int) -> tuple[str, ...]:
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]} · {part}"
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)
