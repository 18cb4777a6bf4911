"""From TikTok's ``User`` message to a :class:`~tui_live.core.events.Person`.

Half of what decoding costs is spent here, so fields are read only where TikTok sends them, and a person who has not
changed is the same object again: whoever keeps people can compare by identity.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from tui_live.core.events import Person
from tui_live.core.text import stored
from tui_live.wire.schema import text

# Scenes of ``BadgeStruct.scene_type`` (TikTokLive's BadgeSceneType).
_ADMIN, _USER_GRADE, _FANS = 1, 8, 10
#: About 10 MB a room.
_REMEMBERED = 20_000
#: Avatar addresses are signed for a day or more; a newer one is taken over this often.
_AVATAR_MS = 3_600_000


class People:
    """The people of one room as they last looked."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Person, str, int]] = OrderedDict()

    def find(self, user: Any, now_ms: int) -> Person | None:
        """The person in an upb ``User``; ``None`` when the message names nobody (no id).

        TikTok signs an avatar's address anew in every message: an address that differs in its query alone is taken
        over once an hour.
        """
        found = read_person(user)
        if found is None:
            return None
        known = self._known.get(found.user_id)
        picture = found.avatar_url.partition("?")[0]
        if known is not None:
            before, before_picture, since_ms = known
            if picture == before_picture and now_ms - since_ms < _AVATAR_MS:
                if found.avatar_url != before.avatar_url:
                    found = msgspec.structs.replace(found, avatar_url=before.avatar_url)
                if found == before:
                    return before
                now_ms = since_ms
        elif len(self._known) >= _REMEMBERED:
            self._known.popitem(last=False)
        self._known[found.user_id] = (found, picture, now_ms)
        return found


def read_person(user: Any) -> Person | None:
    """The person in an upb ``User`` as this message shows them; ``None`` when it names nobody."""
    user_id = user.id
    identity = str(user_id) if user_id else text(user.id_str)
    if not (user_id > 0 or identity.isdecimal()):
        return None
    has = user.HasField
    followers = following = None
    follow_status = 0
    if has("follow_info"):
        follow = user.follow_info
        followers = follow.follower_count if follow.HasField("follower_count") else None
        following = follow.following_count if follow.HasField("following_count") else None
        follow_status = follow.follow_status
    moderator = user.user_attr.is_admin if has("user_attr") else False
    gifter_level = user.pay_grade.level if has("pay_grade") else 0
    member_level = user.fans_club.data.level if has("fans_club") else 0
    for badge in user.badge_list:
        scene = badge.scene_type
        if scene == _ADMIN:
            moderator = True
        elif scene == _USER_GRADE:
            gifter_level = _level(badge) or gifter_level
        elif scene == _FANS:
            member_level = _level(badge) or member_level
    bio = user.bio_description
    return Person(
        identity,
        stored(text(user.display_id)).lower(),
        stored(text(user.nickname)),
        avatar_url(user),
        stored(text(bio)) if bio else "",
        followers,
        following,
        follow_status,
        user.verified,
        moderator,
        gifter_level,
        member_level,
    )


def avatar_url(user: Any) -> str:
    """The smallest picture's first http(s) address, or an empty string."""
    for field in ("avatar_thumb", "avatar_medium", "avatar_large"):
        if user.HasField(field):
            for candidate in getattr(user, field).url_list:
                url = text(candidate)
                if url.startswith(("https://", "http://")):
                    return stored(url)
    return ""


def _level(badge: Any) -> int:
    level = text(badge.privilege_log_extra.level)
    return int(level[:6]) if level.isdecimal() else 0
