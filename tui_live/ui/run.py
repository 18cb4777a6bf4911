"""Opening the console on an engine, for a real evening and for the demo."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from tui_live import paths
from tui_live.config import Database, Loaded, Obs, Rate, TikTok, Trigger
from tui_live.errors import TuiLiveError
from tui_live.ui.app import Spawn, TuiLiveApp
from tui_live.ui.backend import Backend
from tui_live.ui.terminal import EnduringDriver

if TYPE_CHECKING:
    from tui_live.engine import Engine

#: What the demo shows of triggers; without OBS, every hit says what is lacking.
_DEMO_TRIGGERS = (
    Trigger(word="clip that"),
    Trigger(word="gg", match="word", cooldown_seconds=30.0),
    Trigger(gift_coins=500),
    Trigger(rate=Rate(of="chat")),
)
#: A console that has failed so often within so many seconds is not opened again.
_MOST_FAILURES, _SOON_SECONDS = 4, 60.0
Prepare = Callable[[], Awaitable[Loaded]]


def run_console(loaded: Loaded) -> None:
    """Open the console on the configured streams; returns when the operator quits.

    An error of the console's own must not end the evening: it is opened again on the streams that it had, and their
    sessions go on. One that keeps failing stays shut.
    """
    failed: deque[float] = deque(maxlen=_MOST_FAILURES)
    resting: tuple[str, ...] = ()
    while True:

        async def prepared(loaded: Loaded = loaded) -> Loaded:
            return loaded

        app = _run(loaded, prepared, demo=False, again=bool(failed), resting=resting)
        failed.append(time.monotonic())
        if app.failure is None or (len(failed) == _MOST_FAILURES and failed[-1] - failed[0] < _SOON_SECONDS):
            _leave(app)
            return
        if app.watched is not None:  # else it failed before there were any
            loaded = structs.replace(loaded, config=structs.replace(loaded.config, streams=app.watched))
            resting = app.resting


def run_demo(loaded: Loaded) -> None:
    """Open the console on the built-in stand-in for TikTok, with a database that is thrown away.

    Of the operator's settings only those of the screen, of scoring and of the overlays hold: their OBS is left alone,
    and nothing is saved into their file.
    """
    with tempfile.TemporaryDirectory(prefix="tui-live-demo-") as folder:

        async def prepared() -> Loaded:
            from tui_live.simulator import Simulator, demo_streams

            simulator = Simulator(dict(demo_streams()), seed=int.from_bytes(folder.encode()[-2:]))
            await simulator.start()
            config = structs.replace(
                loaded.config,
                streams=tuple(name for name, _ in demo_streams()),
                tiktok=TikTok(
                    web_url=simulator.web_url,
                    webcast_url=simulator.webcast_url,
                    sign_url=simulator.sign_url,
                    offline_poll_seconds=2.0,
                ),
                database=Database(path=Path(folder) / "demo.db"),
                obs=Obs(),
                triggers=_DEMO_TRIGGERS,
            )
            return structs.replace(loaded, config=config, passing=True)

        _leave(_run(loaded, prepared, demo=True))


def run_replay(loaded: Loaded, session: str, speed: float) -> None:
    """Open the console on a recorded session (its key, its beginning, or ``@streamer``); ``speed`` 1 is as it was.

    Raises :class:`TuiLiveError` before anything is opened when the session cannot be played.
    """
    from tui_live.store.playable import check_playable

    config = loaded.config
    path = config.database.path or paths.database_file()
    asyncio.run(check_playable(path, session))

    async def start(spawn: Spawn) -> Backend:
        from tui_live.engine.replay import Replay, Settings

        settings = Settings(
            scoring=config.scoring.rules(),
            overlay=config.overlay,
            served=True,
            stand_in=config.tiktok.stand_in,
            triggers=config.triggers,
            shares=config.shares.rules(),
        )
        replay = await Replay.create(path, session, spawn, speed, config.ui.log_lines, settings)
        _heed_signals(app, None)
        return replay

    _need_terminal("The replay", "tui-live export writes the session's events to a file")
    app = _app(loaded, start, demo=False)
    _open(app)
    _leave(app)


def _run(
    loaded: Loaded, prepare: Prepare, *, demo: bool, again: bool = False, resting: Sequence[str] = ()
) -> TuiLiveApp:
    """The console as it ended. ``again``: it had failed before; ``resting`` streams are there and stopped."""

    async def start(spawn: Spawn) -> Backend:
        from tui_live.engine import Engine

        engine = await Engine.create(await prepare(), spawn)
        _heed_signals(app, None if demo else engine)
        for name in resting:
            await engine.stop_stream(name)
        if again:
            app.tell(
                "opened again, without what was not saved (S); the log file has the details",
                title="The console failed",
                severity="warning",
            )
        return engine

    _need_terminal("The console", "use tui-live serve to capture without one")
    app = _app(loaded, start, demo=demo)
    _open(app)
    return app


def _app(loaded: Loaded, start: Callable[[Spawn], Awaitable[Backend]], *, demo: bool) -> TuiLiveApp:
    ui = loaded.config.ui
    return TuiLiveApp(
        start,
        theme=ui.theme,
        animations=ui.animations,
        notifications=ui.notifications,
        notification_seconds=ui.notification_seconds,
        keymap=ui.keymap,
        demo=demo,
    )


def _need_terminal(what: str, remedy: str) -> None:
    if not sys.stdout.isatty() or not sys.stdin.isatty():
        raise TuiLiveError(f"{what} needs a terminal", remedy)


def _open(app: TuiLiveApp) -> None:
    app.driver_class = EnduringDriver
    app.run()


def _leave(app: TuiLiveApp) -> None:
    """End as the console did: with its return code, where that is not 0."""
    if app.return_code:
        raise SystemExit(app.return_code)


def _heed_signals(app: TuiLiveApp, capturing: Engine | None) -> None:
    """SIGTERM ends in order. SIGHUP, the terminal's end, does not end a capture: the next start finds a note."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        app.run_worker(app.close_and_exit(), name="end", exit_on_error=False)

    def terminal_gone() -> None:
        driver = app._driver
        if isinstance(driver, EnduringDriver):
            driver.lose_terminal()
        if capturing is None:
            end()
        else:
            capturing.note_headless()

    loop.add_signal_handler(signal.SIGHUP, terminal_gone)
    loop.add_signal_handler(signal.SIGTERM, end)
