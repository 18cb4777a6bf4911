"""Rules at work: each match fires once, or is counted as held back; a streak is one gift; a spike is one spike."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tui_live.core.events import ChatData, Event, GiftData, Person, SocialData
from tui_live.core.streaks import StreakLedger
from tui_live.core.triggers import DryRun, Rule, Triggers, try_rule

IDS = itertools.count(1)


def chat(text: str, user: str | None = "7", at_s: float = 0.0, history: bool = False) -> Event:
    person = Person(user, f"user{user}") if user is not None else None
    return Event("chat", "", person, text, int(at_s * 1000), ChatData(text), next(IDS), 0, history)


def share(at_s: float) -> Event:
    return Event("social", "share", Person("7", "ana"), "shared", int(at_s * 1000), SocialData("shared"), next(IDS), 0)


class Gifts:
    """Gift events as the decoder makes them: a ledger says what each message adds."""

    def __init__(self) -> None:
        self._ledger = StreakLedger()

    def __call__(
        self,
        value: int,
        count: int,
        group: int = 5,
        user: int = 7,
        gift: int = 1,
        end: bool = False,
        guest: bool = False,
    ) -> Event:
        added = self._ledger.growth((user, gift, group), count, end)
        coins = added * value
        data = GiftData(
            *("Rose", str(gift), value, count, end, str(group), value * count),
            *((0, 0, "", "9", coins) if guest else (added, coins)),
        )
        return Event("gift", "", Person(str(user), f"user{user}"), "Rose", 1000, data, next(IDS), 0)


def fired(triggers: Triggers, *events: Event, now_s: float = 0.0, stream: str = "alice") -> list[int]:
    return [match.rule.number for match in triggers.look(stream, events, now_s)]


def test_all_rules_that_match_a_message_fire_in_their_order_and_count() -> None:
    rules = [
        Rule(number=3, word="that"),
        Rule(number=1, word="clip", match="word"),
        Rule(number=2, word="clip", enabled=False),
        Rule(number=4, word="cl.p", match="regex"),
        Rule(number=5, word="save"),
    ]
    triggers = Triggers(rules)
    event = chat("Clip that", at_s=12.5)
    matches = triggers.look("alice", [chat("hello"), event], 0.0)
    assert [(match.rule.number, match.stream, match.event) for match in matches] == [
        (3, "alice", event),
        (1, "alice", event),
        (4, "alice", event),
    ]
    views = triggers.views(0.0)
    assert [(view.rule.number, view.matches, view.last_ms) for view in views] == [
        (3, 1, 12_500),
        (1, 1, 12_500),
        (2, 0, 0),
        (4, 1, 12_500),
        (5, 0, 0),
    ]


def test_what_tiktok_repeats_after_a_connect_fires_nothing() -> None:
    triggers = Triggers([Rule(number=1, word="clip"), Rule(number=2, kind="gift", coins=1)])
    old_gift = structs.replace(Gifts()(10, 1), history=True)
    assert fired(triggers, chat("clip", history=True), old_gift) == []
    assert [view.matches + view.suppressed for view in triggers.views(0.0)] == [0, 0]


def test_words_are_looked_for_in_the_chat_only() -> None:
    triggers = Triggers([Rule(number=1, word="Rose"), Rule(number=2, word="shared")])
    assert fired(triggers, Gifts()(10, 1), share(1.0)) == []


def test_a_rule_for_some_streams_fires_in_no_other() -> None:
    triggers = Triggers([Rule(number=1, word="clip", streams=("bob", "eve"))])
    assert fired(triggers, chat("clip")) == []
    assert fired(triggers, chat("clip"), stream="bob") == [1]


def test_a_cooldown_holds_for_all_streams_and_a_persons_for_that_person() -> None:
    rule = Rule(number=1, word="clip", cooldown_s=10.0, per_user_cooldown_s=60.0)
    triggers = Triggers([rule])
    assert fired(triggers, chat("clip", "1"), chat("clip", "2"), now_s=100.0) == [1]
    assert fired(triggers, chat("clip", "2"), now_s=109.9, stream="bob") == []
    assert triggers.views(104.0)[0].cooldown_s == 6.0
    assert fired(triggers, chat("clip", "1"), now_s=110.0) == []  # their own cooldown
    assert fired(triggers, chat("clip", "2"), now_s=110.0) == [1]
    assert fired(triggers, chat("clip", "1"), now_s=160.0) == [1]
    view = triggers.views(160.0)[0]
    assert (view.matches, view.suppressed) == (3, 3)


def test_somebody_unknown_has_no_cooldown_of_their_own() -> None:
    triggers = Triggers([Rule(number=1, word="clip", per_user_cooldown_s=60.0)])
    assert fired(triggers, chat("clip", None), chat("clip", None), chat("clip", "")) == [1, 1, 1]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from("123"), st.sampled_from(["clip", "no"])), max_size=40),
    st.sampled_from([0.0, 5.0, 30.0]),
    st.sampled_from([0.0, 12.0, 100.0]),
)
def test_each_match_either_fires_or_is_counted_as_held_back(messages, cooldown, personal) -> None:
    triggers = Triggers([Rule(number=1, word="clip", cooldown_s=cooldown, per_user_cooldown_s=personal)])
    now = 0.0
    times: list[tuple[float, str]] = []
    for gap, user, text in messages:
        now += gap
        times += [(now, user) for _ in fired(triggers, chat(text, user), now_s=now)]
    view = triggers.views(now)[0]
    assert view.matches == len(times)
    assert view.matches + view.suppressed == sum(text == "clip" for _, _, text in messages)
    assert all(later - earlier >= cooldown for (earlier, _), (later, _) in itertools.pairwise(times))
    for user in "123":
        own = [at for at, who in times if who == user]
        assert all(later - earlier >= personal for earlier, later in itertools.pairwise(own))


def test_a_changed_rule_keeps_its_counts_and_a_removed_one_is_gone() -> None:
    triggers = Triggers([Rule(number=1, word="clip", cooldown_s=30.0), Rule(number=2, word="save")])
    assert fired(triggers, chat("clip")) == [1]
    triggers.note_clip(1, "ana_clip.mp4")
    triggers.note_clip(9, "nobody's")
    triggers.set_rules([Rule(number=1, word="wow", cooldown_s=60.0)])
    assert fired(triggers, chat("clip save")) == []
    assert fired(triggers, chat("wow"), now_s=59.0) == []
    view = triggers.views(59.0)[0]
    assert (view.rule.word, view.matches, view.suppressed, view.last_clip, view.cooldown_s) == (
        *("wow", 1, 1, "ana_clip.mp4"),
        1.0,
    )
    with pytest.raises(ValueError, match="number 1"):
        triggers.set_rules([Rule(number=1, word="a"), Rule(number=1, word="b")])
    assert [rule.word for rule in triggers.rules] == ["wow"]


def test_a_rule_that_comes_back_has_its_counts_and_its_cooldown() -> None:
    hype, other = Rule(number=1, word="hype", cooldown_s=60.0), Rule(number=2, word="other")
    triggers = Triggers([hype, other])
    assert fired(triggers, chat("hype"), now_s=10.0) == [1]
    triggers.set_rules([other])
    assert fired(triggers, chat("hype"), now_s=20.0) == []
    triggers.set_rules([hype, other])
    assert fired(triggers, chat("hype"), now_s=30.0) == []
    view = triggers.views(30.0)[0]
    assert (view.matches, view.suppressed, view.cooldown_s) == (1, 1, 40.0)


def test_switching_a_rate_rule_off_and_on_forgets_nothing_of_the_usual_rate() -> None:
    rate = Rule(number=1, kind="rate", of="share", times=3.0)
    triggers = Triggers([rate])
    calm = [share(20.0 * number) for number in range(60)]
    fired(triggers, *calm)
    for rules in ([structs.replace(rate, enabled=False)], [rate], [], [rate]):
        triggers.set_rules(rules)
    rush = [share(1200.0 + number / 4) for number in range(120)]
    assert fired(triggers, *rush) == [1]


def test_a_rule_that_cannot_be_used_says_why_and_harms_no_other() -> None:
    triggers = Triggers([Rule(number=1, word="(a+)+", match="regex"), Rule(number=2, word="aaa")])
    assert fired(triggers, chat("aaaa")) == [2]
    assert [view.trouble for view in triggers.views(0.0)] == ["a repeat inside a repeat is too slow", ""]


def test_a_streak_fires_when_its_total_reaches_the_coins_and_not_again() -> None:
    triggers = Triggers([Rule(number=1, kind="gift", coins=100)])
    gift = Gifts()
    assert fired(triggers, gift(10, 4), gift(10, 9)) == []
    assert fired(triggers, gift(10, 10)) == [1]
    assert fired(triggers, gift(10, 9), gift(10, 60), gift(10, 60, end=True)) == []
    assert fired(triggers, gift(10, 12, group=6), gift(10, 12, user=8), gift(100, 1, gift=2)) == [1, 1, 1]
    assert fired(triggers, gift(99, 1, group=9)) == []


def test_a_gift_to_a_guest_fires_too() -> None:
    triggers = Triggers([Rule(number=1, kind="gift", coins=100)])
    gift = Gifts()
    assert fired(triggers, gift(50, 1, guest=True), gift(50, 2, guest=True), gift(50, 3, guest=True)) == [1]


def test_gifts_without_a_streak_fire_each() -> None:
    triggers = Triggers([Rule(number=1, kind="gift", coins=100)])
    gift = Gifts()
    assert fired(triggers, *(gift(500, 1, group=0, end=True) for _ in range(2))) == [1]
    once = [gift(500, 1, group=group, end=True) for group in (11, 12)]
    assert fired(triggers, *once) == [1, 1]
    assert fired(triggers, *once) == []


@given(
    st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 9)), st.integers(1, 40), min_size=1, max_size=5),
    st.lists(st.integers(1, 900), min_size=1, max_size=3, unique=True),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_a_streak_in_any_order_with_any_repeats_fires_once_when_it_is_dear_enough(
    streaks, limits, random, data
) -> None:
    value = data.draw(st.integers(1, 50))
    messages = [
        (user, group, count)
        for (user, group), total in streaks.items()
        for count in (*data.draw(st.lists(st.integers(1, total), max_size=6)), total)
        for _ in range(random.randint(1, 2))
    ]
    random.shuffle(messages)
    gift = Gifts()
    rules = [Rule(number=at + 1, kind="gift", coins=coins) for at, coins in enumerate(limits)]
    triggers = Triggers(rules)
    seen: list[tuple[int, str, str]] = []
    for user, group, count in messages:
        event = gift(value, count, group, user)
        for _ in range(random.randint(1, 2)):  # the very same message again
            for match in triggers.look("alice", [event], 0.0):
                seen.append((match.rule.number, event.user.user_id, event.data.group_id))
    expected = [
        (rule.number, str(user), str(group))
        for rule in rules
        for (user, group), total in streaks.items()
        if total * value >= rule.coins
    ]
    assert sorted(seen) == sorted(expected)


def test_a_streak_whose_price_changes_fires_once() -> None:
    triggers = Triggers([Rule(number=1, kind="gift", coins=1000)])
    gift = Gifts()
    assert fired(triggers, gift(100, 10), gift(50, 15), gift(50, 20)) == [1]


@pytest.mark.parametrize("of", ["chat", "share", "gift"])
def test_a_rate_rule_fires_once_for_a_spike_and_names_no_message(of) -> None:
    rules = [Rule(number=1, kind="rate", of=of, times=3.0), Rule(number=2, kind="rate", of="gift", times=900.0)]
    triggers = Triggers(rules)
    gift = Gifts()

    def event(at_s: float) -> Event:
        if of == "gift":
            return structs.replace(gift(1, 1, group=next(IDS)), time_ms=int(at_s * 1000))
        return chat("hi", at_s=at_s) if of == "chat" else share(at_s)

    calm = [2.0 * at for at in range(600)]
    spike = [1200 + 0.2 * at for at in range(300)]
    matches = triggers.look("alice", [event(at) for at in [*calm, *spike]], 0.0)
    assert [(match.rule.number, match.event) for match in matches] == [(1, None)]
    assert 1_200_000 < triggers.views(0.0)[0].last_ms < 1_215_000
    assert triggers.look("bob", [event(at) for at in spike], 0.0) == []


def test_the_steps_of_one_streak_are_one_gift_for_its_rate() -> None:
    triggers = Triggers([Rule(number=1, kind="rate", of="gift", times=3.0)])
    gift = Gifts()
    calm = [structs.replace(gift(1, 1, group=at + 1), time_ms=at * 2_000) for at in range(600)]
    steps = [structs.replace(gift(1, at + 1, group=9_999), time_ms=1_200_000 + at * 100) for at in range(600)]
    assert fired(triggers, *calm, *steps) == []


def test_a_dry_run_finds_what_the_live_one_did() -> None:
    rules = [Rule(number=1, word="clip", cooldown_s=30.0), Rule(number=2, kind="rate", of="chat", times=3.0)]
    batches = [(at * 1000, [chat("clip" if at % 7 == 0 else "hm", at_s=at)]) for at in range(900)]
    batches += [(900_000 + at * 50, [chat("wow", at_s=900 + at / 20)]) for at in range(400)]
    live = Triggers(rules)
    expected = [match for at_ms, events in batches for match in live.look("alice", events, at_ms / 1000)]
    dry = DryRun(rules)
    assert [match for at_ms, events in batches for match in dry.feed("alice", at_ms, events)] == expected
    assert dry.views() == live.views(batches[-1][0] / 1000)
    assert {match.rule.number for match in expected} == {1, 2}


def rule(kind: str = "word", **said: object) -> Rule:
    return Rule(number=1, kind=kind, **said)


@pytest.mark.parametrize(
    ("tried", "sample", "matches", "why"),
    [
        (rule(word="clip that"), "omg CLIP THAT", True, "matches “CLIP THAT” at character 5"),
        (rule(word="clip", match="word"), "a lunar Eclipse!", False, "no: the word stands inside “Eclipse”"),
        (rule(word="clip"), "hello", False, "no: it is not in the text"),
        (rule(word="straße"), "die STRASSE", True, "matches “STRASSE” at character 5"),
        (rule(word="lip"), "😂 ｃｌｉｐ", True, "matches “ｌｉｐ” at character 4"),
        (rule(word="é"), "caf e\u0301", True, "matches “e\u0301” at character 5"),
        (rule(word="c.ip", match="regex"), "❤️ CLIP", True, "matches “CLIP” at character 4"),
        (rule(word="x", match="regex"), "hm", False, "no: the expression finds nothing"),
        (
            *(rule(word="x", match="regex"), "a" * 400, False),
            "no: the expression is not in the first 300 characters, and more are not searched",
        ),
        (rule(word="(a+)+", match="regex"), "a", False, "cannot be used: a repeat inside a repeat is too slow"),
        (rule("gift", coins=1000), "1,200", True, "matches a gift of 1,200 coins"),
        (rule("gift", coins=1000), "999", False, "no: 999 coins are less than 1,000"),
        (rule("gift", coins=1000), "clip", False, "looks at gifts: type a number of coins"),
        (rule("rate", of="chat", times=3.0), "hm", False, "no text can show it: chat must come 3 times as often"),
    ],
)
def test_a_trial_says_in_words_why(tried, sample, matches, why) -> None:
    trial = try_rule(tried, sample)
    assert trial.matches is matches
    assert trial.why.startswith(why)
    assert 0 <= trial.start <= trial.end <= len(sample)


@given(st.text(min_size=1, max_size=8), st.text(max_size=20), st.sampled_from(["substring", "word"]))
def test_a_trial_says_what_the_live_one_does(word, text, match) -> None:
    tried = Rule(number=1, word=word, match=match)
    assert try_rule(tried, text).matches is bool(fired(Triggers([tried]), chat(text)))


def test_a_match_that_saved_nothing_gives_its_cooldowns_back() -> None:
    triggers = Triggers([Rule(number=1, word="clip", cooldown_s=60, per_user_cooldown_s=600)])
    assert fired(triggers, chat("clip")) == [1]
    assert fired(triggers, chat("clip", "8"), now_s=1) == []
    triggers.refund(1, "7")
    assert triggers.views(2)[0].cooldown_s == 0
    assert fired(triggers, chat("clip"), now_s=2) == [1]
    triggers.refund(1, "8")
    assert fired(triggers, chat("clip"), now_s=3) == [], "somebody else's is not given back"
    triggers.refund(9)
    assert (triggers.views(3)[0].matches, triggers.views(3)[0].suppressed) == (2, 2)
