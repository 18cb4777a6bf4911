"""The time of a recording runs as fast as it is told to, stands still, and never jumps when that changes."""

from __future__ import annotations

import asyncio

import pytest

from tui_live.core.status import State
from tui_live.engine.playing import Playing
from tui_live.errors import StreamError

START = 1_795_000_000_000


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def playing(clock: Clock) -> Playing:
    """A recording of a minute whose first frame has been played, and whose next comes ten seconds later."""
    made = Playing("abcd2345", START, START + 60_000, 1.0, clock)
    made.begin()
    made.next_frame(START, first=True)
    made.next_frame(START + 10_000, first=False)
    return made


def test_time_goes_on_at_another_speed_from_where_it_is(playing, clock) -> None:
    clock.now += 2
    assert playing.at_ms == START + 2000
    playing.faster()
    assert (playing.speed, playing.at_ms) == (2.0, START + 2000)
    clock.now += 1
    assert playing.at_ms == START + 4000
    for _ in range(3):
        playing.slower()
    assert (playing.speed, playing.at_ms) == (0.25, START + 4000)
    clock.now += 4
    assert playing.at_ms == START + 5000
    assert playing.said == "replay 0.25× 0:00:05 of 0:01:00"


def test_a_pause_takes_no_time_of_the_recording(playing, clock) -> None:
    clock.now += 2
    playing.pause_or_go_on()
    clock.now += 1000
    assert playing.at_ms == START + 2000
    playing.faster()
    assert playing.standing.state is State.STOPPED
    assert playing.standing.reason == "paused at 0:00:02 of 0:01:00: replay of abcd2345 at 2×"
    assert playing.said == "replay paused 2× 0:00:02 of 0:01:00"
    playing.pause_or_go_on()
    clock.now += 1
    assert playing.at_ms == START + 4000
    assert playing.standing.state is State.LIVE


def test_nothing_is_shown_as_played_before_it_is(playing, clock) -> None:
    clock.now += 30
    assert playing.at_ms == START + 10_000
    playing.slower()
    assert playing.at_ms == START + 10_000


@pytest.mark.parametrize(("speed", "step"), [(0.1, "slower"), (20.0, "faster")])
def test_there_is_a_slowest_and_a_fastest(speed, step) -> None:
    playing = Playing("abcd2345", START, START, speed)
    with pytest.raises(StreamError, match=f"{speed:g}× is as far as it goes"):
        getattr(playing, step)()
    assert playing.speed == speed


@pytest.mark.parametrize(("speed", "below", "above"), [(3.0, 2.0, 5.0), (0.1, None, 0.25), (20.0, 10.0, None)])
def test_speeds_go_in_steps(speed, below, above) -> None:
    for step, expected in (("slower", below), ("faster", above)):
        playing = Playing("abcd2345", START, START, speed)
        if expected is not None:
            getattr(playing, step)()
            assert playing.speed == expected


def test_a_long_silence_is_shortened_and_told(playing, clock) -> None:
    clock.now += 10
    assert playing.next_frame(START + 30_000, first=False) == 0
    clock.now += 20
    assert playing.next_frame(START + 30_000 + 580_000, first=False) == 580
    assert playing.at_ms == START + 30_000 + 560_000
    clock.now += 19
    assert playing.at_ms == START + 30_000 + 579_000


def test_a_session_under_way_is_as_long_as_what_was_played_of_it(playing, clock) -> None:
    playing.next_frame(START + 70_000, first=True)
    assert playing.said == "replay 1× 0:01:10 of 0:01:10"


def test_a_clock_that_was_set_back_is_not_waited_for(playing, clock) -> None:
    playing.next_frame(START - 3_600_000, first=False)
    assert playing.at_ms == START - 3_600_000
    playing.next_frame(START - 3_600_000 + 1000, first=False)
    clock.now += 0.5
    assert playing.at_ms == START - 3_600_000 + 500


def test_what_is_over_stays_over(playing) -> None:
    playing.end()
    assert (playing.standing.state, playing.standing.reason) == (State.ENDED, "the recording is over")
    assert playing.said == "replay over 0:01:00 of 0:01:00"
    for command in (playing.pause_or_go_on, playing.pause, playing.go_on, playing.faster, playing.slower):
        with pytest.raises(StreamError, match="The recording is over"):
            command()
    assert playing.standing.state is State.ENDED


def test_what_failed_stays_failed(playing) -> None:
    playing.fail("the replay stopped: no disk")
    with pytest.raises(StreamError, match="no disk"):
        playing.pause_or_go_on()
    assert (playing.standing.state, playing.standing.reason) == (State.FAILED, "the replay stopped: no disk")


async def test_another_speed_holds_for_a_frame_that_is_waited_for() -> None:
    playing = Playing("abcd2345", START, START, 0.1)
    playing.begin()
    playing.next_frame(START, first=True)
    playing.next_frame(START + 2000, first=False)
    reached = asyncio.create_task(playing.reach())  # in 20 s, if nothing is done
    playing.pause()
    await asyncio.sleep(0)
    assert not reached.done()
    playing.go_on()
    while playing.speed < 20:
        playing.faster()
    await asyncio.wait_for(reached, 10)
    assert playing.at_ms == START + 2000
