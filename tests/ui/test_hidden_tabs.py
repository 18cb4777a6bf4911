"""Tabs that are chosen while the log is hidden are drawn with columns of their own."""

from __future__ import annotations

import logging

import pytest

from tests.ui.conftest import started, ticked
from tests.ui.fakes import FakeBackend, chat, event, every_state, rare_events
from tests.ui.test_tabs import ANA, row_of
from tui_live.core.events import ChatData
from tui_live.ui.tab_line import cell_text
from tui_live.ui.tabs import tab_named


@pytest.fixture
def noisy() -> FakeBackend:
    """Every type of event, often enough to be scrolled."""
    backend = FakeBackend(every_state())
    for _ in range(30):
        backend.log.append(0, [chat("hello", ANA), *rare_events()])
    return backend


@pytest.mark.parametrize(
    ("size", "there", "away", "back"),
    [
        ((80, 24), ("3", "up"), ("9", "9", "9", "g"), ("3",)),
        ((80, 24), ("3", "up"), ("4", "up", "g"), ("3",)),
        ((80, 24), ("2", "up"), ("3", "up", "1"), ("2",)),
        ((80, 24), ("3", "up"), ("2", "up", "g"), ("3",)),
        ((120, 40), ("2", "up"), ("8", "8", "8", "0", "z"), ("2",)),
        ((120, 40), ("2", "up"), ("3", "up", "g", "z"), ("l", "z", "2")),
    ],
)
async def test_a_tab_chosen_again_from_elsewhere_is_drawn(console, noisy, caplog, size, there, away, back) -> None:
    app = console(noisy)
    with caplog.at_level(logging.ERROR):
        async with app.run_test(size=size) as pilot:
            await started(pilot)
            for keys in (there, away, back):
                await pilot.press(*keys)
                await ticked(pilot)
            log = app.main.log_pane.log_view
            assert log.view.rows
            for y in range(len(log.view.rows)):
                assert log.render_line(y).cell_length == log.size.width
    assert not caplog.records


def test_a_cell_that_fails_ends_nothing(caplog) -> None:
    [column] = [column for column in tab_named("gifts").columns if column.title == "gift"]
    row = row_of(event(ChatData("hi"), text="hi", who=ANA))
    assert [cell_text(row, column) for _ in range(3)] == ["?"] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "the column gift of a line of type chat cannot be drawn"
    ]
