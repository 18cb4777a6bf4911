"""Somebody in a stream."""

from __future__ import annotations

from msgspec import Struct


class Person(Struct, frozen=True, gc=False):
    """A user as one message described them; ``user_id`` is the identity, everything else may change.

    ``handle`` is lower case (TikTok's handles are case-insensitive) and without ``@``. Unknown counts are ``None``.
    ``badges`` are short names such as ``moderator`` or ``subscriber``; ``region`` is empty unless TikTok tells it.
    """

    user_id: str
    handle: str
    nickname: str = ""
    avatar_url: str = ""
    bio: str = ""
    followers: int | None = None
    following: int | None = None
    follow_status: int = 0
    verified: bool = False
    moderator: bool = False
    gifter_level: int = 0
    member_level: int = 0
    region: str = ""
    badges: tuple[str, ...] = ()

    @property
    def shown_name(self) -> str:
        """What a screen calls them: nickname, else handle, else the id."""
        return self.nickname or self.handle or self.user_id
