"""What the console needs of trending videos, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Not before the first paint: the scores bring the triggers' folding of words.
    from tui_live.core.trends import Trends


class TrendsBackend(Protocol):
    """What is awaited raises ``TuiLiveError`` with a line for the operator."""

    @property
    def every_minutes(self) -> float:
        """How often the watch fetches."""

    async def latest(self) -> Trends:
        """What is known, from this run of the program or an earlier one."""

    def now(self) -> Trends:
        """The same at once, as far as it was read; may be asked twenty times a second."""

    def refuses(self) -> str:
        """Why nothing is fetched here (a replay, the demo), as a line; empty where it is."""

    async def fetch(self, progress: Callable[[str, float], None] | None = None) -> Trends:
        """Fetch once now; who asks while a run is under way waits for that one. To be cancelled like any task."""

    def stop(self) -> str:
        """End the run that is under way, whoever asked for it; a line about it, empty where there is none to end."""

    def watch(self, on: bool) -> str:
        """Fetch every so many minutes from now on, or no more, ending what it fetches; a line about it."""
