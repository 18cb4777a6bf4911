"""Counts over observed time: a series as one look at it needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate, compress, groupby

from tui_live.core.engagement.figures import Comparison, Plot, Rate
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.series import HOUR, Series
from tui_live.core.engagement.timeline import Timeline

#: A plot has so many points at most; a longer session has coarser ones.
MOST_POINTS = 1_500
#: Steps of a quarter of an hour.
_QUARTER = HOUR // 4


class Seen:
    """A series until ``until_ms``, without what was not observed: see :class:`Timeline`."""

    def __init__(self, series: Series, observed: Observed, until_ms: int) -> None:
        self.series = series
        self.timeline = timeline = Timeline(observed, until_ms, series.ends)
        self.start_ms = timeline.start_ms
        self.until_ms = timeline.until_ms
        self.size = timeline.size
        self.observed = timeline.observed
        self.observed_ms = timeline.observed_ms
        self.place = timeline.place
        self.start_of = timeline.start_of
        self._blank = _blanks(self.observed)
        self._sums: dict[str, list[int]] = {}
        self._columns: dict[str, list[int]] = {}
        #: Observed milliseconds before each step and in all, of steps that were observed as a whole.
        self.observed_sums = [0, *accumulate(self.observed)]

    def raw(self, name: str) -> list[int]:
        """What was counted in each step, also what gaps hide."""
        found: list[int] = []
        for hour in self.timeline.hours:
            found += self.series.steps(name, hour)
        return found[: self.size]

    def column(self, name: str) -> list[int]:
        """What was counted in each step, nothing where nobody looked."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.raw(name)
            for first, last in self._blank:
                found[first:last] = [0] * (last - first)
        return found

    def sums(self, name: str) -> list[int]:
        """What was counted before each step, and in all."""
        found = self._sums.get(name)
        if found is None:
            found = self._sums[name] = [0, *accumulate(self.column(name))]
        return found

    def rate(self, name: str) -> Rate:
        """The rate over all steps."""
        return Rate.of(self.sums(name)[-1], self.observed_sums[-1])

    def within(self, name: str, first: int, last: int) -> Rate:
        """The rate over the steps from ``first`` until before ``last``."""
        sums = self.sums(name)
        first, last = max(first, 0), max(min(last, self.size), 0)
        if first >= last:
            return Rate.of(0, 0)
        return Rate.of(sums[last] - sums[first], self.observed_sums[last] - self.observed_sums[first])

    def compare(self, name: str, windows: list[tuple[int, int]]) -> Comparison:
        """What was counted within these windows of steps, against the rest."""
        inside = bytearray(self.size)
        for first, last in windows:
            last = min(last, self.size)  # noqa: PLW2901 - cut where the series ends
            if first < last:
                inside[first:last] = b"\1" * (last - first)
        count, ms = sum(compress(self.column(name), inside)), sum(compress(self.observed, inside))
        usual = Rate.of(self.sums(name)[-1] - count, self.observed_sums[-1] - ms)
        return Comparison.of(len(windows), Rate.of(count, ms), usual)

    def plot(self, name: str, step_s: int, zone: tzinfo = UTC) -> Plot:
        """Counts in steps of ``step_s`` (a multiple of five), which begin with the local clock's; longer if need be."""
        start_ms = self.start_ms
        while (self.until_ms - start_ms) // 1000 > step_s * MOST_POINTS:
            step_s *= 2
        shift_s = int((_at(start_ms // 1000, zone).utcoffset() or timedelta()).total_seconds())
        first_s = ((start_ms // 1000 + shift_s) // step_s) * step_s - shift_s
        counts, seconds = [], []
        sums, observed = self.sums(name), self.observed_sums
        for begin, end in self._points(first_s * 1000, step_s):
            counts.append(sums[end] - sums[begin])
            seconds.append((observed[end] - observed[begin]) / 1000)
        return Plot(first_s * 1000, step_s, counts, seconds)

    def means(self, levels: list[int | None], plot: Plot) -> list[float | None]:
        """The mean level in each step of a plot of this series, weighted by observed time; ``None``: not known."""
        found: list[float | None] = []
        for begin, end in self._points(plot.start_ms, plot.step_s):
            known = [
                (level, ms)
                for level, ms in zip(levels[begin:end], self.observed[begin:end], strict=True)
                if level is not None
            ]
            weight = sum(ms for _, ms in known)
            found.append(sum(level * ms for level, ms in known) / weight if weight else None)
        return found

    def _points(self, start_ms: int, step_s: int) -> Iterator[tuple[int, int]]:
        """The steps (from, until before) of each point of a plot."""
        for at_ms in range(start_ms, self.timeline.ends_ms, step_s * 1000):
            yield self.place(at_ms), self.place(at_ms + step_s * 1000)

    def hours(self, names: tuple[str, ...], zone: tzinfo) -> Iterator[tuple[int, int, int, list[int]]]:
        """Weekday (0 is Monday), hour, observed milliseconds and counts of each quarter of an hour that was observed.

        In local time of ``zone``; every offset from UTC is a multiple of a quarter of an hour.
        """
        observed = self.observed_sums
        columns = [self.sums(name) for name in names]
        for low in range(0, self.size, _QUARTER):
            high = min(low + _QUARTER, self.size)
            if ms := observed[high] - observed[low]:
                local = _at(self.start_of(low) // 1000, zone)
                yield local.weekday(), local.hour, ms, [sums[high] - sums[low] for sums in columns]


def _blanks(observed: list[int]) -> list[tuple[int, int]]:
    """The stretches of steps of which nothing was observed."""
    found, at = [], 0
    for blank, steps in groupby(observed, key=(0).__eq__):
        start, at = at, at + sum(1 for _ in steps)
        if blank:
            found.append((start, at))
    return found


def _at(seconds: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(seconds, zone)
