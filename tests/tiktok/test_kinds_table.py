"""The table of methods is whole, and no message of any of them raises, whatever its fields hold."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiktok.messages import NOW_MS, built, entry, frame, made, recorded
from tui_live.core.events import TYPES
from tui_live.simulator.truth import TYPES as TRUTH
from tui_live.store.rows import TYPE_COLUMNS
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import TABLE, Host
from tui_live.wire.schema import known_methods, method_class


def test_every_method_of_the_schema_has_a_row() -> None:
    assert set(TABLE) == known_methods()
    assert {row.type for row in TABLE.values()} | {"other"} == set(TYPES)


def test_the_stand_in_comes_to_the_same_types_on_its_own() -> None:
    assert {method: row.type for method, row in TABLE.items()} == TRUTH


@pytest.mark.parametrize("method", sorted(TABLE))
def test_an_empty_message_is_of_the_type_of_its_row(method) -> None:
    (event,) = RoomDecoder("7", Host("alice")).decode(frame(entry(b"", method=method)), NOW_MS).events
    assert event.type == TABLE[method].type == event.data.event_type
    assert event.subtype != "undecodable"


async def test_the_sessions_columns_count_each_type(tmp_path) -> None:
    entries = [entry(b"", method=method) for method in sorted(TABLE)]
    unknown = [entry(b"\x08\x01", method="WebcastFromTheFutureMessage"), entry(b"\xff", method="WebcastChatMessage")]
    rows, session = await recorded(tmp_path / "x.db", *entries, *unknown)
    counted = [row["event_type"] for row in rows]
    for kind, column in TYPE_COLUMNS.items():
        assert session[column] == counted.count(kind) > 0, kind
    listed = {*TYPE_COLUMNS, "gift", "like"}
    assert session["total_other"] == sum(kind not in listed for kind in counted)
    assert (session["total_events"], session["undecodable"]) == (len(TABLE) + 2, 1)


_KEYS = (
    *(
        "",
        "pm_mt_guidance_viewer_²_share",
        "pm_main_follow",
        "ttlive_superfanbox",
        "ttlive_superfan_x",
        "{0:user} {99}",
    ),
    *("{0:string}{1:user}\x1b[2J", "https://x/y?z", "9" * 30, "-1", "\ud800"),
)
_NUMBERS = (0, 1, 2, 3, 4, 5, 7, 19, 100, -1, 2**31 - 1, -(2**31), 2**62, -(2**63), 2**63 - 1)
_BITS = {1: 64, 2: 64, 3: 64, 4: 64, 5: 32, 13: 32}


def fill(message, rng: random.Random, depth: int = 0) -> None:
    """Put something into some of a message's fields, deep down less and less."""
    for field in message.DESCRIPTOR.fields:
        if rng.random() > (0.5 if depth < 2 else 0.25):
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        repeated = field.is_repeated
        if field.message_type is not None:
            if depth < 4:
                for _ in range(rng.randrange(3) if repeated else 1):
                    part = getattr(message, field.name)
                    fill(part.add() if repeated else part, rng, depth + 1)
                if not repeated:
                    getattr(message, field.name).SetInParent()
            continue
        value = _value(field, rng)
        if repeated:
            getattr(message, field.name).extend([value] * rng.randrange(3))
        else:
            setattr(message, field.name, value)


def _value(field, rng: random.Random):
    if field.type == field.TYPE_STRING:
        return rng.choice(_KEYS).encode("utf-8", "ignore").decode()
    if field.type == field.TYPE_BYTES:
        return rng.randbytes(rng.randrange(6))
    if field.type == field.TYPE_BOOL:
        return rng.random() < 0.5
    if field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
        return rng.choice((0.0, -1.5, float("inf"), float("nan")))
    number = rng.choice(_NUMBERS)
    if field.type in (field.TYPE_UINT64, field.TYPE_FIXED64):
        return number % 2**64
    if field.type in (field.TYPE_UINT32, field.TYPE_FIXED32):
        return number % 2**32
    if field.type in (field.TYPE_INT64, field.TYPE_SINT64, field.TYPE_SFIXED64):
        return number
    return number if -(2**31) <= number < 2**31 else 3


@given(st.sampled_from(sorted(TABLE)), st.randoms(use_true_random=False), st.integers(0, 400), st.binary(max_size=3))
@settings(max_examples=120, deadline=None)
def test_half_valid_messages_never_raise(method, rng, place, garbage) -> None:
    message = method_class(method)()
    fill(message, rng)
    data = message.SerializeToString()
    spoilt = data[:place] + garbage + data[place + len(garbage) :]
    decoder = RoomDecoder("7", Host("alice", 42))
    batch = decoder.decode(frame(*(entry(payload, method=method) for payload in (data, spoilt, data))), NOW_MS)
    assert len(batch.events) == 3
    whole = batch.events[0]
    assert whole.subtype != "undecodable"
    assert whole.type in TYPES
    assert "\x1b" not in whole.text
    msgspec.json.encode(batch.events)


def test_nothing_that_a_message_names_is_too_large_for_the_database() -> None:
    decoder = RoomDecoder("7", Host("alice"))
    huge = made("WebcastChatMessage", user={"id_str": "9" * 25, "display_id": "x"}, content="hi")
    assert decoder.decode(frame(huge), NOW_MS).events[0].user is None


def test_messages_are_built_of_tiktoklives_own_classes() -> None:
    from TikTokLive import proto

    assert bytes(built(proto.WebcastChatMessage, {"content": "x", "user": {"id": 5}})) == bytes(
        proto.WebcastChatMessage(content="x", user=proto.User(id=5))
    )
