"""How often things happened, in steps of five seconds: what every rate and every plot is made of.

A column is eight bytes a step: 58 KB for ten hours.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from tui_live.core.totals import MOST

#: The resolution of everything that is counted over time.
STEP_MS = 5_000
#: TikTok repeats messages from before a session's start; those from up to an hour before have a place.
_BEFORE = 3_600_000 // STEP_MS
#: A session lasts so long at most (eleven days); what comes later has no place in time.
MOST_STEPS = 200_000
_GROWTH = 720


class Series:
    """Columns of counts over time, by name. ``misplaced`` counts what had no place in time.

    Whoever counts asks for the place of a time and adds to the columns there.
    """

    __slots__ = ("base", "columns", "misplaced", "size")

    def __init__(self, names: Iterable[str], start_ms: int) -> None:
        #: The number of the first step, counted from the epoch.
        self.base = start_ms // STEP_MS - _BEFORE
        self.size = 0
        self.misplaced = 0
        self.columns = {name: array("q") for name in names}

    def place(self, time_ms: int) -> int:
        """The index of a time (UTC milliseconds) in every column, which grow to hold it; -1 when it has no place."""
        at = time_ms // STEP_MS - self.base
        if 0 <= at < self.size:
            return at
        if not 0 <= at < MOST_STEPS:
            self.misplaced += 1
            return -1
        self._grow(at)
        return at

    def reach(self, time_ms: int) -> None:
        """Have a place for this time, as far as there can be one: nothing happens until then."""
        at = min(time_ms // STEP_MS - self.base, MOST_STEPS - 1)
        if at >= self.size:
            self._grow(at)

    def _grow(self, at: int) -> None:
        more = at + _GROWTH - self.size
        for column in self.columns.values():
            column.frombytes(bytes(column.itemsize * more))
        self.size += more

    def start_of(self, at: int) -> int:
        """When the step with this index begins, in UTC milliseconds."""
        return (self.base + at) * STEP_MS


def add(column: array[int], at: int, count: int) -> None:
    """Add a count of which hostile messages may say anything: it stays between nothing and ``MOST``."""
    if at >= 0 and count > 0:
        column[at] = min(column[at] + count, MOST)
