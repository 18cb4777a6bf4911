"""Text from the stream is hostile: what may be stored, and what may be drawn.

There are two texts. The *stored* one has neither control characters nor bidi overrides, but keeps emoji whole; it is
safe to print in a terminal. The *drawn* one also drops what terminals measure differently from us (variation
selectors, joiners, skin tones) and caps combining marks, so that no column breaks. The raw frame has everything.
"""

from __future__ import annotations

import re
import unicodedata

#: C0, DEL, C1, line and paragraph separators, bidi marks, embeddings, overrides and isolates, lone surrogates, BOM.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]+"
)
#: Joiners, zero-width spaces, soft hyphen, variation selectors, keycap, skin tones, tags, invisible operators,
#: and scripts (Tamil, Burmese, Khmer) and blocks that terminals and Rich measure differently.
_UNEVEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u20e3\u3164\ufe00-\ufe0f"
    "\uffa0\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]+"
)
_MARKS_PER_CHARACTER = 2
#: Where emoji are added every year: Python may not know those that a terminal draws.
_EMOJI = ((0x1F6D8, 0x1F6DF), (0x1FA70, 0x1FAFF))
#: Longer texts are cut for the screen; the database keeps far more (:mod:`tui_live.tiktok.kinds.words`).
DRAWN_LIMIT = 600


def stored(value: str) -> str:
    """``value`` as it may be stored and printed: unsafe runs become one space, ends are trimmed."""
    if value.isascii() and value.isprintable():
        return value.strip() if value[:1] == " " or value[-1:] == " " else value
    return _UNSAFE.sub(" ", value).strip()


def drawn(value: str, *, rightmost: bool = False) -> str:
    """Stored text as it may be drawn in a column: every terminal gives it the width that we compute.

    That costs the spacing vowel signs of Indic scripts, whose width is disputed, and emoji that are newer than this
    Python. ``rightmost`` keeps them: for the last text of the rightmost column, where being legible matters and a wrong
    width moves nothing but the line's own end.
    """
    if len(value) > DRAWN_LIMIT:
        value = value[: DRAWN_LIMIT - 1] + "…"
    if value.isascii():
        return value if value.isprintable() else _UNSAFE.sub(" ", value)
    value = _UNEVEN.sub("", _UNSAFE.sub(" ", value))
    return "".join(_even(value, rightmost=rightmost))


def _even(value: str, *, rightmost: bool) -> list[str]:
    """Characters with combining marks capped and what has no agreed width replaced by ``�``."""
    kept: list[str] = []
    marks = 0
    for char in value:
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Mc"):
            marks += 1
            if marks > _MARKS_PER_CHARACTER or not kept or (category == "Mc" and not rightmost):
                continue
        else:
            marks = 0
            if category in ("Cn", "Co", "Cs") and not (rightmost and category == "Cn" and _is_emoji(char)):
                kept.append("�")
                continue
        kept.append(char)
    return kept


def _is_emoji(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _EMOJI)
