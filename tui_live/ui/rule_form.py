"""A trigger rule as the fields of a form, and back to what ``config.yaml`` would say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tui_live.core.log import COINS, DATA, TEXT, TYPE, Row
from tui_live.core.text import drawn, stored
from tui_live.errors import TuiLiveError

#: What a rule may look for, and how the form calls it.
KINDS = (("word", "a word in the chat"), ("gift", "a gift"), ("rate", "a spike"))
MATCHES = (("substring", "anywhere"), ("word", "as a word by itself"), ("regex", "regular expression"))
COUNTED = (("chat", "chat"), ("gift", "gifts"), ("share", "shares"))
STATES = (("on", "on"), ("off", "off"))
#: The longest text a word rule takes.
_LONGEST = 200
#: What the settings are called in the form.
_NAMES = {
    "word": "the text",
    "gift_coins": "coins",
    "rate.times": "times",
    "cooldown_seconds": "pause",
    "per_user_cooldown_seconds": "per person",
    "streams": "streams",
}


class RuleForm(Struct, frozen=True, kw_only=True):
    """Fields as they are typed."""

    kind: str = "word"
    word: str = ""
    match: str = "substring"
    coins: str = ""
    of: str = "chat"
    times: str = "3"
    streams: str = ""
    cooldown: str = ""
    per_user: str = ""
    state: str = "on"

    @classmethod
    def of_rule(cls, written: Mapping[str, Any]) -> RuleForm:
        """The fields of a rule as a mapping of all its settings."""
        rate = written.get("rate") or {}
        coins = written.get("gift_coins")
        return cls(
            kind="gift" if coins is not None else "rate" if rate else "word",
            word=_printable(written.get("word") or ""),
            match=written.get("match") or "substring",
            coins="" if coins is None else str(coins),
            of=rate.get("of", "chat"),
            times=f"{rate.get('times', 3):g}",
            streams=", ".join(written.get("streams") or ()),
            cooldown=_seconds(written.get("cooldown_seconds")),
            per_user=_seconds(written.get("per_user_cooldown_seconds")),
            state="on" if written.get("enabled", True) else "off",
        )

    @classmethod
    def of_line(cls, row: Row) -> RuleForm | None:
        """A rule that a line of the log would fire: its text, or a gift of so many coins; ``None`` for no text."""
        if row[TYPE] == "gift":
            return cls(kind="gift", coins=str(max(1, row[COINS], getattr(row[DATA], "total_cost", 0))))
        text = _printable(row[TEXT]).strip()[:_LONGEST].strip()
        return cls(word=text) if text else None

    @property
    def blank(self) -> bool:
        """Whether what the rule looks for is still to be typed."""
        return not {"word": self.word, "gift": self.coins, "rate": self.times}[self.kind].strip()

    def wanted(self) -> dict[str, Any]:
        """The rule as ``config.yaml`` would have it. Numbers that are none stay as they were typed."""
        said: dict[str, Any] = {"enabled": self.state == "on"}
        if self.kind == "gift":
            said["gift_coins"] = self.coins.replace(",", "").replace("_", "").strip()
        elif self.kind == "rate":
            said["rate"] = {"of": self.of, "times": self.times.strip()}
        else:
            said |= {"word": self.word, "match": self.match}
        said["streams"] = [name for name in re.split(r"[,\s]+", self.streams) if name]
        for name, typed in (("cooldown_seconds", self.cooldown), ("per_user_cooldown_seconds", self.per_user)):
            if typed.strip():
                said[name] = typed.strip()
        return said


def trouble_of(error: TuiLiveError) -> str:
    """What is wrong with a rule, in one line that names the field of the form instead of the setting."""
    title, remedy = error.title, error.remedy.removeprefix("allowed: ")
    name, found, value = title.partition(" cannot be ")
    setting = re.sub(r"\[\d+\]$", "", name)
    if not found or setting not in _NAMES:
        nested = re.search(r"\((.*)\)$", remedy)
        return drawn(nested[1] if nested else remedy or title)
    return drawn(f"{_NAMES[setting]}: {value} — {remedy}" if value != "''" else f"{_NAMES[setting]}: {remedy}")


def _printable(word: str) -> str:
    """A field draws what it holds: a file may have said anything."""
    return word if word.isprintable() else stored(word)


def _seconds(value: float | None) -> str:
    return f"{value:g}" if value else ""
