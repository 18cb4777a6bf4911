"""When anybody was looking: from a session's start to its end, without the gaps in the recording.

Every rate is over this time. What happened outside of it (TikTok repeats the last messages before a connect) counts in
totals and in no rate. Gaps may be told at any time and in any order, also twice or overlapping.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Observed:
    """The observed time of one session, from ``start_ms`` on (UTC milliseconds); whoever asks says until when."""

    __slots__ = ("_ends", "_lost", "_starts", "start_ms")

    def __init__(self, start_ms: int) -> None:
        self.start_ms = start_ms
        #: The gaps, apart from each other and ascending, and what was lost up to the end of each.
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._lost: list[int] = []

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """The gaps in order, those that overlap as one: start and end in milliseconds."""
        return list(zip(self._starts, self._ends, strict=True))

    def add_gap(self, start_ms: int, end_ms: int) -> bool:
        """Nobody was looking from ``start_ms`` until before ``end_ms``; whether that is news."""
        return self.add_gaps([(start_ms, end_ms)]) is not None

    def add_gaps(self, gaps: Iterable[tuple[int, int]]) -> int | None:
        """Several gaps at once: one sorting for all of them. Returns where the first that is news begins.

        What of a gap lies before the session's start was not observed anyway. ``None``: all were known.
        """
        later: list[tuple[int, int]] = []
        amid: list[tuple[int, int]] = []
        latest = self._ends[-1] if self._ends else self.start_ms
        for start, end_ms in gaps:
            start_ms = max(start, self.start_ms)
            if end_ms <= start_ms or self.between(start_ms, end_ms) == 0:
                continue
            if start_ms > latest:
                later.append((start_ms, end_ms))
                latest = end_ms
            else:
                amid.append((start_ms, end_ms))
        if amid:
            self._merge([*self.gaps, *later, *amid])
        else:
            for gap in later:
                self._append(*gap)
        return min((start for start, _ in (*later, *amid)), default=None)

    def _merge(self, gaps: list[tuple[int, int]]) -> None:
        self._starts, self._ends, self._lost = [], [], []
        for start, end in sorted(gaps):
            if self._ends and start <= self._ends[-1]:
                more = max(0, end - self._ends[-1])
                self._ends[-1] += more
                self._lost[-1] += more
            else:
                self._append(start, end)

    def _append(self, start_ms: int, end_ms: int) -> None:
        self._lost.append((self._lost[-1] if self._lost else 0) + end_ms - start_ms)
        self._starts.append(start_ms)
        self._ends.append(end_ms)

    def covers(self, time_ms: int) -> bool:
        """Whether this moment was observed."""
        at = bisect_right(self._starts, time_ms) - 1
        return time_ms >= self.start_ms and (at < 0 or time_ms >= self._ends[at])

    def clock_s(self, time_ms: int) -> float:
        """Seconds of a clock that stands still in gaps."""
        return (time_ms - self._lost_before(time_ms)) / 1000

    def between(self, start_ms: int, end_ms: int) -> int:
        """Milliseconds without gaps from the one to the other, wherever the session starts."""
        return end_ms - start_ms - self._lost_before(end_ms) + self._lost_before(start_ms)

    def stretches(self, until_ms: int) -> list[tuple[int, int]]:
        """The observed time until then, as stretches without a gap."""
        found = []
        start = self.start_ms
        for gap_start, gap_end in self.gaps:
            if start < (end := min(gap_start, until_ms)):
                found.append((start, end))
            start = max(start, gap_end)
        if start < until_ms:
            found.append((start, until_ms))
        return found

    def _lost_before(self, time_ms: int) -> int:
        at = bisect_right(self._starts, time_ms) - 1
        return 0 if at < 0 else self._lost[at] - max(0, self._ends[at] - time_ms)
