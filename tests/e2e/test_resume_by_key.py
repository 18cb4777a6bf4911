"""A past session is taken up again by its key (SPEC §5): live, while the stream is offline, and not watched at all."""

from __future__ import annotations

import msgspec
import pytest

from tests.e2e.conftest import query
from tests.waiting import until
from tui_live.core.status import State
from tui_live.errors import StreamError
from tui_live.simulator import SCENARIOS, faults

STEADY = msgspec.structs.replace(
    SCENARIOS["lively"], rate=400, people=60, repeats=0.0, history=0, guest_gifts=0.0, renames=0, pause_when_alone=True
)
SUMS = "SELECT total_events, total_gifts, total_coins, total_likes, total_users FROM sessions WHERE id = ?"
COUNTED = (
    "SELECT count(*), coalesce(sum(processed_data ->> '$.count_delta'), 0),"
    " coalesce(sum(processed_data ->> '$.coins_delta'), 0), coalesce(sum(processed_data ->> '$.like_count'), 0),"
    " (SELECT count(*) FROM scores WHERE session_id = ?1) FROM events WHERE session_id = ?1"
)


def scores(path, key: str) -> dict[str, tuple]:
    rows = query(path, "SELECT user_id, points, coins, likes, comments FROM scores WHERE session_id = ?", key)
    return {row[0]: row[1:] for row in rows}


def assert_adds_up(path, key: str) -> None:
    """A session's sums, and everybody's scores, are those of its events."""
    assert query(path, SUMS, key) == query(path, COUNTED, key)
    sql = (
        "SELECT user_id, coalesce(sum(processed_data ->> '$.coins_delta'), 0),"
        " coalesce(sum(processed_data ->> '$.like_count'), 0), sum(event_type = 'chat') FROM events"
        " WHERE session_id = ? AND user_id IS NOT NULL GROUP BY 1"
    )
    assert {row[0]: tuple(row[1:]) for row in query(path, sql, key)} == {
        user_id: row[1:] for user_id, row in scores(path, key).items()
    }


async def two_sessions(watching) -> tuple[str, str]:
    """A session of some hundred events, and the one that follows it."""
    await until(lambda: watching.view("ana").events > 400)
    first = watching.view("ana").session_id
    await watching.engine.new_session("ana")
    await until(lambda: watching.view("ana").events > 200)
    second = watching.view("ana").session_id
    assert first != second
    return first, second


async def test_a_live_stream_goes_on_with_an_earlier_session_and_the_other_one_ends(simulators, watch) -> None:
    simulator = await simulators(ana=STEADY)
    watching = await watch(simulator, "ana")
    first, second = await two_sessions(watching)
    before = scores(watching.path, first)
    [(events, coins)] = query(watching.path, "SELECT total_events, total_coins FROM sessions WHERE id = ?", first)

    assert "goes on now" in await watching.engine.history.resume(first)
    view = watching.view("ana")
    assert (view.session_id, view.standing.state) == (first, State.LIVE)
    assert view.events >= events
    assert view.coins >= coins
    line = watching.engine.scores.line("ana", next(iter(before)))
    assert line is not None
    assert line.points >= before[line.user_id][0]
    account = await watching.engine.history.account(first, line.user_id)
    assert len(account.comments) >= before[line.user_id][3]
    await until(lambda: watching.view("ana").events > events + 200)
    states = dict(query(watching.path, "SELECT id, status FROM sessions"))
    assert states == {first: "active", second: "ended"}
    assert query(watching.path, "SELECT session_end FROM sessions WHERE id = ?", first) == [(None,)]
    with pytest.raises(StreamError, match="under way already"):
        await watching.engine.history.resume(first)
    with pytest.raises(StreamError, match="under way"):
        await watching.engine.history.delete(first)
    await watching.close()

    assert_adds_up(watching.path, first)
    assert_adds_up(watching.path, second)
    assert query(watching.path, "SELECT count(*) - count(DISTINCT msg_id) FROM events") == [(0,)]
    [(gap, reason)] = query(watching.path, "SELECT duration_ms, reason FROM gaps WHERE session_id = ?", first)
    [(length,)] = query(
        watching.path,
        "SELECT (julianday(session_end) - julianday(session_start)) * 86400000 FROM sessions WHERE id = ?",
        second,
    )
    assert abs(gap - length) < 500
    assert reason == "the stream was over"
    assert query(watching.path, "SELECT count(*) FROM gaps WHERE session_id = ?", second) == [(0,)]


async def test_a_resume_while_the_connection_is_cut_counts_the_cut_as_a_gap(simulators, watch) -> None:
    simulator = await simulators(ana=STEADY)
    watching = await watch(simulator, "ana")
    first, _ = await two_sessions(watching)
    await simulator.inject("ana", faults.Refuse(status=503, times=2))
    await simulator.inject("ana", faults.Cut())
    await watching.until_state("ana", State.RECONNECTING)
    await watching.engine.history.resume(first)
    await watching.until_state("ana", State.LIVE)
    came_back_ms = (await watching.engine.history.session(first)).last_received_ms
    await until(lambda: watching.view("ana").gaps == 1)
    await watching.close()
    [(end,)] = query(
        watching.path,
        "SELECT (julianday(gap_end) - 2440587.5) * 86400000 FROM gaps WHERE session_id = ?",
        first,
    )
    assert end >= came_back_ms
    assert_adds_up(watching.path, first)


async def test_an_offline_stream_goes_on_with_it_when_it_goes_live(simulators, watch) -> None:
    simulator = await simulators(ana=STEADY)
    watching = await watch(simulator, "ana")
    first, second = await two_sessions(watching)
    [(coins,)] = query(watching.path, "SELECT total_coins FROM sessions WHERE id = ?", first)
    await simulator.inject("ana", faults.End())
    await watching.until_state("ana", State.ENDED)
    assert "as soon as @ana is live" in await watching.engine.history.resume(first)
    assert watching.engine.scores.standings("ana").people > 0
    assert watching.view("ana").session_id == first
    with pytest.raises(StreamError, match="as soon as @ana is live"):
        await watching.engine.history.delete(first)
    await simulator.inject("ana", faults.GoLive())
    await watching.until_state("ana", State.LIVE)
    await until(lambda: watching.view("ana").events > 500)
    assert watching.view("ana").coins >= coins
    assert dict(query(watching.path, "SELECT id, status FROM sessions")) == {first: "active", second: "ended"}
    await watching.close()
    assert_adds_up(watching.path, first)
    assert query(watching.path, "SELECT count(*) FROM gaps WHERE session_id = ?", first) == [(1,)]


async def test_a_streamer_who_is_not_watched_is_watched_from_then_on(simulators, watch, tmp_path) -> None:
    simulator = await simulators(ana=STEADY)
    first = await watch(simulator, "ana", path=tmp_path / "x.db")
    old, new = await two_sessions(first)
    await first.close()
    second = await watch(simulator, path=tmp_path / "x.db")
    assert second.engine.streams() == []
    await second.engine.history.resume(old)
    await until(lambda: second.view("ana").standing.state is State.LIVE)
    assert second.view("ana").session_id == old
    await second.close()
    assert dict(query(tmp_path / "x.db", "SELECT id, status FROM sessions")) == {old: "interrupted", new: "interrupted"}
    assert_adds_up(tmp_path / "x.db", old)


async def test_a_session_of_the_stream_that_was_stopped_is_deleted_and_never_continued(simulators, watch) -> None:
    simulator = await simulators(ana=STEADY)
    watching = await watch(simulator, "ana")
    _, second = await two_sessions(watching)
    await watching.engine.stop_stream("ana")
    await watching.engine.history.delete(second)
    assert watching.engine.scores.standings("ana").people == 0
    watching.engine.start_stream("ana")
    await watching.until_state("ana", State.LIVE)
    assert watching.view("ana").session_id not in ("", second)
    await until(lambda: query(watching.path, "SELECT count(*) FROM sessions WHERE id = ?", second) == [(0,)])
    await watching.close()


async def test_a_session_that_waits_to_go_on_waits_after_a_restart_too(simulators, watch, tmp_path) -> None:
    simulator = await simulators(ana=STEADY)
    first = await watch(simulator, "ana", path=tmp_path / "x.db")
    old, new = await two_sessions(first)
    await simulator.inject("ana", faults.End())
    await first.until_state("ana", State.ENDED)
    await first.engine.history.resume(old)
    await first.close()
    await simulator.inject("ana", faults.GoLive())
    second = await watch(simulator, "ana", path=tmp_path / "x.db")
    await second.until_state("ana", State.LIVE)
    assert second.view("ana").session_id == old
    await second.close()
    assert query(tmp_path / "x.db", "SELECT count(*) FROM sessions WHERE streamer_info ->> '$.go_on'") == [(0,)]
    assert dict(query(tmp_path / "x.db", "SELECT id, status FROM sessions")) == {old: "interrupted", new: "ended"}
