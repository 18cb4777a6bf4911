"""How many points an event is worth, in whole numbers.

Points are fractions (a like is a tenth or a fifteenth of one), and ten million of them must add up exactly. All rules
of a configuration have a common denominator, so points are counted in units of ``1 / scale`` and never rounded but for
showing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

#: Numbers of a configuration are used as they are written: 0.1 is a tenth, not the double beside it.
Number = int | float | str | Fraction

#: The finest unit of a point that rules may need; then even the largest sums fit a database's integers.
FINEST = 1_000_000


class Rules(Struct, frozen=True):
    """Points in units of ``1 / scale``: per like of a follower or of another, per comment, follow and share.

    A gift is worth ``gift(price)`` units per piece: its coins times the factor of the first step of ``limits`` that
    reaches its price (``factors`` has one more entry than ``limits``, for all above).
    """

    scale: int
    follower_like: int
    other_like: int
    comment: int
    follow: int
    share: int
    limits: tuple[int, ...]
    factors: tuple[int, ...]

    @classmethod
    def of(
        cls,
        *,
        likes_per_point: tuple[Number, Number] = (10, 15),
        comment: Number = 0,
        follow: Number = 0,
        share: Number = 0,
        gift_factors: Sequence[tuple[int | None, Number]] = ((None, 1),),
    ) -> Rules:
        """Rules from a configuration's numbers: likes that make one point (followers, others), points, gift steps.

        The steps are (dearest price in coins, factor), ascending, the last one with ``None`` for all above (SPEC §2).
        """
        follower, other = (1 / _exact(likes) for likes in likes_per_point)
        single = [follower, other, _exact(comment), _exact(follow), _exact(share)]
        factors = [_exact(factor) for _, factor in gift_factors]
        scale = math.lcm(*(value.denominator for value in (*single, *factors)))
        liked, liked_by_others, comment_, follow_, share_ = (int(value * scale) for value in single)
        limits = tuple(limit for limit, _ in gift_factors if limit is not None)
        units = tuple(int(factor * scale) for factor in factors)
        return cls(scale, liked, liked_by_others, comment_, follow_, share_, limits, units)

    def gift(self, coins_each: int) -> int:
        """Units for one gift of this price."""
        return coins_each * self.factors[bisect_left(self.limits, coins_each)]

    def at(self, scale: int) -> Rules:
        """The same rules in finer units; ``scale`` is a multiple of this one's."""
        times = scale // self.scale
        return Rules(
            scale,
            self.follower_like * times,
            self.other_like * times,
            self.comment * times,
            self.follow * times,
            self.share * times,
            self.limits,
            tuple(factor * times for factor in self.factors),
        )


def shown(units: int, scale: int) -> int:
    """Points as they are shown: rounded up, so that whoever has any is never at zero."""
    return -(-units // scale)


def _exact(number: Number) -> Fraction:
    return Fraction(number) if isinstance(number, int | Fraction) else Fraction(str(number))
