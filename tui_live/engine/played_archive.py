"""What the web side of a replay asks the database: all that was recorded, but the goals as they are played."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tui_live.core.events import GoalData
from tui_live.core.scoring import Rules
from tui_live.engine.archive import Archive
from tui_live.engine.history import History


class PlayedArchive(Archive):
    """Sessions in the database at ``path``, into which a replay writes nothing."""

    def __init__(self, path: Path, history: History, rules: Rules) -> None:
        super().__init__(path, history, rules, _nothing_written)

    async def goals(self, key: str) -> list[GoalData]:
        """None: the goals of a recording are told as it plays."""
        return []


async def _nothing_written(seconds: float) -> bool:
    await asyncio.sleep(seconds)
    return False
