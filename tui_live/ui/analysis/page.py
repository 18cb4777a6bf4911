"""The lines that a page is made of: headings, figures with their samples, tables whose columns drop from the right."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_live.core.definitions import Definition
from tui_live.core.text import drawn
from tui_live.ui.format import broken, fit

#: Cells of a figure's name and of its number.
_NAME, _NUMBER = 17, 9
#: The elastic column of a table is as wide as its longest text, but not wider than this, nor narrower than that.
_ELASTIC, _LEAST = 28, 14


class Piece(NamedTuple):
    """Text and its pen."""

    text: str
    pen: str = "row--number"


class Opens(NamedTuple):
    """What Enter leads to: a ``person`` (their id, and a name), a ``meaning`` (field), or a ``session`` (its key)."""

    what: str
    key: str
    name: str = ""


class Row(NamedTuple):
    """A line. ``copied`` is what y copies; without it keys pass the line by. ``key`` is what the line is known by."""

    pieces: tuple[Piece, ...]
    key: Hashable = None
    copied: str = ""
    opens: Opens | None = None


def blank() -> Row:
    """An empty line."""
    return Row(())


def heading(text: str, words: str = "") -> Row:
    """What follows, and something about it."""
    return Row((Piece(f" {text}", "title--name-active"), Piece(f"   {words}" if words else "", "row--reason")))


def text_rows(text: str, width: int, pen: str = "row--reason", indent: int = 1) -> list[Row]:
    """A text of ours, broken between words."""
    return [Row((Piece(" " * indent + line, pen),)) for line in broken(text, max(8, width - indent - 1)) or [""]]


def figure(name: str, number: str, words: str, width: int, field: str = "", pen: str = "board--score") -> list[Row]:
    """A figure: its name, the number, and its sample; Enter leads to the definition of ``field``."""
    room = max(12, width - 1 - _NAME - _NUMBER - 2)
    first, *rest = broken(drawn(words), room) or [""]
    opens = Opens("meaning", field) if field else None
    known = pen if number[:3] != "not" else "row--reason"
    head = (Piece(" " + fit(name, _NAME), "row--reason"), Piece(fit(number, _NUMBER, right=True), known))
    return [
        Row((*head, Piece("  " + first)), ("figure", name), f"{name}: {number}  {words}".rstrip(), opens),
        *(Row((Piece(" " * (_NAME + _NUMBER + 3) + line),)) for line in rest),
    ]


def aside(words: str, width: int) -> list[Row]:
    """What belongs to the figure above."""
    indent = _NAME + _NUMBER + 3
    return text_rows(words, width, indent=indent)


class Column(NamedTuple):
    """A column's title and its side. One ``elastic`` column of a table gives way first, down to some cells."""

    title: str
    right: bool = True
    elastic: bool = False


class Entry(NamedTuple):
    """A table's row: text and pen of each column."""

    cells: Sequence[Piece]
    key: Hashable
    opens: Opens | None = None


def table(columns: Sequence[Column], entries: Sequence[Entry], width: int) -> list[Row]:
    """Header and rows, as many columns as have room. Texts must be fit to be drawn."""
    cells = [
        max(cell_len(column.title), *(cell_len(entry.cells[at].text) for entry in entries))
        for at, column in enumerate(columns)
    ]
    elastic = next((at for at, column in enumerate(columns) if column.elastic), None)
    if elastic is not None:
        cells[elastic] = min(cells[elastic], _ELASTIC)
    count = len(columns)
    while (over := 1 + sum(cells[:count]) + 2 * (count - 1) - width) > 0:
        if elastic is not None and cells[elastic] > _LEAST:
            cells[elastic] = max(_LEAST, cells[elastic] - over)
        elif count > 1:
            count -= 1
        else:
            break
    shown = list(zip(columns, cells, strict=True))[:count]
    titles = "  ".join(fit(column.title, wide, right=column.right) for column, wide in shown)
    rows = [Row((Piece(" " + titles, "row--header"),))]
    for entry in entries:
        pieces = [
            Piece((" " if at == 0 else "  ") + fit(cell.text, wide, right=column.right), cell.pen)
            for at, ((column, wide), cell) in enumerate(zip(shown, entry.cells, strict=False))
        ]
        copied = "  ".join(cell.text for cell in entry.cells if cell.text)
        rows.append(Row(tuple(pieces), entry.key, copied, entry.opens))
    return rows


def meanings(definitions: Sequence[Definition], width: int) -> list[Row]:
    """What every figure means, how it is computed, and what it cannot tell."""
    rows = [heading("What the numbers mean", "= how it is computed   ! what it cannot tell"), blank()]
    for one in definitions:
        rows.append(Row((Piece(f" {one.name}", "board--score"),), ("meaning", one.field), f"{one.name}: {one.text}"))
        rows += text_rows(one.text, width, "row--number", 3)
        if one.formula:
            rows += _led("= ", one.formula, width)
        if one.limit:
            rows += _led("! ", one.limit, width)
        rows.append(blank())
    return rows


def _led(sign: str, text: str, width: int) -> list[Row]:
    lines = broken(text, max(8, width - 6))
    return [Row((Piece("   " + (sign if at == 0 else "  ") + line, "row--reason"),)) for at, line in enumerate(lines)]
