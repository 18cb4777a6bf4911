"""Each figure of a stream's shares, in cases small enough to count by hand."""

from __future__ import annotations

import itertools
import random
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.core.story import START, batch, chat, follow, gift, join, like, person, share
from tui_live.core.engagement.figures import Comparison, Delays, Named, Portion, Rate
from tui_live.core.events import Event, Person
from tui_live.core.shares import ShareRules, Shares, SharesResult, combine
from tui_live.core.shares.cascades import by_chance
from tui_live.core.shares.result import Joined, Reach, ShareCell


def result(
    *events: Event,
    until_s: float = 600,
    gaps: tuple[tuple[float, float], ...] = (),
    rules: ShareRules | None = None,
    known: set[str] | None = None,
    **more,
) -> SharesResult:
    shares = Shares(START, rules, known=known)
    shares.add(batch(sorted(events, key=lambda event: event.time_ms)))
    for start_s, end_s in gaps:
        shares.add_gap(START + round(start_s * 1000), START + round(end_s * 1000))
    return shares.result(until_ms=START + round(until_s * 1000), **more)


def at(ms: int) -> float:
    return (ms - START) / 1000


def steady(start_s: float, end_s: float, every_s: float) -> list[Event]:
    """Somebody else each time."""
    times = (start_s + every_s * number for number in range(int((end_s - start_s) / every_s)))
    return [share(time, 1000 + number) for number, time in enumerate(times)]


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


def test_a_spike_is_found_with_what_happened_before_and_after() -> None:
    calm, spike = steady(0, 1200, 60), steady(1200, 1260, 2)
    before = [chat(1150 + number, 2000 + number) for number in range(40)]
    usually = [chat(60 * minute, 1) for minute in range(1, 15)]
    given = [gift(1180, 1, 3, 100)]
    after = [follow(1230 + number, 3000 + number) for number in range(10)]
    [found] = (whole := result(*calm, *spike, *before, *usually, *given, *after, until_s=1800)).spikes
    assert found.count / found.usual == found.times >= 3
    assert 1198 <= at(found.began_ms) <= 1204
    assert at(found.began_ms) < at(found.at_ms) <= 1240
    assert found.messages_before == Rate(40, 1.0, 40.0)
    assert (found.gifts_before.count, found.coins_before.count) == (3, 300)
    assert found.follows_after == Rate(10, 5.0, 2.0)
    assert whole.follows_after_spikes.within == Rate(10, 5.0, 2.0)
    assert whole.follows_after_spikes.usual == Rate(0, 25.0, 0.0)
    assert (whole.follows_after_spikes.expected, whole.follows_after_spikes.times) == (0.0, None)
    assert whole.messages_per_minute == Rate(54, 30.0, 1.8)


def test_follows_after_a_spike_are_compared_with_the_rest_of_the_time() -> None:
    story = [
        *steady(0, 1200, 60),
        *steady(1200, 1260, 2),
        *(follow(30 * number, 5000 + number) for number in range(60)),
    ]
    extra = [follow(1300 + number, 6000 + number) for number in range(20)]
    assert result(*story, *extra, until_s=1800).follows_after_spikes == Comparison(
        1, Rate(30, 5.0, 6.0), Rate(50, 25.0, 2.0), 10.0, 20.0, 3.0
    )


def test_a_gap_makes_no_spike_and_hides_no_usual_rate() -> None:
    # Ten a minute all along. Taken for silence, the gap of an hour would make a spike of its end.
    whole = [*steady(0, 1200, 6), *steady(4800, 6000, 6)]
    assert result(*whole, until_s=6000, gaps=((1200, 4800),)).spikes == []
    spiked = [*whole, *steady(5400, 5460, 1)]
    [found] = result(*spiked, until_s=6000, gaps=((1200, 4800),)).spikes
    assert found.usual / found.seconds == pytest.approx(1 / 6, rel=0.2)


def test_a_gap_counts_whenever_it_is_told() -> None:
    calm = [*steady(0, 1200, 6), *steady(4800, 6000, 6)]
    story = sorted([*calm, *steady(5400, 5460, 1)], key=lambda event: event.time_ms)
    early, late = Shares(START), Shares(START)
    early.add_gap(START + 1_200_000, START + 4_800_000)
    for shares in (early, late):
        shares.add(batch(story))
    assert late.result().spikes[0].at_ms == early.result().spikes[0].at_ms
    assert late.result() != early.result()
    late.add_gap(START + 1_200_000, START + 4_800_000)
    assert (late.spikes, late.spiking) == (early.spikes, early.spiking) == (1, False)
    assert late.result() == early.result()


def test_shares_that_tiktok_repeats_from_a_gap_are_no_spike() -> None:
    lost = [share(2399 - number / 10, 7000 + number) for number in range(40)]
    story = [*steady(0, 1200, 60), *lost, *steady(2400, 3600, 60)]
    found = result(*story, until_s=3600, gaps=((1200, 2400),))
    assert (found.spikes, found.shares, found.per_minute) == ([], 80, Rate(40, 40.0, 1.0))


def test_viral_stretches_need_a_threshold() -> None:
    story = [*steady(100, 160, 5), *steady(400, 410, 1)]
    assert result(*story).viral == []
    [first] = result(*story, rules=ShareRules(viral_per_minute=11)).viral
    assert (at(first.start_ms), at(first.end_ms), first.shares, first.peak_per_minute) == (100, 160, 12, 12)
    one, two = result(*story, rules=ShareRules(viral_per_minute=10)).viral
    assert (one.shares, two.shares, at(two.start_ms), two.peak_per_minute) == (12, 10, 400, 10)


def test_a_cascade_is_a_chain_of_several_people_that_chance_does_not_make() -> None:
    chain = [share(1000 + 3 * number, 1 + number % 6) for number in range(12)]
    found = result(*steady(0, 3600, 600), *chain, until_s=3600)
    [cascade] = found.longest_cascades
    assert (found.cascades, cascade.shares, cascade.people) == (1, 12, 6)
    assert (at(cascade.start_ms), at(cascade.end_ms)) == (1000, 1033)
    assert found.chain_lengths == {1: 6, 12: 1}
    usual = 2 * 6.5 / (3600 - 33)
    assert cascade.by_chance_per_hour == pytest.approx(by_chance(usual, 10, 12) * 3600)


def test_somebody_who_shares_again_and_again_is_no_cascade() -> None:
    alone = result(*(share(1000 + number, 1) for number in range(12)), until_s=3600)
    assert (alone.cascades, alone.chain_lengths) == (0, {12: 1})


def test_chains_as_long_as_chance_makes_them_are_no_cascades_and_where_all_are_chained_none_are_known() -> None:
    found = result(*(share(6 * number, number) for number in range(600)), until_s=3600)
    assert (found.cascades, found.longest_cascades, found.chain_lengths) == (None, [], {600: 1})
    pairs = result(*(share(300 * pair + 2 * one, 2 * pair + one) for pair in range(12) for one in (0, 1)), until_s=3600)
    assert (pairs.cascades, pairs.chain_lengths) == (0, {2: 12})


def test_chance_makes_as_many_chains_as_is_said() -> None:
    rng = random.Random(5)
    now, times = 0.0, []
    while now < 400 * 3600:
        now += rng.expovariate(1 / 20)
        times.append(now)
    length, found = 1, 0
    for before, after in itertools.pairwise(times):
        length = length + 1 if after - before <= 10 else 1
        found += length == 4
    assert found / 400 == pytest.approx(by_chance(1 / 20, 10, 4) * 3600, rel=0.1)


def crowd(seed: int, brought: int, shares_a_minute: float, joins_a_minute: float, front: float = 0) -> list[Event]:
    """An hour in which people come in by chance, ``front`` times more at first, and so many after each share."""
    rng = random.Random(seed)
    newcomers = itertools.count(10_000)
    chance = (joins_a_minute / 60 * (1 + front * 2 ** (-second / 120)) for second in range(3600))
    story = [join(second, next(newcomers)) for second, each in enumerate(chance) if rng.random() < each]
    now = rng.expovariate(shares_a_minute / 60)
    while now < 3600:
        story.append(share(now, rng.randrange(500)))
        story += [join(min(now + rng.uniform(0, 60), 3599), next(newcomers)) for _ in range(brought)]
        now += rng.expovariate(shares_a_minute / 60)
    return story


@pytest.mark.parametrize(
    ("shares_a_minute", "joins_a_minute", "front"), [(3, 20, 0), (0.5, 20, 0), (1, 5, 10), (1, 20, 10), (40, 20, 0)]
)
def test_shares_that_bring_nobody_have_no_new_viewers(shares_a_minute, joins_a_minute, front) -> None:
    for seed in range(4):
        found = result(*crowd(seed, 0, shares_a_minute, joins_a_minute, front), until_s=3600).new_viewers
        assert found.per_share is None or abs(found.per_share) < 1
        assert found.error is not None


@pytest.mark.parametrize(("shares_a_minute", "joins_a_minute", "brought"), [(3, 20, 2), (1, 4, 3)])
def test_shares_that_bring_people_have_as_many_new_viewers(shares_a_minute, joins_a_minute, brought) -> None:
    for seed in range(3):
        found = result(*crowd(seed, brought, shares_a_minute, joins_a_minute), until_s=3600).new_viewers
        assert found.per_share is not None and found.error is not None
        assert found.per_share == pytest.approx(brought, abs=3 * found.error)


def test_new_viewers_are_of_first_joins_and_of_what_was_observed_with_the_window_before() -> None:
    story = [*steady(70, 3600, 70), *(join(10 * number + 1, 5000 + number) for number in range(360))]
    again = [join(10 * number + 6, 5000 + number) for number in range(360)]
    found = result(*story, *again, until_s=3600, gaps=((1200, 1800),)).new_viewers
    assert (found.joins, found.minutes) == (48 * 6, 48.0)
    assert found.shares == sum(60 <= 70 * number < 1200 or 1860 <= 70 * number < 3600 for number in range(1, 51))


def test_too_few_shares_bring_nobody_knows_how_many() -> None:
    assert result(join(1, 1)).new_viewers.per_share is None
    four = [share(600 * number, number) for number in range(1, 5)]
    found = result(*four, *(join(30 * number, 100 + number) for number in range(120)), until_s=3600).new_viewers
    assert (found.per_share, found.error) == (None, None)
    always = result(*steady(0, 60, 5), join(1, 1), until_s=60).new_viewers
    assert (always.per_share, always.minutes) == (None, 0.0)


def test_a_usual_rate_that_is_hardly_known_is_compared_with_nothing() -> None:
    few = Comparison.of(1, Rate.of(9, 300_000), Rate.of(4, 3_600_000))
    assert (few.expected, few.times) == (pytest.approx(4 / 12), None)
    for little in (Rate.of(200, 240_000), Rate.of(0, 0)):
        assert Comparison.of(1, Rate.of(9, 60_000), little).extra is None
    assert Comparison.of(9, Rate.of(900, 3_600_000), Rate.of(200, 1_700_000)).times is None


def test_a_spike_says_how_high_and_how_long_it_became() -> None:
    rising = [share(1200 + number, 5000 + number) for number in range(60)]
    high = [share(1260 + number / 5, 6000 + number) for number in range(150)]
    [spike] = result(*steady(0, 2400, 60), *rising, *high, until_s=2400).spikes
    assert (spike.count, spike.at_ms < START + 1_225_000) == (pytest.approx(12, abs=8), True)
    assert (spike.peak_count, spike.peak_seconds) == (76, 15.0)
    assert spike.peak_times == pytest.approx(76 / (spike.usual / spike.seconds * 15))
    assert at(spike.end_ms) == pytest.approx(1290, abs=2)
    assert 1274 <= at(spike.peak_ms) <= 1290
    assert spike.shares == pytest.approx(211, abs=3)
    [later] = result(*steady(0, 2400, 60), *rising, until_s=1250).spikes
    assert (later.began_ms, later.at_ms) == (spike.began_ms, spike.at_ms)
    assert later.peak_count < spike.peak_count


def test_no_spike_is_known_while_the_usual_is_learned() -> None:
    assert not result(*steady(0, 60, 2), until_s=60).spikes_known
    assert result(*steady(0, 370, 60), until_s=370).spikes_known
    at_once = [*steady(0, 300, 60), *steady(300, 380, 0.2)]
    early = result(*(one for one in at_once if at(one.time_ms) < 350), until_s=350)
    assert (early.spikes, early.spikes_known) == ([], False)
    assert len(result(*at_once, until_s=380).spikes) == 1
    young = combine([result(*steady(0, 60, 2), until_s=60)])
    assert (young.lines[0].spikes, young.lines[0].cascades) == (None, None)


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


@pytest.mark.parametrize("quiet_s", [600, 3600])
def test_a_stream_that_nobody_shared_and_then_many_do_spikes(quiet_s: int) -> None:
    rush = [share(quiet_s + number / 3, number) for number in range(120)]
    assert len(result(*rush, until_s=quiet_s + 60).spikes) == 1


def test_reach_is_an_upper_limit_only_where_everybody_who_shared_is_known() -> None:
    told = (share(1, person(1, 50)), share(2, person(2, 70)))
    assert result(*told).reach == Reach(120, 120, Portion(2, 2, 1.0))
    assert result(*told, share(3, 3)).reach == Reach(120, None, Portion(2, 3, pytest.approx(2 / 3)))
    assert result(*told, share(3, None)).reach == Reach(120, None, Portion(2, 2, 1.0))


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


@pytest.mark.parametrize("chains", [400, 700])
def test_all_cascades_are_counted_however_many(chains: int) -> None:
    story = [share(700 * chain + at / 2, 10 + at) for chain in range(chains) for at in range(12)]
    found = result(*story, until_s=700 * chains)
    assert (found.cascades, len(found.longest_cascades)) == (chains, 20)
    assert found.chain_lengths == {12: chains}
    usual = 2 * 0.5 / (chains * (700 - 5.5))
    assert found.longest_cascades[0].by_chance_per_hour == pytest.approx(by_chance(usual, 10, 12) * 3600)


def test_a_share_dated_ahead_blinds_nothing() -> None:
    rush = [share(2000.5 + number, 50 + number) for number in range(30)]
    story = sorted([*steady(0, 3600, 30), *rush], key=lambda event: event.time_ms)
    ahead = share(1.9 * 86_400, 7)
    live, later = Shares(START), Shares(START)
    for one in (*story[:70], ahead, *story[70:]):
        live.take([one], min(one.time_ms, START + 3_600_000))
        assert live.spikes <= 1
    later.take([*story[:70], ahead, *story[70:]], 0)
    found = live.result(until_ms=START + 3_600_000)
    assert [spike.count for spike in found.spikes] == [spike.count for spike in result(*story, until_s=3600).spikes]
    assert found.spikes_found == 1
    assert found.outside == 1
    assert later.result(until_ms=START + 3_600_000) == found


def test_when_the_session_goes_on_until_then_what_was_ahead_counts() -> None:
    story = [*steady(0, 600, 30), share(900, 1), *steady(600, 1800, 30)]
    one_by_one, at_once = Shares(START), Shares(START)
    for one in story:
        one_by_one.take([one], START)
        one_by_one.result(until_ms=max(START + 600_000, one.time_ms - 400_000))
    at_once.take(story, START)
    for until_s in (1800, 700, 1800):
        until_ms = START + until_s * 1000
        assert one_by_one.result(until_ms=until_ms) == at_once.result(until_ms=until_ms)


def test_only_the_highest_spikes_and_busiest_stretches_are_listed() -> None:
    rushes = [share(1200 * number + 600 + at / (1 + number % 3), at) for number in range(130) for at in range(30)]
    rules = ShareRules(viral_per_minute=20)
    story = sorted([*steady(0, 130 * 1200, 20), *rushes], key=lambda event: event.time_ms)
    found = result(*story, until_s=130 * 1200, rules=rules)
    assert (found.spikes_found, len(found.spikes), found.viral_found, len(found.viral)) == (130, 100, 130, 100)
    assert [one.at_ms for one in found.spikes] == sorted(one.at_ms for one in found.spikes)
    assert [one.start_ms for one in found.viral] == sorted(one.start_ms for one in found.viral)
    assert found.follows_after_spikes.causes == 130
    fewest = min(one.peak_per_minute for one in found.viral)
    assert fewest >= 30
    assert combine([found]).spikes == 130
