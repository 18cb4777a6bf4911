"""Triggers and clips for the console's tests: real rules, a ledger in memory, an OBS that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from tests.ui.moment import NOW_MS
from tui_live.core.clips import Cause, ChatLine, Clip, ClipState, ObsState, ObsStatus
from tui_live.core.events import ChatData, Event, Person
from tui_live.core.log import LogModel
from tui_live.core.past import PastEvent
from tui_live.core.triggers import RuleView, Triggers, try_rule
from tui_live.engine.rule_desk import RuleCommands, RuleDesk, understood
from tui_live.errors import ClipError, MissingError

READY = ObsStatus(
    ObsState.READY, since_ms=NOW_MS - 61_000, version="29.0.2", buffer_seconds=30, folder="/home/ana/clips"
)
REFUSED = ObsStatus(
    ObsState.REFUSED,
    "OBS at localhost:4455 does not take the password",
    "set obs.password to the one under Tools → WebSocket Server Settings → Show Connect Info in OBS",
    NOW_MS - 61_000,
)


def cause(trigger: str = "clip that", who: str = "ana", **facts: Any) -> Cause:
    """Somebody asked for a clip."""
    facts = {"stream": "alice", "session_id": "s1", "matched_ms": NOW_MS, "event_ms": NOW_MS, "viewers": 1234} | facts
    return Cause(trigger=trigger, username=who, **facts)


def clip(number: int, state: ClipState = ClipState.SAVED, **facts: Any) -> Clip:
    """An entry of the ledger, a minute older for each number below 100."""
    at = NOW_MS - (100 - number) * 61_000
    asked = facts.pop("causes", (cause(nickname="Ana", message="please clip that", matched_ms=at, event_ms=at),))
    if state is ClipState.SAVED:
        name = f"/home/ana/clips/ana_clip-that_2026-11-20_08-{number:02d}-06_PM.mkv"
        facts = {"path": name, "saved_ms": at + 400, "size": 4_812_345, "duration_ms": 30_000} | facts
    return Clip(number=number, state=state, requested_ms=at, causes=asked, **facts)


class FakeClips(RuleCommands):
    """Implements :class:`tui_live.ui.clips_backend.ClipBackend`; ``done`` lists the commands that were carried out."""

    def __init__(self, *rules: object) -> None:
        self._triggers = Triggers()
        self._desk = RuleDesk([understood(rule) for rule in rules], self._triggers.set_rules)
        self.now_s = 1000.0
        self.obs = ObsStatus(ObsState.OFF, "OBS is not connected", "connect now, or set obs.enabled")
        self.version = 0
        self.ledger: list[Clip] = []
        self.done: list[tuple[str, object]] = []
        self.matches: list[list[PastEvent]] = []
        self.served = "http://127.0.0.1:8088/replays/"
        self.looks = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    def say(self, text: str, who: Person, stream: str = "alice", last_clip: str = "") -> None:
        """Somebody writes in the chat."""
        event = Event("chat", "", who, text, NOW_MS, ChatData(text), 1, 0)
        for match in self._triggers.look(stream, [event], self.now_s):
            self._triggers.note_clip(match.rule.number, last_clip)

    def put(self, *clips: Clip) -> None:
        """The ledger, the oldest first."""
        self.ledger = [*self.ledger, *clips]
        self.version += 1

    def rules(self) -> Sequence[RuleView]:
        self.looks += 1
        return self._triggers.views(self.now_s)

    def written(self, number: int) -> dict[str, Any]:
        return self._desk.written(number)

    def try_rule(self, wanted: object, sample: str) -> str:
        return try_rule(understood(wanted).rule(1), sample).why

    async def dry_run(self, wanted: object, session_id: str) -> AsyncIterator[tuple[int, int, Sequence[PastEvent]]]:
        self.done.append(("dry_run", session_id))
        count = 0
        for looked, new in enumerate(self.matches, 1):
            count += len(new)
            yield looked * 1000, count, new
            await self.go_on.wait()
        yield len(self.matches) * 1000, count, ()

    async def clip_now(self, stream: str) -> str:
        self.done.append(("clip_now", stream))
        if not self.obs.ready:
            raise ClipError(f"No clip is saved: {self.obs.reason}", self.obs.remedy)
        return "saving a clip …"

    def connect(self) -> str:
        self.done.append(("connect", ""))
        return f"OBS {self.obs.version} is connected" if self.obs.ready else "connecting with OBS …"

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> Sequence[Clip]:
        words = text.casefold().split()
        found = [one for one in reversed(self.ledger) if all(word in str(one).casefold() for word in words)]
        return [structs.replace(one, chat=()) for one in found[:limit]]

    async def clip(self, number: int) -> Clip:
        return self._find(number)

    async def rename_clip(self, number: int, name: str) -> str:
        self.done.append(("rename", name))
        found = self._find(number)
        path = f"/home/ana/clips/{name}.mkv"
        self._replace(structs.replace(found, path=path))
        return f"{name}.mkv"

    async def delete_clip(self, number: int) -> None:
        self.done.append(("delete", number))
        found = self._find(number)
        self._replace(structs.replace(found, state=ClipState.DELETED, reason="deleted by the operator", size=0))

    async def clip_file(self, number: int) -> Path:
        return Path(self._find(number).path)

    def clip_address(self, number: int) -> str:
        return f"{self.served}#{number}" if self.served else ""

    def _find(self, number: int) -> Clip:
        try:
            return next(one for one in self.ledger if one.number == number)
        except StopIteration:
            raise MissingError(f"There is no clip {number}", "") from None

    def _replace(self, new: Clip) -> None:
        self.ledger = [new if one.number == new.number else one for one in self.ledger]
        self.version += 1


def matched(number: int, text: str, who: Person) -> PastEvent:
    """An event that a rule would have matched."""
    log = LogModel(1)
    log.append(0, [Event("chat", "", who, text, NOW_MS - 3_600_000 + number * 1000, ChatData(text), number, 0)])
    row = log.row(0)
    assert row is not None
    return PastEvent(number, row)


def chat_before(*texts: tuple[str, str]) -> tuple[ChatLine, ...]:
    """Who said what, a few seconds apart."""
    return tuple(ChatLine(NOW_MS - 25_000 + at * 2000, who, who, text) for at, (who, text) in enumerate(texts))
