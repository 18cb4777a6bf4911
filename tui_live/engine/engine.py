"""Owns every long-lived thing and connects the rooms."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import aiosqlite

from tui_live import paths
from tui_live.config import Loaded
from tui_live.core.account import Account
from tui_live.core.board import Action, Board
from tui_live.core.log import LogModel
from tui_live.core.status import Health, Overlays, StreamView
from tui_live.core.tally import Tally
from tui_live.engine import analyses
from tui_live.engine.analyses import Analyses
from tui_live.engine.archive import Archive
from tui_live.engine.clips import Clips
from tui_live.engine.history import History, Keeping
from tui_live.engine.jobs import Jobs, Spawn
from tui_live.engine.lookup import Answers, Lookup
from tui_live.engine.no_trends import NoTrends
from tui_live.engine.pages import Pages
from tui_live.engine.scores import Scores
from tui_live.engine.stream import Stream
from tui_live.engine.trends import Trending
from tui_live.engine.trials import Trials
from tui_live.engine.watchlist import Watchlist
from tui_live.errors import BoardError, TuiLiveError
from tui_live.store import sessions
from tui_live.store.boards import load_moves
from tui_live.store.clips import ClipLedger
from tui_live.store.database import WriterLock, explained, open_reader, open_writer
from tui_live.store.recorder import Recorder
from tui_live.store.retention import tidy
from tui_live.store.trends import TrendStore

log = logging.getLogger(__name__)

_DAY_SECONDS = 86_400
#: How often questions and places are looked at.
_SCORE_SECONDS = 0.25


class Engine(Answers):
    """The program without a screen. Make it with :meth:`create`; call :meth:`close` in any case."""

    def __init__(
        self,
        loaded: Loaded,
        spawn: Spawn,
        databases: tuple[aiosqlite.Connection, aiosqlite.Connection],
        lock: WriterLock,
        path: Path,
    ) -> None:
        super().__init__(LogModel(loaded.config.ui.log_lines), Lookup(path))
        self.path = path
        self.changed = asyncio.Event()
        self._loaded = loaded
        self._config = loaded.config
        self._jobs = Jobs(spawn)
        self._database, self._reader = databases
        self._lock = lock
        #: Nothing is played here: what comes is live.
        self.playback = None
        self._recorder = Recorder(self._database, loaded.config.database.keep_raw)
        self._rules = loaded.config.scoring.rules()
        self.watchlist = Watchlist(loaded.config.tiktok, self._jobs, self._make_stream)
        self.scores = Scores(
            *(self.watchlist.boards, self._put_action, self._moves, self._account),
            loaded.config.overlay.question_seconds,
        )
        keeping = Keeping(
            self._recorder, self.watchlist.streams, self.watchlist.add, self.watchlist.start, self._jobs.start
        )
        self.history = History(path, self._rules, keeping)
        self.archive = Archive(path, self.history, self._rules, self._recorder.written)
        self.analyses = Analyses(
            path, loaded.config.shares.rules(), analyses.Keeping(self._recorder, self.watchlist.under_way)
        )
        self.pages = Pages(self, loaded.config.overlay, loaded.config.tiktok.stand_in)
        ledger, trials = ClipLedger(self._recorder, self._reader), Trials(path)
        self.clips = Clips(loaded.config, ledger, self.watchlist.streams, self.log, trials, self.pages.clip_address)
        trends = TrendStore(self._recorder.persist, self._reader)
        self.trends: Trending | NoTrends = (
            NoTrends("The demo fetches no trending videos: it asks nothing of TikTok")
            if loaded.passing
            else Trending(loaded.config.trends, trends, self._jobs.start)
        )
        self._closed = False

    @classmethod
    async def create(cls, loaded: Loaded, spawn: Spawn, *, web: bool = True) -> Engine:
        """Open the database, start the recorder and (with ``web``) the overlays, and start the configured streams.

        Raises :class:`~tui_live.errors.StoreError` when the database cannot be used.
        """
        # Links are followed first: the lock lies beside the file itself, under whatever name it was given.
        path = (loaded.config.database.path or paths.database_file()).expanduser().resolve()
        paths.private(path.parent)
        lock = WriterLock(path)
        lock.acquire()
        async with contextlib.AsyncExitStack() as opened:
            opened.callback(lock.release)
            database = await open_writer(path)
            opened.push_async_callback(database.close)
            reader = await open_reader(path)
            opened.push_async_callback(reader.close)
            engine = cls(loaded, spawn, (database, reader), lock, path)
            await engine._start(web=web)
            opened.pop_all()
        return engine

    async def _start(self, *, web: bool) -> None:
        with explained(self.path):
            await self._recorder.open()
            interrupted = await sessions.interrupt_leftovers(self._recorder)
        if interrupted:
            log.info("%d sessions of an earlier run were interrupted", interrupted)
        self._writing = self._jobs.start(self._recorder.run(), "recorder", self._recorder_crashed)
        self._tidying = self._jobs.start(self._tidy(), "tidy")
        self._scoring = self._jobs.start(self._score(), "scores")
        if web:
            self.pages.start(self._jobs)
        self._clipping = self._jobs.start(self.clips.run(), "clips", self.clips.crashed)
        self._counting = self._jobs.start(self.analyses.run(), "analyses")
        self._counting_past = self._jobs.start(self.analyses.count_past(), "past analyses")
        for name in self._config.streams:
            self.add_stream(name)

    def _make_stream(self, name: str, index: int) -> Stream:
        self.log.name_stream(index, name)
        stream = Stream(
            name,
            index,
            self._recorder,
            self._reader,
            self.log,
            self._config.tiktok.resume_within_seconds,
            self._rules,
            self.changed.set,
        )
        stream.watch = self.clips.look
        return stream

    async def _tidy(self) -> None:
        """At the start and once a day: old sessions go (``database.retention_days``), frames left behind are packed."""
        await self.history.remove_deleted()
        while True:
            days, now_ms = self._config.database.retention_days, time.time_ns() // 1_000_000
            removed = await tidy(self._recorder, days, now_ms, self.watchlist.held)
            await self.trends.remove_old(days)
            if removed:
                log.info("%d sessions were older than database.retention_days", removed)
            await asyncio.sleep(_DAY_SECONDS)

    async def _score(self) -> None:
        """Questions whose time is over go, and places are noted for the arrows and everybody's history."""
        while True:
            await asyncio.sleep(_SCORE_SECONDS)
            now_ms = time.time_ns() // 1_000_000
            self.scores.expire()
            for stream in self.watchlist.streams().values():
                shown = stream.sessions
                if shown.board is not None and shown.current is not None:
                    places = shown.board.movement.note(shown.board.ranking, now_ms)
                    if places:
                        self._recorder.put_places(shown.key, shown.board, now_ms, places)

    def _put_action(self, name: str, board: Board, action: Action) -> None:
        shown = self.watchlist.stream(name).sessions
        if shown.board is not board:
            raise BoardError(f"@{name} has another session meanwhile", "do it again if it is meant for this one")
        self._recorder.put_action(shown.key, board, action)

    async def _moves(self, name: str, number: int) -> dict[str, Tally]:
        shown = self.watchlist.stream(name).sessions
        key, board = shown.key, shown.board
        assert board is not None
        await self._recorder.flush()
        return await load_moves(self._reader, key, number, board.ranking.scale)

    async def _account(self, name: str, user_id: str) -> Account:
        await self._recorder.flush()
        return await self._lookup.account(self.watchlist.stream(name).sessions.key, user_id, self._rules)

    def _recorder_crashed(self, error: Exception) -> None:
        self._recorder.trouble = f"the recorder stopped ({error}) — restart TUI Live; see the log file"

    # Queries

    def streams(self) -> Sequence[StreamView]:
        """All streams in the order in which they were added."""
        return [stream.view() for stream in self.watchlist.streams().values()]

    def health(self) -> Health:
        """How the program is doing."""
        streams = self.watchlist.streams().values()
        totals = [last.totals for stream in streams if (last := stream.sessions.last)]
        now = time.monotonic()
        return Health(
            events_per_second=sum(stream.events_per_second(now) for stream in streams),
            backlog=self._recorder.backlog,
            waiting=self._recorder.waiting,
            dropped=self._recorder.dropped,
            duplicates=sum(sums.duplicates for sums in totals),
            undecodable=sum(sums.undecodable for sums in totals),
            database_bytes=self._recorder.database_bytes,
            trouble=self._recorder.trouble,
            pages=self.pages.count,
            web_trouble=self.pages.trouble,
            obs=self.clips.obs,
        )

    def overlays(self) -> Overlays:
        """The pages for OBS: where they are, and which are connected."""
        return self.pages.overlays()

    # Commands

    def refuses(self, what: str) -> TuiLiveError | None:
        """Whether the operator cannot do this here, and why: a recording engine does everything."""
        return None

    def add_stream(self, name: str) -> str:
        """Watch another stream from now on; returns its name. Raises ``ConfigError`` or ``StreamError``."""
        return self.watchlist.add(name)

    def start_stream(self, name: str) -> None:
        """Start a stopped stream; one that waits for anything tries at once."""
        self.watchlist.start(name)

    async def stop_stream(self, name: str) -> None:
        """Hang up; the session is interrupted and can go on."""
        await self.watchlist.stop(name)

    async def remove_stream(self, name: str) -> None:
        """Stop and forget the stream; its sessions stay."""
        await self.watchlist.remove(name)
        self.changed.set()

    async def new_session(self, name: str) -> None:
        """End the stream's session and begin another one."""
        await self.watchlist.stream(name).sessions.begin_new()

    async def save_config(self) -> Path:
        """Write the streams that are being watched, and changed triggers, to the configuration file."""
        from tui_live.config.save import save

        changes: dict[str, object] = {"streams": list(self.watchlist.streams())}
        triggers = self.clips.unsaved()
        if triggers is not None:
            changes["triggers"] = [trigger.plain() for trigger in triggers]
        path = await asyncio.to_thread(save, self._loaded, changes)
        if triggers is not None:
            self.clips.saved(triggers)
        return path

    def settled(self) -> bool:
        """Whether every stream is ended, blocked, failed or stopped."""
        return self.watchlist.settled()

    def note_headless(self) -> None:
        """The terminal is gone, the capture goes on: the next start finds a note."""
        self._lock.describe("headless since its terminal went away")

    async def close(self) -> None:
        """Hang up everywhere and write what waits. Raises ``StoreError`` when the disk still refuses."""
        if self._closed:
            return
        self._closed = True
        self._recorder.begin_to_close()
        await self._clipping.stop()
        await self.trends.close()
        await self._tidying.stop()
        await self.pages.stop()
        await self.history.close()
        await self.archive.close()
        await self._counting.stop()
        await self._counting_past.stop()
        await self._scoring.stop()
        await self.watchlist.close()
        await self.analyses.keep_ended()
        try:
            await self._recorder.close()
        finally:
            await self._writing.finished()
            await self.analyses.close()
            await self._lookup.close()
            await self._reader.close()
            await self._database.close()
            self._lock.release()
