"""What a run brings: videos, or one trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from tui_live.core.trends import Kind, Trouble, Video

#: Hears what is being done, in a line, and which share of the run is over (0 to 1).
Progress = Callable[[str, float], None]


class Fetched(Struct, frozen=True):
    """Videos, each once, in TikTok's order, no more than were asked for.

    ``items`` is how many TikTok sent, ``duplicates`` how many of these came again, ``unreadable`` how many were no
    videos, by what they lack, or were too many on a page. ``cut_short`` is what ended the run before there were enough.
    """

    videos: tuple[Video, ...]
    items: int
    duplicates: int = 0
    unreadable: Mapping[str, int] = field(default_factory=dict)
    cut_short: Trouble | None = None


class Troubled(Exception):
    """Carries a trouble from where it is seen to the end of the run."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


def troubled(kind: Kind, line: str, remedy: str, retry_after_s: float = 0.0) -> Troubled:
    """A trouble to be raised."""
    return Troubled(Trouble(kind, line, remedy, retry_after_s))
