"""Follow never steals the scroll, and eviction never moves the text under a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fakes import chat
from tui_live.core.log import TEXT, LogModel
from tui_live.core.log_index import LogReader
from tui_live.ui.viewport import Viewport


def _say(model: LogModel, count: int) -> None:
    model.append(0, [chat(f"line {model.next_seq + n}") for n in range(count)])


def _window(model: LogModel, height: int = 10) -> Viewport:
    view = Viewport(LogReader(model))
    view.height = height
    view.update()
    return view


def _tick(view: Viewport) -> None:
    view.reader.catch_up()
    view.update()


@pytest.fixture
def model() -> LogModel:
    made = LogModel(2000)
    _say(made, 100)
    return made


def test_following_shows_the_newest_lines(model) -> None:
    view = _window(model)
    _say(model, 5)
    _tick(view)
    assert view.rows == list(range(95, 105))
    assert view.new == 0


def test_scrolling_up_leaves_follow_and_counts_what_is_new(model) -> None:
    view = _window(model)
    view.scroll(-3)
    before = list(view.rows)
    _say(model, 38)
    _tick(view)
    assert view.rows == before == list(range(87, 97))
    assert view.new == 38
    view.scroll(1000)
    assert view.follow
    assert view.new == 0


def test_lines_under_a_reader_stay_when_older_ones_are_evicted(model) -> None:
    view = _window(model)
    view.scroll(-20)
    before = list(view.rows)
    for _ in range(60):
        _say(model, 100)
        _tick(view)
    assert view.rows == before
    texts = [row[TEXT] for seq in view.rows if (row := view.reader.row(seq))]
    assert texts == [f"line {seq}" for seq in before]
    assert view.reader.paused  # held, because the lines were about to go
    assert view.new == 6000
    view.end()
    assert view.rows[-1] == model.next_seq - 1
    assert not view.reader.paused


def test_the_selection_moves_and_brings_itself_into_view(model) -> None:
    view = _window(model)
    view.move(-1)
    assert (view.selected, view.follow) == (99, False)
    for _ in range(12):
        view.move(-1)
    assert view.selected == 87
    assert view.selected in view.rows
    for _ in range(20):
        view.move(1)
    assert view.follow
    assert view.selected is None


def test_finding_goes_both_ways_and_says_when_there_is_no_more(model) -> None:
    view = _window(model)

    def sevens(row: object) -> bool:
        return "7" in str(row[TEXT])  # type: ignore[index]

    assert view.find(sevens, newer=False)
    assert view.selected == 97
    assert view.find(sevens, newer=False)
    assert view.selected == 87
    assert view.find(sevens, newer=True)
    assert view.selected == 97
    assert not view.find(sevens, newer=True)


def test_the_scrollbar_shows_where_the_window_is(model) -> None:
    view = _window(model)
    assert view.thumb() == (9, 10)
    view.home()
    assert view.thumb() == (0, 1)
    assert _window(LogModel()).thumb() == (0, 0)
    view.scroll_to_part(0.5)
    assert view.top == 45
    view.scroll_to_part(1.0)
    assert view.follow


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["say", "scroll", "move", "home", "end", "height", "pause", "part"]), st.integers(-30, 30)
        ),
        max_size=40,
    )
)
def test_the_window_is_always_a_run_of_lines_that_exist(steps) -> None:
    model = LogModel(700)
    view = _window(model, 8)
    for step, number in steps:
        if step == "say":
            _say(model, abs(number) * 9)
        elif step == "scroll":
            view.scroll(number)
        elif step == "move":
            view.move(number)
        elif step == "home":
            view.home()
        elif step == "end":
            view.end()
        elif step == "height":
            view.height = 1 + abs(number)
        elif step == "pause":
            view.reader.pause()
        else:
            view.scroll_to_part(number / 30)
        _tick(view)
        assert len(view.rows) == min(view.height, len(view.reader))
        assert view.rows == list(range(view.rows[0], view.rows[0] + len(view.rows))) if view.rows else True
        assert all(view.reader.row(seq) is not None for seq in view.rows)
        assert view.new >= 0
