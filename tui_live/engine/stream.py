"""One watched stream: its supervisor's reports become rows, log lines and what screens show."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

import aiosqlite

from tui_live.core import times
from tui_live.core.events import Batch
from tui_live.core.log import LogModel
from tui_live.core.rates import RateMeter
from tui_live.core.scoring import Rules
from tui_live.core.status import Standing, State, StreamView
from tui_live.core.totals import Totals
from tui_live.engine.stream_sessions import StreamSessions
from tui_live.errors import StoreError
from tui_live.store import sessions
from tui_live.store.recorder import Recorder
from tui_live.tiktok.connection import RoomInfo
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host

log = logging.getLogger(__name__)


class Stream:
    """A :class:`~tui_live.tiktok.supervisor.Listener` that records one stream.

    ``changed`` is called whenever the standing changes, ``watch`` with every batch, before anything else is done with
    it. ``sessions`` has the session under way, or the one before, and its scores.
    """

    def __init__(
        self,
        name: str,
        index: int,
        recorder: Recorder,
        reader: aiosqlite.Connection,
        log: LogModel,
        resume_within_s: float,
        rules: Rules,
        changed: Callable[[], None],
    ) -> None:
        self.name = name
        self.index = index
        self.standing = Standing(State.STOPPED)
        self.sessions = StreamSessions(name, recorder, reader, resume_within_s, rules, partial(log.note, index))
        self._recorder = recorder
        self._reader = reader
        self._log = log
        self.watch: Callable[[Stream, Batch], None] = _nobody
        self._changed = changed
        self._decoder: RoomDecoder | None = None
        self._rate = RateMeter()

    # What the supervisor reports

    def stands(self, standing: Standing) -> None:
        """Take over the standing; a change of state is a line in the log."""
        before, self.standing = self.standing, standing
        if before.state is not standing.state and standing.state not in (State.CHECKING, State.CONNECTING):
            self._log.note(self.index, f"{standing.state}{': ' if standing.reason else ''}{standing.reason}")
        self._changed()

    async def opened(self, room_id: str, info: RoomInfo) -> RoomDecoder:
        """Find or begin the session of this room, and the decoder that knows what the room has delivered."""
        await self.sessions.enter(room_id, info)
        if self._decoder is None or self._decoder.room_id != room_id:
            self._decoder = RoomDecoder(room_id, Host(self.name), await sessions.known_ids(self._reader, room_id))
            await sessions.restore_streaks(self._reader, room_id, self._decoder.memory.streaks)
        if info.host_id:
            self._decoder.memory.host.user_id = info.host_id
        return self._decoder

    async def connected(self, now_ms: int) -> None:
        """Frames flow again."""
        await self.sessions.connected(now_ms)

    async def publish(self, batch: Batch) -> None:
        """Hand a batch on: recorder, log, counters. Returns when the recorder has room for more."""
        session, board = self.sessions.current, self.sessions.board
        assert session is not None
        assert board is not None
        session.totals.add(batch)
        # Before anything that takes longer: what is to be saved is in OBS's buffer for seconds only.
        self.watch(self, batch)
        session.last_received_ms = batch.received_ms
        board.add(batch)
        self._recorder.put(session.id, batch, session.totals, board)
        self._rate.add(len(batch.events), time.monotonic())
        # Until the first frame is in, nothing is live: it holds what was before, whether TikTok marks it so or not.
        self._log.append(self.index, batch.events, live=self.standing.state in (State.LIVE, State.STALE))
        await self._recorder.room()

    def lost(self, last_ms: int, reason: str) -> None:
        """The connection is over."""
        self.sessions.lost(last_ms, reason)

    async def ended(self, now_ms: int) -> None:
        """The stream is over, and with it the session, until it returns in time."""
        await self.sessions.finish("ended", now_ms)

    def crashed(self, error: Exception) -> None:
        """The supervising task ended with an error of ours."""
        said = f"an internal error, see the log file ({type(error).__name__})"
        self.stands(Standing(State.FAILED, said, 0, times.now_ms()))

    def starting(self) -> None:
        """The supervising task is about to begin; TikTokLive may have to be imported first."""
        self.stands(Standing(State.CHECKING, "starting", 0, times.now_ms()))

    # What the operator asks for

    async def leave(self, reason: str) -> None:
        """The stream is no longer watched: the session is interrupted and can go on."""
        now_ms = times.now_ms()
        try:
            await self.sessions.finish("interrupted", now_ms)
        except StoreError as error:
            log.error("the session of %s could not be ended: %s", self.name, error)
        if not self.standing.state.settled:
            self.stands(Standing(State.STOPPED, reason, 0, now_ms))

    async def stopped(self) -> None:
        """The operator wants it to rest, whatever state it was in; no session waits to go on any more."""
        try:
            await self.sessions.forget_wish()
        except StoreError as error:
            log.error("that no session of %s is to go on could not be kept: %s", self.name, error)
        if self.standing.state is not State.STOPPED:
            self.stands(Standing(State.STOPPED, "", 0, times.now_ms()))

    # What screens show

    def view(self) -> StreamView:
        """The stream as a screen shows it."""
        session = self.sessions.last
        totals = session.totals if session else None
        decoder = self._decoder
        return StreamView(
            name=self.name,
            index=self.index,
            standing=self.standing,
            session_id=session.id if session else "",
            room_id=decoder.room_id if decoder else "",
            viewers=totals.viewers if totals and self.standing.state is State.LIVE else 0,
            coins=totals.coins if totals else 0,
            likes=totals.likes if totals else 0,
            room_likes=totals.room_likes if totals else 0,
            events=totals.events if totals else 0,
            duplicates=totals.duplicates if totals else 0,
            undecodable=totals.undecodable if totals else 0,
            gaps=totals.gaps if totals else 0,
            gap_ms=totals.gap_ms if totals else 0,
            rates=self._rate.history(time.monotonic()),
            totals=totals.copy() if totals else Totals(),
        )

    def events_per_second(self, now: float) -> float:
        """The rate of the last seconds; ``now`` is ``time.monotonic()``."""
        return self._rate.per_second(now)


def _nobody(stream: Stream, batch: Batch) -> None:
    """Nobody watches."""
