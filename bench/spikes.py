"""How often a calm stream is said to spike, and how soon a spike is found.

1,000 seeded hours at each rate, in stretches of ten: pure chance; bursts of three, as when friends share together or a
joke is answered; and a rate that wanders. Then spikes planted after twenty calm minutes.
``python bench/spikes.py [--hours N] [--runs N]``
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import part, report_machine, verdict
from tui_live.core.spikes import Spikes

#: Times in seconds of a stream with so many occurrences per minute over so many hours.
Calm = Callable[[float, float, random.Random], Iterator[float]]
_GOAL_PER_100_HOURS = 1.0
_STRETCH = 10
_RATES = (0.05, 0.2, 0.5, 1.0, 3.0, 10.0, 50.0)
_BURST, _BURST_S = 3.0, 20.0
_WANDER, _WANDER_S, _STEP_S = 0.35, 600.0, 5.0
_LEAD_S, _SPIKE_S = 1200.0, 120.0


def chance(per_minute: float, hours: float, rng: random.Random) -> Iterator[float]:
    """Each occurrence by itself."""
    at = rng.expovariate(per_minute / 60)
    while at < hours * 3600:
        yield at
        at += rng.expovariate(per_minute / 60)


def bursts(per_minute: float, hours: float, rng: random.Random) -> Iterator[float]:
    """Occurrences in bursts of three on average, often one and sometimes ten, within twenty seconds."""
    waiting: list[float] = []
    for at in chance(per_minute / _BURST, hours, rng):
        while waiting and waiting[0] <= at:
            yield heapq.heappop(waiting)
        heapq.heappush(waiting, at)
        while rng.random() < 1 - 1 / _BURST:
            heapq.heappush(waiting, at + rng.uniform(0, _BURST_S))
    yield from sorted(waiting)


def wandering(per_minute: float, hours: float, rng: random.Random) -> Iterator[float]:
    """Chance at a rate that goes up and down by a third over ten minutes."""
    keep = math.exp(-_STEP_S / _WANDER_S)
    level = 0.0
    for step in range(int(hours * 3600 / _STEP_S)):
        level = keep * level + _WANDER * math.sqrt(1 - keep * keep) * rng.gauss(0, 1)
        rate = per_minute / 60 * math.exp(level - _WANDER**2 / 2)
        at = rng.expovariate(rate)
        while at < _STEP_S:
            yield step * _STEP_S + at
            at += rng.expovariate(rate)


def false_alarms(calm: Calm, per_minute: float, hours: int) -> int:
    """Spikes found in so many hours where there are none, at the default threshold: 3× within 60 s."""
    found = 0
    for seed in range(hours // _STRETCH):
        spikes = Spikes()
        rng = random.Random(seed)
        found += sum(spikes.add(at) is not None for at in calm(per_minute, _STRETCH, rng))
    return found


def delays(per_minute: float, times: float, runs: int) -> list[float]:
    """Seconds until a planted spike of two minutes is found, for the runs in which it is."""
    found = []
    for seed in range(runs):
        rng = random.Random(seed)
        calm = chance(per_minute, (_LEAD_S + _SPIKE_S) / 3600, rng)
        extra = (_LEAD_S + at for at in chance(per_minute * (times - 1), _SPIKE_S / 3600, rng))
        spikes = Spikes()
        at = next((at for at in sorted([*calm, *extra]) if spikes.add(at) and at > _LEAD_S), None)
        found += [] if at is None else [at - _LEAD_S]
    return found


def run(hours: int, runs: int) -> None:
    """Print false alarms per 100 hours, then how many spikes are found and how soon."""
    report_machine()
    print(f"false alarms per 100 h, over {hours} h each (goal {_GOAL_PER_100_HOURS:g})")
    for rate in _RATES:
        counts = [false_alarms(calm, rate, hours) / hours * 100 for calm in (chance, bursts, wandering)]
        shown = ", ".join(
            f"{name} {count:.1f}" for name, count in zip(("chance", "bursts", "wandering"), counts, strict=True)
        )
        print(f"{rate:5g}/min: {shown} ({verdict(max(counts) <= _GOAL_PER_100_HOURS)})", flush=True)
    print(f"planted spikes: found, median and 90 % within; of {runs}")
    for rate in (3.0, 6.0, 10.0, 20.0, 50.0, 200.0):
        shown = []
        for times in (3.0, 4.0, 5.0):
            seconds = delays(rate, times, runs)
            when = f" {part(seconds, 0.5):.0f} s {part(seconds, 0.9):.0f} s" if seconds else ""
            shown.append(f"{times:g}×: {100 * len(seconds) / runs:.0f} %{when}")
        print(f"{rate:5g}/min: {'; '.join(shown)}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=200)
    arguments = parser.parse_args()
    run(arguments.hours, arguments.runs)
