"""One line of the log as segments: fixed columns by cells, hostile text made drawable, nothing parsed as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui_live.core.counts import several
from tui_live.core.log import COINS, NICKNAME, NOTE, SUBTYPE, TEXT, TIME, TRIGGER, TYPE, Row
from tui_live.core.log_filter import LONGEST, LogFilter, shown_type
from tui_live.core.text import drawn
from tui_live.core.words import Query
from tui_live.ui.event_text import event_text
from tui_live.ui.format import clock, fit, short
from tui_live.ui.themes import stream_colour

Pen = Callable[[str], Style]

_KNOWN = ("chat", "gift", "like", "member", "social", "room_update", "control", NOTE)
#: What says more as scores, votes and bars than in the words of the message.
_BARS = frozenset({"battle", "poll", "goal"})
_KINDS = {kind: f"log--{kind.replace('_', '-')}" for kind in _KNOWN}


#: What was said, and what came of it: reasons have arrows of their own, and so may messages.
_OUTCOME = re.compile(r"(.*)( → (?:saved, |kept as |no clip: |a replay ).*)", re.DOTALL)


class Columns(NamedTuple):
    """Widths in cells; what is left of ``width`` belongs to the text."""

    width: int
    stream: int
    nick: int

    @classmethod
    def for_width(cls, width: int, names: Mapping[int, str]) -> Columns:
        """Columns for a log ``width`` cells wide that shows these streams."""
        longest = max((cell_len(drawn(name)) for name in names.values()), default=0)
        most = 8 if width < 72 else 12 if width < 130 else 16
        nick = 10 if width < 60 else 12 if width < 90 else 16 if width < 130 else 20
        return cls(width, min(longest, most), nick)


def draw_line(
    row: Row, columns: Columns, stream: str, pen: Pen, marked: LogFilter | None, marker: str
) -> list[Segment]:
    """The line ``columns.width`` cells wide. ``stream`` is its stream's name; ``marked`` words stand out."""
    kind = row[TYPE]
    trigger = kind == NOTE and row[SUBTYPE] == TRIGGER
    note = kind == NOTE and not trigger
    segments = [Segment(f"{marker}{clock(row[TIME])} ", pen("log--time"))]
    left = columns.width - 10
    if columns.stream:
        name = fit(drawn(stream), columns.stream)
        segments.append(Segment(name + " ", pen(f"stream--{stream_colour(stream)}")))
        left -= columns.stream + 1
    tone = pen("log--trigger" if trigger else _KINDS.get(kind, "log--other"))
    segments.append(Segment(fit(drawn(shown_type(kind, row[SUBTYPE])), LONGEST) + " ", tone))
    left -= LONGEST + 1
    if not note:
        segments.append(Segment(fit(drawn(row[NICKNAME][: columns.nick * 4]), columns.nick) + " ", pen("log--nick")))
        left -= columns.nick + 1
    coins = f" {short(row[COINS])} {'coin' if row[COINS] == 1 else 'coins'}" if row[COINS] else ""
    if left < len(coins) + 4:
        coins = ""
    left -= len(coins)
    if left > 0:
        said = event_text(row) if kind in _BARS else row[TEXT]
        text = _with_outcome(said, left) if trigger else fit(drawn(said[: left * 4], rightmost=True), left)
        base = tone if note or trigger else pen("log--text" if kind in ("chat", "gift") else "log--quiet")
        if marked is None:
            segments.append(Segment(text, base))
        else:
            add_marked(segments, text, base, pen("log--match"), marked)
    if coins:
        segments.append(Segment(coins, pen("log--coins")))
    return segments


def _with_outcome(said: str, width: int) -> str:
    """What was said, cut so that what came of it still stands behind it: ``please clip th… → saved, 0.4 s``."""
    found = _OUTCOME.match(said)
    if found is None:
        return fit(drawn(said[: width * 4], rightmost=True), width)
    end = drawn(found[2][: width * 4], rightmost=True)
    message = drawn(found[1][: width * 4])
    # What came of it has what the message leaves, and two thirds at least.
    left = max(width - cell_len(end), width // 3)
    return fit(fit(message, min(left, cell_len(message))) + end, width)


def plain_line(row: Row, stream: str) -> str:
    """The line for the clipboard: everything, nothing cut."""
    parts = (clock(row[TIME]), stream, shown_type(row[TYPE], row[SUBTYPE]), row[NICKNAME], row[TEXT])
    coins = several(row[COINS], "coin") if row[COINS] else ""
    return "  ".join(part for part in (*parts, coins) if part)


def add_marked(segments: list[Segment], text: str, base: Style, match: Style, marked: LogFilter | Query) -> None:
    """Append ``text`` with what ``marked`` looks for in the style ``match`` upon ``base``."""
    place = 0
    for start, end in marked.spans(text):
        if start < place:
            continue
        if start > place:
            segments.append(Segment(text[place:start], base))
        segments.append(Segment(text[start:end], base + match))
        place = end
    if place < len(text):
        segments.append(Segment(text[place:], base))
