"""The people of a comparison: who shared and spent in all sessions, and what came of the shares."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Across
from tui_live.core.counts import several
from tui_live.report.markup import Content, named, person, tag
from tui_live.report.page import block
from tui_live.report.tables import Fact, facts, note_of, table
from tui_live.report.words import (
    UNTOLD,
    a_minute,
    figure,
    full,
    hourly,
    minutes_of,
    percent,
    reach_of,
    sample,
)

_SUMS = "Of all sessions added up: whoever shared in two of them counts twice."
_LISTED = "as many as came back in one session, and as are on two sessions' lists"
_FEW = "Of sessions with more people than their lists are long, only those on the lists are added up."


def people(across: Across) -> Content:
    """Who shared and spent most in all sessions, and what was given."""
    shared, engaged = across.shares, across.engagement
    sharers = [
        (
            number,
            person(one.display_name, one.username),
            full(one.shares),
            f"{one.sessions:,} of {len(across.sessions):,}",
            "–" if one.followers is None else full(one.followers),
        )
        for number, one in enumerate(shared.top_sharers, 1)
    ]
    spenders = [
        (number, person(one.display_name, one.username), full(one.units), full(one.coins))
        for number, one in enumerate(engaged.spenders, 1)
    ]
    gifts = [(named(one.gift_name), full(one.units), full(one.coins)) for one in engaged.gifts]
    part = shared.regular_sharers
    regular = f"{sample(part)} ({percent(part.share)})" if shared.complete else _regular(across)
    few = "" if shared.complete else f"{_FEW} "
    return [
        block(
            "Top sharers",
            table(("#", "who", "#shares", "#sessions", "#followers"), sharers, "Nobody who shared is named."),
            note=f"Shared in two sessions or more: {regular}. {few}{note_of('top_sharers', 'shares')}",
            wide=True,
        ),
        tag(
            "div",
            block(
                "Top spenders",
                table(("#", "who", "#gifts", "#coins"), spenders, "Nobody gave."),
                note=f"{'' if engaged.spenders_complete else _FEW + ' '}{note_of('spenders', 'engagement')}",
                wide=True,
            ),
            block(
                "Most sent gifts",
                table(("gift", "#units", "#coins"), gifts, "Nothing was given."),
                note=f"From the sessions' lists of gifts. {note_of('most_sent', 'engagement')}",
                wide=True,
            ),
            class_="pair",
        ),
    ]


def sharing_together(across: Across) -> Content:
    """The figures of the shares of all sessions."""
    one = across.shares
    an_hour = figure(hourly(one.per_minute.per_minute))
    twice = "Whoever shared in two sessions counts twice."
    return block(
        "In figures",
        facts(
            [
                Fact("shares", full(one.shares)),
                Fact(
                    "per_minute",
                    a_minute(one.per_minute.per_minute),
                    f"{an_hour} an hour, {minutes_of(one.per_minute)}",
                ),
                Fact("sharers", f"{at_least(across)}{full(one.sharers)}", None if one.complete else _FEW),
                Fact(
                    "",
                    percent(one.regular_sharers.share) if one.complete else _regular(across),
                    sample(one.regular_sharers) if one.complete else _LISTED,
                    "Regular sharers",
                    "Shared in two sessions or more.",
                ),
                Fact("reach", *reach_of(one.reach), "", None if one.complete else _SUMS),
                Fact(
                    "influencer_shares",
                    percent(one.influencer_shares.share) if one.influencer_shares.of else UNTOLD,
                    sample(one.influencer_shares),
                ),
                Fact("spikes", full(one.spikes), _left_out([line.spikes for line in one.lines])),
                Fact("cascades", full(one.cascades), _left_out([line.cascades for line in one.lines])),
                Fact("conversion.followed", percent(one.followed.share), f"{sample(one.followed)}. {twice}"),
                Fact("conversion.engaged", percent(one.engaged.share), f"{sample(one.engaged)}. {twice}"),
            ],
            "shares",
        ),
        wide=True,
    )


def at_least(across: Across) -> str:
    """What stands before numbers of people that are counted on lists that are not complete."""
    return "" if across.shares.complete else "at least "


def _regular(across: Across) -> str:
    """How many shared in several sessions, as far as that is known."""
    return f"{at_least(across)}{full(across.shares.regular_sharers.part)}"


def _left_out(counts: Sequence[int | None]) -> str | None:
    """How many sessions are too short or too busy to know it."""
    unknown = counts.count(None)
    return f"not known in {unknown:,} of {several(len(counts), 'session')}" if unknown else None
