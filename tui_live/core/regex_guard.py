"""Regular expressions that a person types, made safe to run a hundred thousand times on hostile text.

Python's engine backtracks and cannot be interrupted, so the cost is bounded beforehand: what nests repeats is refused,
and the more open repeats and optional parts a pattern has, the less text it is shown.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from tui_live.errors import TuiLiveError

_LONGEST_PATTERN = 200
#: Of a text at most so many characters are searched, and as many fewer as a pattern needs to stay within …
_SEARCHED = 300
#: … so many steps, which take one to two milliseconds: the worst case is choices * length ** (open repeats + 1).
_STEPS = 500_000
#: What could be shown less than this is refused.
_LEAST_SEARCHED = 20
_MOST_REPEATS = 2
#: How many ways optional parts may be combined.
_MOST_CHOICES = 64
#: What adds nothing to a search but time.
_LEADING = re.compile(r"(?:\.\*\??)+")
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class PatternError(TuiLiveError):
    """A regular expression that cannot or may not be used."""


class SafePattern:
    """A compiled, case-insensitive pattern and how much text it may be shown."""

    __slots__ = ("pattern", "searched")

    def __init__(self, source: str) -> None:
        if len(source) > _LONGEST_PATTERN:
            raise PatternError("the regular expression is too long", f"at most {_LONGEST_PATTERN} characters")
        if "|" not in source:
            leading = _LEADING.match(source)
            source = source[leading.end() :] if leading else source
        try:
            parsed = _parser.parse(source, re.IGNORECASE)
            self.pattern = re.compile(source, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternError(f"bad regular expression: {error}", "the previous filter stays") from None
        cost = _Cost()
        items = list(parsed)
        # An open repeat of anything at the end adds nothing to a search.
        while items and _anything(items[-1]):
            items.pop()
        cost.sequence(items, inside=False)
        if cost.repeats > _MOST_REPEATS:
            raise PatternError("too many open repeats in the regular expression", "write it as several: /one/ /two/")
        if cost.choices > _MOST_CHOICES:
            raise PatternError("too many optional parts in the regular expression", "write it as several: /one/ /two/")
        self.searched = min(_SEARCHED, int((_STEPS / cost.choices) ** (1 / (cost.repeats + 1))))
        if self.searched < _LEAST_SEARCHED:
            raise PatternError(
                "too many optional parts beside open repeats in the regular expression",
                "write it as several: /one/ /two/",
            )

    def search(self, text: str) -> re.Match[str] | None:
        """The first match within the part of ``text`` that is searched."""
        return self.pattern.search(text, 0, self.searched)


def _anything(item: tuple[Any, Any]) -> bool:
    kind, value = item
    return kind in _REPEATS and value[1] == sre.MAXREPEAT and len(value[2]) == 1 and value[2][0][0] is sre.ANY


class _Cost:
    """Counts open repeats and the choices that a backtracking engine may have to try."""

    def __init__(self) -> None:
        self.repeats = 0
        self.choices = 1

    def sequence(self, items: Any, *, inside: bool) -> None:
        for kind, value in items:
            if kind in _REPEATS:
                self._repeat(value, inside=inside)
            elif kind is sre.BRANCH:
                if inside:
                    raise PatternError("a choice inside a repeat is too slow", "leave out the repeat, or use [abc]")
                branches = value[1]
                self.choices *= len(branches)
                for branch in branches:
                    self.sequence(branch, inside=inside)
            elif kind is sre.SUBPATTERN:
                self.sequence(value[3], inside=inside)
            elif kind in (sre.ASSERT, sre.ASSERT_NOT):
                self.sequence(value[1], inside=inside)
            elif kind is sre.ATOMIC_GROUP:
                self.sequence(value, inside=inside)
            elif kind is sre.GROUPREF:
                self.repeats += 1  # it is as long as what it repeats, and is compared as a whole
            elif kind is sre.GROUPREF_EXISTS:
                raise PatternError("conditional groups are not supported", "write it as several: /one/ /two/")

    def _repeat(self, value: Any, *, inside: bool) -> None:
        least, most, body = value
        if inside:
            raise PatternError(
                "a repeat inside a repeat is too slow", "write (ab)+ as (ab), or as several: /one/ /two/"
            )
        if most == sre.MAXREPEAT or most - least > _MOST_CHOICES:
            self.repeats += 1
        else:
            self.choices *= most - least + 1
        self.sequence(body, inside=True)
