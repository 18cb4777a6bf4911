"""Which of many word rules match a text, in a few microseconds for hundreds of them.

Every rule has a literal without which it cannot match (a regular expression may have several to choose from, or none).
The index keeps the rarest three characters of each (or all of a shorter one). One search says that a
message has none, as most have; those that it has name the few rules that are looked at closely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from re import Match, escape
from re import compile as compile_pattern

from tui_live.core.regex_guard import PatternError
from tui_live.core.triggers.folding import LONGEST, fold
from tui_live.core.triggers.needles import needle
from tui_live.core.triggers.rule import Rule

#: Whether a text matches, which has the literal: the text as it is and folded.
Look = Callable[[str, str], object]
#: A literal, the place of its rule in the list, and how to look closer; nothing when the literal says it all.
Entry = tuple[str, int, Look | None]
#: Searches a folded text, from a place on.
Gate = Callable[..., Match[str] | None]
#: The letters of chats, the most frequent first: what is not here is rarer than all.
_FREQUENT = " eatoinslhrdumcygwpfbkv"


class Index:
    """The word rules of one stream. Disabled rules, other kinds and rules that cannot be used are left out."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: list[Rule] = []
        self._latin, self._all = _Plane(), _Plane()
        for rule in rules:
            if rule.kind != "word" or not rule.enabled:
                continue
            try:
                made = needle(rule.word, rule.match)
            except PatternError:
                continue
            look = None if made.plain else made.span
            for literal in made.literals or ("",):
                self._all.add((literal, len(self._rules), look))
                if literal.isascii():
                    self._latin.add((literal, len(self._rules), look))
            self._rules.append(rule)
        self._latin.close()
        self._all.close()

    def __len__(self) -> int:
        return len(self._rules)

    def find(self, text: str) -> list[Rule]:
        """The rules that match ``text`` (its first :data:`LONGEST` characters), each once, in the order given."""
        if len(text) > LONGEST:
            text = text[:LONGEST]
        if text.isascii():
            folded, plane = text.lower(), self._latin
        else:
            folded = fold(text)
            plane = self._latin if folded.isascii() else self._all
        hit = plane.search(folded)
        if hit is None and not plane.always:
            return []
        places = {
            place
            for literal, place, look in plane.near(folded, hit)
            if literal in folded and (look is None or look(text, folded) is not None)
        }
        return [self._rules[place] for place in sorted(places)]


class _Plane:
    """The literals of rules by what is looked for: three characters, or all of a shorter one.

    There is one for texts in ASCII, which are half of all and cannot have the literals of other scripts.
    """

    __slots__ = ("_entries", "_grams", "always", "search")

    def __init__(self) -> None:
        self.always: list[Entry] = []
        self.search: Gate = _gate(())
        self._grams: dict[str, list[Entry]] = {}
        self._entries: dict[str, list[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """Have ``entry`` looked at where its literal stands; an empty one stands everywhere."""
        literal = entry[0]
        entries = self._grams.setdefault(_rarest(literal), []) if literal else self.always
        entries.append(entry)

    def close(self) -> None:
        """Nothing more is added. The search stops at the shortest: what begins with it is looked at there, too."""
        self.search = _gate(self._grams)
        for gram, entries in self._grams.items():
            found = next(gram[:length] for length in (1, 2, 3) if gram[:length] in self._grams)
            self._entries.setdefault(found, []).extend(entries)

    def near(self, folded: str, hit: Match[str] | None) -> list[Entry]:
        """The entries that may match, from the first hit on, some perhaps twice."""
        grams = set()
        while hit is not None:
            grams.add(hit.group())
            hit = self.search(folded, hit.start() + 1)
        near = self.always.copy()
        for gram in grams:
            near += self._entries[gram]
        return near


def _gate(grams: Iterable[str]) -> Gate:
    """A search for the next place where one of ``grams`` stands: a tree of choices, which is quick to say no."""
    tree: dict[str, dict[str, set[str]]] = {}
    for gram in grams:
        tree.setdefault(gram[0], {}).setdefault(gram[1:2], set()).add(gram[2:3])
    choices = [f"{escape(first)}{_choice(seconds)}" for first, seconds in sorted(tree.items())]
    return compile_pattern("|".join(choices) if choices else "(?!)").search


def _choice(seconds: dict[str, set[str]]) -> str:
    if "" in seconds:
        return ""
    ends = [
        escape(second) + ("" if "" in thirds else f"[{''.join(map(escape, sorted(thirds)))}]")
        for second, thirds in sorted(seconds.items())
    ]
    return f"(?:{'|'.join(ends)})"


def _rarest(literal: str) -> str:
    """The three characters in a row of ``literal`` that chats have least; all of a shorter one."""
    return min((literal[at : at + 3] for at in range(max(1, len(literal) - 2))), key=_frequency)


def _frequency(gram: str) -> float:
    product = 1.0
    for character in gram:
        place = _FREQUENT.find(character)
        product *= 1 if place < 0 else len(_FREQUENT) + 1 - place
    return product
