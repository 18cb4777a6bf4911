"""The door to the OBS room: how OBS is doing, and the moments that it is to save."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from tui_live.config import Obs
from tui_live.core.clips import Cause, ChatLine, Clip, ObsState, ObsStatus
from tui_live.errors import TuiLiveError
from tui_live.obs.connection import Connection
from tui_live.obs.ledger import Ledger
from tui_live.obs.queue import ClipQueue
from tui_live.obs.trouble import ObsError

log = logging.getLogger(__name__)


class ObsClips:
    """Make it on the event loop, keep :meth:`run` running, and call the rest whenever you like, on the loop.

    ``changed`` is called when :attr:`status` or a clip in the ledger is different; ``finished`` once for each clip that
    is ``saved``, ``kept`` or ``failed``. Further causes may join it for ``obs.merge_window_seconds`` after its request,
    and its length is known a little later: ``changed`` tells.
    """

    def __init__(
        self, settings: Obs, ledger: Ledger, changed: Callable[[], None], finished: Callable[[Clip], None]
    ) -> None:
        self._settings = settings
        self._changed = changed
        self._wanted = asyncio.Event()
        if settings.enabled:
            self._wanted.set()
        self._connection: Connection | None = None
        self._over = False
        self._queue = ClipQueue(settings, ledger, self, changed, finished)
        self.status = _off(settings)
        self._queue.status_changed(self.status)

    def ask(self, cause: Cause, chat: tuple[ChatLine, ...] = ()) -> Clip | None:
        """Have this moment saved, now. ``chat`` is what was said in the 30 s before.

        Returns the clip that answers it already, for which ``finished`` was called; ``None`` when that is to come.
        """
        return self._queue.ask(cause, chat)

    async def release(self, number: int) -> None:
        """To be awaited before the operator renames or deletes a settled clip.

        Its row has the newest state then, and is not written from here any more.
        """
        await self._queue.release(number)

    def connect_now(self) -> None:
        """Connect at once, for this run even if ``obs.enabled`` is false."""
        self._wanted.set()
        if self._connection is not None:
            self._connection.connect_now()

    async def run(self) -> None:
        """Stay connected and finish clips until cancelled; ends within two seconds then."""
        self._over = False
        try:
            try:
                await self._queue.recover(connecting=self._settings.enabled)
            except TuiLiveError as error:
                log.warning("clips of the last run stay as they are: %s", error)
            await self._wanted.wait()
            self._connection = Connection(self._settings, self)
            self._connection.start()
            await asyncio.Event().wait()
        except Exception as error:
            self._end(f"clips are not saved any more ({type(error).__name__})", "restart TUI Live; see the log file")
            self._changed()
            raise
        finally:
            self._end("clips are not saved any more: TUI Live ends", "start TUI Live again")
            connection, self._connection = self._connection, None
            await asyncio.gather(self._queue.close(), connection.stop() if connection else asyncio.sleep(0))

    def _end(self, reason: str, remedy: str) -> None:
        """From now on nothing is saved, and whoever asks is told so."""
        if not self._over:
            self._over = True
            self.status = ObsStatus(ObsState.OFF, reason, remedy, since_ms=time.time_ns() // 1_000_000)
            self._queue.status_changed(self.status)

    # What the queue asks of the connection.

    def save(self, ticket: int) -> None:
        """Have the replay buffer saved."""
        if self._connection is not None:
            self._connection.save(ticket)

    def ask_last(self, ticket: int) -> None:
        """Ask for the last replay."""
        if self._connection is not None:
            self._connection.ask_last(ticket)

    # What the connection tells.

    def status_changed(self, status: ObsStatus) -> None:
        """OBS is doing differently."""
        if self._over:
            return
        self.status = status
        self._queue.status_changed(status)
        self._changed()

    def replay_saved(self, path: str) -> None:
        """OBS wrote a replay."""
        self._queue.replay_saved(path)

    def save_refused(self, ticket: int, problem: ObsError) -> None:
        """OBS does not save."""
        self._queue.save_refused(ticket, problem)

    def last_replay(self, ticket: int, path: str) -> None:
        """The last replay that OBS wrote."""
        self._queue.last_replay(ticket, path)


def _off(settings: Obs) -> ObsStatus:
    now = time.time_ns() // 1_000_000
    if settings.enabled:
        return ObsStatus(ObsState.CONNECTING, "connecting with OBS", since_ms=now)
    return ObsStatus(ObsState.OFF, "OBS is not connected", "connect now, or set obs.enabled", since_ms=now)
