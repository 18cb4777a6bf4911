"""Every figure that is told is defined, by the name that it has in the results."""

from __future__ import annotations

import typing

import msgspec
import pytest

from tui_live.core.definitions import ACROSS, ENGAGEMENT, SHARES, Definition, definition
from tui_live.core.engagement import EngagementResult
from tui_live.core.engagement.moments import Weights
from tui_live.core.shares import ShareRules, SharesOverSessions, SharesResult

BOTH = [(SHARES, SharesResult), (ENGAGEMENT, EngagementResult)]
#: What is no figure by itself, or stands with another.
BESIDE = {
    *(
        "start_ms",
        "until_ms",
        "observed_s",
        "gaps",
        "time_zone",
        "rules",
        "weights",
        "untold",
        "misplaced",
        "anonymous",
    ),
    *("over_minutes", "over_hours", "busiest_minute_ms", "influencers", "top_influencers", "conversion"),
    *("messages_per_minute", "gifts_per_minute", "coins_per_minute", "joins_per_minute", "events", "messages", "gifts"),
    *("guest_coins", "likes", "follows", "shares", "viewers", "people", "messages_over_time", "likes_over_time"),
    *("spikes_found", "viral_found"),
    *("coins_per_hour", "viewers_over_time", "givers", "untold_gifts"),
}


def _type(struct: type, field: str) -> typing.Any:
    return typing.get_type_hints(struct)[field]


def _is_there(struct: type, path: str) -> bool:
    name, _, rest = path.partition(".")
    if name not in struct.__struct_fields__:  # type: ignore[attr-defined]
        return False
    if not rest:
        return True
    kind = _type(struct, name)
    inner = (typing.get_args(kind) or (kind,))[0]
    return issubclass(inner, msgspec.Struct) and _is_there(inner, rest)


@pytest.mark.parametrize(("definitions", "result"), [*BOTH, (ACROSS, SharesOverSessions)])
def test_definitions_are_of_figures_that_there_are(definitions: tuple[Definition, ...], result: type) -> None:
    for one in definitions:
        assert _is_there(result, one.field), one.field
        assert definition(one.field, definitions) is one
        assert one.name and one.text.endswith(".")
        assert one.limit == "" or one.limit.endswith(".")
    assert len({one.name for one in definitions}) == len({one.field for one in definitions}) == len(definitions)


@pytest.mark.parametrize(("definitions", "result"), BOTH)
def test_no_figure_is_without_one(definitions: tuple[Definition, ...], result: type) -> None:
    told = {one.field.partition(".")[0] for one in definitions}
    assert set(result.__struct_fields__) <= told | BESIDE  # type: ignore[attr-defined]


def test_the_numbers_in_them_are_those_that_are_used() -> None:
    rules, weights = ShareRules(), Weights()
    assert (rules.after_seconds, rules.cascade_seconds) == (300, 10)
    assert "five minutes" in definition("follows_after_spikes", SHARES).text
    assert "ten seconds" in definition("cascades", SHARES).text
    said = definition("moments", ENGAGEMENT).formula
    for name, value in (("messages", weights.message), ("coins", weights.coin), ("likes", weights.like)):
        assert f"{name} × {value:g}" in said
    for name, value in (("gift messages", weights.gift), ("follows", weights.follow), ("shares", weights.share)):
        assert f"{name} × {value:g}" in said
