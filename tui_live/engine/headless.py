"""The engine without a screen (``tui-live serve``).

Plain asyncio, not a headless Textual app: the engine knows no Textual anyway, so a box without a terminal saves its
import and its timers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Coroutine
from typing import Any

from tui_live.config import Loaded
from tui_live.core.counts import several
from tui_live.core.status import Standing, State, StreamView
from tui_live.engine.engine import Engine
from tui_live.errors import TuiLiveError

log = logging.getLogger(__name__)

#: States that say nothing new to a reader of the journal.
_PASSING = (State.CHECKING, State.CONNECTING)


def serve(loaded: Loaded, until_ended: bool) -> None:
    """Capture until SIGINT or SIGTERM, or with ``until_ended`` until every stream is settled and all is written.

    Raises :class:`TuiLiveError` when the start fails or events could not be written.
    """
    if until_ended and not loaded.config.streams:
        raise TuiLiveError(
            "There is no stream to wait for", "name one, or list some under streams in the configuration"
        )
    asyncio.run(_serve(loaded, until_ended))


async def _serve(loaded: Loaded, until_ended: bool) -> None:
    running: set[asyncio.Task[None]] = set()

    def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        running.add(task)
        task.add_done_callback(running.discard)
        return task

    stop = asyncio.Event()

    def end() -> None:
        if stop.is_set():
            _say("stopped at once: what was not written is lost")
            os._exit(1)
        _say("stopping; once more stops at once")
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    # systemd and nohup may hang up on us; a capture goes on.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    engine = await Engine.create(loaded, spawn)
    _say(f"recording into {engine.path}, {several(len(loaded.config.streams), 'stream')}")
    engine.clips.listen(_print)
    if not loaded.config.database.keep_raw:
        _say("database.keep_raw is off: these sessions cannot be replayed")
    try:
        await _report_until(engine, stop, until_ended)
    finally:
        await engine.close()
    for view in engine.streams():
        _say(f"@{view.name}: {view.standing.state}")


async def _report_until(engine: Engine, stop: asyncio.Event, until_ended: bool) -> None:
    """Print each change of a stream's state until it is time to stop."""
    told: dict[str, Standing] = {}
    trouble = web = ""
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        engine.changed.clear()
        for view in engine.streams():
            _tell(view, told)
        if trouble != (trouble := engine.health().trouble):
            _say(trouble or "the database can be written again")
        if (told_web := _web(engine)) and told_web != web:
            _say(told_web)
            web = told_web
        if until_ended and engine.settled():
            break
        changed = asyncio.create_task(engine.changed.wait())
        await asyncio.wait({changed, stopping}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
    stopping.cancel()


def _web(engine: Engine) -> str:
    """Where the overlays are, or why they are not; without the token, which belongs in no journal."""
    if engine.pages.address:
        return f"overlays on {engine.pages.address} (tui-live info shows all addresses, and the token)"
    return engine.pages.trouble


def _tell(view: StreamView, told: dict[str, Standing]) -> None:
    standing = view.standing
    before = told.get(view.name)
    if standing.state in _PASSING or (before and (before.state, before.reason) == (standing.state, standing.reason)):
        return
    told[view.name] = standing
    key = f" (session {view.session_id})" if view.session_id else ""
    _say(f"@{view.name}: {standing.state}{': ' if standing.reason else ''}{standing.reason}{key}")


def _say(line: str) -> None:
    """One line for the journal; a reader that has gone away does not end the capture."""
    log.info(line)
    _print(line)


def _print(line: str) -> None:
    """The same for what is in the log file already."""
    try:
        print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)
    except OSError:
        log.debug("nobody reads standard error any more")
