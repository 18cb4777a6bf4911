"""An exported event without people: which of its parts are ids, names, words of somebody, or none of these."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tui_live.core.events import score_in_words
from tui_live.core.retold import score_of
from tui_live.store.cast import COMPOSED, Cast
from tui_live.store.pseudonyms import Named, Pseudonyms

_ID_KEYS = frozenset({"user_id", "user_ids", "to_user", "moderator_id", "mentions"})
_NAME_KEYS = frozenset({"username", "display_name", "nickname"})
#: What people, or TikTok about people, write.
_TEXT_KEYS = frozenset(
    {
        *("message", "question_text", "caption_text", "tips", "reason", "intro_message"),
        *("question", "options", "title"),
    }
)
#: Values of gifts, products, addresses and the like, in which somebody's id or handle may stand. Everything else is of
#: the program.
_VALUE_KEYS = frozenset(
    {
        *("share_target", "gift_name", "image_url", "emote_id", "emote_name", "emotes", "product_id", "product_name"),
        *("price", "url", "goal_id", "method", "error"),
    }
)
_USER_ID = re.compile(r"\d{15,20}")
#: Types whose text tells no more than the data: a gift and how many, a number of likes, a method.
_WORDLESS = frozenset({"gift", "like", "social", "room_update", "other"})
_COUNTED = re.compile(r"(nothing|\d+ (message|user)s?( and \d+ users?)?) (deleted|removed)")


class Anonymous:
    """Takes people out of records as :mod:`tui_live.store.export` makes them."""

    def __init__(self, key: bytes, cast: Cast) -> None:
        self._names = Pseudonyms(key, cast.people)
        self._named = cast.named
        self.of, self.of_handle, self.text = self._names.of, self._names.of_handle, self._names.text

    def clean(self, record: dict[str, Any]) -> None:
        """Replace everybody in a record; what TikTok composed of names that nobody kept is left out."""
        if record["user_id"] is not None:
            record["user_id"] = record["username"] = record["nickname"] = self.of(record["user_id"])
        data = msgspec.json.decode(record["processed_data"])
        words = record["message"]
        cleaned = {"": ""}
        if words:
            cleaned[words] = record["message"] = self._line(record, words, data)
        named = self._here(record)
        data = {name: self._value(value, name, cleaned, named) for name, value in data.items()}
        record["processed_data"] = msgspec.json.encode(data).decode()

    def _value(self, value: Any, key: str, cleaned: dict[str, str], named: list[tuple[str, str]]) -> Any:
        if isinstance(value, list):
            return [self._value(item, key, cleaned, named) for item in value]
        if isinstance(value, dict):
            return self._entry(value)
        if key == "follower_count" and isinstance(value, int):  # to the last follower, it would tell who it is
            return int(float(f"{value:.0e}"))
        if not isinstance(value, str) or not value:
            return value
        if key in _ID_KEYS:
            return value if value == "0" else self.of(value)
        if key in _TEXT_KEYS:
            return cleaned[value] if value in cleaned else self._names.text(value, named)
        if key == "share_target" and _USER_ID.fullmatch(value):
            return self.of(value)
        return self._names.value(value) if key in _VALUE_KEYS else value

    def _entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        """A person in a list, such as one side of a battle: all their names are one."""
        user_id = entry.get("user_id") or "0"
        handle = next((entry[name] for name in ("username", "display_name") if entry.get(name)), "")
        shown = self.of(user_id) if user_id != "0" else self.of_handle(handle)
        return {
            name: shown if value and (name in _ID_KEYS or name in _NAME_KEYS) else value
            for name, value in entry.items()
        }

    def _here(self, record: dict[str, Any]) -> list[tuple[str, str]]:
        """(name, pseudonym) of everybody whom the event's text names for certain."""
        at = "@" if record["event_type"] == "chat" else ""
        return [
            (f"{at}{name}", at + self._shown(one))
            for one in self._named.get(record["id"], ())
            for name in (one[1], one[2])
            if name
        ]

    def _shown(self, person: Named) -> str:
        user_id, handle, nickname = person
        if user_id or handle:
            return self.of(user_id) if user_id else self.of_handle(handle)
        known = self._names.text(nickname)
        return self.of_handle(nickname) if known == nickname else known

    def _line(self, record: dict[str, Any], words: str, data: dict[str, Any]) -> str:
        """An event's text without people."""
        kind, subtype = record["event_type"], record["event_subtype"] or ""
        if kind in _WORDLESS:
            return self._names.value(words)
        if words == subtype.replace("_", " "):
            return words
        if kind not in COMPOSED:
            if kind == "emote" and data["emote_id"]:
                return self._names.value(words)
            return self._names.text(words, self._here(record))
        known = self._of_data(kind, subtype, words, data)
        if known is not None:
            return known
        before, words = _fixed(kind, words, data)
        if record["id"] not in self._named:
            return before
        here = self._here(record)
        if kind == "banner":  # a pinned message says whose it is, see tui_live.tiktok.kinds.banners
            for name, shown in here:
                if words.startswith(f"{name}: "):
                    return f"{shown}: {self._names.text(words[len(name) + 2 :])}"
        return before + self._names.text(words, here)

    def _of_data(self, kind: str, subtype: str, words: str, data: dict[str, Any]) -> str | None:
        """The text anew, of kinds whose data tell everything; ``None`` for others."""
        if kind == "battle":
            sides = data["battle_users"]
            if score := score_of(words, data):
                shown = score_in_words((self._entry(side)["user_id"], side["score"]) for side in sides)
                return shown + words[len(score) :]
            return words if words == data["battle_status"].replace("_", " ") or subtype in ("task", "punish") else None
        if kind == "moderation":
            if _COUNTED.fullmatch(words) and not data["moderator_id"]:
                return words
            reason = data["reason"]
            if data["user_id"] and data["moderator_id"]:  # somebody and why, see tui_live.tiktok.kinds.viewers
                shown = self.of(data["user_id"])
                return f"{shown}: {self._names.text(reason)}" if reason else shown
            return None
        if kind == "goal":
            return self._names.value(words) if data["goal_type"] == "gift" else None
        if kind == "envelope":
            return words if data["coins"] else None
        if kind == "shopping":
            return self._names.value(words) if data["product_id"] or data["product_name"] else None
        return None


def _fixed(kind: str, words: str, data: dict[str, Any]) -> tuple[str, str]:
    """What the program put before TikTok's words, and these."""
    if kind != "link":
        return "", words
    fixed = " · ".join(part.replace("_", " ") for part in (data["link_type"], data["context"]) if part)
    if not words.startswith(fixed):
        return "", words
    return (f"{fixed} · ", words[len(fixed) + 3 :]) if len(words) > len(fixed) else (fixed, "")
