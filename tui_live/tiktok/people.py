"""From TikTok's ``User`` message to a :class:`~tui_live.core.events.Person`.

Nearly every message shows a person, who nearly always looks as before. So a user's parts come sealed (see
:mod:`tui_live.wire.reading`): while they are the same bytes, the person is the same object, and nothing is parsed.
Whoever keeps people can compare by identity.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from msgspec.structs import replace

from tui_live.core.events import Person
from tui_live.core.text import stored
from tui_live.wire.reading import user_part
from tui_live.wire.schema import text

#: Short names of TikTokLive's ``BadgeSceneType``.
BADGES = {
    1: "moderator",
    2: "first_recharge",
    3: "friend",
    4: "subscriber",
    5: "activity",
    6: "top_viewer",
    7: "new_subscriber",
    8: "gifter",
    9: "state_media",
    10: "member",
    11: "live_pro",
    12: "host",
    13: "class_rank",
    14: "anonymous",
}
_MODERATOR, _GIFTER, _MEMBER = 1, 8, 10
#: About 12 MB a room.
_REMEMBERED = 20_000
#: Avatar addresses are signed for a day or more; a newer one is taken over this often.
_AVATAR_MS = 3_600_000
#: TikTok's ids are signed 64-bit numbers.
_HIGHEST_ID = 2**63


class People:
    """The people of one room as they last looked."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[Person, tuple[Any, ...], bytes, int]] = OrderedDict()

    def find(self, user: Any, now_ms: int) -> Person | None:
        """The person in a sealed upb ``User``; ``None`` when the message names nobody (no id).

        TikTok signs an avatar's address anew in every message: an address that differs in its query alone is taken
        over once an hour.
        """
        number = user.id or _number(text(user.id_str))
        if number <= 0:
            return None
        look = (
            user.display_id,
            user.nickname,
            user.bio_description,
            user.verified,
            user.follow_info,
            user.user_attr,
            user.pay_grade,
            user.fans_club,
            *user.badge_list,
        )
        picture = _picture(user.avatar_thumb or user.avatar_medium or user.avatar_large)
        known = self._known.get(number)
        if known is None:
            person = read_person(number, user)
            self._remember(number, person, look, picture, now_ms)
            return person
        person, before, before_picture, since_ms = known
        if picture == before_picture and now_ms - since_ms < _AVATAR_MS:
            if look == before:
                return person
            found = replace(read_person(number, user), avatar_url=person.avatar_url)
            now_ms = since_ms
        else:
            found = read_person(number, user)
        if found == person:
            found = person
        self._known[number] = (found, look, picture, now_ms)
        return found

    def named(self, identity: int | str, handle: str = "", nickname: str = "", avatar: Any = None) -> Person | None:
        """A person of whom a message tells no more than this; as known from before, where they are.

        ``identity`` is the user id, as a number or in digits; ``avatar`` an upb ``ImageModel``. ``None`` without an id,
        or when nothing but an id is known.
        """
        number = _number(identity) if isinstance(identity, str) else identity
        if number <= 0:
            return None
        known = self._known.get(number)
        if known is not None:
            return known[0]
        if not handle and not nickname:
            return None
        person = Person(str(number), stored(handle).lower(), stored(nickname), image_url(avatar) if avatar else "")
        self._remember(number, person, (), b"", 0)
        return person

    def _remember(self, number: int, person: Person, look: tuple[Any, ...], picture: bytes, now_ms: int) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.popitem(last=False)
        self._known[number] = (person, look, picture, now_ms)


def read_person(number: int, user: Any) -> Person:
    """The person with this id as a sealed upb ``User`` shows them."""
    followers = following = None
    follow_status = 0
    if user.follow_info:
        follow = user_part("follow_info", user.follow_info)
        followers = follow.follower_count if follow.HasField("follower_count") else None
        following = follow.following_count if follow.HasField("following_count") else None
        follow_status = follow.follow_status
    moderator = user_part("user_attr", user.user_attr).is_admin if user.user_attr else False
    gifter_level = user_part("pay_grade", user.pay_grade).level if user.pay_grade else 0
    member_level = user_part("fans_club", user.fans_club).data.level if user.fans_club else 0
    badges: dict[str, None] = {}
    for sealed in user.badge_list:
        badge = user_part("badge_list", sealed)
        scene = badge.scene_type
        if scene in BADGES:
            badges[BADGES[scene]] = None
        if scene == _MODERATOR:
            moderator = True
        elif scene == _GIFTER:
            gifter_level = _level(badge) or gifter_level
        elif scene == _MEMBER:
            member_level = _level(badge) or member_level
    return Person(
        str(number),
        stored(text(user.display_id)).lower(),
        stored(text(user.nickname)),
        avatar_url(user),
        stored(text(user.bio_description)),
        followers,
        following,
        follow_status,
        user.verified,
        moderator,
        gifter_level,
        member_level,
        badges=tuple(badges),
    )


def avatar_url(user: Any) -> str:
    """The smallest picture's first http(s) address, or an empty string."""
    for field in ("avatar_thumb", "avatar_medium", "avatar_large"):
        sealed = getattr(user, field)
        if sealed and (url := image_url(user_part(field, sealed))):
            return url
    return ""


def image_url(image: Any) -> str:
    """The first http(s) address of an upb ``ImageModel``, or an empty string."""
    for candidate in image.url_list:
        url = text(candidate)
        if url.startswith(("https://", "http://")):
            return stored(url)
    return ""


def _picture(sealed: bytes) -> bytes:
    """What stays the same of a serialized picture while its address is signed anew: from ``http`` to the query."""
    path = sealed.partition(b"?")[0]
    return path[path.find(b"http") :]


def _number(digits: str) -> int:
    """An id in digits as a number; 0 for anything else."""
    if digits.isascii() and digits.isdecimal() and len(digits) < 20:
        number = int(digits)
        return number if number < _HIGHEST_ID else 0
    return 0


def _level(badge: Any) -> int:
    level = text(badge.privilege_log_extra.level)
    return int(level[:6]) if level.isascii() and level.isdecimal() else 0
