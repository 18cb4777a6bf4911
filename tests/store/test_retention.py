"""Old sessions go with everything that belongs to them, and recording never waits for it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, like
from tests.store.evening import Evening
from tests.store.real import Recording
from tests.store.test_recorder import record, rows
from tui_live.core.events import Person
from tui_live.store import clock, sessions
from tui_live.store import retention as module
from tui_live.store.frames import session_frames
from tui_live.store.past import mark_deleted
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


async def ended(recorder, at_days: float) -> str:
    """The key of a session that lasted an hour and ended so many days after the beginning."""
    end_ms = NOW_MS + round(at_days * DAY_MS)
    session = await sessions.begin(recorder, "ana", "7", end_ms - 3_600_000, {})
    await record(recorder, batch(chat("x"), received_ms=end_ms), session=session)
    await sessions.finish(recorder, session, "ended", end_ms)
    return session.id


@pytest.mark.parametrize(
    ("recorded", "now", "removed"),
    [
        ([0, 30], 31, 1),
        ([0, 30], 200, 2),  # nobody was live for months
        ([0, 30], 300, 0),  # … or the clock is ahead
        ([0, 30, 300], 300, 0),
        ([0, 30, 300], 301, 0),
        ([0, 30, 300, 305], 308, 2),  # it has gone on for a week: there was a pause
        ([0, 30, 10_000], 31, 1),  # it was ahead once, and is right now
        ([0, 30, 10_000], 10_001, 0),
        ([10_000], 0, 0),
    ],
)
async def test_a_clock_that_leaps_removes_nothing(recorder, reader, caplog, recorded, now, removed) -> None:
    for at in recorded:
        await ended(recorder, at)
    assert await remove_old(recorder, 20, NOW_MS + now * DAY_MS) == removed
    assert ("the computer's clock may be wrong" in caplog.text) is (removed == 0 and now > 0)
    assert len(await rows(reader, "SELECT id FROM sessions")) == len(recorded) - removed


async def test_a_clock_is_not_doubted_while_nothing_is_to_go(recorder, caplog) -> None:
    await ended(recorder, 0)
    assert await remove_old(recorder, 500, NOW_MS + 300 * DAY_MS) == 0
    assert caplog.text == ""


async def test_a_program_that_has_run_for_a_week_believes_its_clock(recorder, reader) -> None:
    await ended(recorder, 0)
    now_ms = NOW_MS + 400 * DAY_MS
    assert "between 2026-11-21 and 2027-12-26" in await clock.doubt(reader, now_ms, 6 * DAY_MS)
    assert await clock.doubt(reader, now_ms, 7 * DAY_MS) == ""


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
    pages = "SELECT page_count FROM pragma_page_count"
    [(empty,)] = await rows(reader, pages)
    recording = Recording(recorder)
    session = await recording.record(1500)
    await sessions.interrupt_leftovers(recorder)
    assert await tidy(recorder, None, NOW_MS) == 0
    assert await rows(reader, "SELECT count(*) FROM frames") == [(0,)]
    assert [payload for _, _, payload in await session_frames(reader, session.id)] == recording.sent
    [(before,)] = await rows(reader, pages)
    assert await tidy(recorder, 1, NOW_MS + 10 * DAY_MS) == 1
    [(after,)] = await rows(reader, pages)
    assert after - empty < (before - empty) / 2


async def test_it_works_in_short_slices(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(module, "_Pace", Steady)
    session = await Recording(recorder).record(3000)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    count = session.totals.events
    changes: list[tuple[int, int]] = []
    counts = "SELECT (SELECT count(*) FROM event_rows), (SELECT count(*) FROM frame_packs)"
    writing = type(recorder).writing

    @contextlib.asynccontextmanager
    async def counted(self):
        async with writing(self) as database:
            [before] = await rows(database, counts)
            yield database
            [after] = await rows(database, counts)
            changes.append((before[0] - after[0], before[1] - after[1]))

    monkeypatch.setattr(type(recorder), "writing", counted)
    await mark_deleted(recorder, session.id)
    await module.remove_session(recorder, session.id, 1)
    removed = [events for events, _ in changes if events]
    assert removed == [100] * (count // 100) + [count % 100] * bool(count % 100)
    assert 0 < max(packs for _, packs in changes) <= 4
    assert await rows(reader, counts) == [(0, 0)]


class Steady(module._Pace):
    """A disk that needs the same time for every slice."""

    pause = 0.0

    def __init__(self) -> None:
        self.rows = 100

    def took(self, seconds: float) -> None:
        """Nothing changes."""


def test_a_slice_is_as_large_as_fits_into_its_time() -> None:
    pace = module._Pace()
    begun_with = pace.rows
    pace.took(module._SLICE_SECONDS * 2)
    assert pace.rows == begun_with // 2
    for _ in range(20):
        pace.took(pace.rows * 50e-6)  # a disk that needs 50 µs for a row
    assert 0.5 <= pace.rows * 50e-6 / module._SLICE_SECONDS <= 1
    for _ in range(20):
        pace.took(0.0)
    assert pace.rows == 10_000
    pace.took(60.0)
    assert pace.rows == 50


async def test_recording_goes_on_between_the_slices(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(module, "_Pace", Steady)
    old = await Recording(recorder).record(2000)
    await sessions.finish(recorder, old, "ended", NOW_MS)
    now = await sessions.begin(recorder, "bob", "8", NOW_MS, {})
    await mark_deleted(recorder, old.id)
    removing = asyncio.create_task(module.remove_session(recorder, old.id, 1))
    written = 0
    while not removing.done():
        written += 1
        recorder.put(now.id, batch(chat(str(written))), now.totals)
        await recorder.flush()
    await removing
    assert written > 5
    assert await rows(reader, "SELECT count(*) FROM events") == [(written,)]


async def test_scores_go_too_in_slices_and_leave_nothing_to_the_next_session(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(module, "_Pace", Steady)
    old, kept = await Evening.begin(recorder), await Evening.begin(recorder)
    crowd = [Person(str(6_900_000_000_000_001_000 + number), f"user{number}", "") for number in range(350)]
    for evening in (old, kept):
        evening.add(*(like(30, 900, someone) for someone in crowd))
        evening.do("reset_all")
        await recorder.flush()
        evening.do("undo")
        places = evening.board.movement.note(evening.board.ranking, NOW_MS + 60_000)
        recorder.put_places(evening.session.id, evening.board, NOW_MS, places)
        await recorder.flush()
    numbers = dict(await rows(reader, "SELECT id, number FROM sessions"))
    tables = ("score_rows", "score_actions", "score_moves", "score_places")
    counts = ", ".join(f"(SELECT count(*) FROM {table} WHERE session = ?1)" for table in tables)
    [before] = await rows(reader, f"SELECT {counts}", numbers[kept.session.id])
    assert before == (350, 2, 350, 100)
    sizes: list[int] = []
    remove = module._remove_scores

    async def measured(*arguments) -> bool:
        [(left,)] = await rows(reader, "SELECT count(*) FROM score_rows")
        going_on = await remove(*arguments)
        [(now,)] = await rows(reader, "SELECT count(*) FROM score_rows")
        sizes.append(left - now)
        return going_on

    monkeypatch.setattr(module, "_remove_scores", measured)
    await sessions.finish(recorder, old.session, "ended", NOW_MS)
    await mark_deleted(recorder, old.session.id)
    await module.remove_session(recorder, old.session.id, numbers[old.session.id])
    old.do("reset_all")  # the console may still show the board of what is gone
    await recorder.flush()
    assert [size for size in sizes if size] == [100, 100, 100, 50]
    assert await rows(reader, f"SELECT {counts}", numbers[old.session.id]) == [(0, 0, 0, 0)]
    assert await rows(reader, f"SELECT {counts}", numbers[kept.session.id]) == [before]


async def test_who_goes_on_while_others_are_removed_loses_nothing(recorder, reader, monkeypatch) -> None:
    monkeypatch.setattr(module, "_Pace", Steady)
    first = await Recording(recorder).record(1000)
    await sessions.finish(recorder, first, "ended", NOW_MS)
    second = await record(recorder, batch(chat("precious", ANA)))
    await sessions.finish(recorder, second, "ended", NOW_MS + 1)
    removing = asyncio.create_task(remove_old(recorder, 5, NOW_MS + 10 * DAY_MS))
    while (await rows(reader, "SELECT count(*) FROM sessions WHERE streamer_info ->> '$.deleted'")) == [(0,)]:
        await asyncio.sleep(0)
    assert await sessions.resume(recorder, second, "8")
    assert not await sessions.resume(recorder, first, "8")
    recorder.put(second.id, batch(chat("more", ANA)), second.totals)
    await recorder.flush()
    assert await removing == 1
    assert await rows(reader, "SELECT id, status FROM sessions") == [(second.id, "active")]
    assert await rows(reader, "SELECT message FROM events ORDER BY id") == [("precious",), ("more",)]


async def test_what_a_stream_holds_or_is_to_go_on_stays(recorder, reader) -> None:
    held, wanted, other = [await record(recorder, batch(chat("words", ANA))) for _ in range(3)]
    for session in (held, wanted, other):
        await sessions.finish(recorder, session, "ended", NOW_MS)
    assert await sessions.wish(recorder, wanted.streamer, wanted.id)
    assert await sessions.wished(reader, wanted.streamer) == wanted.id
    assert await remove_old(recorder, 5, NOW_MS + 10 * DAY_MS, lambda: {held.id}) == 1
    assert {row[0] for row in await rows(reader, "SELECT id FROM sessions")} == {held.id, wanted.id}
    assert not await sessions.wish(recorder, wanted.streamer, other.id)
    assert await sessions.wished(reader, wanted.streamer) == ""
    assert await remove_old(recorder, 5, NOW_MS + 10 * DAY_MS) == 2


async def test_a_session_that_is_not_marked_is_never_touched(recorder, reader) -> None:
    session = await record(recorder, batch(chat("words", ANA)))
    await sessions.finish(recorder, session, "ended", NOW_MS)
    await module.remove_session(recorder, session.id, 1)
    await mark_deleted(recorder, session.id)
    await module.remove_session(recorder, session.id, 2)  # a number of another session
    assert await rows(reader, "SELECT message FROM events") == [("words",)]
