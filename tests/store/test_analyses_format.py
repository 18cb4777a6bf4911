"""Stored figures are not served as those of another way of computing: whoever changes what they are raises the format.

``python -m tests.store.test_analyses_format`` writes down the figures of now, once the format is raised.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Container, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec

from tests.core.story import START, batch, chat, follow, gift, join, like, person, share, viewers
from tui_live.core.engagement import Engagement
from tui_live.core.events import Batch
from tui_live.core.shares import ShareRules, Shares
from tui_live.store.analyses import FORMAT

_FILE = Path(__file__).with_name("analyses_format.json")
_RULES = ShareRules(influencer_followers=1_000, viral_per_minute=20)
_SECONDS = 1_500
#: Seconds from when till when many share, and nobody looks.
_BURSTS = ((700, 760), (1_100, 1_130))
_LOST = ((300, 420), (1_200, 1_203))


def story() -> Iterator[Batch]:
    """A stream in which everything happens that figures are made of."""
    rng = random.Random(7)
    for second in range(_SECONDS):
        someone = rng.randint(1, 40 + second // 4)
        events = [join(second, someone), chat(second, rng.randint(1, 300), rng.choice(("en", "de", "")))]
        if second % 5 == 0:
            events.append(viewers(second, 100 + rng.randint(0, second), 500 + second))
        if second % 7 == 0:
            events += [like(second, someone, rng.randint(1, 15), second * 40), follow(second, someone)]
        if second % 11 == 0:
            events.append(gift(second, someone, rng.randint(1, 9), rng.choice((1, 99, 30_000)), rng.choice("abc")))
        bursts = any(start <= second < end for start, end in _BURSTS)
        for _ in range(4 if bursts else second % 30 == 0):
            sharer = rng.randint(1, 200)
            told = person(sharer, sharer * 20, follows=sharer % 2 == 0) if sharer % 3 else sharer
            events.append(share(second, told, rng.choice(("", "whatsapp", "copy")), rng.choice((None, 2))))
        yield batch(events, second)


def figures() -> dict[str, Any]:
    """What was sent and what came out of it, each as a digest, and of which format that is."""
    sent, results = hashlib.sha256(), {}
    shares = Shares(START, _RULES, known=_EveryThird())
    engagement = Engagement(START, known=_EveryThird(), host_id="9")
    for one in story():
        sent.update(msgspec.json.encode([(e.type, e.subtype, e.time_ms, e.user, e.data) for e in one.events]))
        shares.add(one)
        engagement.add(one)
    for start, end in _LOST:
        shares.add_gap(START + start * 1000, START + end * 1000)
        engagement.add_gap(START + start * 1000, START + end * 1000)
    until_ms = START + _SECONDS * 1000
    for result in (shares.result(until_ms=until_ms, zone=UTC), engagement.result(until_ms=until_ms, zone=UTC)):
        for field, value in msgspec.to_builtins(result).items():
            results[f"{type(result).__name__}.{field}"] = _digest(value)
    return {"format": FORMAT, "sent": sent.hexdigest(), "figures": results}


class _EveryThird(Container[str]):
    """Some of those who come."""

    def __contains__(self, user_id: object) -> bool:
        return int(str(user_id)) % 3 == 0


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(_rounded(value), order="sorted")).hexdigest()[:12]


def _rounded(value: Any) -> Any:
    """Without the last digits, in which machines may differ."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {str(key): _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The figures that are computed in another way than those of the same format."""
    if (before["format"], before["sent"]) != (now["format"], now["sent"]):
        return []
    was, is_now = before["figures"], now["figures"]
    return sorted(name for name in was.keys() | is_now.keys() if was.get(name) != is_now.get(name))


def test_whoever_changes_what_figures_are_raises_the_format() -> None:
    before, now = msgspec.json.decode(_FILE.read_bytes()), figures()
    assert changed(before, now) == [], "raise FORMAT in tui_live/store/analyses.py, then write the figures down anew"
    assert before == now, f"the figures of format {FORMAT} are to be written down: python -m {__spec__.name}"


if __name__ == "__main__":
    made = figures()
    if _FILE.exists() and (others := changed(msgspec.json.decode(_FILE.read_bytes()), made)):
        sys.exit(f"Raise FORMAT in tui_live/store/analyses.py first: {', '.join(others)}")
    _FILE.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
