"""Keys that come in the same instant act one after another, each on what the one before has opened."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from tests.ui.conftest import started, until
from tests.ui.scored import toasts
from tui_live.core.board import Deed
from tui_live.ui.screens.dialogs import AskLine
from tui_live.ui.screens.main import MainScreen


def at_once(app, *keys: str) -> None:
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_an_answer_that_is_typed_with_the_question_answers_it(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        at_once(app, "g", "R", "y")
        await until(pilot, lambda: scored.recorded == [("alice", Deed.RESET_ALL)])
        assert isinstance(app.screen, MainScreen)
        assert app.clipboard == ""
        assert "copied" not in toasts(app)


async def test_a_name_that_is_typed_at_once_goes_into_the_field(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        at_once(app, "a", *"dan")
        app.post_message(events.Paste("iel"))
        await until(pilot, lambda: isinstance(app.screen, AskLine) and app.screen.query_one(Input).value == "daniel")
        at_once(app, "enter", "end", "d", "y")
        await until(pilot, lambda: scored.done == [("add", "daniel"), ("remove", "daniel")])


async def test_held_arrows_do_not_wait(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        at_once(app, *["down"] * 5)
        assert not app._waiting_keys
        await until(pilot, lambda: app.main.streams.list.cursor == 5)


@pytest.mark.parametrize("key", ["z", "f5"])
async def test_a_key_that_asks_for_nothing_keeps_no_other_waiting(console, backend, key) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        at_once(app, *[key] * 4, "down")
        await until(pilot, lambda: app.main.streams.list.cursor == 1)
        assert not app._waiting_keys
