"""The trends screen: what it lists and in which order, fetching and stopping, watching, links, and what it teaches."""

from __future__ import annotations

import asyncio
import sys

import pytest
from msgspec import structs
from textual.binding import Binding

from tests.core.videos import NOW_MS as VIDEOS_MS
from tests.core.videos import video
from tests.ui.conftest import started, until
from tests.ui.fake_trends import LIMITED, MINUTE, MISSING, RUN_MS, FakeTrends, good, trend
from tests.ui.fakes import NOW_MS
from tests.ui.scored import screen_text, toasts
from tests.ui.test_log_line import HOSTILE
from tui_live.config import Trends as Settings
from tui_live.core.text import drawn, stored
from tui_live.core.trends import Trends as Known
from tui_live.core.trends.orders import ORDERS, ordered
from tui_live.engine import trends as engine_trends
from tui_live.engine.jobs import Jobs
from tui_live.engine.no_trends import NoTrends
from tui_live.engine.trends import Trending
from tui_live.errors import StoreError
from tui_live.store.trends import own_store
from tui_live.trends.outcome import Fetched, Progress
from tui_live.ui import opening
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens.help import Help
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.trends import Trends
from tui_live.ui.trend_facts import fact_lines
from tui_live.ui.trend_row import TrendColumns, draw_row, header, matches, seen_in
from tui_live.ui.widgets import trend_list
from tui_live.ui.widgets.prompt import Prompt
from tui_live.ui.widgets.trend_head import head_lines, watch_said
from tui_live.ui.widgets.trend_list import TrendFacts, TrendList

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


@pytest.mark.parametrize("owner", [Trends, TrendList, TrendFacts])
def test_every_binding_has_an_id_and_says_what_it_does(owner) -> None:
    for binding in Binding.make_bindings(owner.BINDINGS):
        assert binding.id
        assert binding.tooltip
    assert owner.HELP


@pytest.mark.parametrize("pane", [TrendList, TrendFacts])
def test_one_key_never_means_two_things(pane) -> None:
    bindings = [binding for owner in (Trends, *pane.__mro__) for binding in _own(owner)]
    keys = [binding.key for binding in bindings]
    assert len(keys) == len(set(keys))
    # Keys that are known everywhere are not taken away, but Tab and Escape, which lead about.
    assert {binding.key for binding in Binding.make_bindings(TuiLiveApp.BINDINGS)}.isdisjoint(keys)


def _own(owner) -> list[Binding]:
    return list(Binding.make_bindings(vars(owner).get("BINDINGS", ())))


async def test_the_fastest_is_first_and_a_key_orders_otherwise_and_says_so(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert numbers(screen) == [2, 1, 3]
        assert "by velocity" in screen_text(app).splitlines()[0]
        wanted = {"score": [2, 3, 1], "newest": [3, 1, 2], "likes": [3, 2, 1]}
        for order, expected in wanted.items():
            await pilot.press("greater_than_sign")
            assert numbers(screen) == expected
            assert f"by {order}" in screen_text(app).splitlines()[0]
            assert "▾" in screen_text(app).splitlines()[2]
        await pilot.press("less_than_sign", "less_than_sign")
        assert numbers(screen) == wanted["score"]
        for _ in range(len(ORDERS) - 1):
            await pilot.press("greater_than_sign")
        assert "by velocity" in screen_text(app).splitlines()[0]


async def test_everything_about_the_selected_video_is_told(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(200, 50)) as pilot:
        await opened(pilot)
        shown = screen_text(app)
        for words in (
            *("Bobby (@bob)   ✓ verified   12,345 followers", "2026-11-20 20:01:06, 10 min before the run"),
            *("50 likes   10 comments   5 shares   90,000 views", "1,234 a minute", "90 of 100", "credibility"),
            *("100 at 19:41:06 → 1,234 at 20:11:06", "highest 1,500 at 19:56:06", "3 runs of the last 14 days had it"),
            *(
                "1,234 interactions a minute (12,340 in 10 min)",
                "https://www.tiktok.com/@bob/video/7400000000000000002",
            ),
        ):
            assert words in shown, words
        assert "20:11:06, 3 min ago: 20 fetched, 3 kept; 17 too slow, 2 came again; likes missing ×3" in shown
        await pilot.press("down")
        assert "+ new: kept by the last run and not by the one before" in screen_text(app)
        assert "My cat sings" in screen_text(app)


async def test_a_filter_is_tried_while_it_is_typed(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"CAT")
        await until(pilot, lambda: numbers(screen) == [1, 3])
        assert "2 of 3 videos" in screen_text(app).splitlines()[0]
        await pilot.press("enter")
        await until(pilot, lambda: not app.screen.query(Prompt))
        await pilot.press("escape")
        await until(pilot, lambda: numbers(screen) == [2, 1, 3])
        await pilot.press("slash", *"dolphin", "enter")
        await until(pilot, lambda: "No trending video matches." in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 3)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


def test_all_words_must_occur_in_caption_author_or_standing() -> None:
    new, bob, _ = THREE.trends
    assert matches(new, ["sings", "new"])
    assert not matches(bob, ["new"])
    assert matches(bob, ["verified", "@bob", "bobby"])
    assert not matches(bob, ["verified", "alice"])


async def test_a_run_shows_how_far_it_is_and_brings_what_it_found(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert "No trending videos yet." in screen_text(app)
        assert "apt install chromium" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: " 40%  20 of 50 videos   Esc stops it" in screen_text(app))
        await pilot.press("r")
        assert backend.trends.fetches == 1
        backend.trends.outcome = THREE
        backend.trends.go_on.set()
        await until(pilot, lambda: screen.list.row_count() == 3)
        assert toasts(app)[-1] == "3 kept, 1 new"
        await until(pilot, lambda: "40%" not in screen_text(app))


async def test_escape_stops_a_run_and_the_last_result_stays(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("r")
        await until(pilot, lambda: trending.trends.known.running)
        await pilot.press("escape")
        await until(pilot, lambda: trending.trends.cancelled)
        assert app.screen is screen
        assert numbers(screen) == [2, 1, 3]
        assert toasts(app) == ["fetching was stopped; the last result stays"]
        await until(pilot, lambda: "Esc stops it" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_escape_stops_a_run_of_the_watch_too_and_says_so(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        trending.trends.put(watching=True, running=True, step="20 of 50 videos", share=0.4)
        screen.tick()
        await until(pilot, lambda: "20 of 50 videos   Esc stops it" in screen_text(app))
        await pilot.press("escape")
        assert (app.screen, trending.trends.stops) == (screen, 1)
        assert toasts(app) == ["fetching was stopped; the last result stays"]
        await until(pilot, lambda: "Esc stops it" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_rows_are_drawn_again_only_when_an_age_is_said_otherwise(console, trending, monkeypatch) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        drawn_again: list[int] = []
        clock = [NOW_MS / 1000]
        monkeypatch.setattr(trend_list.time, "time", lambda: clock[0])
        monkeypatch.setattr(screen.list, "redraw", lambda: drawn_again.append(1))
        screen.list.look_at_clock()
        drawn_again.clear()
        for seconds in (0, 0.25, 2):
            clock[0] += seconds
            screen.list.look_at_clock()
        assert drawn_again == []
        clock[0] += 60
        screen.list.look_at_clock()
        assert drawn_again == [1]


def test_what_earlier_runs_left_is_told_where_the_last_was_cut_short() -> None:
    short = structs.replace(THREE, run=structs.replace(THREE.run, kept=1), trouble=LIMITED)
    assert head_lines(short, NOW_MS)[0][0].endswith("; 2 of earlier runs")
    assert "earlier" not in head_lines(THREE, NOW_MS)[0][0]


async def test_a_run_goes_on_below_another_screen(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("r", "k")
        await until(pilot, lambda: app.screen is not screen)
        trending.trends.outcome = good(trend(7, 800.0))
        trending.trends.go_on.set()
        await until(pilot, toasts.__get__(app))
        assert toasts(app) == ["1 kept, 0 new"]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and numbers(screen) == [7])


async def test_trouble_is_said_with_its_remedy_and_the_last_result_stays(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await opened(pilot)
        trending.trends.outcome = Known(trouble=LIMITED)
        trending.trends.go_on.set()
        await pilot.press("r")
        await until(pilot, lambda: toasts(app) == [LIMITED.remedy])
        await until(pilot, lambda: f"▲ {LIMITED}" in screen_text(app))
        assert "20:11:06, 3 min ago: 20 fetched" in screen_text(app)
        assert numbers(screen) == [2, 1, 3]


async def test_a_missing_browser_is_one_line_above_what_there_is_to_learn(console, backend) -> None:
    backend.trends.known = Known(trouble=MISSING)
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        lines = screen_text(app).splitlines()
        said = " ".join(line.strip() for line in lines[1:4])
        assert said == f"▲ {MISSING}"
        assert any("Escape goes back." in line for line in lines)


async def test_the_watch_is_switched_by_a_key_and_says_when_it_comes(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "watch off" in screen_text(app).splitlines()[0]
        await pilot.press("w")
        await until(pilot, lambda: "watch ● next 20:29:06, in 15:00" in screen_text(app).splitlines()[0])
        await pilot.press("w")
        await until(pilot, lambda: "watch off" in screen_text(app).splitlines()[0])
        assert toasts(app) == ["watching: True", "watching: False"]


async def test_the_selection_stays_on_its_video_when_another_run_comes(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down")
        trending.trends.put(trends=(trend(8, 9000.0), *THREE.trends))
        screen.tick()
        await until(pilot, lambda: numbers(screen) == [8, 2, 1, 3])
        assert screen.list.selected.story.video.post_id.endswith("1")


async def test_the_link_is_copied_and_where_there_is_no_screen_opening_copies_it(
    console, trending, monkeypatch
) -> None:
    monkeypatch.setattr(opening, "opener", lambda: None)
    link = "https://www.tiktok.com/@bob/video/7400000000000000002"
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("y")
        assert app.clipboard == link
        app._clipboard = ""
        await pilot.press("o")
        await until(pilot, lambda: app.clipboard == link)
        await until(pilot, lambda: toasts(app) == [f"copied {link}", f"copied {link}"])


@pytest.mark.skipif(sys.platform == "win32", reason="there the shell opens pages")
async def test_the_systems_opener_gets_the_link(console, trending, monkeypatch, tmp_path) -> None:
    program = tmp_path / "opener"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/new"\nmv "{tmp_path}/new" "{tmp_path}/opened"\n')
    program.chmod(0o755)
    monkeypatch.setattr(opening, "opener", lambda: str(program))
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, (tmp_path / "opened").exists)
        assert (tmp_path / "opened").read_text() == "https://www.tiktok.com/@bob/video/7400000000000000002"


async def test_only_web_pages_are_opened_as_such(monkeypatch) -> None:
    monkeypatch.setattr(opening, "opener", lambda: "/bin/true")
    for url in ("--version", "/etc/passwd", "file:///etc/passwd", ""):
        with pytest.raises(opening.OpeningError):
            await opening.open_page(url)


async def test_where_nothing_is_fetched_that_is_said(console, backend) -> None:
    backend.trends = NoTrends("The demo fetches no trending videos")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The demo fetches no trending videos" in screen_text(app)
        await pilot.press("r", "w")
        assert set(toasts(app)) == {"The demo fetches no trending videos"}


async def test_a_database_that_cannot_be_read_is_said(console, backend) -> None:
    backend.trends.error = StoreError("The database is locked", "close the other program")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The database is locked" in screen_text(app)
        await pilot.press("r")
        backend.trends.go_on.set()
        await until(pilot, lambda: toasts(app) == ["close the other program"])


async def test_a_good_run_without_a_fast_video_says_what_is_asked_for(console, backend) -> None:
    backend.trends.known = good(fetched=50)
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "Of 50 videos none was fast enough." in screen_text(app)
        assert "trends.min_velocity" in screen_text(app)


async def test_the_details_are_reached_by_tab_and_copied(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("tab", "end", "y")
        assert app.focused is screen.about
        assert "score         90 of 100" in app.clipboard
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        assert app.screen._sections[0][1] == TrendFacts.HELP
        await pilot.press("escape", "escape")
        assert app.focused is screen.list


def test_a_long_caption_is_told_to_its_end() -> None:
    long = "word " * 800 + "end"
    [caption] = [fact for fact in fact_lines(trend(1, caption=long), RUN_MS) if fact.name == "caption"]
    facts = TrendFacts()
    facts._width = 80
    facts.redraw = lambda: None  # type: ignore[method-assign]
    facts.show([caption])
    assert " ".join(fact.value for fact in facts._facts) == long


@pytest.mark.parametrize("width", [*range(20, 60, 9), 79, 119, 127, 199])
@pytest.mark.parametrize("order", ORDERS)
def test_no_text_breaks_the_columns_at_any_width(width, order) -> None:
    columns = TrendColumns.for_width(width, order)
    from rich.cells import cell_len
    from rich.style import Style

    assert cell_len(header(columns)) == width
    if width >= 79:
        assert "▾" in header(columns)
    for text in (stored(one) for one in HOSTILE):
        hostile = trend(1, 1e15, caption=text, author=text, nickname=text, likes=10**15, verified=True)
        row = draw_row(hostile, columns, NOW_MS, lambda name: Style(), "▸")
        assert sum(cell_len(segment.text) for segment in row) == width
        # What terminals measure otherwise than we do is not there.
        assert all(segment.text == drawn(segment.text) for segment in row)


async def test_the_engines_own_service_brings_what_a_run_found_and_its_trouble(
    console, backend, monkeypatch, tmp_path
) -> None:
    outcomes: list[object] = [
        Fetched((video(1, minutes=5, desc="my cat"), video(2)), 2),
        LIMITED,
        Fetched((video(2), video(3)), 2),
    ]

    async def fetch(settings: object, limits: object, progress: Progress) -> object:
        progress("opening TikTok", 0.1)
        return outcomes.pop(0)

    monkeypatch.setattr("tui_live.trends.fetching.fetch", fetch)
    monkeypatch.setattr(engine_trends, "_now_ms", lambda: VIDEOS_MS)
    jobs = Jobs(lambda work, name: asyncio.create_task(work, name=name))
    async with own_store(tmp_path / "x.db") as store:
        backend.trends = Trending(Settings(), store, jobs.start)
        app = console(backend)
        async with app.run_test(size=(200, 50)) as pilot:
            screen = await opened(pilot)
            await pilot.press("r")
            await until(pilot, lambda: numbers(screen) == [1, 2])
            assert "my cat" in screen_text(app)
            await until(pilot, lambda: not backend.trends.now().running)
            await pilot.press("r")
            await until(pilot, lambda: f"▲ {LIMITED}" in screen_text(app))
            assert numbers(screen) == [1, 2]
            await until(pilot, lambda: not backend.trends.now().running)
            await pilot.press("w")
            await until(pilot, lambda: "watch ● next" in screen_text(app).splitlines()[0])
            assert "when TikTok allows it again" in toasts(app)[-1]
            await pilot.press("r")
            await until(pilot, lambda: sorted(numbers(screen)) == [2, 3])
            assert "▲" not in screen_text(app)
            rows = {one.story.video.post_id[-1]: seen_in(one) for one in screen.list._rows}
            assert rows == {"2": "2 runs", "3": "+ new"}
        await backend.trends.close()


def test_equals_are_ordered_by_speed_and_number() -> None:
    same = [trend(n, 200.0 - n // 2, likes=7) for n in (3, 2, 1, 0)]
    assert [int(one.story.video.post_id) % 10 for one in ordered(same, "likes")] == [0, 1, 2, 3]


def test_the_head_says_what_is_due_and_other_days() -> None:
    known = structs.replace(THREE, watching=True, next_ms=NOW_MS - 1)
    assert watch_said(known, NOW_MS) == "watch ● now"
    later = NOW_MS + 3 * 86_400_000
    assert head_lines(known, later)[0][0].startswith("2026-11-20 20:11, 3 d ago: 20 fetched")
