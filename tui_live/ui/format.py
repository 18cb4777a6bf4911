"""How numbers, times and texts are written, the same everywhere on the screen."""

from __future__ import annotations

import time
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size

from tui_live.core.counts import full
from tui_live.core.times import span

__all__ = [
    "broken",
    "clock",
    "fit",
    "fit_parts",
    "full",
    "moment",
    "rate",
    "short",
    "size",
    "span",
    "sparkline",
]

_UNITS = ("", "k", "M", "G", "T", "P")
_BARS = "▁▂▃▄▅▆▇█"


def short(number: float) -> str:
    """A count in at most 5 cells: ``999``, ``1.2k``, ``84k``, ``12M``. Rounds down: a total is never overstated."""
    if number < 0:
        return "-" + short(-number)
    value = float(number)
    unit = 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value /= 1000
        unit += 1
    if unit == 0:
        return str(int(value))
    if value < 10:
        return f"{int(value * 10) / 10:.1f}{_UNITS[unit]}"
    return f"{int(value)}{_UNITS[unit]}"


def rate(per_second: float) -> str:
    """Events per second: one decimal below 10, else a short count."""
    return f"{per_second:.1f}" if 0 < per_second < 9.95 else short(round(per_second))


def size(count: int) -> str:
    """Bytes: ``812 B``, ``1.2 MB`` (powers of 1,000)."""
    if count < 1000:
        return f"{count} B"
    text = short(count)
    return f"{text[:-1]} {text[-1]}B"


def clock(time_ms: int) -> str:
    """Local time of day, ``HH:MM:SS``, of UTC milliseconds."""
    return _clock(time_ms // 1000)


def moment(time_ms: int) -> str:
    """Local date and time, ``YYYY-MM-DD HH:MM:SS``, of UTC milliseconds; a dash for none."""
    if time_ms <= 0:
        return "–"
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time_ms / 1000))
    except (OverflowError, ValueError, OSError):
        return "–"


@lru_cache(maxsize=4096)
def _clock(seconds: int) -> str:
    try:
        return time.strftime("%H:%M:%S", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "--:--:--"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """``text`` in exactly ``width`` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    cells = len(text) if text.isascii() else cell_len(text)
    if cells == width:
        return text
    if cells < width:
        return " " * (width - cells) + text if right else text + " " * (width - cells)
    return set_cell_size(text, width - 1) + "…"


def fit_parts(text: str, width: int) -> str:
    """What stands in parts, three blanks apart, in exactly ``width`` cells.

    Parts come closer where there is little room; where there is less, the last ones fall off whole. None is cut but the
    first, where not even that one has room.
    """
    if cell_len(text) <= width:
        return fit(text, width)
    parts = text.split("   ")
    while len(parts) > 1:
        closer = "  ".join(parts)
        if cell_len(closer) <= width:
            return fit(closer, width)
        parts = [*parts[:-2], "…"] if parts[-1] == "…" else [*parts[:-1], "…"]
    return fit(text, width)


def broken(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, between words where that leaves a line at least half full."""
    lines: list[str] = []
    rest = text
    while cell_len(rest) > width:
        piece = chop_cells(rest, width)[0]
        at = piece.rfind(" ")
        if rest[len(piece)] != " " and at > 0 and cell_len(piece[:at]) * 2 >= width:
            piece = piece[:at]
        lines.append(piece)
        rest = rest[len(piece) :].lstrip(" ")
    return [*lines, rest] if rest else lines


def sparkline(values: tuple[float, ...], width: int) -> str:
    """The last ``width`` values as bars of eighths, scaled to the highest of them; short series are padded left."""
    shown = values[-width:] if width > 0 else ()
    top = max(shown, default=0.0)
    if top <= 0:
        return " " * (width - len(shown)) + _BARS[0] * len(shown)
    bars = "".join(_BARS[min(7, max(0, int(value / top * 7.999)))] for value in shown)
    return " " * (width - len(bars)) + bars
