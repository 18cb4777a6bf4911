"""A page of TikTok's videos, read. An unusual one takes long: it is read in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tui_live.core.trends import Kind, Trouble, Unreadable, Video, read_item
from tui_live.trends.answers import videos_of

#: TikTok's pages have 8 to 30 entries.
MOST_ENTRIES = 200


class Page(Struct, frozen=True):
    """The entries of a page in their order, as they were read; ``left`` more were too many.

    ``more``: TikTok says that another page follows.
    """

    entries: tuple[Video | Unreadable, ...]
    left: int = 0
    more: bool = False


def read_answer(answer: object, seen_ms: int, within_s: float) -> Page | Trouble:
    """The page in what our script gave back at a time (UTC milliseconds); see ``videos_of``."""
    found = videos_of(answer, within_s)
    return found if isinstance(found, Trouble) else read_page(found, seen_ms)


def read_page(answer: Mapping[str, Any], seen_ms: int) -> Page | Trouble:
    """The page in TikTok's answer that came at a time (UTC milliseconds)."""
    items = answer.get("itemList")
    if items is not None and not isinstance(items, list):
        return Trouble(Kind.ODD, "TikTok's list of videos is no list", "try again later; else update TUI Live")
    items = items or []
    entries = tuple(read_item(item, seen_ms) for item in items[:MOST_ENTRIES])
    return Page(entries, len(items) - len(entries), bool(answer.get("hasMore")))
