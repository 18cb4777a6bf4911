"""The pages for OBS: addresses to copy, who shows them, and what is wrong with them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.ui.conftest import pressing, started, ticked, until
from tests.ui.fakes import NOW_MS, FakeBackend, every_state
from tests.ui.test_snapshots import SIZES, no_timers
from tui_live.core.status import Health, Overlays, PageView
from tui_live.ui.screens import overlays as screen
from tui_live.ui.screens.overlays import OverlayPages
from tui_live.ui.widgets.overlay_list import with_stream
from tui_live.ui.widgets.status_bar import parts

__all__ = ["no_timers"]

BASE = "http://127.0.0.1:8088"
SERVED = Overlays(
    (("start", f"{BASE}/"), ("overlay", f"{BASE}/overlay"), ("question", f"{BASE}/question"), ("docs", f"{BASE}/docs")),
    (
        PageView("overlay", "alice", "0123456789abcdef", "127.0.0.1", NOW_MS - 600_000, NOW_MS - 4_000),
        PageView("overlay", None, "fedcba9876543210", "192.168.1.20", NOW_MS - 60_000, NOW_MS - 9_000),
        PageView("question", None, "0123456789abcdef", "127.0.0.1", NOW_MS - 60_000, NOW_MS - 200_000),
    ),
    "0123456789abcdef",
)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "TICK", 3600)


@pytest.fixture
def serving() -> FakeBackend:
    backend = FakeBackend(every_state())
    backend.web = SERVED
    return backend


async def test_the_selected_address_is_copied_for_one_stream_or_all(console, serving) -> None:
    app = console(serving)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, OverlayPages))
        await pilot.press("down", "y")
        assert app.clipboard == f"{BASE}/overlay"
        await pilot.press("l", "enter")
        await until(pilot, lambda: app.clipboard == f"{BASE}/overlay?stream=alice")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, OverlayPages))


async def test_a_page_of_a_stream_that_nobody_watches_is_marked(console, serving) -> None:
    serving.web = replace(SERVED, pages=(replace(SERVED.pages[0], stream="typo", watched=False),))
    app = console(serving)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, OverlayPages))
        shown = app.screen.list
        text = "".join(segment.text for segment in shown.draw_row(2, 118, False))
        assert "▲ not watched typo" in text


async def test_trouble_is_told_once_and_said_above(console, serving) -> None:
    serving.state = Health(web_trouble="Overlays cannot be served: port 8088 is in use — set overlay.port")
    serving.web = Overlays(trouble=serving.state.web_trouble)
    app = console(serving, notifications=True)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await started(pilot)
        await ticked(pilot)
        await ticked(pilot)
        told = [note for note in app._notifications if "port 8088" in note.message]
        assert len(told) == 1
    assert any(part.text == "✕ overlays" for part in parts((), serving.state))


def test_only_overlays_are_of_one_stream_and_a_token_stays() -> None:
    assert with_stream("overlay", f"{BASE}/overlay?token=x", "alice") == f"{BASE}/overlay?token=x&stream=alice"
    assert with_stream("docs", f"{BASE}/docs", "alice") == f"{BASE}/docs"
    assert with_stream("goal", f"{BASE}/goal", None) == f"{BASE}/goal"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_overlays(snap_compare, console, serving, size) -> None:
    assert snap_compare(console(serving), terminal_size=size, run_before=pressing("O", "down", "down"))
