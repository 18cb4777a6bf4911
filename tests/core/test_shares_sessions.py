"""The shares of several sessions together, exact or as limits."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.core.sharing import result
from tests.core.story import START, batch, follow, person, share
from tui_live.core.engagement.figures import Portion, Rate
from tui_live.core.events import Person
from tui_live.core.shares import Shares, SharesResult, combine
from tui_live.core.shares.result import Reach


def test_sessions_are_combined_by_person_hour_and_weekday() -> None:
    week = 7 * 86_400
    first = result(share(1, person(1, 100)), share(2, 1), share(3, 2), until_s=3600)
    later = Shares(START + week * 1000, known={"1", "2"})
    later.add(batch([share(week + 1, Person("1", "new", followers=300)), share(week + 2, 3), follow(week + 9, 3)]))
    second = later.result(until_ms=START + (week + 3600) * 1000)
    both = combine([second, first])
    assert [(one.username, one.shares, one.sessions, one.followers) for one in both.top_sharers] == [
        ("new", 3, 2, 300),
        ("p2", 1, 1, None),
        ("p3", 1, 1, None),
    ]
    assert (both.shares, both.sharers, both.complete) == (5, 3, True)
    assert both.regular_sharers == Portion(1, 3, pytest.approx(1 / 3))
    assert both.per_minute == Rate(5, 120.0, pytest.approx(5 / 120))
    assert [(hour.at, hour.minutes, hour.shares, hour.per_hour) for hour in both.by_hour] == [(8, 120.0, 5, 2.5)]
    assert [(day.at, day.shares) for day in both.by_weekday] == [(4, 5)]
    assert (both.reach, both.followed) == (
        Reach(300, None, Portion(1, 3, pytest.approx(1 / 3))),
        Portion(1, 4, 0.25),
    )
    assert [line.first_time for line in both.lines] == [None, Portion(1, 2, 0.5)]
    assert not combine([result(share(1, 1), share(2, 2), top=1)]).complete
    with pytest.raises(ValueError, match="UTC"):
        combine([first, result(zone=ZoneInfo("Asia/Tokyo"))])
    assert combine([]).lines == []


def _evening(number: int, sharers: list[Person], known: set[str] | None, top: int = 20) -> SharesResult:
    later_s = number * 86_400
    shares = Shares(START + later_s * 1000, known=known)
    shares.add(batch([share(later_s + at, who) for at, who in enumerate(sharers)]))
    return shares.result(until_ms=START + (later_s + 600) * 1000, top=top)


def test_sessions_with_more_sharers_than_their_lists_have_limits_and_no_exact_figures() -> None:
    # Thirty came back on the second evening, and on the third all of the first two; lists have twenty.
    crowd = [person(number, 1_000 if number < 20 else 1_000_000) for number in range(90)]
    first, second, third = crowd[:60], crowd[30:90], crowd
    known = [{one.user_id for one in some} for some in (first, crowd)]
    evenings = [_evening(0, first, None), _evening(1, second, known[0]), _evening(2, third, known[1])]
    both = combine(evenings)
    assert not both.complete
    assert both.sharers == 90
    assert both.regular_sharers == Portion(90, 90, None)
    truth = 20 * 1_000 + 70 * 1_000_000
    assert both.reach.followers == truth
    assert both.reach.at_most == sum(one.reach.followers for one in evenings) > truth
    assert both.reach.known == Portion(210, 210, 1.0)
    two = combine(evenings[:2])
    assert (two.sharers, two.regular_sharers) == (90, Portion(30, 90, None))
    assert two.reach.followers <= truth <= (two.reach.at_most or 0)
    # With lists that have everybody it is exact.
    whole = combine([_evening(0, first, None, 1_000), _evening(1, second, known[0], 1_000)])
    assert (whole.complete, whole.sharers, whole.regular_sharers) == (True, 90, Portion(30, 90, pytest.approx(1 / 3)))
    assert (whole.reach.followers, whole.reach.at_most) == (truth, truth)
