"""Shares and engagement of sessions, live and past, computed from what is written of them.

Nothing counts in the hot path. Each session that is asked for, or is under way, is counted up to its last written event
and goes on from there; what came out of one that has ended is kept in the database. One thread counts, in pieces, so
that whoever else wants the interpreter gets it within milliseconds; another one answers what is known already.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, overload

from tui_live.core.analysis import Across, Analysis, across
from tui_live.core.engagement import Weights
from tui_live.core.past import ACTIVE
from tui_live.core.shares import ShareRules
from tui_live.engine.local_zone import local_zone
from tui_live.engine.reading_threads import ReadingThreads
from tui_live.engine.session_count import SessionCount
from tui_live.engine.shared_work import SharedWork, Told
from tui_live.errors import MissingError, StoreError, TuiLiveError
from tui_live.store import analyses as store
from tui_live.store.analyses import Basis, Kept, Material
from tui_live.store.analysis_reading import SLICE
from tui_live.store.recorder import Recorder

log = logging.getLogger(__name__)

#: Sessions that are put together, the newest ones.
MOST_SESSIONS = 30
#: How often sessions that are under way are counted on.
_WARM_SECONDS = 5.0
#: What is past waits until everything has started.
_PAST_SECONDS = 20.0
#: Results that stay at hand: enough for a streamer's sessions beside those that run.
_AT_HAND = 80
#: On closing, what has just ended is kept as far as that is possible in this time.
_CLOSE_SECONDS = 2.0
#: So often a session is counted that was changed meanwhile.
_TRIES = 3


class Keeping(NamedTuple):
    """What a recording engine has: where results are kept, and the keys of the sessions that are under way."""

    recorder: Recorder
    running: Callable[[], Collection[str]]


class _Found(NamedTuple):
    basis: Basis
    analysis: Analysis


class _Look(NamedTuple):
    """What there is of a session, what is made of it, and that itself where it is known; ``state`` is the file's."""

    state: tuple[object, ...]
    material: Material
    basis: Basis
    kept: Kept | None


class Analyses:
    """Implements :class:`~tui_live.ui.analysis_backend.AnalysisBackend` over the database at ``path``.

    Without ``keeping`` nothing is written: what was kept is used, everything else is computed. Close it.
    """

    def __init__(self, path: Path, rules: ShareRules, keeping: Keeping | None = None) -> None:
        self._rules = rules
        self._weights = Weights()
        self._zone = local_zone()
        self._keeping = keeping
        self._threads = ReadingThreads(path)
        self._counts: dict[str, SessionCount] = {}
        self._found: OrderedDict[str, _Found] = OrderedDict()
        self._state: tuple[object, ...] = ()
        self._work: SharedWork[Analysis] = SharedWork()
        self._looks: SharedWork[Analysis | None] = SharedWork()
        self._together: SharedWork[Across] = SharedWork()
        #: Held by the one who has much to read.
        self._heavy = asyncio.Lock()
        self._writes: set[asyncio.Task[None]] = set()

    # Asking

    def ready(self, key: str) -> Analysis | None:
        """The session as it was last computed, at once; ``None`` where it was not yet in this run."""
        found = self._found.get(key)
        return None if found is None else found.analysis

    async def at_hand(self, key: str) -> Analysis | None:
        """The session as it is now, if that is known or almost; ``None`` where much is to be counted for it.

        Raises as :meth:`analysis`.
        """
        return await self._looks.result(key, lambda tell: self._at_hand(key))

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
        return await self._together.result(name, lambda tell: self._across(name, tell), progress)

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
                except Exception as problem:  # whatever it is: the others are to be counted
                    if key not in running:
                        self._forget(key)
                    if key not in failing:
                        failing.add(key)
                        unforeseen = None if isinstance(problem, TuiLiveError) else problem
                        log.warning("shares and engagement of session %s: %s", key, problem, exc_info=unforeseen)
            failing &= running

    async def count_past(self) -> None:
        """Count the newest sessions whose end nobody saw, after a kill for one, so that nobody has to wait for them."""
        await asyncio.sleep(_PAST_SECONDS)
        for key in await self._threads.look(lambda database: store.uncounted(database, MOST_SESSIONS)):
            try:
                await self.analysis(key)
            except Exception as problem:  # deleted meanwhile, or whatever it is: the others are to be counted
                unforeseen = None if isinstance(problem, TuiLiveError) else problem
                log.warning("shares and engagement of session %s: %s", key, problem, exc_info=unforeseen)

    async def catch_up(self, key: str) -> None:
        """Count what was written of a session since the last time, while it is under way."""
        material = await self._threads.look(lambda database: store.material(database, key))
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
        if self._threads.closed:
            return
        self._threads.closed = True
        for work in (self._together, self._work, self._looks):
            await work.close()
        for writing in self._writes:
            writing.cancel()
        await asyncio.gather(*self._writes, return_exceptions=True)
        await self._threads.close()

    # Computing

    async def _at_hand(self, key: str) -> Analysis | None:
        look = await self._look(key)
        if look.kept is not None:
            return self._remember(look.material, look.kept)
        count = self._counts.get(key)
        if count is None or count.left(look.material) > SLICE:
            return None
        return await self.analysis(key)

    async def _analyse(self, key: str, tell: Told) -> Analysis:
        for _ in range(_TRIES):
            look = await self._look(key)
            if look.kept is not None:
                return self._remember(look.material, look.kept)
            result = await self._count(look.material, tell, look.basis)
            if await self._is_right(look, result):
                if look.basis.ended:
                    self._drop(key)
                    self._keep(look.material, result)
                return self._remember(look.material, result)
            self._forget(key)
        raise StoreError(f"Session {key} is changed while it is read", "ask again")

    async def _across(self, name: str, tell: Told) -> Across:
        listed = await self._threads.look(lambda database: store.sessions_of(database, name))
        newest = listed[:MOST_SESSIONS]
        whole = sum(events for _, events in newest) or 1
        done, sessions = 0, []
        for key, events in newest:

            def part_of(part: float, done: int = done, events: int = events) -> None:
                tell((done + part * events) / whole)

            with contextlib.suppress(MissingError):  # deleted meanwhile
                sessions.append(await self.analysis(key, part_of))
            done += events
            tell(done / whole)
        if not sessions:
            raise MissingError(f"No session of @{name} is left", "tui-live sessions lists all")
        return await self._threads.look(lambda _: across(name, tuple(sessions), len(listed) - len(newest)))

    async def _look(self, key: str) -> _Look:
        """What is known of a session. Raises as :meth:`analysis`."""
        found, before = self._found.get(key), self._state

        def look(database: sqlite3.Connection) -> _Look:
            state = store.state_of_file(database)
            material = store.material(database, key)
            basis = Basis.of(material, self._rules, self._weights, str(self._zone))
            if found is not None and state == before and found.basis.holds(basis):
                return _Look(state, material, basis, Kept(basis, found.analysis.shares, found.analysis.engagement))
            return _Look(state, material, basis, store.kept(database, material, basis))

        try:
            made = await self._threads.look(look)
        except MissingError:
            self._forget(key)
            raise
        self._note_erasures(made.state)
        if made.kept is not None and made.basis.ended:
            self._drop(key)
        return made

    async def _is_right(self, look: _Look, result: Kept) -> bool:
        """Whether what was counted is still there: somebody may have been erased from it, or the session deleted."""

        def check(database: sqlite3.Connection) -> tuple[tuple[object, ...], bool]:
            whole = store.is_whole(database, look.material, result.engagement.events)
            return store.state_of_file(database), whole

        try:
            state, whole = await self._threads.look(check)
        except MissingError:
            self._forget(look.material.session.id)
            raise
        self._note_erasures(state)
        return whole and state == look.state

    @overload
    async def _count(self, material: Material, tell: Told) -> None: ...

    @overload
    async def _count(self, material: Material, tell: Told, basis: Basis) -> Kept: ...

    async def _count(self, material: Material, tell: Told, basis: Basis | None = None) -> Kept | None:
        """Count the session up to its last event; the result, if it is of a ``basis``.

        What is under way is kept, for the next time.
        """
        key = material.session.id
        while True:
            count: SessionCount | None = self._counts.get(key)
            if count is None:
                count = await self._threads.count(lambda database: SessionCount(database, material, self._rules))
            if material.session.status == ACTIVE and material.last:
                count = self._counts.setdefault(key, count)
            async with count.turn:
                if not count.dropped:
                    return await self._go_on(count, material, tell, basis)

    async def _go_on(self, count: SessionCount, material: Material, tell: Told, basis: Basis | None) -> Kept | None:
        key, pieces = material.session.id, count.go_on(material)
        try:
            async with contextlib.AsyncExitStack() as locks:
                if count.left(material) > SLICE:
                    await locks.enter_async_context(self._heavy)
                while (done := await self._threads.count(lambda _: next(pieces, None))) is not None:
                    tell(done)
            if basis is None:
                return None
            return await self._threads.count(lambda _: count.result(material, basis, self._zone))
        except Exception:
            # It may have taken in some events in part.
            if self._counts.get(key) is count:
                self._drop(key)
            raise
        finally:
            if self._counts.get(key) is not count:
                self._threads.let_go(count.clear)

    def _remember(self, material: Material, result: Kept) -> Analysis:
        analysis = Analysis(material.session, result.shares, result.engagement, material.gaps)
        self._found[material.session.id] = _Found(result.basis, analysis)
        self._found.move_to_end(material.session.id)
        while len(self._found) > _AT_HAND:
            self._found.popitem(last=False)
        return analysis

    def _forget(self, key: str) -> None:
        self._found.pop(key, None)
        self._drop(key)

    def _drop(self, key: str) -> None:
        """Nobody counts on from there."""
        count = self._counts.pop(key, None)
        if count is not None:
            count.dropped = True
            if not count.turn.locked():  # otherwise, whoever has it lets it go
                self._threads.let_go(count.clear)

    def _note_erasures(self, state: tuple[object, ...]) -> None:
        """Forget everything when somebody was erased: only while nobody records, but a recording may be open here."""
        if self._state not in ((), state):
            for key in [*self._found, *self._counts]:
                self._forget(key)
        self._state = state

    def _keep(self, material: Material, result: Kept) -> None:
        """Write a result, beside whatever else happens: a disk that refuses is only logged."""
        if self._keeping is None or self._threads.closed:
            return
        writing = asyncio.ensure_future(self._write(self._keeping.recorder, material, result))
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)

    async def _write(self, recorder: Recorder, material: Material, result: Kept) -> None:
        try:
            rows = await self._threads.look(lambda _: store.rows_of(result))
            await store.keep(recorder, material, rows)
        except TuiLiveError as problem:
            log.warning("the figures of session %s were not kept: %s", material.session.id, problem)


def _nobody(done: float) -> None:
    """Nobody listens."""
