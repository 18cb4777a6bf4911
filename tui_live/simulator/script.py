"""What happens next in a room: an endless, seeded sequence of messages with streaks, likes and viewers in progress."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from tui_live.simulator import catalogue, messages, methods, phrases
from tui_live.simulator.contents.show import Show
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import People, Person
from tui_live.simulator.plants import Planting
from tui_live.simulator.scenario import Scenario

#: How a streak ends: as it should, without an end, with two, or with its final message sent again under its id.
ENDINGS = ("end", "missing", "doubled", "repeated")
_ENDING_WEIGHTS = (70, 12, 10, 8)
_OPEN_STREAKS = 12
#: Of so many comments, one mentions somebody who wrote, and one has emotes of TikTok's.
_MENTIONS, _EMOTES = 25, 30
#: The emotes of a room: its host's subscribers may use them.
_EMOTE_KINDS = 12
_SHARE_TARGETS = ("whatsapp", "copy", "instagram", "", "messenger")


class Streak:
    """A gift sent again and again: ``count`` so far, ``goal`` when it ends."""

    def __init__(
        self, person: Person, gift: catalogue.Gift, group_id: int, goal: int, ending: str, guest: bool
    ) -> None:
        self.person = person
        self.gift = gift
        self.group_id = group_id
        self.goal = goal
        self.ending = ending
        self.guest = guest
        self.count = 0
        self.ends = 0


class Script:
    """Messages in the order in which they happen; ``stamp`` gives each its id, room and time.

    The same ``rng`` tells the same story, however many messages are taken at once.
    """

    def __init__(
        self, scenario: Scenario, people: People, rng: random.Random, stamp: Callable[[], Stamp], media_url: str
    ) -> None:
        self._people = people
        self._rng = rng
        self._order = random.Random(rng.getrandbits(64))
        self._told = 0
        self._rename_every = int(1000 / scenario.renames) if scenario.renames else 1 << 62
        self._stamp = stamp
        self._media_url = media_url
        self._scenario = scenario
        self._languages = scenario.languages or ("en", "en", "en", "en", "es", "pt", *phrases.TALK)
        self._makers: dict[str, Callable[[], Message]] = {
            "chat": self._chat,
            "like": self._like,
            "member": self._member,
            "gift": self._gift,
            "follow": self._follow,
            "share": self._share,
            "room_update": self._room_update,
            "show": self._next_of_show,
            "method": self._method,
        }
        self._kinds = list(scenario.mix)
        self._weights = list(itertools.accumulate(scenario.mix.values()))
        self._group_id = rng.randrange(10**15, 10**16)
        self._methods = itertools.cycle(methods.other_methods())
        self.show = Show(people, random.Random(rng.getrandbits(64)))
        self._extras = random.Random(people.host.user_id)
        self._emotes = [str(self._extras.randrange(7 * 10**18, 8 * 10**18)) for _ in range(_EMOTE_KINDS)]
        self._shows = list(methods.IN_LIFE)
        self._show_weights = list(itertools.accumulate(methods.IN_LIFE.values()))
        self._streaks: list[Streak] = []
        self._again: Message | None = None
        self._spent: Counter[int] = Counter()
        self._known: dict[int, Person] = {}
        self._likes = self._follows = self._shares = self._visitors = 0
        self._viewers = self._most_viewers = scenario.viewers
        self.planted = Planting(scenario.plants, people, rng) if scenario.plants else None

    def begin_room(self) -> None:
        """Start from nothing under a new room id: likes are a room's, and a streak does not outlive its room."""
        self._streaks.clear()
        self._again = None
        self._likes = 0
        self.show.comments.clear()

    def take(self, count: int) -> list[Message]:
        """The next ``count`` messages."""
        makers, out = self._makers, []
        for kind in self._order.choices(self._kinds, cum_weights=self._weights, k=count):
            self._told += 1
            if self._told % self._rename_every == 0:
                self._people.rename()
            deed = self.planted.due(self._told) if self.planted else None
            out.append(makers[kind]() if deed is None else self._plant(*deed))
        return out

    def one(self, kind: str) -> Message:
        """One message of this kind. Raises ``KeyError`` for a kind that is not one of the scenario mixes'."""
        return self._makers[kind]()

    def _plant(self, kind: str, planted: Person) -> Message:
        """What was planted in place of what would have come."""
        stamp, person = self._stamp(), self._people.present(planted)
        if kind == "share":
            self._shares += 1
            return messages.share(stamp, person, self._shares)
        if kind == "follow":
            self._follows += 1
            return messages.follow(stamp, person, self._follows)
        if kind == "like":
            self._likes += 10
            return messages.like(stamp, person, 10, self._likes)
        self.show.comments.append((stamp.msg_id, person))
        return messages.chat(stamp, person, "just shared it")

    def _chat(self) -> Message:
        rng, scenario = self._rng, self._scenario
        if scenario.hostile and rng.random() < 0.7:
            if rng.random() < 0.05:
                return self._say(self._people.somebody(), phrases.BROKEN_UTF8)
            return self._say(self._people.somebody(), rng.choice(phrases.HOSTILE))
        language = rng.choice(self._languages)
        text = rng.choice(phrases.TALK[language])
        chance = rng.random()
        if chance < 0.35:
            text = f"{text} {rng.choice(phrases.EMOJI)}"
        elif chance < 0.36:
            text = f"{text} " * rng.randrange(20, 60)
        person, extra = self._people.somebody(), self._extras.random()
        if extra < 1 / _MENTIONS and self.show.comments:
            mentioned = self._people.present(self._extras.choice(self.show.comments)[1])
            return self._say(person, f"@{mentioned.nickname} {text}", language, mentioned=mentioned)
        if extra > 1 - 1 / _EMOTES:
            emotes = self._extras.choices(self._emotes, k=self._extras.randint(1, 3))
            return self._say(person, text, language, emotes=emotes)
        return self._say(person, text, language)

    def _say(self, person: Person, text: str | bytes, language: str = "en", **more: Any) -> Message:
        stamp = self._stamp()
        self.show.comments.append((stamp.msg_id, person))
        return messages.chat(stamp, person, text, language, **more)

    def _like(self) -> Message:
        rng = self._rng
        count = rng.randrange(1, 16)
        self._likes += count + int(rng.expovariate(1 / 60))
        return messages.like(self._stamp(), self._people.somebody(), count, self._likes)

    def _member(self) -> Message:
        self._visitors += 1 + self._rng.randrange(3)
        self._viewers = max(1, self._viewers + self._rng.randrange(-2, 4))
        return messages.member(self._stamp(), self._people.somebody(), self._viewers)

    def _follow(self) -> Message:
        self._follows += 1
        return messages.follow(self._stamp(), self._people.somebody(), self._follows)

    def _share(self) -> Message:
        self._shares += 1
        rng = self._rng
        joined = rng.randrange(1, 12) if rng.random() < 0.3 else 0
        return messages.share(
            self._stamp(), self._people.somebody(), self._shares, joined, target=rng.choice(_SHARE_TARGETS)
        )

    def _room_update(self) -> Message:
        rng = self._rng
        self._viewers = max(1, int(self._viewers * rng.uniform(0.97, 1.03)) + rng.randrange(-2, 3))
        top = [(self._people.present(self._known[user]), coins) for user, coins in self._spent.most_common(3)]
        self._most_viewers = max(self._most_viewers, self._viewers)
        return messages.room_update(self._stamp(), self._viewers, self._most_viewers + self._visitors, top)

    def _method(self) -> Message:
        return methods.other(next(self._methods), self._stamp(), self._people.somebody(), self.show)

    def _next_of_show(self) -> Message:
        method = self._rng.choices(self._shows, cum_weights=self._show_weights)[0]
        return methods.other(method, self._stamp(), self._people.somebody(), self.show)

    def _gift(self) -> Message:
        if self._again is not None:
            message, self._again = self._again, None
            return message
        rng = self._rng
        if self._streaks and (len(self._streaks) >= _OPEN_STREAKS or rng.random() < 0.75):
            return self._next_of(rng.choice(self._streaks))
        gift = rng.choices(catalogue.GIFTS, catalogue.WEIGHTS)[0]
        self._group_id += rng.randrange(1, 10_000)
        guest = rng.random() < self._scenario.guest_gifts
        person = self._people.somebody()
        if not gift.streakable:
            return self._send(Streak(person, gift, self._group_id, 1, "end", guest), 1, end=False)
        goal = rng.choice((1, 2, 3, 5, 10, 10, 30, 99))
        streak = Streak(person, gift, self._group_id, goal, rng.choices(ENDINGS, _ENDING_WEIGHTS)[0], guest)
        self._streaks.append(streak)
        return self._next_of(streak)

    def _next_of(self, streak: Streak) -> Message:
        """A streak grows until its goal; then its ``repeat_end`` comes once, twice or never, with the same count."""
        rng = self._rng
        if streak.count < streak.goal:
            streak.count = min(streak.goal, streak.count + rng.choice((1, 1, 1, 2, 5)))
            if streak.count == streak.goal and streak.ending == "missing":
                self._streaks.remove(streak)
            return self._send(streak, streak.count, end=False)
        streak.ends += 1
        if streak.ends == (2 if streak.ending == "doubled" else 1):
            self._streaks.remove(streak)
        message = self._send(streak, streak.count, end=True)
        if streak.ending == "repeated":
            self._again = message
        return message

    def _send(self, streak: Streak, count: int, *, end: bool) -> Message:
        people = self._people
        person = people.present(streak.person)
        self._known[person.user_id] = person
        if not streak.guest:
            self._spent[person.user_id] += streak.gift.coins
        receiver = people.guest if streak.guest else self._rng.choice((None, people.host))
        return messages.gift(
            self._stamp(),
            person,
            streak.gift,
            self._media_url,
            group_id=streak.group_id,
            repeat_count=count,
            repeat_end=end,
            to_user=receiver,
            to_guest=streak.guest,
        )
