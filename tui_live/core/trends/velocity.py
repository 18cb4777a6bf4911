"""How fast a video takes off."""

from __future__ import annotations

from tui_live.core.trends.video import Video

#: A video posted this moment counts as this old: nothing is divided by zero.
SHORTEST_MINUTES = 0.1


def minutes_since(posted_ms: int, now_ms: int) -> float:
    """Minutes between two UTC times in milliseconds, at least 0.1: clocks differ, and a video may be new."""
    return max(SHORTEST_MINUTES, (now_ms - posted_ms) / 60_000)


def velocity(video: Video, now_ms: int) -> float:
    """Interactions a minute: (likes + comments + shares) / minutes since posted (SPEC §10). ``now_ms`` is UTC."""
    return video.interactions / minutes_since(video.posted_ms, now_ms)
