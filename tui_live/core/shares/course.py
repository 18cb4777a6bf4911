"""What a spike of shares came to after it was noticed: how long it was, how many shares it had, how high it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from typing import NamedTuple

from tui_live.core.spikes import Spike


class Peak(NamedTuple):
    """The most ``shares`` within ``seconds``, ``times`` the usual, the last of them at ``at_ms``."""

    times: float
    shares: int
    seconds: float
    at_ms: int


class Course(NamedTuple):
    """``shares`` until ``end_ms``, the highest of them, and the most within a whole window."""

    end_ms: int
    shares: int
    peak: Peak
    most: Peak


def course(
    spike: Spike, at_ms: int, began_ms: int, times: Sequence[int], window_s: float, clock: Callable[[int], float]
) -> Course:
    """The course of a spike that was noticed at ``at_ms``.

    ``times`` are those of the shares (milliseconds, ascending) from the first that made it noticed, as far as its rate
    may not have been back; ``clock`` tells them in seconds without gaps. It ends with the share up to which the rate
    was most likely another (the greatest likelihood ratio).
    """
    per_second = spike.usual / spike.seconds
    clocks = [clock(time_ms) for time_ms in times]
    first = next(at for at, time_ms in enumerate(times) if time_ms >= began_ms)
    best, last = 0.0, first
    for at in range(first, len(times)):
        count = at - first + 1
        expected = per_second * max(clocks[at] - clocks[first], 1.0)
        surprise = count * log(count / expected) - (count - expected)
        if times[at] <= at_ms or (count > expected and surprise > best):
            best, last = surprise, at
    whole, quarter = (_peak(times[: last + 1], clocks, seconds, per_second) for seconds in (window_s, window_s / 4))
    noticed = Peak(spike.times, spike.count, spike.seconds, at_ms)
    return Course(times[last], last - first + 1, max(noticed, whole, quarter), whole)


def _peak(times: Sequence[int], clocks: Sequence[float], seconds: float, per_second: float) -> Peak:
    most, at_ms, start = 0, 0, 0
    for at, time_ms in enumerate(times):
        while clocks[start] <= clocks[at] - seconds:
            start += 1
        if at - start + 1 > most:
            most, at_ms = at - start + 1, time_ms
    return Peak(most / (per_second * seconds), most, seconds, at_ms)
