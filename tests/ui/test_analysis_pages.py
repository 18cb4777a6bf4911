"""What all pages keep to: sessions side by side, no claim of retention, and no line that a name breaks."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.core.story import chat, gift, join, share, viewers
from tests.ui.analysed import evening, evenings, told
from tests.ui.paged import figures, hostile, lines, page, spikes
from tui_live.core.analysis import across
from tui_live.ui.analysis import engagement_across, engagement_pages, shares_across, shares_pages
from tui_live.ui.analysis.words import decimal
from tui_live.ui.format import full, span

__all__ = ["spikes"]

WIDTHS = (78, 108)


def test_retention_is_never_claimed(spikes) -> None:
    for pages in (engagement_pages.PAGES, shares_pages.PAGES):
        for name, _, make in pages:
            text = " ".join(lines(make(spikes, 199, 60))).lower()
            assert "watch time" not in text
            assert text.count("retention") == text.count("nothing here is about retention"), name


def test_sessions_stand_side_by_side() -> None:
    found = across("alice", tuple(evenings()), older=2)
    shares = page(shares_across.PAGES, found, "sessions", 199).split("\n")
    for line, one in zip(shares[2:], reversed(found.shares.lines), strict=False):
        cells = line.split()
        assert cells[2:6] == [span(one.observed_s), full(one.shares), decimal(one.per_minute), full(one.sharers)]
        cascades = "–" if one.cascades is None else str(one.cascades)
        assert cells[7:11] == [str(one.spikes), full(one.followed.part), full(one.followed.of), cascades]
    assert "4 sessions of @alice; 2 older ones left out" in page(shares_across.PAGES, found, "together")
    said = figures(page(shares_across.PAGES, found, "together", 199))
    assert said["shares"][0] == full(found.shares.shares)
    assert not found.shares.complete
    assert said["regular"][0] == f"≥ {found.shares.regular_sharers.part}"
    engagement = page(engagement_across.PAGES, found, "sessions", 199).split("\n")
    for line, line_of in zip(engagement[2:], reversed(found.engagement.lines), strict=False):
        assert full(line_of.peak_viewers or 0) in line.split()
        assert full(line_of.coins) in line.split()


def test_the_sessions_of_all_lead_to_them() -> None:
    found = across("alice", tuple(evenings()))
    rows = [row for row in shares_across.sessions(found, 118, 36) if row.opens is not None]
    assert [row.opens.key for row in rows if row.opens] == [one.session.id for one in found.sessions]


def _all_pages():
    together = across("alice", tuple(evenings()))
    for pages, found in (
        (shares_pages.PAGES, evening("spikes")),
        (engagement_pages.PAGES, evening("spikes")),
        (shares_pages.PAGES, told()),
        (engagement_pages.PAGES, told()),
        (shares_pages.PAGES, told(share(1, None))),
        (engagement_pages.PAGES, told(chat(1, 1))),
        (shares_pages.PAGES, told(chat(1, 1), join(2, 2), viewers(3, 7), gift(4, 1))),
        (engagement_pages.PAGES, told(chat(1, 1), join(2, 2), viewers(3, 7), gift(4, 1))),
        (shares_pages.PAGES, told(minutes=0)),
        (engagement_pages.PAGES, told(minutes=0)),
        (shares_across.PAGES, together),
        (engagement_across.PAGES, together),
        (shares_across.PAGES, across("alice", (told(),))),
        (engagement_across.PAGES, across("alice", (told(),))),
        (shares_pages.PAGES, hostile()),
        (engagement_pages.PAGES, hostile()),
    ):
        for name, _, make in pages:
            yield name, found, make


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page_and_none_has_control_characters(width) -> None:
    for name, found, make in _all_pages():
        for row in make(found, width, 30):
            [line] = lines([row])
            assert line.isprintable(), (name, line)
            assert not set(line) & set("\u200b\u202e\u200f\u2066"), (name, line)
            is_heading = bool(row.pieces) and row.pieces[0].pen == "title--name-active"
            assert is_heading or cell_len(line) <= width, (name, line)


def test_a_clock_that_seems_to_be_off_is_told_where_its_rates_are() -> None:
    # Ten minutes were watched, and half of what came was said by TikTok five minutes before.
    off = told(*(chat(at - 300, at + 2) for at in range(0, 600, 2)), share(1, 1), minutes=10)
    for pages in (shares_pages.PAGES, engagement_pages.PAGES):
        words = " ".join(page(pages, off, "overview", 199).split())
        assert "clock may be about 5 min ahead: 150 of 301 events" in words
    right = told(*(chat(at, at + 2) for at in range(0, 600, 2)), share(1, 1), minutes=10)
    assert "clock may be" not in page(engagement_pages.PAGES, right, "overview", 199)
