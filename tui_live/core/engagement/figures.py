"""The forms that figures have. Each comes with its sample: without one there is ``None`` in place of a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tui_live.core.totals import MOST


class Rate(Struct, frozen=True):
    """``count`` within ``minutes`` of observed time; ``per_minute`` is the one by the other."""

    count: int
    minutes: float
    per_minute: float | None

    @classmethod
    def of(cls, count: int, observed_ms: int) -> Rate:
        """The rate of so many (``MOST`` at most) within so many observed milliseconds."""
        count = min(count, MOST)
        return cls(count, observed_ms / 60_000, count * 60_000 / observed_ms if observed_ms > 0 else None)

    @classmethod
    def together(cls, rates: Sequence[Rate]) -> Rate:
        """The rate over the time of all of them."""
        return cls.of(sum(one.count for one in rates), round(sum(one.minutes for one in rates) * 60_000))


class Portion(Struct, frozen=True):
    """``part`` of ``of``; ``share`` is the one by the other, from 0 to 1."""

    part: int
    of: int
    share: float | None

    @classmethod
    def out_of(cls, part: int, of: int) -> Portion:
        """The portion."""
        return cls(part, of, part / of if of > 0 else None)

    @classmethod
    def together(cls, portions: Sequence[Portion]) -> Portion:
        """Of the samples of all of them, added up."""
        return cls.out_of(sum(one.part for one in portions), sum(one.of for one in portions))


class Delays(Struct, frozen=True):
    """Quartiles of ``sample`` delays in whole seconds (a begun second does not count).

    A quartile is the smallest delay that so many of the delays do not exceed.
    """

    sample: int
    lower_s: int | None
    median_s: int | None
    upper_s: int | None

    @classmethod
    def of(cls, seconds: Counter[int]) -> Delays:
        """The quartiles of delays, counted by their seconds."""
        sample = seconds.total()
        found: list[int | None] = []
        ascending = sorted(seconds)
        for quarter in (1, 2, 3):
            below = 0
            for delay in ascending:
                below += seconds[delay]
                if below * 4 >= sample * quarter:
                    found.append(delay)
                    break
            else:
                found.append(None)
        return cls(sample, *found)


class Plot(Struct, frozen=True):
    """Counts over time: the first begins at ``start_ms`` (UTC milliseconds), each is over ``step_s`` seconds.

    ``observed_s`` says how much of each step was observed: 0 is a gap, not silence. The counts are without what fell
    into gaps, so ``counts[i] / observed_s[i]`` is a rate.
    """

    start_ms: int
    step_s: int
    counts: list[int]
    observed_s: list[float]


#: A usual rate is known from so many minutes; how many times of it something is, from so many occurrences.
USUAL_MINUTES, USUAL_COUNT = 5.0, 5


class Comparison(Struct, frozen=True):
    """How often something happened within windows after some cause, against the rest of the observed time.

    ``causes`` is the number of windows, which are merged where they overlap. ``expected`` is what the usual rate (the
    one outside of the windows) brings within them, ``extra`` what came beyond that (negative: fewer) and ``times`` the
    one rate over the other. All are ``None`` where the usual rate is not known: it takes :data:`USUAL_MINUTES`, and
    half as long as the windows. ``times`` takes :data:`USUAL_COUNT` occurrences besides. That something follows is no
    proof that it was caused.
    """

    causes: int
    within: Rate
    usual: Rate
    expected: float | None
    extra: float | None
    times: float | None

    @classmethod
    def of(cls, causes: int, within: Rate, usual: Rate) -> Comparison:
        """The comparison of two rates."""
        known = usual.minutes >= max(USUAL_MINUTES, within.minutes / 2)
        if not known or usual.per_minute is None or within.per_minute is None:
            return cls(causes, within, usual, None, None, None)
        expected = usual.per_minute * within.minutes
        times = within.per_minute / usual.per_minute if usual.count >= USUAL_COUNT else None
        return cls(causes, within, usual, expected, within.count - expected, times)


class Named(Struct, frozen=True):
    """How many there were of what has this name."""

    name: str
    count: int


def one_zone(names: Iterable[str]) -> str:
    """The time zone of hours that are put together, UTC where there are none. ``ValueError`` for several."""
    zones = set(names)
    if len(zones) > 1:
        raise ValueError(f"local times of different zones cannot be combined: {', '.join(sorted(zones))}")
    return next(iter(zones), "UTC")


def most(counted: Counter[str], top: int) -> list[Named]:
    """The most frequent names, equal ones by name."""
    return [Named(name, count) for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:top]]


class Names:
    """Counts by names that hostile messages may invent: beyond so many, new names count only as ``others``."""

    __slots__ = ("_most", "counted", "others")

    def __init__(self, most: int = 300) -> None:
        self._most = most
        self.counted: Counter[str] = Counter()
        self.others = 0

    def add(self, name: str) -> None:
        """One more."""
        if name in self.counted or len(self.counted) < self._most:
            self.counted[name] += 1
        else:
            self.others += 1
