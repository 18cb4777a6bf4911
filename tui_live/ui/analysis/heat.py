"""Hours and weekdays as a map of shades: more is darker, with numbers where there is room."""

from __future__ import annotations

from collections.abc import Mapping

from tui_live.ui.analysis.page import Piece, Row, heading, text_rows
from tui_live.ui.analysis.words import WEEKDAYS, decimal

_SHADES = "░▒▓█"
_DAY = 5
#: Cells of an hour where numbers have room.
_WITH_NUMBERS = 5


def heat_map(name: str, cells: Mapping[tuple[int, int], float], zone: str, unit: str, width: int) -> list[Row]:
    """Values by (weekday, hour), 0 is Monday; hours that are not there were not observed. ``unit``: an hour, …"""
    rows = [heading(name, f"local time ({zone})")]
    if not cells:
        return [*rows, *text_rows("Nothing was observed yet.", width)]
    top = max(cells.values())
    each = _WITH_NUMBERS if width >= _DAY + 24 * _WITH_NUMBERS + 1 else 3 if width >= _DAY + 24 * 3 else 2
    titles = "".join(f"{hour:02d}".ljust(each) if each > 2 or hour % 2 == 0 else "  " for hour in range(24))
    rows.append(Row((Piece(" " * _DAY + titles, "row--header"),)))
    for weekday, day in enumerate(WEEKDAYS):
        pieces = [Piece(f" {day} ", "row--reason")]
        for hour in range(24):
            value = cells.get((weekday, hour))
            pieces.append(_cell(value, top, each))
        rows.append(Row(tuple(pieces)))
    steps = "  ".join(f"{shade} to {decimal(top * (at + 1) / 4)}" for at, shade in enumerate(_SHADES))
    legend = f"{steps} {unit}   0 none   · unwatched" if top else "0 none   · unwatched"
    return [*rows, *text_rows(legend, width, indent=_DAY)]


def _cell(value: float | None, top: float, each: int) -> Piece:
    if value is None:
        return Piece("·".ljust(each), "title--rule")
    if not value:
        return Piece("0".ljust(each), "row--reason")
    shade = _SHADES[min(3, int(value / top * 4))]
    if each == _WITH_NUMBERS:
        return Piece(f"{shade}{decimal(value)}".ljust(each), "head--plot")
    return Piece((shade * (each - 1)).ljust(each), "head--plot")
