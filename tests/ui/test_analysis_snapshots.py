"""What shares and engagement look like. Look at a changed picture before accepting it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.pilot import Pilot

from tests.core.story import chat, gift, share, viewers
from tests.ui.analysed import Analysed, evening, evenings, told, under_way
from tests.ui.analysing import still
from tests.ui.conftest import started, until
from tests.ui.paged import hostile
from tests.ui.test_snapshots import SIZES, no_timers
from tui_live.core.analysis import Analysis
from tui_live.errors import StoreError
from tui_live.ui.screens.analysis import AnalysisScreen

__all__ = ["no_timers", "still"]

NARROW, MIDDLE, WIDE = SIZES
TALK = [chat(at * 7, at % 9, "en") for at in range(90)]


def showing(*keys: str):
    """Press keys, the first of which leads to the screen, which is read before the next."""

    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        for key in keys:
            await pilot.press(key)
            screen = pilot.app.screen
            if isinstance(screen, AnalysisScreen):
                await until(pilot, lambda screen=screen: screen.figures.read_s and not screen.reading)
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", ["h", "h3", "e", "e2"])
def test_an_evening_with_spikes(snap_compare, console, size, keys) -> None:
    app = console(Analysed(evening("spikes")))
    assert snap_compare(app, terminal_size=size, run_before=showing(*keys, *["down"] * (len(keys) > 1)))


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize("keys", ["h4", "e5"])
def test_an_evening_with_conversions(snap_compare, console, size, keys) -> None:
    app = console(Analysed(evening("conversions")))
    assert snap_compare(app, terminal_size=size, run_before=showing(*keys))


@pytest.mark.parametrize("keys", ["h2", "h6", "h7", "e3", "e4", "e6", "e7"])
def test_other_pages(snap_compare, console, keys) -> None:
    app = console(Analysed(evening("spikes")))
    assert snap_compare(app, terminal_size=NARROW, run_before=showing(*keys))


def test_cascades(snap_compare, console) -> None:
    app = console(Analysed(evening("cascades")))
    assert snap_compare(app, terminal_size=NARROW, run_before=showing("h", "5"))


@pytest.mark.parametrize(
    ("size", "keys"),
    [(NARROW, "ha"), (NARROW, "ha2"), (NARROW, "ha4"), (NARROW, "ea"), (NARROW, "ea2"), (WIDE, "ha3"), (WIDE, "ea3")],
)
def test_all_sessions(snap_compare, console, size, keys) -> None:
    app = console(Analysed(*evenings()))
    assert snap_compare(app, terminal_size=size, run_before=showing(*keys))


@pytest.mark.parametrize(
    ("name", "found", "keys"),
    [
        ("empty_shares", told(), "h"),
        ("empty_engagement", told(), "e"),
        ("one_share", told(share(30, 1)), "h"),
        ("one_comment", told(chat(30, 1)), "e"),
        ("share_free", told(*TALK, gift(50, 3), viewers(10, 12), viewers(400, 30)), "h"),
        ("gifts_of_one", told(*TALK, gift(50, 3)), "e4"),
        ("hostile_sharers", hostile(), "h3"),
        ("hostile_gifts", hostile(), "e4"),
        ("live", under_way(told(*TALK, share(30, 1))), "h"),
    ],
)
def test_little(snap_compare, console, name, found: Analysis, keys: Sequence[str]) -> None:
    assert snap_compare(console(Analysed(found)), terminal_size=NARROW, run_before=showing(*keys))


@pytest.mark.parametrize(("theme", "keys"), [("tui-live-light", "h"), ("ansi-dark", "h"), ("ansi-dark", "h6")])
def test_themes(snap_compare, console, theme, keys) -> None:
    app = console(Analysed(evening("spikes")), theme=theme)
    assert snap_compare(app, terminal_size=MIDDLE, run_before=showing(*keys))


def test_without_colour(snap_compare, console, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = console(Analysed(evening("spikes")))
    assert snap_compare(app, terminal_size=NARROW, run_before=showing("h", "2"))


def test_reading(snap_compare, console) -> None:
    backend = Analysed(evening("spikes"))
    backend.analyses.go_on.clear()
    backend.analyses.parts = (0.42,)

    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        await pilot.press("h")
        screen = pilot.app.screen
        assert isinstance(screen, AnalysisScreen)
        await until(pilot, lambda: screen.figures.part)
        screen._tell_progress()
        await pilot.pause()

    assert snap_compare(console(backend), terminal_size=NARROW, run_before=run)


@pytest.mark.parametrize("name", ["trouble", "none"])
def test_nothing_to_show(snap_compare, console, name) -> None:
    backend = Analysed(evening("spikes"))
    if name == "trouble":
        backend.analyses.trouble = StoreError("the database does not answer", "look at the disk: is it full?")
    assert snap_compare(console(backend), terminal_size=NARROW, run_before=showing(*["down"] * (name == "none"), "h"))
