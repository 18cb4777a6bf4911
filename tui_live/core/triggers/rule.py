"""A trigger rule, a match of it, and how it has been doing."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tui_live.core.events import Event

Kind = Literal["word", "gift", "rate"]
Matching = Literal["substring", "word", "regex"]


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. ``number`` is its identity while the program runs, from 1 on, and stays when the rule is changed.

    Of ``word`` (with ``match``), ``coins`` (a gift of so many or more) and ``of`` (what is counted: ``chat``, ``gift``
    or ``share``, with ``times`` the usual rate) the one that ``kind`` names counts. ``streams`` are names, none means
    all. Cooldowns are seconds.
    """

    number: int
    kind: Kind = "word"
    word: str = ""
    match: Matching = "substring"
    coins: int = 0
    of: str = ""
    times: float = 0.0
    streams: tuple[str, ...] = ()
    cooldown_s: float = 0.0
    per_user_cooldown_s: float = 0.0
    enabled: bool = True

    @property
    def label(self) -> str:
        """What names a clip of it: the word, ``gift-1000``, ``chat-rate``."""
        if self.kind == "gift":
            return f"gift-{self.coins}"
        return f"{self.of}-rate" if self.kind == "rate" else self.word


class Match(Struct, frozen=True):
    """A rule has matched: which one, in which stream, and the message (``None`` for a spike)."""

    rule: Rule
    stream: str
    event: Event | None


class RuleView(Struct, frozen=True):
    """A rule as a screen shows it.

    ``matches`` fired, ``suppressed`` fell into a cooldown (the rule's or the person's), both since the program started.
    ``cooldown_s`` is what is left of the rule's cooldown. ``last_clip`` is the name of its latest clip's file, or why
    there is none; ``last_ms`` when it last matched (UTC, 0: never). ``trouble`` says why the rule cannot be used.
    """

    rule: Rule
    matches: int = 0
    suppressed: int = 0
    cooldown_s: float = 0.0
    last_ms: int = 0
    last_clip: str = ""
    trouble: str = ""
