"""After an erase, nothing of the person is in what others did, and what others did is as it was."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from pathlib import Path

import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event
from tests.store.test_erase import RAIN, bytes_of, query
from tests.store.test_recorder import record, rows
from tests.tiktok.messages import frame, made
from tui_live.core.events import BannerData, CaptionData, ModerationData, Person
from tui_live.core.streaks import StreakLedger
from tui_live.errors import StoreError
from tui_live.store import sessions
from tui_live.store.database import open_reader, open_writer
from tui_live.store.erase import erase, look_up
from tui_live.store.frames import session_frames
from tui_live.store.recorder import Recorder
from tui_live.store.search import search_all
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import unpack

ID = int(RAIN.user_id)
THEM = {"id": ID, "display_id": RAIN.handle, "nickname": RAIN.nickname, "bio_description": "lives in Qxtown"}
_ANA = {"id": int(ANA.user_id), "display_id": "ana", "nickname": "Ana"}
_BOB = {"id": 6_900_000_000_000_000_003, "display_id": "bob", "nickname": "Bob"}
_rooms = itertools.count(7_001)


async def stream(path: Path, *frames, handle: str = "ana", keep_raw: bool = True, **info: object) -> str:
    """Record these frames as a stream of ``handle``; returns the session's key."""
    room = str(next(_rooms))
    writer = await open_writer(path)
    try:
        recorder = Recorder(writer, keep_raw=keep_raw)
        await recorder.open()
        session = await sessions.begin(recorder, handle, room, NOW_MS, info)
        decoder = RoomDecoder(room, Host(handle))
        for number, each in enumerate(frames):
            decoded = decoder.decode(each, NOW_MS + number)
            session.totals.add(decoded)
            recorder.put(session.id, decoded, session.totals)
        await recorder.flush()
        await sessions.finish(recorder, session, "ended", NOW_MS + 1_000)
    finally:
        await writer.close()
    return session.id


async def plain_frames(path: Path, key: str) -> bytes:
    reader = await open_reader(path)
    try:
        return b"".join(unpack(each[2]).SerializeToString() for each in await session_frames(reader, key))
    finally:
        await reader.close()


def said(user, content: str):
    return made("WebcastChatMessage", user=user, content=content)


def pinned(author, content: str):
    return made("WebcastRoomPinMessage", operator=_ANA, chat_message={"user": author, "content": content}, action=1)


def battle():
    sides = [
        {"user_id": each["id"], "nick_name": each["nickname"], "display_id": each["display_id"]}
        for each in (THEM, _BOB)
    ]
    return made(
        "WebcastLinkMicBattle",
        action=4,
        anchors_info=[{"key": each["user_id"], "value": {"user": each}} for each in sides],
    )


async def test_nothing_that_others_quote_or_say_of_them_stays(path) -> None:
    question = made("WebcastQuestionNewMessage", data={"user": THEM, "content": "repeatedly asked"})
    fan = {**_BOB, "nickname": "Bob loves @rain_maker77", "bio_description": "married to @Rain_Maker77"}
    kick = made("WebcastMemberMessage", user=THEM, operator=_ANA, action=11, kick_source=1, action_description="spam")
    key = await stream(
        path,
        frame(said(THEM, "my own words"), pinned(THEM, "quoted words"), pinned(_BOB, "another pin")),
        frame(battle(), kick, said(fan, "hi")),
        frame(question),
        frame(question),
    )
    await erase(path, "@rain_maker77")
    left = bytes_of(path).lower() + (await plain_frames(path, key)).lower()
    for needle in (RAIN.user_id, RAIN.handle, "zephyrine", "own words", "quoted words", "repeatedly asked", "qxtown"):
        assert needle.encode() not in left
    assert query(path, "SELECT event_type, message FROM events") == [
        ("banner", "erased"),
        ("banner", "Bob: another pin"),
        ("battle", "Bob : erased"),
        ("moderation", "erased: spam"),
        ("chat", "hi"),
    ]
    assert query(path, "SELECT display_name, bio FROM users WHERE username = 'bob'") == [
        ("Bob loves @erased", "married to @erased")
    ]
    assert query(path, "SELECT display_name FROM user_names WHERE username = 'bob' ORDER BY number") == [
        ("Bob loves @erased",)
    ]
    reader = await open_reader(path)
    assert await search_all(reader, "quoted") == []
    assert [hit.text for hit in await search_all(reader, "another")] == ["Bob: another pin"]
    await reader.close()


async def test_a_replay_shows_a_repeated_message_of_theirs_no_more(path) -> None:
    question = made("WebcastQuestionNewMessage", data={"user": THEM, "content": "asked"})
    key = await stream(path, frame(question, said(_ANA, "a")), frame(question))
    await erase(path, RAIN.user_id)
    reader = await open_reader(path)
    messages = [list(unpack(each[2]).messages) for each in await session_frames(reader, key)]
    await reader.close()
    assert [[message.method for message in each] for each in messages] == [["", "WebcastChatMessage"], [""]]


async def test_without_frames_a_pin_is_known_by_its_authors_name(path) -> None:
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=False)
    await recorder.open()
    others = Person("77", "zoe", "Zephyrine Qxy")
    pins = [
        event(
            BannerData(f"{author.nickname}: words", "pin", 0), KING, "banner", "pin", text=f"{author.nickname}: words"
        )
        for author in (RAIN, others)
    ]
    await record(recorder, batch(chat("x", RAIN), *pins))
    await database.close()
    assert query(path, "SELECT count(*) FROM frames") == [(0,)]
    await erase(path, RAIN.user_id)
    assert query(path, "SELECT message, processed_data ->> '$.message' FROM events") == [
        ("erased", "erased"),
        ("Zephyrine Qxy: words", "Zephyrine Qxy: words"),
    ]


@pytest.mark.parametrize(
    "message",
    [
        battle(),
        made("WebcastRoomUserSeqMessage", total=3, ranks=[{"user": THEM, "score": 9}]),
        made("WebcastGiftMessage", user=_ANA, to_user=THEM, gift={"id": 5, "name": "Lion"}, repeat_count=1),
        made("WebcastMemberMessage", user=THEM, operator=_ANA, action=11, kick_source=1),
    ],
    ids=["battle", "top viewer", "guest", "removed"],
)
async def test_somebody_who_never_did_anything_can_be_erased(path, message) -> None:
    key = await stream(path, frame(message, said(_ANA, "hello")))
    by_handle = b'"username":"rain_maker77"' in bytes_of(path)
    found = await erase(path, RAIN.handle if by_handle else RAIN.user_id)
    assert (found.person.user_id, found.events) == (RAIN.user_id, 0)
    left = bytes_of(path).lower() + (await plain_frames(path, key)).lower()
    for needle in (RAIN.user_id, RAIN.handle, "zephyrine"):
        assert needle.encode() not in left
    with pytest.raises(StoreError, match="Nobody"):
        await look_up(path, RAIN.user_id)


@pytest.mark.parametrize("info", [{"host_id": ID, "title": "Show in Qxtown"}, {"title": "Show in Qxtown"}, {}])
async def test_a_streamer_who_never_wrote_can_be_erased_with_what_they_said(path, info) -> None:
    caption = made("WebcastCaptionMessage", content=[{"lang": "en", "content": "spoken words"}], definite=True)
    key = await stream(path, frame(caption, said(_ANA, "hello")), handle=RAIN.handle, **info)
    await stream(path, frame(said(_ANA, "elsewhere")), handle="bob", title="with @rain_maker77")
    found = await erase(path, RAIN.handle)
    assert (found.events, found.streams) == (0, 1)
    left = bytes_of(path).lower() + (await plain_frames(path, key)).lower()
    for needle in (RAIN.user_id, RAIN.handle, "qxtown", "spoken"):
        assert needle.encode() not in left
    assert query(path, "SELECT streamer_username, streamer_info FROM sessions ORDER BY number") == [
        ("erased", "{}"),
        ("bob", '{"title":"with @erased"}'),
    ]
    assert query(path, "SELECT message FROM events") == [("hello",), ("elsewhere",)]


async def test_a_streamer_of_the_same_name_with_another_id_is_somebody_else(path) -> None:
    await stream(path, frame(said(_ANA, "a")), handle=RAIN.handle, host_id=ID)
    await stream(path, frame(said(_ANA, "b")), handle=RAIN.handle, host_id=7)
    with pytest.raises(StoreError, match="2 people"):
        await look_up(path, RAIN.handle)
    await erase(path, RAIN.user_id)
    assert query(path, "SELECT streamer_username FROM sessions ORDER BY number") == [("erased",), (RAIN.handle,)]


async def test_values_that_read_like_a_nickname_stay(path) -> None:
    gift = made("WebcastGiftMessage", user=_ANA, gift={"id": 5655, "name": "Rose", "diamond_count": 1}, repeat_count=5)
    joined = made("WebcastMemberMessage", user=_BOB, action=1)
    chatted = made("WebcastChatMessage", user=_BOB, content="gg", content_language="en")
    names = ["Rose", "en", "gg", "5655", "joined"]
    trolls = [said({"id": ID + n, "display_id": f"troll{n}", "nickname": name}, "x") for n, name in enumerate(names)]
    key = await stream(path, frame(gift, joined, chatted), frame(*trolls))
    before = query(path, "SELECT * FROM events WHERE username IN ('ana', 'bob')")
    for number in range(len(names)):
        await erase(path, f"troll{number}")
    assert query(path, "SELECT * FROM events") == before
    reader = await open_reader(path)
    first = next(each for each in await session_frames(reader, key))
    assert [message.payload for message in unpack(first[2]).messages] == [
        bytes(each.payload) for each in (gift, joined, chatted)
    ]
    await sessions.restore_streaks(reader, "7", StreakLedger())
    await reader.close()


async def test_a_frame_that_nobody_can_read_ends_nothing(path) -> None:
    broken = made("WebcastLinkMicBattle", battle_id=7)
    broken.payload = bytes(broken.payload) + b"\xea\x01\x06\x0a\x01\xff\x12\x01x"
    await stream(path, frame(said(THEM, "x"), broken), frame(said(_ANA, "hi @rain_maker77")))
    with contextlib.closing(sqlite3.connect(path)) as database:
        query_ = "INSERT INTO frame_packs SELECT number, 900, 901, ? FROM sessions"
        database.execute(query_, (b"\x28\xb5\x2f\xfdno pack",))
        database.execute("INSERT INTO frames SELECT 902, id, 0, ? FROM sessions", (b"\x1f\x8bnonsense",))
        database.commit()
    await erase(path, RAIN.user_id)
    assert query(path, "SELECT event_type FROM events") == [("battle",), ("chat",)]
    assert query(path, "SELECT payload FROM frames WHERE id = 902") == [(b"\x1f\x8bnonsense",)]
    assert query(path, "SELECT count(*) FROM frame_packs") == [(0,)]


@pytest.mark.parametrize("keep_raw", [True, False])
async def test_what_tiktok_says_of_somebody_else_of_the_same_name_stays(path, keep_raw) -> None:
    namesake = {**_BOB, "nickname": RAIN.nickname}
    joined = {"default_pattern": "{0:user} joined", "pieces": [{"user_value": {"user": namesake}}]}
    other = {"default_pattern": "{0:string} left", "pieces": [{"string_value": RAIN.nickname}]}
    messages = [made("WebcastBarrageMessage", content=content, msg_type=9) for content in (joined, other)]
    sent = made("WebcastRoomNotifyMessage", user=namesake, content=f"{RAIN.nickname} sent a Lion")
    await stream(path, frame(said(THEM, "x"), *messages, sent), keep_raw=keep_raw)
    await erase(path, RAIN.handle)
    assert query(path, "SELECT message FROM events") == [
        (f"{RAIN.nickname} joined",),
        ("erased left",),
        (f"{RAIN.nickname} sent a Lion",),
    ]


async def test_captions_of_others_and_moderation_of_others_stay(recorder, reader, path) -> None:
    removed = ModerationData("", KING.user_id, "spam", ANA.user_id)
    await record(
        recorder,
        batch(
            chat("x", RAIN),
            event(
                CaptionData("zephyrine qx is a nice name", "en"), None, "caption", text="zephyrine qx is a nice name"
            ),
            event(removed, ANA, "moderation", "user_removed", text="👑 King: spam"),
        ),
    )
    await recorder._database.close()
    before = await rows(reader, "SELECT message, processed_data FROM events WHERE event_type <> 'chat'")
    await reader.close()
    await erase(path, RAIN.user_id)
    assert query(path, "SELECT message, processed_data FROM events") == before


async def test_whose_stream_was_shared_and_what_tiktok_says_of_them_names_them_no_more(path) -> None:
    shared = made("WebcastSocialMessage", user=_ANA, action=3, share_target=RAIN.user_id)
    by_handle = made("WebcastSocialMessage", user=_ANA, action=3, share_target=RAIN.handle)
    muted = made("WebcastSystemMessage", message='"Zephyrine Qx" was muted')
    gift = made("WebcastGiftMessage", user=_ANA, gift={"id": 5, "name": "Lion of @rain_maker77"}, repeat_count=1)
    toast = made("WebcastToastMessage", common={"describe": "Zephyrine Qx won"})
    mention = said(_BOB, "zephyrine qx, ＠Rose")
    key = await stream(
        path,
        frame(said(THEM, "x"), said({**THEM, "nickname": "Rose"}, "y"), shared, by_handle, muted, gift, toast),
        frame(mention),
    )
    await erase(path, RAIN.handle)
    left = bytes_of(path) + await plain_frames(path, key)
    for needle in (RAIN.user_id, RAIN.handle, RAIN.nickname):
        assert needle.encode() not in left
    shares = "SELECT processed_data ->> '$.share_target' FROM events WHERE event_type = 'social'"
    assert query(path, shares) == [("",), ("erased",)]
    assert query(path, "SELECT message FROM events WHERE event_type <> 'social'") == [
        ('"erased" was muted',),
        ("Lion of @erased ×1",),
        ("erased won",),
        ("zephyrine qx, @erased",),
    ]
