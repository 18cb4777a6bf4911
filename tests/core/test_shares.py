"""Each figure of a stream's shares, in cases small enough to count by hand."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.core.sharing import at, result
from tests.core.story import START, chat, follow, gift, join, like, person, share
from tui_live.core.engagement.figures import Delays, Named, Portion, Rate
from tui_live.core.events import Person
from tui_live.core.shares import ShareRules, Shares, SharesResult
from tui_live.core.shares.result import Joined, Reach, ShareCell


def test_shares_are_counted_over_the_observed_minutes() -> None:
    story = (share(-100, 9), share(1, 1), share(2, 1), share(130, 2), share(200, 3), share(599, None))
    found = result(*story, gaps=((180, 300),))
    assert (found.shares, found.anonymous, found.per_minute) == (6, 1, Rate(4, 8.0, 0.5))
    assert found.over_minutes.counts == [2, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert found.over_minutes.observed_s == [60.0, 60, 60, 0, 0, 60, 60, 60, 60, 60]
    assert (found.over_hours.counts, found.over_hours.observed_s) == ([4], [480.0])
    assert (found.busiest_minute, at(found.busiest_minute_ms or 0)) == (2, 0)


def test_sharers_are_ranked_and_told_apart() -> None:
    story = (share(1, 2), share(2, 1), share(3, 1), share(4, 3), share(5, 1), share(6, 3))
    found = result(*story, known={"1", "77"})
    assert [(one.username, one.shares, one.first_time) for one in found.top_sharers] == [
        ("p1", 3, False),
        ("p3", 2, True),
        ("p2", 1, True),
    ]
    assert found.repeat_sharers == Portion(2, 3, pytest.approx(2 / 3))
    assert found.first_time_sharers == Portion(2, 3, pytest.approx(2 / 3))
    assert [one.username for one in result(*story, top=1).top_sharers] == ["p1"]
    assert result(*story).first_time_sharers is None


def test_influencers_and_the_estimated_reach() -> None:
    many, few, unknown = person(1, 20_000), person(2, 30), person(3)
    found = result(share(1, many), share(2, many), share(3, few), share(4, unknown))
    assert found.influencer_shares == Portion(2, 3, pytest.approx(2 / 3))
    assert [(one.username, one.followers) for one in found.top_influencers] == [("p1", 20_000)]
    assert found.reach == Reach(20_030, None, Portion(2, 3, pytest.approx(2 / 3)))
    assert result(share(1, few), rules=ShareRules(influencer_followers=30)).influencers == 1


def test_a_sharers_followers_are_the_ones_last_told_and_their_newest_name_stands() -> None:
    renamed = Person("1", "other", "Other", followers=50)
    found = result(share(1, person(1, 20)), share(2, renamed), share(3, Person("1", "")))
    assert [(one.username, one.display_name, one.followers) for one in found.top_sharers] == [("other", "Other", 50)]


def test_shares_turn_into_follows_of_the_same_person() -> None:
    follower = person(4, None, True)
    story = (
        *(share(10, 1), follow(25.9, 1), follow(30, 1)),
        *(follow(5, 2), share(11, 2), follow(40, 2)),
        *(share(12, 3), share(50, 3), follow(60, 3)),
        *(share(13, follower), follow(20, follower)),
        *(share(14, 5), follow(70, 6)),
    )
    converted = result(*story).conversion
    assert converted.followed == Portion(2, 3, pytest.approx(2 / 3))
    assert converted.follow_delay == Delays(2, 10, 10, 15)
    followed = {one.user_id: one.followed_after_s for one in result(*story).top_sharers}
    assert followed == {"1": 15, "2": None, "3": 10, "4": None, "5": None}


def test_and_on_to_engagement() -> None:
    story = (
        *(share(10, 1), chat(11, 1), follow(12, 1), like(13, 1)),
        *(chat(1, 2), share(10, 2)),
        *(share(10, 3), gift(20, 3), chat(21, 3), chat(22, 3)),
        *(share(10, 4), follow(20, 4), join(21, 4)),
        *(like(1, 5), share(10, 5), like(20, 5)),
    )
    converted = result(*story).conversion
    assert converted.chatted == Portion(2, 5, 0.4)
    assert converted.gave == Portion(1, 5, 0.2)
    assert converted.liked == Portion(2, 5, 0.4)
    assert converted.engaged == Portion(3, 5, 0.6)
    assert converted.engaged_before == Portion(2, 5, 0.4)
    assert converted.followed == Portion(2, 5, 0.4)
    assert converted.followed_and_engaged == Portion(1, 2, 0.5)
    [one] = [one for one in result(*story).top_sharers if one.user_id == "3"]
    assert (one.chatted_after, one.gave_after, one.liked_after) == (True, True, False)


def test_who_ends_a_streak_or_gives_a_guest_gave_the_host_nothing() -> None:
    whole, guests = gift(20, 1, count=0), gift(30, 2, count=0)
    story = (share(10, 1), share(10, 2), share(10, 3), whole, guests, gift(21, 3))
    found = result(*story)
    assert found.conversion.gave == Portion(1, 3, pytest.approx(1 / 3))
    assert [one.user_id for one in found.top_sharers if one.gave_after] == ["3"]


def test_users_joined_and_targets_are_told_where_tiktok_does() -> None:
    found = result(share(1, 1, "whatsapp", 3), share(2, 2, "whatsapp"), share(3, 3, "copy", 0), share(4, 4))
    assert found.users_joined == Joined(3, 2)
    assert found.targets.top == [Named("whatsapp", 2), Named("copy", 1)]
    assert found.targets.known == Portion(3, 4, 0.75)


def test_hours_are_local() -> None:
    story = (share(10, 1), share(1700, 2), share(1900, 3))
    found = result(*story, until_s=3600, zone=ZoneInfo("Asia/Kolkata"))
    assert found.hours == [ShareCell(4, 13, 30.0, 2, 4.0), ShareCell(4, 14, 30.0, 1, 2.0)]
    assert found.time_zone == "Asia/Kolkata"


def test_no_event_one_event_and_no_share_are_results_too() -> None:
    for found in (result(until_s=0), result(share(0, 1), until_s=0), result(chat(1, 1), gift(2, 2), join(3, 3))):
        assert msgspec.json.decode(msgspec.json.encode(found), type=SharesResult) == found
        assert (found.spikes, found.cascades, found.viral) == ([], 0, [])
    assert (found.per_minute, found.conversion.followed) == (Rate(0, 10.0, 0.0), Portion(0, 0, None))
    assert Shares(START).result().per_minute == Rate(0, 0.0, None)


def test_reach_is_an_upper_limit_only_where_everybody_who_shared_is_known() -> None:
    told = (share(1, person(1, 50)), share(2, person(2, 70)))
    assert result(*told).reach == Reach(120, 120, Portion(2, 2, 1.0))
    assert result(*told, share(3, 3)).reach == Reach(120, None, Portion(2, 3, pytest.approx(2 / 3)))
    assert result(*told, share(3, None)).reach == Reach(120, None, Portion(2, 2, 1.0))
