"""The shares of a story, counted: for tests of their figures."""

from __future__ import annotations

from tests.core.story import START, batch, share
from tui_live.core.events import Event
from tui_live.core.shares import ShareRules, Shares, SharesResult


def result(
    *events: Event,
    until_s: float = 600,
    gaps: tuple[tuple[float, float], ...] = (),
    rules: ShareRules | None = None,
    known: set[str] | None = None,
    **more,
) -> SharesResult:
    """What is told of a stream after so many seconds, with gaps from second to second."""
    shares = Shares(START, rules, known=known)
    shares.add(batch(sorted(events, key=lambda event: event.time_ms)))
    for start_s, end_s in gaps:
        shares.add_gap(START + round(start_s * 1000), START + round(end_s * 1000))
    return shares.result(until_ms=START + round(until_s * 1000), **more)


def at(ms: int) -> float:
    """Seconds after the start."""
    return (ms - START) / 1000


def steady(start_s: float, end_s: float, every_s: float) -> list[Event]:
    """Shares at even times, by somebody else each time."""
    times = (start_s + every_s * number for number in range(int((end_s - start_s) / every_s)))
    return [share(time, 1000 + number) for number, time in enumerate(times)]
