"""The most engaging moments: the minutes in which most happened, by a weighted count.

A moment's points are the sum of its messages, gifts, likes, follows and shares by :class:`Weights`, per observed
minute. The weights are a convention, not a measurement: a comment is the unit, likes count little because one thumb
makes a dozen of them (and TikTok samples them). Moments are as absolute as the numbers: with twice the viewers, twice
as much happens; ``viewers`` stands beside them.
"""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS

#: A moment is a whole minute of the session, of which at least half was observed.
_STEPS = 60_000 // STEP_MS


class Weights(Struct, frozen=True):
    """Points of each thing, to hundredths; ``gift`` is for each message that adds gifts, ``coin`` for each coin."""

    message: float = 1.0
    gift: float = 3.0
    coin: float = 0.02
    like: float = 0.05
    follow: float = 3.0
    share: float = 3.0


class Moment(Struct, frozen=True):
    """A minute from ``start_ms`` (UTC milliseconds, in steps of five seconds) and what was in it.

    ``points_per_minute`` is over the observed seconds ``observed_s``. ``viewers`` is how many watched at its end,
    where that is known.
    """

    start_ms: int
    observed_s: float
    points_per_minute: float
    messages: int
    gifts: int
    coins: int
    likes: int
    follows: int
    shares: int
    viewers: int | None


def most_engaging(seen: Seen, weights: Weights, levels: list[int | None], top: int = 5) -> list[Moment]:
    """The moments with most points, the best first, none overlapping another; equal ones in order of time."""
    first = seen.place(seen.start_ms)
    if top <= 0 or seen.size < first + _STEPS:
        return []
    weighed = {
        "messages": weights.message,
        "givings": weights.gift,
        "coins": weights.coin,
        "likes": weights.like,
        "follows": weights.follow,
        "shares": weights.share,
    }
    points = [0] * (seen.size + 1)
    for name, weight in weighed.items():
        # Whole hundredths, so that sums are exact.
        if (hundredths := round(weight * 100)) and seen.sums(name)[-1]:
            points = [before + hundredths * count for before, count in zip(points, seen.sums(name), strict=True)]
    observed = seen.observed_sums
    rates = [
        (end - start) * 600 / ms if (ms := observed_end - observed_start) >= _STEPS * STEP_MS // 2 else 0.0
        for start, end, observed_start, observed_end in zip(
            points, points[_STEPS:], observed, observed[_STEPS:], strict=False
        )
    ]
    rates[:first] = [0.0] * first
    found: list[int] = []
    # Each one found hides at most so many on each side. Sorting keeps equal ones in order of time.
    candidates = sorted(range(len(rates)), key=rates.__getitem__, reverse=True)[: top * (2 * _STEPS - 1)]
    for at in candidates:
        if rates[at] > 0 and len(found) < top and all(abs(at - other) >= _STEPS for other in found):
            found.append(at)
    return [_moment(seen, at, rates[at], observed[at + _STEPS] - observed[at], levels) for at in found]


def _moment(seen: Seen, at: int, rate: float, observed_ms: int, levels: list[int | None]) -> Moment:
    def count(name: str) -> int:
        sums = seen.sums(name)
        return sums[at + _STEPS] - sums[at]

    return Moment(
        seen.start_of(at),
        observed_ms / 1000,
        rate,
        count("messages"),
        count("gifts"),
        count("coins"),
        count("likes"),
        count("follows"),
        count("shares"),
        levels[at + _STEPS - 1],
    )
