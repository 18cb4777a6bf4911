"""Scores counted again from the database are those that were counted live, whatever the room and the operator did."""

from __future__ import annotations

import asyncio
import random

import msgspec
import pytest

from tests.e2e.conftest import Watch, query
from tests.store.evening import counted_again, picture
from tui_live.core.board import Board
from tui_live.core.questions import Question
from tui_live.core.status import State
from tui_live.errors import BoardError
from tui_live.simulator import SCENARIOS, Scenario, Simulator
from tui_live.store.database import open_reader
from tui_live.store.rescore import rescore
from tui_live.store.sessions import find

#: What the operator does in a room, each once so many messages were sent.
DEEDS = (
    *("reset", "ask", "undo", "reset", "pause", "ask", "show", "pause", "reset_all", "ask", "move", "reset", "winner"),
    *("undo", "ask", "unuse", "undo", "clear", "reset_all", "undo", "winner", "pause", "reset", "ask", "clear"),
)
ROOMS = ("truth", "hostile", "repeats", "garbage", "broken_gzip", "undecodable", "cuts", "rough_cuts", "methods")
POINTS = {"scoring__comment_points": 0.25, "scoring__follow_points": 2, "scoring__share_points": 1.5}


def short(name: str) -> Scenario:
    """The scenario, fast and with an end."""
    return msgspec.structs.replace(SCENARIOS[name], messages=900, rate=600, ends=True, pause_when_alone=True)


class Operator:
    """Does one thing after another to a stream's board, and now and then something that makes no sense."""

    def __init__(self, watching: Watch, name: str) -> None:
        self._scores, self._name = watching.engine.scores, name
        self._rng = random.Random(name)
        self.refused = 0
        self.done = 0

    async def act(self, deed: str) -> None:
        try:
            await self._act(deed)
            self.done += 1
        except BoardError:
            self.refused += 1

    async def _act(self, deed: str) -> None:
        scores, name = self._scores, self._name
        board = scores._boards()[name]
        people = list(board.ranking.people)
        if not people:
            raise BoardError("nobody is here yet")
        someone = self._rng.choice(people)
        waiting = board.desk.waiting[-1].msg_id if board.desk.waiting else 0
        match deed:
            case "reset":
                await scores.reset(name, board.ranking.stretch(0, 1)[0].person.user_id)
            case "reset_all" | "pause" | "undo" | "clear":
                await getattr(scores, deed)(name)
            case "winner":
                await scores.pick_winner(name)
            case "ask":
                await scores.ask(name, Question(self._rng.randrange(1, 9), someone, "", "", "", "why?"))
            case "unuse":
                await scores.unuse(name, Question(self._rng.randrange(1, 9), someone, "", "", "", "why?"))
            case "show":
                await scores.show(name, waiting)
            case "move":
                await scores.move(name, waiting, -1)


async def operate(watching: Watch, simulator: Simulator, name: str) -> Operator:
    """Do everything while the stream goes on, and a last thing after it is over."""
    await watching.until(lambda: name in watching.engine.scores._boards())
    operator = Operator(watching, name)
    for number, deed in enumerate(DEEDS):
        least = 30 + number * 30
        await simulator.wait_for(name, lambda room, least=least: room.truth.messages >= least, 60)
        await operator.act(deed)
    await watching.until_state(name, State.ENDED)
    await operator.act("reset")
    return operator


def boards_of(watching: Watch) -> dict[str, tuple[str, Board]]:
    """The boards as they are in memory, with their sessions' keys."""
    boards = watching.engine.scores._boards()
    return {name: (watching.engine.watchlist.stream(name).sessions.key, board) for name, board in boards.items()}


async def assert_the_same(watching: Watch, boards: dict[str, tuple[str, Board]], *, last_seen: bool = True) -> None:
    for name, (key, board) in boards.items():
        database = await open_reader(watching.path)
        session = await find(database, key)
        await database.close()
        again = await counted_again(watching.path, session, board.ranking.rules)
        live, after = picture(board, last_seen=last_seen), picture(again, last_seen=last_seen)
        for part in live:
            assert after[part] == live[part], (name, part)
        result = await rescore(watching.path, key, board.ranking.rules)
        assert not result, (name, result.differences[:3])


@pytest.mark.parametrize("names", [ROOMS[:3], ROOMS[3:6], ROOMS[6:]], ids="_".join)
async def test_live_and_counted_again_are_the_same(simulators, watch, names) -> None:
    simulator = await simulators(**{name: short(name) for name in names})
    watching = await watch(simulator, *names, **POINTS)
    operators = await asyncio.gather(*(operate(watching, simulator, name) for name in names))
    boards = boards_of(watching)
    await watching.close()
    assert all(operator.done > len(DEEDS) / 2 for operator in operators)
    assert query(watching.path, "SELECT count(*) FROM score_actions") == [(sum(each.done for each in operators),)]
    await assert_the_same(watching, boards)


async def test_the_same_after_a_restart_in_the_middle(simulators, watch, tmp_path) -> None:
    scenario = msgspec.structs.replace(short("truth"), messages=1600, history=40)
    simulator = await simulators(truth=scenario)
    path = tmp_path / "x.db"
    first = await watch(simulator, "truth", path=path, **POINTS)
    operator = Operator(first, "truth")
    for number, deed in enumerate(("reset", "ask", "pause", "pause", "reset_all")):
        least = 100 + 60 * number
        await simulator.wait_for("truth", lambda room, least=least: room.truth.messages >= least, 60)
        await operator.act(deed)
    await first.close()
    second = await watch(simulator, "truth", path=path, **POINTS)
    await second.until_state("truth", State.LIVE)
    operator = Operator(second, "truth")
    await operator.act("undo")  # what the first run moved comes back
    await second.until_state("truth", State.ENDED)
    await operator.act("winner")
    boards = boards_of(second)
    await second.close()
    assert query(path, "SELECT count(*) FROM sessions") == [(1,)]
    assert [row[0] for row in query(path, "SELECT deed FROM score_actions ORDER BY number")][-2:] == ["undo", "winner"]
    # When somebody was last seen is written about once a minute: the second run may not know it exactly.
    await assert_the_same(second, boards, last_seen=False)
