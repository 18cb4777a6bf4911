"""Shares that follow each other: cascades, and chains as chance makes them."""

from __future__ import annotations

import itertools
import random

import pytest

from tests.core.sharing import at, result, steady
from tests.core.story import share
from tui_live.core.shares.cascades import by_chance


def test_a_cascade_is_a_chain_of_several_people_that_chance_does_not_make() -> None:
    chain = [share(1000 + 3 * number, 1 + number % 6) for number in range(12)]
    found = result(*steady(0, 3600, 600), *chain, until_s=3600)
    [cascade] = found.longest_cascades
    assert (found.cascades, cascade.shares, cascade.people) == (1, 12, 6)
    assert (at(cascade.start_ms), at(cascade.end_ms)) == (1000, 1033)
    assert found.chain_lengths == {1: 6, 12: 1}
    usual = 2 * 6.5 / (3600 - 33)
    assert cascade.by_chance_per_hour == pytest.approx(by_chance(usual, 10, 12) * 3600)


def test_somebody_who_shares_again_and_again_is_no_cascade() -> None:
    alone = result(*(share(1000 + number, 1) for number in range(12)), until_s=3600)
    assert (alone.cascades, alone.chain_lengths) == (0, {12: 1})


def test_chains_as_long_as_chance_makes_them_are_no_cascades_and_where_all_are_chained_none_are_known() -> None:
    found = result(*(share(6 * number, number) for number in range(600)), until_s=3600)
    assert (found.cascades, found.longest_cascades, found.chain_lengths) == (None, [], {600: 1})
    pairs = result(*(share(300 * pair + 2 * one, 2 * pair + one) for pair in range(12) for one in (0, 1)), until_s=3600)
    assert (pairs.cascades, pairs.chain_lengths) == (0, {2: 12})


def test_chance_makes_as_many_chains_as_is_said() -> None:
    rng = random.Random(5)
    now, times = 0.0, []
    while now < 400 * 3600:
        now += rng.expovariate(1 / 20)
        times.append(now)
    length, found = 1, 0
    for before, after in itertools.pairwise(times):
        length = length + 1 if after - before <= 10 else 1
        found += length == 4
    assert found / 400 == pytest.approx(by_chance(1 / 20, 10, 4) * 3600, rel=0.1)


@pytest.mark.parametrize("chains", [400, 700])
def test_all_cascades_are_counted_however_many(chains: int) -> None:
    story = [share(700 * chain + at / 2, 10 + at) for chain in range(chains) for at in range(12)]
    found = result(*story, until_s=700 * chains)
    assert (found.cascades, len(found.longest_cascades)) == (chains, 20)
    assert found.chain_lengths == {12: chains}
    usual = 2 * 0.5 / (chains * (700 - 5.5))
    assert found.longest_cascades[0].by_chance_per_hour == pytest.approx(by_chance(usual, 10, 12) * 3600)
