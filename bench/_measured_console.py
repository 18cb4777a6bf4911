"""The console as ``tui-live`` opens it, which notes how it is doing: ``_measured_console.py ORDER-AS-JSON NOTES``.

The notes are one JSON object a line, twice a second, times by ``time.monotonic``; the heartbeat's lags come last.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, TextIO

_BEAT = 0.01
_NOTE_EVERY = 0.5


def measured_console(order: dict[str, Any], notes: TextIO) -> None:
    """Open the console and return when it is over.

    ``order`` holds ``settings`` by dotted key, and what is to happen: ``flood`` names a stream that is taken to its
    end, after which the console closes; ``lines`` fills the log with so many.
    """
    from tui_live.config import load
    from tui_live.ui import run
    from tui_live.ui.app import TuiLiveApp

    beats: list[tuple[float, float]] = []

    class Measured(TuiLiveApp):
        def on_mount(self) -> None:
            self.run_worker(self._beat(), name="heartbeat", group="bench")
            if order.get("flood"):
                self.run_worker(self._take(order["flood"]), name="flood", group="bench")
            if order.get("lines"):
                self.run_worker(self._fill(order["lines"]), name="fill", group="bench")

        async def _engine(self) -> Any:
            while self.backend is None:
                await asyncio.sleep(0.02)
            return self.backend

        async def _beat(self) -> None:
            next_note = 0.0
            while True:
                before = time.monotonic()
                await asyncio.sleep(_BEAT)
                now = time.monotonic()
                beats.append((now, now - before - _BEAT))
                if now >= next_note:
                    next_note = now + _NOTE_EVERY
                    self._note(now)

        def _note(self, now: float) -> None:
            backend = self.backend
            note: dict[str, Any] = {"pid": os.getpid(), "at": now, "cpu": time.process_time(), "rss": _rss()}
            if backend is not None:
                health = backend.health()
                note |= {"lines": backend.log.total, "dropped": health.dropped, "backlog": health.backlog}
            _write(notes, note)

        async def _take(self, stream: str) -> None:
            engine = await self._engine()
            await asyncio.to_thread(__import__, "tui_live.tiktok.client")
            await asyncio.sleep(1)
            wall, begin = time.monotonic(), time.process_time()
            engine.add_stream(stream)
            while not engine.settled():
                engine.changed.clear()
                await engine.changed.wait()
            await self._close_backend()
            spent = time.process_time() - begin
            _write(notes, {"spent": spent, "seconds": time.monotonic() - wall})
            self.exit()

        async def _fill(self, lines: int) -> None:
            from bench.filter import fill

            engine = await self._engine()
            await asyncio.to_thread(fill, engine.log, lines)
            await asyncio.sleep(0.5)
            _write(notes, {"filled": engine.log.total})

    vars(run)["TuiLiveApp"] = Measured
    settings = Path(os.environ["TUI_LIVE_HOME"]) / "bench.yaml"
    settings.write_text("streams: []\n")
    run.run_console(load(settings, order["settings"]))
    _write(notes, {"beats": beats})


def _rss() -> int:
    """Resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _write(notes: TextIO, note: dict[str, Any]) -> None:
    print(json.dumps(note), file=notes, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    with Path(sys.argv[2]).open("a") as file:
        measured_console(json.loads(sys.argv[1]), file)
