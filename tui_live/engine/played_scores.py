"""The leaderboard of a replay: counted anew while it plays, with what the operator does to it; nothing is recorded."""

from __future__ import annotations

import aiosqlite

from tui_live.core.account import Account
from tui_live.core.board import Action, Board
from tui_live.core.events import Batch, Event
from tui_live.core.scoring import Rules
from tui_live.core.tally import Tally
from tui_live.engine.scores import Scores
from tui_live.store.account import account
from tui_live.store.queries import find_event
from tui_live.store.sessions import Session


class PlayedScores:
    """One board under today's rules. ``database`` is the recording, read-only."""

    def __init__(
        self, session: Session, database: aiosqlite.Connection, rules: Rules, question_seconds: float | None
    ) -> None:
        self.board = Board(rules)
        self.scores = Scores(
            lambda: {session.streamer: self.board}, self._record, self._moves, self._account, question_seconds
        )
        self._session = session
        self._database = database
        self._rules = rules
        self._last: Event | None = None
        self._played_ms = 0
        self._done: list[tuple[Event | None, Action]] = []

    def add(self, batch: Batch) -> None:
        """Count what a frame brought; places are noted by the recording's clock."""
        self.board.add(batch)
        if batch.events:
            self._last = batch.events[-1]
        self._played_ms = batch.received_ms
        self.board.movement.note(self.board.ranking, batch.received_ms)

    def _record(self, name: str, board: Board, action: Action) -> None:
        self._done.append((self._last, action))

    async def _moves(self, name: str, number: int) -> dict[str, Tally]:
        return {}  # the board knows all of them: no reset is older than the replay

    async def _account(self, name: str, user_id: str) -> Account:
        """As far as it has been played, with what was done here instead of what was done then."""
        until, played_ms = await self._place(self._last), self._played_ms
        actions = [(await self._place(after), action) for after, action in self._done]
        made = await account(self._database, self._session.id, user_id, self._rules, actions=actions, until=until)
        made.places = [(at, place) for at, place in made.places if at <= played_ms]
        return made

    async def _place(self, event: Event | None) -> int:
        """The event's number in the database, 0 for none."""
        if event is None:
            return 0
        found = await find_event(
            self._database, self._session.streamer, event.type, event.msg_id, event.time_ms, self._session.id
        )
        return found or 0
