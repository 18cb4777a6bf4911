"""What stands at the end of every report: the definitions of all figures, and where it comes from."""

from __future__ import annotations

from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import block
from tui_live.report.tables import GROUPS, anchor, table
from tui_live.report.words import Clock

_HEADS = ("figure", "what it is", "how it is computed", "what it cannot tell")


def definitions() -> Markup:
    """Every figure with its formula and its limits, in the words that the console has, too."""
    made = []
    for title, group in (("Engagement", "engagement"), ("Shares", "shares")):
        rows = [
            (tag("span", one.name, id=anchor(one.field, group)), one.text, one.formula or "–", one.limit or "–")
            for one in GROUPS[group]
        ]
        made.append(block(title, table(_HEADS, rows, ""), wide=True))
    return tag("div", made, class_="definitions")


def foot(clock: Clock, made_ms: int, what: str) -> Content:
    """Which sessions, made when, and what to be careful about."""
    made = f"Made by TUI Live on {clock.date(made_ms)}, {clock.time(made_ms)}."
    return [
        tag("p", f"{what}. {made} Times are local: {clock.name}."),
        tag(
            "p",
            "Everything here is from messages that TikTok sent while somebody was recording. TikTok tells nobody's "
            "leaving, so nothing here is about retention. This file loads nothing and sends nothing. It names people: "
            "treat it as such.",
        ),
    ]
