"""A spike is found within seconds and once; calm streams, bursty or not, have none."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.spikes import bursts, chance, false_alarms
from tui_live.core.spikes import Spike, Spikes


def found(times: list[float], **settings: float) -> list[Spike]:
    spikes = Spikes(**settings)
    return [spike for at in sorted(times) if (spike := spikes.add(at)) is not None]


def steady(start: float, end: float, per_minute: float) -> Iterator[float]:
    step = 60 / per_minute
    return (start + step * at for at in range(int((end - start) / step)))


@pytest.mark.parametrize(("calm", "per_minute"), [(chance, 0.05), (chance, 2.0), (chance, 50.0), (bursts, 0.5)])
def test_calm_streams_raise_hardly_an_alarm(calm, per_minute) -> None:
    """The whole measurement, 1,000 hours at many rates, is ``bench/spikes.py``."""
    assert false_alarms(calm, per_minute, hours=100 if per_minute < 2 else 20) <= 1


@pytest.mark.parametrize(
    ("per_minute", "times", "within_s"),
    [(10, 5, 60), (20, 4, 60), (50, 3, 120), (50, 4, 30), (50, 5, 15), (300, 5, 12)],
)
def test_planted_spikes_are_found_within_seconds(per_minute, times, within_s) -> None:
    caught = 0
    for seed in range(20):
        rng = random.Random(seed)
        calm = list(chance(per_minute, 1320 / 3600, rng))
        extra = [1200 + at for at in chance(per_minute * (times - 1), 120 / 3600, rng)]
        caught += any(1200 < spike.at_s <= 1200 + within_s for spike in found([*calm, *extra]))
    assert caught >= 16


def test_a_spike_tells_its_size() -> None:
    [spike] = found([*steady(0, 1200, 60), *steady(1200, 1260, 600)])
    assert 1200 < spike.at_s < 1210
    assert spike.seconds in (15.0, 60.0)
    assert spike.times >= 2.5
    assert spike.usual == pytest.approx(spike.seconds, rel=0.1)


def test_it_is_one_spike_until_calm_again() -> None:
    calm = list(steady(0, 3600, 30))
    two = [*steady(1200, 1380, 200), *steady(2400, 2460, 200)]
    assert [round(spike.at_s, -2) for spike in found([*calm, *two])] == [1200, 2400]
    one_with_a_breath = [*steady(1200, 1260, 200), *steady(1270, 1320, 200)]
    assert len(found([*calm, *one_with_a_breath])) == 1


def test_a_rate_that_stays_is_the_new_usual() -> None:
    raised = [*steady(0, 1200, 20), *steady(1200, 9000, 100)]
    assert len(found(raised)) == 1
    assert len(found([*raised, *steady(9000, 9060, 500), *steady(9060, 9600, 100)])) == 2


def test_few_occurrences_are_no_spike_however_quiet_it_was() -> None:
    assert found([0.0, *(7200 + at for at in range(4))]) == []


def test_the_first_minutes_only_learn() -> None:
    assert found([*steady(0, 60, 10), *steady(60, 120, 600)]) == []


def test_an_outage_is_not_taken_for_quiet() -> None:
    assert found([*steady(0, 1800, 60), *steady(3600, 5400, 60)]) == []


def test_late_and_wild_times_break_nothing() -> None:
    spikes = Spikes()
    times = [*steady(0, 1200, 30), 1e9, *steady(1200, 1800, 30), 1799.0, *steady(1800, 1860, 600)]
    assert len([at for at in times if spikes.add(at)]) == 1
    assert [at for at in steady(0, 100, 60) if Spikes(start_s=50.0).add(at)] == []


@settings(max_examples=30)
@given(st.lists(st.floats(0, 4000), max_size=300).map(sorted), st.integers(0, 300))
def test_watching_in_two_parts_gives_what_watching_in_one_does(times, cut) -> None:
    times = [*steady(0, 1000, 20), *times]
    times.sort()
    spikes = Spikes()
    parts = [spike for part in (times[:cut], times[cut:]) for at in part if (spike := spikes.add(at))]
    assert parts == found(times)
