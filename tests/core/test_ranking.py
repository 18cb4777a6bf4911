"""The ranking says what a sorted list says, however it came about."""

from __future__ import annotations

import random
from bisect import bisect_left, insort

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tui_live.core import ranking as module
from tui_live.core.ranking import Ranking

#: Some are too large for a machine's word.
numbers = st.integers(-50, 50) | st.integers(-50, 50) | st.integers(-(2**70), 2**70)


class AgainstAList(RuleBasedStateMachine):
    """Buckets of four, so that they split and vanish all the time."""

    def __init__(self) -> None:
        super().__init__()
        self._full, module._FULL = module._FULL, 4
        self.ranking, self.plain = Ranking(), []

    def teardown(self) -> None:
        module._FULL = self._full

    @rule(entries=st.sets(numbers, max_size=40))
    def begin_anew(self, entries) -> None:
        self.ranking, self.plain = Ranking(entries), sorted(entries)

    @rule(entry=numbers)
    def add(self, entry) -> None:
        if entry not in self.plain:
            self.ranking.add(entry)
            insort(self.plain, entry)

    @precondition(lambda self: self.plain)
    @rule(data=st.data())
    def remove(self, data) -> None:
        entry = data.draw(st.sampled_from(self.plain))
        self.ranking.remove(entry)
        self.plain.remove(entry)

    @precondition(lambda self: self.plain)
    @rule(data=st.data(), to=numbers)
    def move(self, data, to) -> None:
        entry = data.draw(st.sampled_from(self.plain))
        if to not in self.plain:
            self.ranking.move(entry, to)
            self.plain.remove(entry)
            insort(self.plain, to)

    @rule(entry=numbers)
    def who_is_not_there_has_no_place(self, entry) -> None:
        if entry not in self.plain:
            with pytest.raises(KeyError):
                self.ranking.place(entry)
            with pytest.raises(KeyError):
                self.ranking.remove(entry)
            with pytest.raises(KeyError):
                self.ranking.move(entry, entry + 1)

    @rule(bound=numbers)
    def count_below(self, bound) -> None:
        assert self.ranking.count_below(bound) == bisect_left(self.plain, bound)

    @rule(start=st.integers(-3, 60), count=st.integers(-3, 60))
    def stretch(self, start, count) -> None:
        first = max(start, 0)
        assert self.ranking.stretch(start, count) == self.plain[first : first + max(count, 0)]

    @invariant()
    def places(self) -> None:
        assert len(self.ranking) == len(self.plain)
        assert [self.ranking.place(entry) for entry in self.plain] == list(range(len(self.plain)))


TestAgainstAList = AgainstAList.TestCase
TestAgainstAList.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thousands_of_changes_keep_the_order(seed) -> None:
    rng = random.Random(seed)
    entries = rng.sample(range(10**9), 5000)
    ranking = Ranking(entries[:3000])
    for entry in entries[3000:]:
        ranking.add(entry)
    present = set(entries)
    for _ in range(6000):
        gone = rng.choice(entries) if rng.random() < 0.5 else min(rng.sample(entries, 3))
        if gone in present:
            come = gone - rng.randrange(1, 10**8)
            present.discard(gone)
            if come in present:
                ranking.remove(gone)
            else:
                ranking.move(gone, come)
                present.add(come)
    plain = sorted(present)
    assert ranking.stretch(0, 10**6) == plain
    for entry in rng.sample(plain, 50):
        assert ranking.place(entry) == bisect_left(plain, entry)
        assert ranking.count_below(entry) == bisect_left(plain, entry)
        start = rng.randrange(len(plain))
        assert ranking.stretch(start, 60) == plain[start : start + 60]


def test_buckets_stay_few_while_scores_wander() -> None:
    rng = random.Random(1)
    entries = [(1 << 62) + number for number in range(20_000)]
    ranking = Ranking(entries)
    for _ in range(200_000):
        at = int(20_000 * rng.random() ** 3)
        # A step as scores make it; the last bits are whose entry it is.
        before, entries[at] = entries[at], entries[at] - (rng.randrange(1, 1000) << 32)
        ranking.move(before, entries[at])
    assert ranking.stretch(0, 20_000) == sorted(entries)
    assert len(ranking._buckets) < 10 * 20_000 / module._FULL
