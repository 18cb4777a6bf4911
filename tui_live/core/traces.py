"""What a person leaves in texts and data, and how it is taken out."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

#: Stands where a name stood.
ERASED = "erased"
#: Fields of an event's data that hold somebody's id, or several …
ID_KEYS = frozenset({"user_id", "user_ids", "moderator_id", "to_user", "mentions", "host_id", "share_target"})
#: … and somebody's names.
NAME_KEYS = frozenset({"username", "display_name", "nickname", "handle", "display_id"})
#: Fields with values of TikTok's or of ours: whatever somebody is called, plain ones stay.
VALUE_KEYS = frozenset(
    {
        *("action", "banner_type", "barrage_type", "battle_status", "business_type", "category", "confidence"),
        *("context", "deleted_message_id", "deleted_message_ids", "emote_id", "emote_type", "emotes", "error"),
        *("gift_id", "gift_name", "goal_type", "group_id", "image_url", "intro_type", "language"),
        *("link_type", "method", "price", "product_id", "rank_type"),
    }
)
#: Smaller numbers are counts and enums, too: such an id is known by its field alone.
_TELLING_NUMBER = 1 << 32
#: Handles of letters alone are ordinary words below this length.
_TELLING_LETTERS = 12
#: Names that are looked for in bytes wherever they stand; shorter ones only as what begins a field, or a mention.
_TELLING_BYTES = 8
#: Scripts without spaces between words: a name may touch them and still end there.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SPACED = rf"[^\W{_UNSPACED}]"
_NEVER = "(?!)"
_AT = "(?:[@＠]|%40)"
#: These are so rare that whatever has them is looked through.
_RARE_AT = ("＠", "%40")
#: A link, a mention, a sentence: nothing that is a plain value …
_IN_A_VALUE = re.compile(r"[@＠/%?=&:\s]")
#: … and what no gift's name has.
_IN_A_GIFT = re.compile(r"[@＠/%]|\w[._]\w")
#: Nicknames of several words and so many characters are no words of TikTok's.
_TELLING_NICKNAME = 8


class Traces:
    """One person: their numeric id (empty where TikTok never told it), and every handle and nickname they had.

    A handle is taken out of texts where it is mentioned (``@handle``), and by itself when it is no ordinary word: when
    it has a digit, a dot or an underscore, or twelve letters. A nickname is taken out where it is mentioned; in what
    TikTok writes, also by itself when it has several words. Where it is certain that a text is about them, all their
    names are.
    """

    def __init__(self, user_id: str, handles: Iterable[str], nicknames: Iterable[str]) -> None:
        self.user_id = user_id
        self.handles = {handle.lower() for handle in handles if handle}
        self.nicknames = {name for name in nicknames if name.strip()}
        self._number = int(user_id) if user_id.isascii() and user_id.isdecimal() else 0
        self.is_telling_id = self._number >= _TELLING_NUMBER
        names = sorted(self.handles | self.nicknames, key=len, reverse=True)
        telling = sorted(filter(_is_telling, self.handles), key=len, reverse=True)
        self._whole = {name.lower() for name in names}
        number = [rf"(?<!\d){user_id}(?!\d)"] if self.is_telling_id else []
        mentions = [f"{_AT}{_ending(name)}" for name in names]
        by_handle = [rf"(?<!\.){_alone(handle)}" for handle in telling]
        self._in_text = re.compile("|".join([*number, *mentions, *by_handle]) or _NEVER, re.IGNORECASE)
        by_name = map(_alone, names)
        self._about_them = re.compile("|".join([*number, *mentions, *by_name]) or _NEVER, re.IGNORECASE)
        composed = [name for name in names if len(name.split()) > 1 and len(name) >= _TELLING_NICKNAME]
        by_words = map(_alone, composed)
        self._composed = re.compile("|".join([*number, *mentions, *by_handle, *by_words]) or _NEVER, re.IGNORECASE)
        self._id_needles = _needles([_varint(self._number), struct.pack("<Q", self._number), user_id.encode()])
        if not self.is_telling_id:
            self._id_needles = []
        self._in_bytes = re.compile(b"|".join(_byte_patterns(names, telling)) or _NEVER.encode(), re.IGNORECASE)
        spelled = [name for one in names for name in _spellings(one)]
        mentioned = b"|".join(sorted({re.escape(name.encode().lower()) for name in spelled}))
        self._mention = re.compile(b"@(?:%b)" % mentioned if mentioned else _NEVER.encode())
        ids = [_varint(self._number), user_id.encode()] if self._number else []
        bare = [handle.encode() for handle in telling]
        self._needles = _needles(
            [*self._id_needles, *bare, *_in_fields(spelled), *ids, *(at.encode() for at in _RARE_AT)]
        )
        self._bare = [*telling, *([user_id] if self.is_telling_id else [])]
        self._bare_composed = [*self._bare, *(name.lower() for name in composed)]
        self._bare_bytes = bare
        self.needles = sorted(
            {
                *([user_id.lower()] if user_id else ()),
                *(json.dumps(f"@{name}", ensure_ascii=False)[1:-1].lower() for name in names),
                *(f"@{name}".lower() for name in names),
                *telling,
                *_RARE_AT,
                *(json.dumps(name, ensure_ascii=False)[1:-1].lower() for name in composed),
            },
            key=len,
        )
        """One of these, in lower case, is in a text or the JSON of an event when something is to be taken out of it."""

    def may_be_in(self, data: bytes) -> bool:
        """Whether there may be something of theirs in serialized bytes."""
        low = data.lower()
        return any(needle in low for needle in self._needles) or self._mention.search(low) is not None

    def is_in(self, data: bytes) -> bool:
        """Whether serialized bytes that nobody can read hold their id, a mention of them or a handle like no word."""
        low = data.lower()
        return any(needle in low for needle in self._id_needles) or self._named_in(low, 1) > 0

    def times_named_in(self, data: bytes) -> int:
        """How often serialized bytes hold a mention of them, or a handle like no word."""
        return self._named_in(data.lower())

    def _named_in(self, low: bytes, most: int | None = None) -> int:
        if not any(handle in low for handle in self._bare_bytes) and not self._mention.search(low):
            return 0
        return sum(1 for _ in islice(self._in_bytes.finditer(low), most))

    def id_is_in(self, data: bytes) -> bool:
        """Whether serialized bytes hold their id."""
        low = data.lower()
        return any(needle in low for needle in self._id_needles)

    def is_id(self, value: object) -> bool:
        """Whether a value is their id, as a number or as digits."""
        if isinstance(value, int):
            return not isinstance(value, bool) and value == self._number > 0
        return isinstance(value, str) and value == self.user_id != ""

    def is_name(self, value: str) -> bool:
        """Whether a whole text is one of their names."""
        return value.lower() in self._whole

    def clean(self, text: str) -> str:
        """``text`` without them."""
        return self._in_text.sub(_replaced, text) if self._may_name(text, self._bare) else text

    def clean_composed(self, text: str) -> str:
        """``text``, which TikTok wrote about whomever, without them."""
        return self._composed.sub(_replaced, text) if self._may_name(text, self._bare_composed) else text

    def _may_name(self, text: str, bare: list[str]) -> bool:
        """Whether a regex, which is slow, must look at one of many texts."""
        if "@" in text or any(at in text for at in _RARE_AT):
            return True
        low = text.lower()
        return any(name in low for name in bare)

    def clean_about(self, text: str) -> str:
        """``text``, which is about them, without any of their names."""
        return self._about_them.sub(_replaced, text)

    def clean_data(self, value: Any, clean: Callable[[str], str] | None = None) -> Any:
        """JSON data without them: where an entry is about them, it keeps its figures and loses its names.

        ``clean`` takes them out of texts: :meth:`clean` does it if nothing else is given.
        """
        return self._clean_data(value, "", clean or self.clean)

    def _clean_data(self, value: Any, key: str, clean: Callable[[str], str]) -> Any:
        if isinstance(value, dict):
            return self._clean_entry(value, clean)
        if key in VALUE_KEYS and isinstance(value, str):
            return value if is_plain(value, is_gift=key == "gift_name") else self.clean(value)
        if isinstance(value, list):
            kept = [item for item in value if not (key in ID_KEYS and self.is_id(item))]
            return [self._clean_data(item, key, clean) for item in kept]
        if key in ID_KEYS and self.is_id(value):
            return "" if isinstance(value, str) else 0
        return clean(value) if isinstance(value, str) else value

    def _clean_entry(self, entry: dict[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
        whose = entry.get("user_id") or entry.get("host_id")
        theirs = self.is_id(whose)

        def cleaned(name: str, item: Any) -> Any:
            if name in NAME_KEYS and isinstance(item, str):
                return ERASED if theirs or (not whose and self.is_name(item)) else self.clean(item)
            return self._clean_data(item, name, clean)

        return {name: cleaned(name, item) for name, item in entry.items() if not (theirs and name == "avatar_url")}

    def is_named_in(self, value: Any, key: str = "") -> bool:
        """Whether JSON data give their id where ids stand."""
        if isinstance(value, dict):
            return any(self.is_named_in(item, name) for name, item in value.items())
        if isinstance(value, list):
            return any(self.is_named_in(item, key) for item in value)
        return key in ID_KEYS and self.is_id(value)


def is_plain(value: str, *, is_gift: bool = False) -> bool:
    """Whether a value of TikTok's is no more than that, or a gift's name: no link, no mention, no sentence."""
    return not (_IN_A_GIFT if is_gift else _IN_A_VALUE).search(value)


def _replaced(found: re.Match[str]) -> str:
    return f"@{ERASED}" if found[0][0] in "@＠%" else ERASED


def _ending(name: str) -> str:
    """A pattern for the name where the word ends with it."""
    return re.escape(name) + (f"(?!{_SPACED})" if re.match(_SPACED, name[-1]) else "")


def _alone(name: str) -> str:
    """A pattern for the name as words of their own."""
    return (f"(?<!{_SPACED})" if re.match(_SPACED, name[0]) else "") + _ending(name)


def _byte_patterns(names: list[str], telling: list[str]) -> list[bytes]:
    """What serialized bytes hold of them for certain: a mention, a field that is their handle, or it in a text."""
    mentions = [b"@" + re.escape(name.encode().lower()) + rb"(?!\w)" for one in names for name in _spellings(one)]
    fields = [re.escape(_field(handle)) for handle in telling]
    alone = [rb"(?<![\w.])" + re.escape(handle.encode()) + rb"(?!\w)" for handle in telling]
    return [*mentions, *fields, *alone]


def _spellings(name: str) -> set[str]:
    """Bytes are compared in ASCII's lower case: other letters are looked for in both."""
    return {name, name.lower(), name.upper()}


def _field(name: str) -> bytes:
    """How a serialized message holds a string that is just this."""
    return _varint(len(name.encode())) + name.encode().lower()


def _in_fields(names: list[str]) -> list[bytes]:
    """What tells that a serialized message may hold these names in fields of their own."""
    return [name.encode() if len(name.encode()) >= _TELLING_BYTES else _field(name) for name in names]


def _needles(traces: list[bytes]) -> list[bytes]:
    """The traces in lower case, without those that hold another. (Looking for each is 20 times as fast as a regex.)"""
    lowered = {trace.lower() for trace in traces}
    return [one for one in lowered if not any(other in one for other in lowered if other != one)]


def _is_telling(handle: str) -> bool:
    return len(handle) >= (_TELLING_LETTERS if handle.isalpha() else 3)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))
