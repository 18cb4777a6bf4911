"""A word rule made ready: what it looks for, and the literal texts without which it cannot match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any
from unicodedata import normalize

from tui_live.core.regex_guard import PatternError, SafePattern
from tui_live.core.triggers.folding import composed, fold, whole_word
from tui_live.core.triggers.rule import Matching

#: Pictures and ideographs: they have no case and no second form, and never melt into what follows them.
_INERT = ((0x3041, 0x30FA), (0x4E00, 0x9FFF), (0x2600, 0x27BF), (0x1F300, 0x1FAFF))
_VOICED = ("\u3099", "\u309a")
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
#: A choice of more texts than these is not worth looking for.
_MOST_CHOICES = 32
#: The index looks for so many characters of a literal.
_ENOUGH = 3

#: Texts of which at least one stands in every folded text that matches; none means that nothing is known.
Literals = frozenset[str]


class Needle:
    """What one rule looks for. Raises :class:`PatternError` when it cannot or may not be used.

    ``literals``: one of them stands in every folded text that matches (none: any text may). ``plain``: its only
    literal standing there is all it needs.
    """

    __slots__ = ("_pattern", "literals", "match", "plain", "word")

    def __init__(self, word: str, match: Matching) -> None:
        self.match = match
        self.word = fold(word)
        self._pattern: SafePattern | None = None
        self.plain = match == "substring"
        if not self.word.strip():
            raise PatternError("an empty word is in every message", "write what the message must have")
        if match == "regex":
            self._pattern = SafePattern(composed(word))
            self.literals = _required(self._pattern.pattern.pattern)
        else:
            self.literals = frozenset((self.word,))

    def span(self, text: str, folded: str) -> tuple[int, int] | None:
        """Where it stands, or ``None``: first and last + 1 character.

        For a regular expression they count within ``composed(text)``, else within ``folded``, which is ``fold(text)``.
        """
        if self._pattern is not None:
            found = self._pattern.search(composed(text))
            return None if found is None else found.span()
        at = folded.find(self.word) if self.plain else whole_word(self.word, folded)
        return None if at < 0 else (at, at + len(self.word))

    @property
    def searched(self) -> int:
        """How many characters of a text it is shown at most."""
        return self._pattern.searched if self._pattern is not None else 0


@lru_cache(maxsize=2_048)
def needle(word: str, match: Matching) -> Needle:
    """The needle of a rule, made once. Raises :class:`PatternError` with what is wrong and what to do."""
    return Needle(word, match)


def trouble(word: str, match: Matching) -> str:
    """Why a rule with this word cannot be used, in a few words; empty when it can."""
    try:
        needle(word, match)
    except PatternError as error:
        return error.title
    return ""


def _required(source: str) -> Literals:
    return _of_sequence(list(_parser.parse(source, re.IGNORECASE)))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Literals:
    """The most telling literals among those that everything in sequence requires."""
    found: list[Literals] = []
    run: list[str] = []
    for kind, value in items:
        if kind is sre.LITERAL and _safe(chr(value)):
            run.append(chr(value).lower())
            continue
        if kind is sre.AT:
            continue
        if kind in _REPEATS and (again := _letters(value[2])):
            run.append(again * min(value[0], _ENOUGH))
        found.append(frozenset(("".join(run),)))
        run = []
        if kind is sre.SUBPATTERN:
            found.append(_of_sequence(value[3]))
        elif kind is sre.ATOMIC_GROUP:
            found.append(_of_sequence(value))
        elif kind is sre.BRANCH:
            found.append(_of_branches([_of_sequence(branch) for branch in value[1]]))
        elif kind is sre.IN:
            found.append(_of_branches([_of_sequence([one]) for one in value]))
        elif kind in _REPEATS and value[0] > 0:
            found.append(_of_sequence(value[2]))
    found.append(frozenset(("".join(run),)))
    return max((literals for literals in found if _telling(literals)), key=_worth, default=frozenset())


def _letters(items: Sequence[tuple[Any, Any]]) -> str:
    """The safe literal characters that this is as a whole, folded; nothing when it has anything else."""
    if len(items) == 1 and items[0][0] is sre.SUBPATTERN:
        return _letters(items[0][1][3])
    whole = all(kind is sre.LITERAL and _safe(chr(value)) for kind, value in items)
    return "".join(chr(value).lower() for _, value in items) if whole else ""


def _of_branches(branches: Sequence[Literals]) -> Literals:
    return frozenset().union(*branches) if all(branches) else frozenset()


def _telling(literals: Literals) -> bool:
    """Whether looking for these is worth it: a single Latin letter is in every message."""
    return 0 < len(literals) <= _MOST_CHOICES and all(len(text) > 1 or text > "\x7f" for text in literals)


def _worth(literals: Literals) -> tuple[int, int]:
    return min(_ENOUGH, *map(len, literals)), -len(literals)


def _safe(character: str) -> bool:
    """Whether a text in which an expression finds this character has it when folded, whatever stands beside it."""
    if character.isascii():
        return True
    code = ord(character)
    return any(low <= code <= high for low, high in _INERT) and all(
        normalize("NFKC", character.casefold() + mark) == character + mark for mark in ("", *_VOICED)
    )
