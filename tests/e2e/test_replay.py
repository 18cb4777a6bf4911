"""A recorded session plays again: the same events in the same order, and the recording stays as it is."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import socket
import sys
from pathlib import Path

import aiohttp
import msgspec
import pytest

from tests.e2e.conftest import free_port, query, settings
from tests.e2e.test_console import Terminal
from tests.waiting import until
from tui_live.cli import main
from tui_live.config import Overlay, load
from tui_live.core.log import TEXT
from tui_live.core.status import State
from tui_live.engine import Engine
from tui_live.engine.replay import Replay, Settings
from tui_live.errors import StreamError
from tui_live.simulator import SCENARIOS, Simulator
from tui_live.simulator.truth import Truth


def spawn(work, name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)


async def record(path: Path) -> Truth:
    scenario = msgspec.structs.replace(SCENARIOS["truth"], messages=900, rate=300, timeline=())
    simulator = Simulator({"truth": scenario}, default=None, seed=5)
    await simulator.start()
    overrides = settings(simulator) | {"database.path": str(path), "streams": ["truth"]}
    engine = await Engine.create(load(None, overrides), spawn, web=False)
    while not engine.settled():
        engine.changed.clear()
        await engine.changed.wait()
    await engine.close()
    await simulator.close()
    return simulator.truth("truth")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Truth]:
    """A finished session of about three seconds: its database, its key and what was sent."""
    path = tmp_path_factory.mktemp("recording") / "live.db"
    truth = asyncio.run(record(path))
    return path, query(path, "SELECT id FROM sessions")[0][0], truth


@pytest.fixture
def recorded(recording: tuple[Path, str, Truth], tmp_path: Path) -> tuple[Path, str, Truth]:
    """The recording in a database of the test's own."""
    path, key, truth = recording
    return shutil.copy(path, tmp_path / "live.db"), key, truth


def lines(log) -> list[tuple]:
    return [log.row(seq)[3:6] for seq in range(log.first_seq, log.next_seq)]


async def test_a_replay_shows_what_was_recorded_and_changes_nothing(recorded) -> None:
    path, key, truth = recorded
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    replay = await Replay.create(path, key[:5], spawn, 20.0, 10_000)
    await asyncio.wait_for(replay.playback.finished.wait(), 30)
    totals = replay.totals
    assert totals.messages == truth.types
    assert (totals.coins, totals.gifts, totals.likes) == (truth.coins, truth.gift_units, truth.likes)
    assert (totals.duplicates, totals.undecodable) == (truth.repeated, truth.undecodable)
    [view] = replay.streams()
    assert (view.standing.state, view.session_id, view.coins) == (State.ENDED, key, truth.coins)
    assert replay.log.next_seq == truth.messages + 1
    await replay.close()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


async def test_timing_is_the_recordings_divided_by_the_speed(recorded) -> None:
    path, key, _ = recorded
    [(took_ms,)] = query(path, "SELECT max(time_ms) - min(time_ms) FROM events")
    loop = asyncio.get_running_loop()
    replay = await Replay.create(path, key, spawn, 4.0, 10_000)
    await until(lambda: replay.totals.events)
    begin = loop.time()
    await asyncio.wait_for(replay.playback.finished.wait(), 30)
    assert took_ms / 4000 * 0.6 <= loop.time() - begin <= took_ms / 4000 * 2 + 1
    await replay.close()


async def test_a_pause_stands_still_and_goes_on_where_it_was(recorded) -> None:
    path, key, truth = recorded
    replay = await Replay.create(path, key, spawn, 2.0, 10_000)
    await until(lambda: replay.totals.events >= 100)
    await replay.stop_stream("truth")
    seen = replay.totals.events
    assert replay.streams()[0].standing.reason.startswith("paused")
    # Nothing announces that nothing comes: in this time, at twice the speed, three hundred events would.
    await asyncio.sleep(0.5)
    assert replay.totals.events == seen
    replay.start_stream("truth")
    await asyncio.wait_for(replay.playback.finished.wait(), 30)
    assert replay.totals.events == truth.messages
    await replay.close()


@pytest.mark.parametrize(("key", "speed", "said"), [("nosuchkey", 1.0, "no session"), (None, 50.0, "speed 50")])
async def test_what_cannot_be_played_is_said(recorded, key, speed, said) -> None:
    path, real, _ = recorded
    with pytest.raises(StreamError, match=said):
        await Replay.create(path, key or real, spawn, speed, 100)


async def test_a_session_without_frames_says_why(simulators, watch) -> None:
    simulator = await simulators(ends=msgspec.structs.replace(SCENARIOS["ends"], messages=50, rate=500))
    watching = await watch(simulator, "ends", database__keep_raw=False)
    await watching.until_state("ends", State.ENDED)
    await watching.close()
    [(key,)] = query(watching.path, "SELECT id FROM sessions")
    with pytest.raises(StreamError, match="no recorded frames"):
        await Replay.create(watching.path, key, spawn, 1.0, 100)


async def test_a_second_session_in_the_same_room_adds_up_as_it_did(simulators, watch) -> None:
    scenario = msgspec.structs.replace(SCENARIOS["truth"], messages=1500, rate=500, timeline=())
    simulator = await simulators(truth=scenario)
    watching = await watch(simulator, "truth")
    await until(lambda: watching.view("truth").events >= 500)
    await watching.engine.new_session("truth")
    await watching.until_state("truth", State.ENDED)
    await watching.close()
    sums = "SELECT id, total_gifts, total_coins, total_likes, total_events FROM sessions ORDER BY rowid"
    sessions = query(watching.path, sums)
    assert len(sessions) == 2
    for key, *recorded_sums in sessions:
        replay = await Replay.create(watching.path, key, spawn, 20.0, 10_000)
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
        totals = replay.totals
        assert [totals.gifts, totals.coins, totals.likes, totals.events] == recorded_sums
        await replay.close()


async def test_what_is_over_neither_pauses_nor_goes_live_again(recorded) -> None:
    path, key, _ = recorded
    replay = await Replay.create(path, key, spawn, 20.0, 10_000)
    await asyncio.wait_for(replay.playback.finished.wait(), 30)
    with pytest.raises(StreamError, match="is over"):
        await replay.stop_stream("truth")
    with pytest.raises(StreamError, match="is over"):
        replay.start_stream("truth")
    assert replay.streams()[0].standing.state is State.ENDED
    await replay.close()


async def test_a_replay_has_a_leaderboard_of_its_own_that_nothing_records(recorded) -> None:
    path, key, truth = recorded
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    replay = await Replay.create(path, key, spawn, 20.0, 10_000)
    await asyncio.wait_for(replay.playback.finished.wait(), 30)
    scores = replay.scores
    lines = scores.standings("truth", 0, 100_000).lines
    assert sum(line.now.coins for line in lines) == truth.coins
    first = lines[0]
    account = await scores.account("truth", first.user_id)
    assert (account.points, account.now) == (pytest.approx(first.points), first.now)
    await scores.reset("truth", first.user_id)
    account = await scores.account("truth", first.user_id)
    assert (account.points, account.used) == (0, first.now)
    assert account.reasons[-1].kind == "reset"
    await scores.undo("truth")
    assert scores.standings("truth", 0, 1).lines[0].score == first.score
    await replay.close()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


async def test_pages_show_what_is_played_and_change_nothing(recorded) -> None:
    path, key, truth = recorded
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    overlay = Overlay(port=free_port(), token="a-token-of-this-test")
    scoring = load(None, {}).config.scoring.rules()
    replay = await Replay.create(path, key, spawn, 20.0, 10_000, Settings(scoring, overlay, served=True))
    await replay.stop_stream("truth")  # until the pages are there
    await until(lambda: replay.pages.port)
    assert not replay.totals.events
    head = {"Authorization": f"Bearer {overlay.token}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{overlay.port}", headers=head) as client:

        async def act(action: str, stream: str = "truth") -> tuple[int, dict]:
            async with client.post("/api/stream_action", json={"action": action, "stream": stream}) as answer:
                return answer.status, await answer.json()

        board = await client.ws_connect("/ws", params={"page": "overlay", "stream": "truth"})
        alerts = await client.ws_connect("/ws", params={"page": "alerts"})
        status, refused = await act("add", "bob")
        assert (status, refused["error"]["message"].partition(" —")[0]) == (409, "This is a replay")
        assert (await act("start", "bob"))[0] == 409
        assert (await act("start"))[1]["stream"]["state"] == "live"
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
        [leader] = replay.scores.standings("truth", 0, 1).lines
        people = 0
        while people != sum(points > 0 for points in truth.thirtieths_by_user.values()):
            people = (await board.receive_json(timeout=5)).get("scoring") or people
        celebrated = 0
        while not celebrated:
            celebrated = len((await alerts.receive_json(timeout=5)).get("alerts", ()))
        async with client.get(f"/api/sessions/{key}/participants", params={"limit": "1"}) as answer:
            [first] = (await answer.json())["participants"]
        async with client.get("/api/clips") as answer:
            assert (answer.status, await answer.json()) == (200, {"clips": [], "next": None})
        async with client.get("/metrics") as answer:
            assert answer.status == 200
        assert (first["user_id"], first["score"]) == (leader.user_id, leader.score)
    await replay.close()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["nosuchkey"], "There is no session 'nosuchkey' — tui-live sessions lists all of them", 2),
        (["{key}", "--speed", "nan"], "Invalid value for '--speed': nan is no number from 0.1 to 20", 2),
        (["{key}", "--speed", "20.1"], "Invalid value for '--speed': 20.1 is no number from 0.1 to 20", 2),
        (["{key}", "--speed", "fast"], "Invalid value for '--speed': 'fast' is not a valid float.", 2),
    ],
)
async def test_what_cannot_be_played_is_one_line_and_no_console(recorded, arguments, said, code) -> None:
    path, key, _ = recorded
    terminal = Terminal(["--db", str(path), "replay", *(each.format(key=key) for each in arguments)])
    await terminal.until(lambda output: output.endswith(b"\n"))
    assert await terminal.ended() == code
    assert terminal.output.decode() == f"tui-live: {said}\r\n"


def test_without_a_terminal_a_replay_says_so(recorded, monkeypatch, capsys) -> None:
    path, key, _ = recorded
    monkeypatch.setattr(sys, "argv", ["tui-live", "--db", str(path), "replay", key])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert capsys.readouterr().err == (
        "tui-live: The replay needs a terminal — tui-live export writes the session's events to a file\n"
    )


async def test_a_port_in_use_is_left_to_whoever_has_it(recorded) -> None:
    path, key, _ = recorded
    with socket.create_server(("127.0.0.1", 0)) as taken:
        overlay = Overlay(port=taken.getsockname()[1], token="a-token-of-this-test")
        replay = await Replay.create(path, key, spawn, 20.0, 10_000, Settings(overlay=overlay, served=True))
        await until(lambda: replay.overlays().trouble)
        assert f"port {overlay.port} is in use" in replay.overlays().trouble
        assert replay.overlays().trouble in [row[TEXT] for row in replay.log.ring if row is not None]
        assert replay.health().web_trouble == ""
        await asyncio.wait_for(replay.playback.finished.wait(), 30)
        await replay.close()


async def test_a_streamers_newest_session_is_meant_by_their_name(recorded) -> None:
    path, key, _ = recorded
    replay = await Replay.create(path, "@Truth", spawn, 20.0, 10_000)
    assert replay.streams()[0].session_id == key
    await replay.close()
    with pytest.raises(StreamError, match="No session of @bob has events"):
        await Replay.create(path, "@bob", spawn, 20.0, 10_000)
