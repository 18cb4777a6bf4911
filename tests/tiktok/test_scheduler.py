"""The sign server's budget: a burst, then one by one, in the order of asking."""

from __future__ import annotations

import asyncio

import pytest

from tui_live.tiktok.scheduler import ConnectScheduler


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        really_sleep = asyncio.sleep

        async def sleep(seconds: float) -> None:
            self.now += seconds
            await really_sleep(0)

        monkeypatch.setattr("tui_live.tiktok.scheduler.asyncio.sleep", sleep)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


async def test_fifty_streams_get_a_burst_of_eight_and_then_eight_a_minute(clock) -> None:
    scheduler = ConnectScheduler(8, clock)
    turns: list[tuple[int, float]] = []

    async def stream(number: int) -> None:
        await scheduler.turn()
        turns.append((number, clock() - 1000))

    await asyncio.gather(*(stream(number) for number in range(50)))
    assert [number for number, _ in turns] == list(range(50))
    assert [when for _, when in turns[:8]] == [0] * 8
    assert [when for _, when in turns[8:11]] == [7.5, 15, 22.5]
    assert turns[-1][1] == pytest.approx(7.5 * 42)


async def test_rest_fills_the_bucket_but_not_beyond_the_burst(clock) -> None:
    scheduler = ConnectScheduler(4, clock)
    clock.now += 10_000
    for _ in range(4):
        assert scheduler.wait_seconds() == 0
        await scheduler.turn()
    assert scheduler.wait_seconds() == 15


async def test_a_named_limit_holds_for_everybody(clock) -> None:
    scheduler = ConnectScheduler(8, clock)
    scheduler.hold(30)
    assert scheduler.wait_seconds() == 30
    await scheduler.turn()
    assert clock() == 1030


async def test_without_a_budget_nobody_waits(clock) -> None:
    scheduler = ConnectScheduler(None, clock)
    scheduler.hold(30)
    for _ in range(100):
        await scheduler.turn()
    assert clock() == 1000
    assert scheduler.wait_seconds() == 0
