"""Where names begin and end within texts, and how they are compared."""

from __future__ import annotations

import re

from tui_live.core.words import is_unspaced

#: What a handle consists of, in lower case.
HANDLE = re.compile(r"[a-z0-9_.]+")
#: What follows the name of somebody who is addressed where names are not set apart by spaces.
_TITLES = ("さん", "ちゃん", "くん", "君", "様", "さま", "先生", "哥", "姐", "님", "씨")
#: What may follow a mention and belongs to the sentence.
_PUNCTUATION = ".,!?:;…)]}\"'»”’-~、。！？，：；）」』"
#: Letters, digits and signs of East Asian width, and what they stand for.
_WIDE = re.compile("[\uff01-\uff5e]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_MOST_WORDS = 6


def lower(text: str) -> str:
    """Lower case of ordinary width, character by character: places stay, and no letter depends on its neighbours."""
    if text.isascii():
        return text.lower()
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    text = text.replace("Σ", "σ").replace("ς", "σ")
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word (of scripts that put spaces between words)."""
    return not (start and _joined(text[start - 1], text[start])) and not (
        end < len(text) and _joined(text[end - 1], text[end])
    )


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_unspaced(left) and not is_unspaced(right)


def is_alone(text: str, start: int, end: int) -> bool:
    """Whether an ideograph is no part of a longer word, as far as one can tell."""
    after = text[end : end + 1]
    return not text[start - 1 : start].isalnum() and (not after.isalnum() or text.startswith(_TITLES, end))


def ends_mention(low: str, end: int) -> bool:
    """Whether a mention may end here: what follows cannot belong to a handle, or a nickname, that begins the same."""
    after = low[end : end + 1]
    if not after or after.isspace() or is_unspaced(after):
        return True
    return after in _PUNCTUATION and not low[end + 1 : end + 2].isalnum()


def stranger(text: str, at: int) -> int:
    """Where the name of somebody unknown who is mentioned from ``at`` on ends, as far as one can tell.

    A handle is one word. A nickname goes on with words that begin with a capital, or have neither letter nor digit.
    """
    words = text[at : at + 200].partition("@")[0].split(" ")[:_MOST_WORDS]
    name = words[0].split()[0] if words[0].strip() else ""
    if not name.rstrip(_PUNCTUATION):
        return at
    if name == words[0] and not HANDLE.fullmatch(name.rstrip(_PUNCTUATION)):
        for word in words[1:]:
            if not word or name[-1] in ".,!?:;" or (any(map(str.isalnum, word)) and not word[0].isupper()):
                break
            name += f" {word}"
    return at + len(name.rstrip(_PUNCTUATION))
