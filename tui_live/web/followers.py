"""Those who follow a session's events as they are written (server-sent events).

Whoever has caught up with what is in the database waits with all others who follow the same: when something is written,
it is read once for all of them. Whoever cannot keep up goes back to reading alone, from where they are.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from typing import NamedTuple

from tui_live.core.past import EventLine
from tui_live.web.answers import Refused
from tui_live.web.source import Archive

#: Each may follow something else, and then asks the database after each transaction.
MOST_FOLLOWERS = 100
#: A sign of life now and then keeps proxies and browsers from giving a quiet stream up.
QUIET_SECONDS = 15.0
#: Events that go out between two looks at everything else.
_BATCH = 500
#: So many batches may wait for somebody before they read alone again.
_MOST_WAITING = 4


class _Piece(NamedTuple):
    lines: list[EventLine]
    data: bytes


class _Follower:
    """Somebody who has caught up: what they are to be sent next."""

    def __init__(self) -> None:
        self.behind = False
        self.problem: Exception | None = None
        self._pieces: deque[_Piece] = deque()
        self._wake = asyncio.Event()

    def give(self, piece: _Piece) -> None:
        """Queue what was written; too much of it is forgotten, to be read again."""
        self._pieces.append(piece)
        if len(self._pieces) > _MOST_WAITING:
            self._pieces.clear()
            self.behind = True
        self._wake.set()

    def fail(self, problem: Exception) -> None:
        """There will be nothing more."""
        self.problem = problem
        self._wake.set()

    async def next(self) -> _Piece | None:
        """What comes next; ``None`` when nothing did for a while, or when it was too much."""
        if not self._pieces and not self.behind and self.problem is None:
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._wake.wait()
        if self.problem is not None:
            raise self.problem
        return self._pieces.popleft() if self._pieces else None


class _Tail:
    """The end of a session, for everybody who follows the same types: ``last`` is the event that was told last."""

    def __init__(self, archive: Archive, key: str, types: tuple[str, ...], last: int) -> None:
        self.last = last
        self.followers: set[_Follower] = set()
        self._archive = archive
        self._key, self._types = key, types
        self.task = asyncio.create_task(self._run(), name=f"followers of {key}")

    async def _run(self) -> None:
        try:
            while True:
                await self._look()
        except Exception as problem:
            for follower in self.followers:
                follower.fail(problem)

    async def _look(self) -> None:
        """Tell what was written since, or wait for more."""
        # Asked for before looking: what is written while we look is not waited for in vain.
        more = asyncio.ensure_future(self._archive.written(QUIET_SECONDS))
        try:
            lines = await self._archive.events_after(self._key, self._types, self.last, _BATCH)
            if lines:
                self.last = lines[-1].id
                piece = _Piece(lines, _sent(lines))
                for follower in self.followers:
                    follower.give(piece)
            if len(lines) < _BATCH:
                await more
        finally:
            more.cancel()


class Followers:
    """Everybody who follows something."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._count = 0
        self._tails: dict[tuple[str, tuple[str, ...]], _Tail] = {}

    @contextlib.contextmanager
    def room(self) -> Iterator[None]:
        """A place for one more. Raises :class:`Refused` when there is none."""
        if self._count >= MOST_FOLLOWERS:
            raise Refused(503, "busy", f"{MOST_FOLLOWERS} follow events already; try again later")
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1

    async def follow(self, key: str, types: tuple[str, ...], last: int) -> AsyncGenerator[bytes, None]:
        """What to send to whoever has had the event ``last``, for ever: each event once, and in order.

        Where they stand is said at once and while it is quiet: whoever is cut off goes on from there.
        """
        yield f"retry: 500\n{_place(last)}".encode()
        while True:
            lines = await self._archive.events_after(key, types, last, _BATCH)
            if lines:
                last = lines[-1].id
                yield _sent(lines)
            if len(lines) == _BATCH:
                continue
            tail = self._tail(key, types, last)
            if tail.last > last:
                continue  # what the others were told meanwhile
            follower = _Follower()
            tail.followers.add(follower)
            try:
                while not follower.behind:
                    piece = await follower.next()
                    if piece is None:
                        yield f": quiet\n{_place(last)}".encode()
                        continue
                    fresh = [line for line in piece.lines if line.id > last]
                    if fresh:
                        last = fresh[-1].id
                        yield piece.data if len(fresh) == len(piece.lines) else _sent(fresh)
            finally:
                tail.followers.discard(follower)
                if not tail.followers:
                    tail.task.cancel()
                    if self._tails.get((key, types)) is tail:
                        del self._tails[key, types]

    def _tail(self, key: str, types: tuple[str, ...], last: int) -> _Tail:
        found = self._tails.get((key, types))
        if found is None or found.task.done():
            found = self._tails[key, types] = _Tail(self._archive, key, types, last)
        return found


def _sent(lines: list[EventLine]) -> bytes:
    return "".join(f"id: {line.id}\nevent: {line.type}\ndata: {line.json}\n\n" for line in lines).encode(
        "utf-8", "replace"
    )


def _place(last: int) -> str:
    """An id without data: no message, but what a browser says when it comes back."""
    return f"id: {last}\n\n"
