"""The audience: seeded people with ids, names in many scripts, pictures, badges and follow states."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cached_property
from typing import Any

from tui_live.simulator import phrases
from tui_live.simulator.fields import field
from tui_live.wire.schema import message_class

#: TikTok's badge scenes (``BadgeSceneType``) and the text that its badge pictures carry.
ADMIN, USER_GRADE, FANS = 1, 8, 10
#: TikTok's ids are snowflakes: the seconds of their making in the upper half. Accounts are from 2018 to 2025.
_FIRST_ACCOUNT, _LAST_ACCOUNT = 1_530_000_000, 1_750_000_000
_HEX = "0123456789abcdef"


class Person:
    """One user as they are now; a rename makes another ``Person`` with the same ``user_id``."""

    def __init__(self, user_id: int, handle: str, nickname: str, avatar_url: str, rng: random.Random) -> None:
        self.user_id = user_id
        self.handle = handle
        self.nickname = nickname
        self.avatar_url = avatar_url
        self.bio = rng.choice(("", "", "just here for the music 🎶", "she/her", "ig: same name", "صانع محتوى"))
        self.followers = int(rng.paretovariate(0.7) * 20) % 4_000_000
        self.following = rng.randrange(2000)
        self.follow_status = rng.choices((0, 1, 2), (60, 35, 5))[0]
        self.verified = rng.random() < 0.01
        self.moderator = rng.random() < 0.02
        self.gifter_level = rng.choice((0, 0, 0, rng.randrange(1, 50)))
        self.member_level = rng.choice((0, 0, rng.randrange(1, 40)))
        self._fields: dict[int, bytes] = {}

    def renamed(self, handle: str, nickname: str) -> Person:
        """The same person under another handle and nickname."""
        other = object.__new__(Person)
        other.__dict__.update(self.__dict__)
        other.__dict__.pop("wire", None)
        other._fields = {}
        other.handle, other.nickname = handle, nickname
        return other

    def field(self, number: int) -> bytes:
        """The person as field ``number`` of a message: made once and copied into every message of theirs."""
        made = self._fields.get(number)
        if made is None:
            made = self._fields[number] = field(number, self.wire)
        return made

    @cached_property
    def identity(self) -> bytes:
        """What the person is to the host: the field ``user_identity`` (18) of a chat message."""
        identity = message_class("UserIdentity")(
            is_follower_of_anchor=self.follow_status > 0, is_moderator_of_anchor=self.moderator
        )
        return field(18, identity.SerializeToString())

    def message(self) -> Any:
        """The person as an upb ``User``, to stand inside another message."""
        return message_class("User").FromString(self.wire)

    @cached_property
    def wire(self) -> bytes:
        """The serialized ``User``."""
        user = message_class("User")(
            id=self.user_id,
            id_str=str(self.user_id),
            display_id=self.handle,
            nickname=self.nickname,
            bio_description=self.bio,
            avatar_thumb={"url_list": [self.avatar_url, self.avatar_url.replace("100x100", "thumb")]},
            verified=self.verified,
            follow_info={
                "follower_count": self.followers,
                "following_count": self.following,
                "follow_status": self.follow_status,
            },
            user_attr={"is_admin": self.moderator},
        )
        if self.moderator:
            badge = user.badge_list.add(display_type=1, scene_type=ADMIN, display=True)
            badge.image.image.url_list.append("https://p16-webcast.tiktokcdn.com/webcast-va/moderator_badge.png")
        if self.gifter_level:
            _level_badge(user, USER_GRADE, self.gifter_level, "grade_badge_icon_lite")
        if self.member_level:
            _level_badge(user, FANS, self.member_level, "fans_badge_icon")
        return user.SerializeToString()  # type: ignore[no-any-return]


def _level_badge(user: object, scene: int, level: int, icon: str) -> None:
    badge = user.badge_list.add(display_type=4, scene_type=scene, display=True)  # type: ignore[attr-defined]
    badge.privilege_log_extra.level = str(level)
    badge.combine.str = str(level)
    badge.combine.icon.url_list.append(f"https://p16-webcast.tiktokcdn.com/webcast-va/{icon}_lv{level}_v1.png")


class People:
    """A seeded audience of ``count`` people for the host ``name``; ``media_url`` is where pictures are served.

    Two of them share a nickname, one has a very long one, and activity follows a power law: a few talk a lot.
    ``hostile`` gives everybody names that want to be markup or terminal control.
    """

    def __init__(self, name: str, count: int, rng: random.Random, media_url: str, *, hostile: bool = False) -> None:
        self._rng = rng
        self._media_url = media_url
        self._renamed: dict[int, Person] = {}
        self.host = self._make(name, name.replace("_", " ").replace(".", " ").title())
        self.guest = self._make(f"{name[:16]}.guest", "Guest of the evening")
        nicknames = [self._nickname() for _ in range(count)]
        if hostile:
            nicknames = [phrases.HOSTILE_NICKNAMES[i % len(phrases.HOSTILE_NICKNAMES)] for i in range(count)]
        elif count > 3:
            nicknames[1] = nicknames[0]
            nicknames[2] = phrases.LONG_NICKNAME
        self.crowd = [self._make(self._handle(nickname), nickname) for nickname in nicknames]

    def somebody(self) -> Person:
        """A random person of the crowd, the first ones far more often than the last ones."""
        return self.crowd[int(len(self.crowd) * self._rng.random() ** 2)]

    def rename(self) -> Person:
        """Somebody takes another handle and nickname; returns them under the new one."""
        index = int(len(self.crowd) * self._rng.random() ** 2)
        nickname = self._nickname()
        person = self.crowd[index] = self.crowd[index].renamed(self._handle(nickname), nickname)
        self._renamed[person.user_id] = person
        return person

    def present(self, person: Person) -> Person:
        """The same person under the name that they have now."""
        return self._renamed.get(person.user_id, person)

    def _make(self, handle: str, nickname: str) -> Person:
        rng = self._rng
        user_id = rng.randrange(_FIRST_ACCOUNT, _LAST_ACCOUNT) << 32 | rng.getrandbits(32)
        signature = "".join(rng.choices(_HEX, k=40))
        avatar = (
            f"{self._media_url}/avatar/{user_id}~tplv-tiktokx-cropcenter:100x100.svg?dr=14579&refresh_token={signature[:8]}"
            f"&x-expires={rng.randrange(1_800_000_000, 1_900_000_000)}&x-signature={signature}%3D&t=4d5b0474&ps=1374"
        )
        return Person(user_id, handle, nickname, avatar, rng)

    def _nickname(self) -> str:
        return self._rng.choice(phrases.NAMES) + self._rng.choice(phrases.DECORATIONS)

    def _handle(self, nickname: str) -> str:
        plain = unicodedata.normalize("NFKD", nickname).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9_.]+", "", plain)[:12].strip(".") or "user"
        return f"{stem}{self._rng.randrange(10, 10 ** self._rng.randrange(3, 9))}"
