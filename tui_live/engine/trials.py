"""Trying a trigger rule before it costs a clip: on a text, and on what was recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path

from msgspec import structs

from tui_live.core.events import Event
from tui_live.core.log import LogModel
from tui_live.core.past import PastEvent
from tui_live.core.triggers import DryRun, Rule, try_rule
from tui_live.engine.rule_desk import understood
from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.recall import recall


class Trials:
    """Rules are written as in ``config.yaml``; those that cannot be used raise ``TriggerError``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sample(self, wanted: object, text: str) -> str:
        """Whether a chat message (for a gift rule: so many coins) would match, and why, as a line."""
        return try_rule(understood(wanted).rule(1), text).why

    async def session(self, wanted: object, session_id: str) -> AsyncIterator[tuple[int, int, Sequence[PastEvent]]]:
        """What a rule would have matched in a recorded session, cooldowns included.

        Yields (events looked at, matches so far, the new ones); the last time also when nothing is new. Events are
        those of the types that the rule looks at. Whether the rule is on, and for this stream, does not matter.
        """
        rule = structs.replace(understood(wanted).rule(1), enabled=True, streams=())
        database = await open_reader(self._path)
        try:
            session = await sessions.find(database, session_id)
            running, looked, matches = DryRun([rule]), 0, 0
            async with aclosing(recall(database, session.id, types=_types(rule))) as slices:
                async for events in slices:
                    new: list[PastEvent] = []
                    for event_id, event in events:
                        if running.feed(session.streamer, event.time_ms, (event,)):
                            new.append(_line(event_id, event))
                    looked += len(events)
                    matches += len(new)
                    yield looked, matches, new
            yield looked, matches, ()
        finally:
            await database.close()


def _types(rule: Rule) -> tuple[str, ...]:
    if rule.kind == "rate":
        return {"chat": ("chat",), "gift": ("gift",), "share": ("social",)}[rule.of]
    return ("gift",) if rule.kind == "gift" else ("chat",)


def _line(event_id: int, event: Event) -> PastEvent:
    one = LogModel(1)
    one.append(0, (event,))
    row = one.row(0)
    assert row is not None
    return PastEvent(event_id, row)
