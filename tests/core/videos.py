"""Items as TikTok's answers have them, and videos."""

from __future__ import annotations

from typing import Any

from tui_live.core.trends import Video, read_item

NOW_MS = 1_795_228_800_000  # 2026-11-21 02:40 UTC
MINUTE_MS = 60_000


def item(number: int = 1, minutes: float = 10, *, now_ms: int = NOW_MS, **more: Any) -> dict[str, Any]:
    """An item posted so many minutes ago; without counts, 5,000 likes, 500 comments and 200 shares: 5,700."""
    stats = {"diggCount": 5_000, "commentCount": 500, "shareCount": 200, "playCount": 90_000, "collectCount": "7"}
    return {
        "id": str(7_300_000_000_000_000_000 + number),
        "desc": f"video {number}",
        "createTime": round((now_ms - minutes * MINUTE_MS) / 1000),
        "author": {"id": "6811", "uniqueId": f"ana{number}", "nickname": "Ana", "verified": False},
        "authorStats": {"followerCount": 1_000, "heartCount": 1},
        "stats": stats,
        "statsV2": {name: str(value) for name, value in stats.items()},
        "challenges": [{"id": "1", "title": "fyp"}],
    } | more


def counts(likes: object, comments: object = 0, shares: object = 0) -> dict[str, Any]:
    """The counts of an item, as numbers only."""
    return {"stats": {"diggCount": likes, "commentCount": comments, "shareCount": shares}, "statsV2": None}


def video(number: int = 1, minutes: float = 10, **more: Any) -> Video:
    """The video of an item that can be read."""
    made = read_item(item(number, minutes, **more))
    assert isinstance(made, Video)
    return made
