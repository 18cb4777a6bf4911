"""Bytes on disk for each byte that TikTok sends: rows, indexes, full text, people, frames, everything.

The mixed stream of the simulator, whose avatar addresses carry a new random signature in every message, as TikTok's do
(those alone are 48 random bytes a message that no compression takes away). The goal is at most 0.35 of the messages'
uncompressed bytes. ``python bench/storage.py [--messages N]``
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._machine import report_machine, verdict
from bench._recording import NOW_MS, ROOM, Story, decoder

GOAL = 0.35


async def record(path: Path, messages: int, smallest: int, largest: int, *, finish: bool) -> tuple[int, int, float]:
    """Record a story as the program does; returns (bytes of messages, bytes on disk, share of gzip alone)."""
    from tui_live.store import sessions
    from tui_live.store.database import open_writer
    from tui_live.store.recorder import Recorder
    from tui_live.wire.frames import Frame

    story, decode = Story(), decoder()
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    session = await sessions.begin(recorder, "ana", str(ROOM), NOW_MS, {})
    writing = asyncio.create_task(recorder.run())
    size = gzipped = 0
    for some, payload in story.frames(messages, smallest, largest):
        size += sum(len(message.payload) for message in some)
        gzipped += len(payload)
        batch = decode.decode(Frame(payload), story.now_ms)
        session.totals.add(batch)
        recorder.put(session.id, batch, session.totals)
        await recorder.room()
        await asyncio.sleep(0)
    await recorder.close()
    await writing
    if finish:
        await sessions.finish(recorder, session, "ended", story.now_ms)
    await database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()
    return size, path.stat().st_size, gzipped / size


def parts(path: Path, messages: int) -> str:
    """What takes the space, in bytes a message; empty where SQLite was built without ``dbstat``."""
    with sqlite3.connect(path) as database:
        try:
            rows = database.execute(
                "SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC LIMIT 8"
            ).fetchall()
        except sqlite3.OperationalError:
            return ""
    return ", ".join(f"{name} {size / messages:.0f}" for name, size in rows)


def run(messages: int) -> bool:
    """Print the figures; whether the goal is met."""
    report_machine()
    good = True
    for smallest, largest in ((5, 40), (1, 3)):
        for finish in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "x.db"
                size, disk, gzipped = asyncio.run(record(path, messages, smallest, largest, finish=finish))
                share = disk / size
                met = share <= GOAL
                good &= met or smallest < 5
                print(
                    f"{messages:,} messages of {size / messages:.0f} bytes in frames of {smallest} to {largest}, "
                    f"{'session ended' if finish else 'still recording'}: {disk / messages:.0f} bytes each on disk, "
                    f"{share:.3f} of what came (gzip alone {gzipped:.3f}) {verdict(met) if smallest >= 5 else ''}"
                )
                print(f"    {parts(path, messages)}")
    print(f"goal: at most {GOAL}")
    return good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    sys.exit(not run(parser.parse_args().messages))
