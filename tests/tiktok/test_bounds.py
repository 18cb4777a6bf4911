"""Whatever is sent, an event has a bounded size, takes a bounded time, and counts nothing below zero."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from TikTokLive import proto
from TikTokLiveProto.v3.webcast.model.message.common import Text, TextPiece

from tests.tiktok.messages import NOW_MS, common, entry, frame, made, user
from tui_live.core.events import Event
from tui_live.core.totals import MOST, Totals
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.tiktok.kinds.words import MOST_CHARACTERS, MOST_LISTED
from tui_live.wire.schema import known_methods

#: Bytes of JSON that the data of one event may have, whatever came: lists of so many ids, a poll of long options.
_MOST_BYTES = 250_000


@pytest.fixture
def decoder() -> RoomDecoder:
    return RoomDecoder("7", Host("alice", 42))


def one(decoder: RoomDecoder, item: object) -> Event:
    (event,) = decoder.decode(frame(item), NOW_MS).events
    return event


def size(event: Event) -> int:
    return len(msgspec.json.encode(event.data))


def saying(**said: object) -> object:
    return entry(proto.WebcastSystemMessage(common=common(display_text=Text(**said))))


@pytest.mark.parametrize("places", [50, 3_000, 200_000])
@pytest.mark.parametrize("length", [100, 1_000_000])
def test_a_display_text_that_repeats_its_pieces_is_cut(decoder, places, length) -> None:
    bomb = saying(default_pattern="{0}" * places, pieces=[TextPiece(string_value="A" * length)])
    began = time.process_time()
    event = one(decoder, bomb)
    assert time.process_time() - began < 1
    assert 0 < len(event.text) <= MOST_CHARACTERS
    assert size(event) <= 2 * MOST_CHARACTERS


def test_a_display_text_of_life_is_whole(decoder) -> None:
    pieces = [TextPiece(string_value="Ana"), TextPiece(string_value="Rose")]
    assert one(decoder, saying(default_pattern="{0:user} sent {1:gift} to {0}", pieces=pieces)).text == (
        "Ana sent Rose to Ana"
    )


def test_texts_and_lists_end_somewhere(decoder) -> None:
    emotes = [{"emote": {"emote_id": "e" * 5_000}}] * 300
    chat = made(
        "WebcastChatMessage", user={"id": 5, "nickname": "N" * 50_000, "display_id": "h" * 50_000},
        content="漢" * 100_000, emotes=emotes, mention_user_list=[1] * 50_000,
    )  # fmt: skip
    event = one(decoder, chat)
    assert len(event.text) == MOST_CHARACTERS
    assert len(event.data.emotes) == len(event.data.mentions) == MOST_LISTED
    assert event.user is not None
    assert max(len(event.user.nickname), len(event.user.handle)) <= 200
    ranks = [{"user": {"id": number + 1}, "score": -5} for number in range(2_000)]
    seen = one(decoder, made("WebcastRoomUserSeqMessage", total=-3, total_user=-4, ranks=ranks)).data
    assert (seen.viewer_count, seen.total_user_count, len(seen.top_viewers)) == (0, 0, MOST_LISTED)
    assert {viewer.coin_count for viewer in seen.top_viewers} == {0}


def test_what_is_remembered_is_not_told_again_at_any_length(decoder) -> None:
    options = [{"option_idx": number, "display_content": "o" * 50_000} for number in range(60)]
    votes = [{"option_idx": number, "votes": 1} for number in range(60)]
    poll = {"title": "t" * 50_000, "option_list": options}
    one(decoder, made("WebcastPollMessage", poll_id=1, start_content=poll))
    again = one(decoder, made("WebcastPollMessage", poll_id=1, end_content={"option_list": votes}))
    assert size(again) < 20_000
    sides = [
        {"key": number, "value": {"user": {"user_id": number, "nick_name": "n" * 50_000}}} for number in range(1, 40)
    ]
    one(decoder, made("WebcastLinkMicBattle", anchors_info=sides))
    scores = {number: {"hostscore": -1} for number in range(1, 300)}
    battle = one(decoder, made("WebcastLinkMicArmies", armies=scores))
    assert size(battle) < 10_000
    assert {side.score for side in battle.data.battle_users} == {0}


def test_a_gift_with_a_price_below_zero_takes_nothing_away(decoder) -> None:
    totals = Totals()
    for price, repeats in ((-(2**31), 2**31 - 1), (-100, 1000), (2**31 - 1, 2**31 - 1), (1, -5)):
        gift = proto.Gift(id=5, name="X", type=2, diamond_count=price)
        message = proto.WebcastGiftMessage(user=user(), gift=gift, repeat_count=repeats, group_id=1)
        batch = decoder.decode(frame(entry(message)), NOW_MS)
        data = batch.events[0].data
        assert data.gift_value == max(0, price)
        assert data.repeat_count >= 1
        assert 0 <= data.coins_delta <= MOST
        assert 0 <= data.total_cost <= MOST
        totals.add(batch)
    assert 0 < totals.coins <= MOST


@pytest.mark.parametrize("number", [-5, -(2**31)])
def test_likes_and_joins_below_zero_count_nothing(decoder, number) -> None:
    like = one(decoder, entry(proto.WebcastLikeMessage(user=user(), count=number, total=number))).data
    assert (like.like_count, like.total_like_count) == (0, 0)
    join = one(decoder, entry(proto.WebcastMemberMessage(user=user(), action=1, member_count=number))).data
    assert join.viewer_count == 0


_pieces = st.lists(
    st.one_of(st.binary(max_size=12), st.sampled_from([b"{0}", b"{1:user}", b"\x08\x01", b"\x0a\x02{}"])), max_size=6
)


@given(st.sampled_from(sorted(known_methods())), _pieces, st.integers(1, 20_000))
@settings(max_examples=50, deadline=None)
def test_no_bytes_whatsoever_take_long_or_become_large(method, pieces, times) -> None:
    decoder = RoomDecoder("7", Host("alice"))
    payload = (b"".join(pieces) * times)[:200_000]
    began = time.process_time()
    event = one(decoder, entry(payload, method=method))
    assert time.process_time() - began < 2
    assert len(event.text) <= MOST_CHARACTERS
    assert size(event) <= _MOST_BYTES


@given(
    st.sampled_from(["WebcastSystemMessage", "WebcastToastMessage", "WebcastGuideMessage", "WebcastBarrageMessage"]),
    st.text("{}0123:us A", max_size=40),
    st.lists(st.text(max_size=20), max_size=5),
    st.integers(1, 5_000),
)
@settings(max_examples=50, deadline=None)
def test_no_display_text_whatsoever_becomes_large(method, pattern, pieces, times) -> None:
    said = {
        "default_pattern": pattern * times,
        "pieces": [{"string_value": (piece * times).encode("utf-8", "ignore").decode()} for piece in pieces],
    }
    began = time.process_time()
    event = one(RoomDecoder("7", Host("alice")), made(method, common={"display_text": said}))
    assert time.process_time() - began < 2
    assert len(event.text) <= MOST_CHARACTERS
    assert size(event) <= _MOST_BYTES


@pytest.mark.parametrize("method", sorted(known_methods()))
def test_an_empty_message_names_nothing_by_number(decoder, method) -> None:
    event = one(decoder, entry(b"", method=method))
    shown = f"{event.text} {event.subtype} {msgspec.json.encode(event.data).decode()}"
    assert not [word for word in ("type_0", "scene_0", "action_0", "type 0", "scene 0", "action 0") if word in shown]


def test_links_say_what_the_schema_names(decoder) -> None:
    def said(method: str, **fields: object) -> str:
        return one(decoder, made(method, **fields)).text

    assert said("WebcastLinkLayerMessage", message_type=4, scene=4) == "permit · multi live"
    assert said("WebcastLinkLayerMessage", message_type=4, scene=0) == "permit"
    assert said("WebcastLinkMicMethod", message_type=0, scene=2, reply_type=2) == "co host · rejected"
    assert said("WebcastLinkStateMessage", scene=4, state_type=3) == "state · multi live · microphones"
