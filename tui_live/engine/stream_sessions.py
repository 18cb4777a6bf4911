"""Which session a stream's frames go to: begun, gone on with by rule or by key, and its gaps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiosqlite
import msgspec

from tui_live.core import times
from tui_live.core.board import Board
from tui_live.core.scoring import Rules
from tui_live.errors import MissingError, StoreError, StreamError
from tui_live.store import sessions
from tui_live.store.boards import load_board
from tui_live.store.recorder import Recorder
from tui_live.store.sessions import Session
from tui_live.tiktok.connection import RoomInfo

log = logging.getLogger(__name__)

#: After a restart, a session that was over for longer is not shown again.
_SHOWN_AGAIN_S = 12 * 3_600.0


class StreamSessions:
    """The sessions of one streamer, one at a time; ``note`` is told what becomes of them, as a line.

    ``current`` is the one under way; ``last`` is that, or the one before until the next begins: what screens show after
    the end. ``board`` has the scores of the session ``key``, which is ``last``; ``None`` before the first.
    """

    def __init__(
        self,
        streamer: str,
        recorder: Recorder,
        reader: aiosqlite.Connection,
        resume_within_s: float,
        rules: Rules,
        note: Callable[[str], None],
    ) -> None:
        self.current: Session | None = None
        self.last: Session | None = None
        self.board: Board | None = None
        self.key = ""
        self._streamer = streamer
        self._recorder = recorder
        self._reader = reader
        self._resume_within_s = resume_within_s
        self._rules = rules
        self._note = note
        self._gap: tuple[int, str] | None = None
        self._begin_new = False
        self._go_on_with = ""
        self._turn = asyncio.Lock()

    @property
    def held(self) -> set[str]:
        """The sessions that are shown or to be gone on with."""
        return {self.key, self._go_on_with} - {""}

    # As the connection comes and goes

    async def enter(self, room_id: str, info: RoomInfo) -> None:
        """Find or begin the session of this room: after this, ``current`` takes its frames."""
        async with self._turn:
            now_ms = times.now_ms()
            if self.current is not None and self.current.room_id != room_id:
                await self._leave_room(room_id, now_ms)
            if self.current is None:
                await self._enter(room_id, info, now_ms)

    def lost(self, last_ms: int, reason: str) -> None:
        """The connection is over: a gap begins where the last frame came."""
        if self._gap is None:
            self._gap = (last_ms, reason)

    async def connected(self, now_ms: int) -> None:
        """Frames flow again: the gap, if there is one, ends here."""
        async with self._turn:
            await self._close_gap(now_ms)

    async def finish(self, status: str, now_ms: int) -> None:
        """Nothing more is to come: the session is ``ended`` or ``interrupted``, until it goes on."""
        async with self._turn:
            await self._close_gap(now_ms)
            await self._finish(status, now_ms)

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
                    found = await sessions.to_continue(self._reader, self._streamer, "", times.now_ms(), _SHOWN_AGAIN_S)
                if found is not None:
                    self.board, self.key, self.last = await self._load(found.id), found.id, found
            except StoreError as problem:
                log.error("the last session of %s cannot be shown: %s", self._streamer, problem)

    # What the operator asks for

    async def begin_new(self) -> None:
        """End the session here and begin another: at once when the stream is live, else when it goes live."""
        async with self._turn:
            old = self.current
            if old is None:
                self._begin_new, self._go_on_with = True, ""
                await sessions.wish(self._recorder, self._streamer, "")
                return
            now_ms = times.now_ms()
            if self._gap is not None:
                start_ms, reason = self._gap
                await sessions.add_gap(self._recorder, old, start_ms, now_ms, reason)
                self._gap = (now_ms, reason)
            new = await sessions.begin(self._recorder, self._streamer, old.room_id, now_ms, {})
            # Frames keep coming meanwhile: there is always one session that takes them.
            self._keep(new, Board(self._rules))
            self._note(f"new session {new.id}")
            await self._recorder.flush()
            await sessions.finish(self._recorder, old, "ended", now_ms)

    async def resume(self, key: str) -> None:
        """Go on with a past session of this streamer: at once when the stream is live, else when it goes live.

        Raises :class:`~tui_live.errors.StreamError` when there is no such session, or it is under way already.
        """
        async with self._turn:
            found = await sessions.find(self._reader, key)
            if self.current is not None and found.id == self.current.id:
                raise StreamError(f"The session {found.id} is under way already", "nothing has to be resumed")
            old = self.current
            board = self.board
            if board is None or self.key != found.id:
                await self._recorder.flush()
                found, board = await sessions.find(self._reader, found.id), await self._load(found.id)
            if old is None:
                if not await sessions.wish(self._recorder, self._streamer, found.id):
                    raise _gone(found)
                self._go_on_with, self._begin_new = found.id, False
                if self.key != found.id:
                    self.last, self.board, self.key = found, board, found.id
                return
            cut, gap = self._gap is not None, self._gap
            await self._close_gap(times.now_ms())
            if not await self._go_on(found, board, old.room_id):
                self._gap = (times.now_ms(), gap[1]) if gap is not None else None
                raise _gone(found)
            now_ms = times.now_ms()
            if not cut:  # else the gap goes on until the next connection
                await self._close_gap(now_ms)
            await self._recorder.flush()
            await sessions.finish(self._recorder, old, "ended", now_ms)

    async def forget_wish(self) -> None:
        """No session is to go on any more when the stream is live."""
        async with self._turn:
            self._go_on_with = ""
            await sessions.wish(self._recorder, self._streamer, "")

    async def part_with(self, key: str, mark: Callable[[], Awaitable[bool]]) -> bool:
        """Let ``mark`` delete a session of this stream; returns what it returned.

        Raises :class:`~tui_live.errors.StreamError` when the session is under way, or is to go on.
        """
        async with self._turn:
            if self.current is not None and key == self.current.id:
                raise StreamError(f"The session {key} is under way", "begin a new session (N) or stop the stream first")
            if key == self._go_on_with:
                raise StreamError(
                    f"The session {key} goes on as soon as @{self._streamer} is live",
                    "ask for a new session (N) or stop the stream first",
                )
            marked = await mark()
            if self.key == key:
                self.board, self.key, self.last = None, "", None
            return marked

    # Inside

    async def _leave_room(self, room_id: str, now_ms: int) -> None:
        """A stream that was cut came back in another room: one session when it was soon, else a new one."""
        session = self.current
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
            found = await sessions.to_continue(self._reader, self._streamer, room_id, now_ms, self._resume_within_s)
        if found is None or not await self._continue(found, room_id):
            if wanted is not None:
                await sessions.wish(self._recorder, self._streamer, "")
            await self._begin(room_id, info, now_ms)
        self._begin_new, self._go_on_with = False, ""

    async def _wanted(self) -> Session | None:
        """The session that the operator wants to go on, in this run or an earlier one."""
        key = self._go_on_with
        if not key and not self._begin_new:
            key = await sessions.wished(self._reader, self._streamer)
        try:
            return await sessions.find(self._reader, key) if key else None
        except StreamError as gone:
            self._note(str(gone))
            return None

    async def _begin(self, room_id: str, info: RoomInfo, now_ms: int) -> None:
        facts = {key: value for key, value in msgspec.to_builtins(info).items() if value}
        session = await sessions.begin(self._recorder, self._streamer, room_id, now_ms, facts)
        self._keep(session, Board(self._rules))
        kept = "" if self._recorder.keeps_raw else ", without frames: it cannot be replayed (database.keep_raw)"
        self._note(f"session {session.id} begins{kept}")

    async def _continue(self, found: Session, room_id: str) -> bool:
        """Go on with a session, unless its scores cannot be read: whatever happened to it, the stream is recorded."""
        board = self.board
        try:
            if board is None or self.key != found.id:
                board = await self._load(found.id)
        except StoreError as problem:
            log.error("session %s cannot go on: %s", found.id, problem)
            self._note(f"session {found.id} cannot go on: {problem}")
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
        self._note(f"session {found.id} goes on")
        return True

    async def _load(self, key: str) -> Board:
        return await load_board(self._reader, key, self._rules, told=self._note)

    def _keep(self, session: Session, board: Board) -> None:
        self.current = self.last = session
        self.board, self.key = board, session.id

    async def _close_gap(self, now_ms: int) -> None:
        if self._gap is None or self.current is None:
            return
        start_ms, reason = self._gap
        self._gap = None
        if now_ms > start_ms:
            await sessions.add_gap(self._recorder, self.current, start_ms, now_ms, reason)

    async def _finish(self, status: str, now_ms: int) -> None:
        session, self.current = self.current, None
        if session is not None:
            await self._recorder.whole(self._end(session, status, now_ms))

    async def _end(self, session: Session, status: str, now_ms: int) -> None:
        """Write the end behind everything that came before it."""
        await self._recorder.flush()
        await sessions.finish(self._recorder, session, status, now_ms)


def _gone(session: Session) -> MissingError:
    return MissingError(f"There is no session {session.id} any more", "tui-live sessions lists all of them")
