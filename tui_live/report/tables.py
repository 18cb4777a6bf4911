"""Figures as cards and facts, lists as tables, and hours × weekdays as a table with a shade in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_live.core.definitions import ENGAGEMENT, SHARES, definition
from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import nothing
from tui_live.report.words import DAYS, figure, lasting, tight

_SHADES = 6


class Card(NamedTuple):
    """A headline figure: what it is, the number, and what belongs to it."""

    name: str
    value: str
    detail: Content = None


class Fact(NamedTuple):
    """A figure with its sample; ``field`` finds its definition, which it leads to and is named by unless told."""

    field: str
    value: Content
    sample: Content = None
    name: str = ""
    note: str | None = None


class HeatCell(NamedTuple):
    """An hour of a weekday (0 is Monday): a rate, and how many minutes it is from."""

    weekday: int
    hour: int
    value: float
    minutes: float


def cards(items: Iterable[Card]) -> Markup:
    """Headline figures side by side."""
    return tag(
        "dl",
        [
            tag(
                "div",
                tag("dt", one.name),
                tag("dd", one.value, class_="value"),
                tag("dd", one.detail, class_="detail") if one.detail is not None else None,
                class_="card",
            )
            for one in items
        ],
        class_="cards",
    )


def facts(items: Iterable[Fact], group: str) -> Markup:
    """Figures of one group (``shares`` or ``engagement``), each leading to what it means."""
    return tag("dl", [_fact(one, group) for one in items], class_="facts")


def _fact(one: Fact, group: str) -> Markup:
    found = definition(one.field, GROUPS[group]) if one.field else None
    note = one.note
    name = one.name or (found.name if found else "")
    return tag(
        "div",
        tag("dt", tag("a", name, href=f"#{anchor(one.field, group)}") if found else name),
        tag("dd", one.value, class_="value"),
        tag("dd", one.sample, class_="sample") if one.sample else None,
        tag("dd", note, class_="note") if note else None,
        class_="fact",
    )


#: Definitions by the name of their group.
GROUPS = {"shares": SHARES, "engagement": ENGAGEMENT}


def note_of(field: str, group: str) -> str:
    """What a figure cannot tell, or what it is where there is no such limit; all of it is among the definitions."""
    found = definition(field, GROUPS[group])
    return found.limit or found.text


def anchor(field: str, group: str) -> str:
    """Where the definition of a figure stands in the report."""
    return f"{group}.{field}"


def table(heads: Sequence[str], rows: Sequence[Sequence[Content]], empty: str, caption: str = "") -> Markup:
    """A table; heads that begin with ``#`` are of numbers, which stand right. ``empty`` stands for no rows."""
    if not rows:
        return nothing(empty)
    kinds = ["number" if head.startswith("#") else None for head in heads]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption) if caption else None,
            tag(
                "thead",
                tag(
                    "tr",
                    [
                        tag("th", head.removeprefix("#"), scope="col", class_=kind)
                        for head, kind in zip(heads, kinds, strict=True)
                    ],
                ),
            ),
            tag(
                "tbody",
                [
                    tag("tr", [tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)])
                    for row in rows
                ],
            ),
        ),
        class_="scroll",
        tabindex=0,
    )


def heat(cells: Sequence[HeatCell], unit: str, pen: str) -> Markup:
    """Hours × weekdays: the number in each cell, below it what was observed; nothing where nobody looked."""
    if not cells:
        return nothing("Nothing was observed.")
    highest = max(cell.value for cell in cells)
    hours = range(min(cell.hour for cell in cells), max(cell.hour for cell in cells) + 1)
    found = {(cell.weekday, cell.hour): cell for cell in cells}
    days = sorted({cell.weekday for cell in cells})
    rows = [
        tag(
            "tr",
            tag("th", DAYS[day], scope="row"),
            [_shaded(found.get((day, hour)), highest, unit) for hour in hours],
        )
        for day in days
    ]
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", tag("th", ""), [tag("th", f"{hour:02d}", scope="col") for hour in hours])),
            tag("tbody", rows),
            class_=f"heat heat-{pen}",
        ),
        class_="scroll",
        tabindex=0,
    )


def _shaded(cell: HeatCell | None, highest: float, unit: str) -> Markup:
    if cell is None:
        return tag("td", class_="unseen")
    level = 0 if highest <= 0 or cell.value <= 0 else 1 + min(_SHADES - 1, int(cell.value / highest * _SHADES))
    observed = lasting(cell.minutes)
    said = f"{DAYS[cell.weekday]} {cell.hour:02d}:00: {figure(cell.value)} {unit}, {observed} observed"
    return tag("td", tag("b", tight(cell.value)), tag("small", observed), class_=f"level-{level}", title=said)
