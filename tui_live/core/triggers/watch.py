"""The rules at work: what of the events that arrive saves a clip, and what a cooldown holds back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from tui_live.core.events import Event, GiftData
from tui_live.core.spikes import Spikes
from tui_live.core.triggers.matching import Index
from tui_live.core.triggers.needles import trouble
from tui_live.core.triggers.rule import Match, Rule, RuleView

#: People whose cooldown a rule remembers, gift streaks that have fired, and streams: far more than there are at once.
_MOST_PEOPLE = 10_000
_MOST_STREAKS = 5_000
_MOST_STREAMS = 1_000
#: Rules that were removed and may come back: as many as changes can be taken back.
_MOST_GONE = 50


class Triggers:
    """All rules, for all streams. Raises ``ValueError`` where two rules have the same number.

    ``now_s`` is the caller's clock in seconds, any that never goes back; it is used for cooldowns only. Spikes go by
    the events' own times, so that a recording shows the same ones.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._tallies: dict[int, _Tally] = {}
        self._gone: dict[int, _Tally] = {}
        self._streams: OrderedDict[str, _Watched] = OrderedDict()
        self._indexes: dict[tuple[Rule, ...], Index] = {}
        self._spikes: dict[tuple[str, str, float], Spikes] = {}
        self._streaks: OrderedDict[tuple[int, str, str, str, str], int] = OrderedDict()
        self.set_rules(rules)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as they are, in their order."""
        return tuple(tally.rule for tally in self._tallies.values())

    def set_rules(self, rules: Iterable[Rule]) -> None:
        """Use these rules from now on. Those whose number is, or was, there keep their counts and cooldowns.

        Raises ``ValueError`` where two have the same number; then nothing changes.
        """
        tallies: dict[int, _Tally] = {}
        for rule in rules:
            if rule.number in tallies:
                raise ValueError(f"two rules have the number {rule.number}")
            tallies[rule.number] = _Tally(rule)
        known = self._gone | self._tallies
        for number, tally in tallies.items():
            if number in known:
                tally.take_over(known[number])
        gone = {number: tally for number, tally in known.items() if number not in tallies}
        self._gone = dict(list(gone.items())[-_MOST_GONE:])
        self._tallies = tallies
        self._streams.clear()
        self._indexes.clear()
        # A rule that is off, or was removed and may come back, keeps what is known of the usual rate.
        rated = [tally.rule for tally in (*tallies.values(), *self._gone.values()) if tally.rule.kind == "rate"]
        counted = {(rule.of, rule.times) for rule in rated}
        self._spikes = {key: spikes for key, spikes in self._spikes.items() if key[1:] in counted}

    def look(self, stream: str, events: Sequence[Event], now_s: float) -> list[Match]:
        """What in a batch of ``stream`` saves a clip, in the order of the events and, for one event, of the rules.

        What TikTok repeats after a connect (``history``) is passed over. Matches within a cooldown are counted and left
        out. Give it each message once, as the decoder does.
        """
        watched = self._streams.get(stream)
        if watched is None:
            watched = self._watch(stream)
        if watched.idle:
            return []
        matches: list[Match] = []
        find = watched.find
        for event in events:
            kind = event.type
            if event.history:
                continue
            if kind == "chat":
                if find is not None:
                    for rule in find(event.text):
                        self._note(rule, stream, event, event, now_s, matches)
                if watched.chat_rates:
                    self._count("chat", watched.chat_rates, stream, event, now_s, matches)
            elif kind == "gift":
                if watched.gifts or watched.gift_rates:
                    self._gift(watched, stream, event, now_s, matches)
            elif kind == "social" and event.subtype == "share" and watched.share_rates:
                self._count("share", watched.share_rates, stream, event, now_s, matches)
        return matches

    def views(self, now_s: float) -> list[RuleView]:
        """How every rule has been doing, in their order."""
        return [tally.view(now_s) for tally in self._tallies.values()]

    def note_clip(self, number: int, text: str) -> None:
        """What became of the rule's latest clip: its file's name, or why there is none. No such rule: nothing."""
        if number in self._tallies:
            self._tallies[number].last_clip = text

    def refund(self, number: int, user_id: str = "") -> None:
        """The rule's latest match saved nothing: neither it nor that person has to wait. No such rule: nothing."""
        if number in self._tallies:
            self._tallies[number].refund(user_id)

    def forget(self, stream: str) -> None:
        """The stream is over or gone: its usual rates and its streaks are forgotten, the cooldowns stay."""
        self._streams.pop(stream, None)
        self._spikes = {key: spikes for key, spikes in self._spikes.items() if key[0] != stream}
        for key in [key for key in self._streaks if key[1] == stream]:
            del self._streaks[key]

    def _watch(self, stream: str) -> _Watched:
        """What concerns a stream. Streams with the same rules share their index."""
        rules = tuple(rule for rule in self.rules if rule.enabled and (not rule.streams or stream in rule.streams))
        words = tuple(rule for rule in rules if rule.kind == "word")
        if words and words not in self._indexes:
            self._indexes[words] = Index(words)
        watched = self._streams[stream] = _Watched(rules, self._indexes.get(words))
        if len(self._streams) > _MOST_STREAMS:
            self.forget(next(iter(self._streams)))
        return watched

    def _note(
        self, rule: Rule, stream: str, event: Event, cause: Event | None, now_s: float, matches: list[Match]
    ) -> None:
        if self._tallies[rule.number].fires(event if cause is not None else None, event.time_ms, now_s):
            matches.append(Match(rule, stream, cause))

    def _count(
        self, of: str, rules: Sequence[Rule], stream: str, event: Event, now_s: float, matches: list[Match]
    ) -> None:
        """One more of what rate rules count. Rules with the same threshold share what is known of the stream."""
        begun: dict[float, bool] = {}
        for rule in rules:
            if rule.times not in begun:
                key = (stream, of, rule.times)
                spikes = self._spikes.get(key)
                if spikes is None:
                    spikes = self._spikes[key] = Spikes(rule.times)
                begun[rule.times] = spikes.add(event.time_ms / 1000) is not None
            if begun[rule.times]:
                self._note(rule, stream, event, None, now_s, matches)

    def _gift(self, watched: _Watched, stream: str, event: Event, now_s: float, matches: list[Match]) -> None:
        """A gift, or a step of a streak, which is one gift of all its coins: it fires where its total crosses N.

        The decoder's streak ledger says what a message adds, which is nothing for a repeat. A gift to a guest counts.
        """
        data = event.data
        assert isinstance(data, GiftData)
        coins = data.coins_delta + data.guest_coins_delta
        before = data.total_cost - coins
        for rule in watched.gifts:
            if coins > 0 and before < rule.coins <= data.total_cost and self._first(rule, stream, event, data, before):
                self._note(rule, stream, event, event, now_s, matches)
        if watched.gift_rates and (data.count_delta == data.repeat_count or (coins > 0 and before <= 0)):
            self._count("gift", watched.gift_rates, stream, event, now_s, matches)

    def _first(self, rule: Rule, stream: str, event: Event, data: GiftData, before: int) -> bool:
        """Whether the streak has not fired this rule yet: its total may cross N twice when a gift's price changes.

        A whole gift (nothing before) with the ids of an old one is a new one; group 0 names no streak.
        """
        if data.group_id in ("", "0"):
            return True
        giver = event.user.user_id if event.user else ""
        key = (rule.number, stream, giver, data.gift_id, data.group_id)
        known = self._streaks.get(key)
        if known is not None and (before > 0 or known == event.msg_id):
            return False
        self._streaks[key] = event.msg_id
        if len(self._streaks) > _MOST_STREAKS:
            self._streaks.popitem(last=False)
        return True


class _Watched:
    """The rules that concern one stream."""

    __slots__ = ("chat_rates", "find", "gift_rates", "gifts", "idle", "share_rates")

    def __init__(self, rules: Sequence[Rule], index: Index | None) -> None:
        self.find = index.find if index else None
        self.gifts = [rule for rule in rules if rule.kind == "gift"]
        self.chat_rates, self.gift_rates, self.share_rates = (
            [rule for rule in rules if rule.kind == "rate" and rule.of == of] for of in ("chat", "gift", "share")
        )
        self.idle = not (self.find or self.gifts or self.chat_rates or self.gift_rates or self.share_rates)


class _Tally:
    """What a rule has done, and when it may again."""

    __slots__ = ("_last_s", "_people", "last_clip", "last_ms", "matches", "rule", "suppressed")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.matches = self.suppressed = 0
        self.last_ms = 0
        self.last_clip = ""
        self._last_s: float | None = None
        self._people: OrderedDict[str, float] = OrderedDict()

    def take_over(self, other: _Tally) -> None:
        """Go on where ``other`` is."""
        self.matches, self.suppressed = other.matches, other.suppressed
        self.last_ms, self.last_clip = other.last_ms, other.last_clip
        self._last_s, self._people = other._last_s, other._people

    def left(self, now_s: float) -> float:
        """Seconds until the rule's cooldown is over."""
        return 0.0 if self._last_s is None else max(0.0, self._last_s + self.rule.cooldown_s - now_s)

    def fires(self, event: Event | None, time_ms: int, now_s: float) -> bool:
        """Count a match by ``event`` (``None``: by nobody) at ``time_ms``; false when a cooldown holds it back."""
        per_person = self.rule.per_user_cooldown_s
        person = event.user.user_id if per_person and event is not None and event.user is not None else ""
        known = self._people.get(person) if person else None
        if self.left(now_s) > 0 or (known is not None and known + per_person > now_s):
            self.suppressed += 1
            return False
        self.matches += 1
        self.last_ms = time_ms
        self._last_s = now_s
        if person:
            self._remember(person, now_s)
        return True

    def refund(self, person: str) -> None:
        """No cooldown runs: neither the rule's nor this person's."""
        self._last_s = None
        self._people.pop(person, None)

    def _remember(self, person: str, now_s: float) -> None:
        people = self._people
        people[person] = now_s
        people.move_to_end(person)
        oldest = next(iter(people))
        while len(people) > _MOST_PEOPLE or people[oldest] + self.rule.per_user_cooldown_s <= now_s:
            del people[oldest]
            if not people:
                break
            oldest = next(iter(people))

    def view(self, now_s: float) -> RuleView:
        """The rule as a screen shows it."""
        rule = self.rule
        return RuleView(
            rule,
            self.matches,
            self.suppressed,
            self.left(now_s),
            self.last_ms,
            self.last_clip,
            trouble(rule.word, rule.match) if rule.kind == "word" else "",
        )
