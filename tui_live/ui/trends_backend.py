"""What the console needs of trending videos, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from typing import Protocol

from tui_live.core.trends.result import Latest, Run, TrendsStatus


class TrendsBackend(Protocol):
    """Nothing is fetched before :meth:`run` or :meth:`watch` asks for it.

    What is awaited raises ``TuiLiveError`` with a line for the operator.
    """

    @property
    def version(self) -> int:
        """Another number whenever :meth:`latest` has something else to tell."""

    def status(self) -> TrendsStatus:
        """What is being done, at once; may be asked twenty times a second."""

    async def latest(self) -> Latest:
        """The stories of the last good run, the highest score first, and the last run of all.

        A run that brought nothing leaves the stories; ``latest.tried.trouble`` then says why, and what to do.
        """

    async def run(self) -> Run:
        """Fetch once, now; some seconds to some minutes. Raises while a run is under way.

        The run's ``trouble`` says what stood in the way, where something did. To be cancelled like any task, which
        changes nothing.
        """

    def stop(self) -> None:
        """Stop the run that is under way, if one is; whoever waits for it is told by an error. It changes nothing."""

    def watch(self, on: bool) -> None:
        """Repeat every ``trends.every_minutes``, the first time now; less often while TikTok minds. Or no longer."""
