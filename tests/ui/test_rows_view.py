"""The list that all panes of rows are built on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest
from rich.segment import Segment
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from tui_live.ui.widgets.rows_view import RowsView, moving_keys

THOUSAND = [f"user{number}" for number in range(1000)]


class Names(RowsView, can_focus=True):
    """Names, each known by itself."""

    DEFAULT_CSS = "Names { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="names.open", tooltip="Open it"),
        *moving_keys("names", "name"),
    ]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(id="names")
        self.names = list(names)
        self.drawn: list[int] = []

    def row_count(self) -> int:
        return len(self.names)

    def row_key(self, index: int) -> str:
        return self.names[index]

    def header(self, width: int) -> list[Segment]:
        return [Segment("name", self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        self.drawn.append(index)
        return [Segment(("▸" if selected else " ") + self.names[index], self.pen("row--number"))]

    def empty_text(self) -> Sequence[tuple[str, str]]:
        return (("Nobody yet.", "row--number"), ("Wait.", "row--reason"))

    def show(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.redraw()


class Board(Names):
    """The first stays selected until somebody moves."""

    STAYS_FIRST = True


class Counted(Names):
    """Below the names stands how many there are, in lines that are told once each time."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.told = 0

    def footer(self, width: int, height: int) -> list[list[Segment]]:
        self.told += 1
        return [[Segment(f"{len(self.names)} in {width}x{height}", self.pen("row--reason"))]]


class OneList(App[None]):
    """An app of one list."""

    def __init__(self, rows: Names) -> None:
        super().__init__()
        self.rows = rows
        self.said: list[tuple[str, object]] = []

    def compose(self) -> ComposeResult:
        yield self.rows

    @on(RowsView.Opened, "#names")
    def _opened(self, event: RowsView.Opened) -> None:
        self.said.append(("opened", event.key))

    @on(RowsView.Moved, "#names")
    def _moved(self, event: RowsView.Moved) -> None:
        self.said.append(("moved", event.key))

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@pytest.fixture
def one_list() -> Callable[..., OneList]:
    return lambda names, kind=Names: OneList(kind(names))


def repainted(rows: Names) -> list[tuple[Region, ...]]:
    """What is repainted from now on."""
    calls: list[tuple[Region, ...]] = []
    refresh: Any = rows.refresh
    rows.refresh = lambda *regions, **more: calls.append(regions) or refresh(*regions, **more)  # type: ignore
    return calls


def seen(app: OneList) -> list[str]:
    return [line.rstrip("┃│ ") for line in app.lines if line]


async def test_the_selection_follows_its_row_when_the_order_changes(one_list) -> None:
    app = one_list(["ana", "bob", "cat"])
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.press("down")
        app.rows.show(["bob", "cat", "ana"])
        await pilot.pause()
        assert (app.rows.cursor, app.rows.cursor_key) == (0, "bob")
        assert seen(app) == ["name", "▸bob", " cat", " ana"]
        assert app.said == [("moved", "ana"), ("moved", "bob")]


async def test_the_window_follows_a_selection_that_rises_far(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.press("end")
        app.rows.show(["user999", *THOUSAND[:-1]])
        await pilot.pause()
        assert seen(app)[1] == "▸user999"


async def test_the_selection_keeps_its_place_when_its_row_goes(one_list) -> None:
    app = one_list(["ana", "bob", "cat"])
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.press("down")
        app.rows.show(["ana", "cat"])
        assert app.rows.cursor_key == "cat"
        app.rows.show(["ana"])
        assert app.rows.cursor_key == "ana"
        app.rows.show([])
        assert (app.rows.cursor, app.rows.cursor_key) == (None, None)
        await pilot.press("up", "down", "pageup", "pagedown", "home", "end", "enter")
        assert app.said == [("moved", "ana"), ("moved", "bob"), ("moved", "cat"), ("moved", "ana")]


async def test_a_board_stays_at_its_first_until_somebody_moves(one_list) -> None:
    app = one_list(["ana", "bob", "cat"], Board)
    async with app.run_test(size=(20, 10)) as pilot:
        app.rows.show(["bob", "ana", "cat"])
        assert app.rows.cursor_key == "bob"
        await pilot.press("down")
        app.rows.show(["cat", "bob", "ana"])
        assert app.rows.cursor_key == "ana"
        await pilot.press("home")
        app.rows.show(["ana", "bob", "cat"])
        assert app.rows.cursor_key == "ana"
        app.rows.show(["cat", "bob", "ana"])
        assert app.rows.cursor_key == "cat"


async def test_keys_move_by_rows_and_by_screens(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 11)) as pilot:
        for key, index, first in (
            ("up", 0, 0),
            ("down", 1, 0),
            ("pagedown", 10, 1),
            ("pagedown", 19, 10),
            ("pageup", 10, 10),
            ("pageup", 1, 1),
            ("end", 999, 990),
            ("down", 999, 990),
            ("home", 0, 0),
        ):
            await pilot.press(key)
            assert app.rows.cursor == index, key
            assert seen(app)[1].lstrip("▸ ") == f"user{first}", key


async def test_the_wheel_scrolls_and_takes_the_selection_along_at_the_edge_only(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 11)) as pilot:
        await pilot.press(*["down"] * 4)
        await pilot._post_mouse_events([_wheel("down")], app.rows)
        assert (seen(app)[1], app.rows.cursor) == (" user3", 4)
        await pilot._post_mouse_events([_wheel("down")], app.rows)
        assert (seen(app)[1], app.rows.cursor) == ("▸user6", 6)
        await pilot._post_mouse_events([_wheel("up")] * 5, app.rows)
        assert (seen(app)[1], app.rows.cursor) == (" user0", 6)


def _wheel(way: str) -> type[Any]:
    from textual import events

    return events.MouseScrollDown if way == "down" else events.MouseScrollUp


async def test_a_press_selects_and_another_on_the_same_row_opens(one_list) -> None:
    app = one_list(["ana", "bob", "cat"])
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.click(app.rows, offset=(3, 1))
        assert ("opened", "ana") not in app.said  # it may only have brought the focus
        await pilot.click(app.rows, offset=(3, 2))
        assert app.rows.cursor_key == "bob"
        await pilot.click(app.rows, offset=(3, 2))
        await pilot.click(app.rows, offset=(3, 0))  # the header
        await pilot.click(app.rows, offset=(3, 8))  # below the rows
        await pilot.press("down", "enter")
        assert [key for what, key in app.said if what == "opened"] == ["bob", "cat"]


async def test_the_scrollbar_shows_where_one_is_and_can_be_dragged(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 11)) as pilot:
        assert [line[19:] for line in app.lines] == ["", "┃", *"│││││││││"]
        await pilot.mouse_down(app.rows, offset=(19, 10))
        assert seen(app)[1] == "▸user990"
        await pilot.hover(app.rows, offset=(5, 1))
        assert seen(app)[1] == " user0"
        await pilot.mouse_up(app.rows, offset=(5, 1))
        await pilot.hover(app.rows, offset=(5, 9))
        assert seen(app)[1] == " user0"
        assert not [said for said in app.said if said[0] == "opened"]
        app.rows.show(THOUSAND[:10])
        await pilot.pause()
        assert all(len(line) < 19 for line in app.lines)


async def test_a_thousand_rows_cost_only_those_that_are_seen(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 11)) as pilot:
        await pilot.press("end")
        app.rows.drawn.clear()
        calls = repainted(app.rows)
        app.rows.redraw()
        assert sorted(set(app.rows.drawn)) == list(range(990, 1000))
        assert len(app.rows.drawn) == 10
        assert calls == []
        app.rows.names[995] = "somebody else"
        app.rows.names[3] = "out of sight"
        app.rows.redraw()
        assert calls == [(Region(0, 6, 20, 1),)]
        await pilot.press("up")
        assert calls[1] == (Region(0, 9, 20, 1), Region(0, 10, 20, 1))


async def test_what_is_hidden_is_not_drawn_and_comes_back_as_it_is_now(one_list) -> None:
    app = one_list(["ana", "bob"])
    async with app.run_test(size=(20, 10)) as pilot:
        app.rows.display = False
        await pilot.pause()
        app.rows.drawn.clear()
        app.rows.show(["bob", "cat", "ana"])
        assert app.rows.drawn == []
        assert app.rows.cursor == 2
        app.rows.display = True
        await pilot.pause()
        assert seen(app) == ["name", " bob", " cat", "▸ana"]


async def test_it_works_at_any_size(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 11)) as pilot:
        await pilot.press(*["pagedown"] * 3)
        assert app.rows.cursor == 27
        for width, height in ((20, 3), (1, 1), (2, 40), (60, 2), (20, 1), (200, 60)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert len(app.lines) == height
            if width > 10:
                assert any(line.startswith("▸user27") for line in app.lines), (width, height)
                assert (app.lines[0].rstrip("┃│ ") == "name") == (height > 1)


async def test_the_selection_is_quiet_without_the_focus(one_list) -> None:
    app = one_list(["ana"])
    async with app.run_test(size=(20, 10)) as pilot:
        app.rows.focus()
        await pilot.pause()
        loud = app.rows.render_line(1)
        app.rows.blur()
        await pilot.pause()
        quiet = app.rows.render_line(1)
        assert loud.text == quiet.text
        assert loud != quiet


async def test_an_empty_list_says_how_to_fill_it(one_list) -> None:
    app = one_list([])
    async with app.run_test(size=(20, 6)) as pilot:
        assert app.lines == ["", " Nobody yet.", " Wait.", "", "", ""]
        await pilot.click(app.rows, offset=(3, 1))
        await pilot.press("enter", "down")
        assert app.said == []
        app.rows.show(["ana"])
        await pilot.pause()
        assert seen(app) == ["name", "▸ana"]


async def test_a_row_is_selected_by_its_key(one_list) -> None:
    app = one_list(THOUSAND)
    async with app.run_test(size=(20, 10)):
        assert app.rows.select_key("user500")
        assert app.rows.cursor == 500
        assert not app.rows.select_key("nobody")
        assert app.rows.cursor == 500


async def test_what_stands_below_the_rows_is_made_once_each_time(one_list) -> None:
    app = one_list(THOUSAND, Counted)
    async with app.run_test(size=(20, 10)) as pilot:
        assert seen(app)[-1] == "1000 in 19x10"
        before = app.rows.told
        app.rows.show(["ana", "bob"])
        await pilot.pause()
        assert app.rows.told == before + 1
        assert (seen(app)[-1], app.rows.foot) == ("2 in 19x10", 1)
        app.rows.show([])
        await pilot.pause()
        assert (app.rows.foot, "19x10" in "".join(app.lines)) == (0, False)
