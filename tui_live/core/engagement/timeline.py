"""Which steps of time there are in one look at a session, and how much of each was observed.

Steps are numbered on from hour to hour, but only of hours of which something was observed, and of those right before
and after them: what is less than two hours apart is as many steps apart, and what is further apart stays at least so
far. No window that anything is counted in is longer.
"""

from __future__ import annotations

from bisect import bisect_left

from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.series import HOUR, MOST_HOURS, STEP_MS

_HOUR_MS = HOUR * STEP_MS


class Timeline:
    """The steps from the start of ``observed`` until ``until_ms`` (UTC milliseconds), ``size`` of them.

    It ends earlier where the hour ``ends`` begins, or after :data:`MOST_HOURS` observed hours; ``until_ms`` is that
    then. ``observed`` has the observed milliseconds of each step. Those that a gap hides in part are ``partial`` and
    have none: what TikTok sends again from within a gap cannot be told from what else was in its step.
    ``observed_ms`` is all observed time, also that of such steps.
    """

    def __init__(self, observed: Observed, until_ms: int, ends: int | None) -> None:
        self.start_ms = observed.start_ms
        stretches = observed.stretches(until_ms)
        hours, cut_ms = _hours(stretches, ends)
        self.until_ms = until_ms if cut_ms is None else cut_ms
        self.hours = _next_to(hours) or [self.start_ms // _HOUR_MS]
        self._index = {hour: at * HOUR for at, hour in enumerate(self.hours)}
        end = max(0, -(-self.until_ms // STEP_MS) - self.hours[-1] * HOUR)
        self.size = (len(self.hours) - 1) * HOUR + min(end, HOUR)
        stretches = [(start, min(end, self.until_ms)) for start, end in stretches if start < self.until_ms]
        self.observed_ms = sum(end - start for start, end in stretches)
        self.observed = [0] * self.size
        self.partial: list[int] = []
        for start, end in stretches:
            self._see(start, end)

    def _see(self, start_ms: int, end_ms: int) -> None:
        first, last = self.place(start_ms), self.place(end_ms - 1)
        observed = self.observed
        observed[first : last + 1] = [STEP_MS] * (last - first + 1)
        if start_ms == self.start_ms:
            observed[first] -= start_ms % STEP_MS
        elif start_ms % STEP_MS:
            self.partial.append(first)
        if end_ms == self.until_ms:
            observed[last] -= -end_ms % STEP_MS
        elif end_ms % STEP_MS:
            self.partial.append(last)
        for at in self.partial[-2:]:
            observed[at] = 0

    def place(self, time_ms: int) -> int:
        """The number of the step of a time; where it has none, of the next that has one, at most ``size``."""
        hour = time_ms // _HOUR_MS
        begin = self._index.get(hour)
        if begin is None:
            return min(bisect_left(self.hours, hour) * HOUR, self.size)
        return min(begin + time_ms // STEP_MS % HOUR, self.size)

    def start_of(self, at: int) -> int:
        """When the step with this number begins, in UTC milliseconds."""
        hour, step = divmod(at, HOUR)
        if hour == len(self.hours):
            return (self.hours[-1] + 1) * _HOUR_MS
        return self.hours[hour] * _HOUR_MS + step * STEP_MS

    @property
    def ends_ms(self) -> int:
        """When the last step ends."""
        return -(-self.until_ms // STEP_MS) * STEP_MS


def _hours(stretches: list[tuple[int, int]], ends: int | None) -> tuple[list[int], int | None]:
    """The observed hours, and where they end although more was observed."""
    found: list[int] = []
    for start_ms, end_ms in stretches:
        for hour in range(start_ms // _HOUR_MS, (end_ms - 1) // _HOUR_MS + 1):
            if found and found[-1] == hour:
                continue
            if len(found) >= MOST_HOURS or (ends is not None and hour >= ends):
                return found, hour * _HOUR_MS
            found.append(hour)
    return found, None


def _next_to(hours: list[int]) -> list[int]:
    """These hours, and between two that are apart the one after the first and the one before the second."""
    found: list[int] = []
    for hour in hours:
        if found and hour - found[-1] > 1:
            found += sorted({found[-1] + 1, hour - 1})
        found.append(hour)
    return found
