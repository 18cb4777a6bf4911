"""A session that is recorded, and its board, as a stream does it."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from tests.store.conftest import ANA, NOW_MS, batch, event
from tui_live.core.board import Action, Board
from tui_live.core.events import Batch, Person, SocialData
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.core.tally import Tally
from tui_live.store import sessions
from tui_live.store.recorder import Recorder

RULES = Rules.of(comment="0.5", follow=2, share=1, gift_factors=[(4, 5), (None, 10)])
BOB = Person("6900000000000000003", "bob", "Ana", follow_status=1, followers=12, badges=("moderator",), verified=True)
ASKED = Question(77, ANA.user_id, "ana", "Ana", ANA.avatar_url, "why \N{SNOWMAN} 'so'?", NOW_MS)
LATER = msgspec.structs.replace(ASKED, msg_id=78, user_id=BOB.user_id, text="and now?")


class Show:
    """A session that is recorded, and its board, as a stream does it."""

    def __init__(self, recorder: Recorder, session: sessions.Session, board: Board) -> None:
        self.recorder, self.session, self.board = recorder, session, board

    @classmethod
    async def begin(cls, recorder: Recorder, rules: Rules = RULES, name: str = "host") -> Show:
        return cls(recorder, await sessions.begin(recorder, name, "7", NOW_MS, {}), Board(rules))

    def put(self, *events, **more) -> Batch:
        some = batch(*events, **more)
        self.session.totals.add(some)
        self.board.add(some)
        self.recorder.put(self.session.id, some, self.session.totals, self.board)
        return some

    def do(self, action: Action) -> Action:
        self.recorder.put_action(self.session.id, self.board, action)
        return action

    def note(self, now_ms: int) -> None:
        self.recorder.put_places(
            self.session.id, self.board, now_ms, self.board.movement.note(self.board.ranking, now_ms)
        )


def picture(board: Board) -> dict[str, object]:
    """Everything that is to survive, points as fractions."""

    def exact(tally: Tally) -> list[object]:
        values = msgspec.structs.astuple(tally)
        return [*(Fraction(value, board.ranking.scale) for value in values[:5]), *values[5:]]

    def said(person: Person) -> Person:
        """What a leaderboard says of them: of what else is known, a session that goes on hears with what they do."""
        return Person(
            person.user_id, person.handle, person.nickname, person.avatar_url, follow_status=person.follow_status
        )

    state = msgspec.structs.asdict(board.state())
    del state["scale"]
    return {
        "people": [
            (said(one.person), one.number, one.first_ms, one.last_ms, one.followed, exact(one.now), exact(one.used))
            for one in board.ranking.stretch(0, 10**6)
        ],
        "state": state,
        "actions": board.actions,
        "used": board.used(),
        "last places": {who: place for who, place in board.movement._last.items() if place},
    }


async def rows(database, sql: str, *parameters: object) -> list[tuple]:
    async with database.execute(sql, parameters) as cursor:
        return [tuple(row) for row in await cursor.fetchall()]


def follow(user: Person):
    return event(SocialData("followed"), user, "social", "follow")
