"""The fast classes read what TikTokLive's own classes write, and give back the same bytes."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from TikTokLive import proto
from TikTokLive.events.proto_events import EVENT_MAPPINGS

from tui_live.wire.frames import BrokenFrame, Frame, no_batch, parse_push_frame, push_frame, unpack
from tui_live.wire.schema import known_methods, message_class, method_class, text


def test_every_message_that_tiktoklive_knows_has_a_fast_class() -> None:
    assert known_methods() == set(EVENT_MAPPINGS)
    for method in known_methods():
        assert method_class(method) is not None
    assert method_class("WebcastFromTheFutureMessage") is None


def test_a_message_of_tiktoklives_own_classes_reads_the_same() -> None:
    user = proto.User(
        id=7, nickname="Ana 💐", display_id="ana", avatar_thumb=proto.ImageModel(url_list=["https://a/b"])
    )
    original = bytes(proto.WebcastChatMessage(content="hé", user=user, mention_user_list=[1, 2, 2**62]))
    fast = method_class("WebcastChatMessage").FromString(original)
    assert (fast.content, fast.user.id, fast.user.nickname) == ("hé", 7, "Ana 💐")
    assert list(fast.mention_user_list) == [1, 2, 2**62]
    assert fast.SerializeToString() == original


def test_maps_and_enums_of_the_future_survive() -> None:
    control = method_class("WebcastControlMessage")
    assert control.FromString(control(action=99).SerializeToString()).action == 99
    fetched = message_class("ProtoMessageFetchResult")(route_params={"a": "b"})
    assert dict(message_class("ProtoMessageFetchResult").FromString(fetched.SerializeToString()).route_params) == {
        "a": "b"
    }


def test_broken_utf8_costs_a_character_not_the_message() -> None:
    chat = method_class("WebcastChatMessage")
    broken = chat(content="abc").SerializeToString().replace(b"abc", b"a\xffc")
    assert text(chat.FromString(broken).content) == "a�c"


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(LookupError, match="NoSuchMessage"):
        message_class("NoSuchMessage")


def batch(**fields: object) -> bytes:
    return message_class("ProtoMessageFetchResult")(**fields).SerializeToString()


def test_gzipped_and_plain_payloads_read_the_same() -> None:
    plain = batch(cursor="c", internal_ext="x", need_ack=True)
    for payload in (plain, gzip.compress(plain, mtime=0)):
        frame = Frame(payload)
        assert (frame.error, frame.internal_ext, frame.need_ack, frame.payload) == ("", "x", True, payload)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (gzip.compress(bytes(range(256)), mtime=0)[:60], "gzip cut short"),
        (b"\x1f\x8bnonsense", "broken gzip"),
        (b"\x0a\xff\xff\xff", "not a batch of messages"),
        (gzip.compress(bytes(40 * 1024 * 1024), mtime=0), "too large"),
        (b"\x0a\x00" * (4 * 1024 * 1024 + 1), "too large"),
        (no_batch(b"\x0a\x00", "it came without a type"), "it came without a type"),
    ],
)
def test_what_is_no_batch_is_said_in_a_few_words(payload, said) -> None:
    with pytest.raises(BrokenFrame, match=said):
        unpack(payload)
    assert Frame(payload).error == said
    assert list(Frame(payload).messages) == []


@given(st.binary())
@settings(max_examples=300)
def test_any_bytes_make_a_frame_or_a_broken_frame(data) -> None:
    Frame(data)
    Frame(b"\x1f\x8b" + data)
    with contextlib.suppress(BrokenFrame):
        parse_push_frame(data)


def test_push_frames_are_what_tiktoklive_reads() -> None:
    theirs = proto.WebcastPushFrame().parse(push_frame("ack", b"ext", log_id=5))
    assert (theirs.payload_type, theirs.payload, theirs.log_id, theirs.payload_encoding) == ("ack", b"ext", 5, "pb")
    zipped = proto.WebcastPushFrame().parse(push_frame("msg", b"z", compressed=True))
    assert [(header.key, header.value) for header in zipped.headers] == [("compress_type", "gzip")]
