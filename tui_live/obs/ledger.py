"""What the room needs of the clip ledger, whoever keeps it: three calls, each done when it is on disk.

The order is what makes a clip survive a kill: its row is there while OBS writes the file, its ``path`` and ``target``
are there before the file is renamed, and it is ``saved`` after that.
"""

from __future__ import annotations

from typing import Protocol

from tui_live.core.clips import Clip


class Ledger(Protocol):
    """Keeps clips. Each call may raise :class:`tui_live.errors.StoreError`; a clip is saved and named all the same."""

    async def add(self, clip: Clip) -> Clip:
        """Keep a clip whose ``number`` is 0; returns it with its number."""

    async def update(self, clip: Clip) -> None:
        """Replace what is kept under the clip's number: every field, the causes too."""

    async def unsettled(self) -> list[Clip]:
        """The clips that are ``requested`` or ``renaming``, oldest first: what a killed run left behind."""
