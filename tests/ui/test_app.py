"""The app paints first, survives bad settings and bad starts, and says what needs a person."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys

import msgspec
import pytest
from textual.widgets._toast import Toast, ToastHolder

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, every_state, some_events, view
from tui_live.core.status import Health, State
from tui_live.errors import StoreError
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens.dialogs import Failure
from tui_live.ui.themes import DARK, LIGHT


async def test_the_screen_is_painted_before_the_engine_is_made() -> None:
    go = asyncio.Event()
    seen: list[str] = []

    async def start(spawn):
        seen.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))
        await go.wait()
        return FakeBackend()

    app = TuiLiveApp(start, animations="none")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: seen)
        assert "TUI Live" in seen[0]
        assert "starting …" in seen[0]
        assert app.backend is None
        await pilot.press("tab", "a", "question_mark", "escape")
        go.set()
        await started(pilot)


async def test_tasks_of_the_engine_are_named_workers_and_may_fail_alone() -> None:
    workers = []

    async def good() -> int:
        return 7

    async def bad() -> None:
        raise ValueError("no")

    async def start(spawn):
        workers.extend([spawn(good(), "good"), spawn(bad(), name="bad")])
        return FakeBackend()

    app = TuiLiveApp(start, animations="none")
    async with app.run_test() as pilot:
        await started(pilot)
        await until(pilot, lambda: all(worker.is_finished for worker in workers))
        assert workers[0].result == 7
        assert [worker.name for worker in workers] == ["good", "bad"]
        assert {worker.group for worker in workers} == {"engine"}
        assert isinstance(workers[1].error, ValueError)
        assert app.is_running


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (StoreError("[/oops] the database is in use", "close the other TUI Live"), 2, "[/oops] the database is in use"),
        (RuntimeError("boom"), 1, "boom"),
    ],
)
async def test_a_start_that_fails_says_why_and_ends(error, code, says) -> None:
    async def start(spawn):
        raise error

    app = TuiLiveApp(start, animations="none")
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, Failure))
        await until(pilot, lambda: app.screen.query(".dialog-title"))
        assert says in str(app.screen.query(".dialog-title").first().render())
        await pilot.press("enter")
        await until(pilot, lambda: app.return_code == code)


async def test_a_bad_theme_is_told_and_a_good_one_taken(console, backend) -> None:
    app = console(backend, theme="[/nonsense]")
    async with app.run_test() as pilot:
        await started(pilot)
        assert app.theme == DARK
        assert any("[/nonsense]" in note.message for note in app._notifications)
    for name in (LIGHT, "nord", "textual-light"):
        app = console(backend, theme=name)
        async with app.run_test() as pilot:
            await started(pilot)
            assert app.theme == name


async def test_a_stream_that_needs_a_person_is_told_once(console) -> None:
    backend = FakeBackend([view("alice", 0)])
    app = console(backend, notifications=True)
    async with app.run_test() as pilot:
        await started(pilot)
        backend.views = [view("alice", 0, State.BLOCKED, "[/age] restricted \x1b]0;x\x07")]
        app.main.tick()
        app.main.tick()
        await until(pilot, lambda: len(app._notifications))
        notes = list(app._notifications)
        assert [(note.title, note.markup) for note in notes] == [("alice is blocked", False)]
        assert "\x1b" not in notes[0].message
        app.notifications = False
        backend.views = [view("alice", 0, State.FAILED, "five errors")]
        app.main.tick()
        await pilot.pause()
        assert len(app._notifications) == 1


async def test_trouble_of_the_recorder_is_told(console, backend) -> None:
    app = console(backend, notifications=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        backend.state = Health(trouble="the disk is full")
        app.main.tick()
        await until(pilot, lambda: any(note.message == "the disk is full" for note in app._notifications))


async def test_copying_reaches_the_terminal_around_tmux(console, backend, monkeypatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-1000/default,1,0")
    app = console(backend)
    async with app.run_test() as pilot:
        await started(pilot)
        written: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        app.copy_to_clipboard("héllo \x1b")
        encoded = base64.b64encode("héllo \x1b".encode()).decode()
        assert written == [f"\x1b]52;c;{encoded}\a", f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\a\x1b\\"]


async def test_nothing_is_repainted_while_nothing_happens(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log, streams = app.main.log_pane.log_view, app.main.streams.list
        painted: list[object] = []
        log.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[method-assign]
        streams.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[method-assign]
        for _ in range(5):
            log.tick()
            app.main.tick()
        assert painted == []
        backend.views[1] = msgspec.structs.replace(backend.views[1], viewers=311)
        app.main.tick()
        assert len(painted) == 1
        assert len(painted[0]) == 1  # type: ignore[arg-type] -- one row, not the list
        backend.log.append(0, some_events(500))
        log.tick()
        assert len(painted) == 2


async def test_a_selection_stays_on_its_stream_when_others_go(console) -> None:
    backend = FakeBackend([view(f"stream{n}", n) for n in range(400)])
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        streams = app.main.streams.list
        await pilot.press(*["down"] * 60)
        await backend.remove_stream("stream5")
        app.main.tick()
        assert streams.selected is not None
        assert streams.selected.name == "stream60"
        shown = "\n".join(strip.text for strip in streams._shown)
        assert "▸● stream60" in shown


async def test_the_mouse_selects_scrolls_and_follows(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        streams, log = app.main.streams.list, app.main.log_pane.log_view
        await pilot.click(streams, offset=(5, 3))
        assert streams.selected is not None
        assert streams.selected.name == "carol_the_great"
        await pilot.click(log, offset=(20, 5))
        assert app.focused is log
        assert log.view.selected == log.view.rows[5]
        width, height = log.size
        backend.log.append(0, some_events(100))
        log.tick()
        await pilot.click(log, offset=(width - 4, height - 1))
        assert log.view.follow
        await pilot.mouse_down(log, offset=(width - 1, 0))
        assert log.view.top == 0
        await pilot.mouse_up(log, offset=(width - 1, 0))
        await pilot.click("#keys", offset=(2, 0))
        assert log.view.follow


def test_the_console_imports_nothing_heavy() -> None:
    heavy = (
        "TikTokLive",
        "aiohttp",
        "aiosqlite",
        "google.protobuf",
        "textual.widgets._markdown",
        "tui_live.core.trends",
    )
    code = f"import sys, tui_live.ui.app; print([name for name in {heavy} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_every_state_has_a_shape() -> None:
    from tui_live.ui.states import GLYPHS

    assert set(GLYPHS) == set(State)
    assert {one.standing.state for one in every_state()} | {State.CHECKING, State.FAILED} == set(State)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_every_cell_has_a_background_of_the_theme(console, backend, size) -> None:
    """Textual paints none below ``render_line``: a cell without one shows the terminal's own, whatever it is."""
    app = console(backend, theme=LIGHT)
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        await pilot.press("shift+tab", "up", "tab", "down")
        for y, strip in enumerate(app.screen._compositor.render_strips()):
            for segment in strip:
                assert segment.style is not None, (y, segment)
                assert segment.style.bgcolor is not None, (y, segment)


async def test_the_log_repaints_less_often_below_a_dialog(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("enter")
        painted: list[object] = []
        log.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[method-assign]
        for _ in range(20):
            backend.log.append(0, some_events(50))
            log.tick()
        assert len(painted) == 2


async def test_what_is_said_again_takes_the_place_of_its_first_copy(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await started(pilot)
        for _ in range(3):
            app.tell("again", title="the same")
            app.notify("copied", timeout=60, markup=False)
        app.tell("again", title="another")
        await until(pilot, lambda: len(app.screen.query(Toast)) == 3)
        await until(pilot, lambda: len(app.screen.query(ToastHolder)) == 3)
        first = next(iter(app._notifications))
        app.tell("again", title="the same")
        await until(pilot, lambda: first not in app._notifications)
        await until(pilot, lambda: len(app.screen.query(ToastHolder)) == 3)
        assert [note.title for note in app._notifications] == ["", "another", "the same"]
