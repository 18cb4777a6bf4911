"""What is asked of OBS every two seconds, and what its answers say about it. Knows no socket and no thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import structs

from tui_live.core.clips import ObsState, ObsStatus
from tui_live.core.text import stored
from tui_live.obs import trouble

if TYPE_CHECKING:
    from tui_live.obs.client import Answer, Event

BEAT_SECONDS = 2.0
#: While something is about to change by itself.
_SOON_SECONDS = 0.5
#: OBS announces a start within milliseconds. Without a video source it says yes, and nothing follows.
_ANNOUNCED_SECONDS = 1.5
#: A start may take as long, encoders on graphics cards take a while.
_STARTED_SECONDS = 15.0
#: What may have brought a video source.
_NEWS = ("InputCreated", "SceneItemCreated", "CurrentSceneCollectionChanged", "CurrentProfileChanged")

Request = tuple[str, str, dict[str, Any] | None]


class Heartbeat:
    """Follows one connection. ``now`` is a monotonic time in seconds everywhere.

    A start of the replay buffer is asked for once, and again only when something has changed: each further request
    opens one more window in OBS when it has a question.
    """

    def __init__(self, *, start_buffer: bool, source: str, visible: Callable[[str], bool]) -> None:
        self._start_buffer = start_buffer
        self._source = source
        self._visible = visible
        self._open: set[str] = set()
        self._once_more = False
        self._asked: float | None = None
        self._announced = False
        self._mode = "Simple"
        self._seconds: dict[str, int] = {}
        self._warnings: dict[str, str] = {}
        self.status = ObsStatus()
        self.complete = False
        """Whether all of the first beat was answered, so that the status can be shown."""

    def requests(self, now: float) -> list[Request]:
        """What to ask now."""
        asked: list[Request] = [
            ("buffer", "GetReplayBufferStatus", None),
            ("version", "GetVersion", None),
            ("folder", "GetRecordDirectory", None),
            ("mode", "GetProfileParameter", {"parameterCategory": "Output", "parameterName": "Mode"}),
        ]
        for mode, category in (("Simple", "SimpleOutput"), ("Advanced", "AdvOut")):
            asked.append((mode, "GetProfileParameter", {"parameterCategory": category, "parameterName": "RecRBTime"}))
        if self._source:
            asked.append(("source", "GetSourceActive", {"sourceName": self._source}))
        self._open = {tag for tag, _, _ in asked}
        return asked

    @property
    def seconds(self) -> float:
        """When to ask again."""
        soon = self.status.state in (ObsState.LOADING, ObsState.STARTING)
        return _SOON_SECONDS if soon else BEAT_SECONDS

    def answered(self, answer: Answer, now: float) -> list[Request]:
        """Take an answer in; returns what to ask because of it."""
        self._open.discard(answer.tag)
        follow: list[Request] = []
        match answer.tag:
            case "buffer":
                follow = self._buffer(answer, now)
            case "start" if answer.code == trouble.NOT_READY:
                self._asked = None
            case "start" if answer.code not in (0, trouble.ALREADY_RUNNING):
                self._is(trouble.refused(answer.request, answer.code, answer.comment))
            case "version" if not answer.code:
                self._note(version=stored(str(answer.data.get("obsVersion") or "")))
            case "folder" if not answer.code:
                self._folder(str(answer.data.get("recordDirectory") or ""))
            case "mode" if not answer.code:
                self._mode = "Simple" if answer.data.get("parameterValue") != "Advanced" else "Advanced"
            case "Simple" | "Advanced" if not answer.code:
                value = str(answer.data.get("parameterValue") or answer.data.get("defaultParameterValue") or "")
                self._seconds[answer.tag] = int(value) if value.isdecimal() and len(value) < 9 else 0
            case "source":
                self._source_is(answer)
        if not self._open and not self.complete and self.status.state is not ObsState.OFF:
            self.complete = True
        self._note(
            buffer_seconds=self._seconds.get(self._mode, 0), warning="; ".join(filter(None, self._warnings.values()))
        )
        return follow

    def happened(self, event: Event) -> bool:
        """Take an event in; whether to ask anew at once."""
        if event.name == "ReplayBufferStateChanged":
            state = str(event.data.get("outputState") or "")
            if state.endswith("_STARTING"):
                self._announced = True
            elif state.endswith("_STARTED"):
                self._is(None)
            elif state.endswith("_STOPPED"):
                if self.status.state is ObsState.READY:
                    # Stopped in OBS: what starts it again is the next beat, not this moment.
                    self._asked, self._announced = None, False
                    self._is(trouble.STOPPED)
                elif self._announced:
                    self._is(trouble.FAILED_START)
            return False
        if event.name in _NEWS and self.status.state is not ObsState.READY:
            self._once_more = True
            if self.status.state is not ObsState.STARTING:
                self._asked, self._announced = None, False
                return True
        return False

    def again(self) -> None:
        """The operator wants it tried anew."""
        if self.status.state is not ObsState.READY:
            self._asked, self._announced = None, False

    def _buffer(self, answer: Answer, now: float) -> list[Request]:
        if answer.code:
            self._asked, self._announced = None, False
            self._is(trouble.refused(answer.request, answer.code, answer.comment))
        elif answer.data.get("outputActive") is True:
            self._asked = None
            self._is(None)
        elif not self._start_buffer:
            self._is(trouble.STOPPED)
        elif self._asked is None:
            self._asked, self._announced = now, False
            self._is(trouble.STARTING)
            return [("start", "StartReplayBuffer", None)]
        elif self._announced:
            if now - self._asked > _STARTED_SECONDS:
                self._is(trouble.FAILED_START)
        elif now - self._asked > _ANNOUNCED_SECONDS:
            self._is(trouble.NO_VIDEO)
            if self._once_more:
                # An input is told of before it is in a scene, and a camera takes a while: the next beat tries again.
                self._once_more, self._asked = False, None
        return []

    def _folder(self, folder: str) -> None:
        self._note(folder=stored(folder))
        elsewhere = bool(folder) and not self._visible(folder)
        self._warnings["folder"] = (
            f"OBS saves to {stored(folder)}, which is not on this machine: if OBS runs elsewhere, set obs.clip_dir"
            if elsewhere
            else ""
        )

    def _source_is(self, answer: Answer) -> None:
        warning = ""
        if answer.code == trouble.NO_RESOURCE:
            warning = f"OBS has no source “{self._source}” (obs.source_name)"
        elif not answer.code and answer.data.get("videoActive") is not True:
            warning = f"the source “{self._source}” is not on air (obs.source_name)"
        self._warnings["source"] = warning

    def _is(self, problem: trouble.ObsError | None) -> None:
        if problem is None:
            self._note(state=ObsState.READY, reason="", remedy="")
        else:
            self._note(state=problem.state, reason=problem.title, remedy=problem.remedy)

    def _note(self, **facts: Any) -> None:
        self.status = structs.replace(self.status, **facts)
