"""What is said about clips and OBS: a line in the console's log for each clip, and lines for whoever has no console."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from tui_live.core.clips import Cause, Clip, ClipState, ObsState, ObsStatus
from tui_live.core.log import LogModel
from tui_live.engine.stream import Stream

log = logging.getLogger(__name__)

#: Those who join a clip that is settled are told of together, once in so many seconds.
JOINERS_SECONDS = 1.0
#: States that pass by themselves and say nothing new to a reader of the journal.
_PASSING = (ObsState.CONNECTING, ObsState.LOADING, ObsState.STARTING)


class ClipTelling:
    """Says one line for each clip, however many asked for it, and one for each change of OBS.

    ``said`` is called with the lines that the operator has to hear where there is no console; all are in the log file.
    """

    def __init__(self, streams: Callable[[], Mapping[str, Stream]], model: LogModel) -> None:
        self.said: Callable[[str], None] = lambda line: None
        self._streams = streams
        self._model = model
        self._obs = ObsStatus()
        self._joined: Clip | None = None
        self._late: list[Cause] = []
        self._later: asyncio.TimerHandle | None = None

    def listen(self, said: Callable[[str], None]) -> None:
        """Have ``said`` called from now on, at once with what is wrong with OBS already."""
        self.said = said
        if self._obs.state is not ObsState.OFF:
            said(_standing(self._obs))

    def obs(self, status: ObsStatus) -> None:
        """How OBS is doing now; said once for each change that lasts."""
        before, same = self._obs, (status.state, status.reason) == (self._obs.state, self._obs.reason)
        if same or status.state in _PASSING or (status.ready and before.ready):
            return
        self._obs = status
        if status.state is ObsState.OFF and before.state is ObsState.OFF:
            return
        self._say(logging.INFO if status.ready else logging.WARNING, _standing(status))

    def settled(self, clip: Clip) -> None:
        """A clip came to its end."""
        first, outcome = clip.causes[0], _outcome(clip)
        line = f"clip of @{first.username} ({first.trigger}) in @{first.stream}: {outcome}{_others(clip)}"
        if clip.state in (ClipState.FAILED, ClipState.KEPT):
            self._say(logging.WARNING, line)
        else:
            log.info(line)
        self._show(first, f"{outcome}{_others(clip)}")

    def joined(self, clip: Clip, cause: Cause) -> None:
        """Somebody more asked for what is settled: told with all the others of the same second."""
        if self._joined is not None and self._joined.causes[0] != clip.causes[0]:
            self._flush()
        self._joined = clip
        self._late.append(cause)
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(JOINERS_SECONDS, self._flush)

    def close(self) -> None:
        """Say what waits to be said."""
        self._flush()

    def _flush(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        clip, self._joined = self._joined, None
        late, self._late = self._late, []
        if clip is not None and late:
            self._show(late[0], _outcome(clip) + _more(len(late) - 1))

    def _show(self, cause: Cause, outcome: str) -> None:
        stream = self._streams().get(cause.stream)
        if stream is not None:
            text = f"{cause.message or cause.trigger} → {outcome}"
            self._model.trigger(stream.index, cause.username, cause.nickname, text, cause.user_id)

    def _say(self, level: int, line: str) -> None:
        log.log(level, line)
        self.said(line)


def _standing(status: ObsStatus) -> str:
    if status.ready:
        return "OBS is ready: clips are saved"
    reason = status.reason or status.state.value
    return f"OBS: {reason}{' — ' if status.remedy else ''}{status.remedy}"


def _outcome(clip: Clip) -> str:
    if clip.state is ClipState.SAVED:
        return f"saved, {max(0, clip.saved_ms - clip.requested_ms) / 1000:.1f} s"
    return f"kept as {clip.name}: {clip.reason}" if clip.state is ClipState.KEPT else f"no clip: {clip.reason}"


def _others(clip: Clip) -> str:
    return _more(len(clip.causes) - 1 + clip.more)


def _more(others: int) -> str:
    return f" … and {others:,} more" if others > 0 else ""
