"""Plots, maps, tables and numbers of the pages: gaps are no zeros, and nothing is cut where it says something."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.core.story import START, share
from tests.ui.analysed import told
from tests.ui.paged import lines, page
from tui_live.core.engagement.figures import Plot, Portion
from tui_live.ui.analysis import shares_pages
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import Column, Entry, Piece, table
from tui_live.ui.analysis.plot import LABEL, Curve, drawn_curve, rates
from tui_live.ui.analysis.words import decimal, percent


def test_a_column_shows_its_highest_value_and_a_short_step_is_not_blown_up() -> None:
    curve = rates(Plot(START, 60, [0, 10, 1, 3], [60.0, 60.0, 0.0, 2.0]))
    assert curve.values == [0, 10, None, 12]
    text = lines(drawn_curve(Curve(START, 60, [1.0, 8.0, None, None, 0.0, 4.0]), LABEL + 3, 2))
    assert text[0].endswith("│█░ ")
    assert text[1].endswith("│█░█")
    assert text[0].startswith("     8│")


def test_the_axis_says_local_times_and_where_something_was_missed() -> None:
    text = lines(drawn_curve(Curve(START, 60, [1.0] * 20 + [None] + [1.0] * 39), LABEL + 30, 3))
    assert text[-1].split() == ["08:00", "08:30"]
    assert text[-2][LABEL + 10] == "┄"
    assert text[-2].count("┬") == 2


def test_a_gap_within_a_step_is_drawn_too() -> None:
    counts, observed = [6] * 10, [7.0, 60, 60, 50, 60, 60, 60, 60, 60, 12]
    for width in (5, 10, 20):
        axis = lines(drawn_curve(rates(Plot(START, 60, counts, observed)), LABEL + width, 3))[-2][LABEL:]
        assert [at for at, sign in enumerate(axis) if sign == "┄"] == [
            at for at in range(width) if at * 10 // width in ({2, 3} if width == 5 else {3})
        ]
    found = told(*(share(7 * at, at) for at in range(160)), minutes=20)
    assert "┄" not in page(shares_pages.PAGES, found, "overview")


def test_the_map_has_shades_zeros_and_what_was_not_watched() -> None:
    text = lines(heat_map("Shares", {(0, 0): 10.0, (0, 1): 1.0, (6, 23): 0.0}, "UTC", "an hour", 80))
    assert text[2].startswith(" Mon ██ ░░ · ")
    assert text[8].rstrip().endswith("0")
    assert "local time (UTC)" in text[0]
    wide = lines(heat_map("Shares", {(0, 0): 10.0, (0, 1): 1.5}, "UTC", "an hour", 130))
    assert wide[2].startswith(" Mon █10  ░1.5 ·")
    assert len(lines(heat_map("Shares", {}, "UTC", "an hour", 80))) == 2


def test_columns_drop_from_the_right_and_the_name_gives_way_first() -> None:
    columns = (Column("name", right=False, elastic=True), Column("shares"), Column("handle"))
    rows = [Entry((Piece("さくら" * 9), Piece("12"), Piece("@handle")), "key")]
    assert lines(table(columns, rows, 60))[1] == f" {'さくら' * 4}さ …      12  @handle"
    narrow = lines(table(columns, rows, 23))
    assert narrow[0].split() == ["name", "shares"]
    assert all(cell_len(line) <= 23 for line in narrow)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, "not known"),
        (0, "0"),
        (0.001, "0.00"),
        (0.04, "0.04"),
        (0.96, "1.0"),
        (3.41, "3.4"),
        (27.2, "27"),
        (1234, "1.2k"),
        (-2.84, "-2.8"),
    ],
)
def test_numbers_have_two_digits_that_tell_something(number, said) -> None:
    assert decimal(number) == said


@pytest.mark.parametrize(
    ("part", "of", "said"),
    [(0, 0, "not known"), (0, 9, "0%"), (1, 900, "<1%"), (12, 80, "15%"), (899, 900, ">99%"), (3, 3, "100%")],
)
def test_what_is_there_is_never_nothing_and_what_is_missing_never_all(part, of, said) -> None:
    assert percent(Portion.out_of(part, of)) == said
