"""CPU per message of decoding alone, all types mixed, against TikTokLive parsing and emitting the same messages.

Two mixes: as in life (chat-heavy), and every method of the schema as often as any other. Avatar addresses carry a new
signature in every message, as TikTok's do. Both sides get batches whose envelopes are parsed already; rounds alternate.
``python bench/decode.py [--messages N] [--rounds N]``
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import random
import re
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine, verdict
from tui_live.simulator import SCENARIOS, batches
from tui_live.simulator.messages import Message, Stamp, prepare
from tui_live.simulator.methods import other_methods
from tui_live.simulator.people import People
from tui_live.simulator.script import Script
from tui_live.tiktok.decode import RoomDecoder, build_readers
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame

#: TikTokLive 7 needed 520 µs where 12 µs are the goal.
GOAL = 520 / 12
_IN_FRAME = 20
_MIXES = {
    "as in life": SCENARIOS["lively"].mix,
    "every method": {"method": len(other_methods()), "chat": 1, "like": 1, "member": 1, "gift": 1, "share": 1},
}
#: TikTokLive 7.0.1 fails to parse these where they name users, which costs it far more than parsing.
_LEFT_OUT = {"WebcastLinkMessage"}
_SIGNATURE = re.compile(rb"(x-signature=)[0-9a-f]{40}")


def frames(mix: Mapping[str, float], count: int) -> list[bytes]:
    """Serialized batches of ``count`` messages in this mix, the same in every run."""
    rng = random.Random(7)
    scenario = msgspec.structs.replace(SCENARIOS["lively"], mix=mix)
    ids = itertools.count(7_300_000_000_000_000_001)
    now = time.time_ns() // 1_000_000
    people = People("alice", 2000, rng, "https://p16-sign.tiktokcdn.com")
    script = Script(scenario, people, rng, lambda: Stamp(next(ids), 7, now), "https://p16-webcast.tiktokcdn.com")

    def signed(message: Message) -> Message:
        fresh = _SIGNATURE.sub(lambda found: found[1] + b"%040x" % rng.getrandbits(160), message.payload)
        return msgspec.structs.replace(message, payload=fresh)

    return [
        batches.encode(
            [signed(message) for message in script.take(_IN_FRAME) if message.method not in _LEFT_OUT],
            cursor="c",
            now_ms=now,
        )
        for _ in range(count // _IN_FRAME)
    ]


def ours(payloads: list[bytes]) -> float:
    """CPU µs per message of ``RoomDecoder.decode``."""
    decoder = RoomDecoder("7", Host("alice", 1))
    parsed = [Frame(payload) for payload in payloads]
    now = time.time_ns() // 1_000_000
    begin = time.process_time()
    done = sum(len(decoder.decode(frame, now).events) for frame in parsed)
    return (time.process_time() - begin) / done * 1e6


async def theirs(payloads: list[bytes]) -> float:
    """CPU µs per message of TikTokLive's parsing and emitting, with nobody listening."""
    from TikTokLive import TikTokLiveClient
    from TikTokLive.proto import ProtoMessageFetchResult

    client = TikTokLiveClient("bench")
    client._room_id = 1
    parsed = [ProtoMessageFetchResult().parse(payload) for payload in payloads]
    begin = time.process_time()
    for response in parsed:
        async for event in client._parse_webcast_response(response):
            client.emit(event.get_type(), event)
    return (time.process_time() - begin) / sum(len(response.messages) for response in parsed) * 1e6


def run(messages: int, rounds: int) -> None:
    """Print each mix: the medians, and whether the goal is met."""
    report_machine()
    prepare()
    build_readers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 1000)
    for name, mix in _MIXES.items():
        payloads = frames(mix, messages)
        some = payloads[: max(1, len(payloads) // 20)]
        measured = [(ours(payloads), asyncio.run(theirs(some))) for _ in range(rounds)]
        mine, other = (statistics.median(side) for side in zip(*measured, strict=True))
        ratio = other / mine
        print(
            f"{name:13} {mine:5.1f} µs each, TikTokLive {other:5.0f}: 1/{ratio:.0f}"
            f" (goal 1/{GOAL:.0f}: {verdict(ratio >= GOAL)})"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    run(arguments.messages, arguments.rounds)
