"""How often things happened, in steps of five seconds: what every rate and every plot is made of.

Steps are kept by the hour, and only hours in which something happened: a session that goes on after weeks needs no
place for the weeks between. A column is eight bytes a step: 58 KB for ten hours, 1.6 MB at the most.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable

from tui_live.core.totals import MOST

#: The resolution of everything that is counted over time.
STEP_MS = 5_000
#: Steps of one hour, counted from the epoch.
HOUR = 720
#: So many hours in which something happened have a place; what happens in later ones has none.
MOST_HOURS = 278
#: TikTok repeats messages from before a session's start; what is older than an hour cannot have been meant.
_BEFORE_MS = 3_600_000
#: Times before the start are told apart up to two days: no credible one is further off.
_MOST_BEFORE = 48 * HOUR


class Series:
    """Columns of counts over time, by name, from ``start_ms`` on (UTC milliseconds).

    Whoever counts asks for the place of a time and adds to the columns there. What happened before the start has no
    place: ``before`` counts it by its age at the start, in steps. Neither has what comes after so many hours, from
    the hour ``ends`` on; ``unplaced`` counts that. ``misplaced`` counts all that had no credible time.
    """

    __slots__ = (
        "_left",
        "before",
        "columns",
        "ends",
        "high",
        "hours",
        "low",
        "misplaced",
        "shift",
        "start_ms",
        "unplaced",
    )

    def __init__(self, names: Iterable[str], start_ms: int) -> None:
        self.start_ms = start_ms
        self.before: Counter[int] = Counter()
        self.unplaced = self.misplaced = 0
        #: The first hour without a place, once there is one.
        self.ends: int | None = None
        #: Where each hour begins in the columns.
        self.hours: dict[int, int] = {}
        #: The hour that was asked for last: a time's step less ``shift`` is its place if that is within these two.
        self.shift = self.low = self.high = 0
        self.columns = {name: array("q") for name in names}
        self._left = dict.fromkeys(self.columns, MOST)

    def place(self, time_ms: int) -> int:
        """The index of a time (UTC milliseconds) in every column; -1 when it has no place, which is counted."""
        at = time_ms // STEP_MS - self.shift
        if self.low <= at < self.high:
            return at
        if time_ms < self.start_ms:
            age_ms = self.start_ms - time_ms
            self.before[min(age_ms // STEP_MS, _MOST_BEFORE)] += 1
            self.misplaced += age_ms > _BEFORE_MS
            return -1
        step = time_ms // STEP_MS
        hour = step // HOUR
        begin = self.hours.get(hour)
        if begin is None:
            if len(self.hours) >= MOST_HOURS:
                self.ends = hour if self.ends is None else min(self.ends, hour)
                self.unplaced += 1
                self.misplaced += 1
                return -1
            begin = self.hours[hour] = len(self.hours) * HOUR
            for column in self.columns.values():
                column.frombytes(bytes(column.itemsize * HOUR))
        self.shift = hour * HOUR - begin
        # The step in which the session begins is none of those where the time itself need not be looked at.
        self.low, self.high = max(begin, self.start_ms // STEP_MS + 1 - self.shift), begin + HOUR
        return step - self.shift

    def add(self, name: str, at: int, count: int) -> None:
        """Add a count of which hostile messages may say anything: a column adds up to ``MOST`` at most."""
        if at >= 0 and count > 0:
            left = self._left[name]
            count = min(count, left)
            self._left[name] = left - count
            self.columns[name][at] += count

    def steps(self, name: str, hour: int) -> array[int]:
        """What was counted in the steps of an hour."""
        begin = self.hours.get(hour)
        return array("q", bytes(8 * HOUR)) if begin is None else self.columns[name][begin : begin + HOUR]
