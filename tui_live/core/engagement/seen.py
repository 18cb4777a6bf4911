"""Counts over observed time: a series as one look at it needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate, compress, groupby

from tui_live.core.engagement.figures import Comparison, Plot, Rate
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.series import STEP_MS, Series

#: A plot has so many points at most; a longer session has coarser ones.
MOST_POINTS = 1_500
_QUARTER_S = 900


class Seen:
    """A series until ``until_ms``, without the steps that were not observed at all.

    ``observed`` is the observed milliseconds of each step, ``observed_sums`` those before each and in all. A step that
    a gap covers in part keeps its counts.
    """

    def __init__(self, series: Series, observed: Observed, until_ms: int) -> None:
        self.series = series
        self.start_ms = observed.start_ms
        self.until_ms = until_ms
        series.reach(until_ms)
        self.size = size = min(max(0, -(-until_ms // STEP_MS) - series.base), series.size)
        stretches = observed.stretches(until_ms)
        self.observed_ms = sum(end - start for start, end in stretches)
        self.observed = self._steps(stretches, size)
        self._blank = _blanks(self.observed)
        self._sums: dict[str, list[int]] = {}
        self._columns: dict[str, list[int]] = {}
        self.observed_sums = [0, *accumulate(self.observed)]

    def _steps(self, stretches: list[tuple[int, int]], size: int) -> list[int]:
        base_ms = self.series.base * STEP_MS
        observed = [0] * size
        for start_ms, end_ms in stretches:
            start, end = start_ms - base_ms, min(end_ms - base_ms, size * STEP_MS)
            first, last = start // STEP_MS, (end - 1) // STEP_MS
            if start >= end:
                continue
            if first == last:
                observed[first] += end - start
                continue
            observed[first] += (first + 1) * STEP_MS - start
            observed[last] += end - last * STEP_MS
            observed[first + 1 : last] = [STEP_MS] * (last - first - 1)
        return observed

    def column(self, name: str) -> list[int]:
        """What was counted in each step, nothing where nobody looked."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.series.columns[name][: self.size].tolist()
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
        """The rate over all observed time."""
        return Rate.of(self.sums(name)[-1], self.observed_ms)

    def place(self, time_ms: int) -> int:
        """The index of the step of a time, kept within the series."""
        return min(max(time_ms // STEP_MS - self.series.base, 0), self.size)

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
        step = step_s * 1000 // STEP_MS
        first_s = ((start_ms // 1000 + shift_s) // step_s) * step_s - shift_s
        counts, seconds = [], []
        sums, observed = self.sums(name), self.observed_sums
        for at in range(first_s * 1000 // STEP_MS - self.series.base, self.size, step):
            begin, end = max(at, 0), min(max(at + step, 0), self.size)
            counts.append(sums[end] - sums[begin])
            seconds.append((observed[end] - observed[begin]) / 1000)
        return Plot(first_s * 1000, step_s, counts, seconds)

    def means(self, levels: list[int | None], plot: Plot) -> list[float | None]:
        """The mean level in each step of a plot of this series, weighted by observed time; ``None``: not known."""
        found: list[float | None] = []
        first = plot.start_ms // STEP_MS - self.series.base
        step = plot.step_s * 1000 // STEP_MS
        for at in range(first, self.size, step):
            begin, end = max(at, 0), max(at + step, 0)
            known = [
                (level, ms)
                for level, ms in zip(levels[begin:end], self.observed[begin:end], strict=True)
                if level is not None
            ]
            weight = sum(ms for _, ms in known)
            found.append(sum(level * ms for level, ms in known) / weight if weight else None)
        return found

    def hours(self, names: tuple[str, ...], zone: tzinfo) -> Iterator[tuple[int, int, int, list[int]]]:
        """Weekday (0 is Monday), hour, observed milliseconds and counts of each quarter of an hour that was observed.

        In local time of ``zone``; every offset from UTC is a multiple of a quarter of an hour.
        """
        quarter = _QUARTER_S * 1000 // STEP_MS
        observed = self.observed_sums
        columns = [self.sums(name) for name in names]
        first = max(self.start_ms // STEP_MS - self.series.base, 0)
        begin = first - (self.series.base + first) % quarter
        for at in range(begin, self.size, quarter):
            low, high = max(at, 0), min(at + quarter, self.size)
            if ms := observed[high] - observed[low]:
                local = _at((self.series.base + at) * STEP_MS // 1000, zone)
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
