"""Events per second."""

from __future__ import annotations

from tui_live.core.rates import RateMeter


def test_full_seconds_are_counted_and_silence_is_zero() -> None:
    meter = RateMeter(seconds=5)
    for now in (100.0, 100.5, 101.2, 103.0):
        meter.add(2, now)
    assert meter.history(104.0) == (4, 2, 0, 2)
    assert meter.total == 8
    assert meter.history(200.0) == (0, 0, 0, 0, 0)


def test_the_rate_is_the_mean_of_the_last_full_seconds() -> None:
    meter = RateMeter()
    for second in range(10):
        meter.add(30, 50.0 + second)
    assert meter.per_second(60.0) == 30
    assert RateMeter().per_second(1.0) == 0
