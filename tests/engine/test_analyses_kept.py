"""What was computed of an ended session is kept, for as long as it is right and nobody in it was erased."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.core.story import START, batch, chat, share
from tests.engine.analysed import EVENING, Recording, recorded, recording
from tests.waiting import until
from tui_live.core.events import Person
from tui_live.core.shares import ShareRules
from tui_live.engine import analyses as module
from tui_live.engine.session_count import SessionCount
from tui_live.errors import MissingError, StoreError
from tui_live.store import analyses as store
from tui_live.store import sessions
from tui_live.store.erase import erase
from tui_live.store.past import mark_deleted
from tui_live.store.retention import remove_old, remove_session

_DAY_MS = 86_400_000
_RAIN = Person("6912345678901234567", "rain_maker77", "Zephyrine Qx")
_KING = Person("6900000000000000002", "king", "King")


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Recording]:
    async with recording(tmp_path / "x.db") as made:
        yield made


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the sessions that were counted from their first event on."""
    made: list[int] = []
    begin = SessionCount._begin

    def told(self: SessionCount, material):
        made.append(material.number)
        return begin(self, material)

    monkeypatch.setattr(SessionCount, "_begin", told)
    return made


async def test_what_was_kept_is_taken_instead_of_counting_again(evening, counted) -> None:
    session = await recorded(evening, *EVENING)
    first = await evening.analyses.analysis(session.id)
    await evening.written()
    again = evening.open()
    assert again.ready(session.id) is None
    assert await again.analysis(session.id) == first
    assert again.ready(session.id) == first == evening.analyses.ready(session.id)
    assert counted == [1]


async def test_what_ended_unseen_is_counted_before_anybody_asks(evening, counted, monkeypatch) -> None:
    monkeypatch.setattr(module, "_PAST_SECONDS", 0)
    sessions_ended = [await recorded(evening, *EVENING) for _ in range(2)]
    await evening.begin("bob")  # under way, and without events
    seen = await evening.analyses.analysis(sessions_ended[0].id)
    await evening.written()
    again = evening.open(keeping=True)
    await again.count_past()
    await evening.written()
    assert counted == [1, 2]
    assert await evening.rows("SELECT session FROM analyses ORDER BY session") == [(1,), (2,)]
    assert (await evening.open().analysis(sessions_ended[0].id)) == seen


async def test_a_past_session_that_cannot_be_counted_keeps_no_other_from_it(evening, counted, monkeypatch) -> None:
    monkeypatch.setattr(module, "_PAST_SECONDS", 0)
    for _ in range(3):
        await recorded(evening, *EVENING)
    begin = SessionCount._begin

    def failing(self: SessionCount, material):
        if material.number == 2:
            raise ZeroDivisionError
        return begin(self, material)

    monkeypatch.setattr(SessionCount, "_begin", failing)
    await evening.analyses.count_past()
    await evening.written()
    assert await evening.rows("SELECT session FROM analyses ORDER BY session") == [(1,), (3,)]


async def test_a_session_that_went_on_is_counted_again(evening, counted) -> None:
    session = await recorded(evening, *EVENING)
    await evening.analyses.analysis(session.id)
    await evening.written()
    assert await sessions.resume(evening.recorder, session, "7")
    await sessions.add_gap(evening.recorder, session, START + 60_000, START + 90_000, "the stream was over")
    await evening.put(session, [batch([share(95, 7)], 96)])
    live = await evening.analyses.analysis(session.id)
    assert (live.shares.shares, live.shares.gaps, live.shares.until_ms) == (3, 1, START + 96_000)
    await evening.put(session, [batch([share(97, 8)], 98)])
    assert (await evening.analyses.analysis(session.id)).shares.shares == 4
    await evening.finish(session, START + 99_000)
    ended = await evening.analyses.analysis(session.id)
    await evening.written()
    assert (await evening.open().analysis(session.id)) == ended
    assert ended.session.end_ms == START + 99_000
    assert len(counted) == 2
    assert evening.analyses._counts == {}


@pytest.mark.parametrize("change", ["gap", "rules", "zone", "format", "boards"])
async def test_a_result_of_something_else_is_not_taken(evening, counted, monkeypatch, change) -> None:
    await recorded(evening, *EVENING)
    await evening.database.execute("UPDATE sessions SET total_users = 0")
    session = await recorded(evening, *EVENING, begin=START + 90_000)
    await evening.analyses.analysis(session.id)
    await evening.written()
    rules = ShareRules(influencer_followers=3) if change == "rules" else None
    if change == "gap":
        await sessions.add_gap(evening.recorder, session, START + 95_000, START + 98_000, "cut")
    elif change == "zone":
        monkeypatch.setattr(module, "local_zone", lambda: ZoneInfo("Asia/Kathmandu"))
    elif change == "format":
        await evening.database.execute("UPDATE analyses SET basis = json_set(basis, '$.format', 0)")
    elif change == "boards":
        await evening.database.execute("UPDATE sessions SET total_users = 3 WHERE number = 1")
    await evening.open(rules=rules).analysis(session.id)
    assert counted == [2, 2]


@pytest.mark.parametrize("spoiled", ["'{}'", "x'ff'", "CAST(x'22ff22' AS TEXT)", "replace(shares, 'p1', x'ff')", "5"])
async def test_results_that_cannot_be_read_are_computed_anew(evening, counted, spoiled) -> None:
    session = await recorded(evening, *EVENING)
    await evening.analyses.analysis(session.id)
    await evening.written()
    await evening.database.execute(f"UPDATE analyses SET shares = {spoiled}")
    assert (await evening.open().analysis(session.id)).shares.shares == 2
    assert counted == [1, 1]


async def test_who_returned_has_returned_when_the_earlier_session_is_deleted(evening, counted) -> None:
    first = await recorded(evening, *EVENING)
    second = await recorded(evening, batch([chat(1, 1)], 2), begin=START + 90_000)
    assert (await evening.analyses.analysis(second.id)).engagement.people.new == 0
    await evening.written()
    await mark_deleted(evening.recorder, first.id)
    await remove_session(evening.recorder, first.id, 1)
    assert (await evening.open().analysis(second.id)).engagement.people.new == 0
    assert len(counted) == 1


async def test_an_older_session_that_goes_on_changes_no_newer_one(evening, counted) -> None:
    older = await recorded(evening, batch([share(1, 5), chat(2, 5)], 3))
    newer = await recorded(evening, batch([share(91, 9), chat(92, 9)], 93), begin=START + 90_000)
    before = await evening.analyses.analysis(newer.id)
    assert (before.shares.first_time_sharers.part, before.engagement.people.new) == (1, 1)
    await evening.written()
    await sessions.resume(evening.recorder, older, "7")
    await evening.put(older, [batch([share(201, 9), chat(202, 9)], 203)])
    await evening.finish(older, START + 204_000)
    assert await evening.open().analysis(newer.id) == before
    await evening.database.execute("DELETE FROM analyses")
    assert await evening.open().analysis(newer.id) == before
    assert counted == [2, 2]


async def test_a_session_that_ends_with_its_last_message_is_kept(evening) -> None:
    session = await evening.begin()
    await evening.put(session, EVENING)
    await evening.analyses.analysis(session.id)
    await evening.finish(session, EVENING[-1].received_ms)
    await evening.analyses.analysis(session.id)
    await evening.written()
    assert await evening.rows("SELECT session FROM analyses") == [(1,)]
    assert evening.analyses._counts == {}


async def test_what_is_kept_does_not_grow_with_the_history(evening) -> None:
    sizes = []
    for number in range(12):
        session = await recorded(evening, *EVENING, begin=START + number * 90_000)
        await evening.analyses.analysis(session.id)
        await evening.written()
        sizes += await evening.rows(f"SELECT length(basis) FROM analyses WHERE session = {number + 1}")
    assert sizes[-1][0] - sizes[1][0] < 3


async def test_a_session_that_goes_takes_its_results_with_it(evening) -> None:
    first = await recorded(evening, *EVENING)
    second = await recorded(evening, *EVENING, begin=START + _DAY_MS)
    for session in (first, second):
        await sessions.resume(evening.recorder, session, "8")
        await evening.put(session, EVENING[:1])
        await evening.finish(session, session.start_ms + 60_000)
        await evening.analyses.analysis(session.id)
    await evening.written()
    assert await remove_old(evening.recorder, 1, START + 2 * _DAY_MS + 1) == 1
    assert await evening.rows("SELECT session FROM analyses") == [(2,)]
    assert await evening.rows("SELECT session FROM earlier_rooms") == [(2,)]
    await mark_deleted(evening.recorder, second.id)
    with pytest.raises(MissingError):
        await evening.analyses.analysis(second.id)
    assert evening.analyses.ready(second.id) is None
    await remove_session(evening.recorder, second.id, 2)
    assert await evening.rows("SELECT count(*) FROM analyses") == [(0,)]


async def test_somebody_who_was_erased_is_in_no_result(evening, counted) -> None:
    session = await recorded(evening, batch([share(1, _RAIN), share(2, _KING), chat(3, 5)], 4))
    other = await recorded(evening, batch([share(1, _KING)], 2), streamer="bob")
    for each in (session, other):
        await evening.analyses.analysis(each.id)
    await evening.written()
    await evening.analyses.close()
    replaying = evening.open()
    before = await replaying.analysis(session.id)
    assert {one.user_id for one in before.shares.top_sharers} == {_RAIN.user_id, _KING.user_id}
    await evening.database.close()
    await erase(evening.path, "@rain_maker77")
    after = await replaying.analysis(session.id)
    assert [one.user_id for one in after.shares.top_sharers] == [_KING.user_id]
    assert (after.shares.shares, after.engagement.people.seen) == (1, 2)
    await replaying.analysis(other.id)
    assert counted == [1, 2, 1]
    left = evening.path.read_bytes()
    assert not [name for name in (_RAIN.user_id, _RAIN.handle, _RAIN.nickname) if name.encode() in left]
    with contextlib.closing(sqlite3.connect(evening.path)) as database:
        assert [row[0] for row in database.execute("SELECT session FROM analyses")] == [2]


async def test_what_runs_is_counted_on_and_what_has_ended_is_kept(evening, monkeypatch) -> None:
    monkeypatch.setattr(module, "_WARM_SECONDS", 0.01)
    session = await evening.begin()
    await evening.put(session, EVENING[:1])
    running = asyncio.create_task(evening.analyses.run())
    counts = evening.analyses._counts
    await until(lambda: session.id in counts and counts[session.id]._reader.after == 4)
    assert evening.analyses.ready(session.id) is None
    await evening.put(session, EVENING[1:])
    await until(lambda: counts[session.id]._reader.after == 10)
    await evening.finish(session, START + 60_000)
    await until(lambda: session.id not in counts)
    await evening.written()
    assert await evening.rows("SELECT session FROM analyses") == [(1,)]
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_a_session_that_cannot_be_counted_keeps_no_other_from_it(evening, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "_WARM_SECONDS", 0.01)
    session = await evening.begin()
    await evening.put(session, EVENING)
    evening.running.add("gone")
    running = asyncio.create_task(evening.analyses.run())
    await until(lambda: session.id in evening.analyses._counts and "session gone" in caplog.text)
    assert len(caplog.records) == 1
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_a_session_that_nobody_foresaw_keeps_no_other_from_it(evening, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "_WARM_SECONDS", 0.01)
    odd, session = await evening.begin(), await evening.begin("bob")
    for each in (odd, session):
        await evening.put(each, EVENING)
    begin = SessionCount._begin

    def fail(self: SessionCount, material):
        if material.number == 1:
            raise RuntimeError("nobody foresaw this")
        return begin(self, material)

    monkeypatch.setattr(SessionCount, "_begin", fail)
    running = asyncio.create_task(evening.analyses.run())
    await until(lambda: session.id in evening.analyses._counts and "nobody foresaw this" in caplog.text)
    await evening.put(session, [batch([chat(20, 1)], 21)])
    await until(lambda: evening.analyses._counts[session.id]._reader.after == 21)
    assert not running.done()
    assert [record.exc_info is not None for record in caplog.records] == [True]
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_a_disk_that_refuses_hides_no_result(evening, monkeypatch, caplog) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("The database cannot be written: disk full")

    monkeypatch.setattr(store, "keep", refuse)
    session = await recorded(evening, *EVENING)
    assert (await evening.analyses.analysis(session.id)).shares.shares == 2
    await evening.written()
    assert "were not kept: The database cannot be written" in caplog.text


async def test_on_closing_what_has_just_ended_is_kept(evening) -> None:
    session = await evening.begin()
    await evening.put(session, EVENING)
    await evening.analyses.analysis(session.id)
    await evening.finish(session, START + 60_000)
    await evening.analyses.keep_ended()
    assert await evening.rows("SELECT session FROM analyses") == [(1,)]
