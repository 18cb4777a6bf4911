"""A recorded session plays again: same frames, same timing, same decoding, console, triggers and overlays.

Frames come from the database, read-only; nothing is written anywhere. Decoding begins with what was known of the room
when the session began, so streaks and repeated messages count as they did the first time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import aiosqlite

from tui_live.config import Overlay, Trigger
from tui_live.core.log import LogModel
from tui_live.core.rates import RateMeter
from tui_live.core.scoring import Rules
from tui_live.core.shares import ShareRules
from tui_live.core.status import Health, Overlays, Standing, State, StreamView
from tui_live.core.totals import Totals
from tui_live.engine.analyses import Analyses
from tui_live.engine.history import History
from tui_live.engine.jobs import Job, Jobs, Spawn
from tui_live.engine.lookup import Answers, Lookup
from tui_live.engine.no_trends import NoTrends
from tui_live.engine.pages import Pages
from tui_live.engine.played_archive import PlayedArchive
from tui_live.engine.played_clips import PlayedClips
from tui_live.engine.played_scores import PlayedScores
from tui_live.engine.trials import Trials
from tui_live.errors import StreamError
from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.frames import has_frames, session_frames
from tui_live.store.sessions import Session
from tui_live.tiktok import connection
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host

log = logging.getLogger(__name__)

#: A gap in the recording is not sat out: longer silences are shortened to this, in seconds of the recording.
_LONGEST_SILENCE_S = 20.0
SPEEDS = (0.1, 20.0)
#: How often questions are looked at.
_EXPIRE_SECONDS = 0.25


class Settings(NamedTuple):
    """What a replay goes by: ``scoring`` counts, ``triggers`` match as they would have then and save nothing.

    ``served``: with overlays and API, as ``overlay`` says; ``stand_in`` is as for :class:`Pages`.
    """

    scoring: Rules = Rules.of()
    overlay: Overlay = Overlay()
    served: bool = False
    stand_in: str = ""
    triggers: Sequence[Trigger] = ()
    shares: ShareRules = ShareRules()


class Replay(Answers):
    """A console's backend that plays one session. Make it with :meth:`create`; ``space`` pauses and goes on.

    ``finished`` is set when the last frame has been played.
    """

    def __init__(
        self,
        session: Session,
        database: aiosqlite.Connection,
        lookup: Lookup,
        spawn: Spawn,
        speed: float,
        lines: int,
        played: PlayedScores,
    ) -> None:
        super().__init__(LogModel(lines), lookup)
        self.scores = played.scores
        self._played = played
        self.trends = NoTrends("A replay fetches no trending videos: it asks nothing of TikTok")
        self.finished = asyncio.Event()
        self.totals = Totals()
        self._session = session
        self._database = database
        self._jobs = Jobs(spawn)
        self._speed = speed
        self._going = asyncio.Event()
        self._rate = RateMeter()
        self._standing = Standing(State.CHECKING, "loading")
        self._played_ms = 0
        self._closed = False
        self._job: Job
        self._expiring: Job
        self.history: History
        self.clips: PlayedClips
        self.analyses: Analyses
        self.archive: PlayedArchive
        self.pages: Pages
        self.log.name_stream(0, session.streamer)

    @classmethod
    async def create(
        cls,
        path: Path,
        key: str,
        spawn: Spawn,
        speed: float,
        lines: int,
        settings: Settings = Settings(),  # noqa: B008 - it cannot change
    ) -> Replay:
        """Open the session ``key`` (or an unambiguous beginning of it) and begin to play it.

        Raises :class:`~tui_live.errors.StoreError` for a database, :class:`StreamError` for a session that cannot be
        played.
        """
        low, high = SPEEDS
        if not low <= speed <= high:
            raise StreamError(f"The speed {speed:g} is not possible", f"choose one from {low:g} to {high:g}")
        database = await open_reader(path)
        try:
            session = await _find(database, key)
            played = PlayedScores(session, database, settings.scoring, settings.overlay.question_seconds)
            replay = cls(session, database, Lookup(path, session.id), spawn, speed, lines, played)
            replay.history = History(path, settings.scoring)
            replay.analyses = Analyses(path, settings.shares)
            replay.clips = PlayedClips(session.streamer, settings.triggers, replay.log, Trials(path))
            replay.archive = PlayedArchive(path, replay.history, settings.scoring)
            replay.pages = Pages(replay, settings.overlay, settings.stand_in)
            replay._going.set()
            replay._job = replay._jobs.start(replay._play(), f"replay {session.id}", replay._crashed)
            replay._expiring = replay._jobs.start(replay._expire(), "questions")
            if settings.served:
                # A port that is in use shows tonight's streams: it is left to them, also when they pause for a moment.
                replay.pages.start(replay._jobs, patient=False, told=partial(replay.log.note, 0))
        except BaseException:
            await database.close()
            raise
        return replay

    # What the console asks

    def streams(self) -> Sequence[StreamView]:
        """The one stream, as it stood at this moment of the recording."""
        totals = self.totals
        return [
            StreamView(
                name=self._session.streamer,
                index=0,
                standing=self._standing,
                session_id=self._session.id,
                room_id=self._session.room_id,
                viewers=totals.viewers,
                coins=totals.coins,
                likes=totals.likes,
                room_likes=totals.room_likes,
                events=totals.events,
                duplicates=totals.duplicates,
                undecodable=totals.undecodable,
                gaps=self._session.totals.gaps,
                gap_ms=self._session.totals.gap_ms,
                rates=self._rate.history(time.monotonic()),
                totals=totals.copy(),
            )
        ]

    def health(self) -> Health:
        """Rates of the replay; nothing waits for a disk."""
        return Health(
            events_per_second=self._rate.per_second(time.monotonic()),
            duplicates=self.totals.duplicates,
            undecodable=self.totals.undecodable,
            playing=f"replay {self._speed:g}× {self._position()}",
            pages=self.pages.count,
        )

    def overlays(self) -> Overlays:
        """The pages for OBS, which show what is played."""
        return self.pages.overlays()

    def refuses(self, what: str) -> StreamError | None:
        """Whether the operator cannot do this here: everything but ``switch`` and ``details``."""
        return None if what in ("switch", "details") else _only_a_replay()

    def start_stream(self, name: str) -> None:
        """Go on after a pause. Raises :class:`StreamError` when everything has been played."""
        self._going_on(name)
        self._going.set()
        self._stand(State.LIVE)

    async def stop_stream(self, name: str) -> None:
        """Pause. Raises :class:`StreamError` when everything has been played."""
        self._going_on(name)
        self._going.clear()
        self._stand(State.STOPPED)

    def _going_on(self, name: str) -> None:
        if name != self._session.streamer:
            raise _only_a_replay()
        if self.finished.is_set():
            raise StreamError("The recording is over", "open it again with tui-live replay")

    def add_stream(self, name: str) -> str:
        """Not here: a replay shows one session."""
        raise _only_a_replay()

    async def remove_stream(self, name: str) -> None:
        """Not here: a replay shows one session."""
        raise _only_a_replay()

    async def new_session(self, name: str) -> None:
        """Not here: a replay records nothing."""
        raise _only_a_replay()

    async def save_config(self) -> Path:
        """Not here: a replay changes no setting."""
        raise _only_a_replay()

    async def close(self) -> None:
        """Stop playing."""
        if not self._closed:
            self._closed = True
            await self.pages.stop()
            await self._job.stop()
            await self._expiring.stop()
            await self.archive.close()
            await self.history.close()
            await self.analyses.close()
            await self._lookup.close()
            await self._database.close()

    # Playing

    async def _play(self) -> None:
        await asyncio.to_thread(connection.load)
        decoder = await self._decoder()
        self._stand(State.LIVE if self._going.is_set() else State.STOPPED)
        clock = _Clock(self._speed)
        async for received_ms, payload in self._frames():
            if not self._played_ms:
                self._played_ms = received_ms
            await self._wait(clock, received_ms - self._played_ms)
            self._played_ms = received_ms
            self._show(decoder, payload, received_ms)
        self._standing = Standing(State.ENDED, "the recording is over", 0, _now_ms())
        self.log.note(0, "the recording is over")
        self.finished.set()

    async def _decoder(self) -> RoomDecoder:
        """As decoding stood when the session began: the room may have been recorded before, in another session."""
        session = self._session
        began = await sessions.first_event(self._database, session.id)
        known = await sessions.known_ids(self._database, session.room_id, began)
        decoder = RoomDecoder(session.room_id, Host(session.streamer, session.host_id), known)
        await sessions.restore_streaks(self._database, session.room_id, decoder.memory.streaks, began)
        return decoder

    async def _wait(self, clock: _Clock, gap_ms: int) -> None:
        """Let as much time pass as lay between two frames, at the speed of the replay; a pause does not count."""
        clock.owe(min(gap_ms / 1000, _LONGEST_SILENCE_S))
        await clock.sleep()
        if not self._going.is_set():
            await self._going.wait()
            clock.forget()

    def _show(self, decoder: RoomDecoder, payload: bytes, received_ms: int) -> None:
        from tui_live.wire.frames import Frame

        frame = Frame(payload)
        if frame.batch:
            _leave_out_erased(frame.batch.messages)
        batch = decoder.decode(frame, received_ms)
        self.totals.add(batch)
        self._played.add(batch)
        self._rate.add(len(batch.events), time.monotonic())
        self.log.append(0, batch.events)
        self.clips.look(batch)
        if self._standing.state is State.LIVE:
            self._stand(State.LIVE)

    async def _expire(self) -> None:
        """Questions leave the screen in real time, also while the replay pauses."""
        while True:
            await asyncio.sleep(_EXPIRE_SECONDS)
            self.scores.expire()

    async def _frames(self) -> AsyncIterator[tuple[int, bytes]]:
        """(received at, payload) of each frame, in order."""
        last = 0
        while block := await session_frames(self._database, self._session.id, last):
            for _, received_ms, payload in block:
                yield received_ms, payload
            last = block[-1][0]

    def _stand(self, state: State) -> None:
        where = f"replay of {self._session.id} at {self._speed:g}×, {self._position()}"
        self._standing = Standing(state, f"paused: {where}" if state is State.STOPPED else where, 0, _now_ms())

    def _position(self) -> str:
        at = max(0, self._played_ms - self._session.start_ms) // 1000
        whole = max(0, (self._session.end_ms or self._session.last_received_ms) - self._session.start_ms) // 1000
        return f"{_span(at)} of {_span(whole)}"

    def _crashed(self, error: Exception) -> None:
        self._standing = Standing(State.FAILED, f"the replay stopped: {error}; see the log file", 0, _now_ms())


class _Clock:
    """Paces a replay without drift: what is owed is slept off against the time that has really passed."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._due = time.monotonic()

    def owe(self, seconds: float) -> None:
        """``seconds`` of the recording must pass."""
        self._due += seconds / self._speed

    def forget(self) -> None:
        """Time stood still."""
        self._due = time.monotonic()

    async def sleep(self) -> None:
        """Wait until what is owed has passed; yields now and then when the replay is behind."""
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))


async def _find(database: aiosqlite.Connection, key: str) -> Session:
    session = await sessions.find(database, key)
    if not await has_frames(database, session.id):
        raise StreamError(
            f"The session {session.id} has no recorded frames",
            "it was recorded with database.keep_raw off, or they were removed",
        )
    return session


def _leave_out_erased(messages: Any) -> None:
    """Drop the messages that an erase has emptied: TikTok sends none without a method and a payload."""
    for place in range(len(messages) - 1, -1, -1):
        if not messages[place].method and not messages[place].payload:
            del messages[place]


def _only_a_replay() -> StreamError:
    return StreamError("This is a replay", "open tui-live without replay for that")


def _span(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
