"""Points are exact, whatever the rules and however many there are."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from tui_live.config.rulebook import Scoring
from tui_live.core.scoring import Rules, shown

#: Numbers as people write them into a configuration.
written = st.decimals(min_value="0.001", max_value=1000, places=3).map(float) | st.integers(1, 1000)
points = st.just(0) | written
steps = st.lists(st.tuples(st.integers(1, 40_000), points), max_size=6, unique_by=lambda step: step[0]).map(sorted)


@given(written, written, points, points, points, steps, points, st.integers(0, 50_000))
def test_every_rule_is_worth_exactly_what_was_written(
    follower, other, comment, follow, share, table, above, coins
) -> None:
    rules = Rules.of(
        likes_per_point=(follower, other),
        comment=comment,
        follow=follow,
        share=share,
        gift_factors=[*table, (None, above)],
    )

    def exact(number: float) -> Fraction:
        return Fraction(str(number))

    factor = next((factor for limit, factor in table if coins <= limit), above)
    assert Fraction(rules.follower_like, rules.scale) == 1 / exact(follower)
    assert Fraction(rules.other_like, rules.scale) == 1 / exact(other)
    assert Fraction(rules.comment, rules.scale) == exact(comment)
    assert Fraction(rules.follow, rules.scale) == exact(follow)
    assert Fraction(rules.share, rules.scale) == exact(share)
    assert Fraction(rules.gift(coins), rules.scale) == coins * exact(factor)


@given(written, written, st.integers(1, 50), st.integers(0, 50_000))
def test_finer_units_change_no_value(follower, other, times, coins) -> None:
    rules = Rules.of(likes_per_point=(follower, other), comment=0.1, gift_factors=[(9, 1.5), (None, 2)])
    finer = rules.at(rules.scale * times)
    for name in ("follower_like", "other_like", "comment", "follow", "share"):
        assert Fraction(getattr(finer, name), finer.scale) == Fraction(getattr(rules, name), rules.scale)
    assert Fraction(finer.gift(coins), finer.scale) == Fraction(rules.gift(coins), rules.scale)


def test_the_default_table_is_the_specifications() -> None:
    rules = Scoring().rules()
    prices = (1, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 299, 300, 999, 1000, 29_999)
    factors = (5, 5, 6, 6, 7, 7, 8, 8, 10, 10, 15, 15, 20, 20, 30, 30)
    assert [Fraction(rules.gift(price), rules.scale) for price in prices] == [
        price * factor for price, factor in zip(prices, factors, strict=True)
    ]
    assert Fraction(rules.follower_like, rules.scale) == Fraction(1, 10)
    assert Fraction(rules.other_like, rules.scale) == Fraction(1, 15)
    assert (rules.comment, rules.follow, rules.share) == (0, 0, 0)


@given(st.lists(st.integers(0, 10_000), max_size=200))
def test_likes_add_up_in_any_portions(counts) -> None:
    rules = Scoring().rules()
    units = sum(count * rules.other_like for count in counts)
    assert Fraction(units, rules.scale) == Fraction(sum(counts), 15)


def test_ten_million_fifteenths_are_exactly_that() -> None:
    rules = Scoring().rules()
    units, like = 0, rules.other_like
    for _ in range(10_000_000):
        units += like
    assert Fraction(units, rules.scale) == Fraction(10_000_000, 15)
    assert shown(units, rules.scale) == 666_667


@given(st.integers(0, 10**15), st.integers(1, 1_000_000))
@example(0, 30)
@example(1, 30)
@example(30, 30)
@example(31, 30)
def test_points_are_shown_rounded_up_and_only_nothing_as_nothing(units, scale) -> None:
    assert shown(units, scale) == math.ceil(Fraction(units, scale))
    assert (shown(units, scale) == 0) == (units == 0)
