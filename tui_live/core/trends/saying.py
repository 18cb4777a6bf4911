"""How trending videos are said in a line: counts with their word, and who made one."""

from __future__ import annotations

from tui_live.core.trends.video import Video


def counted(count: int, what: str) -> str:
    """``1 run``, ``12 runs``."""
    return f"{count:,} {what}{'s'[: count != 1]}"


def author_of(video: Video) -> str:
    """``Ana (@ana)``, as far as it is told."""
    handle = f"@{video.author}" if video.author else ""
    if video.nickname and handle:
        return f"{video.nickname} ({handle})"
    return video.nickname or handle or "not told"
