"""Every key does what the help says, the help and the palette know every key, and keys can be changed."""

from __future__ import annotations

from typing import Any

import pytest
from textual.binding import Binding
from textual.widgets import Input

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, chat, every_state
from tui_live.core.status import State
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.palette import UNNAMED
from tui_live.ui.screens.clips import Clips
from tui_live.ui.screens.details import Details
from tui_live.ui.screens.dialogs import AskLine, Confirm, Failure
from tui_live.ui.screens.dry_run import DryRun, Matches, SessionChoice
from tui_live.ui.screens.engagement import EngagementScreen
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.help import Help
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.overlays import OverlayPages
from tui_live.ui.screens.person import PersonScreen
from tui_live.ui.screens.questions import Questions
from tui_live.ui.screens.search import Search
from tui_live.ui.screens.shares import SharesScreen
from tui_live.ui.screens.trigger import EditTrigger
from tui_live.ui.widgets.account_list import AccountList
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.choice_line import ChoiceLine
from tui_live.ui.widgets.clip_list import ClipFacts, ClipList
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.outline_view import OutlineView
from tui_live.ui.widgets.overlay_list import OverlayList
from tui_live.ui.widgets.page_view import PageView
from tui_live.ui.widgets.prompt import Prompt
from tui_live.ui.widgets.question_list import QuestionList
from tui_live.ui.widgets.streams_view import StreamsView
from tui_live.ui.widgets.triggers_pane import TriggersView

OWNERS = (
    *(BoardView, PersonScreen, AccountList, Questions, QuestionList),
    *(TuiLiveApp, MainScreen, StreamsView, LogView, Prompt, Help, Details, Confirm, AskLine, Failure),
    *(SharesScreen, EngagementScreen, PageView),
    *(EventDetails, OutlineView, Search, OverlayPages, OverlayList),
    *(TriggersView, EditTrigger, ChoiceLine, DryRun, SessionChoice, Matches, Clips, ClipList, ClipFacts),
)
#: What is offered in a replay only, and what is not offered there.
REPLAYED = {"replay.pause", "replay.faster", "replay.slower"}
NOT_REPLAYED = {"streams.add", "streams.toggle", "streams.remove", "streams.new_session"}
#: Keys that tmux, screen, terminals or flow control take.
TAKEN = {"ctrl+s", "ctrl+b", "ctrl+a", "ctrl+j", "ctrl+z", "ctrl+c"}


def _bindings(owner: Any) -> list[Binding]:
    return list(Binding.make_bindings(owner.BINDINGS))


@pytest.mark.parametrize("owner", OWNERS)
def test_every_binding_has_an_id_and_says_what_it_does(owner) -> None:
    for binding in _bindings(owner):
        assert binding.id, binding
        assert binding.tooltip, binding
        assert binding.key not in TAKEN
    assert owner is TuiLiveApp or owner is MainScreen or owner.HELP


@pytest.mark.parametrize("pane", [StreamsView, BoardView, TriggersView, LogView])
def test_one_key_never_means_two_things_in_a_pane(pane) -> None:
    bindings = [binding for owner in (TuiLiveApp, MainScreen, pane) for binding in _bindings(owner)]
    # Of space, the triggers have their own also in a replay.
    in_replay = NOT_REPLAYED | {"replay.pause"} if pane is TriggersView else NOT_REPLAYED
    for others in (REPLAYED, in_replay):
        keys = [binding.key for binding in bindings if binding.id not in others]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("digit", "pane", "title"),
    [
        ("0", StreamsView, "Streams"),
        ("g", BoardView, "Leaderboard"),
        ("T", TriggersView, "Triggers"),
        ("1", LogView, "Log"),
    ],
)
async def test_the_help_of_a_pane_documents_every_key(console, backend, digit, pane, title) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press(digit, "question_mark")
        assert isinstance(app.screen, Help)
        sections = app.screen._sections
        assert sections[0][0] == title
        assert sections[0][1] == pane.HELP
        told = {tooltip for _, _, keys in sections for _, tooltip in keys}
        offered = [each for owner in (TuiLiveApp, MainScreen, pane) for each in _bindings(owner)]
        assert told == {each.tooltip for each in offered if each.id not in REPLAYED}
        await pilot.press("escape", "f1")
        assert isinstance(app.screen, Help)


async def test_the_palette_finds_every_action(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        found = " ".join(command.help for command in app.get_system_commands(app.screen))
        for owner in (TuiLiveApp, MainScreen, StreamsView, BoardView, TriggersView, LogView):
            for binding in _bindings(owner):
                if binding.action.startswith(UNNAMED):
                    continue
                assert (binding.tooltip in found) is (binding.id not in REPLAYED)
        app.action_command_palette()
        await until(pilot, lambda: app.screen.focused is not None and isinstance(app.screen.focused, Input))
        await pilot.press(*"log: pause")
        await until(pilot, lambda: app.screen.query("CommandList").first().option_count == 1)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: app.main.log_pane.log_view.reader.paused)


async def test_keys_can_be_changed(console, backend) -> None:
    app = console(backend, keymap={"log.pause": "j", "main.zoom": "f5"})
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "p")
        assert not app.main.log_pane.log_view.reader.paused
        await pilot.press("j", "f5")
        assert app.main.log_pane.log_view.reader.paused
        assert app.screen.has_class("-zoom")


# Streams


async def test_a_stream_is_added_by_key_and_a_bad_name_is_said(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("a", *"two words", "enter")
        assert isinstance(app.screen, AskLine)
        assert "is no user name" in str(app.screen.query_one("#line-error").render())  # type: ignore[attr-defined]
        app.screen.query_one(Input).value = "@Zoe"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert backend.done == [("add", "zoe")]
        selected = app.main.streams.list.selected
        assert selected is not None
        assert selected.name == "zoe"


async def test_space_stops_and_starts(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("space")
        await until(pilot, lambda: backend.done == [("stop", "alice")])
        await pilot.press("space")
        await until(pilot, lambda: backend.done[1:] == [("start", "alice")])


@pytest.mark.parametrize(("key", "command"), [("d", "remove"), ("N", "new_session")])
async def test_what_ends_something_asks_first(console, backend, key, command) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press(key)
        assert isinstance(app.screen, Confirm)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert backend.done == []
        await pilot.press(key)
        await pilot.press("y")
        await until(pilot, lambda: backend.done == [(command, "alice")])


async def test_what_cannot_be_done_is_told(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("down", "N", "enter")
        await until(pilot, lambda: [note.title for note in app._notifications] == ["bob has no session"])


async def test_arrows_select_and_enter_opens_details(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        streams = app.main.streams.list
        await pilot.press("down", "down", "up")
        assert streams.selected is not None
        assert streams.selected.name == "bob"
        await pilot.press("end")
        assert streams.selected.name == "ivan"
        await pilot.press("home", "pagedown", "pageup", "enter")
        assert isinstance(app.screen, Details)
        shown = str(app.screen._body.render())
        for word in ("live", "1,234", "8,412", "3%", "duplicates", "undecodable", "gaps", "s1"):
            assert word in shown
        await pilot.press("y", "escape")
        assert "viewers: 1,234" in app.clipboard
        assert isinstance(app.screen, MainScreen)


# Log


async def test_follow_pause_empty(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("1", "up", "up")
        assert not log.view.follow
        backend.log.append(0, [chat("new")] * 38)
        log.tick()
        assert log._badge() == " +38 new ↓ "
        await pilot.press("f")
        assert log.view.follow
        await pilot.press("p")
        backend.log.append(0, [chat("newer")] * 2)
        log.tick()
        assert log._badge() == " ‖ paused  +2 new ↓ "
        await pilot.press("p")
        assert log.view.follow
        assert not log.reader.paused
        await pilot.press("home")
        assert log.view.rows[0] == backend.log.first_seq
        await pilot.press("pagedown", "pageup", "end")
        assert log.view.follow
        await pilot.press("x")
        assert len(log.reader) == 0
        backend.log.append(0, [chat("after")])
        log.tick()
        assert len(log.reader) == 1


async def test_a_line_opens_in_full_and_is_copied(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        backend.log.append(0, [chat("word " * 100 + "[/end]")])
        await pilot.press("2", "f", "up", "y", "enter")
        await until(pilot, lambda: isinstance(app.screen, EventDetails))
        assert app.clipboard.endswith("[/end]")
        await until(pilot, lambda: "[/end]" in "".join(strip.text for strip in app.screen._compositor.render_strips()))


async def test_filtering_is_tried_while_typing_and_escape_goes_back(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        everything = len(log.reader)
        await pilot.press("slash", *"type:gift")
        await until(pilot, lambda: log.filter.source == "type:gift")
        assert 0 < len(log.reader) < everything
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query(Prompt))
        assert log.filter.source == ""
        assert len(log.reader) == everything
        assert app.focused is log
        await pilot.press("slash", *"type:chat", "enter")
        await until(pilot, lambda: not app.screen.query(Prompt))
        assert log.filter.source == "type:chat"


async def test_a_bad_filter_is_said_and_the_one_before_stays(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("slash", *"rose", "enter", "slash", *" /(/", "enter")
        await until(pilot, lambda: "bad regular" in str(app.screen.query_one("#prompt-message").render()))  # type: ignore[attr-defined]
        assert log.filter.source == "rose"
        assert app.screen.query(Prompt)


async def test_searching_marks_and_jumps(console) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat(f"line {n} {'needle' if n in (10, 50) else 'hay'}") for n in range(100)])
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("ctrl+f", *"needle", "enter")
        await until(pilot, lambda: not app.screen.query(Prompt))
        assert log.view.selected == 50
        await pilot.press("B")
        assert log.view.selected == 10
        await pilot.press("n")
        assert log.view.selected == 50
        assert len(log.reader) == 100
        await pilot.press("escape")
        assert log.view.selected is None
        assert log.find.match is None


# Everywhere


async def test_panes_are_reached_by_tab_and_digit_and_zoom(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        streams, board, log = app.main.streams, app.main.board, app.main.log_pane
        triggers = app.main.triggers
        assert app.focused is streams.list
        await pilot.press("tab")
        assert app.focused is board.list
        await pilot.press("tab")
        assert app.focused is triggers.list
        await pilot.press("tab")
        assert app.focused is log.log_view
        await pilot.press("T")
        assert app.focused is triggers.list
        await pilot.press("shift+tab", "shift+tab")
        assert app.focused is streams.list
        await pilot.press("z")
        assert (streams.display, board.display, log.display) == (True, False, False)
        await pilot.press("g")
        assert (streams.display, board.display, log.display) == (False, True, False)
        assert board.list.size.width == 120
        await pilot.press("1")
        assert (streams.display, log.display) == (False, True)
        assert log.log_view.size.width == 120
        await pilot.press("escape")
        assert (streams.display, log.display) == (True, True)


async def test_a_narrow_screen_shows_one_pane_at_a_time(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        panes = (app.main.streams, app.main.board, app.main.triggers, app.main.log_pane)

        def shown() -> list[bool]:
            return [pane.display for pane in panes]

        assert shown() == [True, False, False, False]
        await pilot.press("2")
        assert shown() == [False, False, False, True]
        await pilot.press("g")
        assert shown() == [False, True, False, False]
        await pilot.press("tab")
        assert shown() == [False, False, True, False]
        await pilot.press("tab", "tab")
        assert shown() == [True, False, False, False]
        for pane, at in (("Log", 3), ("Board", 1), ("Triggers", 2)):
            await pilot.click("#tabs", offset=(app.main.tabs.render_line(0).text.index(pane), 0))
            assert shown() == [at == place for place in range(4)]
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: shown() == [True, True, True, True])


async def test_saving_and_notifications(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("S")
        await until(pilot, lambda: backend.done == [("save", "")])
        assert [note.message for note in app._notifications] == ["saved to config.yaml"]
        await pilot.press("exclamation_mark")
        assert app.notifications
        backend.done = [("broken", "")]
        await pilot.press("S")
        await until(pilot, lambda: any(note.title == "cannot write config.yaml" for note in app._notifications))


async def test_quitting_asks_while_a_stream_is_live_and_closes_the_engine(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert backend.closed == 0
        await pilot.press("ctrl+q", "y")
        await until(pilot, lambda: backend.closed)
    assert backend.closed == 1


async def test_quitting_at_rest_does_not_ask(console) -> None:
    backend = FakeBackend([one for one in every_state() if one.standing.state != State.LIVE])
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: backend.closed)
    assert backend.closed == 1
