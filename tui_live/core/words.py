"""Words for the full-text index.

SQLite's tokenizers split at spaces and punctuation, so a Chinese or Japanese sentence would be one word. Runs of such
letters are written as overlapping pairs instead: any two-character word is then a word of the index, and a longer one
is found through its pairs (the query checks the text itself afterwards).
"""

from __future__ import annotations

import re
import unicodedata

#: Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, CJK ideographs, and Hangul, whose words inflect.
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")


def index_words(text: str) -> str:
    """``text`` as it goes into the index: unspaced runs as pairs and their last character, the rest as it is."""
    if text.isascii():
        return text
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", unicodedata.normalize("NFKC", text))


def match_query(text: str) -> str:
    """An FTS5 expression for what somebody typed: every word must occur, the Latin ones as prefixes.

    Empty when there is no word in it.
    """
    terms: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        if not _RUN.match(word) or len(word) == 1:
            terms.append(f'"{word}"*')
        else:
            terms.extend(f'"{word[at : at + 2]}"' for at in range(len(word) - 1))
    return " ".join(terms)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]
