"""The top line: is anything wrong, how much is going on, and is it all being kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_live.core.status import Health, State, StreamView
from tui_live.core.text import drawn
from tui_live.ui.format import clock, fit, rate, short, size
from tui_live.ui.widgets.line_widget import LineWidget


class Part(NamedTuple):
    """A piece of the line: its text and the component class that colours it."""

    text: str
    tone: str


#: State, glyph, word, tone; in the order in which they stand. Each counts the states after it.
_COUNTED = (
    ("●", "live", "state--live", (State.LIVE,)),
    ("✕", "need you", "state--error", (State.BLOCKED, State.FAILED)),
    ("▲", "stale", "state--warning", (State.STALE,)),
    ("◐", "connecting", "state--busy", (State.CHECKING, State.CONNECTING, State.RECONNECTING)),
    ("◌", "waiting", "state--idle", (State.OFFLINE, State.LIMITED, State.ENDED)),
)


def parts(views: Sequence[StreamView], health: Health) -> list[Part]:
    """What the line says, most important first; the widget shows as many as fit."""
    counts = Counter(view.standing.state for view in views)
    line: list[Part] = []
    if health.trouble:
        line.append(Part("✕ " + drawn(health.trouble), "state--error"))
    for glyph, word, tone, states in _COUNTED:
        count = sum(counts[state] for state in states)
        if count or word == "live":
            line.append(Part(f"{glyph} {short(count)} {word}", tone if count else "state--idle"))
    line.append(Part(f"{rate(health.events_per_second)} ev/s", "status--text"))
    backlog = f"backlog {short(health.backlog)}" + (", reading slower" if health.waiting else "")
    line.append(Part(backlog, "state--warning" if health.waiting else "status--text"))
    line.append(Part(f"dropped {short(health.dropped)}", "state--error" if health.dropped else "status--text"))
    line.append(Part(f"dup {short(health.duplicates)}", "status--text"))
    line.append(Part(f"undec {short(health.undecodable)}", "state--warning" if health.undecodable else "status--text"))
    line.append(Part(f"db {size(health.database_bytes)}", "status--text"))
    return line


class StatusBar(LineWidget):
    """One line, redrawn only when it says something else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("state--live", "state--error", "state--warning", "state--busy", "state--idle"),
        *("status--title", "status--text", "status--clock"),
    }

    def __init__(self, *, demo: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = " TUI Live demo  " if demo else " TUI Live  "
        self._parts: list[Part] = []
        self._clock = ""

    def show(self, views: Sequence[StreamView], health: Health | None) -> None:
        """Say how these streams and the program are doing; ``None`` while the program starts."""
        line = [Part("starting …", "status--text")] if health is None else parts(views, health)
        now = clock(int(time.time() * 1000))
        if line != self._parts or now != self._clock:
            self._parts, self._clock = line, now
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Title, as many parts as fit, the time of day when there is still room."""
        width = self.content_size.width
        segments = [Segment(fit(self._title, min(width, len(self._title))), self.pen("status--title"))]
        used = len(self._title)
        for number, part in enumerate(self._parts):
            gap = 1 if number == 0 else 3 if width >= 110 else 2
            room = width - used - gap
            text = part.text
            if cell_len(text) > room:
                if number or room < 8:
                    break
                text = fit(text, room)
            segments += [Segment(" " * gap), Segment(text, self.pen(part.tone))]
            used += gap + cell_len(text)
        if width - used >= len(self._clock) + 3:
            segments.append(Segment(fit(self._clock + " ", width - used, right=True), self.pen("status--clock")))
        return self.line(segments)
