"""Cascades: shares that follow each other closely, each within some seconds of the one before.

Chance makes chains, too: at ``r`` shares a second, a share is followed within ``n`` seconds with the probability
``p = 1 - exp(-r n)``, and ``r · (1 - p) · p^(k-1)`` chains of at least ``k`` shares begin per second. A chain is called
a cascade when it has three shares or more, by two people or more, and chance makes fewer than one so long in a hundred
hours even at twice the session's usual rate: the one without the cascades, which has to be known from four fifths of
the session and from twenty times the seconds of the rule. Where shares are so frequent that they always follow each
other (15 a minute with ten seconds) cascades are not known: there, spikes tell more.

In 1,000 hours of pure chance at 0.05 to 3 shares a minute there were none; at a rate that wanders by a third over ten
minutes, three at most. Friends who share together are what this is to find, however often they do.
"""

from __future__ import annotations

import heapq
from collections import Counter
from math import exp

from msgspec import Struct

#: Chains that are remembered one by one, the longest ones; of others their lengths are.
MOST_CHAINS = 500
_LEAST_SHARES, _LEAST_PEOPLE = 3, 2
#: How much more bursty than chance a calm stream is taken to be, and how rarely chance makes a cascade.
_BURSTY = 2.0
_PER_HOUR = 0.01
#: With so many shares in the seconds of the rule, nothing is told by their following each other.
_TOO_MANY = 5.0
#: The usual rate is known from this part of the session, and from so many times the seconds of the rule.
_KNOWN_FROM, _KNOWN_WITHIN = 0.8, 20


class Cascade(Struct, frozen=True):
    """``shares`` by ``people`` from ``start_ms`` to ``end_ms`` (UTC milliseconds).

    ``by_chance_per_hour``: so many chains as long as this chance makes in an hour at twice the usual rate.
    """

    shares: int
    people: int
    start_ms: int
    end_ms: int
    by_chance_per_hour: float


class Chains:
    """The chains of shares so far; a gap ends none, as far as its shares are close in time."""

    def __init__(self, seconds: float) -> None:
        self._within_ms = round(seconds * 1000)
        #: How many chains there were of each number of shares, single shares among them.
        self._lengths: Counter[int] = Counter()
        #: Those that may be called cascades, by their shares: how many, and how many milliseconds together.
        self._several: dict[int, tuple[int, int]] = {}
        #: The longest of these that are over: shares, start (earlier ones are kept), people, end.
        self._over: list[tuple[int, int, int, int]] = []
        self._count = self._start_ms = self._last_ms = 0
        self._people: set[int] = set()

    def add(self, time_ms: int, person: int) -> None:
        """Somebody shared; ``person`` is any number that is theirs."""
        if self._count and abs(time_ms - self._last_ms) <= self._within_ms:
            self._count += 1
            self._start_ms = min(self._start_ms, time_ms)
            self._last_ms = max(self._last_ms, time_ms)
            self._people.add(person)
            return
        if self._count:
            self._lengths[self._count] += 1
            if self._chain is not None:
                self._count_in(self._several)
                heapq.heappush(self._over, self._chain)
                if len(self._over) > MOST_CHAINS:
                    heapq.heappop(self._over)
        self._count, self._start_ms, self._last_ms, self._people = 1, time_ms, time_ms, {person}

    @property
    def _chain(self) -> tuple[int, int, int, int] | None:
        """The one under way, as it may be called a cascade."""
        if self._count < _LEAST_SHARES or len(self._people) < _LEAST_PEOPLE:
            return None
        return self._count, -self._start_ms, len(self._people), self._last_ms

    def _count_in(self, several: dict[int, tuple[int, int]]) -> None:
        count, ms = several.get(self._count, (0, 0))
        several[self._count] = count + 1, ms + self._last_ms - self._start_ms

    def lengths(self) -> dict[int, int]:
        """How many chains there were of each number of shares."""
        found = self._lengths.copy()
        if self._count:
            found[self._count] += 1
        return dict(sorted(found.items()))

    def cascades(self, shares: int, observed_ms: int, top: int) -> tuple[int | None, list[Cascade]]:
        """How many there were, and the longest of them; ``shares`` were seen in the observed time.

        ``None`` where that cannot be known: shares are too frequent, or the usual rate is known from too little.
        """
        several = self._several.copy()
        chains = self._over
        if self._chain is not None:
            self._count_in(several)
            chains = [*chains, self._chain]
        left, rest_ms = shares, observed_ms
        cascades = longer = least = 0
        rare = 0.0
        known = True
        for length in sorted(several, reverse=True):
            count, ms = several[length]
            longer += count
            left -= length * count
            rest_ms -= ms
            if rest_ms < max(_KNOWN_FROM * observed_ms, _KNOWN_WITHIN * self._within_ms):
                known = False
                break
            usual = (max(left, 0) + 0.5) * 1000 / rest_ms
            if usual * _BURSTY * self._within_ms / 1000 > _TOO_MANY:
                known = False
                break
            if self._chance(usual, length) < _PER_HOUR:
                cascades, least, rare = longer, length, usual
        if not cascades:
            return (0 if known else None), []
        longest = heapq.nlargest(top, (chain for chain in chains if chain[0] >= least))
        return cascades, [
            Cascade(length, people, -start, end_ms, self._chance(rare, length))
            for length, start, people, end_ms in longest
        ]

    def _chance(self, per_second: float, shares: int) -> float:
        return by_chance(per_second * _BURSTY, self._within_ms / 1000, shares) * 3600


def by_chance(per_second: float, within_s: float, shares: int) -> float:
    """How many chains of at least so many shares begin in a second by chance, at this rate of shares."""
    alone = exp(-per_second * within_s)
    return per_second * alone * (1 - alone) ** (shares - 1)
