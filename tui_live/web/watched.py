"""Which streams there are, and of which nothing is known yet: a page that was there before keeps what it shows.

A program that was started again has no board, question or goals at first. Told so, every page would go empty on air.
"""

from __future__ import annotations

import time

from tui_live.core.status import State
from tui_live.web.protocol import Board, Goals, Message, QuestionShown
from tui_live.web.source import Source

#: In these, a stream without a session may go on with one in a moment.
_ON_ITS_WAY = (State.CHECKING, State.CONNECTING)
#: How often is looked which streams there are.
_LOOK_SECONDS = 0.2
#: So long after a start, all streams together wait for those on their way: without them the ranking is another one.
_START_SECONDS = 5.0


class Watched:
    """The streams of ``source``, as of a moment ago."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._started = time.monotonic()
        self._looked = float("-inf")
        self._on_its_way: dict[str, bool] = {}

    def has(self, stream: str) -> bool:
        """Whether somebody watches it."""
        return stream in self._look()

    def may_be_told(self, stream: str | None, state: Message) -> bool:
        """Whether ``state`` is what is known of a stream (``None``: of all), and not only the lack of it."""
        found = self._look()
        if stream is not None:
            return not _is_empty(state) or not found.get(stream, True)
        complete = bool(found) and not any(found.values())
        return complete or not (_is_empty(state) or time.monotonic() - self._started < _START_SECONDS)

    def _look(self) -> dict[str, bool]:
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self._on_its_way = {
                view.name: view.standing.state in _ON_ITS_WAY and not view.session_id for view in self._source.streams()
            }
        return self._on_its_way


def _is_empty(state: Message) -> bool:
    match state:
        case Board():
            return state.people == 0
        case QuestionShown():
            return state.question is None
        case Goals():
            return not state.goals
    return False
