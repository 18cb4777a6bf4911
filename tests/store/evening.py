"""An evening that is recorded with its board, as scripts say: for everything that comes back from the database."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import strategies as st
from msgspec import structs

from tests.core.scores import events
from tests.store.conftest import NOW_MS, batch
from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import Event, Person
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.errors import BoardError
from tui_live.store import sessions
from tui_live.store.boards import load_board, load_moves
from tui_live.store.database import open_reader, open_writer
from tui_live.store.recorder import Recorder
from tui_live.store.rescore import count_again
from tui_live.store.sessions import Session

RULES = Rules.of(comment="0.25", follow=2, share=3, gift_factors=[(4, 5), (99, "7.5"), (None, 30)])
OTHERS = Rules.of(likes_per_point=(7, 11), comment=1)


def question(user: Person, msg_id: int = 1) -> Question:
    return Question(msg_id, user.user_id, user.handle, user.nickname, "", "why?")


class Evening:
    """A session that is recorded, with its board."""

    def __init__(self, recorder: Recorder, session: Session, rules: Rules = RULES) -> None:
        self.recorder, self.session, self.rules = recorder, session, rules
        self.board = Board(rules)
        self.now_ms = NOW_MS

    @classmethod
    async def begin(cls, recorder: Recorder, rules: Rules = RULES) -> Evening:
        return cls(recorder, await sessions.begin(recorder, "ana", "7", NOW_MS, {}), rules)

    def add(self, *some: Event) -> None:
        """What ``Stream.publish`` does with a batch."""
        made = batch(*some)
        self.session.totals.add(made)
        self.board.add(made)
        self.recorder.put(self.session.id, made, self.session.totals, self.board)

    def do(self, name: str, *arguments: object) -> Action | None:
        """What the operator does; what makes no sense is refused."""
        self.now_ms += 1000
        with contextlib.suppress(BoardError):
            action: Action | None = getattr(self.board, name)(*arguments, self.now_ms)
            if action is not None:
                self.recorder.put_action(self.session.id, self.board, action)
            return action
        return None

    async def undo(self) -> None:
        """As the engine does it: what a reset of an earlier run moved comes from the database."""
        with contextlib.suppress(BoardError):
            action = self.board.next_undo()
            if action.deed in (Deed.RESET, Deed.RESET_ALL) and self.board.moved(action.number) is None:
                database = self.recorder._database
                moved = await load_moves(database, self.session.id, action.number, self.board.ranking.scale)
                self.board.remember_moved(action.number, moved)
            self.do("undo")

    async def restart(self) -> None:
        """The board comes back from the database."""
        await self.recorder.flush()
        self.board = await load_board(self.recorder._database, self.session.id, self.rules)


def picture(board: Board, *, last_seen: bool = True) -> dict[str, object]:
    """Everything that can be said about a board's scores, in the order of the people's numbers."""
    ranking = board.ranking
    people = [
        (
            *(one.number, key, structs.astuple(one.now), structs.astuple(one.used), one.followed, one.first_ms),
            one.last_ms if last_seen else 0,
        )
        for key, one in ranking.people.items()
    ]
    order = [someone.person.user_id for someone in ranking.stretch(0, len(ranking))]
    return {
        "people": sorted(people),
        "order": order,
        "state": (ranking.paused, ranking.winner, ranking.scale),
        "actions": board.actions,
        "used": board.used(),
    }


async def counted_again(path: Path, session: Session, rules: Rules = RULES) -> Board:
    database = await open_reader(path)
    board = await count_again(database, session, rules)
    await database.close()
    return board


numbers = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("events"), st.lists(events(5), max_size=6)),
    st.tuples(st.just("events"), st.lists(events(5), max_size=6)),
    st.tuples(st.sampled_from(("reset", "ask", "unuse", "show", "move", "expire")), numbers),
    st.tuples(st.sampled_from(("reset_all", "pause", "pick_winner", "clear", "undo", "undo", "flush")), st.none()),
)


async def play(path: Path, script: list[tuple[str, object]]) -> tuple[Evening, bool]:
    """Record what a script says; whether the evening was interrupted by a restart."""
    recorder = Recorder(await open_writer(path), keep_raw=False)
    await recorder.open()
    evening = await Evening.begin(recorder)
    for name, value in script:
        people = list(evening.board.ranking.people.values())
        desk = evening.board.desk
        if name == "events":
            evening.add(*value)
        elif name == "reset":
            evening.do("reset", people[value % len(people)].person.user_id if people else "")
        elif name in ("ask", "unuse"):
            if people:
                evening.do(name, question(people[value % len(people)].person, value + 1))
        elif name in ("show", "move"):
            waiting = desk.waiting[value % len(desk.waiting)].msg_id if desk.waiting else 0
            evening.do(name, waiting, *([value % 3 - 1] if name == "move" else []))
        elif name == "expire":
            evening.do("expire", value)
        elif name == "undo":
            await evening.undo()
        elif name == "flush":
            await recorder.flush()
        elif name == "restart":
            await evening.restart()
        else:
            evening.do(name)
    await recorder.close()
    await recorder._database.close()
    return evening, any(name == "restart" for name, _ in script)
