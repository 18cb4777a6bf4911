"""Words for the full-text index, and what somebody searches for.

SQLite's tokenizers know the letters of some year's Unicode and split at spaces and punctuation: a Chinese sentence
would be one word, and a new emoji a letter of the word beside it. So words are found here, and the index is given
nothing but words, without case and accents, and splits at the spaces between them. Runs of letters that are written
without spaces become overlapping pairs: any two-character word is then a word of the index, and a longer one is found
through its pairs (the query checks the text itself afterwards). Emoji and other signs are words, each by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, CJK ideographs, and Hangul, whose words inflect.
UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
#: Currencies, keycaps, arrows, mathematics, shapes, dingbats, and all of emoji, those of coming years, too.
_SIGNS = "\u00a9\u00ae\u20a0-\u20cf\u20e3\u2190-\u2bff\u3030\u303d\U0001f000-\U0001fbff"
#: What makes one picture of several, stands between them and is no sign by itself.
_JOINER = "\u200d"
_RUN = re.compile(f"[{UNSPACED}]+")
_LETTERS = rf"[^\W_{UNSPACED}{_SIGNS}]"
_WORD = re.compile(f"[{UNSPACED}]+|[{_SIGNS}]|{_LETTERS}+")
_TERM = re.compile(f"[{UNSPACED}]+|[{_SIGNS}]+(?:{_JOINER}+[{_SIGNS}]+)*|{_LETTERS}+")
_SIGN = re.compile(f"[{_SIGNS}]")
_QUOTED = re.compile(r'"([^"]*)"')
#: Accents, and the choice between a coloured and a plain picture.
_MARKS = re.compile("[\u0300-\u036f\ufe0e\ufe0f]+")
#: More of a query than anybody types is not looked at, and no more terms than these are asked of the index.
_MOST_CHARACTERS = 400
_MOST_TERMS = 24
#: Nor is more of a text: TikTok allows some 150 characters of a comment, and a hostile one may be thousands, of which
#: each becomes eighteen.
_MOST_OF_A_TEXT = 1_000


def index_words(text: str) -> str:
    """The words of ``text`` for the index, whose tokenizer splits at ASCII that is no letter or digit.

    Of a long text only the beginning is indexed.
    """
    text = text[:_MOST_OF_A_TEXT]
    return text if text.isascii() else _words(_beginning(text))


def is_cut(text: str) -> bool:
    """Whether only the beginning of ``text`` is indexed."""
    return len(text) > _MOST_OF_A_TEXT or len(fold(text)) > _MOST_OF_A_TEXT


def whole_index_words(text: str) -> str:
    """As :func:`index_words`, however long the text is: what databases of an earlier version have in their index."""
    if text.isascii():
        return text
    return _words(fold(text))


def _words(folded: str) -> str:
    words: list[str] = _WORD.findall(folded)
    if _RUN.search(folded) is None:
        return " ".join(words)
    return " ".join([term for word in words for term in (_pairs(word) if _RUN.match(word) else (word,))])


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def match_query(text: str) -> str:
    """An FTS5 expression for what somebody typed: every word must occur, those of spaced scripts as prefixes.

    Empty when there is no word in it.
    """
    terms: dict[str, None] = {}
    for word in _WORD.findall(fold(text[:_MOST_CHARACTERS])):
        if _SIGN.match(word):
            terms[f'"{word}"'] = None
        elif len(word) == 1 or not _RUN.match(word):
            terms[f'"{word}"*'] = None
        else:
            terms |= dict.fromkeys(f'"{word[at : at + 2]}"' for at in range(len(word) - 1))
    return " ".join(list(terms)[:_MOST_TERMS])


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script that puts no spaces between words."""
    return _RUN.match(character) is not None


class Query:
    """What somebody searches for: words and emoji that must all occur (words of spaced scripts as prefixes), and
    ``"quoted phrases"``.

    ``expression`` asks the full-text index, and is empty when there is nothing to search for; it may find too much (the
    pairs of a longer Chinese word need not stand together, nor the words of a phrase), so :meth:`matches` has the last
    word about a text.
    """

    def __init__(self, text: str) -> None:
        text = text[:_MOST_CHARACTERS]
        phrases = [re.escape(phrase) for quoted in _QUOTED.findall(text) if (phrase := fold(quoted).strip())]
        terms = [*dict.fromkeys(_TERM.findall(fold(_QUOTED.sub(" ", text)))), *phrases]
        self.expression = match_query(text)
        self._words = [re.compile(f"(?<!{_LETTERS}){term}" if re.match(_LETTERS, term) else term) for term in terms]

    def matches(self, text: str) -> bool:
        """Whether every word and every phrase stands in ``text``, or in the beginning of a long one."""
        folded = _beginning(text)
        return bool(self._words) and all(word.search(folded) for word in self._words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words and phrases stand in ``text``, in characters, in order, at most a few."""
        text = text[:_MOST_OF_A_TEXT]
        folded = text.lower()
        origins: Sequence[int] = range(len(text))
        if not text.isascii():
            parts = [fold(character) for character in text]
            folded = "".join(parts)
            origins = [place for place, part in enumerate(parts) for _ in part]
        found = [
            (origins[match.start()], origins[match.end() - 1] + 1)
            for word in self._words
            for match, _ in zip(word.finditer(folded), range(_MOST_TERMS), strict=False)
        ]
        return sorted(found)


def _beginning(text: str) -> str:
    """As much of a folded text as is looked at; some signs become many letters."""
    return fold(text[:_MOST_OF_A_TEXT])[:_MOST_OF_A_TEXT]


def fold(text: str) -> str:
    """``text`` without case, width variants and accents: what counts as the same when searching."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain).lower()
