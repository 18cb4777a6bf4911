"""Past sessions: listed, opened read-only, exported, deleted, and taken up again by their key."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import aiosqlite

from tui_live.core.account import Account
from tui_live.core.board import Board
from tui_live.core.past import ACTIVE, PastEvent, PastSession, SessionFacts
from tui_live.core.scoring import Rules
from tui_live.core.standings import Line, Standings, person_line, standings
from tui_live.core.status import State
from tui_live.core.traces import ERASED
from tui_live.engine.jobs import Job
from tui_live.errors import MissingError, StreamError
from tui_live.store import past
from tui_live.store.account import account
from tui_live.store.boards import load_board
from tui_live.store.database import open_reader
from tui_live.store.export import Options, export
from tui_live.store.formats import FORMATS
from tui_live.store.packing import give_back
from tui_live.store.queries import newest
from tui_live.store.recorder import Recorder
from tui_live.store.retention import remove_session

if TYPE_CHECKING:
    from tui_live.engine.stream import Stream

_READ_ONLY = "open tui-live without replay for that"


class Keeping(NamedTuple):
    """What it takes to change a session: the recorder and the streams of a running engine.

    ``watch`` adds a stream, ``start`` starts a stopped one; ``spawn`` runs a task under a name.
    """

    recorder: Recorder
    streams: Callable[[], Mapping[str, Stream]]
    watch: Callable[[str], str]
    start: Callable[[str], None]
    spawn: Callable[[Coroutine[Any, Any, None], str], Job]


class _Cancelled(Exception):
    """Ends an export in its thread."""


class History:
    """The sessions in the database at ``path``. Without ``keeping`` they can be looked at and exported only.

    What is asked raises :class:`~tui_live.errors.StoreError` when the database refuses and
    :class:`~tui_live.errors.StreamError` for a session that is not there any more.
    """

    formats = tuple(FORMATS)

    def __init__(self, path: Path, rules: Rules, keeping: Keeping | None = None) -> None:
        self._path = path
        self._rules = rules
        self._keeping = keeping
        self._database: aiosqlite.Connection | None = None
        self._board: tuple[str, Board] | None = None
        self._opening = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._removing = asyncio.Lock()
        self._removals: list[Job] = []

    # Looking

    async def sessions(self, text: str = "", limit: int = 1000, *, streamer: str = "") -> list[PastSession]:
        """Sessions in which every word of ``text`` stands (streamer, key, status, date), the newest first.

        ``streamer``: only that one's.
        """
        return await past.listed(await self._open(), text, limit, streamer)

    async def session(self, key: str) -> PastSession:
        """One session as it is now."""
        found = await past.past_session(await self._open(), key)
        if found is None:
            raise MissingError(f"There is no session {key}", "it may have been deleted; tui-live sessions lists all")
        return found

    async def facts(self, key: str) -> SessionFacts:
        """Everything about a session, as far as it is written."""
        return await past.session_facts(await self._open(), await self.session(key))

    async def open_board(self, key: str) -> None:
        """Make a session's leaderboard ready for :meth:`standings`; the last one stays ready.

        A hundred thousand people take about half a second, in threads.
        """
        if self.running(key) is not None:
            return
        async with self._loading:
            session = await self.session(key)
            if self._board is None or self._board[0] != key or session.status == ACTIVE:
                self._board = None
                self._board = (key, await load_board(await self._open(), key, self._rules))

    def running(self, key: str) -> Board | None:
        """The board of a session whose stream holds it: what it has now, and not only what is written."""
        if self._keeping is not None:
            for stream in self._keeping.streams().values():
                if stream.sessions.key == key:
                    return stream.sessions.board
        return None

    def standings(self, key: str, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` (0 is the first) on; none before :meth:`open_board`."""
        board = self._ready(key)
        return Standings() if board is None else standings(board, start, count)

    def line(self, key: str, user_id: str) -> Line | None:
        """One person's line."""
        board = self._ready(key)
        return None if board is None else person_line(board, user_id)

    async def account(self, key: str, user_id: str) -> Account:
        """Everything behind a person's score in a session."""
        if self._keeping is not None and self.running(key) is not None:
            await self._keeping.recorder.flush()
        return await account(await self._open(), key, user_id, self._rules)

    async def events(
        self, key: str, types: Collection[str] | None, before_id: int | None = None, limit: int = 200
    ) -> Sequence[PastEvent]:
        """The newest events of these types (``None``: of all), or those before ``before_id``, the newest first."""
        found = await newest(await self._open(), [key], types, limit, before_id)
        return await asyncio.to_thread(past.as_lines, found)

    # Doing

    def refuses(self) -> StreamError | None:
        """Why sessions can only be looked at here, if that is so."""
        return None if self._keeping is not None else StreamError("This is a replay", _READ_ONLY)

    async def resume(self, key: str) -> str:
        """Go on with a session: at once when its stream is live, else when it goes live. Returns what will happen.

        A streamer who is not watched is watched from now on. Raises :class:`StreamError` when it is under way already.
        """
        keeping = self._writable()
        session = await self.session(key)
        name = session.streamer
        if name == ERASED:
            raise StreamError(f"The streamer of session {key} was erased", "it can be opened, but not resumed")
        if name not in keeping.streams():
            keeping.watch(name)
        stream = keeping.streams()[name]
        # Before the stream can go live: a new one has not begun to ask.
        await stream.sessions.resume(key)
        self._forget(key)
        if stream.sessions.current is not None:
            return f"session {key} of @{name} goes on now"
        if stream.standing.state in (State.STOPPED, State.BLOCKED, State.FAILED, State.OFFLINE, State.ENDED):
            keeping.start(name)
        return f"session {key} goes on as soon as @{name} is live"

    async def delete(self, key: str) -> str:
        """Delete a session for good. It is gone at once; its events and frames follow in slices.

        Raises :class:`StreamError` while it is under way.
        """
        keeping = self._writable()
        session = await self.session(key)

        async def mark() -> bool:
            return await past.mark_deleted(keeping.recorder, key)

        stream = keeping.streams().get(session.streamer)
        if not await (mark() if stream is None else stream.sessions.part_with(key, mark)):
            raise StreamError(f"The session {key} is under way", "stop the stream first (space)")
        self._forget(key)
        self._removals = [job for job in self._removals if not job.done.is_set()]
        self._removals.append(keeping.spawn(self.remove_deleted(), f"delete {key}"))
        return f"session {key} of @{session.streamer} is deleted"

    async def remove_deleted(self) -> None:
        """Remove what belongs to deleted sessions, in slices; what an earlier run left, too."""
        recorder = self._writable().recorder
        async with self._removing:
            left = await past.deleted(await self._open())
            for key, number in left:
                await remove_session(recorder, key, number)
            if left:
                await give_back(recorder.writing)

    def export_file(self, session: PastSession, kind: str) -> Path:
        """A file to export to that is not there yet: streamer and start, in the working or the documents folder."""
        began = time.strftime("%Y-%m-%d-%H%M", time.localtime(session.start_ms / 1000))
        streamer = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in session.streamer).strip("._")
        name = f"{streamer[:60] or 'session'}-{began}"
        folder = _writable_folder()
        file, number = folder / f"{name}.{kind}", 1
        while file.exists():
            number += 1
            file = folder / f"{name}-{number}.{kind}"
        return file

    async def export(
        self, key: str, kind: str, target: Path, progress: Callable[[int, int], None], *, raw: bool = False
    ) -> int:
        """Write a session's events to a new file; returns how many. Cancelled, it leaves no file.

        ``progress`` is told how many of how many are written. Raises :class:`~tui_live.store.output.ExportError`, also
        for a file that is there already. It works in a thread of its own, so that nothing else waits.
        """
        loop = asyncio.get_running_loop()
        stop = threading.Event()
        done = whole = 0

        def begun(expected: int) -> None:
            nonlocal whole
            whole = expected

        def some(count: int) -> None:
            nonlocal done
            if stop.is_set():
                raise _Cancelled
            done += count
            loop.call_soon_threadsafe(progress, done, whole)

        def work() -> int:
            options = Options(kind, raw=raw)
            return asyncio.run(export(self._path, key, options, target, begun=begun, progress=some)).events

        thread = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(thread)
        except asyncio.CancelledError:
            stop.set()
            # Cancelled once more meanwhile, it still does not leave before its file is gone.
            while not thread.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([thread])
            with contextlib.suppress(Exception):
                thread.result()
            raise

    async def close(self) -> None:
        """Stop what is under way and close what was opened. What is left of deleted sessions goes at the next start."""
        for job in self._removals:
            await job.stop()
        async with self._opening:
            if self._database is not None:
                await self._database.close()
                self._database = None

    # Inside

    def _writable(self) -> Keeping:
        if self._keeping is None:
            raise StreamError("This is a replay", _READ_ONLY)
        return self._keeping

    def _ready(self, key: str) -> Board | None:
        running = self.running(key)
        if running is not None:
            return running
        return self._board[1] if self._board is not None and self._board[0] == key else None

    def _forget(self, key: str) -> None:
        if self._board is not None and self._board[0] == key:
            self._board = None

    async def _open(self) -> aiosqlite.Connection:
        async with self._opening:
            if self._database is None:
                self._database = await open_reader(self._path)
            return self._database


def _writable_folder() -> Path:
    """The working folder, or where that may not be written, the user's documents, or home."""
    import platformdirs

    folders = (Path.cwd(), platformdirs.user_documents_path(), Path.home())
    return next((folder for folder in folders if folder.is_dir() and os.access(folder, os.W_OK)), folders[0])
