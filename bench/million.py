"""One million events in a database: lists, the newest of a type, raw messages, search, export.

Goals: session list, newest 200 of any type and a raw message within 50 ms; search p95 within 100 ms; export as JSON
lines at 100,000 events a second with flat memory. ``python bench/million.py [--events N] [--keep FILE]``
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._kept import on_recording
from bench._machine import part, verdict
from bench._recording import Story, decoder

_SESSIONS = 40


async def fill(path: Path, events: int) -> None:
    """Half of the events in one long session, the rest in many; every tenth comment has rare words of its own."""
    import msgspec

    from tui_live.core.events import ChatData
    from tui_live.store import sessions
    from tui_live.store.database import open_writer
    from tui_live.store.recorder import Recorder
    from tui_live.wire.frames import Frame

    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    writing = asyncio.create_task(recorder.run())
    rng = random.Random(1)
    words = ["".join(rng.choices("bcdfghklmnprstvwz", k=2)) + f"{rng.getrandbits(20):x}" for _ in range(20_000)]
    story, decode = Story(people=20_000, sign_anew=False), decoder()
    done = number = 0
    while done < events:
        share = events // 2 if not number else events // 2 // _SESSIONS + 1
        number += 1
        session = await sessions.begin(recorder, f"streamer{number % 7}", str(number), story.now_ms, {})
        for _, payload in story.frames(min(share, events - done), 5, 40):
            batch = decode.decode(Frame(payload), story.now_ms)
            made = []
            for event in batch.events:
                if isinstance(event.data, ChatData) and rng.random() < 0.1:
                    text = f"{event.text} {rng.choice(words)}"
                    event = msgspec.structs.replace(  # noqa: PLW2901
                        event, text=text, data=msgspec.structs.replace(event.data, message=text)
                    )
                made.append(event)
            batch = msgspec.structs.replace(batch, events=tuple(made))
            session.totals.add(batch)
            recorder.put(session.id, batch, session.totals)
            await recorder.room()
        done += share
        await recorder.flush()
        await sessions.finish(recorder, session, "ended", story.now_ms)
    await recorder.close()
    await writing
    await database.close()


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds that ``work`` takes."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def measure(path: Path) -> bool:
    """Print the figures; whether all goals are met."""
    from tui_live.core.events import TYPES
    from tui_live.store import sessions
    from tui_live.store.database import open_reader
    from tui_live.store.export import Options, export
    from tui_live.store.pages import Wanted, page_before
    from tui_live.store.queries import event_raw, newest
    from tui_live.store.search import search_all

    database = await open_reader(path)
    good = True

    def tell(what: str, values: list[float], goal: float) -> None:
        nonlocal good
        p95 = part(values, 0.95)
        good &= p95 <= goal
        print(
            f"{what}: median {part(values, 0.5):.1f}, p95 {p95:.1f}, most {max(values):.1f} ms "
            f"(at most {goal:.0f}) {verdict(p95 <= goal)}"
        )

    tell("session list", [await timed(lambda: sessions.listed(database)) for _ in range(20)], 50)
    listed = await sessions.listed(database)
    largest = max(listed, key=lambda session: session.totals.events)
    for name, keys in (
        ("all sessions", None),
        ("the largest session", [largest.id]),
        ("a small session", [listed[3].id]),
    ):
        times = [await timed(lambda keys=keys: newest(database, keys, None, 200)) for _ in range(5)]
        times += [
            await timed(lambda kind=kind, keys=keys: newest(database, keys, [kind], 200))
            for kind in TYPES
            for _ in range(2)
        ]
        tell(f"newest 200 of any type, {name}", times, 50)
    times = [
        await timed(lambda kinds=kinds, kind=kind: page_before(database, largest.id, Wanted(kinds, kind), 50, None))
        for kind in ("share", "follow", "joined", "partial", "level_up", "none such")
        for kinds in ((), ("social",), ("chat",))
        for _ in range(3)
    ]
    tell("events of a subtype for the API", times, 50)
    await event_raw(database, 1)  # builds the message classes
    rng = random.Random(2)
    ids = [rng.randrange(1, 1_000_000) for _ in range(100)]
    tell("a raw message", [await timed(lambda number=number: event_raw(database, number)) for number in ids], 50)

    hits = [hit for text in ("b", "c", "k") for hit in await search_all(database, text, limit=300)]
    rare = sorted({word for hit in hits for word in hit.text.split() if any(sign.isdigit() for sign in word)})
    queries = [
        "l",
        "lo",
        "lov",
        "love",
        "the",
        "hello",
        "a",
        "w",
        "z",
        "zz",
        "天気",
        "今日",
        "음악",
        "好",
        "ありがとう",
        "нет",
    ]
    queries += ["love this", "zzzzqq", "love zzzzqq", '"hello from"', '"from hello"', "a b", "a b c", "i a"]
    queries += [word[:length] for word in rng.sample(rare, min(60, len(rare))) for length in (1, 2, 3, 4, 7)]
    times = []
    slow: list[tuple[float, str]] = []
    for text in queries:
        took = await timed(lambda text=text: search_all(database, text, limit=50))
        times.append(took)
        slow.append((took, text))
    tell(f"search, {len(queries)} queries", times, 100)
    print("    slowest:", ", ".join(f"{text!r} {took:.0f} ms" for took, text in sorted(slow, reverse=True)[:5]))
    await database.close()

    best, grown = 0.0, 0
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        with tempfile.NamedTemporaryFile(dir=path.parent) as target:
            done = await export(path, largest.id, Options(), Path(target.name), force=True)
            count = done.events
        best = max(best, count / (time.perf_counter() - began))
        grown = max(grown, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    good &= best >= 100_000
    print(f"export of {count:,} events: {best:,.0f} a second (at least 100,000) {verdict(best >= 100_000)}, "
          f"peak memory +{grown / 1024:.0f} MB")  # fmt: skip
    return good


if __name__ == "__main__":
    sys.exit(on_recording(__doc__, fill, lambda path, _: asyncio.run(measure(path))))
