"""What the pages of several sessions have in common."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Across
from tui_live.core.counts import several
from tui_live.core.definitions import Definition
from tui_live.core.text import drawn
from tui_live.ui.analysis.page import (
    Column,
    Entry,
    Opens,
    Piece,
    Row,
    aside,
    blank,
    heading,
    meanings,
    table,
)
from tui_live.ui.analysis.words import WEEKDAYS, decimal
from tui_live.ui.format import full, span

_BAR = 24
#: The hour or the weekday, a rate, its sample, and the minutes that were observed.
Hour = tuple[int, float, int, float]


def together(across: Across) -> Row:
    """Whose, and how many."""
    older = f"; {several(across.older, 'older one')} left out" if across.older else ""
    return heading("Together", f"{several(len(across.sessions), 'session')} of @{drawn(across.streamer)}{older}")


def leads_to(across: Across, start_ms: int) -> Opens | None:
    """To the session that began then."""
    found = [one.session.id for one in across.sessions if one.shares.start_ms == start_ms]
    return Opens("session", found[0]) if found else None


def by_time(day: Sequence[Hour], week: Sequence[Hour], about: str, what: str, unit: str, width: int) -> list[Row]:
    """The hours of the day and the days of the week as tables; ``about`` stands in their headings."""
    hours = _bars([f"{one[0]:02d}:00" for one in day], day, what, unit, width)
    days = _bars([WEEKDAYS[one[0]] for one in week], week, what, unit, width)
    return [
        *(blank(), heading("By hour of the day", f"{about}, all days"), *hours),
        *(blank(), heading("By weekday", about), *days),
    ]


def _bars(labels: Sequence[str], lines: Sequence[Hour], what: str, unit: str, width: int) -> list[Row]:
    """A label, a rate, its sample, and the rate as a bar."""
    top = max((rate for _, rate, _, _ in lines), default=0.0)
    columns = (Column("", right=False), Column(unit), Column(what), Column("watched"), Column("", right=False))
    entries = [
        Entry(
            (
                Piece(label),
                Piece(decimal(rate), "board--score"),
                Piece(full(count)),
                Piece(span(minutes * 60), "row--reason"),
                Piece("█" * round(rate / top * _BAR) if top else "", "head--plot"),
            ),
            (what, label),
        )
        for label, (_, rate, count, minutes) in zip(labels, lines, strict=True)
    ]
    return table(columns, entries, width) if entries else aside("Nothing was observed yet.", width)


def meaning(definitions: tuple[Definition, ...], across: Across, width: int, height: int) -> list[Row]:
    """What every figure means."""
    return meanings(definitions, width)
