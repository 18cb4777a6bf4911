"""Shares and engagement of a session of a million events by as many people as are remembered, and of fifty that run.

Goals: counted from the first event on within 5 s of CPU on a quiet machine; opened from what is kept within
200 ms, also while that one is counted; fifty running sessions of twenty messages a second each are kept up with 5 % of
a core; and the event loop never waits for more than 50 ms, nor does it do anything for as long.
``python bench/analyses.py [--events N] [--keep FILE]``
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._kept import on_recording
from bench._machine import part, verdict
from bench._recording import NOW_MS, ROOM, Story, decoder

_RECORDED = 100_000
_PEOPLE = 22_000
_STREAMS = 50
_ROUNDS, _ROUND_SECONDS, _RATE = 5, 5, 20


class Bench:
    """Counts the goals that are met."""

    good = True

    def tell(self, what: str, value: float, unit: str, goal: float) -> None:
        """One line: a measured value and the goal that it must not exceed."""
        self.good &= value <= goal
        print(f"{what}: {value:,.2f} {unit} (at most {goal:g}) {verdict(value <= goal)}")


@asynccontextmanager
async def recorder_on(path: Path) -> AsyncIterator[Any]:
    """A recorder, and its write connection."""
    from tui_live.store.database import open_writer
    from tui_live.store.recorder import Recorder

    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=False)
    await recorder.open()
    try:
        yield recorder, database
    finally:
        await recorder.close()
        await database.close()


async def fill(path: Path, events: int) -> None:
    """A short session of a streamer, then one of so many events: a recorded one, again and again.

    Each time it is later, and of other people.
    """
    from tui_live.core.board import Board
    from tui_live.core.scoring import Rules
    from tui_live.store import sessions
    from tui_live.wire.frames import Frame

    story, decode = Story(people=_PEOPLE, sign_anew=False), decoder()
    async with recorder_on(path) as (recorder, database):
        for count in (5_000, min(_RECORDED, events)):
            began_ms, board = story.now_ms, Board(Rules.of())
            session = await sessions.begin(recorder, "ana", str(ROOM), began_ms, {})
            for _, payload in story.frames(count, 20, 40):
                batch = decode.decode(Frame(payload), story.now_ms)
                session.totals.add(batch)
                board.add(batch)
                recorder.put(session.id, batch, session.totals, board)
                if recorder.backlog > 2_000:
                    await recorder.flush()
            await recorder.flush()
            await sessions.finish(recorder, session, "ended", story.now_ms)
        number, length_ms = 2, story.now_ms - began_ms
        copied, lasted_ms = session.totals.events, length_ms
        columns = "session, type, subtype, name{}, message, time_ms{}, head, tail, msg_id, frame_id, place, history"
        people = next(iter(await database.execute_fetchall("SELECT max(number) FROM user_names")))[0]
        first = f"(SELECT first_event_id FROM sessions WHERE number = {number})"
        while copied < events:
            await database.execute(
                f"INSERT INTO user_names SELECT number + {people}, CAST(user_id AS INTEGER) + {people}, username,"
                " display_name, first_seen FROM user_names"
            )
            later = columns.format(f" + {people}", f" + {lasted_ms}")
            await database.execute(
                f"INSERT INTO event_rows ({columns.format('', '')}) SELECT {later}"
                f" FROM event_rows WHERE session = {number} ORDER BY id LIMIT {min(copied, events - copied)}"
            )
            copied, lasted_ms, people = min(copied * 2, events), lasted_ms * 2, people * 2
        await database.execute(
            f"UPDATE sessions SET total_events = ?, last_event_id = {first} + ? - 1, session_end = strftime("
            "'%Y-%m-%dT%H:%M:%fZ', (SELECT max(time_ms) FROM event_rows) / 1000.0, 'unixepoch') WHERE number = ?",
            (copied, copied, number),
        )


async def pauses(lags: list[float], turns: list[float]) -> None:
    """Note by how many milliseconds the event loop comes late because of what this process does besides.

    That is what the process spends of CPU meanwhile: on a busy machine, others keep it waiting for longer. ``turns``
    are the milliseconds of CPU that the loop itself was busy.
    """
    while True:
        began, spent, own = time.perf_counter(), time.process_time(), time.thread_time()
        await asyncio.sleep(0.002)
        late, own = time.perf_counter() - began - 0.002, time.thread_time() - own
        lags.append(min(late, time.process_time() - spent - own) * 1000)
        turns.append(own * 1000)


async def measure_long(bench: Bench, path: Path) -> None:
    """The long session, counted and then taken from what is kept."""
    from tui_live.core.shares import ShareRules
    from tui_live.engine.analyses import Analyses, Keeping

    async with recorder_on(path) as (recorder, database):
        rows = await database.execute_fetchall("SELECT id, total_events FROM sessions ORDER BY number")
        (short, _), (key, events) = rows

        async def count() -> tuple[Any, list[float], float]:
            await database.execute("DELETE FROM analyses")
            analyses = Analyses(path, ShareRules(), Keeping(recorder, set))
            told: list[float] = []
            cpu = time.process_time()
            found = await analyses.analysis(key, told.append)
            cpu = time.process_time() - cpu
            await analyses.keep_ended()
            await analyses.close()
            return found, told, cpu

        found, told, cpu = await count()
        people, shares = found.engagement.people.seen, found.shares.shares
        print(f"{events:,} events, {people:,} people, {shares:,} shares, {len(told)} reports of progress")
        bench.tell("counted from the first event on, CPU", cpu * 1e6 / events, "µs an event", 5)
        lags: list[float] = []
        turns: list[float] = []
        watching = asyncio.create_task(pauses(lags, turns))
        await count()
        watching.cancel()
        bench.tell("the event loop came late by at most", max(lags), "ms", 50)
        print(f"    median {part(lags, 0.5):.2f} ms, 99 % below {part(lags, 0.99):.2f} ms")
        bench.tell("the event loop was busy at once for at most", max(turns), "ms of CPU", 50)
        await database.execute("DELETE FROM analyses")
        await measure_known(bench, Analyses(path, ShareRules(), Keeping(recorder, set)), short, key)
        await count()
        times = []
        for _ in range(5):
            again = Analyses(path, ShareRules())
            began = time.perf_counter()
            kept = await again.analysis(key)
            times.append((time.perf_counter() - began) * 1000)
            await again.close()
            assert kept == found
        bench.tell("opened from what is kept", part(times, 0.5), "ms", 200)


async def measure_known(bench: Bench, analyses: Any, short: str, long: str) -> None:
    """How long one waits for a session that is known while another one is counted."""
    await analyses.analysis(short)
    await analyses.keep_ended()
    counting = asyncio.create_task(analyses.analysis(long))
    waits = []
    while not counting.done():
        began = time.perf_counter()
        await analyses.analysis(short)
        waits.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.02)
    await analyses.close()
    bench.tell("known figures while others are counted", max(waits), "ms", 200)
    print(f"    median {part(waits, 0.5):.2f} ms, {len(waits)} times")


async def measure_running(bench: Bench, folder: Path) -> None:
    """Fifty sessions that run at once, kept up every five seconds."""
    from tui_live.core.shares import ShareRules
    from tui_live.engine.analyses import Analyses
    from tui_live.store import sessions
    from tui_live.wire.frames import Frame

    path = folder / "running.db"
    async with recorder_on(path) as (recorder, _):
        analyses = Analyses(path, ShareRules())
        running = [
            (
                await sessions.begin(recorder, f"s{at}", str(at), NOW_MS, {}),
                Story(seed=at, sign_anew=False),
                decoder(at),
            )
            for at in range(_STREAMS)
        ]
        spent, counted = 0.0, 0
        for _ in range(_ROUNDS):
            for _ in range(_ROUND_SECONDS):
                for session, story, decode in running:
                    for _, payload in story.frames(_RATE, _RATE, _RATE):
                        batch = decode.decode(Frame(payload), story.now_ms)
                        session.totals.add(batch)
                        recorder.put(session.id, batch, session.totals)
                        counted += len(batch.events)
                await recorder.flush()
            began = time.process_time()
            for session, _, _ in running:
                await analyses.catch_up(session.id)
            spent += time.process_time() - began
        began = time.process_time()
        for session, _, _ in running:
            await analyses.analysis(session.id)
        asked = (time.process_time() - began) / _STREAMS
        await analyses.close()
    print(f"{_STREAMS} running sessions, {counted:,} events: {spent * 1e6 / counted:.1f} µs of CPU an event")
    bench.tell("to keep them up, of a core", spent / (_ROUNDS * _ROUND_SECONDS) * 100, "%", 5)
    bench.tell("the figures of one that runs, CPU", asked * 1000, "ms", 50)


async def measure(path: Path, folder: Path) -> bool:
    """Print the figures; whether all goals are met."""
    bench = Bench()
    await measure_long(bench, path)
    await measure_running(bench, folder)
    return bench.good


if __name__ == "__main__":
    sys.exit(on_recording(__doc__, fill, lambda path, folder: asyncio.run(measure(path, folder))))
