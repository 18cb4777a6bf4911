"""Who is on which place, kept in order while scores change.

Entries are whole numbers in ascending order, each once. They lie in buckets of bounded size: an entry is found by two
binary searches and put in or taken out by moving at most a few kilobytes, so a change costs O(log n) comparisons, which
no tree in Python comes near. Places are counted over the buckets' sizes, which are added up once after a change.

While all entries have 63 bits, buckets are arrays: in a list of a hundred thousand numbers, each comparison would wait
for the memory of another one.
"""

from __future__ import annotations

import contextlib
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from typing import TypeAlias

_FULL = 1024
_Bucket: TypeAlias = "list[int] | array[int]"


class Ranking:
    """A sorted set of whole numbers that knows the place of each, counted from 0."""

    __slots__ = ("_before", "_buckets", "_count", "_lasts")

    def __init__(self, entries: Iterable[int] = ()) -> None:
        self._lay(sorted(entries))

    def _lay(self, ordered: list[int]) -> None:
        half = _FULL // 2
        buckets: list[_Bucket] = [ordered[start : start + half] for start in range(0, len(ordered), half)]
        lasts: _Bucket = [bucket[-1] for bucket in buckets]
        with contextlib.suppress(OverflowError):
            buckets, lasts = [array("q", bucket) for bucket in buckets], array("q", lasts)
        self._buckets, self._lasts = buckets, lasts
        self._count = len(ordered)
        self._before: list[int] | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, entry: int) -> None:
        """Put in an entry that is not there."""
        if not self._buckets:
            self._lay([entry])
            return
        at = min(bisect_left(self._lasts, entry), len(self._buckets) - 1)
        bucket = self._buckets[at]
        try:
            insort(bucket, entry)
        except OverflowError:
            self._lay(sorted([*self._from(0), entry]))
            return
        self._count += 1
        self._before = None
        if bucket[-1] == entry:
            self._lasts[at] = entry
        if len(bucket) > _FULL:
            half = len(bucket) // 2
            self._buckets.insert(at + 1, bucket[half:])
            del bucket[half:]
            self._lasts.insert(at, bucket[-1])

    def remove(self, entry: int) -> None:
        """Take out an entry. Raises ``KeyError`` when it is not there."""
        at, inside = self._find(entry)
        bucket = self._buckets[at]
        self._count -= 1
        self._before = None
        del bucket[inside]
        if not bucket:
            del self._buckets[at], self._lasts[at]
        elif inside == len(bucket):
            self._lasts[at] = bucket[-1]

    def move(self, entry: int, to: int) -> None:
        """Put ``to``, which is not there, in place of ``entry``. Raises ``KeyError`` when that is not there."""
        lasts, buckets = self._lasts, self._buckets
        at, there = bisect_left(lasts, entry), bisect_left(lasts, to)
        if at < len(buckets) and there < len(buckets) and len(buckets[there]) < _FULL:
            bucket = buckets[at]
            inside = bisect_left(bucket, entry)
            # Nearly always: from within one bucket into another one, and neither's last entry changes.
            if inside < len(bucket) - 1 and bucket[inside] == entry:
                del bucket[inside]
                try:
                    insort(buckets[there], to)
                except OverflowError:
                    self._count -= 1
                    self.add(to)
                    return
                if there != at:
                    self._before = None
                return
        self.remove(entry)
        self.add(to)

    def place(self, entry: int) -> int:
        """How many entries stand before it. Raises ``KeyError`` when it is not there."""
        at, inside = self._find(entry)
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

    def _find(self, entry: int) -> tuple[int, int]:
        """In which bucket and where inside; raises ``KeyError`` when it is not there."""
        at = bisect_left(self._lasts, entry)
        if at < len(self._buckets):
            bucket = self._buckets[at]
            inside = bisect_left(bucket, entry)
            if bucket[inside] == entry:
                return at, inside
        raise KeyError(entry)
