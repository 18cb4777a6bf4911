"""A recorded session plays again: same frames, same timing, same decoding, console, triggers and overlays.

Frames come from the database, read-only: no event, score or clip is written. (An overlay's token may be, and a database
of an earlier version is brought up to date.) Decoding begins with what was known of the room when the session began, so
streaks and repeated messages count as they did the first time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import aiosqlite

from tui_live.config import Overlay, Trigger
from tui_live.core.counts import several
from tui_live.core.log import LogModel
from tui_live.core.rates import RateMeter
from tui_live.core.scoring import Rules
from tui_live.core.shares import ShareRules
from tui_live.core.status import Health, Overlays, StreamView
from tui_live.core.times import span
from tui_live.core.totals import Totals
from tui_live.engine.analyses import Analyses
from tui_live.engine.history import History
from tui_live.engine.jobs import Jobs, Spawn
from tui_live.engine.lookup import Answers, Lookup
from tui_live.engine.no_trends import NoTrends
from tui_live.engine.pages import Pages
from tui_live.engine.played_archive import PlayedArchive
from tui_live.engine.played_clips import PlayedClips
from tui_live.engine.played_rooms import PlayedRooms
from tui_live.engine.played_scores import PlayedScores
from tui_live.engine.playing import LONGEST_SILENCE_S, Playing
from tui_live.engine.trials import Trials
from tui_live.errors import StreamError
from tui_live.store.clips import ClipReader
from tui_live.store.database import open_reader
from tui_live.store.frames import Missing, RecordedFrames
from tui_live.store.packing import Frame as Recorded
from tui_live.store.playable import LostTime, gaps_after, playable
from tui_live.store.sessions import Session
from tui_live.tiktok import connection
from tui_live.tiktok.decode import RoomDecoder

log = logging.getLogger(__name__)

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
    """A console's backend that plays one session. Make it with :meth:`create`.

    ``playback`` pauses it and makes it faster or slower.
    """

    def __init__(
        self,
        session: Session,
        database: aiosqlite.Connection,
        lookup: Lookup,
        spawn: Spawn,
        playback: Playing,
        lines: int,
        played: PlayedScores,
    ) -> None:
        super().__init__(LogModel(lines), lookup)
        self.scores = played.scores
        self._played = played
        self.trends = NoTrends("A replay fetches no trending videos: it asks nothing of TikTok")
        self.playback = playback
        self.totals = Totals()
        self._session = session
        self._database = database
        self._jobs = Jobs(spawn)
        self._rate = RateMeter()
        self._gaps: deque[LostTime] = deque()
        self._recorded = RecordedFrames(database, session.id)
        self._rooms = PlayedRooms(database, session)
        self._opened: contextlib.AsyncExitStack
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
        async with contextlib.AsyncExitStack() as opened:
            database = await open_reader(path)
            opened.push_async_callback(database.close)
            session = await playable(database, key)
            playback = Playing(session.id, session.start_ms, session.end_ms or session.last_received_ms, speed)
            played = PlayedScores(session, database, settings.scoring, settings.overlay.question_seconds)
            lookup = Lookup(path, session.id)
            opened.push_async_callback(lookup.close)
            replay = cls(session, database, lookup, spawn, playback, lines, played)
            replay.history = History(path, settings.scoring)
            opened.push_async_callback(replay.history.close)
            replay.analyses = Analyses(path, settings.shares)
            opened.push_async_callback(replay.analyses.close)
            replay.archive = PlayedArchive(path, replay.history, settings.scoring)
            opened.push_async_callback(replay.archive.close)
            replay.pages = Pages(replay, settings.overlay, settings.stand_in)
            replay.clips = PlayedClips(
                *(session.streamer, settings.triggers, replay.log, Trials(path)),
                ClipReader(database),
                replay.pages.clip_address,
            )
            playing = replay._jobs.start(replay._play(), f"replay {session.id}", replay._crashed)
            opened.push_async_callback(playing.stop)
            expiring = replay._jobs.start(replay._expire(), "questions")
            opened.push_async_callback(expiring.stop)
            if settings.served:
                # A port that is in use shows tonight's streams: it is left to them, also when they pause for a moment.
                replay.pages.start(replay._jobs, patient=False, told=replay._note)
                opened.push_async_callback(replay.pages.stop)
            replay._opened = opened.pop_all()
        return replay

    # What the console asks

    def streams(self) -> Sequence[StreamView]:
        """The one stream, as it stood at this moment of the recording."""
        totals = self.totals
        return [
            StreamView(
                name=self._session.streamer,
                index=0,
                standing=self.playback.standing,
                session_id=self._session.id,
                room_id=self._rooms.room_id,
                viewers=totals.viewers,
                coins=totals.coins,
                likes=totals.likes,
                room_likes=totals.room_likes,
                events=totals.events,
                duplicates=totals.duplicates,
                undecodable=totals.undecodable,
                gaps=totals.gaps,
                gap_ms=totals.gap_ms,
                missing=totals.missing,
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
            playing=self.playback.said,
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
        self._only(name)
        self.playback.go_on()

    async def stop_stream(self, name: str) -> None:
        """Pause. Raises :class:`StreamError` when everything has been played."""
        self._only(name)
        self.playback.pause()

    def _only(self, name: str) -> None:
        if name != self._session.streamer:
            raise _only_a_replay()

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
        """Stop playing and close what was opened, the rest also where one of it fails."""
        await self._opened.aclose()

    # Playing

    async def _play(self) -> None:
        await asyncio.to_thread(connection.load)
        await self._rooms.look()
        self.playback.begin()
        first = True
        async with contextlib.aclosing(self._frames()) as frames:
            async for frame_id, received_ms, payload in frames:
                before_ms = self.playback.at_ms
                if silence_s := self.playback.next_frame(received_ms, first):
                    self._note(f"a silence of {span(silence_s)} is shortened to {span(LONGEST_SILENCE_S)}", before_ms)
                first = False
                await self.playback.reach()
                self._count_gaps(received_ms)
                self._show(await self._rooms.decoder(frame_id), payload, received_ms)
        self._count_gaps(None)
        self.totals.missing = self._recorded.missing.events
        self.playback.end(_lacking(self._recorded.missing))
        self._note(self.playback.standing.reason)

    def _count_gaps(self, until_ms: int | None) -> None:
        """A gap counts once it has been played over; without ``until_ms``, all of them have."""
        while self._gaps and (until_ms is None or self._gaps[0].end_ms <= until_ms):
            self.totals.add_gap(self._gaps.popleft().duration_ms)

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

    async def _expire(self) -> None:
        """Questions leave the screen in real time, also while the replay pauses."""
        while True:
            await asyncio.sleep(_EXPIRE_SECONDS)
            self.scores.expire()

    async def _frames(self) -> AsyncGenerator[Recorded, None]:
        """(id, received at, payload) of each frame, in order; the gaps between them are known before."""
        gap, lacking = 0, ""
        while block := await self._recorded.next():
            # Again and again: a session under way goes on meanwhile.
            self._gaps.extend(await gaps_after(self._database, self._session.id, gap))
            gap = self._gaps[-1].number if self._gaps else gap
            await self._rooms.look()
            if (more := _lacking(self._recorded.missing)) != lacking:
                self.totals.missing = self._recorded.missing.events
                lacking = more
                self._note(f"so far, {lacking}")
            for frame in block:
                yield frame

    def _note(self, text: str, time_ms: int | None = None) -> None:
        """A line in the log at its time of the recording: by default, now."""
        self.log.note(0, text, self.playback.at_ms if time_ms is None else time_ms)

    def _crashed(self, error: Exception) -> None:
        self.playback.fail(f"the replay stopped: {error}; see the log file")


def _leave_out_erased(messages: Any) -> None:
    """Drop the messages that an erase has emptied: TikTok sends none without a method and a payload."""
    for place in range(len(messages) - 1, -1, -1):
        if not messages[place].method and not messages[place].payload:
            del messages[place]


def _lacking(missing: Missing) -> str:
    """What cannot be played; empty where all can."""
    if not missing.frames:
        return ""
    return f"{several(missing.events, 'event')} in {several(missing.frames, 'frame')} cannot be read"


def _only_a_replay() -> StreamError:
    return StreamError("This is a replay", "open tui-live without replay for that")
