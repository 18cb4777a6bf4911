"""The truth is what a receiver that does nothing wrong ends up with."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from tests.simulator.conftest import Receiver
from tui_live.simulator import SCENARIOS, At, Simulator, faults, messages, phrases
from tui_live.simulator.truth import TYPES, Truth
from tui_live.wire.schema import known_methods, method_class


def counted(receiver: Receiver, truth: Truth) -> dict[str, Any]:
    """Totals straight from the received bytes, in the order of TikTok's ids."""
    likes, coins, guest, comments, streaks = 0, Counter(), Counter(), Counter(), {}
    points, follows, shares = Counter(), Counter(), Counter()
    undecodable = unknown = 0
    for _, message in sorted(receiver.messages.items()):
        cls = method_class(message.method)
        if cls is None:
            unknown += 1
            continue
        try:
            body = cls.FromString(message.payload)
        except Exception:
            undecodable += 1
            continue
        user = str(body.user.id) if "user" in cls.DESCRIPTOR.fields_by_name else ""
        if message.method == "WebcastLikeMessage":
            likes += body.count
            of_a_follower = body.user.follow_info.follow_status > 0 or follows[user]
            points[user] += body.count * Fraction(1, 10 if of_a_follower else 15)
        elif message.method == "WebcastSocialMessage":
            (follows if "follow" in body.common.display_text.key else shares)[user] += 1
        elif message.method == "WebcastChatMessage":
            comments[user] += 1
        elif message.method == "WebcastGiftMessage":
            key = (body.user.id, body.gift_id, body.group_id)
            grown = max(0, body.repeat_count - streaks.get(key, 0))
            streaks[key] = max(streaks.get(key, 0), body.repeat_count)
            to_host = not body.HasField("to_user") or str(body.to_user.id) == truth.host_id
            (coins if to_host else guest)[user] += grown * body.gift.diamond_count
            points[user] += to_host * grown * body.gift.diamond_count * times(body.gift.diamond_count)
    return {
        "likes": likes,
        "coins_by_user": dict(coins),
        "guest_coins_by_user": dict(guest),
        "comments": dict(comments),
        "thirtieths_by_user": {user: 30 * score for user, score in points.items() if score},
        "follows_by_user": {user: count for user, count in follows.items() if count},
        "shares_by_user": dict(shares),
        "undecodable": undecodable,
        "unknown": unknown,
    }


def times(price: int) -> int:
    """What a coin is worth by the price of the gift (SPEC §2)."""
    steps = {4: 5, 9: 6, 19: 7, 49: 8, 99: 10, 299: 15, 999: 20}
    return next((factor for limit, factor in steps.items() if price <= limit), 30)


def latest_handles(receiver: Receiver) -> dict[str, str]:
    """Everybody's handle in the last message about them."""
    handles = {}
    for _, message in sorted(receiver.messages.items()):
        cls = method_class(message.method)
        if cls is not None and "user" in cls.DESCRIPTOR.fields_by_name and message.payload != messages.UNREADABLE:
            body = cls.FromString(message.payload)
            if message.method in TYPES and body.HasField("user"):
                handles[str(body.user.id)] = body.user.display_id
    return handles


async def test_the_truth_scenario_arrives_whole_over_five_cuts(simulate: Any) -> None:
    simulator: Simulator = await simulate()
    room = simulator.room("truth")
    receiver = Receiver("truth")
    await receiver.follow(room.finished)
    truth = room.truth
    assert truth.state == "ended"
    assert truth.unconfirmed == 0
    assert truth.missed == 0
    assert truth.connects == truth.enters == 6
    assert truth.messages == len(receiver.messages)
    assert truth.methods == receiver.methods
    assert truth.repeated == receiver.repeated
    assert truth.history_new == receiver.history
    assert sorted(receiver.messages) == sorted(map(int, room.ledger.message_ids()))
    found = counted(receiver, truth)
    assert found == {name: getattr(truth, name) for name in found}
    assert truth.coins == sum(truth.coins_by_user.values())
    assert truth.guest_coins > 0
    assert truth.room_likes > truth.likes
    assert truth.follows == sum(truth.follows_by_user.values())
    assert truth.shares == sum(truth.shares_by_user.values())
    later = [user for user in truth.follows_by_user if user in truth.likes_by_user]
    assert later
    assert set(truth.thirtieths_by_user) == set(truth.likes_by_user) | {
        user for user, spent in truth.coins_by_user.items() if spent
    }
    assert any(len(handles) > 1 for handles in truth.handles.values())
    assert latest_handles(receiver) == {user: handles[-1] for user, handles in truth.handles.items()}
    assert len(receiver.of("LiveEndEvent")) == 1


async def test_what_was_under_way_when_the_line_was_cut_comes_again(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": replace(SCENARIOS["rough_cuts"], rate=3000)})
    room = simulator.room("a")
    receiver = Receiver("a")
    await receiver.follow(room.finished)
    assert room.truth.unconfirmed == 0
    assert sorted(receiver.messages) == sorted(map(int, room.ledger.message_ids()))


async def test_every_method_of_the_schema_can_be_read_by_tiktoklive(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": replace(SCENARIOS["methods"], rate=3000)})
    room = simulator.room("a")
    receiver = Receiver("a")
    await receiver.follow(room.finished)
    assert set(receiver.methods) == known_methods()
    read = Counter(type(event).__name__ for event in receiver.events)
    assert read["WebsocketResponseEvent"] == len(receiver.messages) + receiver.repeated
    assert read["UnknownEvent"] == 0
    chats = {event.common.msg_id for event in receiver.of("CommentEvent")}
    assert chats == {msg_id for msg_id, m in receiver.messages.items() if m.method == "WebcastChatMessage"}


async def test_the_same_seed_tells_the_same_story(simulate: Any) -> None:
    truths = []
    for rate in (1000, 4000):
        simulator: Simulator = await simulate({"a": replace(SCENARIOS["cuts"], rate=rate)}, seed=7)
        room = simulator.room("a")
        await Receiver("a").follow(room.finished)
        truths.append(room.truth)
    assert truths[0].coins_by_user == truths[1].coins_by_user
    assert truths[0].comments == truths[1].comments
    assert truths[0].methods == truths[1].methods


async def test_a_return_under_a_new_room_id_brings_nothing_of_the_old_room(simulate: Any) -> None:
    back_soon = (At(fault=faults.End(returns_after=0.1), messages=150),)
    simulator: Simulator = await simulate({"a": replace(SCENARIOS["returns"], timeline=back_soon, rate=3000)})
    room = simulator.room("a")
    receiver = Receiver("a")
    await receiver.once()
    first = set(receiver.messages)
    await room.wait_for(lambda room: room.live)
    await receiver.follow(room.finished)
    old, new = room.truth.room_ids
    assert {method_class(m.method).FromString(m.payload).common.room_id for m in receiver.messages.values()} == {
        int(old),
        int(new),
    }
    assert receiver.repeated == room.truth.repeated
    assert all(
        method_class(m.method).FromString(m.payload).common.room_id == int(new)
        for msg_id, m in receiver.messages.items()
        if msg_id not in first
    )
    assert room.truth.unconfirmed == 0


async def test_hostile_chat_travels_as_it_is(simulate: Any) -> None:
    hostile = replace(SCENARIOS["hostile"], rate=4000, messages=1500, ends=True)
    simulator: Simulator = await simulate({"a": hostile})
    receiver = Receiver("a")
    await receiver.follow(simulator.room("a").finished)
    texts = {event.content for event in receiver.of("CommentEvent")}
    assert set(phrases.HOSTILE) <= texts
    assert any(phrases.BROKEN_UTF8 in message.payload for message in receiver.messages.values())
    assert simulator.truth("a").undecodable == 0
