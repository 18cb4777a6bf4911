"""What 100 overlay pages cost while 2,000 events a second come in, and how soon a change reaches viewers' eyes.

Four processes: the stand-in for TikTok, the engine with its web server, the pages, and real Chromium with some of
them. The engine's CPU is measured with no page and with all of them. Two ways are timed: from a question put on screen
to the message at the pages' sockets, and from a score put on the board to the frame in which Chromium has drawn it.
``python -m bench.web [--pages N] [--browsers N] [--seconds S] [--rate N]``
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

from bench import _browser, _pages
from bench._machine import part, report_machine, verdict
from bench._stand import hosts, stand

#: No multiple of a tick: so that questions meet every moment of the server's ticks.
_ASK_SECONDS = 0.137
_SCORE_SECONDS = 0.173
#: Whose score is followed to the screen.
_MARK, _MARK_ID = "Mark of the bench", "6999999999999999999"


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


async def _score(engine: Any, committed: dict[str, float]) -> None:
    """Let one person among the first grow by a little again and again; notes when each of the scores was reached."""
    from tui_live.core.events import Batch, Event, GiftData, Person

    user = Person(_MARK_ID, "mark", _MARK)

    def give(coins: int) -> None:
        data = GiftData("Rose", "5655", coins, 1, False, "", coins, 1, coins)
        event = Event("gift", "", user, "", time.time_ns() // 1_000_000, data, 0, 0)
        board.add(Batch("1", event.time_ms, b"", (event,)))

    while True:
        board = engine.watchlist.stream("flood").sessions.board
        line, (second, *_) = engine.scores.line("flood", _MARK_ID), engine.scores.standings("flood", 1, 1).lines
        give(1 if line is not None and line.place <= 2 else 100 + second.score // 25)
        line = engine.scores.line("flood", _MARK_ID)
        committed[f"{line.score:,}"] = time.time()
        await asyncio.sleep(_SCORE_SECONDS)


async def measure(url: str, path: Path, pages: int, browsers: int, seconds: float) -> dict[str, Any]:
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
    while not engine.pages.port or engine.scores.standings("flood", 0, 1).people < 100:
        await asyncio.sleep(0.1)
    asked: dict[str, float] = {}
    committed: dict[str, float] = {}
    busy = [asyncio.create_task(_ask(engine, asked)), asyncio.create_task(_score(engine, committed))]
    await asyncio.sleep(3)
    before, _ = await _cpu(seconds)
    process = _pages.start(port, pages - browsers, seconds + 16)
    browser = _browser.start(port, browsers, seconds + 2, _MARK)
    while engine.pages.count < pages - browsers * (browser is None) + _pages.QUESTION_PAGES:
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    await asyncio.to_thread(browser.stdout.readline) if browser is not None else None  # its pages are open
    rate, began, clock = engine.health().events_per_second, time.monotonic(), time.time()
    during, longest = await _cpu(seconds)
    until = began + seconds
    browsers_told = json.loads((await asyncio.to_thread(browser.communicate))[0]) if browser is not None else []
    output = await asyncio.to_thread(lambda: process.communicate()[0])
    after, _ = await _cpu(seconds)
    for task in busy:
        task.cancel()
    await engine.close()
    told = json.loads(output)
    seen = [entry for page in browsers_told for entry in page["seen"]]
    # Only while everything runs: the start of Chromium takes all cores.
    asked = {text: at for text, at in asked.items() if began < at < until}
    committed = {score: at for score, at in committed.items() if clock < at < clock + seconds}
    waits = [at - asked[text] for text, at in told["shown"] if text in asked and at - asked[text] < _ASK_SECONDS * 2]
    return {
        "rate": rate,
        "without": (before + after) / 2,
        "with": during,
        "pushes": [number / (seconds + 16) for number in told["pushed"]],
        "bytes": told["bytes"] / len(told["pushed"]) / (seconds + 16),
        "waits": sorted(waits),
        "longest": longest,
        "changed": [changed - 1000 * committed[score] for score, changed, _ in seen if score in committed],
        "drawn": [
            presented - 1000 * committed[score] for score, _, presented in seen if score in committed and presented
        ],
        "frames": [took for page in browsers_told for took in page["frames"]],
    }


def run(pages: int, browsers: int, seconds: float, rate: int) -> None:
    """Print what was measured."""
    report_machine()
    with tempfile.TemporaryDirectory() as folder, stand(["flood"], rate=rate, messages=None, people=20_000) as url:
        found = asyncio.run(measure(url, Path(folder) / "web.db", pages, browsers, seconds))
    waits = found["waits"]
    p99 = part(waits, 0.99)
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
    if found["drawn"]:
        for what in ("changed", "drawn"):
            times: list[float] = found[what]
            late = part(times, 0.99)
            print(
                f"score to {what} in Chromium: median {statistics.median(times):.0f} ms, p99 {late:.0f} ms,"
                f" most {max(times):.0f} ms of {len(times):,} (at most 200) {verdict(late <= 200)}"
            )
        frames = found["frames"]
        print(f"frames in Chromium: median {statistics.median(frames):.0f} ms, p99 {part(frames, 0.99):.0f} ms")
    print(f"longest pause of the loop: {1000 * found['longest']:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--browsers", type=int, default=2, help="so many of the pages are in Chromium")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rate", type=int, default=2_000)
    arguments = parser.parse_args()
    run(arguments.pages, arguments.browsers, arguments.seconds, arguments.rate)
