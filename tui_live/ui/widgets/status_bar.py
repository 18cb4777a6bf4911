"""The top line: is anything wrong, how much is going on, and is it all being kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_live.core.clips import ObsState
from tui_live.core.status import Health, State, StreamView
from tui_live.core.text import drawn
from tui_live.ui import obs_words
from tui_live.ui.format import clock, fit, rate, short, size
from tui_live.ui.widgets.line_widget import LineWidget


class Part(NamedTuple):
    """A piece of the line: its text, the pen that draws it, and its rank: high ranks go first."""

    text: str
    tone: str
    rank: int


#: Glyph, word, tone, the states it counts, and its rank; in the order in which they stand.
_COUNTED = (
    ("●", "live", "state--live", (State.LIVE,), 2),
    ("✕", "needs you", "state--error", (State.BLOCKED, State.FAILED), 3),
    ("▲", "stale", "state--warning", (State.STALE,), 5),
    ("◐", "connecting", "state--busy", (State.CHECKING, State.CONNECTING, State.RECONNECTING), 10),
    ("◌", "waiting", "state--idle", (State.OFFLINE, State.LIMITED, State.ENDED), 11),
)
#: The same of a replay: nothing is awaited, and it stands still when that is wished.
_COUNTED_PLAYED = (
    *_COUNTED[:-1],
    ("□", "paused", "state--idle", (State.STOPPED,), 11),
    ("■", "ended", "state--idle", (State.ENDED,), 11),
)


def parts(views: Sequence[StreamView], health: Health) -> list[Part]:
    """What the line says, in its order; a narrow widget leaves out what ranks last."""
    counts = Counter(view.standing.state for view in views)
    line: list[Part] = []
    if health.playing:
        line.append(Part(drawn(health.playing), "state--warning", 1))
    if health.trouble:
        line.append(Part("✕ " + drawn(health.trouble), "state--error", 0))
    for glyph, word, tone, states, rank in _COUNTED_PLAYED if health.playing else _COUNTED:
        count = sum(counts[state] for state in states)
        if count or (word == "live" and not health.playing):
            said = "need you" if count > 1 and word == "needs you" else word
            line.append(Part(f"{glyph} {short(count)} {said}", tone if count else "state--idle", rank))
    text = "status--text"
    backlog = f"backlog {short(health.backlog)}" + (", reading slower" if health.waiting else "")
    overlays = Part(f"overlays {short(health.pages)}", text, 13)
    if health.web_trouble:
        overlays = Part("✕ overlays", "state--warning", 13)
    # Whether clips are saved comes before how much is going on, when they are not.
    obs: list[Part] = []
    if (status := health.obs) is not None:
        rank = 4 if obs_words.needs_person(status) else 16 if status.state is ObsState.OFF else 7
        obs.append(Part(obs_words.said(status), obs_words.sign_of(status)[1], rank))
    return [
        *line,
        Part(f"{rate(health.events_per_second)} ev/s", text, 6),
        Part(backlog, "state--warning" if health.waiting else text, 8),
        Part(f"dropped {short(health.dropped)}", "state--error" if health.dropped else text, 9),
        *obs,
        overlays,
        Part(f"dup {short(health.duplicates)}", text, 14),
        Part(f"undec {short(health.undecodable)}", *(("state--warning", 12) if health.undecodable else (text, 15))),
        Part(f"db {size(health.database_bytes)}", text, 17),
    ]


def fitting(line: Sequence[Part], room: int, gap: int) -> list[Part]:
    """The parts that fit into ``room`` cells, ``gap`` after each; the one that ranks first may be cut."""
    chosen: list[Part] = []
    for part in sorted(line, key=lambda part: part.rank):
        cells = cell_len(part.text) + gap
        if cells > room and not chosen and room > gap + 8:
            part = part._replace(text=fit(part.text, room - gap))  # noqa: PLW2901 -- the same part, shorter
            cells = room
        if cells > room:
            break
        chosen.append(part)
        room -= cells
    order = [part.rank for part in line]
    return sorted(chosen, key=lambda part: order.index(part.rank))


class StatusBar(LineWidget):
    """One line, redrawn only when it says something else."""

    def __init__(self, *, demo: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = " TUI Live demo  " if demo else " TUI Live  "
        self._parts: list[Part] = []
        self._clock = ""

    def show(self, views: Sequence[StreamView], health: Health | None) -> None:
        """Say how these streams and the program are doing; ``None`` while the program starts."""
        line = [Part("starting …", "status--text", 0)] if health is None else parts(views, health)
        now = clock(int(time.time() * 1000))
        if line != self._parts or now != self._clock:
            self._parts, self._clock = line, now
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Title, as many parts as fit, the time of day when there is still room."""
        width = self.content_size.width
        used = min(width, len(self._title))
        segments = [Segment(fit(self._title, used), self.pen("status--title"))]
        gap = 3 if width >= 150 else 2
        for part in fitting(self._parts, width - used, gap):
            segments += [Segment(part.text, self.pen(part.tone)), Segment(" " * gap, self.pen())]
            used += cell_len(part.text) + gap
        if width - used >= len(self._clock) + 3:
            segments.append(Segment(fit(self._clock + " ", width - used, right=True), self.pen("status--clock")))
        return self.line(segments)
