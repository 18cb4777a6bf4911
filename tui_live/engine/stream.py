"""One watched stream: its supervisor's reports become a session, rows, log lines and what screens show."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import aiosqlite
import msgspec

from tui_live.core.board import Board
from tui_live.core.events import Batch
from tui_live.core.log import LogModel
from tui_live.core.rates import RateMeter
from tui_live.core.scoring import Rules
from tui_live.core.status import Standing, State, StreamView
from tui_live.core.totals import Totals
from tui_live.errors import MissingError, StoreError, StreamError
from tui_live.store import sessions
from tui_live.store.boards import load_board
from tui_live.store.recorder import Recorder
from tui_live.store.sessions import Session
from tui_live.tiktok.connection import RoomInfo
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host

log = logging.getLogger(__name__)

#: After a restart, a session that was over for longer is not shown again.
_SHOWN_AGAIN_MS = 12 * 3_600_000


class Stream:
    """A :class:`~tui_live.tiktok.supervisor.Listener` that keeps one stream's session.

    ``changed`` is called whenever the standing changes, ``watch`` with every batch, before anything else is done with
    it. ``session`` is the one under way; ``last`` is that, or the one before until the next begins: what screens show
    after the end. ``board`` has the scores of the session ``board_key``, which is ``last``; ``None`` before the first.
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
        self.session: Session | None = None
        self.last: Session | None = None
        self.board: Board | None = None
        self.board_key = ""
        self._rules = rules
        self._recorder = recorder
        self._reader = reader
        self._log = log
        self._resume_within_s = resume_within_s
        self.watch: Callable[[Stream, Batch], None] = _nobody
        self._changed = changed
        self._decoder: RoomDecoder | None = None
        self._rate = RateMeter()
        self._gap: tuple[int, str] | None = None
        self._begin_new = False
        self._go_on_with = ""
        self._turn = asyncio.Lock()

    # What the supervisor reports

    def stands(self, standing: Standing) -> None:
        """Take over the standing; a change of state is a line in the log."""
        before, self.standing = self.standing, standing
        if before.state is not standing.state and standing.state not in (State.CHECKING, State.CONNECTING):
            self._log.note(self.index, f"{standing.state}{': ' if standing.reason else ''}{standing.reason}")
        self._changed()

    async def opened(self, room_id: str, info: RoomInfo) -> RoomDecoder:
        """Find or begin the session of this room, and the decoder that knows what the room has delivered."""
        async with self._turn:
            return await self._opened(room_id, info, _now_ms())

    async def _opened(self, room_id: str, info: RoomInfo, now_ms: int) -> RoomDecoder:
        if self.session is not None and self.session.room_id != room_id:
            await self._leave_room(room_id, now_ms)
        if self.session is None:
            await self._enter(room_id, info, now_ms)
        if self._decoder is None or self._decoder.room_id != room_id:
            self._decoder = RoomDecoder(room_id, Host(self.name), await sessions.known_ids(self._reader, room_id))
            await sessions.restore_streaks(self._reader, room_id, self._decoder.memory.streaks)
        if info.host_id:
            self._decoder.memory.host.user_id = info.host_id
        return self._decoder

    async def connected(self, now_ms: int) -> None:
        """Frames flow again: the gap, if there is one, ends here."""
        async with self._turn:
            await self._close_gap(now_ms)

    async def publish(self, batch: Batch) -> None:
        """Hand a batch on: recorder, log, counters. Returns when the recorder has room for more."""
        session, board = self.session, self.board
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
        """The connection is over: a gap begins where the last frame came."""
        if self._gap is None:
            self._gap = (last_ms, reason)

    async def ended(self, now_ms: int) -> None:
        """The stream is over, and with it the session, until it returns in time."""
        async with self._turn:
            await self._close_gap(now_ms)
            await self._finish("ended", now_ms)

    def crashed(self, error: Exception) -> None:
        """The supervising task ended with an error of ours."""
        said = f"an internal error, see the log file ({type(error).__name__})"
        self.stands(Standing(State.FAILED, said, 0, _now_ms()))

    def starting(self) -> None:
        """The supervising task is about to begin; TikTokLive may have to be imported first."""
        self.stands(Standing(State.CHECKING, "starting", 0, _now_ms()))

    async def recall(self) -> None:
        """Show the last session again, if it was not long ago: pages and screens go on with what they showed.

        A program that was started again knows nothing else until the stream is live.
        """
        async with self._turn:
            if self.board is not None:
                return
            try:
                found = await self._wanted()
                if found is None:
                    last = await sessions.listed(self._reader, streamer=self.name, limit=1)
                    before_ms = _now_ms() - _SHOWN_AGAIN_MS
                    found = next((one for one in last if max(one.end_ms, one.last_received_ms) >= before_ms), None)
                if found is not None:
                    self.board, self.board_key, self.last = await self._load(found.id), found.id, found
            except StoreError as problem:
                log.error("the last session of %s cannot be shown: %s", self.name, problem)

    # What the operator asks for

    async def leave(self, reason: str) -> None:
        """The stream is no longer watched: the session is interrupted and can go on."""
        now_ms = _now_ms()
        try:
            async with self._turn:
                await self._close_gap(now_ms)
                await self._finish("interrupted", now_ms)
        except StoreError as error:
            log.error("the session of %s could not be ended: %s", self.name, error)
        if not self.standing.state.settled:
            self.stands(Standing(State.STOPPED, reason, 0, now_ms))

    async def stopped(self) -> None:
        """The operator wants it to rest, whatever state it was in; no session waits to go on any more."""
        try:
            async with self._turn:
                self._go_on_with = ""
                await sessions.wish(self._recorder, self.name, "")
        except StoreError as error:
            log.error("that no session of %s is to go on could not be kept: %s", self.name, error)
        if self.standing.state is not State.STOPPED:
            self.stands(Standing(State.STOPPED, "", 0, _now_ms()))

    async def begin_new_session(self) -> None:
        """End the session here and begin another: at once when the stream is live, else when it goes live."""
        async with self._turn:
            old = self.session
            if old is None:
                self._begin_new, self._go_on_with = True, ""
                await sessions.wish(self._recorder, self.name, "")
                return
            now_ms = _now_ms()
            if self._gap is not None:
                start_ms, reason = self._gap
                await sessions.add_gap(self._recorder, old, start_ms, now_ms, reason)
                self._gap = (now_ms, reason)
            new = await sessions.begin(self._recorder, self.name, old.room_id, now_ms, {})
            # Frames keep coming meanwhile: there is always one session that takes them.
            self._keep(new, Board(self._rules))
            self._log.note(self.index, f"new session {new.id}")
            await self._recorder.flush()
            await sessions.finish(self._recorder, old, "ended", now_ms)

    async def resume_session(self, key: str) -> None:
        """Go on with a past session of this streamer: at once when the stream is live, else when it goes live.

        Raises :class:`~tui_live.errors.StreamError` when there is no such session, or it is under way already.
        """
        async with self._turn:
            found = await sessions.find(self._reader, key)
            if self.session is not None and found.id == self.session.id:
                raise StreamError(f"The session {found.id} is under way already", "nothing has to be resumed")
            old = self.session
            board = self.board
            if board is None or self.board_key != found.id:
                await self._recorder.flush()
                found, board = await sessions.find(self._reader, found.id), await self._load(found.id)
            if old is None:
                if not await sessions.wish(self._recorder, self.name, found.id):
                    raise _gone(found)
                self._go_on_with, self._begin_new = found.id, False
                if self.board_key != found.id:
                    self.last, self.board, self.board_key = found, board, found.id
                return
            cut, gap = self._gap is not None, self._gap
            await self._close_gap(_now_ms())
            if not await self._go_on(found, board, old.room_id):
                self._gap = (_now_ms(), gap[1]) if gap is not None else None
                raise _gone(found)
            now_ms = _now_ms()
            if not cut:  # else the gap goes on until the next connection
                await self._close_gap(now_ms)
            await self._recorder.flush()
            await sessions.finish(self._recorder, old, "ended", now_ms)

    async def part_with(self, key: str, mark: Callable[[], Awaitable[bool]]) -> bool:
        """Let ``mark`` delete a session of this stream; returns what it returned.

        Raises :class:`~tui_live.errors.StreamError` when the session is under way, or is to go on.
        """
        async with self._turn:
            if self.session is not None and key == self.session.id:
                raise StreamError(f"The session {key} is under way", "begin a new session (N) or stop the stream first")
            if key == self._go_on_with:
                raise StreamError(
                    f"The session {key} goes on as soon as @{self.name} is live",
                    "ask for a new session (N) or stop the stream first",
                )
            marked = await mark()
            if self.board_key == key:
                self.board, self.board_key, self.last = None, "", None
            return marked

    @property
    def held(self) -> set[str]:
        """The sessions that it shows or is to go on with."""
        return {self.board_key, self._go_on_with} - {""}

    def view(self) -> StreamView:
        """The stream as a screen shows it."""
        session = self.last
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

    # Sessions

    async def _leave_room(self, room_id: str, now_ms: int) -> None:
        """A stream that was cut came back in another room: one session when it was soon, else a new one."""
        session = self.session
        assert session is not None
        if now_ms - session.last_received_ms <= self._resume_within_s * 1000:
            await self._recorder.flush()
            await sessions.resume(self._recorder, session, room_id)
        else:
            self._gap = None
            await self._finish("ended", session.last_received_ms or now_ms)

    async def _enter(self, room_id: str, info: RoomInfo, now_ms: int) -> None:
        """Continue a session where the operator or the rules say so, else begin one."""
        await self._recorder.flush()
        wanted = await self._wanted()
        found = wanted
        if found is None and not self._begin_new:
            found = await sessions.to_continue(self._reader, self.name, room_id, now_ms, self._resume_within_s)
        if found is None or not await self._continue(found, room_id):
            if wanted is not None:
                await sessions.wish(self._recorder, self.name, "")
            await self._begin(room_id, info, now_ms)
        self._begin_new, self._go_on_with = False, ""

    async def _wanted(self) -> Session | None:
        """The session that the operator wants to go on, in this run or an earlier one."""
        key = self._go_on_with
        if not key and not self._begin_new:
            key = await sessions.wished(self._reader, self.name)
        try:
            return await sessions.find(self._reader, key) if key else None
        except StreamError as gone:
            self._log.note(self.index, str(gone))
            return None

    async def _begin(self, room_id: str, info: RoomInfo, now_ms: int) -> None:
        facts = {key: value for key, value in msgspec.to_builtins(info).items() if value}
        session = await sessions.begin(self._recorder, self.name, room_id, now_ms, facts)
        self._keep(session, Board(self._rules))
        kept = "" if self._recorder.keeps_raw else ", without frames: it cannot be replayed (database.keep_raw)"
        self._log.note(self.index, f"session {session.id} begins{kept}")

    async def _continue(self, found: Session, room_id: str) -> bool:
        """Go on with a session, unless its scores cannot be read: whatever happened to it, the stream is recorded."""
        board = self.board
        try:
            if board is None or self.board_key != found.id:
                board = await self._load(found.id)
        except StoreError as problem:
            log.error("session %s cannot go on: %s", found.id, problem)
            self._log.note(self.index, f"session {found.id} cannot go on: {problem}")
            return False
        return await self._go_on(found, board, room_id)

    async def _go_on(self, found: Session, board: Board, room_id: str) -> bool:
        """Continue a session that was interrupted or has ended: its scores come back, the time between is a gap.

        False when it has been deleted meanwhile.
        """
        since_ms = max(found.last_received_ms, found.end_ms) or found.start_ms
        reason = "the stream was over" if found.status == "ended" else "not being watched"
        if not await sessions.resume(self._recorder, found, room_id):
            return False
        self._gap = (since_ms, reason)
        self._keep(found, board)
        self._log.note(self.index, f"session {found.id} goes on")
        return True

    async def _load(self, key: str) -> Board:
        return await load_board(self._reader, key, self._rules, told=lambda line: self._log.note(self.index, line))

    def _keep(self, session: Session, board: Board) -> None:
        self.session = self.last = session
        self.board, self.board_key = board, session.id

    async def _close_gap(self, now_ms: int) -> None:
        if self._gap is None or self.session is None:
            return
        start_ms, reason = self._gap
        self._gap = None
        if now_ms > start_ms:
            await sessions.add_gap(self._recorder, self.session, start_ms, now_ms, reason)

    async def _finish(self, status: str, now_ms: int) -> None:
        session, self.session = self.session, None
        if session is not None:
            await self._recorder.whole(self._end(session, status, now_ms))

    async def _end(self, session: Session, status: str, now_ms: int) -> None:
        """Write the end behind everything that came before it."""
        await self._recorder.flush()
        await sessions.finish(self._recorder, session, status, now_ms)


def _nobody(stream: Stream, batch: Batch) -> None:
    """Nobody watches."""


def _gone(session: Session) -> MissingError:
    return MissingError(f"There is no session {session.id} any more", "tui-live sessions lists all of them")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
