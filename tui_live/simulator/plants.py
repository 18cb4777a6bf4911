"""What a scenario plants among its messages: shares in a rush or in a row, and what those who share do next."""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct

from tui_live.simulator.people import People, Person
from tui_live.simulator.scenario import Plant


class Planted(Struct, frozen=True):
    """A plant as it grew: the numbers of the messages with its first and last share, and whose ids are in it."""

    first: int
    last: int
    sharers: tuple[str, ...]
    converting: tuple[str, ...]


class Planting:
    """Which messages of a script are planted, by their numbers (the first message is number 1)."""

    def __init__(self, plants: Sequence[Plant], people: People, rng: random.Random) -> None:
        self._due: dict[int, tuple[str, Person]] = {}
        own = random.Random(rng.getrandbits(64))
        self.grown = tuple(self._grow(plant, people, own) for plant in plants)

    def due(self, number: int) -> tuple[str, Person] | None:
        """The kind of the planted message with this number, and who does it; ``None`` for a message of chance."""
        return self._due.pop(number, None)

    def _grow(self, plant: Plant, people: People, rng: random.Random) -> Planted:
        """Those who will follow do not yet, as far as TikTok says."""
        converting = round(plant.shares * plant.converting)
        ready = [person for person in people.crowd if not person.follow_status]
        chosen = rng.sample(ready, converting)
        others = [person for person in people.crowd if person not in chosen]
        sharers = [*chosen, *rng.sample(others, plant.shares - converting)]
        rng.shuffle(sharers)
        numbers = [plant.messages + plant.every * at for at in range(plant.shares)]
        for number, person in zip(numbers, sharers, strict=True):
            self._put(number, "share", person)
        for number, person in zip(numbers, sharers, strict=True):
            if person in chosen:
                for after, kind in enumerate(("follow", "chat", "like")):
                    self._put(number + plant.delay + after, kind, person)
        return Planted(
            numbers[0],
            numbers[-1],
            tuple(str(person.user_id) for person in sharers),
            tuple(str(person.user_id) for person in chosen),
        )

    def _put(self, number: int, kind: str, person: Person) -> None:
        while number in self._due:
            number += 1
        self._due[number] = kind, person
