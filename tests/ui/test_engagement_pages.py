"""What the pages of engagement say is what the analysis has."""

from __future__ import annotations

from tests.ui.paged import figures, page, spikes
from tui_live.core.engagement.figures import Portion
from tui_live.ui.analysis import engagement_pages
from tui_live.ui.analysis.words import decimal, percent
from tui_live.ui.format import clock, full, span

__all__ = ["spikes"]


def test_the_overview_of_engagement_says_the_figures(spikes) -> None:
    found, said = spikes.engagement, figures(page(engagement_pages.PAGES, spikes, "overview"))
    assert said["peak viewers"] == (full(found.viewers.peak or 0), f"at {clock(found.viewers.peak_ms or 0)}")
    assert said["mean viewers"][0] == decimal(found.viewers.mean)
    for name, rate in (
        ("messages", found.messages_per_minute),
        ("coins", found.coins_per_minute),
        ("likes", found.likes_per_minute),
        ("room likes", found.room_likes_per_minute),
        ("joins", found.joins_per_minute),
    ):
        assert said[name][0] == decimal(rate.per_minute)
        assert f"{full(rate.count)} in {span(rate.minutes * 60)}" in said[name][1]
    assert said["viewers seen"][0] == full(found.people.seen)
    assert said["active"][0] == percent(found.people.active)
    assert said["revenue"][0] == full(found.coins)
    assert found.first_action.median_s is not None
    assert said["join → action"][0] == span(found.first_action.median_s)


def test_moments_gifts_people_and_hours(spikes) -> None:
    found = spikes.engagement
    moments = page(engagement_pages.PAGES, spikes, "moments").split("\n")
    for line, one in zip(moments[2:], found.moments, strict=False):
        assert line.split()[:4] == [
            clock(one.start_ms),
            decimal(one.points_per_minute),
            full(one.viewers or 0),
            full(one.messages),
        ]
    gifts = page(engagement_pages.PAGES, spikes, "gifts", 118, 80)
    for kind in (*found.most_sent, *found.dearest):
        assert any(line.split()[-3:-1] == [full(kind.units), full(kind.coins)] for line in gifts.split("\n")), kind
    for one in found.spenders:
        assert any(f"@{one.username}" in line and full(one.coins) in line for line in gifts.split("\n"))
    people = page(engagement_pages.PAGES, spikes, "people")
    assert figures(people)["returning"][0] == percent(found.people.returning or Portion(0, 0, None))
    for word in found.languages.top:
        assert any(line.split()[:2] == [word.name, full(word.count)] for line in people.split("\n"))
    assert "TikTok says one of" in people
    hours = page(engagement_pages.PAGES, spikes, "hours")
    assert f"Fri 08:00  {decimal(found.busiest[0].messages_per_minute):>8}" in hours
