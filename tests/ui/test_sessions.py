"""The list of past sessions in the console, on the real history of a database that the recorder wrote."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.binding import Binding

from tests.ui.conftest import started, until
from tests.ui.fakes import NOW_MS
from tests.ui.nights import HOUR, RULES, looked_into, opened
from tests.ui.test_event_and_search import text_of
from tui_live.core.past import PastSession
from tui_live.engine.history import History
from tui_live.errors import StoreError, StreamError
from tui_live.store import sessions
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.past_scores import PastBoard, PastPerson
from tui_live.ui.screens.dialogs import Confirm
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.sessions import Sessions
from tui_live.ui.screens.sessions_export import ExportDialog
from tui_live.ui.screens.sessions_opened import OpenedSession
from tui_live.ui.session_row import SessionColumns, draw_row, header
from tui_live.ui.widgets.fact_list import FactList
from tui_live.ui.widgets.past_events import PastEvents
from tui_live.ui.widgets.session_list import SessionList


@pytest.mark.parametrize(
    "owner", [SessionList, Sessions, OpenedSession, FactList, PastEvents, PastBoard, PastPerson, ExportDialog]
)
def test_every_binding_has_an_id_and_says_what_it_does(owner) -> None:
    for binding in Binding.make_bindings(owner.BINDINGS):
        assert binding.id, binding
        assert binding.tooltip, binding
    assert owner.HELP


@pytest.mark.parametrize("pane", [FactList, PastEvents, PastBoard])
def test_one_key_never_means_two_things(pane) -> None:
    keys = [
        binding.key for owner in (TuiLiveApp, OpenedSession, pane) for binding in Binding.make_bindings(owner.BINDINGS)
    ]
    assert len(keys) == len(set(keys))
    keys = [
        binding.key
        for owner in (TuiLiveApp, Sessions, SessionList)
        for binding in Binding.make_bindings(owner.BINDINGS)
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("width", range(12, 300, 7))
def test_a_row_fits_any_width(width) -> None:
    from rich.style import Style

    session = PastSession(
        "a2a2a2a2",
        "さくらチャンネルさくらチャンネル",
        NOW_MS,
        NOW_MS + 9 * HOUR,
        "interrupted",
        10**6,
        10**9,
        10**12,
        12,
        10**7,
    )
    columns = SessionColumns.for_width(width)
    segments = draw_row(session, columns, lambda name: Style(), "▸", NOW_MS)
    from rich.cells import cell_len

    assert sum(segment.cell_length for segment in segments) <= width
    assert cell_len(header(columns)) == width


async def test_s_shows_the_sessions_from_anywhere_and_escape_goes_back(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        for digit in ("0", "1", "g"):
            await started(pilot)
            await pilot.press(digit)
            screen = await opened(pilot)
            await pilot.press("s")
            assert app.screen is screen
            text = text_of(app)
            assert text.index("さくらチャンネル") < text.index("alice") < text.index("bob")
            assert "● " in text and "□ " in text and "■ " in text
            await pilot.press("escape")
            assert isinstance(app.screen, MainScreen)


async def test_a_filter_is_tried_while_it_is_typed_and_escape_takes_it_back(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"ALI end")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await pilot.press("enter")
        assert app.focused is screen.list
        assert "ALI end" in text_of(app)
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: "No session matches" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 3)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_an_empty_list_teaches(console, past, nights) -> None:
    app = console(past(nights))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "No sessions yet" in text_of(app))
        await pilot.press("enter", "r", "x", "d", "y")
        assert isinstance(app.screen, Sessions)


async def test_y_copies_the_key(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "y")
        assert app.clipboard == "a2a2a2a2"


async def test_d_asks_and_deletes(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("d")
        await until(pilot, lambda: any("under way" in toast.title for toast in app._notifications))
        assert app.screen is screen
        await pilot.press("down", "d")
        assert isinstance(app.screen, Confirm)
        text = text_of(app)
        for part in ("alice", "900 events", "2026-11-19 18:14:06"):
            assert part in text
        await pilot.press("enter")
        assert app.screen is screen
        await pilot.press("d", "n")
        assert screen.list.row_count() == 3
        await pilot.press("d", "y")
        await until(pilot, lambda: screen.list.row_count() == 2)
        assert [each.streamer for each in await three.history.sessions()] == ["さくらチャンネル", "bob"]


async def test_r_resumes_and_asks_first_where_another_session_would_end(console, past, three, monkeypatch) -> None:
    resumed: list[str] = []

    async def resume(key: str) -> str:
        if resumed:
            raise StreamError("it is under way", "nothing has to be resumed")
        resumed.append(key)
        return f"session {key} goes on"

    monkeypatch.setattr(three.history, "resume", resume)
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "r")
        assert isinstance(app.screen, Confirm)
        assert "its present session s1 ends here" in text_of(app)
        await pilot.press("escape", "r", "y")
        await until(pilot, lambda: resumed == ["a2a2a2a2"])
        await pilot.press("down", "r")
        await until(pilot, lambda: any("under way" in toast.title for toast in app._notifications))


async def test_a_replay_refuses_with_one_line(console, past, three) -> None:
    reading = History(three.path, RULES)
    backend = past(three)
    backend.history = reading
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert screen.list.row_count() == 3
        for key in ("r", "d"):
            await pilot.press("down", key)
            await until(pilot, lambda: [toast.title for toast in app._notifications] == ["This is a replay"])
            assert app.screen is screen
            app.clear_notifications()
    await reading.close()


async def test_x_exports_and_never_replaces_a_file(console, past, three, own_home) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "x")
        dialog = app.screen
        assert isinstance(dialog, ExportDialog)
        name = "alice-2026-11-19-1814"
        assert dialog.input.value == str(Path.cwd() / f"{name}.jsonl")
        await pilot.press("down", "down")
        assert dialog.input.value.endswith(f"{name}.csv")
        await pilot.press("up", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, Sessions))
        lines = (Path.cwd() / f"{name}.jsonl").read_text().splitlines()
        assert len(lines) == 900
        await until(pilot, lambda: any("900 events in" in toast.message for toast in app._notifications))
        await pilot.press("x")
        again = app.screen
        assert isinstance(again, ExportDialog)
        assert again.input.value.endswith(f"{name}-2.jsonl")
        for typed, said in (
            (str(Path.cwd() / f"{name}.jsonl"), "a file is there already"),
            (str(Path.cwd()), "this is a folder"),
            ("/no/such/folder/x.csv", "there is no folder"),
            ("", "nothing was typed"),
        ):
            again.input.value = typed
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in text_of(app))
        await pilot.press("escape")
        assert isinstance(app.screen, Sessions)


async def test_an_export_shows_how_far_it_is_and_can_be_stopped(console, past, three, monkeypatch, own_home) -> None:
    ended: list[bool] = []

    async def slow(key: str, kind: str, target: Path, progress: Any, *, raw: bool = False) -> int:
        progress(300, 900)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return 0

    monkeypatch.setattr(three.history, "export", slow)
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "x", "enter")
        await until(pilot, lambda: "33%  300 of 900 events" in text_of(app))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: bool(ended))
        assert isinstance(app.screen, Sessions)


async def test_what_the_database_refuses_is_said(console, past, three, monkeypatch) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise StoreError("the database is gone", "look for it")

    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        monkeypatch.setattr(three.history, "sessions", refuse)
        screen.look()
        await until(pilot, lambda: "the database is gone" in text_of(app))
        for name in ("facts", "open_board", "events"):
            monkeypatch.setattr(three.history, name, refuse)
        await pilot.press("enter", "4")
        await until(pilot, lambda: "the database is gone" in text_of(app))


async def test_hostile_names_draw_as_text(console, past, nights) -> None:
    await nights.record("[@click=app.quit]x[/oops]\x1b[31m", 3, 50)
    app = console(past(nights))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await looked_into(pilot)
        assert "\x1b" not in text_of(app)
        await pilot.press("d")
        assert isinstance(app.screen, Confirm)
        assert msgspec.structs.asdict(await nights.history.session((await nights.history.sessions())[0].id))


@pytest.mark.parametrize(
    ("size", "says"), [((80, 24), "◌ bob"), ((120, 40), "resumes "), ((200, 50), "resumes when live")]
)
async def test_a_session_that_waits_to_go_on_says_so(console, past, three, size, says) -> None:
    assert await sessions.wish(three.recorder, "bob", "b3b3b3b3")
    app = console(past(three))
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        assert says in text_of(app)
        await pilot.press("slash", *"resumes", "enter")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await looked_into(pilot)
        await until(pilot, lambda: "◌ goes on as soon as @bob is live" in text_of(app))
        assert "□ interrupted" in text_of(app)
