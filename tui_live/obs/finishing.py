"""From a file under OBS's name to a clip under its own: named, moved, retried, and told about."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from tui_live.config import Obs
from tui_live.core.clips import Clip, ClipState
from tui_live.obs import renaming
from tui_live.obs.duration import duration_ms
from tui_live.obs.entry import Entry
from tui_live.obs.naming import clip_name, extension_of
from tui_live.obs.renaming import ClipFileError

log = logging.getLogger(__name__)

#: How long a rename that fails is tried again (SPEC §8), and after which pauses.
RETRY_SECONDS = 60.0
_PAUSES = (0.25, 0.5, 1.0, 2.0)
#: How long a rename waits for its row: later, a clip of the same second could overwrite the file.
_ROW_SECONDS = 1.0


class Finisher:
    """Brings clips to their end. ``finished`` is called once for each, on the loop."""

    def __init__(self, settings: Obs, finished: Callable[[Clip], None], retry_seconds: float = RETRY_SECONDS) -> None:
        self._settings = settings
        self._finished = finished
        self._retry_seconds = retry_seconds

    def end(self, entry: Entry, state: ClipState, reason: str = "", **facts: Any) -> None:
        """Settle a clip and tell it."""
        entry.settle(state, reason, **facts)
        self._finished(entry.clip)

    async def take(self, entry: Entry, source: Path) -> None:
        """Give the file at ``source`` the clip's name, in ``obs.clip_dir`` or where it is."""
        entry.put(state=ClipState.RENAMING, path=str(source))
        await self._name(entry, source, None)

    async def resume(self, entry: Entry) -> None:
        """Go on with a clip that was ``renaming`` when the program was killed."""
        await self._name(entry, Path(entry.clip.path), Path(entry.clip.target) if entry.clip.target else None)

    async def _name(self, entry: Entry, source: Path, begun: Path | None) -> None:
        """``begun`` is the name that an earlier run was about to give it."""
        pauses = chain(_PAUSES, repeat(_PAUSES[-1]))
        end = time.monotonic() + self._retry_seconds
        while True:
            try:
                target = await self._attempt(entry, source, begun)
                if target is not None:
                    break
                # Somebody was faster with that name: the next free one.
                begun = None
            except ClipFileError as error:
                if error.lost:
                    return self.end(entry, ClipState.FAILED, str(error), path="")
                if time.monotonic() >= end:
                    return self.end(entry, ClipState.KEPT, str(error), size=await asyncio.to_thread(_size, source))
                if entry.clip.reason != str(error):
                    log.warning("a clip cannot get its name yet: %s", error)
                    entry.put(reason=str(error))
                await asyncio.sleep(next(pauses))
        size = await asyncio.to_thread(_size, target)
        saved_ms = entry.clip.saved_ms or time.time_ns() // 1_000_000
        self.end(entry, ClipState.SAVED, path=str(target), size=size, saved_ms=saved_ms)
        if length := await duration_ms(target):
            entry.put(duration_ms=length)

    async def _attempt(self, entry: Entry, source: Path, begun: Path | None) -> Path | None:
        """The clip's new path, None if the name that was meant for it is taken. Raises ``ClipFileError``."""
        if begun is not None:
            return begun if await asyncio.to_thread(renaming.finish, source, begun) else None
        first = entry.clip.causes[0]
        stem = clip_name(self._settings.clip_name, first, datetime.fromtimestamp(first.matched_ms / 1000))
        folder = self._settings.clip_dir or source.parent
        target = await asyncio.to_thread(renaming.free_name, folder, stem, extension_of(source.name))
        if entry.clip.target != str(target):
            entry.put(target=str(target))
        await entry.written(_ROW_SECONDS)
        return target if await asyncio.to_thread(renaming.rename, source, target) else None


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
