"""Whoever they are and whatever they call themselves: a pseudonymised export names nobody, and spoils nothing else."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.store.conftest import NOW_MS
from tui_live.core.text import stored
from tui_live.core.words import is_unspaced
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.export import Options, export
from tui_live.store.pseudonyms import Pseudonyms
from tui_live.store.recorder import Recorder
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame, message_class
from tui_live.wire.schema import method_class

KEY = b"k" * 32
HOST = 6_900_000_000_000_000_009
_ids = itertools.count(1 << 62)


def message(method: str, **fields: Any) -> tuple[str, bytes]:
    made = method_class(method)()
    fill(made, fields)
    return method, made.SerializeToString()


def fill(made: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, dict):
            fill(getattr(made, name), value)
            getattr(made, name).SetInParent()
        elif isinstance(value, list) and isinstance(value[0], dict):
            for item in value:
                fill(getattr(made, name).add(), item)
        elif isinstance(value, list):
            getattr(made, name).extend(value)
        else:
            setattr(made, name, value)


def user(person: tuple[int, str, str]) -> dict[str, Any]:
    return {"id": person[0], "display_id": person[1], "nickname": person[2]}


def chat(person: tuple[int, str, str], text: str, **more: Any) -> tuple[str, bytes]:
    return message("WebcastChatMessage", user=user(person), content=text, content_language="en", **more)


async def exported(
    *messages: tuple[str, bytes], keep_raw: bool = True, cut: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """What a pseudonymised export makes of one frame with these messages: its events, and all of it.

    ``cut`` is why the connection was lost once.
    """
    frame = message_class("ProtoMessageFetchResult")()
    for method, payload in messages:
        frame.messages.add(method=method, payload=payload, msg_id=next(_ids))
    with TemporaryDirectory() as folder:
        path, target = Path(folder) / "x.db", Path(folder) / "x.json"
        database = await open_writer(path)
        recorder = Recorder(database, keep_raw=keep_raw)
        await recorder.open()
        session = await sessions.begin(recorder, "streamer", "7001", NOW_MS, {"host_id": HOST})
        decoded = RoomDecoder("7001", Host("streamer", HOST)).decode(
            Frame(gzip.compress(frame.SerializeToString())), NOW_MS
        )
        session.totals.add(decoded)
        recorder.put(session.id, decoded, session.totals)
        await recorder.flush()
        if cut:
            await sessions.add_gap(recorder, session, NOW_MS, NOW_MS + 1, cut)
        await sessions.finish(recorder, session, "ended", NOW_MS + 1)
        await database.close()
        await export(path, session.id, Options("json", pseudonyms=KEY), target)
        text = target.read_text()
    return json.loads(text)["events"], text


#: No q and no z: what the tests write around a name has nothing else.
_ALPHABET = "abIKéßΣ0 .-_!@:'🌸👑\u200d❤️漢天日한ไم"
_nicknames = (
    st.one_of(
        st.text(_ALPHABET, min_size=1, max_size=12),
        st.sampled_from(
            ["Rose", "action", "en", "message", "I", "user", "漢", "Jürgen Müller", "🌸Lilly🌸", "started", "0"]
        ),
    )
    .map(stored)
    .filter(bool)
)
_handles = st.text("abcdef0123456789_.", min_size=2, max_size=10).filter(lambda name: any(map(str.isalnum, name)))
_people = st.lists(
    st.tuples(st.integers(10**17, 2**63 - 1), _handles, _nicknames),
    min_size=2,
    max_size=4,
    unique_by=(lambda one: one[0], lambda one: one[1]),
)


def words_for(name: str) -> bool:
    """Whether a nickname is one that is looked for in what people write."""
    return (len(name) > 1 and any(map(str.isalnum, name))) or (len(name) == 1 and is_unspaced(name))


# Each example is a whole recording: making a failing one smaller would take minutes.
@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(_people)
def test_nobody_is_named_anywhere_and_nothing_else_is_touched(people) -> None:
    names = Pseudonyms(KEY, [])
    shown = {person: names.of(str(person[0])) for person in people}
    one, two = people[0], people[1]
    gift = {"id": 5655, "type": 2, "diamond_count": 1, "name": "Rose"}
    battle = {"user_id": one[0], "nick_name": one[2], "display_id": one[1]}
    events, text = asyncio.run(
        exported(
            message("WebcastLinkMicBattle", action=4, anchors_info=[{"key": one[0], "value": {"user": battle}}]),
            message("WebcastRoomUserSeqMessage", total=3, ranks=[{"user": user(one), "score": 9}]),
            message("WebcastImDeleteMessage", delete_user_ids=[one[0], two[0]]),
            message(
                "WebcastRoomPinMessage",
                operator=user(two),
                chat_message={"user": user(one), "content": "qzz"},
                action=1,
            ),
            message(
                "WebcastMemberMessage",
                user=user(one),
                operator=user(two),
                action=11,
                kick_source=1,
                action_description="qzz",
            ),
            message(
                "WebcastBarrageMessage",
                content={"default_pattern": "{0:user} qzz", "pieces": [{"user_value": {"user": user(one)}}]},
            ),
            message("WebcastGiftMessage", user=user(one), to_user=user(two), gift=gift, gift_id=5655, repeat_count=1),
            chat(two, f"qzq @{one[2]} zqz", mention_users=[user(one)], mention_user_list=[one[0]]),
            *(chat(two, f"qzq {person[2]} zqz {person[1]} q {person[0]}") for person in people),
            *(chat(person, "q") for person in people),
        )
    )
    first = shown[one]
    texts = [event["message"] for event in events]
    assert texts[0] == first
    side = events[0]["processed_data"]["battle_users"][0]
    assert (side["user_id"], {side["username"], side["display_name"]} <= {first, ""}) == (first, True)
    [viewer] = events[1]["processed_data"]["top_viewers"]
    assert (viewer["user_id"], viewer["username"]) == (first, first)
    assert texts[2] == "2 users removed"
    assert events[2]["processed_data"]["user_ids"] == [first, shown[two]]
    assert texts[3:6] == [f"{first}: qzz", f"{first}: qzz", f"{first} qzz"]
    assert events[3]["processed_data"]["message"] == texts[3]
    assert (texts[6], events[6]["processed_data"]["gift_name"]) == ("Rose ×1", "Rose")
    assert events[6]["processed_data"]["to_user"] == shown[two]
    assert texts[7] == f"qzq @{first} zqz"
    assert events[7]["processed_data"]["mentions"] == [first]
    assert {event["processed_data"]["language"] for event in events[7:]} == {"en"}
    for person, said in zip(people, texts[8:], strict=False):
        nickname, handle = said.removeprefix("qzq ").split(" zqz ")
        if words_for(person[2]) and "@" not in person[2]:
            assert nickname in shown.values()
        assert handle == f"{shown[person]} q {shown[person]}"
        assert str(person[0]) not in text
    for event in events:
        assert event["user_id"] in {None, *shown.values()}
        assert event["user_id"] == event["username"] == event["nickname"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hi @🌸Lilly🌸 and @Jürgen Müller", "hi @* and @*"),
        ("@bob.smith, hello there", "@*, hello there"),
        ("@Bob hello", "@* hello"),
        ("@ home", "@ home"),
        ("mail me: x@y", "mail me: x@*"),
        ("(@李小龙) ok", "(@*) ok"),
        ("@ana.b @ana @ana今日 @ana!", "@* @* @*今日 @*!"),
    ],
)
def test_a_mention_of_somebody_unknown_goes_as_a_whole(text, left) -> None:
    names = Pseudonyms(KEY, [("6900000000000000001", "ana", "Ana")])
    cleaned = names.text(text)
    for shown in {word for word in cleaned.replace("@", " ").replace("今", " ").split() if "user-" in word}:
        cleaned = cleaned.replace(shown.strip("(),!"), "*")
    assert cleaned == left


@pytest.mark.parametrize(("followers", "told"), [(0, 0), (7, 7), (96, 100), (48_213, 50_000), (2**62, 5 * 10**18)])
async def test_how_many_follow_a_sharer_is_told_in_round_numbers(followers, told) -> None:
    sharer = user((1 << 60, "ana", "Ana")) | {"follow_info": {"follower_count": followers}}
    [event], _ = await exported(message("WebcastSocialMessage", user=sharer, action=3))
    assert event["processed_data"]["follower_count"] == told


def test_an_ideograph_is_a_name_alone_or_before_a_title() -> None:
    names = Pseudonyms(KEY, [("6900000000000000001", "x.y", "漢")])
    shown = names.of("6900000000000000001")
    assert names.text("漢字 y 漢 漢さん @漢字") == f"漢字 y {shown} {shown}さん @{shown}字"


def test_ordinary_words_and_pictures_that_are_names_stay_in_what_others_write() -> None:
    names = Pseudonyms(KEY, [("6900000000000000001", "a1", "I"), ("6900000000000000002", "a2", "❤️")])
    assert names.text("I ❤️ you") == "I ❤️ you"
    assert names.text("@I @❤️") == f"@{names.of('6900000000000000001')} @{names.of('6900000000000000002')}"


MARIA = (7_012_345_678_901_234_567, "maria.lopez_99", "Maria Lopez")
BOB = (6_900_000_000_000_000_002, "bob", "Rose")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("www.tiktok.com/%40maria.lopez_99 is it", "www.tiktok.com/@MARIA is it"),
        ("hey Maria  Lopez and maria\u3000 lopez", "hey MARIA and MARIA"),
        ("Ｍaria.lopez_99 / ＭＡＲＩＡ ＬＯＰＥＺ", "MARIA / MARIA"),
        ("＠maria.lopez_99 ＠bob！", "@MARIA @BOB！"),
        ("100%40 off, 50 % @ home", "100%40 off, 50 % @ home"),
        ("Ｗｉｄｅ words！", "Ｗｉｄｅ words！"),
    ],
)
def test_a_name_is_known_however_wide_and_escaped_it_is_written(text, left) -> None:
    names = Pseudonyms(KEY, [(str(MARIA[0]), *MARIA[1:]), (str(BOB[0]), *BOB[1:])])
    cleaned = names.text(text)
    for who, short in ((MARIA[1], "MARIA"), ("bob", "BOB")):
        cleaned = cleaned.replace(names.of_handle(who), short)
    assert cleaned == left


def test_a_stranger_mentioned_with_a_wide_sign_goes() -> None:
    names = Pseudonyms(KEY, [])
    assert names.text("＠Un_Known hi") == f"@{names.of_handle('un_known')} hi"


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("https://p16/@maria.lopez_99.png", "https://p16/@MARIA.png"),
        ("https://p16/wall/7012345678901234567/maria.lopez_99~x.png", "https://p16/wall/MARIA/MARIA~x.png"),
        ("Maria.Lopez_99_love", "MARIA_love"),
        ("x_maria.lopez_99", "x_MARIA"),
        ("id7012345678901234567x", "idMARIAx"),
        ("for @bob. and bob", "for @BOB. and bob"),
        (
            "maria.lopez_999 17012345678901234567 amaria.lopez_99",
            "maria.lopez_999 17012345678901234567 amaria.lopez_99",
        ),
        ("Rose bob congratulations 12345 en", "Rose bob congratulations 12345 en"),
        ("https://p16/tos/img@300x300.webp?a=b_c", "https://p16/tos/img@300x300.webp?a=b_c"),
        ("......___.._", "......___.._"),
    ],
)
def test_values_lose_ids_and_handles_and_keep_their_words(value, left) -> None:
    more = [("6900000000000000003", "congratulations", "en"), ("6900000000000000004", "12345", "x")]
    names = Pseudonyms(KEY, [(str(MARIA[0]), *MARIA[1:]), (str(BOB[0]), *BOB[1:]), *more])
    cleaned = names.value(value).replace(names.of(str(MARIA[0])), "MARIA").replace(names.of(str(BOB[0])), "BOB")
    assert cleaned == left


async def test_gifts_addresses_and_methods_name_nobody_and_stay_else() -> None:
    of = Pseudonyms(KEY, []).of
    gift = {"id": 5655, "type": 2, "name": "Rose of @bob", "image": {"url_list": ["https://p16/@maria.lopez_99.png"]}}
    product = {"title": "signed by maria.lopez_99, a Rose", "product_id": 4, "price": "5 €"}
    emote = {"emote_id": "x1", "image": {"content": {"name": "maria.lopez_99_love"}}}
    events, text = await exported(
        chat(MARIA, "hello"),
        message("WebcastSocialMessage", user=user(BOB), action=3, share_target=str(MARIA[0])),
        message("WebcastGiftMessage", user=user(BOB), gift=gift, gift_id=5655, repeat_count=1),
        message("WebcastEmoteChatMessage", user=user(BOB), emote_list=[emote]),
        message("WebcastOecLiveShoppingMessage", pop_product=product),
        message("WebcastLinkStateMessage", wallpaper_url=f"https://p16/{MARIA[0]}/rose.png"),
        message("WebcastGoalUpdateMessage", goal={"description": "to the moon", "id_str": "maria.lopez_99"}),
        ("WebcastFor maria.lopez_99", b""),
        cut="@maria.lopez_99 was cut",
    )
    maria, bob = of(str(MARIA[0])), of(str(BOB[0]))
    data = [event["processed_data"] for event in events]
    assert data[1]["share_target"] == maria
    assert (data[2]["gift_name"], data[2]["image_url"]) == (f"Rose of @{bob}", f"https://p16/@{maria}.png")
    assert data[3]["emote_name"] == f"{maria}_love"
    assert data[4]["product_name"] == f"signed by {maria}, a Rose"
    assert data[5]["url"] == f"https://p16/{maria}/rose.png"
    assert (data[6]["goal_id"], data[6]["title"]) == (maria, "to the moon")
    assert data[7]["method"] == f"WebcastFor {maria}"
    assert [event["message"] for event in events[2:5]] == [
        f"Rose of @{bob} ×1",
        f"{maria}_love",
        f"signed by {maria}, a Rose · 5 €",
    ]
    assert json.loads(text)["session"]["gap_list"][0]["reason"] == f"@{maria} was cut"
    for name in (str(MARIA[0]), "maria", "lopez"):
        assert name not in text.lower()


async def test_words_put_into_a_line_are_somebodys_name_unless_they_are_figures() -> None:
    names = Pseudonyms(KEY, [])
    pieces = [{"string_value": "Zoe Stranger"}, {"string_value": "Lv. 12"}, {"string_value": "Maria Lopez"}]
    line = {"default_pattern": "{0:string} is {1:string}, says {2:string}", "pieces": pieces}
    events, text = await exported(
        message("WebcastBarrageMessage", content=line, msg_type=9),
        message("WebcastRankUpdateMessage", updates=[{"rank_type": 1, "own_rank": 2, "default_content": line}]),
        chat(MARIA, "Stranger things"),
    )
    shown = f"{names.of_handle('Zoe Stranger')} is Lv. 12, says {names.of(str(MARIA[0]))}"
    assert [event["message"] for event in events] == [shown, f"weekly #2: {shown}", "Stranger things"]
    assert events[0]["processed_data"]["message"] == shown
    assert "Zoe" not in text


async def test_a_line_whose_names_nobody_kept_is_left_out() -> None:
    ana, barry = (6900000000000000001, "ana", "Ana"), (6900000000000000002, "barry", "Barry B")
    piece = {"default_pattern": "{0:user} joined", "pieces": [{"user_value": {"user": user(barry)}}]}
    pinned = {"user": user(barry), "content": "hello"}
    messages = (
        message("WebcastBarrageMessage", content=piece, msg_type=9),
        message("WebcastRoomPinMessage", operator=user(ana), chat_message=pinned, action=1),
        chat(ana, "hello"),
    )
    events, text = await exported(*messages, keep_raw=False)
    assert [event["message"] for event in events] == ["", "", "hello"]
    assert "Barry" not in text
    events, _ = await exported(*messages)
    shown = Pseudonyms(KEY, []).of(str(barry[0]))
    assert [event["message"] for event in events] == [f"{shown} joined", f"{shown}: hello", "hello"]


def test_a_comment_costs_the_same_however_many_names_begin_alike() -> None:
    def cost(count: int) -> float:
        people = [(str(10**18 + at), f"user{at * 7919}", f"user {at * 104729}") for at in range(count)]
        names = Pseudonyms(KEY, people)
        begun = time.process_time()
        for _ in range(200):
            names.text("because you must trust us all, user user user 5, just use the music")
        return time.process_time() - begun

    cost(10)
    assert cost(50_000) < 10 * cost(50) + 0.02
