"""Shares and engagement of sessions, live and past, computed from what is written of them.

Nothing counts in the hot path. Each session that is asked for, or is under way, is counted up to its last written event
and goes on from there; what came out of one that has ended is kept in the database. All of it happens in one thread
with a connection of its own, in pieces, so that whoever else wants the interpreter gets it within milliseconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from tui_live.core.analysis import Across, Analysis, across
from tui_live.core.engagement import Weights
from tui_live.core.past import ACTIVE
from tui_live.core.shares import ShareRules
from tui_live.engine.local_zone import local_zone
from tui_live.engine.session_count import SessionCount
from tui_live.engine.shared_work import SharedWork, Told
from tui_live.errors import MissingError, StoreError, TuiLiveError
from tui_live.store import analyses as store
from tui_live.store.analyses import Basis, Kept, Material
from tui_live.store.analysis_reading import SLICE
from tui_live.store.database import explained, open_reader
from tui_live.store.recorder import Recorder

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

#: Sessions that are put together, the newest ones.
MOST_SESSIONS = 30
#: How often sessions that are under way are counted on.
_WARM_SECONDS = 5.0
#: Results that stay at hand: enough for a streamer's sessions beside those that run.
_AT_HAND = 80
#: On closing, what has just ended is kept as far as that is possible in this time.
_CLOSE_SECONDS = 2.0


class Keeping(NamedTuple):
    """What a recording engine has: where results are kept, and the keys of the sessions that are under way."""

    recorder: Recorder
    running: Callable[[], Collection[str]]


class _Found(NamedTuple):
    basis: Basis
    analysis: Analysis


class Analyses:
    """Implements :class:`~tui_live.ui.analysis_backend.AnalysisBackend` over the database at ``path``.

    Without ``keeping`` nothing is written: what was kept is used, everything else is computed. Close it.
    """

    def __init__(self, path: Path, rules: ShareRules, keeping: Keeping | None = None) -> None:
        self._path = path
        self._rules = rules
        self._weights = Weights()
        self._zone = local_zone()
        self._keeping = keeping
        self._thread = ThreadPoolExecutor(1, "analyses")
        self._database: sqlite3.Connection | None = None
        self._counts: dict[str, SessionCount] = {}
        self._found: OrderedDict[str, _Found] = OrderedDict()
        self._state: tuple[object, ...] = ()
        self._work: SharedWork[Analysis] = SharedWork()
        #: Held by the one who has much to read.
        self._heavy = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._writes: set[asyncio.Task[None]] = set()
        self._closed = False

    # Asking

    def ready(self, key: str) -> Analysis | None:
        """The session as it was last computed, at once; ``None`` where it was not yet in this run."""
        found = self._found.get(key)
        return None if found is None else found.analysis

    async def analysis(self, key: str, progress: Told | None = None) -> Analysis:
        """The session as it is now; of one that is under way, until its last written event.

        Several who ask for the same get the same, and a cancelled one disturbs no other. ``progress`` hears which part
        is done (0 to 1). Raises :class:`MissingError` for a session that is not there, and :class:`StoreError`.
        """
        return await self._work.result(key, lambda tell: self._analyse(key, tell), progress)

    async def across(self, streamer: str, progress: Told | None = None) -> Across:
        """The newest :data:`MOST_SESSIONS` sessions of a streamer (``name`` or ``@name``) with events, together.

        Raises :class:`MissingError` where none is, and :class:`StoreError`.
        """
        name = streamer.strip().removeprefix("@").lower()
        listed = await self._do(lambda: store.sessions_of(self._open(), name))
        newest = listed[:MOST_SESSIONS]
        whole = sum(events for _, events in newest) or 1
        done, sessions = 0, []
        for key, events in newest:

            def tell(part: float, done: int = done, events: int = events) -> None:
                if progress is not None:
                    progress((done + part * events) / whole)

            with contextlib.suppress(MissingError):  # deleted meanwhile
                sessions.append(await self.analysis(key, tell))
            done += events
            tell(0.0, done, 0)
        if not sessions:
            raise MissingError(f"No session of @{name} is left", "tui-live sessions lists all")
        return await self._do(lambda: across(name, tuple(sessions), len(listed) - len(newest)))

    # Keeping warm

    async def run(self) -> None:
        """Count what runs every few seconds, and keep what came out of what has ended."""
        assert self._keeping is not None
        failing: set[str] = set()
        while True:
            await asyncio.sleep(_WARM_SECONDS)
            running = set(self._keeping.running())
            for key in running | self._counts.keys():
                try:
                    if key in running:
                        await self.catch_up(key)
                    else:
                        await self.analysis(key)
                    failing.discard(key)
                except TuiLiveError as problem:
                    if key not in running:
                        self._forget(key)
                    if key not in failing:
                        failing.add(key)
                        log.warning("shares and engagement of session %s: %s", key, problem)
            failing &= running

    async def catch_up(self, key: str) -> None:
        """Count what was written of a session since the last time, while it is under way."""
        material = await self._do(lambda: store.material(self._open(), key))
        if material.session.status != ACTIVE:
            return
        count = self._counts.get(key)
        if (count.left(material) if count is not None else material.last - material.first) > SLICE:
            await self.analysis(key)  # so that whoever asks meanwhile hears how far it is
        else:
            await self._count(material, _nobody)

    async def keep_ended(self) -> None:
        """Keep what came out of sessions that have just ended, before the recorder closes; in two seconds or not."""
        with contextlib.suppress(TimeoutError, TuiLiveError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                for key in list(self._counts):
                    await self.analysis(key)
                await asyncio.gather(*self._writes)

    async def close(self) -> None:
        """Stop what is under way and close what was opened."""
        if self._closed:
            return
        self._closed = True
        await self._work.close()
        for writing in self._writes:
            writing.cancel()
        await asyncio.gather(*self._writes, return_exceptions=True)
        async with self._opening:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._shut)
            self._thread.shutdown(wait=False)

    # Computing

    async def _analyse(self, key: str, tell: Told) -> Analysis:
        try:
            await self._look_for_erasures()
            material = await self._do(lambda: store.material(self._open(), key))
        except MissingError:
            self._forget(key)
            raise
        basis = Basis.of(material, self._rules, self._weights, str(self._zone))
        active = material.session.status == ACTIVE
        found = self._found.get(key)
        if found is not None and found.basis.holds(basis):
            return self._remember(material, Kept(basis, found.analysis.shares, found.analysis.engagement))
        kept = await self._do(lambda: store.kept(self._open(), material, basis))
        if kept is not None:
            self._counts.pop(key, None)
            return self._remember(material, kept)
        count = await self._count(material, tell)
        result = await self._do(lambda: count.result(material, basis, self._zone))
        if not active:
            self._counts.pop(key, None)
            self._keep(material, result)
        return self._remember(material, result)

    async def _count(self, material: Material, tell: Told) -> SessionCount:
        """The session counted up to its last event. What is under way is kept, for the next time."""
        key = material.session.id
        count: SessionCount | None = self._counts.get(key)
        if count is None:
            count = await self._do(lambda: SessionCount(self._open(), material, self._rules))
        if material.session.status == ACTIVE:
            count = self._counts.setdefault(key, count)
        pieces = count.go_on(material)
        async with count.turn, contextlib.AsyncExitStack() as locks:
            if count.left(material) > SLICE:
                await locks.enter_async_context(self._heavy)
            while (done := await self._do(lambda: next(pieces, None))) is not None:
                tell(done)
        return count

    def _remember(self, material: Material, result: Kept) -> Analysis:
        analysis = Analysis(material.session, result.shares, result.engagement, material.gaps)
        self._found[material.session.id] = _Found(result.basis, analysis)
        self._found.move_to_end(material.session.id)
        while len(self._found) > _AT_HAND:
            self._found.popitem(last=False)
        return analysis

    def _forget(self, key: str) -> None:
        self._found.pop(key, None)
        self._counts.pop(key, None)

    async def _look_for_erasures(self) -> None:
        """Forget everything when somebody was erased: only while nobody records, but a recording may be open here."""
        state = await self._do(lambda: store.state_of_file(self._open()))
        if self._state not in ((), state):
            self._found.clear()
            self._counts.clear()
        self._state = state

    def _keep(self, material: Material, result: Kept) -> None:
        """Write a result, beside whatever else happens: a disk that refuses is only logged."""
        if self._keeping is None or self._closed:
            return
        writing = asyncio.ensure_future(self._write(self._keeping.recorder, material, result))
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)

    async def _write(self, recorder: Recorder, material: Material, result: Kept) -> None:
        try:
            rows = await self._do(lambda: store.rows_of(result))
            await store.keep(recorder, material, rows)
        except TuiLiveError as problem:
            log.warning("the figures of session %s were not kept: %s", material.session.id, problem)

    # The thread

    async def _do(self, work: Callable[[], T]) -> T:
        """Do ``work`` in the thread. Raises :class:`StoreError` where SQLite refuses."""
        if self._closed:
            raise StoreError("TUI Live is ending", "ask again when it runs")
        if self._database is None:
            await self._bring_up_to_date()
        with explained(self._path):
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _bring_up_to_date(self) -> None:
        async with self._opening:
            if self._database is None:
                await (await open_reader(self._path)).close()

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            self._database = sqlite3.connect(address, uri=True, isolation_level=None)
            self._database.execute("PRAGMA busy_timeout = 5000")
        return self._database

    def _shut(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _nobody(done: float) -> None:
    """Nobody listens."""
