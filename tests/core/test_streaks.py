"""Each gift of a streak counts once, however its messages arrive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.streaks import StreakLedger

ROSE = (7, 5655, 900)

streaks = st.dictionaries(
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 6)), st.integers(1, 60), min_size=1, max_size=8
)


@given(streaks, st.randoms(use_true_random=False), st.data())
def test_any_order_any_repeats_and_any_cuts_count_the_highest_repeat_count(totals, random, data) -> None:
    messages = []
    for key, total in totals.items():
        steps = data.draw(st.sets(st.integers(1, total), max_size=12)) | {total}
        messages += [
            (key, step, step == total and data.draw(st.booleans()))
            for step in steps
            for _ in range(random.randint(1, 3))
        ]
    random.shuffle(messages)
    ledger = StreakLedger()
    counted: dict = {}
    for key, count, end in messages:
        counted[key] = counted.get(key, 0) + ledger.growth(key, count, end)
    assert counted == totals


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30), st.integers(0, 30))
def test_a_restart_in_between_counts_nothing_twice(counts, cut) -> None:
    whole = StreakLedger()
    expected = sum(whole.growth(ROSE, count) for count in counts)
    before, after = StreakLedger(), StreakLedger()
    got = sum(before.growth(ROSE, count) for count in counts[:cut])
    for count in counts[:cut]:
        after.growth(ROSE, count)
    got += sum(after.growth(ROSE, count) for count in counts[cut:])
    assert got == expected == max(counts)


def test_a_missing_count_is_one_gift() -> None:
    assert StreakLedger().growth(ROSE, 0) == 1


def test_without_a_group_an_end_separates_streaks() -> None:
    ledger = StreakLedger()
    ungrouped = (7, 5655, 0)
    said = [(1, False), (3, False), (3, True), (3, True), (1, False), (2, True)]
    assert [ledger.growth(ungrouped, count, end) for count, end in said] == [1, 2, 0, 0, 1, 1]


def test_without_a_group_what_comes_late_begins_no_streak() -> None:
    ungrouped = (7, 5655, 0)
    for said, counts in (
        ([(5, True), (4, False), (3, False), (5, True)], [5, 0, 0, 0]),
        ([(5, False), (5, True), (5, False), (5, True)], [5, 0, 5, 0]),
        ([(5, True), (4, False), (1, False), (2, False), (3, True)], [5, 0, 1, 1, 1]),
        ([(5, True), (2, False), (3, False), (4, True)], [5, 0, 0, 4]),
        ([(5, True), (6, False), (7, True)], [5, 6, 1]),
        ([(1, True), (1, False), (2, True)], [1, 1, 1]),
    ):
        ledger = StreakLedger()
        assert [ledger.growth(ungrouped, count, end) for count, end in said] == counts


def test_without_a_group_tiktoks_clock_tells_what_is_late() -> None:
    ungrouped = (7, 5655, 0)
    for said, counts in (
        ([(5, True, 50), (4, False, 40), (5, False, 49), (5, True, 50)], [5, 0, 0, 0]),
        ([(5, True, 50), (2, False, 60), (5, False, 70), (5, True, 71)], [5, 2, 3, 0]),
        ([(5, False, 49), (5, True, 50), (5, False, 60), (5, True, 61)], [5, 0, 5, 0]),
        ([(5, True, 50), (6, False, 40)], [5, 6]),
    ):
        ledger = StreakLedger()
        assert [ledger.growth(ungrouped, *message) for message in said] == counts


def test_old_streaks_are_forgotten_not_hoarded(monkeypatch) -> None:
    monkeypatch.setattr("tui_live.core.streaks.REMEMBERED_STREAKS", 10)
    ledger = StreakLedger()
    for group in range(1, 50):
        ledger.growth((1, 1, group), 2)
    assert ledger.growth((1, 1, 49), 2) == 0
    assert ledger.growth((1, 1, 1), 2) == 2
