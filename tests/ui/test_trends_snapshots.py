"""What the trends screen looks like. Look at a changed picture before accepting it."""

from __future__ import annotations

import pytest
from msgspec import structs
from textual.pilot import Pilot

from tests.ui.conftest import started, until
from tests.ui.fake_trends import LIMITED, MINUTE, MISSING, RUN_MS, FakeTrends, good, trend
from tests.ui.fakes import NOW_MS, FakeBackend, every_state
from tests.ui.test_log_line import HOSTILE
from tests.ui.test_snapshots import SIZES, no_timers
from tui_live.core.text import stored
from tui_live.core.trends import Trends as Known
from tui_live.ui.screens import trends as trends_screen
from tui_live.ui.screens.trends import Trends

__all__ = ["no_timers"]

_THREE = pytest.mark.parametrize("size", SIZES, ids=str)
CAPTION = "POV: you finally clip that one moment 😂 #fyp #gaming and everybody in the chat goes wild, wait for it…"
FILLED = good(
    trend(
        1,
        1234.0,
        history=(120.0, 300.0, 640.0, 1500.0),
        author="gaming.clips",
        nickname="Gaming Clips",
        caption=CAPTION,
        verified=True,
        followers=4_812_345,
        likes=812_345,
        comments=12_345,
        shares=4321,
        views=9_876_543,
        score=88.4,
        velocity_part=100.0,
        credibility=96.8,
        relevance=50.0,
        reason="1,234 interactions a minute (829,011 in 11 h); about gaming",
    ),
    trend(
        2,
        570.0,
        new=True,
        author="sakura",
        nickname="さくら",
        caption="こんにちは、みなさん！今日も楽しい配信ありがとう",
    ),
    trend(3, 312.4, history=(800.0, 512.0), author="mohammed", nickname="محمد علي", caption="مرحبا كيف حالك اليوم"),
    trend(
        4, 101.2, history=(99.0,), author="", nickname="", caption="", followers=0, posted_ms=RUN_MS - 3 * 86_400_000
    ),
    *(trend(n, 100.0 + 9 * n, history=tuple(float(50 + n * at % 70) for at in range(n))) for n in range(5, 40)),
    fetched=100,
    too_slow=58,
    no_time_of_posting=3,
)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trends_screen, "TICK", 3600)


def among_trends(*keys: str):
    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        await pilot.press("v")
        screen = pilot.app.screen
        assert isinstance(screen, Trends)
        await until(pilot, lambda: screen.ready)
        await pilot.press(*keys)
        screen.tick()
        await pilot.pause()

    return run


def knowing(backend: FakeBackend, known: Known, **values: object) -> FakeBackend:
    backend.trends = FakeTrends(structs.replace(known, **values))
    return backend


@_THREE
def test_filled(snap_compare, console, backend, size) -> None:
    knowing(backend, FILLED, watching=True, next_ms=NOW_MS + 12 * MINUTE)
    assert snap_compare(console(backend), terminal_size=size, run_before=among_trends("down"))


@_THREE
def test_empty(snap_compare, console, backend, size) -> None:
    assert snap_compare(console(backend), terminal_size=size, run_before=among_trends())


@_THREE
def test_trouble_leaves_the_last_good_result(snap_compare, console, backend, size) -> None:
    knowing(backend, FILLED, trouble=LIMITED, watching=True, next_ms=NOW_MS + 47 * MINUTE)
    assert snap_compare(console(backend), terminal_size=size, run_before=among_trends())


@_THREE
def test_no_browser(snap_compare, console, backend, size) -> None:
    knowing(backend, Known(), trouble=MISSING)
    assert snap_compare(console(backend), terminal_size=size, run_before=among_trends())


def test_fetching(snap_compare, console, backend) -> None:
    knowing(backend, FILLED, running=True, step="20 of 50 videos", share=0.4)
    assert snap_compare(console(backend), terminal_size=(80, 24), run_before=among_trends("tab"))


@_THREE
def test_hostile_text(snap_compare, console, size) -> None:
    backend = FakeBackend(every_state())
    texts = [stored(text)[:4000] for text in HOSTILE]
    facts = [{"caption": text, "author": text[:100], "nickname": text[:200], "reason": text} for text in texts]
    knowing(backend, good(*(trend(n, 900.0 - n, **one) for n, one in enumerate(facts))))
    assert snap_compare(console(backend), terminal_size=size, run_before=among_trends("down", "down"))


@pytest.mark.parametrize("theme", ["tui-live-light", "ansi-dark"])
def test_themes(snap_compare, console, backend, theme) -> None:
    knowing(backend, FILLED, trouble=LIMITED)
    assert snap_compare(console(backend, theme=theme), terminal_size=(120, 40), run_before=among_trends("down"))
