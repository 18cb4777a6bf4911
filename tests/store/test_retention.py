"""Old sessions go with everything that belongs to them, and recording never waits for it."""

from __future__ import annotations

import time

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat
from tests.store.real import Recording
from tests.store.test_recorder import record, rows
from tui_live.store import sessions
from tui_live.store.frames import session_frames
from tui_live.store.retention import remove_old, tidy
from tui_live.store.search import search_all

DAY_MS = 86_400_000


async def test_only_sessions_that_ended_long_ago_are_removed(recorder, reader) -> None:
    old = await record(recorder, batch(chat("ancient words", KING)))
    await sessions.add_gap(recorder, old, NOW_MS, NOW_MS + 5, "cut")
    await sessions.finish(recorder, old, "ended", NOW_MS)
    young = await record(recorder, batch(chat("ancient and young", ANA)))
    await sessions.finish(recorder, young, "ended", NOW_MS + 9 * DAY_MS)
    running = await record(recorder, batch(chat("running", ANA)))
    assert await remove_old(recorder, 5, NOW_MS + 10 * DAY_MS) == 1
    assert {row[0] for row in await rows(reader, "SELECT id FROM sessions")} == {young.id, running.id}
    assert [hit.text for hit in await search_all(reader, "ancient")] == ["ancient and young"]
    assert await rows(reader, "SELECT count(*) FROM search WHERE search MATCH 'words'") == [(0,)]
    for table in ("gaps", "frame_packs"):
        assert await rows(reader, f"SELECT count(*) FROM {table}") == [(0,)]
    assert await rows(reader, "SELECT session_id FROM frames ORDER BY id") == [(young.id,), (running.id,)]
    assert await rows(reader, "SELECT username FROM users") == [("ana",)]
    assert await remove_old(recorder, 5, NOW_MS + 10 * DAY_MS) == 0


async def test_somebody_removed_is_written_again_when_they_come_back(recorder, reader) -> None:
    old = await record(recorder, batch(chat("a", KING)))
    await sessions.finish(recorder, old, "ended", NOW_MS)
    await remove_old(recorder, 1, NOW_MS + 10 * DAY_MS)
    await record(recorder, batch(chat("b", KING)))
    assert await rows(reader, "SELECT username, nickname FROM events") == [("king", KING.nickname)]
    assert await rows(reader, "SELECT username FROM users") == [("king",)]


async def test_what_a_killed_process_left_is_packed_and_the_space_of_the_removed_given_back(
    recorder, reader, path
) -> None:
    recording = Recording(recorder)
    session = await recording.record(1500)
    await sessions.interrupt_leftovers(recorder)
    assert await tidy(recorder, None, NOW_MS) == 0
    assert await rows(reader, "SELECT count(*) FROM frames") == [(0,)]
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == recording.sent
    pages = "SELECT page_count FROM pragma_page_count"
    [(before,)] = await rows(reader, pages)
    assert await tidy(recorder, 1, NOW_MS + 10 * DAY_MS) == 1
    [(after,)] = await rows(reader, pages)
    assert after < before / 2


async def test_it_works_in_short_slices(recorder, reader, monkeypatch) -> None:
    recording = Recording(recorder)
    session = await recording.record(3000)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    held: list[float] = []
    writing = type(recorder).writing

    class Timed:
        def __init__(self, inner) -> None:
            self.inner = inner

        async def __aenter__(self):
            database = await self.inner.__aenter__()
            self.began = time.thread_time()
            return database

        async def __aexit__(self, *error):
            held.append(time.thread_time() - self.began)
            return await self.inner.__aexit__(*error)

    monkeypatch.setattr(type(recorder), "writing", lambda self: Timed(writing(self)))
    await remove_old(recorder, 1, NOW_MS + 10 * DAY_MS)
    assert len(held) > 5
    assert await rows(reader, "SELECT count(*) FROM event_rows") == [(0,)]
    assert await rows(reader, "SELECT count(*) FROM frame_packs") == [(0,)]
