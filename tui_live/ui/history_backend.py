"""What the console needs of past sessions, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from tui_live.core.account import Account
from tui_live.core.past import PastEvent, PastSession, SessionFacts
from tui_live.core.standings import Line, Standings
from tui_live.errors import TuiLiveError


class HistoryBackend(Protocol):
    """Sessions are known by their keys. What is awaited raises ``TuiLiveError`` with a line for the operator."""

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of exports, the usual one first; they are file names' endings, too."""

    def refuses(self) -> TuiLiveError | None:
        """Why sessions cannot be resumed or deleted here, if that is so."""

    async def sessions(self, text: str = "", limit: int = 1000) -> Sequence[PastSession]:
        """Sessions in which every word of ``text`` stands (streamer, key, status, local date), the newest first."""

    async def session(self, key: str) -> PastSession:
        """One session as it is now."""

    async def facts(self, key: str) -> SessionFacts:
        """Everything about a session."""

    async def open_board(self, key: str) -> None:
        """Make a session's leaderboard ready: may take a second."""

    def standings(self, key: str, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` (0 is the first) on, at once; none before :meth:`open_board` has returned."""

    def line(self, key: str, user_id: str) -> Line | None:
        """One person's line, at once."""

    async def account(self, key: str, user_id: str) -> Account:
        """Everything behind a person's score."""

    async def events(
        self, key: str, types: Collection[str] | None, before_id: int | None = None, limit: int = 200
    ) -> Sequence[PastEvent]:
        """The newest events of these types (``None``: of all), or those before ``before_id``, the newest first."""

    async def resume(self, key: str) -> str:
        """Go on with a session, at once or when its stream is live; returns which of the two, as a line to be told."""

    async def delete(self, key: str) -> str:
        """Delete a session for good; returns a line to be told."""

    def export_file(self, session: PastSession, kind: str) -> Path:
        """A file to export to that is not there yet."""

    async def export(
        self, key: str, kind: str, target: Path, progress: Callable[[int, int], None], *, raw: bool = False
    ) -> int:
        """Write a session's events to a new file, telling how many of how many; returns how many. To be cancelled."""
