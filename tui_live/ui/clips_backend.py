"""What the console needs of triggers, clips and OBS, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui_live.core.clips import Clip, ObsStatus
from tui_live.core.past import PastEvent

if TYPE_CHECKING:
    # What matches is not needed for the first paint.
    from tui_live.core.triggers import RuleView


class ClipBackend(Protocol):
    """Queries that are not ``async`` return at once and may be called twenty times a second.

    Commands raise ``TuiLiveError`` with a line for the operator. A rule is written as in ``config.yaml``: a text or a
    mapping.
    """

    @property
    def obs(self) -> ObsStatus:
        """How OBS is doing."""

    @property
    def version(self) -> int:
        """Another number whenever the ledger has changed."""

    def rules(self) -> Sequence[RuleView]:
        """The trigger rules in their order."""

    def written(self, number: int) -> dict[str, Any]:
        """A rule as a mapping of all settings of ``config.yaml``, for editing."""

    def add_rule(self, wanted: object) -> int:
        """A further rule; returns its number."""

    def change_rule(self, number: int, wanted: object) -> None:
        """Another rule in its place; what was counted stays."""

    def remove_rule(self, number: int) -> str:
        """Forget a rule; what was removed, as a line."""

    def switch_rule(self, number: int) -> bool:
        """Switch a rule on or off; returns whether it is on now."""

    def undo_rules(self) -> str:
        """Take back the latest change to the rules; what was taken back, as a line."""

    def try_rule(self, wanted: object, sample: str) -> str:
        """Whether a chat message would match, as a line; what is wrong with the rule is raised."""

    def dry_run(self, wanted: object, session_id: str) -> AsyncIterator[tuple[int, int, Sequence[PastEvent]]]:
        """What a rule would have matched in a recorded session.

        Yields (events looked at, matches so far, the matches new since the last time); to be cancelled like any task.
        """

    async def clip_now(self, stream: str) -> str:
        """Save a clip by hand; what is being done, as a line."""

    def connect(self) -> str:
        """Connect to OBS, or try again at once; what is being done, as a line."""

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> Sequence[Clip]:
        """Entries of the ledger in which every word of ``text`` stands, the newest first, without their chat."""

    async def clip(self, number: int) -> Clip:
        """One entry with its chat."""

    async def rename_clip(self, number: int, name: str) -> str:
        """Give the file another name (made safe, its ending stays, never over another file); returns the name."""

    async def delete_clip(self, number: int) -> None:
        """Delete the file; the entry stays as deleted."""

    async def clip_file(self, number: int) -> Path:
        """Where the file is; raises when it is gone or on another machine."""

    def clip_address(self, number: int) -> str:
        """The page that plays it in a browser, empty when no pages are served."""
