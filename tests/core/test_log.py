"""The log keeps the last lines, in order, cheaply."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fakes import NOW_MS, chat, some_events
from tui_live.core.log import COINS, NICKNAME, NOTE, STREAM, TEXT, TYPE, LogModel


def _texts(model: LogModel) -> list[str]:
    rows = [model.row(seq) for seq in range(model.first_seq, model.next_seq)]
    return [row[TEXT] for row in rows if row is not None]


@given(st.lists(st.integers(0, 7), max_size=30), st.integers(1, 9))
def test_the_last_lines_are_kept_in_order_whatever_the_batches(batches, capacity) -> None:
    model = LogModel(capacity)
    said: list[str] = []
    for size in batches:
        texts = [str(len(said) + n) for n in range(size)]
        said += texts
        model.append(0, [chat(text) for text in texts])
    assert _texts(model) == said[-capacity:]
    assert model.total == len(said)
    assert model.first_seq == max(0, len(said) - capacity)
    assert model.row(model.first_seq - 1) is None
    assert model.row(model.next_seq) is None


def test_rows_say_what_an_event_was() -> None:
    model = LogModel()
    model.name_stream(3, "alice")
    model.append(3, some_events(300))
    rows = [model.row(seq) for seq in range(300)]
    gifts = [row for row in rows if row and row[TYPE] == "gift"]
    assert gifts
    assert all(row[COINS] > 0 and "×" in row[TEXT] and row[NICKNAME] for row in gifts)
    assert {row[STREAM] for row in rows if row} == {3}
    assert model.stream_name(3) == "alice"
    assert model.stream_name(4) == ""


def test_notes_are_lines_of_their_own() -> None:
    model = LogModel()
    model.note(1, "offline: not live", NOW_MS)
    row = model.row(0)
    assert row is not None
    assert (row[TYPE], row[TEXT], row[STREAM]) == (NOTE, "offline: not live", 1)


def test_clearing_empties_the_view_and_numbers_go_on() -> None:
    model = LogModel()
    model.append(0, some_events(10))
    model.clear()
    assert model.first_seq == model.next_seq == 10
    assert model.row(9) is None
    model.append(0, [chat("after")])
    assert _texts(model) == ["after"]


def test_a_snapshot_stands_still() -> None:
    model = LogModel(4)
    model.append(0, [chat(str(n)) for n in range(4)])
    snapshot = model.snapshot()
    model.append(0, [chat(str(n)) for n in range(4, 12)])
    kept = [snapshot.row(seq) for seq in range(snapshot.first_seq, snapshot.next_seq)]
    assert [row[TEXT] for row in kept if row] == ["0", "1", "2", "3"]


def test_appending_costs_two_microseconds_at_most() -> None:
    events = some_events(1000)
    model = LogModel()
    best = 1.0
    for _ in range(20):
        start = time.perf_counter()
        model.append(0, events)
        best = min(best, time.perf_counter() - start)
    assert best / len(events) < 2e-6
