"""When a session goes on and when another begins (SPEC §3, §5)."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, gift, like
from tests.store.test_recorder import record, rows
from tui_live.core.board import Board
from tui_live.core.scoring import Rules
from tui_live.core.streaks import StreakLedger
from tui_live.errors import StoreError
from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.erase import erase
from tui_live.store.listing import read_sessions, render, session_facts, shortcomings

MINUTE = 60_000


@pytest.mark.parametrize(
    ("status", "ended_ago_min", "room", "goes_on"),
    [
        ("interrupted", 1, "7", True),
        ("interrupted", 600, "7", True),
        ("interrupted", 5, "8", True),
        ("interrupted", 600, "8", False),
        ("ended", 5, "7", True),
        ("ended", 5, "8", True),
        ("ended", 11, "7", False),
        ("ended", 11, "8", False),
    ],
)
async def test_which_session_goes_on(recorder, reader, status, ended_ago_min, room, goes_on) -> None:
    session = await sessions.begin(recorder, "ana", "7", NOW_MS - 700 * MINUTE, {})
    await sessions.finish(recorder, session, status, NOW_MS - ended_ago_min * MINUTE)
    found = await sessions.to_continue(reader, "ana", room, NOW_MS, 600)
    assert (found.id if found else None) == (session.id if goes_on else None)


async def test_a_session_from_the_future_is_no_last_one_but_in_its_room(recorder, reader) -> None:
    """The computer's clock was ahead for an evening."""
    before = await sessions.begin(recorder, "ana", "6", NOW_MS - 60 * MINUTE, {})
    await sessions.finish(recorder, before, "ended", NOW_MS - 5 * MINUTE)
    future = await sessions.begin(recorder, "ana", "7", NOW_MS + 9_000_000 * MINUTE, {})
    await sessions.finish(recorder, future, "interrupted", NOW_MS + 9_000_060 * MINUTE)
    for room, now_ms, goes_on in (
        ("7", NOW_MS, future.id),
        ("8", NOW_MS, before.id),
        ("8", NOW_MS + 20 * MINUTE, None),
        ("8", NOW_MS + 9_000_055 * MINUTE, future.id),
    ):
        found = await sessions.to_continue(reader, "ana", room, now_ms, 600)
        assert (found.id if found else None) == goes_on


async def test_only_the_streamers_last_session_goes_on(recorder, reader) -> None:
    old = await sessions.begin(recorder, "ana", "7", NOW_MS - 9 * MINUTE, {})
    await sessions.finish(recorder, old, "interrupted", NOW_MS - 8 * MINUTE)
    new = await sessions.begin(recorder, "ana", "7", NOW_MS - 7 * MINUTE, {})
    await sessions.finish(recorder, new, "ended", NOW_MS - 6 * MINUTE)
    found = await sessions.to_continue(reader, "ana", "7", NOW_MS, 600)
    assert found is not None
    assert found.id == new.id
    assert await sessions.to_continue(reader, "bob", "7", NOW_MS, 600) is None


async def test_resuming_clears_the_end_and_brings_the_totals_back(recorder, reader) -> None:
    session = await record(recorder, batch(gift(5, 3), chat("x"), duplicates=2))
    await sessions.add_gap(recorder, session, NOW_MS, NOW_MS + 1500, "cut")
    await sessions.finish(recorder, session, "ended", NOW_MS + 2000)
    [found] = await sessions.listed(reader)
    assert found.totals == session.totals
    assert (found.totals.coins, found.totals.duplicates, found.totals.gap_ms) == (15, 2, 1500)
    await sessions.resume(recorder, found, "8")
    assert await rows(reader, "SELECT status, session_end, room_id FROM sessions") == [("active", None, "8")]


async def test_a_room_knows_only_its_own_messages_and_streaks_when_a_session_went_through_several(
    recorder, reader
) -> None:
    """Rooms 7, 8, 9 (where nothing came) and 7 again, each with a comment and the same streak of the same gift."""
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    ids: dict[str, list[int]] = {"7": [], "8": [], "9": []}
    for at, room in enumerate(("7", "8", "9", "7")):
        await sessions.resume(recorder, session, room)
        if room == "9":
            continue
        sent = (chat(room), gift(5, total=at + 2, group=4))
        ids[room] += [event.msg_id for event in sent]
        await record(recorder, batch(*sent, room_id=room), session=session)
    for room, expected in ids.items():
        assert await sessions.known_ids(reader, room) == expected
    for room, counted in (("7", 5), ("8", 3), ("9", 0)):
        ledger = StreakLedger()
        await sessions.restore_streaks(reader, room, ledger)
        assert ledger.growth((int(KING.user_id), 5655, 4), 10) == 10 - counted
    assert await sessions.known_ids(reader, "7", 3) == ids["7"][:2]
    assert await sessions.known_ids(reader, "7", 2) == ids["7"][:1]
    assert await sessions.known_ids(reader, "8", 3) == []
    assert [room for _, room in await sessions.rooms(reader, session.id)] == ["7", "8", "7"]
    assert [frame for frame, _ in await sessions.rooms(reader, session.id)][:2] == [1, 2]


async def test_an_erase_and_frames_that_were_not_kept_leave_every_frame_in_its_room(recorder, path) -> None:
    """Frames 1 and 2 came in room 7, none was kept in room 8, and frame 3 came in room 9."""
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    for room, user in (("7", ANA), ("7", KING), ("8", ANA), ("9", ANA)):
        await sessions.resume(recorder, session, room)
        recorder._batches._keep_raw = room != "8"
        await record(recorder, batch(chat("x", user), room_id=room), session=session)
    await recorder._database.close()
    database = await open_reader(path)
    assert await sessions.rooms(database, session.id) == [(2, "7"), (sessions._NO_BOUND, "9")]
    await database.close()
    await erase(path, KING.user_id)
    database = await open_reader(path)
    assert await sessions.rooms(database, session.id) == [(1, "7"), (sessions._NO_BOUND, "9")]
    await database.close()


async def test_what_a_killed_process_left_is_interrupted_at_its_last_frame(recorder, reader) -> None:
    await record(recorder, batch(chat("x"), received_ms=NOW_MS + 500))
    assert await sessions.interrupt_leftovers(recorder) == 1
    [found] = await sessions.listed(reader)
    assert (found.status, found.end_ms) == ("interrupted", NOW_MS + 500)
    assert await sessions.interrupt_leftovers(recorder) == 0


async def test_the_room_remembers_its_messages_and_streaks(recorder, reader) -> None:
    first = batch(chat("a"), gift(5, 2, total=2), gift(5, 3, total=5))
    session = await record(recorder, first)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    second = batch(chat("b"))
    await record(recorder, second)
    expected = [event.msg_id for event in (*first.events, *second.events)]
    assert await sessions.known_ids(reader, "7") == expected
    assert await sessions.known_ids(reader, "8") == []
    ledger = StreakLedger()
    await sessions.restore_streaks(reader, "7", ledger)
    assert ledger.growth((int(KING.user_id), 5655, 9), 7) == 2


async def test_streaks_come_back_even_when_a_gift_has_lost_its_numbers(recorder, reader) -> None:
    await record(recorder, batch(gift(5, 2, total=2)), batch(gift(5, 3, total=5)))
    database = recorder._database
    for key, value in (("gift_id", "'erased'"), ("group_id", "NULL"), ("repeat_count", "'many'")):
        await record(recorder, batch(gift(5, 2, total=9, group=8)))
        last = "(SELECT max(id) FROM event_rows)"
        data = f"SELECT json_set(processed_data, '$.{key}', {value}) FROM events WHERE id = {last}"
        await database.execute(f"UPDATE event_rows SET head = 1, tail = ({data}) WHERE id = {last}")
    ledger = StreakLedger()
    await sessions.restore_streaks(reader, "7", ledger)
    assert ledger.growth((int(KING.user_id), 5655, 9), 7) == 2
    assert ledger.growth((int(KING.user_id), 5655, 8), 3) == 3


async def test_keys_can_be_typed_and_differ(recorder) -> None:
    keys = {(await sessions.begin(recorder, "ana", "7", NOW_MS, {})).id for _ in range(50)}
    assert len(keys) == 50
    assert all(len(key) == 8 and key.isalnum() and not set(key) & set("01loi") for key in keys)


async def test_the_list_as_text_and_as_json(recorder, reader) -> None:
    session, board = await sessions.begin(recorder, "ana", "7", NOW_MS, {}), Board(Rules.of())
    for made in (batch(gift(5, 3), chat("a")), batch(chat("b"), gift(1))):
        session.totals.add(made)
        board.add(made)
        recorder.put(session.id, made, session.totals, board)
    await sessions.add_gap(recorder, session, NOW_MS, NOW_MS + 90_000, "cut")
    await recorder.flush()
    await sessions.finish(recorder, session, "ended", NOW_MS + MINUTE)
    without_scores = await record(recorder, batch(gift(5, 3)))
    found = [await sessions.find(reader, key) for key in (session.id, without_scores.id)]
    text = render(found, as_json=False)
    heads = ["KEY", "STREAMER", "START", "END", "STATUS", "USERS", "EVENTS", "COINS", "GAPS"]
    assert text.splitlines()[0].split() == [*heads, "UNDECODABLE", "LIKES", "COVERED", "DUPLICATES"]
    narrow = render(found, as_json=False, width=80)
    assert narrow.splitlines()[0].split() == heads
    assert narrow.splitlines()[1].split()[-6:] == ["ended", "2", "4", "16", "1", "(01:30)"]
    assert narrow.splitlines()[2].split()[-5:] == ["active", "-", "1", "15", "-"]
    assert [session_facts(each)["total_users"] for each in found] == [2, 0]
    assert session.id in text
    assert "1 (01:30)" in text
    assert session_facts(found[0])["session_end"] == "2026-11-21T02:37:44.829Z"
    assert render([], as_json=False) == "No sessions yet."


async def test_the_list_says_which_session_waits_to_go_on(recorder, path) -> None:
    session = await record(recorder, batch(chat("a")))
    await sessions.finish(recorder, session, "interrupted", NOW_MS + MINUTE)
    for key, waits in ((session.id, True), ("", False)):
        await sessions.wish(recorder, session.streamer, key)
        [found], gaps = await read_sessions(path)
        assert ("interrupted, resumes when live" in render([found], as_json=False)) is waits
        assert json.loads(render([found], as_json=True, gaps=gaps))["sessions"][0]["resumes_when_live"] is waits


async def test_the_list_says_what_sessions_lack_as_far_as_there_is_room(recorder, reader, path) -> None:
    made = batch(like(11, 100), chat("a"), duplicates=3)
    made = msgspec.structs.replace(made, undecodable=4)
    session = await record(recorder, made)
    await sessions.add_gap(recorder, session, NOW_MS, NOW_MS + 5_000, "cut")
    await recorder.flush()
    [found], gaps = await read_sessions(path)
    assert shortcomings(found) == "1 gap (00:05), 4 undecodable, 3 duplicates left out, likes 11% covered"
    text = render([found], as_json=False)
    assert text.splitlines()[1].split()[-5:] == ["1", "(00:05)", "4", "11%", "3"]
    wide = max(map(len, text.splitlines()))
    for width, last in ((wide, "DUPLICATES"), (wide - 1, "COVERED"), (40, "GAPS")):
        assert render([found], as_json=False, width=width).splitlines()[0].split()[-1] == last
    told = json.loads(render([found], as_json=True, gaps=gaps))["sessions"][0]
    assert (told["like_coverage"], told["gap_list"][0]["seconds"], told["gap_list"][0]["reason"]) == (0.11, 5, "cut")
    whole = await record(recorder, batch(like(100, 100)))
    assert shortcomings(await sessions.find(reader, whole.id)) == ""


async def test_the_list_is_whole_however_long(recorder, path) -> None:
    async with recorder.writing() as database:
        await database.executemany(
            "INSERT INTO sessions (id, streamer_username, room_id, session_start, status, number)"
            " VALUES (?, 'ana', '7', '2026-01-01T00:00:00.000Z', 'ended', ?)",
            [(f"s{number}", number) for number in range(1200)],
        )
    assert len((await read_sessions(path))[0]) == 1200


@pytest.mark.parametrize(
    "harm", ["totals = 'no json'", "totals = x'00'", "session_start = 'soon'", "session_end = '?'"]
)
async def test_a_session_that_somebody_has_damaged_is_said_in_a_line_and_keeps_no_other_from_being_listed(
    recorder, reader, caplog, harm
) -> None:
    first, second = [await record(recorder, batch(chat("x"))) for _ in range(2)]
    await sessions.finish(recorder, second, "interrupted", NOW_MS)
    async with recorder.writing() as database:
        await database.execute(f"UPDATE sessions SET {harm} WHERE id = ?", (second.id,))
    with pytest.raises(StoreError, match=f"of session {second.id} are damaged"):
        await sessions.find(reader, second.id)
    assert [session.id for session in await sessions.listed(reader)] == [first.id]
    assert f"of session {second.id} are damaged" in caplog.text
    assert (await sessions.find(reader, first.id)).id == first.id
