"""Who somebody is, in words: what TikTok said of them last, and only what is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.cells import cell_len

from tui_live.core.counts import several
from tui_live.core.text import drawn

_BETWEEN = " · "
_FOLLOWS = {1: "follows the host", 2: "friends with the host"}
#: Badges that the words before them tell already.
_TOLD = frozenset({"moderator", "gifter", "member"})


def person_words(row: Mapping[str, Any]) -> str:
    """``follows the host · moderator · gifter level 12 · 1,204 followers``: a row of the table ``users`` in short."""
    words = [_FOLLOWS.get(row.get("follow_status") or 0, "")]
    words += [name for name in ("verified", "moderator") if row.get(name)]
    words += [f"{kind} level {level}" for kind in ("gifter", "member") if (level := row.get(f"{kind}_level") or 0) > 0]
    if (followers := row.get("follower_count")) is not None:
        words.append(several(followers, "follower"))
    if (following := row.get("following_count")) is not None:
        words.append(f"follows {following:,}")
    badges = [name.replace("_", " ") for name in row.get("badges") or () if name not in _TOLD]
    words += [f"badges {', '.join(badges)}" if badges else "", row.get("region") or ""]
    return drawn(_BETWEEN.join(word for word in words if word))


def known_facts(row: Mapping[str, Any], width: int, *, brief: bool = False) -> list[tuple[str, str]]:
    """The same in lines ``width`` cells wide, and the bio in one more, as (name, value); none where nothing is known.

    ``brief``: two lines and no bio, the second of which may be too long.
    """
    lines: list[str] = []
    for word in filter(None, person_words(row).split(_BETWEEN)):
        longer = f"{lines[-1]}{_BETWEEN}{word}" if lines else word
        if lines and (cell_len(longer) <= width or (brief and len(lines) > 1)):
            lines[-1] = longer
        else:
            lines.append(word)
    facts = [("" if number else "TikTok says", line) for number, line in enumerate(lines)]
    told = drawn(" ".join((row.get("bio") or "").split())) if not brief else ""
    return [*facts, ("bio", told)] if told else facts
