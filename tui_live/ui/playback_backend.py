"""What the console needs of a backend that plays a recording."""

from __future__ import annotations

from typing import Protocol


class PlaybackBackend(Protocol):
    """Pause and speed. All raise ``TuiLiveError`` with a line for the operator, as when the recording is over."""

    def pause_or_go_on(self) -> None:
        """Stand still, or go on there."""

    def faster(self) -> None:
        """The next speed above, from now on."""

    def slower(self) -> None:
        """The next speed below, from now on."""
