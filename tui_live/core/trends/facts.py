"""A trending video as JSON data, with the names of the database (SPEC §11)."""

from __future__ import annotations

from typing import Any

from tui_live.core.times import iso
from tui_live.core.trends.result import Trend


def facts(trend: Trend) -> dict[str, Any]:
    """All that is told of it; times are ISO 8601 in UTC."""
    story = trend.story
    video = story.video
    return {
        "platform_post_id": video.post_id,
        "author": video.author,
        "nickname": video.nickname,
        "verified": video.verified,
        "followers": video.followers,
        "content": video.caption,
        "url": trend.url,
        "posted_at": iso(video.posted_ms),
        "likes": video.likes,
        "comments": video.comments,
        "shares": video.shares,
        "views": video.views,
        "engagement_velocity": round(story.velocity, 3),
        "score": round(story.score, 2),
        "velocity_part": round(story.velocity_part, 2),
        "credibility": round(story.credibility, 2),
        "relevance": round(story.relevance, 2),
        "reason_flagged": story.reason,
        "is_new": trend.new,
        "history": [{"time": iso(time_ms), "engagement_velocity": round(speed, 3)} for time_ms, speed in trend.history],
    }
