"""How fast this machine is at this moment, in the measure that all goals are given in."""

from __future__ import annotations

import asyncio
import statistics

from bench.decode import frames, theirs
from tui_live.simulator import SCENARIOS

#: CPU µs that TikTokLive alone takes for a message where the goals hold.
REFERENCE_US = 520.0


def factor(rounds: int = 5) -> float:
    """How many times longer TikTokLive's parsing and emitting takes here and now than where the goals hold."""
    payloads = frames(SCENARIOS["lively"].mix, 1_000)
    asyncio.run(theirs(payloads))
    return statistics.median(asyncio.run(theirs(payloads)) for _ in range(rounds)) / REFERENCE_US
