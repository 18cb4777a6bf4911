"""What a tab is: which events it shows, in which columns, and what its head adds up.

A tab costs nothing per event: it is a filter over the log's rows, and its cells are made for the lines on the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui_live.core.counts import several
from tui_live.core.log import NICKNAME, TEXT, TYPE, Row
from tui_live.core.log_filter import Test
from tui_live.core.log_index import LogReader
from tui_live.core.totals import Totals

#: So many lines are looked through for the latest that tells something.
_LOOKED_THROUGH = 200


class Column(NamedTuple):
    """A column: its title, its cells' text, its width (0: what is left), and the width of the tab that shows it.

    ``most`` is the width it grows to where there is more room than the free column needs. ``within`` makes the text
    for so many cells, where cutting the end of ``cell`` off would lose too much.
    """

    title: str
    cell: Callable[[Row], str]
    width: int = 0
    right: bool = False
    tone: str = "log--text"
    need: int = 0
    most: int = 0
    within: Callable[[Row, int], str] | None = None


class Tab(NamedTuple):
    """A tab; ``types`` are the events it shows (``None``: all but those of ``elsewhere``).

    ``latest`` makes a text of its newest line, or none of a line that has nothing to tell there; ``plots`` draws the
    viewers over time.
    """

    key: str
    name: str
    types: frozenset[str] | None = frozenset()
    columns: tuple[Column, ...] = ()
    sums: Callable[[Totals], str] | None = None
    latest: Callable[[Row], str] | None = None
    plots: bool = False
    hint: str = ""
    elsewhere: frozenset[str] = frozenset()

    def shows(self, kind: str) -> bool:
        """Whether events of this type belong here."""
        return kind not in self.elsewhere if self.types is None else kind in self.types

    def match(self) -> Test | None:
        """Which lines belong here; ``None`` for all of them."""
        if not self.columns:
            return None
        if self.types is None:
            elsewhere = self.elsewhere
            return lambda row: row[TYPE] not in elsewhere
        types = self.types
        return lambda row: row[TYPE] in types

    def latest_of(self, lines: LogReader) -> str:
        """What the newest of these lines tells that tells something; looked for among the last ones."""
        if self.latest is None:
            return ""
        for place in range(len(lines) - 1, max(-1, len(lines) - 1 - _LOOKED_THROUGH), -1):
            row = lines.row(lines.seq_at(place))
            if row is not None and (said := self.latest(row)):
                return said
        return ""


def user(row: Row) -> str:
    """The name of whoever it is about, as far as somebody is."""
    return row[NICKNAME]


def text(row: Row) -> str:
    """What was said."""
    return row[TEXT]


def number(title: str, cell: Callable[[Row], str], width: int, need: int = 0, tone: str = "log--text") -> Column:
    """A column of numbers, which stand at its right."""
    return Column(title, cell, width, right=True, need=need, tone=tone)


def counted(*words: tuple[str, str]) -> Callable[[Totals], str]:
    """Sums that are numbers of messages: a type and what several of its messages are called, for each."""
    return lambda sums: "   ".join(
        several(sums.messages.get(kind, 0), word.removesuffix("s"), word) for kind, word in words
    )


#: Whoever said or did it.
USER = Column("user", user, 18, tone="log--nick")
