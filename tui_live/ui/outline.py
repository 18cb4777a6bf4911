"""Nested data as indented lines, of which branches open and close. Only what is open is ever walked through."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any, NamedTuple

from rich.cells import cell_len, chop_cells

from tui_live.core.counts import several
from tui_live.core.text import drawn

Path = tuple[str, ...]
#: What a name's column holds at most, in cells.
_NAMES = 22


class OutlineLine(NamedTuple):
    """A line: where it is in the data, its indent, its name, its value's piece, and whether it opens or is open.

    A value that takes several lines has pieces counted from 0.
    """

    path: Path
    indent: int
    name: str
    value: str
    branch: bool = False
    open: bool = False
    piece: int = 0


def lines(data: Mapping[str, Any], opened: Set[Path], width: int) -> list[OutlineLine]:
    """What is open of ``data``, in lines at most ``width`` cells wide; long values take several lines."""
    found: list[OutlineLine] = []
    _walk(found, data, (), opened, width)
    return found


def branches(data: Mapping[str, Any], depth: int) -> set[Path]:
    """The branches down to a depth: those that are open at first."""
    found: set[Path] = set()

    def walk(value: object, path: Path) -> None:
        children = _children(value)
        if children and len(path) <= depth:
            found.add(path)
            for name, child in children:
                walk(child, (*path, name))

    walk(data, ())
    return found


def plain(data: Mapping[str, Any]) -> str:
    """All of it for the clipboard, as JSON."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str)


def _children(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(str(name), child) for name, child in value.items()]
    if isinstance(value, list | tuple):
        return [(str(number), child) for number, child in enumerate(value, 1)]
    return []


def _walk(found: list[OutlineLine], value: object, path: Path, opened: Set[Path], width: int) -> None:
    children = _children(value)
    names = min(_NAMES, max((cell_len(drawn(name)) for name, child in children if not _children(child)), default=0))
    indent = 2 * len(path)
    for name, child in children:
        here = (*path, name)
        below = _children(child)
        if below:
            is_open = here in opened
            count = "" if is_open else several(len(below), "field" if isinstance(child, Mapping) else "item")
            found.append(OutlineLine(here, indent, drawn(name), count, True, is_open))
            if is_open:
                _walk(found, child, here, opened, width)
            continue
        shown = drawn(name)
        shown += " " * (names - cell_len(shown))
        room = max(8, width - indent - max(names, cell_len(shown)) - 4)
        pieces = chop_cells(drawn(_text(child)), room) or [""]
        found.append(OutlineLine(here, indent, shown, pieces[0]))
        blank = " " * cell_len(shown)
        found.extend(OutlineLine(here, indent, blank, text, piece=piece) for piece, text in enumerate(pieces[1:], 1))


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping | list | tuple):
        return "none"
    return str(value)
