"""Who is on which place, kept in order while scores change.

Entries are whole numbers in ascending order, each once. They lie in buckets of bounded size, which are in order among
each other; what is inside one is put in order only when somebody looks there. So a change costs two binary searches
among the buckets' bounds, and a place is counted over the buckets' sizes and within one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice

_FULL = 256


class Ranking:
    """A sorted set of whole numbers that knows the place of each, counted from 0."""

    __slots__ = ("_bounds", "_buckets", "_ordered", "_sizes")

    def __init__(self, entries: Iterable[int] = ()) -> None:
        ordered = sorted(entries)
        half = max(_FULL // 2, 1)
        #: No entry of a bucket is above its bound; the last bucket, which has none, takes what is above all of them.
        self._bounds = ordered[half - 1 : -1 : half]
        self._buckets = [set(ordered[start : start + half]) for start in range(0, len(ordered), half)] or [set()]
        #: Beside the buckets: to ask hundreds of them would wait for the memory of each.
        self._sizes = list(map(len, self._buckets))
        #: Where somebody has looked since the last change: what is in these buckets, in order.
        self._ordered: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return sum(self._sizes)

    def add(self, entry: int) -> None:
        """Put in an entry that is not there."""
        self._ordered.clear()
        at = bisect_left(self._bounds, entry)
        self._buckets[at].add(entry)
        self._sizes[at] += 1
        if self._sizes[at] > _FULL:
            self._split(at)

    def remove(self, entry: int) -> None:
        """Take out an entry. Raises ``KeyError`` when it is not there."""
        self._ordered.clear()
        at = bisect_left(self._bounds, entry)
        self._buckets[at].remove(entry)
        self._sizes[at] -= 1
        if not self._sizes[at]:
            self._drop(at)

    def move(self, entry: int, to: int) -> None:
        """Put ``to``, which is not there, in place of ``entry``. Raises ``KeyError`` when that is not there."""
        self.move_all([(entry, to)])

    def move_all(self, moves: Iterable[tuple[int, int]]) -> None:
        """The same for each of these pairs, in turn: what most changes of a score cost."""
        self._ordered.clear()
        bounds, buckets, sizes = self._bounds, self._buckets, self._sizes
        for entry, to in moves:
            at, there = bisect_left(bounds, entry), bisect_left(bounds, to)
            buckets[at].remove(entry)
            buckets[there].add(to)
            if at != there:
                sizes[at] -= 1
                sizes[there] += 1
                if sizes[there] > _FULL:
                    self._split(there)
                    at += there < at
                if not sizes[at]:
                    self._drop(at)

    def place(self, entry: int) -> int:
        """How many entries stand before it. Raises ``KeyError`` when it is not there."""
        if entry not in self._buckets[bisect_left(self._bounds, entry)]:
            raise KeyError(entry)
        return self.count_below(entry)

    def count_below(self, bound: int) -> int:
        """How many entries are smaller than ``bound``."""
        at = bisect_left(self._bounds, bound)
        return sum(self._sizes[:at]) + sum(map(bound.__gt__, self._buckets[at]))

    def stretch(self, start: int, count: int) -> list[int]:
        """The entries on places ``start`` to ``start + count - 1``, as far as there are any."""
        return list(islice(self._from(max(start, 0)), max(count, 0)))

    def __iter__(self) -> Iterator[int]:
        """All in order; nothing may change meanwhile."""
        for bucket in self._buckets:
            yield from sorted(bucket)

    def _from(self, start: int) -> Iterator[int]:
        for at, size in enumerate(self._sizes):
            if start < size:
                if at not in self._ordered:
                    self._ordered[at] = sorted(self._buckets[at])
                yield from islice(self._ordered[at], start, None)
            start = max(start - size, 0)

    def _split(self, at: int) -> None:
        ordered = sorted(self._buckets[at])
        half = len(ordered) // 2
        self._bounds.insert(at, ordered[half - 1])
        self._buckets[at : at + 1] = set(ordered[:half]), set(ordered[half:])
        self._sizes[at : at + 1] = half, len(ordered) - half

    def _drop(self, at: int) -> None:
        """Leave out an empty bucket; what would have come into it comes into the next one."""
        if self._bounds:
            del self._buckets[at], self._sizes[at]
            del self._bounds[min(at, len(self._bounds) - 1)]
