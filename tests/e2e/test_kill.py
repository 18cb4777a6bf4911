"""``kill -9``, a restart, and a second process on the same database (SPEC §5)."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import msgspec
import pytest

from tests.e2e.conftest import assert_equals_truth, query, run_serve, stored_frames
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS, At, faults

STEADY = msgspec.structs.replace(
    SCENARIOS["lively"],
    rate=1000,
    people=400,
    repeats=0.0,
    history=0,
    guest_gifts=0.0,
    renames=0,
    pause_when_alone=True,
)


async def test_kill_9_at_1000_messages_a_second_loses_half_a_second_at_most(simulators, watch, tmp_path: Path) -> None:
    simulator = await simulators(ana=STEADY)
    path = tmp_path / "x.db"
    process = await run_serve(simulator, tmp_path, "ana")
    room = await simulator.wait_for("ana", lambda room: room.truth.messages >= 3000, 60)
    sent, killed_ms = room.truth.messages, time.time() * 1000
    process.kill()
    await process.wait()
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    kept, last_ms = query(path, "SELECT count(*), max(time_ms) FROM events")[0]
    # Half a second, and as much again for a machine that runs other tests at the same time.
    assert sent - kept <= STEADY.rate + 100
    assert killed_ms - last_ms <= 1100
    assert query(path, "SELECT total_events FROM sessions") == [(kept,)]
    assert {row[0] for row in query(path, "SELECT frame_id FROM events")} <= set(stored_frames(path))
    [(key,)] = query(path, "SELECT id FROM sessions")

    watching = await watch(simulator, "ana", path=path)
    await watching.until_state("ana", State.LIVE)
    assert watching.view("ana").session_id == key
    assert watching.view("ana").gaps == 1
    await watching.close()
    assert query(path, "SELECT reason FROM gaps") == [("not being watched",)]
    assert query(path, "SELECT count(*) FROM sessions") == [(1,)]
    assert query(path, "SELECT count(*) - count(DISTINCT msg_id) FROM events") == [(0,)]
    sums = "SELECT total_events, total_gifts, total_coins, total_likes FROM sessions"
    counted = (
        "SELECT count(*), sum(processed_data ->> '$.count_delta'), sum(processed_data ->> '$.coins_delta'),"
        " sum(processed_data ->> '$.like_count') FROM events"
    )
    assert query(path, sums) == query(path, counted)


async def test_after_a_kill_a_stream_that_is_over_stays_interrupted(simulators, watch, tmp_path: Path) -> None:
    simulator = await simulators(ana=STEADY)
    path = tmp_path / "x.db"
    process = await run_serve(simulator, tmp_path, "ana")
    await simulator.wait_for("ana", lambda room: room.truth.messages >= 1000, 60)
    process.kill()
    await process.wait()
    await simulator.inject("ana", faults.End())
    watching = await watch(simulator, "ana", path=path)
    await watching.until_state("ana", State.OFFLINE)
    [(status, ended, last_ms)] = query(path, "SELECT status, session_end, last_received_ms FROM sessions")
    assert status == "interrupted"
    assert query(path, "SELECT CAST(round((julianday(?) - 2440587.5) * 86400000) AS INTEGER)", ended) == [(last_ms,)]


async def test_a_restart_in_the_middle_counts_nothing_twice(simulators, watch, tmp_path: Path) -> None:
    scenario = msgspec.structs.replace(
        SCENARIOS["truth"], messages=1500, history=40, timeline=(At(fault=faults.Repeat(count=30), messages=900),)
    )
    simulator = await simulators(truth=scenario)
    path = tmp_path / "x.db"
    first = await watch(simulator, "truth", path=path)
    await simulator.wait_for("truth", lambda room: room.truth.messages >= 300, 60)
    await first.close()
    second = await watch(simulator, "truth", path=path)
    await second.until_state("truth", State.ENDED)
    await second.close()
    assert simulator.truth("truth").connects >= 2
    assert_equals_truth(path, simulator.truth("truth"), repeats=False)
    assert query(path, "SELECT status FROM sessions") == [("ended",)]


async def test_sigterm_ends_in_order(simulators, tmp_path: Path) -> None:
    simulator = await simulators(ana=STEADY)
    process = await run_serve(simulator, tmp_path, "ana")
    await simulator.wait_for("ana", lambda room: room.truth.messages >= 500, 60)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 20) == 0
    assert query(tmp_path / "x.db", "SELECT status FROM sessions") == [("interrupted",)]


async def test_a_second_process_is_told_who_holds_the_database(simulators, watch, tmp_path: Path) -> None:
    simulator = await simulators(ana=STEADY)
    await watch(simulator, "ana", path=tmp_path / "x.db")
    process = await run_serve(simulator, tmp_path, "ana")
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert said.decode().count("\n") == 1
    assert "Another TUI Live (pid" in said.decode()
    assert "x.db" in said.decode()


@pytest.mark.parametrize("name", ["x.db", "nowhere/x.db"])
async def test_a_database_that_cannot_be_used_is_one_line(simulators, tmp_path: Path, name) -> None:
    simulator = await simulators(ana=STEADY)
    if name == "x.db":
        (tmp_path / name).write_text("this is no database, whatever its name says" * 100)
    else:
        (tmp_path / "nowhere").write_text("a file where a folder should be")
    process = await run_serve(simulator, tmp_path, "ana", "--db", str(tmp_path / name))
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert said.decode().count("\n") == 1, said.decode()
    assert name.split("/")[0] in said.decode()
