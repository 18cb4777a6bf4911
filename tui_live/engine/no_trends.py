"""Where nothing of TikTok is to be fetched: a replay, the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from tui_live.config import Trends as Settings
from tui_live.core.trends import Trends
from tui_live.errors import TrendsError


class NoTrends:
    """There are none, and what would fetch some raises; ``why`` is the line that says so."""

    def __init__(self, why: str) -> None:
        self._why = why

    @property
    def every_minutes(self) -> float:
        """How often it would be."""
        return Settings().every_minutes

    def now(self) -> Trends:
        """Nothing is known."""
        return Trends()

    async def latest(self) -> Trends:
        """Nothing is known."""
        return Trends()

    def refuses(self) -> str:
        """Why nothing is fetched."""
        return self._why

    async def fetch(self, progress: Callable[[str, float], None] | None = None) -> NoReturn:
        """Raise :class:`TrendsError`."""
        raise TrendsError(self._why, "open tui-live for that")

    def stop(self) -> str:
        """Nothing is under way."""
        return ""

    def watch(self, on: bool) -> NoReturn:
        """Raise :class:`TrendsError`."""
        raise TrendsError(self._why, "open tui-live for that")

    async def remove_old(self, days: float | None) -> None:
        """Nothing is kept."""

    async def close(self) -> None:
        """Nothing is under way."""
