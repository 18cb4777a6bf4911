"""Frames without a person: what is theirs goes, what is others' stays byte for byte."""

from __future__ import annotations

import gzip

import pytest

from tests.tiktok.messages import entry, frame, made
from tests.wire.test_as_json import BROKEN_KEY
from tui_live.core.traces import Traces, _varint
from tui_live.wire.frames import unpack
from tui_live.wire.schema import method_class
from tui_live.wire.scrub import scrub

ID = 6_912_345_678_901_234_567
PERSON = Traces(str(ID), {"rain_maker77"}, {"Zephyrine Qx", "Rose"})
THEM = {"id": ID, "display_id": "rain_maker77", "nickname": "Zephyrine Qx"}
ANA = {"id": 6_900_000_000_000_000_001, "display_id": "ana", "nickname": "Ana"}
NEEDLES = (str(ID).encode(), _varint(ID), b"rain_maker77", b"Zephyrine", b"secret")


def scrubbed(*messages):
    found = scrub(frame(*messages).payload, PERSON)
    assert found is not None
    for needle in NEEDLES:
        assert needle not in found.payload
    return found, [
        cls.FromString(message.payload) if (cls := method_class(message.method)) else message
        for message in unpack(found.payload).messages
    ]


def test_a_message_that_quotes_them_loses_the_quotation() -> None:
    pinned = made("WebcastRoomPinMessage", operator=ANA, chat_message={"user": THEM, "content": "my secret"}, action=1)
    found, [pin] = scrubbed(pinned)
    assert (found.named, found.quoted) == ((0,), (0,))
    assert (pin.operator.nickname, pin.chat_message.content, pin.chat_message.user.id) == ("Ana", "erased", 0)


def test_a_question_that_came_again_is_emptied_by_its_author_and_by_its_id() -> None:
    question = made("WebcastQuestionNewMessage", data={"user": THEM, "content": "a secret"})
    _, [left] = scrubbed(question)
    assert left.data.content == "erased"
    sent = frame(question)
    found = scrub(sent.payload, PERSON, repeated={sent.messages[0].msg_id}.__contains__)
    assert not unpack(found.payload).messages[0].method


def test_a_side_of_a_battle_goes_and_the_other_stays() -> None:
    sides = [
        {"key": user["id"], "value": {"user": {"user_id": user["id"], "nick_name": user["nickname"]}}}
        for user in (THEM, ANA)
    ]
    found, [battle] = scrubbed(made("WebcastLinkMicBattle", action=4, anchors_info=sides))
    assert [side.value.user.nick_name for side in battle.anchors_info] == ["", "Ana"]
    assert (found.named, found.quoted) == ((0,), ())


def test_what_is_called_like_them_stays() -> None:
    rose = {"id": 5655, "name": "Rose", "describe": "sent Rose", "diamond_count": 1}
    messages = [
        made("WebcastGiftMessage", user=ANA, gift=rose, repeat_count=1),
        made("WebcastChatMessage", user={**ANA, "nickname": "Rose"}, content="Rose"),
        made("WebcastChatMessage", user={**ANA, "display_id": "rain_maker777"}, content="rain_maker777 and x"),
    ]
    assert scrub(frame(*messages).payload, PERSON) is None
    sent = frame(*messages, made("WebcastChatMessage", user=THEM, content="secret"))
    left = unpack(scrub(sent.payload, PERSON).payload).messages
    assert [message.payload for message in left] == [*(bytes(each.payload) for each in sent.messages[:3]), b""]


def test_a_small_id_is_no_count() -> None:
    person = Traces("5", {"five"}, {"Five"})
    messages = [
        made("WebcastLikeMessage", user=ANA, count=5, total=5),
        made("WebcastMemberMessage", user={"id": 5, "display_id": "five"}, member_count=5),
    ]
    left = unpack(scrub(frame(*messages).payload, person).payload).messages
    assert left[0].payload == messages[0].payload
    assert not left[1].method


def _battle(said: str) -> bytes:
    return method_class("WebcastLinkMicBattle")(tracking_extra={"a": said}).SerializeToString() + BROKEN_KEY


@pytest.mark.parametrize(("method", "said", "emptied"), [
    ("WebcastLinkMicBattle", _battle("hi @rain_maker77"), True),
    ("WebcastLinkMicBattle", _battle("hi @Zephyrine Qxy"), False),
    ("WebcastLinkMicBattle", b"\xff\xff hi @rain_maker77", True),
    ("WebcastFromTheFuture", b"\x0a\x0crain_maker77", True),
    ("WebcastFromTheFuture", b"\x0a\x0drain_maker777", False),
])  # fmt: skip
def test_what_cannot_be_read_is_emptied_only_when_they_are_in_it(method: str, said: bytes, emptied: bool) -> None:
    unreadable = entry(said, method=method)
    mention = made("WebcastChatMessage", user=ANA, content="hi @rain_maker77")
    left = unpack(scrub(frame(unreadable, mention).payload, PERSON).payload).messages
    assert left[0].payload == (b"" if emptied else unreadable.payload)
    assert method_class(left[1].method).FromString(left[1].payload).content == "hi @erased"


def test_a_damaged_gzip_is_emptied_when_what_it_still_gives_names_them() -> None:
    whole = frame(
        *(made("WebcastChatMessage", user=user, content=f"{n} secrets") for n in range(99) for user in (THEM, ANA))
    )
    assert scrub(whole.payload[:-20], PERSON).payload == b""
    others = frame(*(made("WebcastChatMessage", user=ANA, content=f"{n} words") for n in range(99)))
    assert scrub(others.payload[:-20], PERSON) is None
    assert gzip.decompress(others.payload)


_TO_THEM = "https://www.tiktok.com/@rain_maker77/live"


def test_links_to_them_go_and_plain_values_stay() -> None:
    room = made("WebcastRoomMessage", content="a note", schema=_TO_THEM)
    notify = made("WebcastRoomNotifyMessage", user=ANA, content="b", schema="aweme://user/%40Rain_Maker77")
    keyed = made("WebcastCapsuleMessage", desc={"key": f"see {_TO_THEM}", "default_pattern": "c"})
    _, [room_left, notify_left, keyed_left] = scrubbed(room, notify, keyed)
    assert room_left.schema == "https://www.tiktok.com/@erased/live"
    assert notify_left.schema == "aweme://user/@erased"
    assert keyed_left.desc.key == "see https://www.tiktok.com/@erased/live"
    troll = Traces(str(ID), {"pm_mt_pin"}, {"x"})
    plain = made("WebcastCapsuleMessage", desc={"key": "pm_mt_pin", "default_pattern": "c"})
    assert scrub(frame(plain).payload, troll) is None


def _with_unknown(message, *fields: bytes):
    """``message`` with a part of which the schema knows nothing."""
    part = b"".join(bytes((8 * n + 2, len(each))) + each for n, each in enumerate(fields, 1))
    message.payload = bytes(message.payload) + b"\xa2\x38" + bytes((len(part),)) + part
    return message


def test_what_the_schema_does_not_know_goes_when_they_are_in_it_and_else_stays() -> None:
    avatar = b"https://p16/avatar-rain_maker77.webp"
    theirs = made("WebcastChatMessage", user=ANA, content="hi")
    known = bytes(theirs.payload)
    theirs = _with_unknown(theirs, b"rain_maker77", b"Zephyrine Qx", avatar)
    others = _with_unknown(made("WebcastChatMessage", user=ANA, content="yes"), b"rain_maker777")
    mention = _with_unknown(made("WebcastChatMessage", user=ANA, content="@rain_maker77"), b"another part")
    found = scrub(frame(theirs, others, mention).payload, PERSON)
    left = unpack(found.payload).messages
    assert [left[0].payload, left[1].payload] == [known, others.payload]
    assert b"another part" in left[2].payload
    for needle in NEEDLES:
        assert needle not in found.payload.replace(b"rain_maker777", b"")


def test_what_tiktok_writes_about_them_loses_their_nickname_and_what_others_write_does_not() -> None:
    muted = made("WebcastSystemMessage", message='"Zephyrine Qx" was muted')
    welcomed = made("WebcastMemberMessage", user=ANA, action=26, action_description="welcome zephyrine qx")
    warned = made("WebcastBottomMessage", content="Rose broke the rules", violation_user_id=ID)
    _, [system, member, bottom] = scrubbed(muted, welcomed, warned)
    assert system.message == '"erased" was muted'
    assert (member.action_description, member.user.nickname) == ("welcome erased", "Ana")
    assert (bottom.content, bottom.violation_user_id) == ("erased broke the rules", 0)
    stays = [
        made("WebcastSystemMessage", message="a Rose is a rose"),
        made("WebcastChatMessage", user=ANA, content="Zephyrine Qx"),
        made("WebcastSystemMessage", common={"display_text": {"pieces": [{"user_value": {"user": _NAMESAKE}}]}}),
    ]
    assert scrub(frame(*stays).payload, PERSON) is None


#: Somebody else who is called the same.
_NAMESAKE = {**ANA, "nickname": "Zephyrine Qx", "bio_description": "I am Zephyrine Qx"}


def test_a_method_that_nobody_knows_may_name_them() -> None:
    [left] = unpack(scrub(frame(entry(b"", method="Webcast @rain_maker77")).payload, PERSON).payload).messages
    assert left.method == "Webcast @erased"


@pytest.mark.parametrize("at", ["＠", "%40"])
def test_a_mention_with_another_sign_goes_too(at: str) -> None:
    person = Traces(str(ID), {"zoe"}, {"Zoe Q"})
    sent = frame(made("WebcastChatMessage", user=ANA, content=f"zoe: see tiktok.com/{at}Zoe and {at}zoey"))
    [left] = unpack(scrub(sent.payload, person).payload).messages
    assert method_class(left.method).FromString(left.payload).content == f"zoe: see tiktok.com/@erased and {at}zoey"
