"""One person's account in a session: where their score comes from, down to the single event.

The account is computed from the person's own events and everything that was done to the board, with the same
leaderboard that counts live, so that its sum is the score.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import ChatData, Event, GiftData
from tui_live.core.scoring import Rules
from tui_live.core.tally import Tally

#: The latest comments and reasons that are kept; sums hold all.
KEPT = 1_000


class GiftSum(Struct):
    """All gifts of one kind: pieces, what they cost in coins, and their points (used ones too)."""

    gift_id: str
    name: str
    price: int
    count: int = 0
    coins: int = 0
    points: float = 0.0


class Comment(Struct, frozen=True, gc=False):
    """A comment; ``used``: it was put aside by a reset or chosen for the overlay. ``time_ms`` is UTC."""

    msg_id: int
    time_ms: int
    text: str
    used: bool


class Reason(Struct, frozen=True, gc=False):
    """An event behind a score, or something that was done to it.

    ``kind`` is ``gift``, ``like``, ``chat``, ``follow``, ``share``, or the deed: ``reset``, ``undo``, …; ``points`` is
    what it added or (negative) put aside. ``paused``: it happened while scoring was paused and did not count.
    """

    time_ms: int
    kind: str
    text: str
    points: float
    paused: bool = False


class Account(Struct):
    """Everything behind one person's score. ``points`` are present, ``used_points`` put aside.

    Times are UTC milliseconds. ``places`` are (time, place) from oldest to newest, place 0 being behind the first
    hundred; ``names`` (handle, nickname, first seen in ISO 8601) as they came. ``scale`` is the unit of ``now`` and
    ``used``.
    """

    user_id: str
    now: Tally = field(default_factory=Tally)
    used: Tally = field(default_factory=Tally)
    scale: int = 1
    points: float = 0.0
    used_points: float = 0.0
    gifts: list[GiftSum] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[str, str, str]] = field(default_factory=list)
    person: dict[str, object] = field(default_factory=dict)
    first_ms: int = 0
    last_ms: int = 0
    events: int = 0


class Accountant:
    """Makes an account of a person's events, told one after another; ``actions`` have the event id they came after."""

    def __init__(self, user_id: str, rules: Rules, actions: Iterable[tuple[int, Action]]) -> None:
        self._board = Board(rules)
        self._actions = list(actions)
        self._account = Account(user_id)
        self._gifts: dict[str, GiftSum] = {}
        self._comments: list[tuple[int, Event]] = []
        self._used_before: list[tuple[int, int]] = []
        self._next = 0

    def add(self, event_id: int, event: Event) -> None:
        """The next event of the person."""
        self._act_before(event_id)
        user = event.user
        if user is None:
            return
        account, ranking = self._account, self._board.ranking
        account.events += 1
        account.first_ms = min(account.first_ms or event.time_ms, event.time_ms)
        account.last_ms = max(account.last_ms, event.time_ms)
        before = self._points()
        ranking.add_event(event, user)
        units = self._points() - before
        points = units / ranking.scale
        if isinstance(event.data, GiftData):
            self._gift(event.data, points)
        elif isinstance(event.data, ChatData):
            self._comments.append((event_id, event))
        if units or (ranking.paused and event.type in ("gift", "like")):
            kind = event.subtype if event.type == "social" else event.type
            self._reason(Reason(event.time_ms, kind, event.text, points, ranking.paused))

    def account(self) -> Account:
        """The account, once every event was told."""
        self._act_before(1 << 62)
        account, board = self._account, self._board
        someone = board.ranking.find(account.user_id)
        if someone is not None:
            account.now, account.used = someone.now, someone.used
        account.scale = board.ranking.scale
        account.points = account.now.points / account.scale
        account.used_points = account.used.points / account.scale
        account.gifts = sorted(self._gifts.values(), key=lambda each: (-each.coins, each.name))
        account.comments = self._judged()
        return account

    def _gift(self, data: GiftData, points: float) -> None:
        if not data.count_delta:
            return
        kind = self._gifts.get(data.gift_id)
        if kind is None:
            kind = self._gifts[data.gift_id] = GiftSum(data.gift_id, data.gift_name, data.gift_value)
        kind.count += data.count_delta
        kind.coins += data.coins_delta
        kind.points += points

    def _act_before(self, event_id: int) -> None:
        """Do what was done before this event."""
        while self._next < len(self._actions) and self._actions[self._next][0] < event_id:
            after_event, action = self._actions[self._next]
            self._next += 1
            before = self._points()
            self._board.count(action)
            change = (self._points() - before) / self._board.ranking.scale
            about = action.user_id == self._account.user_id or action.deed in (Deed.PAUSE, Deed.RESUME)
            if change or about:
                self._reason(Reason(action.time_ms, str(action.deed), "", change))
            if action.deed in (Deed.RESET, Deed.RESET_ALL):
                self._used_before.append((after_event, action.number))

    def _judged(self) -> list[Comment]:
        """The comments with what became of them: a choice counts more than a reset."""
        board = self._board
        undone = {action.target for action in board.actions if action.deed is Deed.UNDO}
        about = {action.number: action for action in board.actions}
        reset = [
            after_event
            for after_event, number in self._used_before
            if number not in undone
            and (about[number].deed is Deed.RESET_ALL or about[number].user_id == self._account.user_id)
        ]
        used_until = max(reset, default=-1)
        marks = board.used()
        return [
            Comment(event.msg_id, event.time_ms, event.text, marks.get(event.msg_id, event_id <= used_until))
            for event_id, event in self._comments[-KEPT:]
        ]

    def _points(self) -> int:
        someone = self._board.ranking.find(self._account.user_id)
        return someone.now.points if someone else 0

    def _reason(self, reason: Reason) -> None:
        reasons = self._account.reasons
        reasons.append(reason)
        if len(reasons) > 2 * KEPT:
            del reasons[:KEPT]
