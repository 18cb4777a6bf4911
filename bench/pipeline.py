"""CPU per message from the socket to the committed row, against TikTokLive decoding and emitting the same messages.

One run measures both: the engine takes 50,000 messages over a real websocket from a simulator in another process and
records them (dedupe, streaks, rows, indexes, full text, raw frames); then TikTokLive decodes and emits the recorded
frames, with nobody listening. ``python -m bench.pipeline [--messages N] [--rounds N]``
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine
from bench._stand import hosts, stand

#: The kinds that TikTokLive can parse: what it fails on (``WebcastLinkMessage``) would cost it ten times as much.
MIX = {"chat": 50, "like": 20, "member": 14, "gift": 9, "follow": 2, "share": 1.5, "room_update": 2.5}


async def record(url: str, path: Path) -> tuple[int, float]:
    """Record the flood through the engine; returns (messages, CPU seconds from the first frame to the last commit)."""
    from tui_live.config import load
    from tui_live.engine import Engine
    from tui_live.tiktok import connection

    settings = path.with_suffix(".yaml")
    settings.write_text("streams: []\n")
    loaded = load(settings, {"database.path": str(path), **hosts(url)})

    def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return asyncio.create_task(work, name=name)

    engine = await Engine.create(loaded, spawn, web=False)
    await asyncio.to_thread(connection.load)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 1000)
    begin = time.process_time()
    engine.add_stream("flood")
    while not engine.settled():
        engine.changed.clear()
        await engine.changed.wait()
    await engine.close()
    spent = time.process_time() - begin
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT count(*) FROM events").fetchone()[0], spent


async def _payloads(path: Path) -> list[bytes]:
    from tui_live.store import sessions
    from tui_live.store.database import open_reader
    from tui_live.store.frames import session_frames

    database = await open_reader(path)
    payloads: list[bytes] = []
    for session in await sessions.listed(database):
        last = 0
        while frames := await session_frames(database, session.id, last):
            payloads += [payload for _, _, payload in frames]
            last = frames[-1][0]
    await database.close()
    return payloads


async def tiktoklive(path: Path) -> tuple[int, float]:
    """TikTokLive's own decoding and emitting of the recorded frames; returns (messages, CPU seconds)."""
    from TikTokLive import TikTokLiveClient
    from TikTokLive.client.ws.ws_utils import extract_webcast_response_message
    from TikTokLive.proto import WebcastPushFrame

    from tui_live.wire.frames import push_frame

    payloads = await _payloads(path)
    frames = [push_frame("msg", payload, compressed=payload[:2] == b"\x1f\x8b") for payload in payloads]
    client = TikTokLiveClient("bench")
    client._room_id = 1
    messages = 0
    begin = time.process_time()
    for frame in frames:
        response = extract_webcast_response_message(WebcastPushFrame().parse(frame))
        messages += len(response.messages)
        async for event in client._parse_webcast_response(response):
            client.emit(event.get_type(), event)
    return messages, time.process_time() - begin


def run(messages: int, rounds: int) -> None:
    """Print each round and the medians."""
    report_machine()
    ours: list[float] = []
    theirs = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for round_number in range(rounds):
            with stand(["flood"], messages=messages, mix=MIX) as url:
                path = Path(folder) / f"round{round_number}.db"
                count, spent = asyncio.run(record(url, path))
            ours.append(spent / count * 1e6)
            print(f"TUI Live    {count:,} messages  {ours[-1]:6.1f} µs each, socket to committed row")
        count, spent = asyncio.run(tiktoklive(path))
        theirs = spent / count * 1e6
        print(f"TikTokLive  {count:,} messages  {theirs:6.1f} µs each, decoding and emitting alone")
    median = statistics.median(ours)
    print(f"median {median:.1f} µs against {theirs:.1f} µs: 1/{theirs / median:.1f} (at most 1/10, aim 1/20)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    run(arguments.messages, arguments.rounds)
