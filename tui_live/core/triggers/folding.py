"""What counts as the same text for a trigger, and where a word ends.

Case never matters, nor do composed and decomposed letters, full-width and other compatibility forms (``ｃｌｉｐ``,
``𝐜𝐥𝐢𝐩``), the Turkish i's, or whether a sign is drawn as a coloured picture (``❤`` and ``❤️``). Accents do matter.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from tui_live.core.words import is_unspaced

#: A comment on TikTok has at most 150 characters; of anything longer so many are looked at.
LONGEST = 1_000
#: Letters whose case Python's ``casefold`` and its regular expressions see differently: one spelling for both.
_ODD = {"i\u0307": "i", "\u0130": "i", "\u0131": "i", "\u017f": "s"}
#: The choice between a coloured and a plain picture.
_CHOICES = ("\ufe0e", "\ufe0f")


def composed(text: str) -> str:
    """``text`` as regular expressions see it: composed, case kept, widths kept."""
    if text.isascii():
        return text
    for choice in _CHOICES:
        text = text.replace(choice, "")
    text = normalize("NFC", text)
    odd = [letter for letter in _ODD if letter in text]
    if odd:
        for letter in odd:
            text = text.replace(letter, _ODD[letter])
        text = normalize("NFC", text)
    return text


def fold(text: str) -> str:
    """``text`` as substrings and words see it: composed, without case and width."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", composed(text)).casefold())


def joins(character: str) -> bool:
    """Whether the character makes one word with a like one beside it: a letter, digit, underscore or combining mark.

    Those of scripts without spaces between words (CJK, kana, Thai …) and of Korean, whose words inflect, do not: there
    a word is found wherever it stands, and ``clip`` is a word of ``请clip一下``.
    """
    if character.isascii():
        return character.isalnum() or character == "_"
    if is_unspaced(character):
        return False
    return re.match(r"\w", character) is not None or category(character)[0] == "M"


def whole_word(word: str, folded: str) -> int:
    """Where the folded ``word`` stands in ``folded`` and is no part of a longer word, or -1.

    An edge of it that is no word character itself (``!clip``) may touch anything.
    """
    left, right = joins(word[0]), joins(word[-1])
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        if not (left and at and joins(folded[at - 1])) and not (right and end < len(folded) and joins(folded[end])):
            return at
        at = folded.find(word, at + 1)
    return -1
