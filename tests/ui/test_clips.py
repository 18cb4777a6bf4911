"""The clip ledger in the console: what it lists, plays, renames and deletes, and what it says when that cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec import structs
from textual.widgets import Input

from tests.ui.conftest import started, until
from tests.ui.fake_clips import READY, cause, chat_before, clip
from tests.ui.fakes import NOW_MS
from tests.ui.scored import screen_text, toasts
from tui_live.core.clips import ClipState
from tui_live.errors import ClipError
from tui_live.ui import opening
from tui_live.ui.clip_facts import fact_lines
from tui_live.ui.clip_row import reason_of, rows_of
from tui_live.ui.format import broken
from tui_live.ui.screens.clips import Clips
from tui_live.ui.screens.dialogs import AskLine, Confirm
from tui_live.ui.widgets.prompt import Prompt

ABSENT = "OBS is not running at localhost:4455"


@pytest.fixture
def clipped(scored):
    three = (cause("gift-1000", nickname="Ana"), cause(who="king", nickname="👑 King", message="please clip that"))
    scored.clips.obs = READY
    scored.clips.put(
        clip(90),
        clip(91, ClipState.FAILED, reason=ABSENT, causes=(cause("gg", "bob"),)),
        clip(92, causes=(*three, cause("amazing", "sakura")), chat=chat_before(("Ana", "hello"), ("bob", "wow"))),
    )
    return scored


async def opened(pilot) -> Clips:
    await started(pilot)
    await pilot.press("k")
    screen = pilot.app.screen
    assert isinstance(screen, Clips)
    await until(pilot, lambda: screen.list._started)
    await pilot.pause()
    return screen


async def test_the_newest_is_selected_with_all_who_asked_and_what_was_said_before(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "2 messages in 30 s" in screen_text(app))
        shown = screen_text(app)
        for words in ("gift-1000  Ana (@ana)", "clip that  👑 King (@king): please clip that", "amazing  @sakura"):
            assert words in shown
        assert "2 messages in 30 s, the newest first" in shown
        assert shown.index("bob: wow") < shown.index("Ana: hello")
        assert "1 of 3 clips failed" in shown.splitlines()[0]
        assert "3   OBS ● replay" in shown.splitlines()[0]
        await pilot.press("down")
        await until(pilot, lambda: f"why           {ABSENT}" in screen_text(app))
        clipped.clips.put(clip(93, ClipState.REQUESTED))
        screen.tick()
        await until(pilot, lambda: screen.list.row_count() == 4)
        assert screen.list.selected.clip.number == 91


async def test_nothing_is_read_while_nothing_changes(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        asked = []
        screen.look = asked.append
        screen.tick()
        assert not asked


def test_failures_that_come_together_are_one_row() -> None:
    def failed(number: int, at_s: int, reason: str = ABSENT):
        return clip(number, ClipState.FAILED, reason=reason, causes=(cause(), cause())), at_s

    made = [failed(n, -n * 50) for n in range(1, 9)] + [failed(9, -900), failed(10, -910, "another"), (clip(11), -911)]
    rows = rows_of([structs.replace(one, requested_ms=NOW_MS + at * 1000) for one, at in made])
    assert [len(row.clips) for row in rows] == [8, 1, 1, 1]
    assert len(rows[0].causes) == 16


def test_a_burst_ends_after_ten_minutes_and_grows_at_its_end() -> None:
    at = [n * 50_000 for n in range(20)]
    made = [clip(n, ClipState.FAILED, reason=ABSENT, causes=(cause(stream=f"s{n}"),)) for n in range(20)]
    ledger = [structs.replace(one, requested_ms=NOW_MS + ms) for one, ms in zip(made, at, strict=True)]
    assert [len(row.clips) for row in rows_of(ledger[::-1])] == [7, 13]
    burst = rows_of(ledger[::-1])[1]
    assert [one.number for one in burst.clips] == list(range(12, -1, -1))
    assert reason_of(burst) == f"13 failed in 10:00: {ABSENT}"
    told = [fact.value for fact in fact_lines(burst, None, "")]
    assert any(value.endswith(", 13 clips in 10:00") for value in told)
    assert "+12 streams: @s11, @s10, @s9, @s8, @s7, …" in told


async def test_a_filter_is_tried_while_it_is_typed(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"failed")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await pilot.press("enter")
        await until(pilot, lambda: not app.screen.query(Prompt))
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 3)
        await pilot.press("slash", *"nothing like it", "enter")
        await until(pilot, lambda: "No clip matches." in screen_text(app))


async def test_renaming_begins_with_the_old_name(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("f2")
        assert isinstance(app.screen, AskLine)
        assert app.screen.query_one(Input).value == "ana_clip-that_2026-11-20_08-92-06_PM"
        app.screen.query_one(Input).value = "best of"
        await pilot.press("enter")
        await until(pilot, lambda: toasts(app) == ["renamed to best of.mkv"])
        await until(pilot, lambda: "best of.mkv" in screen_text(app).splitlines()[2])
        clipped.clips.put(clip(93))
        app.screen.tick()
        await until(pilot, lambda: app.screen.list.row_count() == 4)
        assert app.screen.list.selected.clip.number == 92


async def test_deleting_asks_and_the_entry_stays(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("d", "enter")
        await until(pilot, lambda: isinstance(app.screen, Clips))
        assert not clipped.clips.done
        await pilot.press("d")
        assert isinstance(app.screen, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: ("delete", 92) in clipped.clips.done)
        await until(pilot, lambda: "deleted by the operator" in screen_text(app).splitlines()[2])


async def test_a_clip_without_a_file_says_why(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for key in ("enter", "r", "d", "y", "f"):
            await pilot.press("home", "down", key)
            assert isinstance(app.screen, Clips)
        assert set(toasts(app)) == {ABSENT}
        assert not clipped.clips.done


async def test_path_and_address_are_copied(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("y")
        assert app.clipboard == "/home/ana/clips/ana_clip-that_2026-11-20_08-92-06_PM.mkv"
        await pilot.press("Y")
        assert app.clipboard == "http://127.0.0.1:8088/replays/#92"
        clipped.clips.served = ""
        await pilot.press("Y")
        assert toasts(app)[-1] == "no pages are served here (O says why)"


async def test_on_a_machine_without_a_screen_the_address_is_offered(console, clipped, monkeypatch) -> None:
    monkeypatch.setattr(opening, "opener", lambda: None)
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: toasts(app) == ["Y copies http://127.0.0.1:8088/replays/#92 for a browser"])


@pytest.mark.skipif(sys.platform == "win32", reason="there the shell opens files")
async def test_the_systems_opener_gets_the_file_or_its_folder(console, clipped, monkeypatch, tmp_path) -> None:
    program = tmp_path / "opener"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/new"\nmv "{tmp_path}/new" "{tmp_path}/opened"\n')
    program.chmod(0o755)
    monkeypatch.setattr(opening, "opener", lambda: str(program))
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for key, target in (("enter", "ana_clip-that_2026-11-20_08-92-06_PM.mkv"), ("f", "clips")):
            await pilot.press(key)
            await until(pilot, lambda name=target: f"opening {name}" in toasts(app))
            assert (tmp_path / "opened").read_text().endswith(target)


@pytest.mark.skipif(sys.platform == "win32", reason="there the shell opens files")
async def test_an_opener_that_knows_no_program_is_told(monkeypatch) -> None:
    monkeypatch.setattr(opening, "opener", lambda: "/bin/false")
    with pytest.raises(opening.OpeningError, match="No program is set up"):
        await opening.open_file(Path("/x.mkv"))
    monkeypatch.setattr(opening, "opener", lambda: "/nowhere/xdg-open")
    with pytest.raises(opening.OpeningError, match="cannot be started"):
        await opening.open_file(Path("/x.mkv"))


def test_nobody_sees_a_player_without_a_display(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert opening.opener() is None


async def test_a_ledger_that_cannot_be_read_says_why(console, clipped) -> None:
    async def refuse(text: str = "", limit: int = 200, before: int | None = None):
        raise ClipError("A replay saves no clips", "open tui-live without replay for that")

    clipped.clips.clips = refuse
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "A replay saves no clips" in screen_text(app)


def test_long_lines_break_between_words_and_lose_nothing() -> None:
    assert broken("one two three", 8) == ["one two", "three"]
    assert broken("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert broken("さくらさくら", 5) == ["さく", "らさ", "くら"]
    assert broken("", 4) == []


async def test_the_key_bar_says_what_leads_out_of_the_list_first(console, clipped) -> None:
    app = console(clipped)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        keys = screen_text(app).splitlines()[-1]
        for key in ("tab details", "/ filter", "esc back"):
            assert key in keys
