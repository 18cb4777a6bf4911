"""The report of a session says what its results say."""

from __future__ import annotations

import pytest
from msgspec import structs

from tests.core import story
from tests.core.played import MINUTE
from tests.report.evenings import MADE, Evening, evening, played
from tests.report.reading import Read, block, cards, facts, rows, section
from tui_live.core.analysis import across
from tui_live.core.definitions import ENGAGEMENT, SHARES
from tui_live.core.past import ACTIVE, Gap
from tui_live.core.shares import ShareRules
from tui_live.report import comparison_page
from tui_live.report.words import percent


@pytest.fixture(scope="module")
def page(rich: Evening) -> str:
    return rich.page()


def test_the_head_says_who_when_and_what_is_missing(rich: Evening, page: str) -> None:
    head = Read(page).root.first("header")
    assert head.first("h1").text == "@ana"
    assert head.first("p", "subject").text == "Friday <b>night</b> 猫"
    assert head.first("p", "when").text == "Fri 15 Jan 2027, 13:30 – 13:46 · 16 min · ended · Asia/Kolkata"
    assert head.first("p", "warn").text.startswith("1 gap, 2 min without a connection: what happened then is missing")
    engaged, shown = rich.analysis.engagement, cards(head)
    assert shown["Peak viewers"] == (f"{engaged.viewers.peak:,}", f"mean {engaged.viewers.mean:,.0f}")
    assert shown["Messages"][0] == f"{engaged.messages:,}"
    assert shown["Coins"] == (f"{engaged.coins:,}", f"{engaged.gifts:,} gifts, {engaged.givers:,} givers")
    assert shown["Likes"][0] == f"{engaged.room_likes_per_minute.count:,}"
    assert shown["Likes"][1].startswith("as the room's own count grew; ")
    part = engaged.people.active_of_visitors
    assert part is not None
    assert shown["Active viewers"][1].endswith(f"seen by name, {percent(part.share)} of all visitors")
    assert shown["Shares"][0] == f"{rich.analysis.shares.shares:,}"


def test_top_users_are_the_leaderboard(rich: Evening, page: str) -> None:
    shown = rows(section(page, "people"))
    assert len(shown) == 25
    for row, line in zip(shown, rich.board.lines, strict=False):
        assert row[0] == str(line.place)
        assert row[1] == " ".join(f"{line.name} @{line.handle}".split())
        now = line.now
        numbers = (line.score, now.coins, now.gifts, now.likes, now.comments, now.follows, now.shares)
        assert row[2:9] == [f"{number:,}" for number in numbers]
        assert row[9] == ("yes" if line.follower else "–")


def test_every_figure_of_the_shares_is_there_with_its_sample(rich: Evening, page: str) -> None:
    result, part = rich.analysis.shares, section(page, "sharing")
    shown = facts(part)
    assert shown["Shares"][0] == f"{result.shares:,}"
    assert shown["Per minute, per hour"][0] == f"{result.per_minute.per_minute:.1f} a minute"
    assert shown["Per minute, per hour"][1].endswith(f"{result.per_minute.count:,} in 14 min")
    assert shown["Busiest minute"][0] == f"{result.busiest_minute} shares"
    for name, portion in {
        "Repeat sharers": result.repeat_sharers,
        "First-time sharers": result.first_time_sharers,
        "Share → follow": result.conversion.followed,
        "Share → engagement": result.conversion.engaged,
        "The same before their first share": result.conversion.engaged_before,
        "Chatted after sharing": result.conversion.chatted,
        "Gave after sharing": result.conversion.gave,
        "Liked after sharing": result.conversion.liked,
        "Share → follow → engagement": result.conversion.followed_and_engaged,
    }.items():
        assert portion is not None
        assert shown[name][1] == f"{portion.part:,} of {portion.of:,}", name
    assert shown["Estimated reach"][0] == f"at most {result.reach.followers:,}"
    assert shown["Estimated reach"][1].startswith("estimate, from ")
    assert shown["Users joined"][0] == f"{result.users_joined.users:,}"
    assert "estimate" in shown["New viewers per share"][1]
    assert shown["Influencer shares"][1].startswith(f"{result.influencer_shares.part} of {result.influencer_shares.of}")
    assert f"{result.follows_after_spikes.within.count} in" in shown["Follows after spikes"][1]


def test_lists_of_the_shares_are_whole(rich: Evening, page: str) -> None:
    result, part = rich.analysis.shares, section(page, "sharing")
    spikes = rows(block(part, "Spikes"))
    assert len(spikes) == len(result.spikes) >= 1
    first = result.spikes[0]
    assert spikes[0][2] == str(first.shares)
    assert spikes[0][3] == f"{first.peak_count} in {first.peak_seconds:.0f} s"
    assert spikes[0][4] == f"{first.peak_times:.1f}×"
    assert [row[2] for row in rows(block(part, "Top sharers"))] == [str(one.shares) for one in result.top_sharers]
    assert [row[3] for row in rows(block(part, "Viral stretches"))] == [str(one.shares) for one in result.viral]
    assert result.viral
    assert [row[:2] for row in rows(block(part, "Share targets"))] == [
        [one.name, str(one.count)] for one in result.targets.top
    ]
    lengths = rows(block(part, "Chain lengths"))
    assert sum(int(row[1]) for row in lengths) == sum(result.chain_lengths.values())
    shaded = [cell.first("b").text for cell in block(part, "Hours and weekdays").all("td") if cell.all("b")]
    assert len(shaded) == len(result.hours) == 1


def test_every_figure_of_the_engagement_is_there(rich: Evening, page: str) -> None:
    result, part = rich.analysis.engagement, section(page, "engagement")
    shown, people = facts(part), result.people
    assert shown["Peak viewers"][0] == f"{result.viewers.peak:,}"
    for name, rate in {
        "Messages per minute": result.messages_per_minute,
        "Likes per minute": result.likes_per_minute,
        "Room likes per minute": result.room_likes_per_minute,
        "Coins per minute": result.coins_per_minute,
        "Joins per minute": result.joins_per_minute,
    }.items():
        assert shown[name][1].startswith(f"{rate.count:,} in "), name
    assert shown["Viewers seen"][0] == f"{people.seen:,}"
    assert people.returning is not None
    assert shown["Returning and new viewers"][1] == f"{people.returning.part} of {people.seen}; {people.new} new"
    assert shown["Active viewers"][1].startswith(f"{people.active.part:,} of {people.active.of:,}")
    assert [row[3] for row in rows(block(part, "Top spenders"))] == [f"{one.coins:,}" for one in result.spenders]
    assert [row[:2] for row in rows(block(part, "Most sent gifts"))] == [
        [one.gift_name, f"{one.units:,}"] for one in result.most_sent
    ]
    assert [row[1] for row in rows(block(part, "Languages"))] == [f"{one.count:,}" for one in result.languages.top]
    assert "TikTok does not say" in block(part, "Regions").text
    moments = rows(block(section(page, "time"), "Most engaging moments"))
    assert [row[2] for row in moments] == [f"{one.points_per_minute:,.0f}" for one in result.moments]


def test_how_far_to_trust_it_is_said(rich: Evening, page: str) -> None:
    part = section(page, "trust")
    assert rows(block(part, "Gaps")) == [["13:33:00", "13:35:00", "2 min", "the connection was cut"]]
    shown, totals, engaged = facts(part), rich.facts.totals, rich.analysis.engagement
    assert shown["Observed"][0] == "14 min of 16 min (88%)"
    assert shown["Sent again by TikTok"][0] == f"{totals.duplicates:,}"
    likes = f"{engaged.likes_per_minute.count:,} of {engaged.room_likes_per_minute.count:,} likes"
    assert shown["Likes that came with a name"][1] == likes


def test_every_definition_is_there_and_nobody_is_said_to_have_stayed(page: str) -> None:
    part = section(page, "definitions")
    told = [row[:2] for at in (0, 1) for row in rows(part, at)]
    assert told == [[one.name, one.text] for one in (*ENGAGEMENT, *SHARES)]
    text = Read(page).root.text.lower()
    assert text.count("retention") == text.count("nothing here is about retention")


def test_a_session_under_way_says_until_when() -> None:
    made = evening([story.batch([story.chat(3, 1), story.chat(125, 2)])], status=ACTIVE)
    when = Read(made.page()).root.first("p", "when").text
    assert when == "Fri 15 Jan 2027, 13:30 – 13:32 · 2 min 5 s · until 13:32, still live · Asia/Kolkata"


def test_a_session_without_events_says_so_instead_of_zeros() -> None:
    page = Read(evening([]).page()).root
    assert "Not one message" in page.text
    assert not page.all("svg") and not page.all("div", "card")


def test_one_event_gives_a_whole_report_without_plots() -> None:
    page = evening([story.batch([story.chat(3, 1)])]).page()
    root = Read(page).root
    assert not root.all("svg")
    assert "Too little was observed for plots" in section(page, "time").text
    assert "Nobody shared" in section(page, "sharing").text
    assert "Nothing was given" in section(page, "engagement").text


def test_what_nobody_knows_is_no_zero() -> None:
    made = evening([story.batch([story.share(3, 1), story.chat(200, 2)])])
    shown = facts(section(made.page(), "sharing"))
    assert shown["Estimated reach"][0] == "TikTok does not say"
    assert shown["Users joined"][0] == "TikTok does not say"
    assert shown["First-time sharers"][0] == "not known"
    assert shown["Influencer shares"][0] == "TikTok does not say"
    assert shown["New viewers per share"][0] == "not known"


def test_what_cannot_be_known_yet_is_no_zero() -> None:
    many = [story.share(at / 2, at) for at in range(600)]
    young, busy = evening([story.batch(many[:40], 20)]), evening([story.batch(many, 900)])
    part = section(young.page(), "sharing")
    assert "Not known yet: the first 6 min only tell what is usual" in block(part, "Spikes").text
    assert cards(Read(young.page()).root.first("header"))["Shares"][1] == "40 sharers, spikes not known yet"
    assert "an hour" not in facts(part)["Per minute, per hour"][1]
    assert "Not known: shares are too frequent" in block(section(busy.page(), "sharing"), "Cascades").text
    both = section(comparison_page(across("ana", (young.analysis, busy.analysis)), MADE), "sharing")
    assert facts(both)["Spikes"][1] == "not known in 1 of 2 sessions"


def test_a_figure_leads_to_its_definition(page: str) -> None:
    root = Read(page).root
    there = {one.attributes["id"] for one in root.all() if "id" in one.attributes}
    led = [one.attributes["href"] for one in root.all("a")]
    assert len(led) > 30
    assert {str(one).removeprefix("#") for one in led} <= there


def test_the_reason_of_a_gap_is_cleaned() -> None:
    made = evening(
        [story.batch([story.chat(3, 1), story.chat(300, 2)])], gaps=[(story.START + 9_000, story.START + 20_000)]
    )
    evil = made._replace(analysis=structs.replace(made.analysis, gaps=(Gap(1, 2, "cut\x1b[2J\x07off"),)))
    assert "\x1b" not in evil.page() and "cut" in section(evil.page(), "trust").text


def test_an_evening_over_midnight_names_the_day() -> None:
    late = story.START + 11 * 60 * MINUTE  # 00:30 in Kolkata
    made = evening([story.batch([story.chat(3, 1), story.share(11 * 3600, 2)])], gaps=[(late, late + MINUTE)])
    assert rows(block(section(made.page(), "trust"), "Gaps"))[0][:2] == ["16 Jan 00:30:00", "16 Jan 00:31:00"]


def test_the_rules_that_it_was_counted_by_are_named() -> None:
    made = played("lively", 1, rules=ShareRules(spike_times=4, cascade_seconds=12, viral_per_minute=7.5))
    text = section(made.page(), "sharing").text
    assert "shares.spike_times 4" in text and "shares.cascade_seconds 12" in text and "7.5 shares a minute" in text


def test_a_clock_that_seems_to_be_off_is_told() -> None:
    # Half of what came in these ten minutes was said, by TikTok's clock, before they began.
    events = [story.chat(at - 300, at + 2) for at in range(0, 600, 2)]
    shown = facts(section(evening([story.batch(events, 600)]).page(), "trust"))
    assert shown["Outside of observed time"][0] == "150"
    assert "clock may be about 5 min ahead: 150 of 300 events" in shown["Outside of observed time"][1]


def test_reach_is_an_upper_limit_only_where_all_sharers_followers_are_known() -> None:
    known = [story.share(3, story.person(1, 2_000)), story.chat(200, 2)]
    shown = facts(section(evening([story.batch(known)]).page(), "sharing"))
    assert shown["Estimated reach"][0] == "at most 2,000"
    shown = facts(section(evening([story.batch([*known, story.share(201, 3)])]).page(), "sharing"))
    assert shown["Estimated reach"][0] == "at least 2,000"
    assert "1 of 2" in shown["Estimated reach"][1]
