"""Stable pseudonyms in place of people's ids, handles and nicknames, wherever they stand.

The same person has the same pseudonym in every export of this installation, because it is made from their id with a
secret that stays here. Without the secret nobody can go back from a pseudonym to a person.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tui_live.core.words import is_unspaced
from tui_live.errors import TuiLiveError

_ID_KEYS = frozenset({"user_id", "to_user", "moderator_id", "host_id", "owner_id", "from_user_id", "to_user_id"})
_NAME_KEYS = frozenset({"username", "display_name", "nickname", "handle", "display_id", "unique_id"})
_DROPPED = frozenset({"avatar_url", "avatar", "bio"})
_MENTION = re.compile(r"@([\w.\-]{2,})")
_LONG_ID = re.compile(r"\d{15,20}")


def secret_key(file: Path) -> bytes:
    """The installation's secret, made at first use and readable for this user alone. Raises :class:`TuiLiveError`."""
    try:
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = bytes.fromhex(file.read_text().strip())
            if len(key) < 16:
                raise ValueError("too short") from None
            return key
        with os.fdopen(descriptor, "w") as made:
            made.write(secrets.token_hex(32))
        return bytes.fromhex(file.read_text())
    except (OSError, ValueError) as error:
        raise TuiLiveError(f"The secret for pseudonyms in {file} cannot be used: {error}", "remove it") from error


class Pseudonyms:
    """Replaces the people it knows, in fields and within texts."""

    def __init__(self, key: bytes, people: Iterable[tuple[str, str, str]]) -> None:
        """``people`` are (user id, handle, nickname), one for each name that somebody has had."""
        self._key = key
        self._by_handle: dict[str, str] = {}
        self._ids: set[str] = set()
        self._starts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for user_id, handle, nickname in people:
            shown = self.of(user_id)
            self._ids.add(user_id)
            if handle:
                self._by_handle[handle.lower()] = shown
            for name in {_lower(handle), _lower(nickname)}:
                if len(name) >= 2:
                    self._starts[name[:2]].append((name, shown))
        for names in self._starts.values():
            names.sort(key=lambda pair: -len(pair[0]))

    def of(self, identity: str) -> str:
        """The pseudonym for a user id."""
        return "user-" + hmac.new(self._key, identity.encode(), hashlib.sha256).hexdigest()[:16]

    def of_handle(self, handle: str) -> str:
        """The pseudonym of whoever has this handle; of the handle itself when nobody is known to have it."""
        return self._by_handle.get(handle.lower()) or self.of(f"@{handle.lower()}")

    def text(self, text: str) -> str:
        """``text`` without anybody's handle, nickname or id, and without any @mention."""
        low = _lower(text)
        out: list[str] = []
        at = copied = 0
        while at < len(low):
            found = self._at(low, at)
            if found is None:
                at += 1
                continue
            length, shown = found
            out += (text[copied:at], shown)
            at = copied = at + length
        out.append(text[copied:])
        return "".join(out)

    def _at(self, low: str, at: int) -> tuple[int, str] | None:
        """(length, pseudonym) of what names somebody at this place of a text."""
        for name, shown in self._starts.get(low[at : at + 2], ()):
            if low.startswith(name, at) and _whole(low, at, at + len(name)):
                return len(name), shown
        if low[at] == "@" and (mention := _MENTION.match(low, at)):
            name = mention[1].rstrip(".-")
            return len(name) + 1, "@" + self.of_handle(name)
        if low[at].isdigit() and (at == 0 or not low[at - 1].isdigit()) and (digits := _LONG_ID.match(low, at)):
            identity = digits[0]
            if identity in self._ids:
                return len(identity), self.of(identity)
        return None

    def data(self, value: Any, key: str = "") -> Any:
        """JSON data with everybody replaced, addresses of avatars dropped."""
        if isinstance(value, dict):
            return {name: self.data(item, name) for name, item in value.items() if name not in _DROPPED}
        if isinstance(value, list):
            return [self.data(item, key) for item in value]
        if not isinstance(value, str) or not value:
            return value
        if value in self._ids or (value != "0" and (key in _ID_KEYS or key == "mentions")):
            return self.of(value)
        if key in _NAME_KEYS:
            return self.of_handle(value)
        return self.text(value)


def _lower(text: str) -> str:
    """Lower case, character by character, so that places stay the same."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word (of scripts that put spaces between words)."""
    return not (start and _joined(text[start - 1], text[start])) and not (
        end < len(text) and _joined(text[end - 1], text[end])
    )


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_unspaced(left) and not is_unspaced(right)
