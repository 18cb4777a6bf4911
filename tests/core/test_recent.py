"""A message id counts once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.recent import RecentIds


@given(st.lists(st.integers(1, 40)))
def test_each_id_is_new_once_while_it_is_remembered(ids) -> None:
    recent = RecentIds(size=100)
    assert [recent.is_new(msg_id) for msg_id in ids] == [msg_id not in ids[:at] for at, msg_id in enumerate(ids)]


def test_at_least_the_last_ids_are_known_and_memory_is_bounded() -> None:
    recent = RecentIds(size=100)
    for msg_id in range(1, 1001):
        assert recent.is_new(msg_id)
    assert not any(recent.is_new(msg_id) for msg_id in range(901, 1001))
    assert recent.is_new(1)


def test_ids_of_an_earlier_run_are_not_new() -> None:
    assert not RecentIds([5, 6]).is_new(6)


def test_messages_without_an_id_are_always_new() -> None:
    recent = RecentIds()
    assert recent.is_new(0)
    assert recent.is_new(0)
