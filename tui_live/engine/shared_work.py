"""Work that several ask for at once is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from tui_live.errors import StoreError

T = TypeVar("T")
Told = Callable[[float], None]


class SharedWork(Generic[T]):
    """Tasks by what they are about. Whoever asks while one is under way waits for that one.

    A task goes on while anybody waits for it; when the last one is cancelled, so is the task.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Work[T]] = {}

    async def result(
        self, about: Hashable, work: Callable[[Told], Coroutine[Any, Any, T]], progress: Told | None = None
    ) -> T:
        """What ``work`` returns or raises; ``progress`` hears what it tells (0 to 1).

        Raises :class:`StoreError` when :meth:`close` was called meanwhile.
        """
        found = self._under_way.get(about)
        if found is None:
            found = self._under_way[about] = _Work(work)
        found.listeners.append(progress)
        try:
            return await asyncio.shield(found.task)
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if found.task.cancelled() and (asking is None or not asking.cancelling()):
                raise StoreError("TUI Live is ending", "ask again when it runs") from None
            raise
        finally:
            found.listeners.remove(progress)
            if not found.listeners:
                found.task.cancel()
            if (found.task.done() or not found.listeners) and self._under_way.get(about) is found:
                del self._under_way[about]

    async def close(self) -> None:
        """Cancel everything that is under way."""
        tasks = [each.task for each in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Work(Generic[T]):
    def __init__(self, work: Callable[[Told], Coroutine[Any, Any, T]]) -> None:
        self.listeners: list[Told | None] = []
        self.task = asyncio.ensure_future(work(self._tell))

    def _tell(self, done: float) -> None:
        for listener in self.listeners:
            if listener is not None:
                listener(done)
