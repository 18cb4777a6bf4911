"""From TikTok's ``User`` message to a :class:`~tui_live.core.events.Person`."""

from __future__ import annotations

from typing import Any

from tui_live.core.events import Person
from tui_live.core.text import stored
from tui_live.wire.schema import text

# Scenes of ``BadgeStruct.scene_type`` (TikTokLive's BadgeSceneType).
_ADMIN, _USER_GRADE, _FANS = 1, 8, 10


def person(user: Any) -> Person | None:
    """The person in an upb ``User``; ``None`` when the message names nobody (no id)."""
    user_id = user.id
    identity = str(user_id) if user_id else text(user.id_str)
    if not identity.isdigit():
        return None
    follow = user.follow_info
    moderator, gifter_level, member_level = _badges(user)
    return Person(
        identity,
        stored(text(user.display_id)).lower(),
        stored(text(user.nickname)),
        avatar_url(user),
        stored(text(user.bio_description)),
        follow.follower_count if follow.HasField("follower_count") else None,
        follow.following_count if follow.HasField("following_count") else None,
        follow.follow_status,
        user.verified,
        moderator,
        gifter_level,
        member_level,
    )


def avatar_url(user: Any) -> str:
    """The smallest picture's first URL, or an empty string; never a URL that is not http(s)."""
    for image in (user.avatar_thumb, user.avatar_medium, user.avatar_large):
        for candidate in image.url_list:
            url = text(candidate)
            if url.startswith(("https://", "http://")):
                return stored(url)
    return ""


def _badges(user: Any) -> tuple[bool, int, int]:
    """(moderator, gifter level, member level) as the badges and attributes tell them; 0 where they do not."""
    moderator = user.user_attr.is_admin
    gifter_level = user.pay_grade.level
    member_level = user.fans_club.data.level
    for badge in user.badge_list:
        scene = badge.scene_type
        if scene == _ADMIN:
            moderator = True
        elif scene in (_USER_GRADE, _FANS):
            level = text(badge.privilege_log_extra.level)
            if level.isdecimal():
                if scene == _FANS:
                    member_level = int(level[:6])
                else:
                    gifter_level = int(level[:6])
    return moderator, gifter_level, member_level
