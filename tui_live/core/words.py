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


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script that puts no spaces between words."""
    return _RUN.match(character) is not None


class Query:
    """What somebody searches for: words that must all occur (the Latin ones as prefixes), and ``"quoted phrases"``.

    ``expression`` asks the full-text index; it may find too much (the pairs of a longer Chinese word need not stand
    together, nor the words of a phrase), so :meth:`matches` has the last word about a text.
    """

    def __init__(self, text: str) -> None:
        phrases = [phrase for quoted in _QUOTED.findall(text) if (phrase := fold(quoted).strip())]
        self.expression = match_query(text)
        self._words = [
            re.compile(re.escape(word) if _RUN.match(word) else rf"(?<![^\W_{_UNSPACED}]){re.escape(word)}")
            for word in _WORD.findall(fold(_QUOTED.sub(" ", text)))
        ] + [re.compile(re.escape(phrase)) for phrase in phrases]

    def matches(self, text: str) -> bool:
        """Whether every word and every phrase stands in ``text``."""
        folded = fold(text)
        return bool(self._words) and all(word.search(folded) for word in self._words)


_QUOTED = re.compile(r'"([^"]*)"')
_MARKS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """``text`` without case, width variants and accents: what counts as the same when searching."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain).lower()
