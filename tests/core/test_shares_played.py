"""What a scenario plants is found, what it does not plant is not, and live is the same as from history."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.core.played import MINUTE, Play
from tests.core.story import START
from tui_live.core.engagement import Engagement
from tui_live.core.events import Batch
from tui_live.core.shares import Shares, SharesResult
from tui_live.core.shares.sharers import Sharer


def played(play: Play, minutes: float) -> SharesResult:
    shares = Shares(START)
    for batch in play.batches(minutes):
        shares.add(batch)
    for gap in play.gaps:
        shares.add_gap(*gap)
    return shares.result(top=10_000)


def when(play: Play, number: int) -> float:
    """When the message with this number was sent."""
    return START + number * 1000 / play.scenario.rate


@pytest.mark.parametrize("lost", [(), ((3, 5), (11, 12))], ids=["whole", "with gaps"])
def test_planted_spikes_are_found_and_no_others(lost: tuple[tuple[int, int], ...]) -> None:
    play = Play("spikes", lost=lost)
    found = played(play, 30)
    assert play.script.planted is not None
    planted = play.script.planted.grown
    assert len(found.spikes) == len(planted) == 2
    for spike, plant in zip(found.spikes, planted, strict=True):
        assert when(play, plant.first) <= spike.at_ms <= when(play, plant.last) + 5_000
        assert abs(spike.began_ms - when(play, plant.first)) < 10_000
        assert spike.times >= 2.5
    assert found.shares == play.ledger.truth.shares
    assert {one.user_id: one.shares for one in found.top_sharers} == play.ledger.truth.shares_by_user


def test_planted_conversions_are_found() -> None:
    play = Play("conversions")
    found = played(play, 20)
    truth = play.ledger.truth
    assert play.script.planted is not None
    [plant] = play.script.planted.grown
    converted: dict[str, Sharer] = {one.user_id: one for one in found.top_sharers if one.followed_after_s is not None}
    assert found.conversion.followed.part == len(truth.converted)
    assert found.conversion.followed.of == len(truth.fresh_sharers)
    assert set(converted) == set(truth.converted)
    planted = set(plant.converting) & set(truth.fresh_sharers)
    assert len(planted) >= 30
    assert planted <= set(converted)
    assert all(converted[user].chatted_after and converted[user].liked_after for user in planted)
    assert found.conversion.follow_delay.median_s == pytest.approx(90 / play.scenario.rate, abs=2)
    assert found.conversion.followed_and_engaged.part >= len(planted)
    assert found.spikes == []


def test_planted_cascades_are_found_and_no_others() -> None:
    play = Play("cascades")
    found = played(play, 30)
    assert play.script.planted is not None
    planted = [plant for plant in play.script.planted.grown if when(play, plant.last) < START + 30 * MINUTE]
    cascades = sorted(found.longest_cascades, key=lambda one: one.start_ms)
    assert found.cascades == len(cascades) == len(planted) == 3
    for cascade, plant in zip(cascades, planted, strict=True):
        assert cascade.shares >= 9
        assert cascade.people >= 9
        assert cascade.start_ms <= when(play, plant.first) + 1_000
        assert cascade.end_ms >= when(play, plant.last) - 1_000


@pytest.mark.parametrize(("name", "minutes", "cascades"), [("lively", 60, None), ("calm", 240, 0), ("busy", 15, None)])
def test_quiet_scenarios_have_neither_spikes_nor_cascades(name: str, minutes: int, cascades: int | None) -> None:
    found = played(Play(name), minutes)
    assert found.shares > 30
    assert (found.spikes, found.cascades, found.longest_cascades) == ([], cascades, [])


@pytest.mark.parametrize("name", ["spikes", "conversions", "cascades", "truth", "hostile", "multilingual", "methods"])
def test_live_is_the_same_as_from_history_with_gaps_and_repeats(name: str) -> None:
    lost = ((2, 3), (4, 6))
    batches = list(Play(name, lost=lost).batches(8))
    gaps = Play(name, lost=lost).gaps
    makers: list[Any] = [Shares, Engagement]
    for make in makers:
        live, later = make(START), make(START)
        waiting = list(gaps)
        for batch in batches:
            live.add(batch)
            if waiting and batch.received_ms >= waiting[0][1]:
                live.add_gap(*waiting.pop(0))
                live.result()
        for gap in reversed(gaps):
            later.add_gap(*gap)
        events = tuple(event for batch in batches for event in batch.events)
        later.add(Batch(batches[-1].room_id, batches[-1].received_ms, b"", events))
        assert live.result() == later.result()


def test_engagement_counts_what_was_sent() -> None:
    play = Play("truth")
    engagement = Engagement(START, host_id=str(play.people.host.user_id))
    for batch in play.batches(5):
        engagement.add(batch)
    found, truth = engagement.result(top=10_000), play.ledger.truth
    assert (found.messages, found.coins, found.gifts) == (truth.types["chat"], truth.coins, truth.gift_units)
    assert (found.likes, found.shares, found.guest_coins) == (truth.likes, truth.shares, truth.guest_coins)
    assert found.follows == len(truth.follows_by_user)
    assert {one.user_id: one.coins for one in found.spenders} == Counter(truth.coins_by_user)
    assert found.viewers.now == truth.viewers
    assert sum(truth.comments.values()) == found.messages
    assert found.people.actors["chat"] == len(truth.comments)
