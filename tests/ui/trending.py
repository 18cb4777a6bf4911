"""Three trending videos, and the screen that lists them."""

from __future__ import annotations

import pytest

from tests.ui.conftest import started, until
from tests.ui.fake_trends import MINUTE, RUN_MS, FakeTrends, good, trend
from tui_live.ui.screens.trends import Trends

THREE = good(
    trend(1, 570.0, new=True, likes=5, posted_ms=RUN_MS - 5 * MINUTE, caption="My cat sings", score=40.0),
    trend(2, 1234.0, history=(100.0, 1500.0), likes=50, author="bob", nickname="Bobby", verified=True, score=90.0),
    trend(3, 120.0, likes=5000, posted_ms=RUN_MS - MINUTE, caption="dogs and a cat", score=60.0),
    fetched=20,
)


@pytest.fixture
def trending(backend):
    backend.trends = FakeTrends(THREE)
    return backend


async def opened(pilot) -> Trends:
    await started(pilot)
    await pilot.press("v")
    screen = pilot.app.screen
    assert isinstance(screen, Trends)
    await until(pilot, lambda: screen.ready)
    return screen


def numbers(screen: Trends) -> list[int]:
    return [int(one.story.video.post_id) % 10 for one in screen.list._rows]
