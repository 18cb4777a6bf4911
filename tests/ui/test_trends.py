"""The trends screen: what it lists and in which order, filtered, with everything about the selected video."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from tests.ui.conftest import until
from tests.ui.fake_trends import RUN_MS, trend
from tests.ui.fakes import NOW_MS
from tests.ui.scored import screen_text
from tests.ui.test_log_line import HOSTILE
from tests.ui.trending import THREE, numbers, opened, trending
from tui_live.core.text import drawn, stored
from tui_live.core.trends.orders import ORDERS, ordered
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens.help import Help
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.trends import Trends
from tui_live.ui.trend_facts import fact_lines
from tui_live.ui.trend_row import TrendColumns, draw_row, header, matches
from tui_live.ui.widgets import trend_list
from tui_live.ui.widgets.prompt import Prompt
from tui_live.ui.widgets.trend_list import TrendFacts, TrendList

__all__ = ["trending"]


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


async def test_the_selection_stays_on_its_video_when_another_run_comes(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down")
        trending.trends.put(trends=(trend(8, 9000.0), *THREE.trends))
        screen.tick()
        await until(pilot, lambda: numbers(screen) == [8, 2, 1, 3])
        assert screen.list.selected.story.video.post_id.endswith("1")


async def test_the_details_are_reached_by_tab_and_copied(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("tab", "end", "y")
        assert app.focused is screen.about
        assert "score         90 of 100" in app.clipboard
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        assert app.screen._sections[0][1] == f"{TrendFacts.HELP}\n\n{Trends.HELP}"
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


def test_equals_are_ordered_by_speed_and_number() -> None:
    same = [trend(n, 200.0 - n // 2, likes=7) for n in (3, 2, 1, 0)]
    assert [int(one.story.video.post_id) % 10 for one in ordered(same, "likes")] == [0, 1, 2, 3]
