"""What a scenario plants comes where it says, and changes nothing else of the story."""

from __future__ import annotations

import random

from msgspec.structs import replace

from tui_live.simulator import SCENARIOS
from tui_live.simulator.messages import Followed, Message, Shared, Stamp
from tui_live.simulator.people import People
from tui_live.simulator.scenario import Plant, Scenario
from tui_live.simulator.script import Script
from tui_live.simulator.truth import Ledger, Truth


def told(scenario: Scenario, count: int) -> tuple[Script, list[Message]]:
    plot = random.Random(3)
    people = People("ana", 200, plot, "http://x")
    ids = iter(range(1, count + 1))
    script = Script(scenario, people, plot, lambda: Stamp(next(ids), 7, 0), "http://x")
    return script, [message for _ in range(count // 20) for message in script.take(20)]


#: A mix without follows and shares, in which only planted ones are.
PLAIN = replace(SCENARIOS["lively"], mix={"chat": 5, "like": 5, "member": 5}, renames=0)
PLANT = Plant(messages=100, shares=10, every=7, converting=0.4, delay=30)


def test_planted_shares_and_follows_come_at_their_places() -> None:
    script, messages = told(replace(PLAIN, plants=(PLANT,)), 400)
    shares = [at for at, message in enumerate(messages, 1) if isinstance(message.effect, Shared)]
    assert shares == [100 + 7 * at for at in range(10)]
    assert script.planted is not None
    [planted] = script.planted.grown
    sharers = [str(messages[at - 1].effect.person.user_id) for at in shares]  # type: ignore[union-attr]
    assert planted.sharers == tuple(sharers)
    assert (planted.first, planted.last, len(set(sharers))) == (100, 163, 10)
    follows = {
        str(message.effect.person.user_id): at  # type: ignore[union-attr]
        for at, message in enumerate(messages, 1)
        if isinstance(message.effect, Followed)
    }
    assert set(follows) == set(planted.converting)
    assert len(follows) == 4
    assert all(30 <= at - shares[sharers.index(user)] < 40 for user, at in follows.items())


def test_the_truth_knows_who_followed_after_sharing() -> None:
    script, messages = told(replace(PLAIN, plants=(PLANT,)), 400)
    ledger = Ledger(Truth("ana", room_ids=["7"]))
    for message in [*messages, *messages]:
        ledger.deliver(message)
    assert script.planted is not None
    assert set(ledger.truth.converted) == set(script.planted.grown[0].converting)
    assert len(ledger.truth.converted) == 4
    assert set(ledger.truth.converted) < set(ledger.truth.fresh_sharers) <= set(ledger.truth.shares_by_user)


def test_what_is_not_planted_stays_what_it_was() -> None:
    _, plain = told(PLAIN, 400)
    _, planted = told(replace(PLAIN, plants=(replace(PLANT, converting=0.0),)), 400)
    places = {100 + 7 * at for at in range(10)}
    for at, (one, other) in enumerate(zip(plain, planted, strict=True), 1):
        assert at in places or one.method == other.method
