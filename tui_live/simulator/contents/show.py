"""What is going on in a stream besides the chat: a battle, a poll, a goal, products. Each message moves it on."""

from __future__ import annotations

import random
from collections import deque
from typing import Any

from tui_live.simulator.people import People, Person

POLLS = (
    ("What shall I sing next?", ("Yesterday", "Clair de lune", "your wish")),
    ("Pizza or sushi?", ("Pizza 🍕", "Sushi 🍣")),
    ("¿Otra ronda?", ("sí", "no", "mañana")),
)
GOALS = (("Rose", 500), ("TikTok", 200), ("Doughnut", 30))
PRODUCTS = (
    (1729384756110000001, "Linen apron, sand", "$24.90"),
    (1729384756110000002, "Cast-iron pan 26 cm", "$39.00"),
    (1729384756110000003, "茶碗セット 2個入り", "¥3,200"),
)
#: How many messages a poll lasts.
_POLL_STEPS = 25
#: So many comments back, people answer each other and moderators delete.
_RECENT = 40


class Show:
    """The state of everything that takes more than one message; seeded, so that the same story comes again.

    ``comments`` are the room's last: message id and who wrote it.
    """

    def __init__(self, people: People, rng: random.Random) -> None:
        self.people = people
        self.rng = rng
        self.battle_id = rng.randrange(10**18, 9 * 10**18)
        self.scores = {people.host.user_id: 0, people.guest.user_id: 0}
        self.poll_id = rng.randrange(10**18, 9 * 10**18)
        self.poll = rng.choice(POLLS)
        self.votes = [0] * len(self.poll[1])
        self.goal_id = rng.randrange(10**18, 9 * 10**18)
        self.goal = rng.choice(GOALS)
        self.reached = 0
        self.rank = rng.randrange(20, 100)
        self.product = rng.choice(PRODUCTS)
        self.fighting = False
        self.comments: deque[tuple[int, Person]] = deque(maxlen=_RECENT)
        self._poll_step = 0

    def open_or_close_battle(self) -> bool:
        """Begin a battle, or end the one that is on; returns whether one is on now."""
        self.fighting = not self.fighting
        if self.fighting:
            self.battle_id += 1
            self.scores = dict.fromkeys(self.scores, 0)
        return self.fighting

    def fight(self) -> None:
        """One side of the battle gains points."""
        side = self.rng.choice(sorted(self.scores))
        self.scores[side] += self.rng.choice((1, 5, 10, 30, 199))

    def vote(self) -> str:
        """Move the poll on; returns ``start``, ``votes`` or ``end``."""
        self._poll_step += 1
        if self._poll_step == 1:
            self.poll_id += 1
            self.poll = self.rng.choice(POLLS)
            self.votes = [0] * len(self.poll[1])
            return "start"
        if self._poll_step >= _POLL_STEPS:
            self._poll_step = 0
            return "end"
        self.votes[self.rng.randrange(len(self.votes))] += self.rng.randrange(1, 9)
        return "votes"

    def contribute(self) -> int:
        """Bring the goal nearer; returns by how much. A goal that is reached is followed by the next."""
        if self.reached >= self.goal[1]:
            self.goal, self.reached = self.rng.choice(GOALS), 0
            self.goal_id += 1
        step = self.rng.choice((1, 1, 2, 5))
        self.reached = min(self.goal[1], self.reached + step)
        return step

    def climb(self) -> int:
        """The host's place in the ranking, a little up or down from before."""
        self.rank = max(1, self.rank + self.rng.randrange(-4, 4))
        return self.rank


def said(pattern: str, *pieces: str | Person, key: str = "") -> dict[str, Any]:
    """A display text: a pattern such as ``{0:user} joined``, and its pieces."""
    listed = [
        {"type": 1, "string_value": piece}
        if isinstance(piece, str)
        else {"type": 11, "user_value": {"user": piece.message()}}
        for piece in pieces
    ]
    return {"key": key, "default_pattern": pattern, "pieces": listed}
