"""Help opens above dialogs, too, and tells what can be done there."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, chat, every_state
from tests.ui.test_event_and_search import detail, text_of
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.help import Help, joined


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_the_details_of_an_event_are_explained(console, key) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello")])
    backend.details[1] = detail()
    app = console(backend)
    async with app.run_test(size=(120, 60)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, EventDetails) and "←→ branches" in text_of(app))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Help))
        said = text_of(app)
        # The dialog and the list in it, and no key of what is below.
        for told in ("Everything that is known about one event", "right opens a branch", "Copy all of it as JSON"):
            assert told in said
        assert "Save the settings" not in said and "Here" in said
        assert said.index("right opens a branch") < said.index("Everything that is known")
        await pilot.press("escape")
        assert isinstance(app.screen, EventDetails)


@pytest.mark.parametrize("opener", ["a", "f3", "t"])
async def test_where_text_is_typed_a_question_mark_is_a_question_mark(console, opener) -> None:
    app = console(FakeBackend(every_state()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press(opener)
        await until(pilot, lambda: isinstance(app.focused, Input))
        dialog, field = app.screen, app.focused
        await pilot.press("question_mark")
        assert app.screen is dialog and field.value.endswith("?")  # type: ignore[union-attr]
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("escape")
        assert app.screen is dialog


@pytest.mark.parametrize("opener", ["ctrl+q", "i", "O", "S"])
async def test_every_dialog_has_help_and_keys_below_stay_silent(console, opener) -> None:
    app = console(FakeBackend(every_state()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press(opener, "f1")
        await until(pilot, lambda: isinstance(app.screen, Help))
        assert len(app.screen_stack) == (2 if opener == "S" else 3)
        await pilot.press("escape", "f3")
        assert not isinstance(app.screen, Help)


async def test_the_palette_has_no_help_of_ours(console) -> None:
    app = console(FakeBackend(every_state()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("ctrl+p", "f1")
        await pilot.pause()
        assert not isinstance(app.screen, Help)


def test_sections_of_one_heading_are_one() -> None:
    key = [("a", "does")]
    assert joined([("Here", "list", key), ("Here", "dialog", key), ("Everywhere", "", key)]) == [
        ("Here", "list\n\ndialog", key + key),
        ("Everywhere", "", key),
    ]
    assert joined([("Here", "", key), ("Here", "dialog", key)])[0][1] == "dialog"
