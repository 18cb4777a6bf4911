"""The report of several sessions says what they come to together."""

from __future__ import annotations

import pytest

from tests.core.played import MINUTE
from tests.report.evenings import MADE, played
from tests.report.reading import Read, block, cards, facts, rows, section
from tui_live.core.analysis import Across, across
from tui_live.report import comparison_page


@pytest.fixture(scope="module")
def page(compared: Across) -> str:
    return comparison_page(compared, MADE)


def test_the_head_says_how_many_and_what_is_left_out(compared: Across, page: str) -> None:
    head = Read(page).root.first("header")
    assert head.first("p", "when").text == (
        "3 sessions, Fri 15 Jan 2027 – Sun 17 Jan 2027 · 2 older sessions left out · Asia/Kolkata"
    )
    shown = cards(head)
    assert shown["Shares"][0] == f"{compared.shares.shares:,}"
    assert shown["Coins"][0] == f"{sum(one.coins for one in compared.engagement.lines):,}"
    assert not compared.shares.complete
    assert shown["Sharers"][0] == f"at least {compared.shares.sharers:,}"


def test_each_session_has_a_line_in_order_of_time(compared: Across, page: str) -> None:
    part = section(page, "sessions")
    shown = rows(block(part, "Side by side"))
    assert [row[0] for row in shown] == ["15 Jan 13:30", "16 Jan 13:30", "17 Jan 13:30"]
    for row, engaged, shared in zip(shown, compared.engagement.lines, compared.shares.lines, strict=True):
        assert row[2] == f"{engaged.peak_viewers:,}"
        assert (row[5], row[6], row[7]) == (f"{engaged.coins:,}", f"{engaged.follows:,}", f"{engaged.viewers_seen:,}")
        assert (row[10], row[11]) == (f"{shared.shares:,}", f"{shared.spikes:,}")
    assert [row[12] for row in shown] == ["1 gap", "–", "–"]
    shares = rows(block(part, "Shares, side by side"))
    for row, shared in zip(shares, compared.shares.lines, strict=True):
        assert row[7].endswith(f"{shared.followed.part} of {shared.followed.of}")


def test_people_and_gifts_are_those_of_all_sessions(compared: Across, page: str) -> None:
    part = section(page, "people")
    assert [(row[2], row[3]) for row in rows(block(part, "Top sharers"))] == [
        (f"{one.shares:,}", f"{one.sessions} of 3") for one in compared.shares.top_sharers
    ]
    assert [row[3] for row in rows(block(part, "Top spenders"))] == [
        f"{one.coins:,}" for one in compared.engagement.spenders
    ]
    assert [row[1] for row in rows(block(part, "Most sent gifts"))] == [
        f"{one.units:,}" for one in compared.engagement.gifts
    ]
    regular = compared.shares.regular_sharers
    assert not compared.shares.complete
    assert f"in two sessions or more: at least {regular.part:,}." in block(part, "Top sharers").text


def test_hours_and_weekdays_have_a_number_in_each_cell(compared: Across, page: str) -> None:
    heat = block(section(page, "when"), "Messages per minute")
    cells = [cell for cell in heat.all("td") if cell.all("b")]
    assert [cell.first("b").text for cell in cells] == [
        f"{one.messages_per_minute:,.0f}" for one in compared.engagement.cells
    ]
    assert cells[0].attributes["title"].startswith("Fri 13:00: ")
    assert [row[0] for row in rows(block(section(page, "when"), "By weekday"))] == ["Fri", "Sat", "Sun"]


def test_shares_together_have_their_samples(compared: Across, page: str) -> None:
    shown = facts(section(page, "sharing"))
    followed = compared.shares.followed
    assert shown["Share → follow"][1].startswith(f"{followed.part:,} of {followed.of:,}.")
    assert shown["Estimated reach"][0].startswith("at most ")
    assert shown["Spikes"][0] == str(compared.shares.spikes)


def test_trends_are_plotted(page: str) -> None:
    labels = [one.attributes["aria-label"] or "" for one in section(page, "trends").all("svg")]
    assert len(labels) == 5
    assert all("15 Jan: " in label and "17 Jan: " in label for label in labels)


def test_two_sessions_of_a_day_are_told_apart() -> None:
    first = played("lively", 2)
    second = played("lively", 2, start_ms=first.analysis.session.start_ms + 60 * MINUTE, key="second")
    page = comparison_page(across("ana", (second.analysis, first.analysis)), MADE)
    assert [row[0] for row in rows(section(page, "sessions"))] == ["15 Jan 13:30", "15 Jan 14:30"]
