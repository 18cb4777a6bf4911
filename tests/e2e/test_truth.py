"""What is in the database is what was sent: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from tests.e2e.conftest import assert_equals_truth, query, run_serve, stored_frames
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS
from tui_live.store.rows import TYPE_COLUMNS
from tui_live.wire.frames import Frame
from tui_live.wire.schema import known_methods


async def test_serve_until_ended_records_exactly_what_was_sent(simulators, tmp_path: Path) -> None:
    simulator = await simulators(truth=SCENARIOS["truth"])
    process = await run_serve(simulator, tmp_path, "--until-ended", "@Truth")
    _, said = await asyncio.wait_for(process.communicate(), 100)
    assert process.returncode == 0, said.decode()
    truth = simulator.truth("truth")
    assert truth.finished
    assert (truth.unconfirmed, truth.missed, truth.connects) == (0, 0, 6)
    assert_equals_truth(tmp_path / "x.db", truth)
    sessions = query(tmp_path / "x.db", "SELECT status, total_gaps, room_likes FROM sessions")
    assert sessions == [("ended", 5, truth.room_likes)]
    gaps = query(tmp_path / "x.db", "SELECT reason, duration_ms FROM gaps")
    assert [reason for reason, _ in gaps] == ["the connection was cut"] * 5
    assert all(duration > 0 for _, duration in gaps)


@pytest.mark.parametrize("name", ["cuts", "rough_cuts", "closes", "garbage", "broken_gzip", "undecodable", "repeats"])
async def test_no_fault_of_a_connection_loses_or_doubles_a_message(simulators, watch, name) -> None:
    scenario = SCENARIOS[name]
    simulator = await simulators(**{name: scenario})
    watching = await watch(simulator, name)
    await watching.until_state(name, State.ENDED)
    view = watching.view(name)
    await watching.close()
    truth = simulator.truth(name)
    assert truth.finished
    assert (view.gaps, view.undecodable, view.duplicates, view.likes, view.room_likes) == (
        truth.connects - 1,
        truth.undecodable + truth.bad_frames,
        truth.repeated,
        truth.likes,
        truth.room_likes,
    )
    assert (truth.unconfirmed, truth.missed) == (0, 0)
    expected = msgspec.structs.replace(
        truth, types=truth.types | {"other": truth.types.get("other", 0) + truth.bad_frames}
    )
    if not expected.types["other"]:
        del expected.types["other"]
    assert_equals_truth(watching.path, expected)


async def test_a_frame_in_the_database_is_the_frame_that_came(simulators, watch) -> None:
    simulator = await simulators(ends=msgspec.structs.replace(SCENARIOS["ends"], rate=1000))
    watching = await watch(simulator, "ends")
    await watching.until_state("ends", State.ENDED)
    await watching.close()
    frames = {key: Frame(payload) for key, payload in stored_frames(watching.path).items()}
    rows = query(watching.path, "SELECT msg_id, frame_id, place FROM events")
    assert len(rows) == simulator.truth("ends").messages
    assert all(frames[frame].messages[place].msg_id == msg_id for msg_id, frame, place in rows)


async def test_what_a_stream_added_up_to_stays_in_sight_after_its_end(simulators, watch) -> None:
    simulator = await simulators(undecodable=SCENARIOS["undecodable"])
    watching = await watch(simulator, "undecodable")
    await watching.until_state("undecodable", State.ENDED)
    truth, view, health = simulator.truth("undecodable"), watching.view("undecodable"), watching.engine.health()
    assert (view.events, view.coins, view.undecodable) == (truth.messages, truth.coins, truth.undecodable)
    assert view.totals.messages == truth.types and view.session_id
    assert health.undecodable == truth.undecodable > 0
    await watching.engine.stop_stream("undecodable")
    assert watching.view("undecodable").events == truth.messages


async def test_without_keep_raw_events_stay_and_frames_do_not(simulators, watch) -> None:
    simulator = await simulators(ends=msgspec.structs.replace(SCENARIOS["ends"], rate=1000))
    watching = await watch(simulator, "ends", database__keep_raw=False)
    await watching.until_state("ends", State.ENDED)
    await watching.close()
    assert query(watching.path, "SELECT count(*) FROM frames") == [(0,)]
    assert_equals_truth(watching.path, simulator.truth("ends"))


async def test_people_are_kept_by_id_with_the_names_they_had(simulators, watch) -> None:
    simulator = await simulators(truth=SCENARIOS["truth"])
    watching = await watch(simulator, "truth")
    await watching.until_state("truth", State.ENDED)
    await watching.close()
    renamed = {key: names for key, names in simulator.truth("truth").handles.items() if len(names) > 1}
    assert renamed
    for user_id, names in renamed.items():
        rows = query(watching.path, "SELECT username FROM user_names WHERE user_id = ? AND username <> ''", user_id)
        assert {row[0] for row in rows} == set(names)
        latest = query(watching.path, "SELECT username FROM events WHERE user_id = ? ORDER BY id DESC LIMIT 1", user_id)
        assert query(watching.path, "SELECT username FROM users WHERE user_id = ?", user_id) == latest


async def test_every_method_of_the_schema_is_recorded_under_its_type(simulators, watch) -> None:
    simulator = await simulators(methods=msgspec.structs.replace(SCENARIOS["methods"], rate=1000))
    watching = await watch(simulator, "methods")
    await watching.until_state("methods", State.ENDED)
    await watching.close()
    truth = simulator.truth("methods")
    assert set(truth.methods) == known_methods()
    assert truth.unconfirmed == 0
    assert_equals_truth(watching.path, truth)
    columns = {kind: column for kind, column in TYPE_COLUMNS.items() if kind in truth.types}
    counted = query(watching.path, f"SELECT {', '.join(columns.values())}, undecodable FROM sessions")
    assert counted == [(*(truth.types[kind] for kind in columns), 0)]
    battles = query(watching.path, "SELECT message FROM events WHERE event_subtype = 'armies'")
    assert len(battles) == truth.methods["WebcastLinkMicArmies"]
    assert any("Guest of the evening" in message for (message,) in battles)
