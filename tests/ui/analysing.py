"""Leading to the screens of shares and engagement, and waiting until they have read."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import started, until
from tui_live.ui.screens import analysis as analysis_screen
from tui_live.ui.screens.analysis import AnalysisScreen
from tui_live.ui.widgets.page_view import PageView


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_screen, "TICK", 3600)
    monkeypatch.setattr(analysis_screen, "PROGRESS", 3600)


def text_of(view: PageView) -> str:
    return "\n".join(strip.text.rstrip() for strip in (view.render_line(y) for y in range(view.size.height)))


async def read(pilot: Pilot[None], *keys: str) -> AnalysisScreen:
    """Press keys that lead to the screen; returns it when it was read."""
    await started(pilot)
    await pilot.press(*keys)
    screen = pilot.app.screen
    assert isinstance(screen, AnalysisScreen)
    await until(pilot, lambda: screen.figures.read_s and not screen.reading)
    return screen
