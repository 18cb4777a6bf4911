"""A message as JSON data, whatever is in it."""

from __future__ import annotations

import base64
import json

from tui_live.wire.as_json import Excerpt, message_facts
from tui_live.wire.frames import unpack
from tui_live.wire.schema import message_class, method_class

#: One entry of ``tracking_extra`` (field 29, a map of strings): the key is no UTF-8.
BROKEN_KEY = b"\xea\x01\x06\x0a\x01\xff\x12\x01x"


def one_message(method: str, payload: bytes):
    batch = message_class("ProtoMessageFetchResult")()
    batch.messages.add(method=method, payload=payload, msg_id=2**62)
    return unpack(batch.SerializeToString()).messages[0]


def test_a_map_with_a_broken_key_is_shown_as_far_as_it_can_be_read() -> None:
    battle = method_class("WebcastLinkMicBattle")(battle_id=7, tracking_extra={"a": "b"}).SerializeToString()
    facts = message_facts(one_message("WebcastLinkMicBattle", battle + BROKEN_KEY))
    assert facts["message"] == {"battle_id": 7, "tracking_extra": {"a": "b", "\ufffd": None}}
    assert facts["payload"]
    json.dumps(facts)


def test_a_message_that_is_none_of_its_schema_still_has_its_bytes() -> None:
    facts = message_facts(one_message("WebcastLinkMicBattle", b"\xff\xff"))
    assert facts == {
        "method": "WebcastLinkMicBattle",
        "msg_id": str(2**62),
        "message": None,
        "error": "not a message of its schema",
        "payload": "//8=",
    }


def test_a_screen_shows_as_much_of_a_hostile_message_as_anybody_reads() -> None:
    chat = method_class("WebcastChatMessage")(content="c" * 50_000)
    chat.mention_user_list.extend([7] * 300_000)
    for _ in range(5_000):
        chat.emotes.add().emote.emote_id = "e"
    battle = method_class("WebcastLinkMicBattle")()
    for number in range(12_345):
        battle.tracking_extra[str(number)] = "x"
    payload = chat.SerializeToString()
    facts = message_facts(one_message("WebcastChatMessage", payload), Excerpt())
    shown = facts["message"]
    assert len(json.dumps(facts)) < 400_000
    assert shown["content"].endswith("c … 40,000 more characters")
    assert shown["mention_user_list"][999:] == [7, "… 299,000 more"]
    assert shown["emotes"][999:] == [{"emote": {"emote_id": "e"}}, "… 4,000 more"]
    assert facts["payload"].endswith(f" … {len(payload) - 100_000:,} more bytes")
    shown = message_facts(one_message("WebcastLinkMicBattle", battle.SerializeToString()), Excerpt())["message"]
    assert (len(shown["tracking_extra"]), shown["tracking_extra"]["…"]) == (1_001, "11,345 more")
    whole = message_facts(one_message("WebcastChatMessage", payload))
    assert base64.b64decode(whole["payload"]) == payload
    assert len(whole["message"]["mention_user_list"]) == 300_000
    assert "…" not in json.dumps(whole, ensure_ascii=False)


def test_lists_within_lists_end_together() -> None:
    seen = method_class("WebcastRoomUserSeqMessage")()
    for _ in range(900):
        rank = seen.ranks.add()
        for _ in range(100):
            rank.user.badge_list.add()
    ranks = message_facts(one_message("WebcastRoomUserSeqMessage", seen.SerializeToString()), Excerpt())["message"]
    assert sum(len(rank["user"]["badge_list"]) for rank in ranks["ranks"]) < 21_000
    assert ranks["ranks"][-1]["user"]["badge_list"] == ["… 100 more"]


def test_an_excerpt_of_a_usual_message_is_all_of_it() -> None:
    chat = method_class("WebcastChatMessage")(content="hello", mention_user_list=[1, 2])
    message = one_message("WebcastChatMessage", chat.SerializeToString())
    assert message_facts(message, Excerpt()) == message_facts(message)
