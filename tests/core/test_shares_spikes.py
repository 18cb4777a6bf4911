"""When far more is shared than before: spikes, what comes with them, and viral stretches."""

from __future__ import annotations

import pytest

from tests.core.sharing import at, result, steady
from tests.core.story import START, batch, chat, follow, gift, share
from tui_live.core.engagement.figures import Comparison, Rate
from tui_live.core.shares import ShareRules, Shares, combine


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


@pytest.mark.parametrize("quiet_s", [600, 3600])
def test_a_stream_that_nobody_shared_and_then_many_do_spikes(quiet_s: int) -> None:
    rush = [share(quiet_s + number / 3, number) for number in range(120)]
    assert len(result(*rush, until_s=quiet_s + 60).spikes) == 1


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


def test_viral_stretches_need_a_threshold() -> None:
    story = [*steady(100, 160, 5), *steady(400, 410, 1)]
    assert result(*story).viral == []
    [first] = result(*story, rules=ShareRules(viral_per_minute=11)).viral
    assert (at(first.start_ms), at(first.end_ms), first.shares, first.peak_per_minute) == (100, 160, 12, 12)
    one, two = result(*story, rules=ShareRules(viral_per_minute=10)).viral
    assert (one.shares, two.shares, at(two.start_ms), two.peak_per_minute) == (12, 10, 400, 10)


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
