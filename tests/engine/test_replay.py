"""A replay plays what is still there, and its triggers save nothing."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from tests.engine.test_engine import spawn
from tests.store.real import Recording
from tests.store.test_clips import cause
from tests.store.test_recorder import rows
from tui_live.config import Trigger
from tui_live.core.clips import ChatLine, Clip, ClipState
from tui_live.core.log import NOTE, SUBTYPE, TEXT, TIME, TRIGGER, TYPE
from tui_live.core.totals import Totals
from tui_live.engine.pages import Pages
from tui_live.engine.replay import Replay, Settings
from tui_live.errors import ClipError, WebError
from tui_live.store import sessions
from tui_live.store.clips import ClipLedger
from tui_live.store.database import open_writer
from tui_live.store.erase import erase
from tui_live.store.recorder import Recorder
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.ui.stream_row import truth
from tui_live.wire.frames import Frame
from tui_live.wire.schema import message_class, method_class

_BUSIEST = "SELECT user_id FROM events WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY count(*) DESC LIMIT 1"
START_MS = 1_790_000_000_000
_COUNTS = "SELECT event_type, count(*) FROM events GROUP BY event_type"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@contextlib.asynccontextmanager
async def recording(path: Path) -> AsyncIterator[tuple[aiosqlite.Connection, Recorder]]:
    """A database that is recorded into, and afterwards left to whoever plays it."""
    database = await open_writer(path)
    try:
        recorder = Recorder(database, keep_raw=True)
        await recorder.open()
        yield database, recorder
    finally:
        await database.close()


async def test_what_somebody_did_who_was_erased_is_not_played(path: Path) -> None:
    async with recording(path) as (database, recorder):
        session = await Recording(recorder).record(400)
        await sessions.finish(recorder, session, "ended", session.start_ms + 20_000)
        [(busiest,)] = await rows(database, _BUSIEST)
    found = await erase(path, busiest)
    assert found is not None
    assert found.events > 5

    replay = await Replay.create(path, session.id, spawn, 20.0, 1_000)
    try:
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
        whole = await replay.analyses.analysis(session.id)
    finally:
        await replay.close()
    with contextlib.closing(sqlite3.connect(path)) as left:
        counts = dict(left.execute(_COUNTS).fetchall())
    assert replay.totals.messages == counts
    assert replay.totals.events == session.totals.events - found.events
    assert whole.engagement.events == replay.totals.events


async def test_rules_match_what_is_played_and_nothing_is_saved(path: Path) -> None:
    async with recording(path) as (database, recorder):
        session = await Recording(recorder).record(400)
        await sessions.finish(recorder, session, "ended", session.start_ms + 20_000)
        [(chats,)] = await rows(database, "SELECT count(*) FROM events WHERE event_type = 'chat' AND message <> ''")
    every, once = Trigger(word=".", match="regex"), Trigger(word=".", match="regex", cooldown_seconds=86_400)

    replay = await Replay.create(path, session.id, spawn, 20.0, 10_000, Settings(triggers=[every, once]))
    try:
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
        matched = [view.matches for view in replay.clips.rules()]
        said = [row for row in replay.log.ring if row is not None and row[SUBTYPE] == TRIGGER]
        assert replay.clips.written(1)["word"] == "."
        assert replay.clips.try_rule("clip", "clip that").startswith("matches")
        assert not replay.clips.switch_rule(1)
        assert "switched off" in replay.clips.undo_rules()
        looked = [slice_ async for slice_ in replay.clips.dry_run({"word": ".", "match": "regex"}, session.id)]
        for command in (replay.clips.clip_now(""), replay.clips.delete_clip(1)):
            with pytest.raises(ClipError, match="A replay saves no clips"):
                await command
        with pytest.raises(ClipError):
            replay.clips.connect()
    finally:
        await replay.close()
    assert 0 < matched[0] <= chats
    assert matched[1] == 1
    assert looked[-1][1] == matched[0]
    assert len(said) == sum(matched)
    assert said[0][TEXT].endswith(" → a replay saves no clips")
    assert all(session.start_ms <= row[TIME] <= session.end_ms for row in said)


async def test_clips_of_all_evenings_are_there_to_be_looked_at(path: Path) -> None:
    file = path.with_name("king.mkv")
    file.write_bytes(b"video")
    async with recording(path) as (database, recorder):
        session = await Recording(recorder).record(50)
        line = ChatLine(session.start_ms, "king", "King", "clip that")
        saved = Clip(
            state=ClipState.SAVED, requested_ms=session.start_ms, causes=(cause(),), path=str(file), chat=(line,)
        )
        saved = await ClipLedger(recorder, database).add(saved)

    replay = await Replay.create(path, session.id, spawn, 20.0, 1_000)
    try:
        [listed] = await replay.clips.clips("king")
        assert (listed.number, listed.path) == (saved.number, str(file))
        assert await replay.clips.clip(saved.number) == saved
        assert await replay.clips.named("king.mkv") == [listed]
        assert await replay.clips.counts() == {ClipState.SAVED: 1}
        assert await replay.clips.clip_file(saved.number) == file
        for command in (replay.clips.rename_clip(saved.number, "x"), replay.clips.delete_clip(saved.number)):
            with pytest.raises(ClipError, match="A replay"):
                await command
    finally:
        await replay.close()
    assert file.exists()


async def test_gaps_count_once_they_have_been_played_over_and_silences_are_told(path: Path, monkeypatch) -> None:
    async with recording(path) as (database, recorder):
        session = await Recording(recorder).record(200)
        start_ms, later_ms = session.start_ms, 580_000
        [(before_ms, after_ms)] = await rows(
            database,
            "SELECT max(received_ms) FILTER (WHERE received_ms < ?1), min(received_ms) FILTER (WHERE received_ms >= ?1)"
            f" FROM frames WHERE session_id = '{session.id}'".replace("?1", str(start_ms + 5000)),
        )
        await database.execute(
            "UPDATE frames SET received_ms = received_ms + ? WHERE received_ms >= ?", (later_ms, after_ms)
        )
        await sessions.add_gap(recorder, session, start_ms + 1000, start_ms + 2000, "the connection was cut")
        await sessions.add_gap(recorder, session, before_ms, after_ms + later_ms, "not being watched")
    counted: list[int] = []
    add_gap = Totals.add_gap

    def noting(totals: Totals, milliseconds: int) -> None:
        counted.append(replay.playback.at_ms)
        add_gap(totals, milliseconds)

    monkeypatch.setattr(Totals, "add_gap", noting)
    replay = await Replay.create(path, session.id, spawn, 20.0, 10_000)
    [view] = replay.streams()
    assert (view.gaps, view.gap_ms, view.totals.gaps) == (0, 0, 0)
    try:
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
    finally:
        await replay.close()
    assert start_ms + 2000 <= counted[0] <= before_ms
    assert counted[1:] == [after_ms + later_ms]
    [view] = replay.streams()
    lost_ms = 1000 + after_ms + later_ms - before_ms
    assert (view.gaps, view.gap_ms) == (view.totals.gaps, view.totals.gap_ms) == (2, lost_ms)
    notes = [row for row in replay.log.ring if row is not None and row[TYPE] == NOTE]
    assert [(row[TIME], row[TEXT]) for row in notes] == [
        (before_ms, f"a silence of 09:{(after_ms + later_ms - before_ms) // 1000 - 540} is shortened to 00:20"),
        (replay.playback.at_ms, "the recording is over"),
    ]
    # Its end was not known, for it was not finished: it is as long as what was played of it.
    assert replay.health().playing == "replay over 0:09:49 of 0:09:49"


async def test_what_cannot_be_read_of_a_recording_is_told(path: Path) -> None:
    async with recording(path) as (database, recorder):
        session = await Recording(recorder).record(400)
        frames = await rows(database, "SELECT frame_id, count(*) FROM events GROUP BY frame_id ORDER BY frame_id")
        lost = [frames[2], frames[5], frames[-1]]
        await database.execute(f"DELETE FROM frames WHERE id IN ({', '.join(str(frame_id) for frame_id, _ in lost)})")
        await database.commit()

    replay = await Replay.create(path, session.id, spawn, 20.0, 10_000)
    try:
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
    finally:
        await replay.close()
    missing = sum(events for _, events in lost)
    assert replay.totals.events == session.totals.events - missing
    said = f"{missing} events in 3 frames cannot be read; the recording is over"
    [view] = replay.streams()
    assert (view.standing.reason, view.missing, view.totals.missing) == (said, missing, missing)
    assert truth(view, 40, 1)[0].startswith(f"{missing} missing")
    notes = [row[TEXT] for row in replay.log.ring if row is not None and row[TYPE] == NOTE]
    assert notes[-1] == said
    assert notes[0].startswith("so far, ")


async def is_closed(database: aiosqlite.Connection) -> bool:
    try:
        await database.execute("SELECT 1")
    except ValueError:
        return True
    return False


async def test_a_replay_that_cannot_begin_leaves_nothing_open(path: Path, monkeypatch) -> None:
    async with recording(path) as (_, recorder):
        session = await Recording(recorder).record(50)
    tasks: list[asyncio.Task[None]] = []
    begun: list[Any] = []

    def kept(work, name: str) -> asyncio.Task[None]:
        tasks.append(spawn(work, name))
        return tasks[-1]

    def fails(pages: Pages, *_, **__) -> None:
        begun.append(pages._source)
        raise WebError("no", "")

    monkeypatch.setattr(Pages, "start", fails)
    with pytest.raises(WebError):
        await Replay.create(path, session.id, kept, 20.0, 1_000, Settings(served=True))
    assert [task.done() for task in tasks] == [True, True]
    [replay] = begun
    assert await is_closed(replay._database)
    assert replay.analyses._threads.closed


async def test_what_cannot_be_closed_leaves_nothing_else_open(path: Path, monkeypatch) -> None:
    async with recording(path) as (_, recorder):
        session = await Recording(recorder).record(50)
    replay = await Replay.create(path, session.id, spawn, 20.0, 1_000)

    async def fails() -> None:
        raise OSError

    looking = await replay._lookup._open()
    monkeypatch.setattr(looking, "close", fails)
    with pytest.raises(OSError):
        await replay.close()
    assert await is_closed(replay._database)
    monkeypatch.undo()
    await looking.close()


async def test_each_room_of_a_session_is_decoded_by_itself(path: Path) -> None:
    async with recording(path) as (_, recorder):
        session = await sessions.begin(recorder, "ana", "71", START_MS, {})
        for number, (room_id, likes) in enumerate([("71", 100), ("72", 50), ("71", 120)]):
            if number:
                assert await sessions.resume(recorder, session, room_id)
            received_ms = START_MS + number * 1000
            # The same message ids in both rooms: each room counts its own.
            batch = RoomDecoder(room_id, Host("ana")).decode(liked(7 + number // 2, likes), received_ms)
            session.totals.add(batch)
            recorder.put(session.id, batch, session.totals)
            await recorder.flush()
    assert session.totals.room_likes == 170

    replay = await Replay.create(path, session.id, spawn, 20.0, 10_000)
    try:
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
    finally:
        await replay.close()
    played, recorded = replay.totals, session.totals
    assert (played.events, played.duplicates) == (recorded.events, recorded.duplicates) == (3, 0)
    assert (played.room_likes, played.likes_by_room) == (recorded.room_likes, recorded.likes_by_room)
    assert replay.streams()[0].room_id == "71"


def liked(msg_id: int, total: int) -> Frame:
    """A frame with one message: somebody's like, and the room's total."""
    like = method_class("WebcastLikeMessage")
    assert like is not None
    batch = message_class("ProtoMessageFetchResult")()
    payload = like(count=1, total=total).SerializeToString()
    batch.messages.add(method="WebcastLikeMessage", payload=payload, msg_id=msg_id)
    return Frame(batch.SerializeToString())
