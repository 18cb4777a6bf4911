"""Packed or not, every message comes back byte for byte."""

from __future__ import annotations

import asyncio
import base64
import gzip
import os
import zlib

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.store.conftest import batch, chat
from tests.store.real import NOW_MS, Recording
from tests.store.test_recorder import record, rows
from tui_live.store import packing, sessions
from tui_live.store.frames import FrameReader, Missing, RecordedFrames, has_frames, session_frames
from tui_live.store.packing import BrokenPack, pack, unpack
from tui_live.store.queries import event_raw
from tui_live.wire.frames import unpack as unpack_batch


@given(st.lists(st.binary(max_size=200), max_size=20), st.booleans())
def test_a_pack_holds_what_was_in_the_frames(payloads, gzipped) -> None:
    frames = [
        (at, at * 50, zlib.compress(payload, wbits=31) if gzipped else payload) for at, payload in enumerate(payloads)
    ]
    again = list(unpack(pack(frames)))
    assert [(frame_id, received) for frame_id, received, _ in again] == [(at, at * 50) for at in range(len(payloads))]
    for payload, (_, _, back) in zip(payloads, again, strict=True):
        assert (zlib.decompress(back, wbits=31) if back[:2] == b"\x1f\x8b" and gzipped else back) == payload


def test_what_would_pass_for_our_own_word_about_a_frame_stays_in_its_gzip() -> None:
    payload = gzip.compress(b"\0because I say so\n")
    assert [again for _, _, again in unpack(pack([(1, 50, payload)]))] == [payload]


async def test_frames_read_the_same_before_and_after_packing(recorder, reader) -> None:
    recording = Recording(recorder)
    session = await recording.record(1500)
    events = await rows(reader, "SELECT id, frame_id, place, msg_id FROM events")
    before = [await event_raw(reader, row[0]) for row in events[::50]]
    await sessions.finish(recorder, session, "ended", NOW_MS)
    assert await rows(reader, "SELECT count(*) FROM frames") == [(0,)]
    assert [await event_raw(reader, row[0]) for row in events[::50]] == before
    kept, after = [], 0
    while frames := await session_frames(reader, session.id, after):
        kept += [payload for _, _, payload in frames]
        after = frames[-1][0]
    assert kept == recording.sent
    frame_reader = FrameReader(reader)
    [(number,)] = await rows(reader, "SELECT number FROM sessions")
    for _, frame_id, place, msg_id in events[::37]:
        assert unpack_batch(await frame_reader.payload(number, frame_id)).messages[place].msg_id == msg_id
    assert await has_frames(reader, session.id)


async def test_the_raw_message_holds_its_bytes_and_its_fields(recorder, reader) -> None:
    recording = Recording(recorder)
    await recording.record(100)
    messages = [message for sent in recording.sent for message in unpack_batch(sent).messages]
    for [event_id, msg_id, user_id] in await rows(reader, "SELECT id, msg_id, user_id FROM events"):
        raw = await event_raw(reader, event_id)
        original = next(message for message in messages if message.msg_id == msg_id)
        assert base64.b64decode(raw["payload"]) == original.payload
        assert (raw["method"], raw["msg_id"]) == (original.method, str(msg_id))
        if user_id and "user" in raw["message"]:
            assert raw["message"]["user"]["id"] == user_id
    assert await event_raw(reader, 999_999) is None


async def test_a_running_recorder_packs_by_itself(recorder, reader, running, monkeypatch) -> None:
    monkeypatch.setattr(packing, "ENOUGH", 60_000)
    task = await running(recorder)
    recording = Recording(recorder)
    await recording.record(1500)
    await recorder.close()
    await task
    [(packs,)] = await rows(reader, "SELECT count(*) FROM frame_packs")
    assert packs >= 1
    [(left,)] = await rows(reader, "SELECT coalesce(sum(length(payload)), 0) FROM frames")
    assert left < 60_000


async def test_the_session_may_end_while_it_is_being_packed(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    recording = Recording(recorder)
    session = await recording.record(300)
    await asyncio.gather(recorder.pack(session.id), sessions.finish(recorder, session, "ended", NOW_MS))
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == recording.sent
    assert await rows(reader, "SELECT count(*) FROM frame_packs") == [(1,)]


async def test_a_pack_grows_until_it_is_full(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    recording = Recording(recorder)
    session = await recording.record(200)
    await recorder.pack(session.id)
    for number in range(3):
        await record(recorder, batch(chat("x"), payload=b"more %d" % number), session=session)
        await recorder.pack(session.id)
    assert await rows(reader, "SELECT count(*) FROM frame_packs") == [(1,)]
    frames = await session_frames(reader, session.id)
    assert [payload for _, _, payload in frames] == [*recording.sent, b"more 0", b"more 1", b"more 2"]
    monkeypatch.setattr(packing, "_PACK_BYTES", 10)
    await record(recorder, batch(chat("x"), payload=b"in a new one"), session=session)
    await recorder.pack(session.id)
    assert await rows(reader, "SELECT count(*) FROM frame_packs") == [(2,)]


async def test_a_small_session_is_left_as_it_came(recorder, reader) -> None:
    session = await record(recorder, batch(chat("x"), payload=b"as it came"))
    await sessions.finish(recorder, session, "ended", NOW_MS)
    assert await session_frames(reader, session.id) == [(1, NOW_MS, b"as it came")]


@pytest.mark.parametrize("size", [1, 3])
async def test_sessions_whose_frames_mix_keep_their_own(recorder, reader, monkeypatch, size) -> None:
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    monkeypatch.setattr(packing, "_PACK_BYTES", size)
    one = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    two = await sessions.begin(recorder, "bob", "8", NOW_MS, {})
    for number in range(6):
        await record(recorder, batch(chat("x"), payload=b"%d" % number), session=(one, two)[number % 2])
    for session, numbers in ((one, b"024"), (two, b"135")):
        await sessions.finish(recorder, session, "ended", NOW_MS)
        kept, after = b"", 0
        while frames := await session_frames(reader, session.id, after):
            kept += b"".join(payload for _, _, payload in frames)
            after = frames[-1][0]
        assert kept == numbers


@pytest.mark.parametrize("damaged", [gzip.compress(os.urandom(600))[:-50], b"\x1f\x8b" + b"\xff" * 300])
async def test_a_damaged_frame_does_not_keep_its_session_from_being_packed(
    recorder, reader, damaged, monkeypatch
) -> None:
    monkeypatch.setattr(packing, "_TOO_LITTLE", 10_000)
    session = await record(recorder, batch(chat("x"), payload=damaged))
    good = [os.urandom(500) for _ in range(60)]
    for payload in good:
        await record(recorder, batch(chat("x"), payload=gzip.compress(payload)), session=session)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    assert await rows(reader, "SELECT count(*) FROM frames") == [(0,)]
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == [damaged, *good]


async def test_frames_that_claim_to_be_small_make_no_pack_too_large_to_read(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(packing, "_PACK_BYTES", 100_000)
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    session = None
    for number in range(8):
        payload = gzip.compress(bytes([number]) * 90_000) + b"\0" * 4  # its last four bytes say: empty
        session = await record(recorder, batch(chat("x"), payload=payload), session=session)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    packs = await rows(reader, "SELECT packed FROM frame_packs")
    assert max(sum(len(payload) for _, _, payload in unpack(packed)) for (packed,) in packs) <= 400_000
    assert len(packs) > 1


async def test_a_pack_that_cannot_be_read_is_passed_over(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(packing, "_PACK_BYTES", 1)
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    session = None
    for number in range(3):
        session = await record(recorder, batch(chat("x"), payload=b"frame %d" % number), session=session)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    async with recorder.writing() as database:
        await database.execute("UPDATE frame_packs SET packed = x'00112233' WHERE first_frame = 2")
    kept, after = [], 0
    while frames := await session_frames(reader, session.id, after):
        kept += [payload for _, _, payload in frames]
        after = frames[-1][0]
    assert kept == [b"frame 0", b"frame 2"]
    assert await FrameReader(reader).payload(1, 2) is None


@pytest.fixture
async def packs(recorder, monkeypatch) -> list[tuple[int, int]]:
    """A session in several packs beside another one's frames: the first and last frame of each pack."""
    monkeypatch.setattr(packing, "_PACK_BYTES", 20_000)
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    await Recording(recorder).record(300)
    session = await Recording(recorder, seed=2).record(1500)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    found = await rows(recorder._database, "SELECT first_frame, last_frame FROM frame_packs ORDER BY first_frame")
    assert len(found) >= 8
    return found


async def play(reader) -> tuple[list[int], Missing, list[int]]:
    """What is read of the session in packs; what was missing in the end, and how many frames after each block."""
    [(key,)] = await rows(reader, "SELECT id FROM sessions ORDER BY number DESC LIMIT 1")
    recorded, read, growing = RecordedFrames(reader, key), [], []
    while frames := await recorded.next():
        read += [frame[0] for frame in frames]
        growing.append(recorded.missing.frames)
    return read, recorded.missing, growing


async def test_of_a_whole_recording_nothing_is_missing(recorder, reader, packs) -> None:
    read, missing, _ = await play(reader)
    assert missing == Missing(0, 0)
    assert read == list(range(packs[0][0], packs[-1][1] + 1))


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE frame_packs SET packed = x'00112233'",
        "UPDATE frame_packs SET packed = x''",
        "UPDATE frame_packs SET packed = 'a text'",
        "UPDATE frame_packs SET packed = lying()",
        "DELETE FROM frame_packs",
    ],
)
async def test_what_is_missing_of_a_recording_is_counted_where_it_would_have_been_played(
    recorder, reader, packs, harm
) -> None:
    harmed = [packs[2], packs[5], packs[-1]]
    of_frames = " + ".join(f"coalesce(sum(frame_id BETWEEN {first} AND {last}), 0)" for first, last in harmed)
    [(events,)] = await rows(reader, f"SELECT {of_frames} FROM event_rows")
    index = msgspec.msgpack.encode([(first, 1, length) for first, length in ((1, -5), (2, 10), (3, 1 << 40))])
    lying = zstandard.ZstdCompressor().compress(len(index).to_bytes(4, "little") + index + b"abc")
    async with recorder.writing() as database:
        await database.create_function("lying", 0, lambda: lying)
        for first, _ in harmed:
            await database.execute(f"{harm} WHERE first_frame = {first}")
    read, missing, growing = await play(reader)
    frames = [last + 1 - first for first, last in harmed]
    assert missing == Missing(sum(frames), events)
    assert not any(first <= frame_id <= last for first, last in harmed for frame_id in read)
    assert {0, frames[0], frames[0] + frames[1]} == set(growing)
    for first, last in harmed:
        assert [await FrameReader(reader).payload(2, number) for number in range(first, last + 1)] == [None] * (
            last + 1 - first
        )


async def test_a_broken_pack_is_unpacked_once_and_not_for_each_of_its_events(
    reader, recorder, packs, monkeypatch
) -> None:
    unpacked = []
    monkeypatch.setattr("tui_live.store.frames.unpack", lambda packed: unpacked.append(packed) or unpack(packed))
    first, last = packs[2]
    async with recorder.writing() as database:
        await database.execute("UPDATE frame_packs SET packed = x'00112233' WHERE first_frame = ?", (first,))
    frames = FrameReader(reader)
    assert [await frames.payload(2, number) for number in range(first, last + 1)] == [None] * (last + 1 - first)
    assert len(unpacked) == 1
    assert await frames.payload(2, last + 1) is not None


async def test_texts_that_stand_for_frames_are_read_as_their_bytes(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(packing, "_TOO_LITTLE", 1)
    session = await record(recorder, batch(chat("x"), payload=b"one"), batch(chat("x"), payload=b"two"))
    async with recorder.writing() as database:
        await database.execute("UPDATE frames SET payload = 'a text' WHERE id = 2")
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == [b"one", b"a text"]
    assert await FrameReader(reader).payload(1, 2) == b"a text"
    await sessions.finish(recorder, session, "ended", NOW_MS)
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == [b"one", b"a text"]


def test_a_pack_that_claims_more_than_is_possible_is_refused(monkeypatch) -> None:
    packed = pack([(1, 1, bytes(1_000_000))])
    monkeypatch.setattr(packing, "_LARGEST", 900_000)
    with pytest.raises(BrokenPack, match="too large"):
        list(unpack(packed))
