"""From wire bytes of TikTokLive's own classes to events."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from TikTokLive import proto
from TikTokLiveProto.v3.webcast.model.message.common import Text

from tests.tiktok.messages import NOW_MS, common, entry, frame, made, user
from tui_live.core.events import Event
from tui_live.tiktok.client import _read
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame, push_frame
from tui_live.wire.schema import known_methods

HOST_ID = 42


@pytest.fixture
def decoder() -> RoomDecoder:
    return RoomDecoder("7", Host("alice", HOST_ID))


def one(decoder: RoomDecoder, message: object, **more: object) -> Event:
    batch = decoder.decode(frame(entry(message, **more)), NOW_MS)
    assert len(batch.events) == 1
    return batch.events[0]


def fields(event: Event) -> dict:
    return msgspec.json.decode(msgspec.json.encode(event.data))


def test_chat(decoder) -> None:
    event = one(
        decoder,
        proto.WebcastChatMessage(
            common=common(),
            user=user(),
            content="where are\x1b[31m you from?",
            content_language="en",
            mention_user_list=[9],
        ),
    )
    assert (event.type, event.subtype, event.text) == ("chat", "", "where are [31m you from?")
    assert event.time_ms == NOW_MS
    assert fields(event) == {"message": event.text, "language": "en", "emotes": [], "mentions": ["9"]}


def test_a_person_is_told_whole(decoder) -> None:
    from TikTokLiveProto.v3.webcast.model.base.user import BadgeStruct, FollowInfo, PrivilegeLogExtra
    from TikTokLiveProto.v3.webcast.model.data import BadgeSceneType

    badges = [
        BadgeStruct(scene_type=BadgeSceneType(scene), privilege_log_extra=PrivilegeLogExtra(level=level))
        for scene, level in ((1, "0"), (8, "23"), (10, "7"))
    ]
    sender = user(
        handle="AnA.M",
        nickname="Ana\u202e 💐",
        bio_description="hi\nthere",
        verified=True,
        badge_list=badges,
        follow_info=FollowInfo(follower_count=12, following_count=3, follow_status=1),
        avatar_thumb=proto.ImageModel(
            url_list=["javascript:alert(1)", "https://p16.tiktokcdn.com/a.webp?x-signature=b"]
        ),
    )
    person = one(decoder, proto.WebcastChatMessage(user=sender, content="x")).user
    assert msgspec.to_builtins(person) == {
        "user_id": "6900000000000000001",
        "handle": "ana.m",
        "nickname": "Ana  💐",
        "avatar_url": "https://p16.tiktokcdn.com/a.webp?x-signature=b",
        "bio": "hi there",
        "followers": 12,
        "following": 3,
        "follow_status": 1,
        "verified": True,
        "moderator": True,
        "gifter_level": 23,
        "member_level": 7,
        "region": "",
        "badges": ("moderator", "gifter", "member"),
    }


def test_a_person_who_has_not_changed_is_the_same_object(decoder) -> None:
    def seen(**more: object) -> object:
        return one(decoder, proto.WebcastChatMessage(user=user(**more), content="x")).user

    def picture(url: str) -> object:
        return proto.ImageModel(url_list=[url])

    first = seen(avatar_thumb=picture("https://a/1.webp?x-signature=aaa"))
    assert seen(avatar_thumb=picture("https://a/1.webp?x-signature=bbb")) is first
    assert (
        seen(avatar_thumb=picture("https://a/2.webp?x-signature=ccc")).avatar_url == "https://a/2.webp?x-signature=ccc"
    )
    renamed = seen(nickname="Ana II", handle="ana2")
    assert (renamed.user_id, renamed.handle, renamed.nickname) == (first.user_id, "ana2", "Ana II")


def gift_message(repeat_count: int, repeat_end: int = 0, kind: int = 1, to: object = None, group: int = 900) -> object:
    rose = proto.Gift(
        id=5655, name="Rose", type=kind, diamond_count=5, image=proto.ImageModel(url_list=["https://g/r.png"])
    )
    return proto.WebcastGiftMessage(
        common=common(), user=user(), gift_id=5655, gift=rose, group_id=group,
        repeat_count=repeat_count, repeat_end=repeat_end, to_user=to,
    )  # fmt: skip


def test_a_gift_streak_counts_its_growth(decoder) -> None:
    events = [one(decoder, gift_message(*step)) for step in ((1,), (4,), (4, 1), (4, 1), (3,))]
    assert [event.data.count_delta for event in events] == [1, 3, 0, 0, 0]
    assert [event.data.coins_delta for event in events] == [5, 15, 0, 0, 0]
    assert fields(events[2]) == {
        "gift_name": "Rose",
        "gift_id": "5655",
        "gift_value": 5,
        "repeat_count": 4,
        "repeat_end": True,
        "group_id": "900",
        "total_cost": 20,
        "count_delta": 0,
        "coins_delta": 0,
        "image_url": "https://g/r.png",
        "to_user": "",
        "guest_coins_delta": 0,
    }


def test_a_gift_that_does_not_streak_counts_each_time(decoder) -> None:
    events = [one(decoder, gift_message(1, kind=2)) for _ in range(2)]
    assert [event.data.coins_delta for event in events] == [5, 5]


def test_a_gift_to_a_guest_is_not_the_hosts(decoder) -> None:
    to_guest = one(decoder, gift_message(2, to=user(77, "guest"))).data
    to_host = one(decoder, gift_message(2, to=user(HOST_ID, "alice"), group=901)).data
    assert (to_guest.coins_delta, to_guest.guest_coins_delta, to_guest.to_user) == (0, 10, "77")
    assert (to_host.coins_delta, to_host.guest_coins_delta) == (10, 0)


def test_a_host_without_a_known_id_is_known_by_the_handle() -> None:
    decoder = RoomDecoder("7", Host("alice"))
    assert one(decoder, gift_message(1, to=user(77, "guest"))).data.coins_delta == 0
    assert one(decoder, gift_message(1, to=user(78, "Alice"), group=901)).data.coins_delta == 5


def test_like(decoder) -> None:
    event = one(decoder, proto.WebcastLikeMessage(common=common(), user=user(), count=15, total=3000))
    assert (event.type, fields(event)) == (
        "like",
        {"like_count": 15, "total_like_count": 3000, "follower": False},
    )


def test_member(decoder) -> None:
    event = one(decoder, proto.WebcastMemberMessage(common=common(), user=user(), member_count=310, action=1))
    assert (event.type, event.subtype, fields(event)) == ("member", "joined", {"action": "joined", "viewer_count": 310})


@pytest.mark.parametrize(
    ("key", "subtype", "action", "more"),
    [
        ("pm_main_follow_message_viewer_2", "follow", "followed", {}),
        ("pm_mt_guidance_share", "share", "shared", {"follower": False}),
        ("pm_mt_guidance_viewer_5_share", "share", "shared", {"users_joined": 5, "follower": False}),
    ],
)
def test_social(decoder, key, subtype, action, more) -> None:
    said = common(display_text=Text(key=key))
    event = one(
        decoder, proto.WebcastSocialMessage(common=said, user=user(), follow_count=3, share_count=2, share_target="9")
    )
    expected = {"action": action, "follow_count": 3, "share_count": 2, "share_target": "9"}
    assert (event.type, event.subtype) == ("social", subtype)
    assert fields(event) == expected | more


def test_room_update(decoder) -> None:
    top = [proto.Contributor(score=99, user=user(5, "King"))]
    event = one(decoder, proto.WebcastRoomUserSeqMessage(common=common(), total=120, total_user=4000, ranks=top))
    assert (event.type, fields(event)) == (
        "room_update",
        {
            "viewer_count": 120,
            "total_user_count": 4000,
            "top_viewers": [{"user_id": "5", "username": "king", "coin_count": 99}],
        },
    )


@pytest.mark.parametrize(
    ("action", "subtype"), [(1, "paused"), (2, "resumed"), (3, "ended"), (4, "suspended"), (9, "action_9")]
)
def test_control(decoder, action, subtype) -> None:
    event = one(decoder, proto.WebcastControlMessage(common=common(), action=action, tips="bye"))
    assert (event.type, event.subtype, fields(event)) == ("control", subtype, {"action": action, "tips": "bye"})


def test_every_method_of_the_schema_becomes_an_event(decoder) -> None:
    batch = decoder.decode(frame(*(entry(b"", method=method) for method in sorted(known_methods()))), NOW_MS)
    assert len(batch.events) == len(known_methods())
    assert not [event for event in batch.events if event.subtype == "undecodable"]


def test_an_unknown_method_is_kept_by_name(decoder) -> None:
    event = one(decoder, b"\x08\x01", method="WebcastFromTheFutureMessage")
    assert (event.type, event.user, fields(event)) == ("other", None, {"method": "WebcastFromTheFutureMessage"})


def test_an_undecodable_message_is_counted_and_stops_nothing(decoder) -> None:
    broken = entry(b"\xff\xff\xff", method="WebcastChatMessage")
    batch = decoder.decode(frame(broken, entry(proto.WebcastChatMessage(content="on we go"))), NOW_MS)
    assert batch.undecodable == 1
    assert [event.subtype for event in batch.events] == ["undecodable", ""]
    assert [event.place for event in batch.events] == [0, 1]


def test_a_broken_frame_is_one_event(decoder) -> None:
    batch = decoder.decode(Frame(b"\x1f\x8bnonsense"), NOW_MS)
    assert (batch.undecodable, batch.events[0].subtype, batch.payload) == (1, "undecodable", b"\x1f\x8bnonsense")


@pytest.mark.parametrize("inside", [b"\0\x1b[2Jowned\nmore", b"\0"])
def test_nobody_but_us_says_why_something_is_no_batch(inside) -> None:
    found = _read(push_frame("msg", inside))
    assert found is not None
    assert found[1].error == "not a batch of messages"
    assert found[1].payload.endswith(inside)
    assert Frame(found[1].payload).error == found[1].error


def test_what_was_recorded_about_a_frame_is_cleaned(decoder) -> None:
    [event] = decoder.decode(Frame(b"\0\x1b[2Jowned\nmore"), NOW_MS).events
    assert (event.text, event.data.error) == ("frame: [2Jowned", "[2Jowned")


def test_a_repeated_message_counts_once_and_history_is_marked(decoder) -> None:
    chat = proto.WebcastChatMessage(common=common(), user=user(), content="again")
    first = decoder.decode(frame(entry(chat, 5), entry(chat, 5)), NOW_MS)
    again = decoder.decode(frame(entry(chat, 5, history=True), entry(chat, 4, history=True)), NOW_MS)
    assert (len(first.events), first.duplicates) == (1, 1)
    assert (len(again.events), again.duplicates, again.events[0].history) == (1, 1, True)


def test_times_are_tiktoks_where_credible(decoder) -> None:
    def time_of(create_time: int) -> int:
        said = proto.CommonMessageData(create_time=create_time)
        return one(decoder, proto.WebcastChatMessage(common=said, content="x")).time_ms

    assert time_of(NOW_MS - 3_600_000) == NOW_MS - 3_600_000
    assert time_of(NOW_MS // 1000 - 60) == (NOW_MS // 1000 - 60) * 1000
    assert time_of(0) == NOW_MS
    assert time_of(1) == NOW_MS
    assert time_of(2**62) == NOW_MS


@given(st.lists(st.tuples(st.sampled_from(sorted(known_methods())), st.binary(max_size=80)), max_size=8))
@settings(max_examples=300)
def test_no_bytes_whatsoever_raise(messages) -> None:
    decoder = RoomDecoder("7", Host("alice"))
    batch = decoder.decode(frame(*(entry(payload, method=method) for method, payload in messages)), NOW_MS)
    assert len(batch.events) == len(messages)
    msgspec.json.encode(batch.events)


@given(st.binary(max_size=400))
def test_no_frame_whatsoever_raises(data) -> None:
    RoomDecoder("7", Host("alice")).decode(Frame(data), NOW_MS)


def test_a_frame_of_too_many_messages_is_cut_and_said(decoder) -> None:
    batch = decoder.decode(frame(*(entry(b"", method="WebcastChatMessage") for _ in range(5_003))), NOW_MS)
    assert len(batch.events) == 5_001
    assert batch.events[-1].subtype == "undecodable"
    assert "3 more messages" in batch.events[-1].text
    assert batch.undecodable == 3


def test_a_frame_of_too_many_people_is_cut_and_said(decoder, monkeypatch) -> None:
    monkeypatch.setattr("tui_live.tiktok.people._MOST_READ", 10)
    crowd = [{"user": {"id": number, "nickname": "N"}, "score": 1} for number in range(1, 9)]
    more = [{"user": {"id": number, "nickname": "N"}, "score": 1} for number in range(11, 19)]
    seen = [made("WebcastRoomUserSeqMessage", ranks=ranks, total=5) for ranks in (crowd, more, crowd)]
    batch = decoder.decode(frame(*seen), NOW_MS)
    assert [event.type for event in batch.events] == ["room_update", "other"]
    assert "2 more messages" in batch.events[-1].text
    assert batch.undecodable == 2
    again = decoder.decode(frame(seen[0], seen[2]), NOW_MS)
    assert (len(again.events), again.duplicates, again.undecodable) == (1, 1, 0)


def test_people_within_texts_count_as_well(decoder, monkeypatch) -> None:
    monkeypatch.setattr("tui_live.tiktok.people._MOST_READ", 10)
    pieces = [{"user_value": {"user": {"id": number, "nickname": "N"}}} for number in range(1, 17)]
    some = [{"default_pattern": "{0:user}", "pieces": pieces[start : start + 4]} for start in range(0, 16, 4)]
    batch = decoder.decode(frame(*(made("WebcastBarrageMessage", content=said) for said in some)), NOW_MS)
    assert [event.type for event in batch.events] == ["barrage", "barrage", "other"]
    assert "2 more messages" in batch.events[-1].text


@pytest.mark.parametrize("sent", [push_frame("", b"x" * 10), b"", b"hello", b"\x0a\x03abc", b"\0\0", b"\x1f\x8b"])
def test_what_is_no_frame_reads_the_same_when_it_is_played_again(sent) -> None:
    found = _read(sent)
    assert found is not None
    live = found[1]
    assert live.error
    assert live.payload.endswith(sent)
    again = Frame(live.payload)
    assert again.error == live.error
    assert RoomDecoder("7", Host("alice")).decode(again, NOW_MS).undecodable == 1
