"""What is done to everybody at once, however many they are.

To touch a hundred thousand people takes half a second, for which nothing else could happen. So a decree is only noted,
and reaches each of them later: before they do something, before they are seen, and in any case soon.
"""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.tally import Participant, Tally


class Decree(Struct):
    """Everybody's present totals are put aside, or (``back``) what another decree moved counts again.

    ``moved`` is what was moved of those whom it has reached, by user id; giving it back empties it.
    """

    moved: dict[str, Tally]
    back: bool = False

    def reach(self, someone: Participant) -> None:
        """Do it to somebody."""
        user_id = someone.person.user_id
        if self.back:
            tally = self.moved.pop(user_id, None)
            if tally is not None:
                someone.take_back(tally)
        elif someone.now:
            self.moved[user_id] = someone.put_aside()
