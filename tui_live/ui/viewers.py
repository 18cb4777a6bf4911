"""How many watched over time, as a plot in eighths of a cell, read from the log's room updates."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.log import DATA, STREAM, TIME, TYPE, LogModel
from tui_live.core.log_index import LogReader
from tui_live.ui.format import short

_EIGHTHS = " ▁▂▃▄▅▆▇█"
#: Time (UTC ms), stream index, viewers.
Point = tuple[int, int, int]


class ViewerHistory:
    """The room updates that the log holds; asked at most twice a second."""

    def __init__(self, model: LogModel) -> None:
        self._reader = LogReader(model)
        self._asked = False
        self._made: tuple[object, ...] = ()
        self._plot: tuple[str, ...] = ()

    def plot(self, only: int | None, width: int, height: int) -> tuple[str, ...]:
        """The viewers of one stream, by its index, or of all together; lines from top to bottom."""
        reader = self._reader
        if not self._asked:
            # Only somebody who looks at the plot pays for finding the points.
            self._asked = True
            reader.set_match(lambda row: row[TYPE] == "room_update")
        reader.catch_up()
        reader.work()
        count = len(reader)
        made = (only, width, height, count, reader.seq_at(count - 1) if count else 0)
        if made != self._made:
            rows = [row for place in range(count) if (row := reader.row(reader.seq_at(place))) is not None]
            points = [
                (row[TIME], row[STREAM], row[DATA].viewer_count) for row in rows if only is None or row[STREAM] == only
            ]
            self._made, self._plot = made, drawn_plot(points, width, height)
        return self._plot


def over_time(points: Sequence[Point], count: int) -> list[int]:
    """Viewers of all streams together in ``count`` equal spans from the first point to the last.

    A stream keeps its number until its next one; a span shows the highest sum in it.
    """
    if not points:
        return []
    begin, end = min(point[0] for point in points), max(point[0] for point in points)
    sums = [-1] * count
    latest: dict[int, int] = {}
    for time_ms, stream, viewers in sorted(points):
        latest[stream] = viewers
        place = (time_ms - begin) * (count - 1) // (end - begin) if end > begin else count - 1
        sums[place] = max(sums[place], sum(latest.values()))
    last = 0
    for place, value in enumerate(sums):
        last = sums[place] = value if value >= 0 else last
    return sums


def bars(values: Sequence[float], top: float, height: int) -> list[str]:
    """Each value as a bar of eighths of a cell, ``top`` filling all ``height`` lines; lines from top to bottom."""
    lines = []
    for line in range(height - 1, -1, -1):
        eighths = [round(value / top * height * 8) - line * 8 if top else 0 for value in values]
        lines.append("".join(_EIGHTHS[max(0, min(8, level))] for level in eighths))
    return lines


def drawn_plot(points: Sequence[Point], width: int, height: int) -> tuple[str, ...]:
    """``height`` lines with the highest and the latest value at the right; empty lines when nothing is known."""
    room = max(1, width - 8)
    values = over_time(points, room)
    top = max(values, default=0)
    lines = [line.ljust(room) for line in bars(values, top, height)]
    if values:
        lines[0] += f" {short(top):>6}"
        lines[-1] += f" {short(values[-1]):>6}" if height > 1 else ""
    return tuple(lines)
