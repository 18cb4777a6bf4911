"""The streams' goals as they were last told: they stay while no page is connected, and across a restart."""

from __future__ import annotations

import asyncio
import logging
import time

from tui_live.core.events import GoalData
from tui_live.core.log import DATA, STREAM, TYPE, Row
from tui_live.web import models
from tui_live.web.protocol import Goal
from tui_live.web.source import Source

log = logging.getLogger(__name__)

#: How often it is looked whether a stream has another session.
_LOOK_SECONDS = 1.0
#: Kinds of goals of one stream: TikTok has a handful.
_MOST_GOALS = 20


class _Kept:
    """The goals of one stream's session, by kind."""

    def __init__(self, name: str, session_id: str) -> None:
        self.name = name
        self.session_id = session_id
        self.goals: dict[str, Goal] = {}


class GoalKeeper:
    """Follows the log of ``source``; what a session was told before this start is read from the database."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: dict[int, _Kept] = {}
        self._looked = 0.0
        self._recalls: set[asyncio.Task[None]] = set()

    def of(self, stream: str | None) -> tuple[Goal, ...]:
        """The goals of a stream (``None``: of all)."""
        kept = (each for each in self._kept.values() if stream in (None, each.name))
        return tuple(goal for each in kept for goal in each.goals.values())

    def note(self, rows: list[Row]) -> None:
        """Take in new lines of the log."""
        told = [row for row in rows if row[TYPE] == "goal" and isinstance(row[DATA], GoalData)]
        now = time.monotonic()
        if told or now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self._follow_sessions()
        for row in told:
            kept = self._kept.get(row[STREAM])
            if kept is not None:
                goal: GoalData = row[DATA]
                if goal.goal_type in kept.goals or len(kept.goals) < _MOST_GOALS:
                    kept.goals[goal.goal_type] = models.goal(goal)

    def _follow_sessions(self) -> None:
        """Another session has other goals; a stream that is watched no longer has none."""
        views = {view.index: view for view in self._source.streams()}
        for index in self._kept.keys() - views.keys():
            del self._kept[index]
        for index, view in views.items():
            kept = self._kept.get(index)
            if view.session_id and (kept is None or kept.session_id != view.session_id):
                self._kept[index] = kept = _Kept(view.name, view.session_id)
                task = asyncio.create_task(self._recall(kept), name=f"goals of {view.name}")
                self._recalls.add(task)
                task.add_done_callback(self._recalls.discard)

    async def _recall(self, kept: _Kept) -> None:
        try:
            for goal in (await self._source.archive.goals(kept.session_id))[-_MOST_GOALS:]:
                kept.goals.setdefault(goal.goal_type, models.goal(goal))
        except Exception:
            log.exception("the goals of session %s could not be read", kept.session_id)
