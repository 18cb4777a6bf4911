"""What the console needs of leaderboards and questions, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tui_live.core.account import Account
from tui_live.core.questions import Question
from tui_live.core.standings import Line, Standings


class ScoreBackend(Protocol):
    """Queries return at once and may be called twenty times a second; ``stream`` is a stream's name.

    Commands return what was done, as a line to be told (or nothing); they raise ``TuiLiveError``.
    """

    @property
    def question_seconds(self) -> float | None:
        """How long a comment stays on screen; ``None``: until it is cleared."""

    def standings(self, stream: str | None, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` (0 is the first) on, of a stream or (``None``) of all together."""

    def line(self, stream: str | None, user_id: str) -> Line | None:
        """One person's line, wherever they stand; over all streams as at the last look at their standings."""

    def used(self, stream: str) -> Mapping[int, bool]:
        """Comments chosen for the overlay (true) or said to be unused after all (false), by TikTok's message id."""

    async def account(self, stream: str, user_id: str) -> Account:
        """Everything behind a person's score in the stream's session."""

    async def reset(self, stream: str, user_id: str) -> str:
        """Put a person's totals aside as used; their question leaves the screen."""

    async def reset_all(self, stream: str) -> str:
        """The same for everybody in a stream."""

    async def pause(self, stream: str) -> str:
        """Stop scoring, or let it go on."""

    async def pick_winner(self, stream: str) -> str:
        """Whoever is first has won; scoring stops."""

    async def undo(self, stream: str) -> str:
        """Take back the latest thing that was done to a stream's board."""

    async def ask(self, stream: str, comment: Question) -> str:
        """Choose a comment for the overlay; who wrote it is completed from the leaderboard."""

    async def show(self, stream: str, msg_id: int) -> str:
        """Put a waiting comment on screen now."""

    async def move(self, stream: str, msg_id: int, step: int) -> str:
        """Move a waiting comment towards the front (-1) or the end (1)."""

    async def unuse(self, stream: str, comment: Question) -> str:
        """A comment is not used after all; it leaves screen and queue."""

    async def clear(self, stream: str | None) -> str:
        """Take the comment off a stream's screen; without a stream, off every one."""
