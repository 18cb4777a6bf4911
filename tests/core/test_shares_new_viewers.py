"""How many come in for the first time after a share, where nobody, and where somebody does."""

from __future__ import annotations

import itertools
import random

import pytest

from tests.core.sharing import result, steady
from tests.core.story import join, share
from tui_live.core.events import Event


def crowd(seed: int, brought: int, shares_a_minute: float, joins_a_minute: float, front: float = 0) -> list[Event]:
    """An hour in which people come in by chance, ``front`` times more at first, and so many after each share."""
    rng = random.Random(seed)
    newcomers = itertools.count(10_000)
    chance = (joins_a_minute / 60 * (1 + front * 2 ** (-second / 120)) for second in range(3600))
    story = [join(second, next(newcomers)) for second, each in enumerate(chance) if rng.random() < each]
    now = rng.expovariate(shares_a_minute / 60)
    while now < 3600:
        story.append(share(now, rng.randrange(500)))
        story += [join(min(now + rng.uniform(0, 60), 3599), next(newcomers)) for _ in range(brought)]
        now += rng.expovariate(shares_a_minute / 60)
    return story


@pytest.mark.parametrize(
    ("shares_a_minute", "joins_a_minute", "front"), [(3, 20, 0), (0.5, 20, 0), (1, 5, 10), (1, 20, 10), (40, 20, 0)]
)
def test_shares_that_bring_nobody_have_no_new_viewers(shares_a_minute, joins_a_minute, front) -> None:
    for seed in range(4):
        found = result(*crowd(seed, 0, shares_a_minute, joins_a_minute, front), until_s=3600).new_viewers
        assert found.per_share is None or abs(found.per_share) < 1
        assert found.error is not None


@pytest.mark.parametrize(("shares_a_minute", "joins_a_minute", "brought"), [(3, 20, 2), (1, 4, 3)])
def test_shares_that_bring_people_have_as_many_new_viewers(shares_a_minute, joins_a_minute, brought) -> None:
    for seed in range(3):
        found = result(*crowd(seed, brought, shares_a_minute, joins_a_minute), until_s=3600).new_viewers
        assert found.per_share is not None and found.error is not None
        assert found.per_share == pytest.approx(brought, abs=3 * found.error)


def test_new_viewers_are_of_first_joins_and_of_what_was_observed_with_the_window_before() -> None:
    story = [*steady(70, 3600, 70), *(join(10 * number + 1, 5000 + number) for number in range(360))]
    again = [join(10 * number + 6, 5000 + number) for number in range(360)]
    found = result(*story, *again, until_s=3600, gaps=((1200, 1800),)).new_viewers
    assert (found.joins, found.minutes) == (48 * 6, 48.0)
    assert found.shares == sum(60 <= 70 * number < 1200 or 1860 <= 70 * number < 3600 for number in range(1, 51))


def test_too_few_shares_bring_nobody_knows_how_many() -> None:
    assert result(join(1, 1)).new_viewers.per_share is None
    four = [share(600 * number, number) for number in range(1, 5)]
    found = result(*four, *(join(30 * number, 100 + number) for number in range(120)), until_s=3600).new_viewers
    assert (found.per_share, found.error) == (None, None)
    always = result(*steady(0, 60, 5), join(1, 1), until_s=60).new_viewers
    assert (always.per_share, always.minutes) == (None, 0.0)
