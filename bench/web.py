"""What 100 overlay pages cost while 2,000 events a second come in, and how soon a change reaches them.

Three processes: the stand-in for TikTok, the engine with its web server, and the pages. The engine's CPU is measured
with no page and with all of them; the time from a change (a question put on screen) to the message is taken at the
pages' sockets. ``python -m bench.web [--pages N] [--seconds S] [--rate N]``
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import _pages
from bench._machine import report_machine
from bench._stand import hosts, stand

#: No multiple of a tick: so that questions meet every moment of the server's ticks.
_ASK_SECONDS = 0.137


async def _cpu(seconds: float) -> tuple[float, float]:
    """CPU of this process in percent of a core, and the longest pause of its loop in seconds, over so long."""
    began, spent, longest = time.monotonic(), time.process_time(), 0.0
    while (now := time.monotonic()) - began < seconds:
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - now - 0.01)
    return 100 * (time.process_time() - spent) / (time.monotonic() - began), longest


async def _ask(engine: Any, asked: dict[str, float]) -> None:
    from tui_live.core.questions import Question

    number = 0
    while True:
        number += 1
        text = f"question {number}"
        asked[text] = time.monotonic()
        await engine.scores.ask("flood", Question(number, "1", "ana", "Ana", "", text))
        await asyncio.sleep(_ASK_SECONDS)
        await engine.scores.clear("flood")
        await asyncio.sleep(_ASK_SECONDS)


async def measure(url: str, path: Path, pages: int, seconds: float) -> dict[str, Any]:
    """Run the engine on the flood: without pages, then with them, then without again."""
    from tui_live.config import load
    from tui_live.engine import Engine
    from tui_live.tiktok import connection

    settings = path.with_suffix(".yaml")
    settings.write_text("streams: []\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    overrides = {"database.path": str(path), "overlay.port": port, "overlay.token": "bench-token"}
    loaded = load(settings, overrides | hosts(url))

    def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return asyncio.create_task(work, name=name)

    engine = await Engine.create(loaded, spawn)
    await asyncio.to_thread(connection.load)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 1000)
    engine.add_stream("flood")
    while engine.web is None or not engine.web.port or engine.scores.standings("flood", 0, 1).people < 100:
        await asyncio.sleep(0.1)
    asked: dict[str, float] = {}
    asking = asyncio.create_task(_ask(engine, asked))
    await asyncio.sleep(3)
    before, _ = await _cpu(seconds)
    process = _pages.start(port, pages, seconds + 6)
    while engine.web.hub.count < pages + _pages.QUESTION_PAGES:
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    rate = engine.health().events_per_second
    during, longest = await _cpu(seconds)
    output = await asyncio.to_thread(lambda: process.communicate()[0])
    after, _ = await _cpu(seconds)
    asking.cancel()
    await engine.close()
    told = json.loads(output)
    waits = [at - asked[text] for text, at in told["shown"] if text in asked and at - asked[text] < _ASK_SECONDS * 2]
    return {
        "rate": rate,
        "without": (before + after) / 2,
        "with": during,
        "pushes": [number / (seconds + 6) for number in told["pushed"]],
        "bytes": told["bytes"] / len(told["pushed"]) / (seconds + 6),
        "waits": sorted(waits),
        "longest": longest,
    }


def run(pages: int, seconds: float, rate: int) -> None:
    """Print what was measured."""
    report_machine()
    with tempfile.TemporaryDirectory() as folder, stand(["flood"], rate=rate, messages=None, people=20_000) as url:
        found = asyncio.run(measure(url, Path(folder) / "web.db", pages, seconds))
    waits = found["waits"]
    p99 = waits[int(len(waits) * 0.99)]
    print(f"{found['rate']:,.0f} events/s, {pages} overlay pages and {_pages.QUESTION_PAGES} question pages")
    print(f"pushes a second to each page: {min(found['pushes']):.1f} to {max(found['pushes']):.1f} (at most 10)")
    print(f"bytes a second to each page: {found['bytes']:,.0f}")
    print(
        f"CPU of a core without pages {found['without']:.1f} %, with them {found['with']:.1f} %:"
        f" {found['with'] - found['without']:+.1f} (at most 10 more)"
    )
    print(
        f"change to the page's socket: median {1000 * statistics.median(waits):.0f} ms, p99 {1000 * p99:.0f} ms,"
        f" most {1000 * waits[-1]:.0f} ms of {len(waits):,} (at most 200 to the pixel)"
    )
    print(f"longest pause of the loop: {1000 * found['longest']:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rate", type=int, default=2_000)
    arguments = parser.parse_args()
    run(arguments.pages, arguments.seconds, arguments.rate)
