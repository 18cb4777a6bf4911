"""What 500 trigger rules cost per chat message, against TikTokLive parsing and emitting the same messages.

The chat is the stand-in's: many languages, emoji, CJK, and longer English sentences. The rules are phrases, words and
regular expressions; some of them match. Then hostile texts of 10,000 characters, and 1,000 batches through the whole
of :class:`Triggers`, cooldowns and rate rules included. ``python bench/triggers.py [--messages N] [--rounds N]``
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine, verdict
from bench.decode import frames, theirs
from tui_live.core.events import Event
from tui_live.core.triggers import Rule, Triggers
from tui_live.core.triggers.matching import Index
from tui_live.simulator.messages import prepare
from tui_live.tiktok.decode import RoomDecoder, build_readers
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame

_GOAL_US = 5.0
_RULES = 500
_IN_BATCH = 20
_VERBS = (
    *("clip", "save", "replay", "record", "snip", "cut", "keep"),
    *("catch", "film", "grab", "rewind", "watch", "post", "share", "pin"),
)
_OBJECTS = ("that", "it", "this", "now", "pls", "please", "moment", "one", "again", "bro", "fr", "dude", "part", "bit")
_WORDS = (
    *("pog", "poggers", "clutch", "insane", "no way", "what a save", "lets go", "ace", "wow", "omfg", "rip", "gg wp"),
    *(
        "世界",
        "剪辑",
        "太厉害",
        "すごい",
        "クリップ",
        "やばい",
        "草",
        "클립",
        "대박",
        "🔥🔥🔥",
        "💀",
        "👏",
        "🫶",
        "мем",
        "клип",
    ),
)
_PATTERNS = (
    *(
        "(?:no|oh) way+",
        "clip+ (it|that)",
        "lets+ go+",
        r"\bw{3,}\b",
        "what (a|the) .{1,10} (shot|play)",
        "(剪|截)(辑|图)",
    ),
    *(r"po+g(gers)?\b", "^clip", "insa+ne", "(ha){3,}?"),
)
_SENTENCES = (
    "ok that was actually the best play of the whole night, somebody has to see this",
    "I can not believe she just did that with one hand while reading chat lol",
    "CLIP THAT PLEASE 😂😂😂",
    "why is nobody talking about the cat in the background tho",
    "watching from work, do not tell my boss that I am here again",
)


def rules() -> list[Rule]:
    """500 rules: 300 substrings, 170 words and 30 regular expressions, the same in every run."""
    rng = random.Random(7)
    phrases = [f"{verb} {thing}" for verb in _VERBS for thing in _OBJECTS]
    stems = ["".join(rng.choice("bcdfgklmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(_RULES)]
    words = [*_WORDS, *phrases, *stems]
    made = [Rule(number=number + 1, word=word) for number, word in enumerate(words[:300])]
    made += [Rule(number=301 + number, word=word, match="word") for number, word in enumerate(words[-170:])]
    patterns = [*_PATTERNS, *(f"{stem[:3]}+{stem[3:]} ?!*" for stem in stems[:20])]
    return made + [Rule(number=471 + number, word=word, match="regex") for number, word in enumerate(patterns[:30])]


def chat(payloads: Sequence[bytes]) -> list[Event]:
    """The frames as events; every other text is replaced by an English sentence."""
    decoder = RoomDecoder("7", Host("alice", 1))
    now_ms = time.time_ns() // 1_000_000
    events = [event for payload in payloads for event in decoder.decode(Frame(payload), now_ms).events]
    return [
        msgspec.structs.replace(event, text=_SENTENCES[place % len(_SENTENCES)]) if place % 4 == 0 else event
        for place, event in enumerate(events)
    ]


def finding(index: Index, texts: Sequence[str]) -> tuple[float, int]:
    """CPU µs per text of finding the rules alone, and how many matched."""
    find = index.find
    begin = time.process_time()
    found = sum(len(find(text)) for text in texts)
    return (time.process_time() - begin) / len(texts) * 1e6, found


def looking(rules: Sequence[Rule], events: Sequence[Event]) -> float:
    """CPU µs per message of ``Triggers.look``, in batches of 20."""
    triggers = Triggers(rules)
    triggers.look("alice", events[:_IN_BATCH], 0.0)
    begin = time.process_time()
    for at in range(0, len(events), _IN_BATCH):
        triggers.look("alice", events[at : at + _IN_BATCH], at / 1000)
    return (time.process_time() - begin) / len(events) * 1e6


def run(messages: int, rounds: int) -> None:
    """Print the medians, and whether the goal is met."""
    report_machine()
    prepare()
    build_readers()
    payloads = frames({"chat": 1}, messages)
    events = chat(payloads)
    texts = [event.text for event in events]
    chosen = rules()
    begin = time.process_time()
    index = Index(chosen)
    print(f"{len(index)} rules, index made in {(time.process_time() - begin) * 1e3:.0f} ms; {len(texts)} messages")
    some = payloads[: max(1, len(payloads) // 20)]
    limited = [msgspec.structs.replace(rule, cooldown_s=30.0, per_user_cooldown_s=300.0) for rule in chosen]
    rates = [Rule(number=900 + place, kind="rate", of=of, times=3.0) for place, of in enumerate(("chat", "gift"))]
    measured = [
        (finding(index, texts), looking(chosen, events), looking([*limited, *rates], events), asyncio.run(theirs(some)))
        for _ in range(rounds)
    ]
    alone, whole, limits, other = (
        statistics.median(values) for values in zip(*((found[0], *rest) for found, *rest in measured), strict=True)
    )
    print(f"finding  {alone:5.2f} µs per message, {measured[0][0][1] / len(texts):.2f} rules match each")
    print(
        f"looking  {whole:5.2f} µs per message (goal {_GOAL_US:.0f}: {verdict(whole <= _GOAL_US)}), with cooldowns and "
        f"rates {limits:.2f}; TikTokLive {other:.0f}: 1/{other / whole:.0f}"
    )
    for name, text in (
        ("clip", "clip" * 2_500),
        ("a", "a" * 10_000),
        ("emoji", "😂❤️" * 3_333),
        ("CJK", "太厉害" * 3_333),
    ):
        cost = statistics.median(finding(index, [text] * 50)[0] for _ in range(rounds))
        print(f"hostile  {cost:5.0f} µs for 10,000 characters of {name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    run(arguments.messages, arguments.rounds)
