"""What a person types to see less of the log, as a test of one line.

``type:chat,gift  user:ana  stream:alice  word  "two words"  /regex/  !not  !type:like``

Terms are all required; a comma means or; ``!`` turns one around; upper and lower case are the same. A word is looked
for in text, nickname and handle, a regular expression in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tui_live.core.events import TYPES
from tui_live.core.log import HANDLE, NICKNAME, NOTE, STREAM, SUBTYPE, TEXT, TRIGGER, TYPE, USER_ID, Row
from tui_live.core.regex_guard import SafePattern
from tui_live.errors import TuiLiveError

Test = Callable[[Row], bool]

#: Characters of the longest word that stands for a type.
LONGEST = 7
#: Words for types as the log shows them, where they differ from the event's type: (type, subtype).
SHOWN_AS = {
    ("member", ""): "join",
    ("room_update", ""): "room",
    ("control", ""): "ctrl",
    ("moderation", ""): "mod",
    ("envelope", ""): "envel",
    ("shopping", ""): "shop",
    ("question", ""): "ask",
    ("social", "follow"): "follow",
    ("social", "share"): "share",
    ("social", "subscribe"): "sub",
    (NOTE, ""): "state",
    (NOTE, TRIGGER): "trig",
}
_SUBTYPES = (
    *("joined", "follow", "share", "subscribe", "mic_battle", "armies", "punish", "task", "item_card", "rank_update"),
    *("rank_text", "hourly", "message_deleted", "user_removed", "paused", "resumed", "ended", "suspended", "super_fan"),
)
#: What ``type:`` accepts.
KNOWN_TYPES = frozenset((*TYPES, NOTE, *_SUBTYPES, *SHOWN_AS.values()))

_TERM = re.compile(r'(!?)(?:(type|user|stream):)?((?:"[^"]*(?:"|$)|[^\s"])*)\s*', re.IGNORECASE)
_REGEX = re.compile(r"(!?)/((?:\\.|[^/\\])*)(?:/|\\?$)\s*")
_VALUE = re.compile(r'"([^"]*)(?:"|$)|([^,"]+)')


class FilterError(TuiLiveError):
    """A filter that cannot be used; the previous one stays."""


class LogFilter(NamedTuple):
    """A parsed filter. ``match`` is ``None`` when it accepts everything; ``heavy`` says that one line may take long."""

    source: str = ""
    match: Test | None = None
    heavy: bool = False
    words: tuple[str, ...] = ()
    patterns: tuple[SafePattern, ...] = ()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where words and patterns of the filter stand in ``text``, in characters, in order, at most a few."""
        found: list[tuple[int, int]] = []
        lowered = text.lower()
        if len(lowered) == len(text):
            for word in self.words:
                at = lowered.find(word)
                while at >= 0 and len(found) < 16:
                    found.append((at, at + len(word)))
                    at = lowered.find(word, at + len(word))
        for pattern in self.patterns:
            match = pattern.search(text)
            if match is not None and match.end() > match.start():
                found.append(match.span())
        return sorted(found)


def shown_type(kind: str, subtype: str) -> str:
    """The short word that stands for an event's type on the screen; at most :data:`LONGEST` characters."""
    return SHOWN_AS.get((kind, subtype)) or SHOWN_AS.get((kind, "")) or kind[:LONGEST]


def parse(source: str, stream_names: Mapping[int, str]) -> LogFilter:
    """Understand what was typed; raises ``TuiLiveError`` with a line for the person who typed it.

    ``stream_names`` is looked at while lines are tested, so that streams named later are found too.
    """
    tests: list[Test] = []
    words: list[str] = []
    patterns: list[SafePattern] = []
    heavy = False
    place = 0
    source = source.strip()
    while place < len(source):
        regex = _REGEX.match(source, place)
        if regex is not None:
            place = regex.end()
            if regex[2]:
                heavy = True
                pattern = SafePattern(regex[2].replace(r"\/", "/"))
                tests.append(_turned(_pattern_test(pattern), turn=bool(regex[1])))
                if not regex[1]:
                    patterns.append(pattern)
            continue
        term = _TERM.match(source, place)
        if term is None or term.end() == place:
            break
        place = term.end()
        turn, key = bool(term[1]), (term[2] or "").lower()
        values = tuple((quoted or bare).lower() for quoted, bare in _VALUE.findall(term[3]) if quoted or bare)
        if not values:
            continue
        tests.append(_turned(_TESTS[key](values, stream_names), turn=turn))
        if not key and not turn:
            words.extend(values)
    return LogFilter(source, _all(tests), heavy, tuple(words), tuple(patterns))


def _types(values: tuple[str, ...], names: Mapping[int, str]) -> Test:
    for value in values:
        if value not in KNOWN_TYPES and not value.startswith("webcast"):
            from difflib import get_close_matches

            near = get_close_matches(value, KNOWN_TYPES, 3)
            raise FilterError(
                f"no type is called {value}", f"did you mean {', '.join(near)}?" if near else "try type:chat"
            )
    wanted = frozenset(values)
    known: dict[tuple[str, str], bool] = {}

    def test(row: Row) -> bool:
        key = (row[TYPE], row[SUBTYPE])
        answer = known.get(key)
        if answer is None:
            if len(known) > 1000:
                known.clear()
            names_of_it = {key[0].lower(), key[1].lower(), shown_type(*key)}
            answer = known[key] = not wanted.isdisjoint(names_of_it)
        return answer

    return test


def _users(values: tuple[str, ...], names: Mapping[int, str]) -> Test:
    def test(row: Row) -> bool:
        who = f"{row[NICKNAME]}\n{row[HANDLE]}".lower()
        return any(value in who or value == row[USER_ID] for value in values)

    return test


def _streams(values: tuple[str, ...], names: Mapping[int, str]) -> Test:
    wanted = tuple(value.lstrip("@") for value in values)
    known: dict[str, bool] = {}

    def test(row: Row) -> bool:
        name = names.get(row[STREAM], "")
        answer = known.get(name)
        if answer is None:
            lowered = name.lower()
            answer = known[name] = any(value in lowered for value in wanted)
        return answer

    return test


def _words(values: tuple[str, ...], names: Mapping[int, str]) -> Test:
    if len(values) == 1:
        word = values[0]

        def one(row: Row) -> bool:
            return word in f"{row[TEXT]}\n{row[NICKNAME]}\n{row[HANDLE]}".lower()

        return one

    def several(row: Row) -> bool:
        line = f"{row[TEXT]}\n{row[NICKNAME]}\n{row[HANDLE]}".lower()
        return any(word in line for word in values)

    return several


_TESTS: dict[str, Callable[[tuple[str, ...], Mapping[int, str]], Test]] = {
    "": _words,
    "type": _types,
    "user": _users,
    "stream": _streams,
}


def _pattern_test(pattern: SafePattern) -> Test:
    search, length = pattern.pattern.search, pattern.searched

    def test(row: Row) -> bool:
        return search(row[TEXT], 0, length) is not None

    return test


def _turned(test: Test, *, turn: bool) -> Test:
    return (lambda row: not test(row)) if turn else test


def every(*tests: Test | None) -> Test | None:
    """A line must pass each of these; ``None`` passes everything."""
    return _all([test for test in tests if test is not None])


def _all(tests: list[Test]) -> Test | None:
    if len(tests) < 2:
        return tests[0] if tests else None
    if len(tests) == 2:
        first, second = tests
        return lambda row: first(row) and second(row)
    several = tuple(tests)
    return lambda row: all(test(row) for test in several)
