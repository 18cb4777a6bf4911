"""Which people must be written again: only those who are new or have changed."""

from __future__ import annotations

from tui_live.core.events import Person

#: About 100 MB of people who are gone; beyond this all are forgotten, which costs a superfluous write each.
_REMEMBERED_PEOPLE = 200_000


class KnownPeople:
    """What was last written about each person."""

    def __init__(self) -> None:
        self._written: dict[str, Person] = {}

    def changed(self, person: Person) -> bool:
        """Whether the person differs from what was written last; remembered as written from now on.

        Decoding hands over the same object for a person who has not changed, so this is a comparison of identity.
        """
        written = self._written.get(person.user_id)
        if written is person or written == person:
            return False
        if len(self._written) >= _REMEMBERED_PEOPLE:
            self._written.clear()
        self._written[person.user_id] = person
        return True
