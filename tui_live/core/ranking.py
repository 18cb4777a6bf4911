"""Who is on which place, kept in order while scores change.

Entries are whole numbers in ascending order, each once. They lie in buckets of bounded size: an entry is found by two
binary searches and put in or taken out by moving at most a few kilobytes, so a change costs O(log n) comparisons, about
a microsecond at a hundred thousand entries, which no tree in Python comes near. Places are counted over the buckets'
sizes, which are added up once after a change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

_FULL = 1024


class Ranking:
    """A sorted set of whole numbers that knows the place of each, counted from 0."""

    __slots__ = ("_before", "_buckets", "_count", "_lasts")

    def __init__(self, entries: Iterable[int] = ()) -> None:
        ordered = sorted(entries)
        half = _FULL // 2
        self._buckets = [ordered[start : start + half] for start in range(0, len(ordered), half)]
        self._lasts = [bucket[-1] for bucket in self._buckets]
        self._count = len(ordered)
        self._before: list[int] | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, entry: int) -> None:
        """Put in an entry that is not there."""
        self._count += 1
        self._before = None
        if not self._buckets:
            self._buckets.append([entry])
            self._lasts.append(entry)
            return
        at = bisect_left(self._lasts, entry)
        if at == len(self._buckets):
            at -= 1
            self._lasts[at] = entry
        bucket = self._buckets[at]
        insort(bucket, entry)
        if len(bucket) > _FULL:
            half = len(bucket) // 2
            self._buckets.insert(at + 1, bucket[half:])
            del bucket[half:]
            self._lasts.insert(at, bucket[-1])

    def remove(self, entry: int) -> None:
        """Take out an entry. Raises ``KeyError`` when it is not there."""
        at = bisect_left(self._lasts, entry)
        bucket = self._buckets[at] if at < len(self._buckets) else []
        inside = bisect_left(bucket, entry)
        if inside == len(bucket) or bucket[inside] != entry:
            raise KeyError(entry)
        self._count -= 1
        self._before = None
        del bucket[inside]
        if not bucket:
            del self._buckets[at], self._lasts[at]
        elif inside == len(bucket):
            self._lasts[at] = bucket[-1]

    def place(self, entry: int) -> int:
        """How many entries stand before it. Raises ``KeyError`` when it is not there."""
        at = bisect_left(self._lasts, entry)
        bucket = self._buckets[at] if at < len(self._buckets) else []
        inside = bisect_left(bucket, entry)
        if inside == len(bucket) or bucket[inside] != entry:
            raise KeyError(entry)
        return self._sizes_before()[at] + inside

    def count_below(self, bound: int) -> int:
        """How many entries are smaller than ``bound``."""
        at = bisect_left(self._lasts, bound)
        if at == len(self._buckets):
            return self._count
        return self._sizes_before()[at] + bisect_left(self._buckets[at], bound)

    def stretch(self, start: int, count: int) -> list[int]:
        """The entries on places ``start`` to ``start + count - 1``, as far as there are any."""
        return list(islice(self._from(max(start, 0)), max(count, 0)))

    def _from(self, start: int) -> Iterator[int]:
        if start >= self._count:
            return
        before = self._sizes_before()
        at = bisect_right(before, start) - 1
        yield from self._buckets[at][start - before[at] :]
        for bucket in islice(self._buckets, at + 1, None):
            yield from bucket

    def _sizes_before(self) -> list[int]:
        """How many entries stand before each bucket."""
        if self._before is None:
            self._before = list(accumulate(map(len, self._buckets), initial=0))
        return self._before
