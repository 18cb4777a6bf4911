"""The ranking of a session's audience (SPEC §5).

Taking in an event costs a dictionary look-up and a few additions; places are worked out when somebody looks. Ties are
stable: whoever came first into the session stands first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from tui_live.core.events import Batch, ChatData, Event, GiftData, LikeData, Person, SocialData
from tui_live.core.ranking import Ranking
from tui_live.core.scoring import Rules, shown
from tui_live.core.tally import MOST, Participant, Tally

#: An entry of the ranking ascends while points descend, and is below zero when there are any; ties go to the lower
#: number, which stands in the last bits. So many people, and a billion points in thirtieths, fit into a machine's word.
_NUMBER_BITS = 28
_NUMBER = 2**_NUMBER_BITS - 1
#: Last seen is written with a change of the score, or after so long.
_SAVE_SEEN_MS = 60_000


class Leaderboard:
    """Everybody in a session, and their order.

    ``scale``: points are counted in units of ``1 / scale``. ``changed`` holds who changed since it was last emptied
    by whoever writes them down. ``paused``: nothing counts. ``winner``: a user id, or empty.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.scale = rules.scale
        self.paused = False
        self.winner = ""
        self.people: dict[str, Participant] = {}
        self.changed: dict[str, Participant] = {}
        self._moved: dict[str, Participant] = {}
        self._numbered: dict[int, Participant] = {}
        self._next_number = 0
        self._ranking = Ranking()
        self._watchers: list[dict[str, Participant]] = [self.changed, self._moved]
        self.revision = 0

    # What happens

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        for event in batch.events:
            if event.user is not None:
                self.add_event(event, event.user)

    def add_event(self, event: Event, user: Person) -> None:
        """Take in one event of ``user``: gifts, likes, comments, follows and shares count, unless it is paused."""
        user_id, time_ms = user.user_id, event.time_ms
        someone = self.people.get(user_id)
        if someone is None:
            someone = self._enter(user, time_ms)
        elif someone.person is not user and (user.handle or not someone.person.handle):
            if (user.handle, user.nickname) != (someone.person.handle, someone.person.nickname):
                self._note(someone)
            someone.person = user
        if time_ms > someone.last_ms:
            someone.last_ms = time_ms
            if time_ms - someone.saved_ms > _SAVE_SEEN_MS:
                someone.saved_ms = time_ms
                self.changed[user_id] = someone
        if self._counts(event, someone):
            for watched in self._watchers:
                watched[user_id] = someone

    def _counts(self, event: Event, someone: Participant) -> bool:
        """Count an event for who did it; whether that changed anything."""
        data = event.data
        kind = type(data)
        tally = someone.now
        rules = self.rules
        if kind is SocialData and event.subtype == "follow":
            # Whoever follows and unfollows in turns counts once; a follower's likes are worth more from then on.
            if someone.followed:
                return False
            someone.followed = True
            if not self.paused:
                tally.follows += 1
                tally.follow_points += rules.follow
            return True
        if self.paused:
            return False
        if kind is ChatData:
            tally.comments += 1
            tally.comment_points += rules.comment
        elif isinstance(data, LikeData):
            count = data.like_count
            if count <= 0:
                return False
            worth = rules.follower_like if data.follower or someone.followed else rules.other_like
            likes, points = tally.likes + count, tally.like_points + count * worth
            tally.likes = likes if likes < MOST else MOST
            tally.like_points = points if points < MOST else MOST
        elif isinstance(data, GiftData):
            count = data.count_delta
            if count <= 0 or data.gift_value < 0:
                return False
            gifts, coins = tally.gifts + count, tally.coins + data.coins_delta
            points = tally.gift_points + count * rules.gift(data.gift_value)
            tally.gifts = gifts if gifts < MOST else MOST
            tally.coins = coins if coins < MOST else MOST
            tally.gift_points = points if points < MOST else MOST
        elif kind is SocialData and event.subtype == "share":
            tally.shares += 1
            tally.share_points += rules.share
        else:
            return False
        return True

    # What the operator does

    def reset(self, user_ids: Iterable[str]) -> dict[str, Tally]:
        """Move the present totals of these people to the used ones; returns what was moved."""
        moved: dict[str, Tally] = {}
        for user_id in user_ids:
            someone = self.people.get(user_id)
            if someone is not None and someone.now:
                moved[user_id] = someone.now
                someone.used = someone.used.plus(someone.now)
                someone.now = Tally()
                self._note(someone)
        return moved

    def give_back(self, moved: dict[str, Tally]) -> None:
        """Undo a reset: what it moved counts again, beside what has come since."""
        for user_id, tally in moved.items():
            someone = self.people.get(user_id)
            if someone is not None:
                someone.now = someone.now.plus(tally)
                someone.used = someone.used.plus(tally, -1)
                self._note(someone)

    def put(
        self, person: Person, now: Tally, used: Tally, first_ms: int, last_ms: int, *, followed: bool = False
    ) -> None:
        """Set somebody's totals, whatever they were."""
        someone = self.people.get(person.user_id)
        if someone is None:
            someone = self._enter(person, first_ms)
        someone.person, someone.now, someone.used = person, now, used
        someone.first_ms, someone.last_ms, someone.followed = first_ms, last_ms, followed
        self._note(someone)

    def restore(self, someone: Participant) -> None:
        """Add a participant from a database; numbers ascend, and some may be missing: an erased person leaves a gap."""
        self.people[someone.person.user_id] = someone
        self._numbered[someone.number] = someone
        self._next_number = someone.number + 1
        someone.entry = self._entry(someone)
        self._ranking.add(someone.entry)

    def restored(self) -> None:
        """All are back: whoever looks shall see that it is another order."""
        self.revision += 1

    def refine(self, scale: int) -> None:
        """Count in units that suit ``scale`` too; with people in it, each is converted exactly."""
        common = math.lcm(self.scale, scale)
        factor = common // self.scale
        self.rules = self.rules.at(common)
        self.scale = common
        if factor > 1:
            for someone in self._numbered.values():
                someone.now, someone.used = someone.now.times(factor), someone.used.times(factor)
                self._note(someone)

    # What is asked

    def __len__(self) -> int:
        """How many people there are."""
        return len(self._numbered)

    @property
    def scoring(self) -> int:
        """How many of them have points."""
        self._settle()
        return self._ranking.count_below(0)

    def place(self, user_id: str) -> int:
        """The person's place, from 1 on; 0 for who is not there."""
        someone = self.people.get(user_id)
        if someone is None:
            return 0
        self._settle()
        return self._ranking.place(someone.entry) + 1

    def stretch(self, start: int, count: int) -> list[Participant]:
        """The people on places ``start + 1`` to ``start + count``, the best first."""
        self._settle()
        numbered = self._numbered
        return [numbered[entry & _NUMBER] for entry in self._ranking.stretch(start, count)]

    def score(self, someone: Participant) -> int:
        """Their present points as shown."""
        return shown(someone.now.points, self.scale)

    def watch(self) -> dict[str, Participant]:
        """A dictionary to which everybody is added who changes from now on; its owner empties it."""
        watched: dict[str, Participant] = {}
        self._watchers.append(watched)
        return watched

    def unwatch(self, watched: dict[str, Participant]) -> None:
        """Give back what :meth:`watch` gave."""
        self._watchers = [each for each in self._watchers if each is not watched]

    # Inside

    def _enter(self, user: Person, time_ms: int) -> Participant:
        number = self._next_number
        self._next_number += 1
        someone = Participant(user, number, time_ms, time_ms, Tally(), Tally(), saved_ms=time_ms)
        self.people[user.user_id] = self._numbered[number] = someone
        someone.entry = self._entry(someone)
        self._ranking.add(someone.entry)
        self._note(someone)
        return someone

    def _note(self, someone: Participant) -> None:
        user_id = someone.person.user_id
        for watched in self._watchers:
            watched[user_id] = someone

    @staticmethod
    def _entry(someone: Participant) -> int:
        now = someone.now  # Tally.points, without a call: this is what most changes of a score cost
        points = now.gift_points + now.like_points + now.comment_points + now.follow_points + now.share_points
        return someone.number - (points << _NUMBER_BITS)

    def _settle(self) -> None:
        """Bring the order up to date with what happened since it was last looked at."""
        if not self._moved:
            return
        moved = list(self._moved.values())
        self._moved.clear()
        self.revision += 1
        if len(moved) * 4 > len(self._numbered):
            for someone in moved:
                someone.entry = self._entry(someone)
            self._ranking = Ranking(someone.entry for someone in self._numbered.values())
            return
        move, entry_of = self._ranking.move, self._entry
        for someone in moved:
            entry = entry_of(someone)
            if entry != someone.entry:
                move(someone.entry, entry)
                someone.entry = entry
