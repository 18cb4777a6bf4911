"""Which people must be written again: only those who are new or have changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from tui_live.core.events import Person

#: About 60 MB; beyond this the longest unseen are forgotten, which costs a superfluous write.
_REMEMBERED_PEOPLE = 200_000


class KnownPeople:
    """What was last written about each person."""

    def __init__(self) -> None:
        self._written: OrderedDict[str, Hashable] = OrderedDict()

    def changed(self, person: Person) -> bool:
        """Whether the person differs from what was written last; remembered as written from now on.

        An avatar's address counts without its query: TikTok signs it anew in every message.
        """
        state = (
            *(person.handle, person.nickname, person.avatar_url.partition("?")[0], person.followers, person.following),
            *(person.follow_status, person.verified, person.moderator, person.gifter_level, person.member_level),
            person.bio,
        )
        if self._written.get(person.user_id) == state:
            return False
        self._written[person.user_id] = state
        self._written.move_to_end(person.user_id)
        if len(self._written) > _REMEMBERED_PEOPLE:
            self._written.popitem(last=False)
        return True
