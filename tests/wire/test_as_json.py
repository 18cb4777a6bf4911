"""A message as JSON data, whatever is in it."""

from __future__ import annotations

import json

from tui_live.wire.as_json import message_facts
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
