"""Around the rows of a leaderboard: how many score, who has won, and, where there is room, the selected person."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_live.core.standings import Line, Standings
from tui_live.core.text import drawn
from tui_live.ui.board_row import SOURCES, points
from tui_live.ui.format import clock, fit, fit_parts, full
from tui_live.ui.widgets.line_widget import LineWidget

_NAMES = 12
#: A longer name leaves no room for what stands behind it.
_LONGEST = 24


class BoardHead(LineWidget):
    """``12 of 340 score   ♛ Ana has won``."""

    def __init__(self) -> None:
        super().__init__()
        self._score = self._winner = ""

    def show(self, standings: Standings) -> None:
        """Say how this ranking stands."""
        score = f"{full(standings.scoring)} of {full(standings.people)} score" if standings.people else ""
        winner = f"♛ {drawn(standings.winner.name)} has won" if standings.winner is not None else ""
        if (score, winner) != (self._score, self._winner):
            self._score, self._winner = score, winner
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The winner stays longest."""
        width = self.content_size.width
        score, winner = " " + self._score, " " + self._winner if self._winner else ""
        if winner and cell_len(score) + cell_len(winner) + 3 > width:
            return self.line([Segment(fit(winner, width), self.pen("board--first"))])
        between = Segment("  " if winner else "", self.pen())
        segments = [Segment(fit(score, min(width, cell_len(score))), self.pen("head--scope")), between]
        return self.line([*segments, Segment(winner, self.pen("board--first"))])


class PersonBrief(LineWidget):
    """The selected person in short, below the leaderboard of a wide window."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: list[tuple[str, str]] = []

    def show(self, line: Line | None) -> None:
        """Tell about this person."""
        facts = [] if line is None else person_facts(line)
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A rule, then one fact a line."""
        width = self.content_size.width
        if y == 0:
            return self.line([Segment("─" * width, self.pen("title--rule"))])
        if y > len(self._facts):
            return self.message_line("", "")
        name, value = self._facts[y - 1]
        room = max(0, width - _NAMES - 2)
        left = Segment(" " + fit(name, _NAMES), self.pen("row--reason"))
        return self.line([left, Segment(fit_parts(value, room), self.pen("row--number"))])


def person_facts(line: Line, first_ms: int = 0, last_ms: int = 0) -> list[tuple[str, str]]:
    """What a leaderboard knows of somebody, as drawable text.

    ``first_ms`` and ``last_ms`` (UTC) are when their first and last event came, where that is known: a leaderboard
    does not write every time at which it saw somebody.
    """
    did, used, name = line.now, line.used, drawn(line.name)
    handle = f"   @{drawn(line.handle)}" if line.handle else ""
    sources = [f"{word} {points(value)}" for word, value in zip(SOURCES, line.sources, strict=True) if value]
    counts = (
        *((did.gifts, "gift"), (did.coins, "coin"), (did.likes, "like"), (did.comments, "comment")),
        *((did.follows, "follow"), (did.shares, "share")),
    )
    facts = [
        (
            f"{line.place}.",
            fit(name, min(cell_len(name), _LONGEST)) + handle + ("   ✓ follows" if line.follower else ""),
        ),
        ("score", points(line.score)),
        ("from", "   ".join(sources) or "nothing yet"),
        (
            "did",
            "   ".join(f"{full(count)} {word}{'s'[: count != 1]}" for count, word in counts if count) or "only came in",
        ),
        ("seen", f"{clock(min(line.first_ms, first_ms or line.first_ms))} to {clock(max(line.last_ms, last_ms))}"),
    ]
    if line.used_score or used:
        facts.insert(3, ("used before", points(line.used_score)))
    return facts
