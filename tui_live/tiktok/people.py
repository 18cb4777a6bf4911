"""From TikTok's ``User`` message to a :class:`~tui_live.core.events.Person`.

Nearly every message shows a person, who nearly always looks as before. So users come serialized (see
:mod:`tui_live.wire.reading`): while they are the same bytes, the person is the same object, and nothing is parsed.
Whoever keeps people can compare by identity.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from msgspec.structs import replace

from tui_live.core.events import Person
from tui_live.core.text import stored
from tui_live.wire.reading import read_user
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
_PICTURES = ("avatar_thumb", "avatar_medium", "avatar_large")
_MODERATOR, _GIFTER, _MEMBER = 1, 8, 10
#: About 30 MB a room.
_REMEMBERED = 5_000
#: Avatar addresses are signed for a day or more; a newer one is taken over this often.
_AVATAR_MS = 3_600_000
#: The tags of these fields (9, 10 and 11, length-delimited).
_PICTURE_TAGS = frozenset((9 << 3 | 2, 10 << 3 | 2, 11 << 3 | 2))
#: Tags and lengths that may stand between the beginning of a picture and its first address.
_HEADS = 12
#: A user's first field is the id: a tag and, for TikTok's ids, nine bytes.
_ID_BYTES = 10
_ID_TAG, _NICKNAME_TAG = b"\x08", 3 << 3 | 2
#: Methods show the same person with more or fewer fields: so many ways of one person are remembered.
_LOOKS = 3
#: Beyond these, hostile ones are cut: TikTok allows 30 characters of a nickname, 24 of a handle and 80 of a bio.
_MOST_OF_A_NAME, _MOST_OF_A_BIO, _MOST_OF_AN_URL = 200, 1_000, 4_000
_MOST_BADGES, _MOST_URLS = 50, 10
#: A user of so many bytes is read each time anew rather than kept.
_LARGEST_KEPT = 20_000
#: Hundreds of people stand in one frame at most. Millions would stop the program for seconds.
_MOST_READ = 10_000
#: TikTok's ids are signed 64-bit numbers.
_HIGHEST_ID = 2**63


class _Look(NamedTuple):
    """A person, and the bytes that showed them: what stands before the pictures, the first one's path, what follows."""

    person: Person
    before: bytes
    path: bytes
    after: bytes
    fresh_until_ms: int


class TooManyPeople(Exception):
    """One frame has shown more people than are looked at."""


class People:
    """The people of one room as they last looked.

    ``read`` counts how many had to be parsed: set it to 0 before each frame.
    """

    __slots__ = ("_known", "_looks", "read")

    def __init__(self) -> None:
        self.read = 0
        self._known: OrderedDict[int, tuple[Person, int]] = OrderedDict()
        self._looks: OrderedDict[bytes, tuple[_Look, ...]] = OrderedDict()

    def find(self, data: bytes, now_ms: int) -> Person | None:
        """The person in a serialized ``User``; ``None`` when it names nobody (no id).

        TikTok signs a picture's address anew in every message: an address that differs in its query alone is taken
        over once an hour. So what is compared is all but the pictures, and the path of the first. The beginning of a
        user, which is the id, finds what to compare with. Raises :class:`TooManyPeople`.
        """
        looks = self._looks.get(data[:_ID_BYTES], ())
        for look in looks:
            if now_ms < look.fresh_until_ms and data.startswith(look.before) and data.endswith(look.after):
                place = len(look.before)
                if data.find(look.path, place, place + len(look.path) + _HEADS) >= 0 and (
                    end_of_pictures(data, place) == len(data) - len(look.after)
                ):
                    return look.person
        self.read += 1
        if self.read > _MOST_READ:
            raise TooManyPeople
        user = read_user(data)
        number = user.id or _number(text(user.id_str))
        if number <= 0:
            return None
        found = read_person(number, user)
        fresh_until_ms = now_ms + _AVATAR_MS
        known, known_until_ms = self._known.get(number, (None, 0))
        if known is not None and now_ms < known_until_ms and _path(known) == _path(found):
            found = replace(found, avatar_url=known.avatar_url)
            fresh_until_ms = known_until_ms
        if found == known:
            found = known
        self._remember(number, found, fresh_until_ms)
        if len(data) > _LARGEST_KEPT:
            return found
        _make_space(self._looks, _REMEMBERED)
        look = _Look(found, *_around_pictures(data, user), fresh_until_ms)
        self._looks[data[:_ID_BYTES]] = (look, *looks[: _LOOKS - 1])
        return found

    def glimpsed(self, data: bytes, now_ms: int) -> Person | None:
        """The person in a serialized ``User`` within a text, which may show little of them: as known from before.

        Whoever is unknown, or called otherwise now, is read like any other. Raises :class:`TooManyPeople`.
        """
        looks = self._looks.get(data[:_ID_BYTES]) if data[:1] == _ID_TAG else None
        known = self._known.get(int(looks[0].person.user_id)) if looks else None
        if known is not None and _shows_nickname(data, known[0]):
            return known[0]
        return self.find(data, now_ms)

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
        person = Person(
            str(number),
            _words(handle, _MOST_OF_A_NAME).lower(),
            _words(nickname, _MOST_OF_A_NAME),
            image_url(avatar) if avatar else "",
        )
        self._remember(number, person, 0)
        return person

    def _remember(self, number: int, person: Person, fresh_until_ms: int) -> None:
        _make_space(self._known, _REMEMBERED)
        self._known[number] = (person, fresh_until_ms)


def _make_space(kept: OrderedDict[Any, Any], most: int) -> None:
    if len(kept) >= most:
        kept.popitem(last=False)


def _shows_nickname(data: bytes, person: Person) -> bool:
    """Whether a serialized user has this nickname; one that is too long for a length of one byte is not looked for."""
    name = person.nickname.encode()
    return 0 < len(name) < 128 and bytes((_NICKNAME_TAG, len(name))) + name in data


def _path(person: Person) -> str:
    return person.avatar_url.partition("?")[0]


def _around_pictures(data: bytes, user: Any) -> tuple[bytes, bytes, bytes]:
    """What stands before the pictures in a serialized user, the path of the first, and what follows them.

    All of it and nothing else when there are none, or when they cannot be told apart from the rest.
    """
    field = next((field for field in _PICTURES if user.HasField(field)), None)
    if field is None:
        return data, b"", b""
    picture = getattr(user, field).SerializeToString()
    place = data.find(picture) - 1 - (len(picture).bit_length() + 6) // 7
    end = end_of_pictures(data, place) if place >= 0 else -1
    if end < place + len(picture):
        return data, b"", b""
    address = picture.find(b"http")
    query = picture.find(b"?", address)
    path = picture[address : query + 1] if 0 <= address < query else picture
    return data[:place], path, data[end:]


def end_of_pictures(data: bytes, place: int) -> int:
    """Where the pictures that begin at ``place`` in a serialized user end; -1 when they are cut off."""
    size = len(data)
    try:
        while place < size and data[place] in _PICTURE_TAGS:
            byte = data[place + 1]
            place += 2
            length, shift = byte & 0x7F, 7
            while byte > 0x7F:
                byte = data[place]
                place += 1
                length |= (byte & 0x7F) << shift
                shift += 7
            place += length
    except IndexError:
        return -1
    return place if place <= size else -1


def read_person(number: int, user: Any) -> Person:
    """The person with this id as an upb ``User`` shows them."""
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
    badges: dict[str, None] = {}
    for badge in user.badge_list[:_MOST_BADGES]:
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
        _words(user.display_id, _MOST_OF_A_NAME).lower(),
        _words(user.nickname, _MOST_OF_A_NAME),
        next((url for field in _PICTURES if has(field) and (url := image_url(getattr(user, field)))), ""),
        _words(user.bio_description, _MOST_OF_A_BIO),
        followers,
        following,
        follow_status,
        user.verified,
        moderator,
        gifter_level,
        member_level,
        badges=tuple(badges),
    )


def image_url(image: Any) -> str:
    """The first http(s) address of an upb ``ImageModel``, or an empty string."""
    for candidate in image.url_list[:_MOST_URLS]:
        url = text(candidate)
        if url.startswith(("https://", "http://")) and len(url) <= _MOST_OF_AN_URL:
            return stored(url)
    return ""


def _words(value: str | bytes, most: int) -> str:
    return stored(text(value if len(value) <= most else value[:most]))


def _number(digits: str) -> int:
    """An id in digits as a number; 0 for anything else."""
    if digits.isascii() and digits.isdecimal() and len(digits) < 20:
        number = int(digits)
        return number if number < _HIGHEST_ID else 0
    return 0


def _level(badge: Any) -> int:
    level = text(badge.privilege_log_extra.level)
    return int(level[:6]) if level.isascii() and level.isdecimal() else 0
