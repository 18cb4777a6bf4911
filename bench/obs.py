"""From a match to ``SaveReplayBuffer`` on the wire, while the event loop decodes 1,000 messages a second of 50 streams.

OBS's stand-in is another process, which notes when the request has arrived; the clock is the same for both. A match
comes first in its batch, so that the loop is busy with the rest while the request is to leave. The second between
requests is shortened for the measurement. ``python bench/obs.py [--saves N] [--per-second N]``
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import statistics
import sys
import tempfile
import time
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import part, report_machine, verdict
from bench.decode import frames
from tests.obs.causes import cause
from tests.obs.fake import FakeObs
from tests.obs.stand import Lag, Stand, standing
from tui_live.core.clips import ObsState
from tui_live.obs import queue
from tui_live.simulator import SCENARIOS
from tui_live.simulator.messages import prepare
from tui_live.tiktok.decode import RoomDecoder, build_readers
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame

_GOAL_MS = 10.0
_STREAMS, _IN_FRAME = 50, 20
_APART_SECONDS = 0.1


def stand_in(folder: str, pipe: Connection) -> None:
    """OBS's process: says its port, and at the end when requests to save came in."""

    async def serve() -> None:
        obs = FakeObs(Path(folder))
        obs.write_seconds = 0.01
        await obs.start()
        pipe.send(obs.port)
        await asyncio.to_thread(pipe.recv)
        pipe.send(obs.times("SaveReplayBuffer"))
        await obs.stop()

    asyncio.run(serve())


class Streams:
    """Fifty streams whose frames are decoded evenly through each second."""

    def __init__(self, per_second: int) -> None:
        self._payloads = frames(SCENARIOS["lively"].mix, 20_000)
        self._decoders = [RoomDecoder(str(number), Host("alice", 1)) for number in range(_STREAMS)]
        self._per_second = per_second
        self.messages = 0

    async def run(self, stand: Stand, saves: int) -> tuple[list[float], float]:
        """Decode until so many saves were asked for; returns when they were (monotonic), and messages per second."""
        rng = random.Random(3)
        asked: list[float] = []
        began = time.monotonic()
        number, next_ask = 0, began
        while len(asked) < saves or len(stand.told) < saves:
            number += 1
            if len(asked) < saves and len(stand.told) == len(asked) and time.monotonic() >= next_ask:
                asked.append(time.monotonic())
                stand.clips.ask(cause(f"user{len(asked)}"))
                next_ask = asked[-1] + _APART_SECONDS * (1 + rng.random())
            payload = self._payloads[number % len(self._payloads)]
            batch = self._decoders[number % _STREAMS].decode(Frame(payload), time.time_ns() // 1_000_000)
            self.messages += len(batch.events) + batch.duplicates
            await asyncio.sleep(max(0.0, began + number * _IN_FRAME / self._per_second - time.monotonic()))
        return asked, self.messages / (time.monotonic() - began)


async def measure(saves: int, per_second: int) -> bool:
    """Print the figures; whether the goal is met."""
    queue.APART_SECONDS = _APART_SECONDS
    here, there = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = get_context("spawn").Process(target=stand_in, args=(folder, there))
        process.start()
        port = await asyncio.to_thread(here.recv)
        streams = Streams(per_second)
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 1000)
        async with standing(port, merge_window_seconds=0) as stand, Lag() as lag:
            await stand.until_state(ObsState.READY)
            asked, rate = await streams.run(stand, saves)
        here.send("done")
        arrived = await asyncio.to_thread(here.recv)
        process.join()
    assert len(arrived) == len(asked) == saves
    took = [(there - here) * 1000 for here, there in zip(asked, arrived, strict=True)]
    good = part(took, 0.99) <= _GOAL_MS
    print(
        f"{saves} saves at {rate:,.0f} messages/s: median {statistics.median(took):.2f} ms, p99 {part(took, 0.99):.2f} "
        f"ms (goal {_GOAL_MS:.0f}), longest {max(took):.2f} ms; the loop lagged {lag.longest * 1000:.0f} ms at most  "
        f"{verdict(good)}"
    )
    return good


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--saves", type=int, default=300)
    options.add_argument("--per-second", type=int, default=1_000)
    chosen = options.parse_args()
    report_machine()
    prepare()
    build_readers()
    if not asyncio.run(measure(chosen.saves, chosen.per_second)):
        sys.exit(1)


if __name__ == "__main__":
    main()
