"""What the console needs of shares and engagement, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Not before the first paint: the figures bring twenty modules.
    from tui_live.core.analysis import Across, Analysis


class AnalysisBackend(Protocol):
    """Sessions are known by their keys. What is awaited raises ``TuiLiveError`` with a line for the operator."""

    def ready(self, key: str) -> Analysis | None:
        """The session as it was last computed, at once; ``None`` where it was not yet in this run."""

    async def analysis(self, key: str, progress: Callable[[float], None] | None = None) -> Analysis:
        """The session as it is now; of one that is under way, until its last written event.

        What is there already is taken; a session that has to be read anew takes some seconds a million events:
        ``progress`` is told how much of it is done (0 to 1). To be cancelled like any task.
        """

    async def across(self, streamer: str, progress: Callable[[float], None] | None = None) -> Across:
        """The streamer's newest sessions, together. Raises :class:`~tui_live.errors.MissingError` where none is."""
