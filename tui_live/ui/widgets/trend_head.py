"""Above the trending videos: the last good run, what stands in the way, and what is being fetched."""

from __future__ import annotations

from textual.strip import Strip

from tui_live.core.text import drawn
from tui_live.core.trends import TrendRun, Trends
from tui_live.core.trends.choosing import age
from tui_live.ui.format import broken, clock, full, moment, span
from tui_live.ui.widgets.line_widget import LineWidget

#: So many lines a trouble with its remedy may take.
_MOST_LINES = 3
_BAR = 20


class TrendHead(LineWidget):
    """As high as what it has to say."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said: list[tuple[str, str]] = []
        self._lines: list[tuple[str, str]] = []

    def show(self, said: list[tuple[str, str]]) -> None:
        """Say these: texts and their pens."""
        if said != self._said:
            self._said = said
            self._break()

    def on_resize(self) -> None:
        """Lines break elsewhere."""
        self._break()

    def _break(self) -> None:
        room = self.content_size.width - 2
        if room < 1:
            return
        lines = [(line, pen) for text, pen in self._said for line in broken(drawn(text), room)[:_MOST_LINES]]
        if lines != self._lines:
            self._lines = lines
            self.styles.height = len(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The lines in order."""
        text, pen = self._lines[y] if y < len(self._lines) else ("", "")
        return self.message_line(f" {text}", pen)


def head_lines(known: Trends, now_ms: int) -> list[tuple[str, str]]:
    """What there is to say; ``now_ms`` is UTC."""
    lines = []
    if known.run is not None:
        when = f"{_when(known.run.at_ms, now_ms)}, {age(known.run.at_ms, now_ms)} ago"
        # A run that was cut short leaves what it did not bring.
        earlier = len(known.trends) - known.run.kept
        stays = f"; {full(earlier)} of earlier runs" if earlier > 0 else ""
        lines.append((f"{when}: {run_said(known.run)}{stays}", "row--reason"))
    if known.trouble is not None:
        lines.append((f"▲ {known.trouble}", "row--alert"))
    if known.running:
        lines.append((f"◐ fetching {_bar(known.share)} {known.share:4.0%}  {known.step}   Esc stops it", "state--busy"))
    return lines


def run_said(run: TrendRun) -> str:
    """``50 fetched, 12 kept; 30 too slow, 8 no time of posting; likes missing ×3``."""
    others = [f"{full(count)} {reason}" for reason, count in run.dropped.items()]
    if run.duplicates:
        others.append(f"{full(run.duplicates)} came again")
    odd = [f"{what} ×{full(count)}" for what, count in run.problems.items()]
    parts = (f"{full(run.fetched)} fetched, {full(run.kept)} kept", ", ".join(others), ", ".join(odd))
    return "; ".join(part for part in parts if part)


def watch_said(known: Trends, now_ms: int) -> str:
    """Whether runs repeat, and when the next is."""
    if not known.watching:
        return "watch off"
    if known.next_ms > now_ms:
        return f"watch ● next {clock(known.next_ms)}, in {span((known.next_ms - now_ms) / 1000)}"
    return "watch ● now"


def _when(time_ms: int, now_ms: int) -> str:
    """The time of day, with its date where that is another."""
    return clock(time_ms) if moment(time_ms)[:10] == moment(now_ms)[:10] else moment(time_ms)[:16]


def _bar(share: float) -> str:
    filled = round(max(0.0, min(share, 1.0)) * _BAR)
    return "━" * filled + "─" * (_BAR - filled)
