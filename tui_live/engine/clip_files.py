"""Where the file of a clip is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tui_live.core.clips import Clip, ClipState
from tui_live.errors import ClipError
from tui_live.obs import renaming


async def file_of(clip: Clip) -> Path:
    """The clip's file. Raises :class:`ClipError` when it is gone or on another machine."""
    if not clip.path or clip.state is ClipState.DELETED:
        raise ClipError(f"The clip {clip.number} has no file", clip.reason or "it was deleted")
    path = Path(clip.path)
    if not path.is_absolute():
        # OBS's own word for it, from a system that writes paths otherwise: nothing beside us is meant.
        raise ClipError(f"{clip.path} is on another machine", clip.reason or "look for it where OBS runs")
    await asyncio.to_thread(renaming.look, path)
    return path
