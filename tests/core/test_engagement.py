"""Each figure of an audience's engagement, in cases small enough to count by hand."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.core.story import START, batch, chat, event, follow, gift, join, like, person, share, viewers
from tui_live.core.analysis import clock_doubt
from tui_live.core.engagement import Engagement, EngagementResult, Weights, attendance, combine, series, timeline
from tui_live.core.engagement.figures import Delays, Portion, Rate
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.result import HourCell
from tui_live.core.engagement.seen import Seen
from tui_live.core.events import EmoteData, Event, GiftData, Person, QuestionData
from tui_live.core.shares import Shares

MINUTE = 60_000


def result(
    *events: Event,
    until_s: float = 600,
    gaps: tuple[tuple[float, float], ...] = (),
    known: set[str] | None = None,
    **more,
) -> EngagementResult:
    engagement = Engagement(START, known=known, host_id="99")
    engagement.add(batch(events))
    for start_s, end_s in gaps:
        engagement.add_gap(START + round(start_s * 1000), START + round(end_s * 1000))
    return engagement.result(until_ms=START + round(until_s * 1000), **more)


def test_messages_likes_and_coins_are_counted_over_the_observed_minutes() -> None:
    found = result(chat(1, 1), chat(2, 2), chat(599, 1), like(3, 1, 40), like(4, 2, 20), gift(5, 3, 2, 100))
    assert found.messages_per_minute == Rate(3, 10.0, 0.3)
    assert found.likes_per_minute == Rate(60, 10.0, 6.0)
    assert found.coins_per_minute == Rate(200, 10.0, 20.0)
    assert (found.messages, found.likes, found.coins, found.gifts, found.events) == (3, 60, 200, 2, 6)


def test_a_gap_is_not_silence() -> None:
    found = result(chat(1, 1), chat(2, 2), chat(599, 1), gaps=((60, 360), (300, 420)))
    assert found.messages_per_minute == Rate(3, 4.0, 0.75)
    assert (found.observed_s, found.gaps) == (240.0, 1)
    assert found.messages_over_time.counts == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert found.messages_over_time.observed_s == [60.0, 0, 0, 0, 0, 0, 0, 60.0, 60.0, 60.0]


def test_what_tiktok_repeats_from_a_gap_or_from_before_counts_in_totals_and_in_no_rate() -> None:
    found = result(chat(-300, 1), chat(100, 2), chat(200, 1), chat(500, 3), gaps=((60, 360),))
    assert found.messages == 4
    assert found.messages_per_minute == Rate(1, 5.0, 0.2)
    assert found.people.active == Portion(3, 3, 1.0)


def test_what_has_no_credible_time_is_counted_as_such() -> None:
    found = result(chat(-90_000, 1), chat(1, 1))
    assert (found.messages, found.misplaced, found.messages_per_minute.count) == (2, 1, 1)


def test_the_mean_of_the_viewers_is_weighted_by_time() -> None:
    # Unknown for a minute, 100 for three, 400 for one, a gap of two, unknown for one, 50 for two.
    told = (viewers(60, 100), viewers(240, 400), viewers(310, 9_000), viewers(480, 50))
    found = result(*told, gaps=((300, 420),))
    assert found.viewers.mean == (3 * 100 + 400 + 2 * 50) / 6
    assert found.viewers.known_minutes == 6.0
    assert (found.viewers.peak, found.viewers.peak_ms, found.viewers.now) == (9_000, START + 310_000, 50)
    assert found.viewers_over_time == [None, 100, 100, 100, 400, None, None, None, 50, 50]


def test_the_rooms_likes_grow_between_two_numbers_without_a_gap() -> None:
    # 1000 in two minutes, then a gap that hides the growth, then 600 in three; a new room begins anew.
    told = (like(0, 1, 1, 500), like(120, 1, 1, 1500), like(310, 1, 1, 9000), like(490, 2, 1, 9600), like(550, 1, 1, 7))
    assert result(*told, gaps=((180, 300),)).room_likes_per_minute == Rate(1600, 5.0, 320.0)


def test_people_are_who_came_or_did_something_and_the_host_is_none_of_them() -> None:
    found = result(
        *(join(1, 1), join(2, 2), join(3, 2), chat(4, 1), chat(5, 3), like(6, 4), follow(7, 4), chat(8, 99)),
        viewers(9, 10, 40),
        known={"3", "4", "77"},
    )
    people = found.people
    assert (people.seen, people.joined, people.new, people.returning) == (4, 2, 2, Portion(2, 4, 0.5))
    assert (people.active, people.active_of_visitors) == (Portion(3, 4, 0.75), Portion(3, 40, 0.075))
    assert people.actors == {"chat": 2, "gift": 0, "like": 1, "social": 1, "question": 0, "emote": 0, "envelope": 0}
    assert found.messages == 3


def test_visitors_are_added_up_over_rooms() -> None:
    engagement = Engagement(START)
    for room, total in (("7", 50), ("7", 80), ("8", 20)):
        engagement.add(batch([viewers(1, 5, total)], room_id=room))
    assert engagement.result().people.visitors == 100


def test_without_earlier_sessions_nobody_is_called_new() -> None:
    people = result(chat(1, 1)).people
    assert (people.new, people.returning) == (None, None)


def test_the_first_action_is_measured_from_coming_in() -> None:
    came = [join(0, who) for who in range(1, 6)]
    acted = [chat(4, 1), like(10.9, 2), gift(30, 3), event(100, 4, QuestionData("?")), chat(200, 4), chat(9, 6)]
    assert result(*came, *acted).first_action == Delays(4, 4, 10, 30)


def test_who_comes_in_again_is_measured_from_the_last_time() -> None:
    assert result(join(0, 1), join(50, 1), event(60, 1, EmoteData("1")), join(70, 1), chat(99, 1)).first_action == (
        Delays(1, 10, 10, 10)
    )


def test_a_first_action_beyond_a_gap_may_not_be_the_first() -> None:
    story = (join(0, 1), chat(5, 1), join(6, 2), chat(100, 2), join(100, 3), chat(110, 3))
    assert result(*story, gaps=((50, 60),)).first_action == Delays(2, 5, 5, 10)
    engagement = Engagement(START)
    engagement.add(batch(story))
    assert engagement.result().first_action.sample == 3
    engagement.add_gap(START + 50_000, START + 60_000)
    assert engagement.result().first_action == Delays(2, 5, 5, 10)


def test_the_most_engaging_minutes_are_found_and_do_not_overlap() -> None:
    busy = [chat(120 + at, at) for at in range(30)]
    dear = gift(400, 1, 1, 3000)
    found = result(*busy, dear, chat(30, 1), viewers(100, 70))
    assert [(moment.messages, moment.points_per_minute) for moment in found.moments] == [
        (0, 63.0),
        (30, 30.0),
        (1, 1.0),
    ]
    best = found.moments[0]
    assert (best.coins, best.gifts, best.viewers, best.observed_s) == (3000, 1, 70, 60.0)
    assert best.start_ms <= START + 400_000 < best.start_ms + MINUTE


def test_the_weights_are_the_callers() -> None:
    found = result(chat(100, 1), share(300, 1), follow(300, 1), weights=Weights(share=0, follow=0))
    assert [moment.messages for moment in found.moments] == [1]
    everything = [like(100, 1, 20), share(100, 1), follow(100, 1), gift(100, 1, 3, 50)]
    assert result(*everything).moments[0].points_per_minute == 1 + 3 + 3 + 3 + 3


def test_a_moment_next_to_a_gap_is_a_rate_over_what_was_observed() -> None:
    found = result(*(chat(50 + at, 1) for at in range(10)), until_s=120, gaps=((60, 90),))
    assert found.moments[0].points_per_minute == 20.0
    assert found.moments[0].observed_s == 30.0


def test_gifts_by_units_and_by_coins_and_who_gave_them() -> None:
    lion = gift(3, 2, 1, 5000, "Lion")
    found = result(gift(1, 1, 5, 1), gift(2, 2, 4, 1), lion, gift(4, 1, 1, 30, "Cap"), until_s=7200)
    assert [(one.gift_name, one.units, one.coins) for one in found.most_sent] == [
        ("Rose", 9, 9),
        ("Lion", 1, 5000),
        ("Cap", 1, 30),
    ]
    assert [one.gift_name for one in found.dearest] == ["Lion", "Cap", "Rose"]
    assert [(one.username, one.units, one.coins) for one in found.spenders] == [("p2", 5, 5004), ("p1", 6, 35)]
    assert found.givers == 2
    assert found.coins_per_hour.counts == [5039, 0]


def test_a_gift_to_a_guest_and_a_repeated_streak_add_nothing() -> None:
    guest = GiftData("Rose", "1", 1, 1, True, "1", 1, 0, 0, to_user="5", guest_coins_delta=7)
    again = GiftData("Rose", "1", 1, 9, True, "1", 9, 0, 0)
    found = result(event(1, 1, guest), event(2, 1, again))
    assert (found.gifts, found.coins, found.guest_coins, found.givers, found.most_sent) == (0, 0, 7, 0, [])


def test_languages_of_messages_and_regions_of_people() -> None:
    german = Person("5", "p5", region="DE")
    found = result(chat(1, 1, "en"), chat(2, 1, "en"), chat(3, 2, "ja"), chat(4, 2), chat(5, german), chat(6, german))
    assert [(one.name, one.count) for one in found.languages.top] == [("en", 2), ("ja", 1)]
    assert found.languages.known == Portion(3, 6, 0.5)
    assert [(one.name, one.count) for one in found.regions.top] == [("DE", 1)]
    assert found.regions.known == Portion(1, 3, pytest.approx(1 / 3))


def test_invented_languages_do_not_fill_the_memory() -> None:
    found = result(*(chat(1, 1, f"x{at}") for at in range(400)))
    assert (found.languages.others, len(found.languages.top)) == (100, 20)
    assert found.languages.known.share == 1.0


def test_only_the_first_follow_of_somebody_counts() -> None:
    assert result(follow(1, 1), follow(2, 1), follow(3, 2)).follows == 2


def test_hours_are_local_and_a_half_hour_offset_is_right() -> None:
    story = (chat(10, 1), chat(1799, 1), chat(1801, 1), gift(4000, 1))
    assert result(*story, until_s=5400, zone=UTC).hours == [
        HourCell(4, 8, 60.0, 3, 0, 0, 0),
        HourCell(4, 9, 30.0, 0, 10, 0, 0),
    ]
    kolkata = result(*story, until_s=5400, zone=ZoneInfo("Asia/Kolkata"))
    assert kolkata.time_zone == "Asia/Kolkata"
    assert kolkata.hours == [HourCell(4, 13, 30.0, 2, 0, 0, 0), HourCell(4, 14, 60.0, 1, 10, 0, 0)]
    assert [cell.hour for cell in kolkata.busiest] == [13, 14]
    honolulu = result(*story, until_s=5400, zone=ZoneInfo("Pacific/Honolulu"))
    assert [(cell.weekday, cell.hour) for cell in honolulu.hours] == [(3, 22), (3, 23)]


def test_a_long_session_has_coarser_plots() -> None:
    days = 4 * 86_400
    plot = result(chat(1, 1), chat(days - 1, 1), until_s=days).messages_over_time
    assert (plot.step_s, len(plot.counts), plot.counts[0], plot.counts[-1]) == (240, 1440, 1, 1)


def test_nothing_and_one_event_are_results_too() -> None:
    empty = Engagement(START).result()
    assert (empty.messages_per_minute, empty.first_action) == (Rate(0, 0.0, None), Delays(0, None, None, None))
    assert (empty.viewers.mean, empty.moments, empty.hours, empty.people.active.share) == (None, [], [], None)
    one = result(chat(0, 1), until_s=0)
    assert (one.messages, one.messages_per_minute.per_minute) == (1, None)
    for each in (empty, one):
        assert msgspec.json.decode(msgspec.json.encode(each), type=EngagementResult) == each


def test_what_came_from_within_a_gap_shorter_than_a_step_counts_in_no_rate() -> None:
    # Half a minute of messages, then a gap of three seconds of which TikTok sends twenty messages again.
    usual = [chat(60 * minute + 2 * at, 1) for minute in range(10) for at in range(15)]
    again = [chat(60 * minute + 31 + at / 10, 2) for minute in range(10) for at in range(20)]
    gaps = tuple((60 * minute + 31, 60 * minute + 34) for minute in range(10))
    found = result(*usual, *again, gaps=gaps)
    assert (found.messages, found.observed_s) == (350, 570.0)
    assert found.messages_per_minute == Rate(150, pytest.approx(10 * 55 / 60), pytest.approx(150 * 6 / 55))


def test_what_came_before_a_start_within_a_step_counts_in_no_rate() -> None:
    start_ms = START + 4_800
    engagement = Engagement(start_ms)
    engagement.add(batch([*(chat(at / 10, 1) for at in range(48)), *(chat(4.8 + at, 2) for at in range(60))]))
    found = engagement.result(until_ms=start_ms + 60_000)
    assert found.messages_per_minute == Rate(60, 1.0, 60.0)
    assert (found.messages, found.outside.before) == (108, 48)


@pytest.mark.parametrize("told_first", [True, False])
def test_a_session_that_goes_on_after_weeks_has_the_rates_of_both_parts(told_first: bool) -> None:
    later_s = 40 * 86_400
    gap = START + 3_600_000, START + later_s * 1000
    engagement, shares = Engagement(START), Shares(START)
    story = [chat(60 * at + 1, 1) for at in range(60)]
    story += [chat(later_s + 60 * at + 1, 1) for at in range(60)] + [share(later_s + 60 * at, 2) for at in range(60)]
    for each in (engagement, shares):
        if told_first:
            each.add_gap(*gap)
        each.take(story, 0)
        each.result(until_ms=gap[1] + 3_600_000)
        if not told_first:
            each.add_gap(*gap)
    done = engagement.result(until_ms=gap[1] + 3_600_000)
    spread = shares.result(until_ms=gap[1] + 3_600_000)
    assert (done.observed_s, done.misplaced, spread.misplaced, done.outside.events) == (7200.0, 0, 0, 0)
    assert done.messages_per_minute == Rate(120, 120.0, 1.0)
    assert spread.per_minute == Rate(60, 120.0, 0.5)
    assert [(cell.minutes, cell.messages) for cell in done.hours] == [(60.0, 60), (60.0, 60)]
    assert sum(done.messages_over_time.counts) == 120
    assert (done.messages_over_time.counts[0], done.messages_over_time.counts[-1]) == (60, 60)
    for moment in done.moments:
        assert moment.start_ms < gap[0] or moment.start_ms >= gap[1] - 30_000


@pytest.mark.parametrize("apart_s", [7_300, 11_000, 10 * 86_400])
def test_what_is_before_a_long_gap_is_not_next_to_what_is_behind_it(apart_s: int) -> None:
    # Two hours is the longest window that anything is counted in.
    before_ms, behind_ms = START + 3_590_000, START + (3_590 + apart_s) * 1000
    watched, counts = Observed(START), series.Series(["joins"], START)
    watched.add_gap(before_ms, behind_ms)
    for time_ms in (before_ms - 1, behind_ms + 1):
        counts.add("joins", counts.place(time_ms), 1)
    seen = Seen(counts, watched, behind_ms + 600_000)
    window = 7200 * 1000 // series.STEP_MS
    first, second = seen.place(before_ms - 1), seen.place(behind_ms)
    assert seen.within("joins", first, first + window).count == 1
    assert seen.within("joins", second - window, second + 1).count == 1
    assert [seen.start_of(seen.place(at)) for at in (before_ms - 5_000, behind_ms)] == [before_ms - 5_000, behind_ms]
    assert seen.within("joins", first, second + 1).count == 2


def test_where_there_is_no_more_room_the_observed_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_HOURS", 3)
    monkeypatch.setattr(timeline, "MOST_HOURS", 3)
    story = [chat(600 * at, 1) for at in range(30)]
    found = result(*story, until_s=18_000)
    assert found.messages_per_minute == Rate(18, 180.0, 0.1)
    assert (found.messages, found.misplaced, found.observed_s) == (30, 12, 3 * 3600.0)
    # Hours in which nothing happens are observed, and need places when somebody looks.
    quiet = result(chat(1, 1), until_s=18_000)
    assert (quiet.messages_per_minute.minutes, quiet.observed_s) == (180.0, 3 * 3600.0)


@pytest.mark.parametrize("off_s", [-7200, -300, 0, 3, 300, 7200])
def test_a_clock_that_is_off_is_noticed(off_s: int) -> None:
    # Ten minutes, watched from when this machine's clock says so; messages have TikTok's time.
    engagement = Engagement(START)
    engagement.add(batch([chat(at - off_s, at + 2) for at in range(0, 600, 2)]))
    found = engagement.result(until_ms=START + 600_000)
    outside = found.outside
    assert outside.events == 300 - found.messages_per_minute.count == min(abs(off_s) // 2 + abs(off_s) % 2, 300)
    if abs(off_s) < 60:
        assert (outside.clock_ahead_s, clock_doubt(found)) == (None, "")
        return
    assert outside.clock_ahead_s == pytest.approx(off_s, abs=15)
    said = f"about {abs(off_s) // 60} min {'ahead' if off_s > 0 else 'behind'}: {outside.events} of 300 events"
    assert said in clock_doubt(found)


def test_what_tiktok_sends_again_from_before_the_start_says_nothing_of_the_clock() -> None:
    again = [chat(-1.5 * at, 1) for at in range(1, 60)]
    found = result(*again, *(chat(5 * at, 2) for at in range(120)))
    assert (found.outside.before, found.outside.clock_ahead_s) == (59, None)


def test_a_level_told_at_an_impossible_time_is_no_peak_at_that_time() -> None:
    found = result(viewers(10, 100), viewers(170_000, 500)).viewers
    assert (found.peak, found.peak_ms) == (500, None)
    assert result(viewers(10, 100), viewers(601, 500)).viewers.peak_ms == START + 600_000
    assert result(viewers(-2, 500)).viewers.peak_ms == START


def test_a_rate_is_of_no_more_than_the_total() -> None:
    most = 2**53
    dear = [gift(5 * at, at, 1, most) for at in range(1, 6)]
    found = result(*dear, *(like(5 * at, at, most) for at in range(9)))
    assert found.coins == found.coins_per_minute.count == sum(found.coins_over_time.counts) == most
    assert found.likes == found.likes_per_minute.count == most
    both = combine([found, found])
    assert max(both.coins.count, *(one.coins for one in both.cells), *(one.coins for one in both.by_hour)) == most
    assert max(one.coins for one in both.gifts) == max(one.coins for one in both.spenders) == most


def test_hostile_numbers_stay_what_json_holds() -> None:
    huge = 2**63 - 1
    found = result(
        like(1, 1, huge, huge), like(1, 1, huge, huge), gift(1, 1, huge, 1), viewers(1, huge, huge), viewers(2, -5, -5)
    )
    assert found.likes == found.likes_per_minute.count == found.gifts == found.viewers.peak == 2**53
    assert found.people.visitors == 2**53
    assert msgspec.json.encode(found)


def test_sessions_are_combined_by_hour_and_weekday_and_people_are_not_added_up() -> None:
    first = result(chat(1, 1), chat(2, 2), gift(3, 1, 1, 100), viewers(0, 10), until_s=3600)
    later = Engagement(START + 7 * 86_400_000, known={"1", "2"})
    at = 7 * 86_400
    later.add(batch([chat(at + 1, 1), gift(at + 2, person(1), 2, 100), viewers(at, 40), gift(at + 3, 3)]))
    second = later.result(until_ms=START + at * 1000 + 2 * 3_600_000)
    both = combine([second, first])
    assert [line.returning for line in both.lines] == [None, Portion(1, 2, 0.5)]
    assert both.messages == Rate(3, 180.0, pytest.approx(1 / 60))
    assert (both.peak_viewers, both.mean_viewers) == (40, 30.0)
    assert [(one.user_id, one.coins) for one in both.spenders] == [("1", 300), ("3", 10)]
    assert both.spenders_complete
    assert [(hour.at, hour.minutes, hour.messages, hour.coins) for hour in both.by_hour] == [
        (8, 120.0, 3, 310),
        (9, 60.0, 0, 0),
    ]
    assert [(day.at, day.minutes) for day in both.by_weekday] == [(4, 180.0)]
    with pytest.raises(ValueError, match="UTC"):
        combine([first, result(zone=ZoneInfo("Asia/Tokyo"))])
    assert combine([]).lines == []


def test_regulars_are_counted_by_the_sessions_they_came_to() -> None:
    assert attendance([["1", "2", "3"], ["2", "3"], ["3", "4"]]) == {1: 2, 2: 1, 3: 1}
