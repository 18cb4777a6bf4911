"""From TikTok's item to a video, whatever stands in it.

An item is a part of TikTok's JSON answer. Its counts are numbers in ``stats`` and texts in ``statsV2``; either may be
missing, and any value may be of another kind than one expects. Nothing here raises: an item that cannot be used is
:class:`Unreadable`, a value that cannot be used is 0 or empty and named in the video's ``problems``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tui_live.core.text import stored
from tui_live.core.trends.video import Video

#: TikTok's captions have at most 4,000 characters.
_LONGEST_CAPTION = 5_000
_LONGEST_NAME = 200
_MOST_HASHTAGS = 100
#: More than this is no number of likes: SQLite's integers end here, and the world's people long before.
_LARGEST = 10**15
#: TikTok's items have 10,000 to 30,000 characters. Of a larger one, what is read is kept.
RAW_LIMIT = 65_536
_KEPT = ("id", "desc", "createTime", "author", "authorStats", "stats", "statsV2", "challenges", "textExtra")
_LEAST = ("id", "createTime", "stats", "statsV2")
#: A character may take 12 in JSON text.
_LONGEST_KEPT = 2_000
_NUMBER = re.compile(r"[0-9]{1,19}")
#: TikTok's handles are Latin letters, digits, points and underscores.
_HANDLE = re.compile(r"[\w.-]{1,100}", re.ASCII)
_HASHTAG = re.compile(r"#(\w+)")
_COUNTS = {"likes": "diggCount", "comments": "commentCount", "shares": "shareCount", "views": "playCount"}


class Unreadable(Struct, frozen=True):
    """An item that is no video; ``why`` says in a few words what it lacks."""

    why: str


def read_item(item: object, seen_ms: int = 0) -> Video | Unreadable:
    """The video that an item of ``itemList`` tells of; ``seen_ms`` is when it came (UTC milliseconds)."""
    if not isinstance(item, Mapping):
        return Unreadable("no item")
    post_id = item.get("id")
    if isinstance(post_id, int) and not isinstance(post_id, bool) and 0 < post_id < 2**63:
        post_id = str(post_id)
    if not isinstance(post_id, str) or not _NUMBER.fullmatch(post_id):
        return Unreadable("no id")
    reading = _Reading(item)
    author = item.get("author")
    person: Mapping[Any, Any] = author if isinstance(author, Mapping) else {"uniqueId": author}
    handle = reading.text(person.get("uniqueId"))
    if not _HANDLE.fullmatch(handle):
        reading.problems.append("author is no handle" if handle else "author missing")
        handle = ""
    caption = reading.text(item.get("desc"), _LONGEST_CAPTION)
    return Video(
        post_id=post_id,
        author=handle,
        nickname=reading.text(person.get("nickname")),
        author_id=reading.text(person.get("id")),
        verified=person.get("verified") is True,
        followers=reading.followers(),
        caption=caption,
        hashtags=_hashtags(item, caption),
        posted_ms=reading.posted_ms(),
        seen_ms=seen_ms,
        **{name: reading.count(name, key) for name, key in _COUNTS.items()},
        problems=tuple(reading.problems),
        raw=_raw(item),
    )


class _Reading:
    """One item, and what was odd about it."""

    def __init__(self, item: Mapping[Any, Any]) -> None:
        self._item = item
        self.problems: list[str] = []

    def text(self, value: object, longest: int = _LONGEST_NAME) -> str:
        """A text that is safe to store; numbers are written out, everything else is empty."""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
            return str(value)
        return stored(value[:longest]) if isinstance(value, str) else ""

    def count(self, name: str, key: str) -> int:
        """A count: of ``statsV2``, which is exact, else of ``stats``, which rounds."""
        for table, as_text in (("statsV2", True), ("stats", False)):
            values = self._item.get(table)
            value = values.get(key) if isinstance(values, Mapping) else None
            if value is None:
                continue
            number = whole(value)
            if number is None:
                self.problems.append(f"{name} is no number")
            elif number < 0 or number > _LARGEST:
                self.problems.append(f"{name} out of range")
            else:
                if isinstance(value, str) and not as_text:
                    self.problems.append(f"{name} is a text")
                return number
        if not any(problem.startswith(name) for problem in self.problems):
            self.problems.append(f"{name} missing")
        return 0

    def followers(self) -> int:
        """The author's followers; 0 where TikTok does not tell, which is nothing odd."""
        for table in ("authorStatsV2", "authorStats"):
            values = self._item.get(table)
            value = values.get("followerCount") if isinstance(values, Mapping) else None
            number = whole(value)
            if number is not None and 0 <= number <= _LARGEST:
                return number
        return 0

    def posted_ms(self) -> int:
        """``createTime`` is UTC seconds, as number or as text; 0 where there is none."""
        seconds = whole(self._item.get("createTime"))
        if seconds is None or not 0 < seconds < 10**11:
            self.problems.append("time of posting missing")
            return 0
        return seconds * 1000


def whole(value: object) -> int | None:
    """A whole number from a number or from a text of digits; ``None`` for everything else."""
    if isinstance(value, str):
        value = value.strip()
        return int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or math.isfinite(value) else None


def _hashtags(item: Mapping[Any, Any], caption: str) -> tuple[str, ...]:
    """Hashtags without their sign: those that TikTok lists, and those that stand in the caption."""
    listed = []
    for table, key in (("challenges", "title"), ("textExtra", "hashtagName")):
        entries = item.get(table)
        for entry in entries[:_MOST_HASHTAGS] if isinstance(entries, list) else ():
            name = entry.get(key) if isinstance(entry, Mapping) else None
            if isinstance(name, str) and stored(name[:_LONGEST_NAME]):
                listed.append(stored(name[:_LONGEST_NAME]))
    return tuple(dict.fromkeys([*listed, *_HASHTAG.findall(caption)]))[:_MOST_HASHTAGS]


def _raw(item: Mapping[Any, Any]) -> str:
    """The item as JSON text of a bounded size; of one that is too large or nested without end, what matters."""
    kept = {key: item[key] for key in _KEPT if key in item} | {"shortened": True}
    least = {key: item[key] for key in _LEAST if key in item} | {"shortened": True}
    for wanted, longest in ((item, RAW_LIMIT), (kept, _LONGEST_KEPT), (least, _LONGEST_NAME)):
        try:
            text = json.dumps(_plain(wanted, longest), separators=(",", ":"), default=str)
        except RecursionError:
            continue
        if len(text) <= RAW_LIMIT:
            return text
    return '{"shortened":true}'


def _plain(value: object, longest: int) -> object:
    """The value with long texts cut, and without NaN and infinity, which are no JSON to SQLite."""
    if isinstance(value, str):
        return value[:longest]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _plain(inner, longest) for key, inner in value.items() if isinstance(key, str)}
    return [_plain(inner, longest) for inner in value] if isinstance(value, list) else value
