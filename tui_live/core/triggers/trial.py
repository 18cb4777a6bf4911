"""Trying a rule before it costs a clip: on a sample that somebody types, and on what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from tui_live.core.events import Event
from tui_live.core.regex_guard import PatternError
from tui_live.core.triggers.folding import LONGEST, composed, fold, joins
from tui_live.core.triggers.needles import Needle, needle
from tui_live.core.triggers.rule import Match, Rule, RuleView
from tui_live.core.triggers.watch import Triggers


class Trial(Struct, frozen=True):
    """Whether a sample would save a clip and ``why``, in words; ``start`` and ``end`` are where it matches.

    They are characters of the sample, both 0 where nothing is to be marked.
    """

    matches: bool
    why: str
    start: int = 0
    end: int = 0


def try_rule(rule: Rule, sample: str) -> Trial:
    """What ``rule`` makes of ``sample``: a message for a word rule, a number of coins for a gift rule.

    Streams and cooldowns are not looked at, and a disabled rule is tried like any other. Never raises: a rule that
    cannot be used says so.
    """
    if rule.kind == "rate":
        return Trial(False, f"no text can show it: {rule.of} must come {rule.times:g} times as often as usual")
    if rule.kind == "gift":
        return _coins(rule, sample)
    try:
        made = needle(rule.word, rule.match)
    except PatternError as error:
        return Trial(False, f"cannot be used: {error}")
    text = sample[:LONGEST]
    span = made.span(text, fold(text))
    if span is None:
        return Trial(False, f"no: {_why_not(made, text, longer=len(sample) > LONGEST)}")
    start, end = _origin(composed if rule.match == "regex" else fold, text, *span)
    return Trial(True, f"matches “{text[start:end]}” at character {start + 1}", start, end)


def _coins(rule: Rule, sample: str) -> Trial:
    digits = sample.strip().replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return Trial(False, "looks at gifts: type a number of coins")
    coins = int(digits)
    if coins >= rule.coins:
        return Trial(True, f"matches a gift of {coins:,} coins, or a streak when it reaches {rule.coins:,}")
    return Trial(False, f"no: {coins:,} coins are less than {rule.coins:,}")


def _why_not(made: Needle, text: str, *, longer: bool) -> str:
    """The reason, for a text that does not match."""
    folded = fold(text)
    at = folded.find(made.word) if made.match == "word" else -1
    if at >= 0:
        start, end = at, at + len(made.word)
        while start > 0 and joins(folded[start - 1]):
            start -= 1
        while end < len(folded) and joins(folded[end]):
            end += 1
        around = slice(*_origin(fold, text, start, end))
        return f"the word stands inside “{text[around][:60]}”"
    if made.searched and len(composed(text)) > made.searched:
        return f"the expression is not in the first {made.searched} characters, and more are not searched"
    if longer:
        return f"it is not in the first {LONGEST:,} characters, and more are not searched"
    return "the expression finds nothing" if made.match == "regex" else "it is not in the text"


def _origin(change: Callable[[str], str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where in ``text`` the characters from ``start`` to ``end`` of ``change(text)`` come from."""
    if text.isascii():
        return start, end
    lengths = [len(change(text[:at])) for at in range(len(text) + 1)]
    first = max(at for at, length in enumerate(lengths) if length <= start)
    last = min((at for at, length in enumerate(lengths) if length >= end), default=len(text))
    # What melts into the last character, or counts for nothing, belongs to it.
    last = max(at for at, length in enumerate(lengths) if length == lengths[last])
    return first, max(last, first)


class DryRun:
    """Rules on recorded chat: what they would have saved, cooldowns included, by the code that works live.

    Feed it the batches of one stream or several in the order of their arrival, in slices as large as one likes.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._triggers = Triggers(rules)
        self._now_s = 0.0

    def feed(self, stream: str, received_ms: int, events: Sequence[Event]) -> list[Match]:
        """What a batch would have saved. ``received_ms``: when it came, any clock; going back counts as standing."""
        self._now_s = max(self._now_s, received_ms / 1000)
        return self._triggers.look(stream, events, self._now_s)

    def views(self) -> list[RuleView]:
        """The counts of every rule, as of the latest batch."""
        return self._triggers.views(self._now_s)
