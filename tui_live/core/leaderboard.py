"""The ranking of a session's audience (SPEC §5).

Taking in an event costs a dictionary look-up and a few additions; places are worked out when somebody looks. Ties are
stable: whoever came first into the session stands first.

What is done to everybody is a decree (:mod:`tui_live.core.decrees`): it holds at once, and reaches each person before
anybody sees them or anything else happens to them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, KeysView
from itertools import chain, islice

from tui_live.core.decrees import Decree
from tui_live.core.events import Batch, ChatData, Event, GiftData, LikeData, Person, SocialData
from tui_live.core.ranking import Ranking
from tui_live.core.scoring import Rules, shown
from tui_live.core.tally import MOST, NOTHING, Participant, Tally

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
        self.changed: dict[str, Participant] = {}
        self.revision = 0
        self._people: dict[str, Participant] = {}
        self._moved: dict[str, Participant] = {}
        self._numbered: dict[int, Participant] = {}
        self._next_number = 0
        self._ranking = Ranking()
        self._watchers: list[dict[str, Participant]] = []
        # Those that have not reached everybody, how many there were ever, and whom they have not reached.
        self._decrees: list[Decree] = []
        self._decreed = 0
        self._behind: Iterator[Participant] = iter(())

    # What happens

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        add_event = self.add_event
        for event in batch.events:
            user = event.user
            if user is not None:
                add_event(event, user)

    def add_event(self, event: Event, user: Person) -> None:
        """Take in one event of ``user``: gifts, likes, comments, follows and shares count, unless it is paused."""
        user_id, time_ms = user.user_id, event.time_ms
        someone = self._people.get(user_id)
        if someone is None:
            someone = self._enter(user, time_ms)
        else:
            if someone.decreed != self._decreed:
                self._reach(someone)
            if someone.person is not user and (user.handle or not someone.person.handle):
                if (user.handle, user.nickname) != (someone.person.handle, someone.person.nickname):
                    self._note(someone)
                someone.person = user
        if time_ms > someone.last_ms:  # noqa: PLR1730 -- max() is a call and a write, for every event
            someone.last_ms = time_ms
        if self._counts(event, someone):
            self.changed[user_id] = self._moved[user_id] = someone
            if self._watchers:
                self._tell(someone)
        elif time_ms - someone.saved_ms > _SAVE_SEEN_MS:
            someone.saved_ms = time_ms
            self.changed[user_id] = someone

    def _counts(self, event: Event, someone: Participant) -> bool:
        """Count an event for who did it; whether that changed anything."""
        data = event.data
        if self.paused:
            return isinstance(data, SocialData) and event.subtype == "follow" and self._follows(someone)
        tally = someone.now
        rules = self.rules
        if isinstance(data, LikeData):
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
        elif isinstance(data, ChatData):
            tally.comments += 1
            tally.comment_points += rules.comment
        elif isinstance(data, SocialData) and event.subtype == "share":
            tally.shares += 1
            tally.share_points += rules.share
        elif isinstance(data, SocialData) and event.subtype == "follow":
            return self._follows(someone)
        else:
            return False
        return True

    def _follows(self, someone: Participant) -> bool:
        """Whoever follows and unfollows in turns counts once; a follower's likes are worth more from then on."""
        if someone.followed:
            return False
        someone.followed = True
        if not self.paused:
            someone.now.follows += 1
            someone.now.follow_points += self.rules.follow
        return True

    # What the operator does

    def reset(self, user_id: str) -> dict[str, Tally]:
        """Move somebody's present totals to the used ones; returns what was moved, by user id."""
        someone = self.find(user_id)
        if someone is None or not someone.now:
            return {}
        moved = {user_id: someone.put_aside()}
        self._note(someone)
        return moved

    def reset_all(self) -> dict[str, Tally]:
        """The same for everybody, at once: what was moved is in the returned dictionary when it has reached them."""
        moved: dict[str, Tally] = {}
        # The best first, so that an undo gives back to those first who are seen.
        self._decree(Decree(moved), map(self._numbered.__getitem__, (entry & _NUMBER for entry in self._ranking)))
        self._ranking = Ranking(self._numbered)
        self._moved.clear()
        self.revision += 1
        return moved

    def give_back(self, moved: dict[str, Tally]) -> None:
        """Undo a reset: what it moved counts again, beside what has come since."""
        for user_id, tally in moved.items():
            someone = self.find(user_id)
            if someone is not None:
                someone.take_back(tally)
                self._note(someone)

    def give_back_all(self, moved: dict[str, Tally]) -> None:
        """The same for a reset of everybody: it empties ``moved`` while it reaches them."""
        self._decree(Decree(moved, back=True), filter(None, map(self._people.get, list(moved))))

    def catch_up(self, most: int = sys.maxsize) -> bool:
        """Let what was done to everybody reach the next ``most`` people; whether there are more.

        Five microseconds each: whoever must not hold up others does it some at a time.
        """
        if not self._decrees:
            return False
        reached = 0
        for someone in islice(self._behind, most):
            self._reach(someone)
            reached += 1
        self._settle()
        if reached < most:
            self._decrees.clear()
        return bool(self._decrees)

    def put(
        self, person: Person, now: Tally, used: Tally, first_ms: int, last_ms: int, *, followed: bool = False
    ) -> None:
        """Set somebody's totals, whatever they were."""
        someone = self.find(person.user_id) or self._enter(person, first_ms)
        someone.person, someone.now, someone.used = person, now, used
        someone.first_ms, someone.last_ms, someone.followed = first_ms, last_ms, followed
        self._note(someone)

    def restore(self, people: Iterable[Participant]) -> None:
        """Add participants from a database, before anything else happens; :meth:`restored` follows.

        Numbers ascend, and some may be missing: an erased person leaves a gap.
        """
        by_id, numbered, entry_of = self._people, self._numbered, self._entry
        for someone in people:
            by_id[someone.person.user_id] = numbered[someone.number] = someone
            someone.entry = entry_of(someone)

    def restored(self) -> None:
        """All are back: they are put in order."""
        self._next_number = max(self._numbered, default=-1) + 1
        self._order_anew()
        self.revision += 1

    def refine(self, scale: int) -> None:
        """Count in units that suit ``scale`` too; with people in it, each is converted exactly."""
        common = math.lcm(self.scale, scale)
        factor = common // self.scale
        self.rules = self.rules.at(common)
        self.scale = common
        if factor > 1:
            self.catch_up()
            for someone in self._numbered.values():
                someone.now, someone.used = someone.now.times(factor), someone.used.times(factor)
                self._note(someone)

    # What is asked

    def __len__(self) -> int:
        """How many people there are."""
        return len(self._numbered)

    @property
    def people(self) -> dict[str, Participant]:
        """Everybody by user id, once everything has reached all of them; :meth:`find` does not wait for that."""
        self.catch_up()
        return self._people

    @property
    def user_ids(self) -> KeysView[str]:
        """Everybody's user id."""
        return self._people.keys()

    def find(self, user_id: str) -> Participant | None:
        """One person, if they are there."""
        someone = self._people.get(user_id)
        if someone is not None and someone.decreed != self._decreed:
            self._reach(someone)
        return someone

    @property
    def scoring(self) -> int:
        """How many of them have points."""
        self._settle()
        return self._ranking.count_below(0)

    @property
    def blank(self) -> bool:
        """Whether nobody has anything at present."""
        if any(decree.back for decree in self._decrees):
            self.catch_up()
        if self.scoring:
            return False
        decreed = self._decreed  # whom a reset has not reached has nothing, too
        return not any(someone.now for someone in self._numbered.values() if someone.decreed == decreed)

    def place(self, user_id: str) -> int:
        """The person's place, from 1 on; 0 for who is not there."""
        someone = self.find(user_id)
        if someone is None:
            return 0
        self._settle()
        return self._ranking.place(someone.entry) + 1

    def stretch(self, start: int, count: int) -> list[Participant]:
        """The people on places ``start + 1`` to ``start + count``, the best first."""
        while True:
            self._settle()
            numbered, decreed = self._numbered, self._decreed
            people = [numbered[entry & _NUMBER] for entry in self._ranking.stretch(start, count)]
            behind = [someone for someone in people if someone.decreed != decreed] if self._decrees else ()
            if not behind:
                return people
            for someone in behind:  # which may bring them to other places
                self._reach(someone)

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
        someone = Participant(user, number, time_ms, time_ms, Tally(), NOTHING, saved_ms=time_ms)
        someone.decreed = self._decreed
        self._people[user.user_id] = self._numbered[number] = someone
        someone.entry = self._entry(someone)
        self._ranking.add(someone.entry)
        self._note(someone)
        return someone

    def _note(self, someone: Participant) -> None:
        """Somebody has changed: they are to be written, and to be put in their place."""
        user_id = someone.person.user_id
        self.changed[user_id] = self._moved[user_id] = someone
        self._tell(someone)

    def _tell(self, someone: Participant) -> None:
        for watched in self._watchers:
            watched[someone.person.user_id] = someone

    def _decree(self, decree: Decree, first: Iterable[Participant]) -> None:
        """Do something to everybody, and to these first."""
        self._decrees.append(decree)
        self._decreed += 1
        everybody = chain(first, self._behind, list(self._numbered.values()))
        self._behind = (someone for someone in everybody if someone.decreed != self._decreed)

    def _reach(self, someone: Participant) -> None:
        """Let all decrees reach somebody which have not. The database has its own way to do the same to everybody."""
        for decree in self._decrees[someone.decreed - self._decreed :]:
            decree.reach(someone)
            if decree.back:
                self._moved[someone.person.user_id] = someone
            else:  # the order was made anew
                someone.entry = someone.number
        someone.decreed = self._decreed
        self._tell(someone)

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
        entry_of = self._entry
        moves = []
        for someone in moved:
            if someone.entry != (entry := entry_of(someone)):
                moves.append((someone.entry, entry))
                someone.entry = entry
        if len(moves) * 4 > len(self._numbered) and not self._decrees:
            self._order_anew()
        else:
            self._ranking.move_all(moves)

    def _order_anew(self) -> None:
        self._ranking = Ranking(someone.entry for someone in self._numbered.values())
