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
#: Goals of one stream at a time: TikTok has a handful.
_MOST_GOALS = 20
#: A goal that was reached, in percent.
_REACHED = 100


class _Kept:
    """The goals of one stream's session. ``read``: also those of before this start."""

    def __init__(self, name: str, session_id: str) -> None:
        self.name = name
        self.session_id = session_id
        self.goals: dict[str, GoalData] = {}
        self.read = False

    def take(self, goal: GoalData) -> None:
        """A goal as it stands now. One that was reached makes way for the next of its kind."""
        if goal.key not in self.goals:
            for key, other in list(self.goals.items()):
                if other.goal_type == goal.goal_type and other.progress >= _REACHED:
                    del self.goals[key]
            while len(self.goals) >= _MOST_GOALS:
                del self.goals[next(iter(self.goals))]
        self.goals[goal.key] = goal


class GoalKeeper:
    """Follows the log of ``source``; what a session was told before this start is read from the database."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: dict[int, _Kept] = {}
        self._looked = 0.0
        self._recalls: set[asyncio.Task[None]] = set()

    def of(self, stream: str | None) -> tuple[Goal, ...]:
        """The goals of a stream (``None``: of all, with the streams' names where several have some)."""
        kept = [each for each in self._kept.values() if stream in (None, each.name) and each.goals]
        return tuple(
            models.goal(goal, f"{each.name} {key}", each.name if len(kept) > 1 else "")
            for each in kept
            for key, goal in each.goals.items()
        )

    def known(self, stream: str | None) -> bool:
        """Whether the goals of before this start have been read, where there are some."""
        self._follow_sessions()
        return all(each.read for each in self._kept.values() if stream in (None, each.name))

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
                kept.take(row[DATA])

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
            before = await self._source.archive.goals(kept.session_id)
            since, kept.goals = kept.goals, {}
            for goal in (*before, *since.values()):
                kept.take(goal)
        except Exception:
            log.exception("the goals of session %s could not be read", kept.session_id)
        finally:
            kept.read = True
