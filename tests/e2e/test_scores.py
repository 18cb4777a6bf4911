"""Everybody's points are the simulator's truth: live, after ``kill -9`` and a restart, and from the database alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec

from tests.e2e.conftest import query, run_serve
from tui_live.config.rulebook import Scoring
from tui_live.core.board import Board
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS, Scenario, faults, room
from tui_live.simulator.truth import Truth
from tui_live.store.boards import load_board
from tui_live.store.database import open_reader

#: What never sends a message, and what only a minute's wait makes send one.
SILENT = {
    *("offline", "unknown", "age_restricted", "login_required", "sign_down", "refused_always"),
    "rate_limited_bare",
}
RULES = Scoring().rules()


def hastened(name: str, rate: float = 1500, **more: object) -> Scenario:
    """The scenario with everything it does to a receiver, in a second or two, to an end."""
    scenario = SCENARIOS[name]
    conditions = tuple(
        msgspec.structs.replace(each, seconds=0.3) if getattr(each, "seconds", None) else each
        for each in scenario.conditions
    )
    timeline = []
    for at in scenario.timeline:
        if at.seconds is not None:
            timeline.append(msgspec.structs.replace(at, seconds=None, every=150, messages=200))
        elif isinstance(at.fault, faults.End) and at.fault.returns_after is not None:
            timeline.append(msgspec.structs.replace(at, fault=msgspec.structs.replace(at.fault, returns_after=0.1)))
        else:
            timeline.append(at)
    changes = {"rate": rate, "conditions": conditions, "timeline": tuple(timeline), "ends": True, "swing": 0.0}
    changes |= {"messages": min(scenario.messages or 600, 3000), "pause_when_alone": True, "tick": 0.02}
    return msgspec.structs.replace(scenario, **(changes | more))


def assert_scores(path: Path, truth: Truth) -> None:
    """The rows of the stream's one session are the truth, user by user, to the fraction."""
    [(key, scale, users)] = query(
        path, "SELECT id, board ->> '$.scale', total_users FROM sessions WHERE streamer_username = ?", truth.user
    )
    columns = (
        "user_id, coins, likes, comments, shares, follows, gift_points + like_points, comment_points + share_points"
    )
    found = query(
        path,
        f"SELECT {columns} + follow_points FROM score_rows WHERE session ="
        " (SELECT number FROM sessions WHERE id = ?) ORDER BY number",
        key,
    )
    assert len({row[0] for row in found}) == len(found) == users, truth.user
    points = {row[0]: Fraction(row[6], scale) for row in found if row[6]}
    assert points == {user: Fraction(count, 30) for user, count in truth.thirtieths_by_user.items()}, truth.user
    for place, expected in (
        *((1, truth.coins_by_user), (2, truth.likes_by_user), (3, truth.comments), (4, truth.shares_by_user)),
        (5, dict.fromkeys(truth.follows_by_user, 1)),
    ):
        told = {row[0]: row[place] for row in found if row[place]}
        assert told == {user: count for user, count in expected.items() if count}, (truth.user, place)
    assert not any(row[7] for row in found)
    seen = query(path, "SELECT user_id, points, coins, likes, username FROM scores WHERE session_id = ?", key)
    assert {row[0]: row[1:4] for row in seen} == {row[0]: (row[6] / scale, row[1], row[2]) for row in found}
    assert set(truth.handles) <= {row[0] for row in seen}
    assert all(row[4] == truth.handles[row[0]][-1].lower() for row in seen if row[0] in truth.handles)


def assert_board(board: Board, truth: Truth) -> None:
    """The board in memory is the truth, and in order."""
    ranking = board.ranking
    people = ranking.stretch(0, 10**6)
    assert len(people) == len(ranking)
    exact = {one.person.user_id: Fraction(one.now.points, ranking.scale) for one in people}
    assert {user: points for user, points in exact.items() if points} == {
        user: Fraction(count, 30) for user, count in truth.thirtieths_by_user.items()
    }, truth.user
    assert list(exact.values()) == sorted(exact.values(), reverse=True)
    assert ranking.scoring == len(truth.thirtieths_by_user)


async def assert_loaded(path: Path, truth: Truth) -> None:
    """So is what a resumed session begins with."""
    database = await open_reader(path)
    try:
        [(key,)] = query(path, "SELECT id FROM sessions WHERE streamer_username = ?", truth.user)
        assert_board(await load_board(database, key, RULES), truth)
    finally:
        await database.close()


async def test_every_scenarios_points_are_the_truth_live_in_the_database_and_loaded_again(
    simulators, watch, monkeypatch
) -> None:
    monkeypatch.setattr(
        room, "_PATIENCE", 60.0
    )  # on a busy machine a receiver may be slow, and loses what it is not given
    names = [name for name in SCENARIOS if name not in SILENT]
    simulator = await simulators(**{name: hastened(name) for name in names})
    # Thirty streams that ask again and again whether they are back would keep a busy machine from the others, which
    # would be taken for dead. Who asks is not seen as ended meanwhile.
    watching = await watch(simulator, *names, tiktok__offline_poll_seconds=1.5, tiktok__stale_after_seconds=4.0)

    def over(name: str) -> bool:
        told = simulator.truth(name).finished or name in ("suspended", "silent_dead")
        return told and simulator.room(name).ended and watching.went_through(name)[-1:] == [State.ENDED]

    await watching.until(lambda: all(map(over, names)), within=100)
    truths = {name: msgspec.convert(msgspec.to_builtins(simulator.truth(name)), Truth) for name in names}
    for name, truth in truths.items():
        assert truth.messages >= 100, name
        assert truth.missed == 0, name  # on a busy machine some may be unconfirmed when the line ends; they counted
        assert truth.thirtieths_by_user, name
        board = watching.engine.watchlist.stream(name).sessions.board
        assert_board(board, truth)
    await watching.close()
    for truth in truths.values():
        assert_scores(watching.path, truth)
        await assert_loaded(watching.path, truth)
    renamed = [user for user, names in truths["truth"].handles.items() if len(names) > 1]
    assert any(user in truths["truth"].thirtieths_by_user for user in renamed)


#: What makes counting hard, and is under way at the same time when the process is killed.
KILLED = ("truth", "cuts", "rough_cuts", "closes", "garbage", "undecodable", "repeats", "hostile", "methods", "busy")


async def test_after_kill_9_and_a_restart_the_points_are_the_truth(simulators, watch, tmp_path: Path) -> None:
    # What the last half second lost comes again with TikTok's history, which here is long enough.
    scenarios = {name: hastened(name, rate=250, messages=1000, history=2000) for name in KILLED}
    simulator = await simulators(**scenarios)
    path = tmp_path / "x.db"
    process = await run_serve(simulator, tmp_path, *KILLED)
    for name in KILLED:
        await simulator.wait_for(name, lambda room: room.truth.messages >= 60, 60)
    assert not any(simulator.truth(name).finished for name in KILLED)
    process.kill()
    await process.wait()
    before = query(path, "SELECT sum(likes), count(*) FROM scores")
    assert before[0][0] > 0
    watching = await watch(simulator, *KILLED, path=path)
    await watching.until(
        lambda: all(
            view.standing.state is State.ENDED and simulator.truth(view.name).finished
            for view in watching.engine.streams()
        ),
        within=100,
    )
    await watching.close()
    for name in KILLED:
        truth = simulator.truth(name)
        assert (truth.unconfirmed, truth.missed) == (0, 0), name
        assert_scores(path, truth)
        await assert_loaded(path, truth)
