"""Every fault leads to the state, the reason and the recovery that the specification names (SPEC §3)."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest

from tests.e2e.conftest import assert_equals_truth, query, run_serve
from tests.waiting import until
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS, Scenario, faults

LIVELY = msgspec.structs.replace(SCENARIOS["lively"], rate=100, pause_when_alone=True)


def lively(*conditions: faults.Condition, **more: object) -> Scenario:
    return msgspec.structs.replace(LIVELY, conditions=conditions, **more)


async def test_offline_polls_until_the_stream_goes_live(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.Offline()))
    watching = await watch(simulator, "ana")
    view = await watching.until_state("ana", State.OFFLINE)
    assert view.standing.reason == "not live"
    assert view.standing.next_step_ms > time.time() * 1000 - 1000
    simulator.inject("ana", faults.GoLive())
    await watching.until_state("ana", State.LIVE)
    assert query(watching.path, "SELECT status FROM sessions") == [("active",)]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (faults.Unknown(), "does not exist or has never gone live"),
        (faults.AgeRestricted(), "age-restricted"),
        (faults.LoginRequired(), "needs a login"),
    ],
)
async def test_blocked_says_why_and_waits_for_the_operator(simulators, watch, condition, said) -> None:
    simulator = await simulators(ana=lively(condition))
    watching = await watch(simulator, "ana")
    view = await watching.until_state("ana", State.BLOCKED)
    assert said in view.standing.reason
    assert view.standing.next_step_ms == 0
    simulator.inject("ana", faults.Heal())
    watching.engine.start_stream("ana")
    await watching.until_state("ana", State.LIVE)


async def test_the_sign_servers_limit_is_waited_out_until_its_reset(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.RateLimit(seconds=3, times=1)))
    watching = await watch(simulator, "ana")
    view = await watching.until_state("ana", State.LIMITED)
    assert 0 < view.standing.next_step_ms - time.time() * 1000 <= 4100
    assert "rate limit" in view.standing.reason
    await watching.until_state("ana", State.LIVE)


async def test_a_limit_without_a_time_is_sixty_seconds(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.RateLimit(header=False, times=1)))
    watching = await watch(simulator, "ana")
    view = await watching.until_state("ana", State.LIMITED)
    assert 50_000 < view.standing.next_step_ms - time.time() * 1000 <= 60_000
    watching.engine.start_stream("ana")
    await watching.until_state("ana", State.LIVE)


async def test_a_refused_websocket_is_tried_again(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.Refuse(times=2)))
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    assert set(watching.went_through("ana")) == {State.RECONNECTING, State.LIVE}
    assert "HTTP 400" in watching.reason("ana", State.RECONNECTING)
    assert "DEVICE_BLOCKED" in watching.reason("ana", State.RECONNECTING)


async def test_the_same_unexpected_error_five_times_in_a_row_is_a_failure(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.Refuse(status=403)))
    watching = await watch(simulator, "ana")
    view = await watching.until_state("ana", State.FAILED)
    assert "5 times in a row" in view.standing.reason
    assert view.standing.next_step_ms == 0
    simulator.inject("ana", faults.Heal())
    watching.engine.start_stream("ana")
    await watching.until_state("ana", State.LIVE)


async def test_an_outage_of_the_sign_server_is_waited_out_however_long(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.SignError(status=503, times=8)))
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    assert State.FAILED not in watching.went_through("ana")
    assert "HTTP 503" in watching.reason("ana", State.RECONNECTING)


async def test_an_unreachable_network_is_waited_out(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana", tiktok__sign_url="http://127.0.0.1:9")
    await watching.until(lambda: len(watching.passed["ana"]) > 12)
    assert State.FAILED not in watching.went_through("ana")
    assert "cannot be reached" in watching.reason("ana", State.RECONNECTING)


async def test_a_cut_reconnects_and_is_a_gap(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    await simulator.inject("ana", faults.Cut())
    await watching.until_state("ana", State.RECONNECTING)
    assert watching.reason("ana", State.RECONNECTING) == "the connection was cut"
    await watching.until_state("ana", State.LIVE)
    await watching.until(lambda: watching.view("ana").gaps == 1)
    assert query(watching.path, "SELECT reason FROM gaps") == [("the connection was cut",)]
    assert query(watching.path, "SELECT count(*) FROM sessions") == [(1,)]


@pytest.mark.parametrize("heartbeats", [True, False])
async def test_silence_is_stale_and_a_living_room_is_connected_anew(simulators, watch, heartbeats) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    await simulator.inject("ana", faults.Silence(heartbeats=heartbeats))
    await watching.until_state("ana", State.STALE)
    await watching.until_state("ana", State.RECONNECTING)
    assert "silent for 1 s although the room is alive" in watching.reason("ana", State.RECONNECTING)
    await watching.until_state("ana", State.LIVE)


async def test_silence_of_a_dead_room_is_the_end(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    await simulator.inject("ana", faults.Silence(dead=True))
    await watching.until_state("ana", State.ENDED)
    assert State.STALE in watching.went_through("ana")
    assert query(watching.path, "SELECT status FROM sessions") == [("ended",)]


@pytest.mark.parametrize(("new_room", "rooms"), [(True, 2), (False, 1)])
async def test_an_ended_stream_that_returns_in_time_continues_its_session(simulators, watch, new_room, rooms) -> None:
    ending = faults.End(returns_after=0.5, new_room=new_room)
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    key = watching.view("ana").session_id
    await simulator.inject("ana", ending)
    await watching.until_state("ana", State.ENDED)
    await watching.until_state("ana", State.LIVE)
    assert watching.view("ana").session_id == key
    assert len(simulator.truth("ana").room_ids) == rooms
    assert query(watching.path, "SELECT id, status, session_end FROM sessions") == [(key, "active", None)]
    assert query(watching.path, "SELECT reason FROM gaps") == [("the stream was over",)]


async def test_a_later_return_begins_a_new_session(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana", tiktok__resume_within_seconds=0)
    await watching.until_state("ana", State.LIVE)
    await simulator.inject("ana", faults.End(returns_after=0.5))
    await watching.until_state("ana", State.ENDED)
    await watching.until_state("ana", State.LIVE)
    statuses = query(watching.path, "SELECT status FROM sessions ORDER BY session_start")
    assert statuses == [("ended",), ("active",)]


async def test_suspended_is_an_end_that_says_so(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    await simulator.inject("ana", faults.End(suspended=True))
    view = await watching.until_state("ana", State.ENDED)
    assert "suspended" in view.standing.reason


async def test_a_page_with_a_captcha_still_connects_through_the_api(simulators, watch) -> None:
    simulator = await simulators(ana=lively(faults.Captcha()))
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)


async def test_stop_start_and_a_new_session_by_hand(simulators, watch) -> None:
    simulator = await simulators(ana=lively())
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    first = watching.view("ana").session_id
    await watching.engine.stop_stream("ana")
    assert watching.view("ana").standing.state is State.STOPPED
    assert query(watching.path, "SELECT status FROM sessions") == [("interrupted",)]
    watching.engine.start_stream("ana")
    await watching.until_state("ana", State.LIVE)
    assert watching.view("ana").session_id == first
    await watching.engine.new_session("ana")
    second = watching.view("ana").session_id
    assert second != first
    await watching.engine.remove_stream("ana")
    statuses = dict(query(watching.path, "SELECT id, status FROM sessions"))
    assert statuses == {first: "ended", second: "interrupted"}
    assert watching.engine.streams() == []
    await watching.close()
    assert query(watching.path, "SELECT count(*) - count(DISTINCT msg_id) FROM events") == [(0,)]


async def test_fifty_streams_of_which_ten_are_faulty_disturb_nobody(simulators, watch) -> None:
    healthy = msgspec.structs.replace(SCENARIOS["ends"], messages=150, rate=40, people=30)
    broken = [
        *("offline", "unknown", "age_restricted", "rate_limited_bare", "refused_always"),
        *("sign_down", "silent", "garbage", "rough_cuts", "captcha"),
    ]
    scenarios = {f"good{number}": healthy for number in range(40)} | {name: SCENARIOS[name] for name in broken}
    simulator = await simulators(**scenarios)
    watching = await watch(simulator, *scenarios)
    good = [f"good{number}" for number in range(40)]
    await watching.until(lambda: all(watching.view(name).standing.state is State.ENDED for name in good))
    for name in good:
        assert set(watching.went_through(name)) == {State.LIVE, State.ENDED}
    await watching.close()
    for name in good:
        assert simulator.truth(name).finished
        assert_equals_truth(watching.path, simulator.truth(name))


async def test_an_ended_stream_stays_ended_while_another_goes_on(simulators, tmp_path) -> None:
    quick = msgspec.structs.replace(SCENARIOS["ends"], messages=20, rate=200)
    slow = msgspec.structs.replace(SCENARIOS["ends"], messages=120, rate=40)
    simulator = await simulators(quick=quick, slow=slow)
    process = await run_serve(simulator, tmp_path, "--until-ended", "quick", "slow")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert "offline" not in said.decode()
    for name in ("quick", "slow"):
        assert_equals_truth(tmp_path / "x.db", simulator.truth(name))


async def test_new_sessions_by_hand_lose_no_message_of_a_busy_stream(simulators, watch) -> None:
    busy = msgspec.structs.replace(
        SCENARIOS["lively"], rate=800, messages=2500, ends=True, pause_when_alone=True, swing=0
    )
    simulator = await simulators(ana=busy)
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    for count in range(300, 2100, 300):
        await simulator.wait_for("ana", lambda room, count=count: room.truth.messages >= count, 60)
        await watching.engine.new_session("ana")
    await watching.until_state("ana", State.ENDED)
    await watching.close()
    assert simulator.truth("ana").connects == 1
    assert query(watching.path, "SELECT count(*) FROM sessions") == [(7,)]
    assert query(watching.path, "SELECT DISTINCT status FROM sessions") == [("ended",)]
    assert_equals_truth(watching.path, simulator.truth("ana"))


async def test_waiting_for_the_disk_is_not_silence(simulators, watch, monkeypatch) -> None:
    monkeypatch.setattr("tui_live.store.recorder.HIGH_WATER", 50)
    simulator = await simulators(ana=lively(rate=400))
    watching = await watch(simulator, "ana")
    await watching.until_state("ana", State.LIVE)
    recorder = watching.engine._recorder
    async with recorder.writing():
        await until(lambda: recorder.waiting)
        # Nothing announces that a stream stays live: in this time it would have been stale twice.
        held = asyncio.get_running_loop().time() + 2.5
        while asyncio.get_running_loop().time() < held:
            await asyncio.sleep(0.1)
            watching.look()
    async with asyncio.timeout(30):
        await recorder.room()
    assert watching.went_through("ana") == [State.LIVE]
    assert simulator.truth("ana").connects == 1
