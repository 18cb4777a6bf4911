"""Whatever happens while a session is counted: no wrong figure is shown or kept, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.core.story import START, batch, chat, share
from tests.engine.analysed import EVENING, Recording, recorded, recording
from tests.waiting import until
from tui_live.core.engagement import Engagement
from tui_live.core.shares import Shares
from tui_live.engine.session_count import SessionCount
from tui_live.errors import MissingError, StoreError
from tui_live.store import analysis_reading, sessions
from tui_live.store.analysis_reading import EventReader

LONG = [batch([chat(at, at + 2), share(at, at + 2)], at) for at in range(20)]


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Recording]:
    async with recording(tmp_path / "x.db") as made:
        yield made


@pytest.fixture
def amid(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Do something once in the thread that counts, before the third piece of a session is read."""
    monkeypatch.setattr(analysis_reading, "SLICE", 5)
    read = EventReader.events

    def put(deed: Callable[[], None]) -> None:
        calls: list[int] = []

        def events(self: EventReader, last: int):
            calls.append(last)
            if len(calls) == 3:
                deed()
            return read(self, last)

        monkeypatch.setattr(EventReader, "events", events)

    return put


def fail_once(monkeypatch, cls: type, name: str, problem: Exception) -> None:
    real, calls = getattr(cls, name), []

    def fail(self, *given):
        calls.append(name)
        if len(calls) == 2:
            raise problem
        return real(self, *given)

    monkeypatch.setattr(cls, name, fail)


@pytest.mark.parametrize("where", [(EventReader, "_meet"), (Shares, "take"), (Engagement, "take")])
@pytest.mark.parametrize("live", [False, True])
async def test_what_fails_in_the_middle_is_counted_whole_the_next_time(evening, monkeypatch, where, live) -> None:
    monkeypatch.setattr(analysis_reading, "SLICE", 7)
    session = await evening.begin()
    await evening.put(session, LONG)
    if not live:
        await evening.finish(session, START + 60_000)
    fail_once(monkeypatch, *where, sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(StoreError, match="disk I/O error"):
        await evening.analyses.analysis(session.id)
    assert evening.analyses._counts == {}
    found = await evening.analyses.analysis(session.id)
    assert (found.engagement.events, found.engagement.messages, found.shares.shares) == (40, 20, 20)


async def test_a_result_that_lacks_events_is_not_kept(evening, monkeypatch) -> None:
    session = await recorded(evening, *LONG)
    read = EventReader.events
    monkeypatch.setattr(EventReader, "events", lambda self, last: read(self, last)[1:])
    with pytest.raises(StoreError, match="is changed while it is read"):
        await evening.analyses.analysis(session.id)
    await evening.written()
    assert await evening.rows("SELECT session FROM analyses") == []
    assert evening.analyses.ready(session.id) is None


async def test_a_session_that_is_deleted_meanwhile_is_missed(evening, amid) -> None:
    session = await recorded(evening, *LONG)

    def delete() -> None:
        with contextlib.closing(sqlite3.connect(evening.path)) as database, database:
            database.execute("DELETE FROM event_rows WHERE id > 8")
            database.execute("DELETE FROM sessions")

    amid(delete)
    with pytest.raises(MissingError):
        await evening.analyses.analysis(session.id)
    await evening.written()
    assert await evening.rows("SELECT session FROM analyses") == []
    assert evening.analyses.ready(session.id) is None


@pytest.mark.parametrize("marked", [False, True])
async def test_somebody_who_is_erased_meanwhile_is_in_no_figure(evening, amid, marked) -> None:
    session = await recorded(evening, *LONG)

    def erase() -> None:
        with contextlib.closing(sqlite3.connect(evening.path)) as database, database:
            database.execute("DELETE FROM event_rows WHERE id <= 2")
            if marked:
                database.execute("PRAGMA application_id = 7")

    amid(erase)
    found = await evening.analyses.analysis(session.id)
    assert (found.engagement.events, found.shares.shares) == (38, 19)
    assert "2" not in {one.user_id for one in found.shares.top_sharers}
    await evening.written()
    assert await evening.open().analysis(session.id) == found


async def test_what_is_known_is_answered_while_another_session_is_counted(evening, amid) -> None:
    known = await recorded(evening, *EVENING, streamer="bob")
    expected = await evening.analyses.analysis(known.id)
    await evening.written()
    session = await recorded(evening, *LONG)
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(30)

    amid(wait)
    counting = asyncio.create_task(evening.analyses.analysis(session.id))
    try:
        await until(reached.is_set)
        other = evening.open()
        for analyses in (evening.analyses, other):
            assert await analyses.analysis(known.id) == await analyses.at_hand(known.id) == expected
        assert (await evening.analyses.across("bob")).sessions == (expected,)
        assert await evening.analyses.at_hand(session.id) is None
        assert not counting.done()
    finally:
        go_on.set()
    assert (await counting).engagement.events == 40
    assert await evening.analyses.at_hand(session.id) == await counting


async def test_what_runs_is_at_hand_while_it_is_counted_on(evening) -> None:
    session = await evening.begin()
    await evening.put(session, EVENING[:1])
    assert await evening.analyses.at_hand(session.id) is None
    await evening.analyses.catch_up(session.id)
    await evening.put(session, EVENING[1:])
    found = await evening.analyses.at_hand(session.id)
    assert found is not None and found.engagement.events == 10
    with pytest.raises(MissingError):
        await evening.analyses.at_hand("nosuch")


async def test_thousands_of_gaps_are_taken_in_once_each(evening, monkeypatch) -> None:
    told: list[int] = []
    add_gaps = Shares.add_gaps
    monkeypatch.setattr(Shares, "add_gaps", lambda self, gaps: told.append(len(gaps)) or add_gaps(self, gaps))
    session = await evening.begin()
    for at in range(3):
        await sessions.add_gap(evening.recorder, session, START + at * 5_000, START + at * 5_000 + 1_000, "cut")
    await evening.put(session, EVENING[:1])
    for _ in range(2):
        await evening.put(session, [batch([chat(20, 1)], 21)])
        found = await evening.analyses.analysis(session.id)
    assert (told, found.shares.gaps) == ([3], 3)


async def test_a_gap_whose_time_is_none_is_said(evening) -> None:
    session = await recorded(evening, *EVENING)
    await evening.database.execute(
        "INSERT INTO gaps (session_id, gap_start, gap_end, duration_ms, reason) VALUES (?, 'yesterday', '', 1, '')",
        (session.id,),
    )
    with pytest.raises(StoreError, match=f"Session {session.id} cannot be read: .*yesterday"):
        await evening.analyses.analysis(session.id)


async def test_what_was_counted_is_freed_in_the_thread_that_counts(evening, monkeypatch) -> None:
    freed: list[str] = []
    monkeypatch.setattr(SessionCount, "clear", lambda self: freed.append(threading.current_thread().name))
    session = await recorded(evening, *EVENING)
    await evening.analyses.analysis(session.id)
    await until(lambda: freed)
    assert freed[0].startswith("counting")
