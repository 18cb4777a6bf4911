"""``tui-live report`` of a session of a million events, as a process of its own.

Goals: at most 5 s of CPU when its figures are kept, as they are when a session has ended under TUI Live, and at most
9 s when every event is read; a file below 1 MB. ``python bench/report.py [--events N] [--keep FILE]``
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._kept import on_recording
from bench.analyses import Bench, fill, recorder_on


async def prepare(path: Path, *, kept: bool) -> str:
    """Drop what is kept of the long session, or have it kept; returns its key."""
    from tui_live.core.shares import ShareRules
    from tui_live.engine.analyses import Analyses, Keeping

    async with recorder_on(path) as (recorder, database):
        rows = await database.execute_fetchall("SELECT id FROM sessions WHERE number = 2")
        [key] = next(iter(rows))
        await database.execute("DELETE FROM analyses")
        if kept:
            analyses = Analyses(path, ShareRules(), Keeping(recorder, set))
            await analyses.analysis(key)
            await analyses.keep_ended()
            await analyses.close()
    return str(key)


def reported(path: Path, key: str, target: Path) -> tuple[float, float]:
    """CPU and wall seconds of the whole command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "tui_live", "--db", str(path), "report", key, "-o", str(target), "--force"]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - began


def measure(path: Path, folder: Path) -> bool:
    """Print the figures; whether all goals are met."""
    bench, target = Bench(), folder / "report.html"
    for what, kept, goal in (("every event read", False, 5), ("figures kept", True, 5)):
        key = asyncio.run(prepare(path, kept=kept))
        found = [reported(path, key, target) for _ in range(3)]
        bench.tell(f"report, {what}, CPU", min(cpu for cpu, _ in found), "s", goal)
        print(f"    {min(wall for _, wall in found):.1f} s by the clock")
    bench.tell("file", target.stat().st_size / 1e6, "MB", 1)
    return bench.good


if __name__ == "__main__":
    sys.exit(on_recording(__doc__, fill, measure))
