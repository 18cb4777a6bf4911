"""From a match to a clip: who asked, what OBS made of it, and what the operator does with the files."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from tui_live.config import Config, Trigger
from tui_live.core import times
from tui_live.core.clips import Cause, Clip, ClipState, ObsState, ObsStatus
from tui_live.core.events import Batch
from tui_live.core.log import LogModel
from tui_live.core.past import PastEvent
from tui_live.core.triggers import Match, RuleView, Triggers
from tui_live.engine.clip_files import file_of
from tui_live.engine.clip_telling import ClipTelling
from tui_live.engine.rule_desk import RuleCommands, RuleDesk
from tui_live.engine.stream import Stream
from tui_live.engine.trials import Trials
from tui_live.errors import ClipError
from tui_live.obs import renaming
from tui_live.obs.naming import chosen_name, extension_of
from tui_live.obs.service import ObsClips
from tui_live.store.clips import ClipLedger

_MANUAL = "manual"


class Clips(RuleCommands):
    """Rules over every stream, OBS, and the ledger. ``streams`` are those that are watched, by name.

    ``address`` makes the page that plays a clip out of its number, empty while no pages are served. Give it every batch
    (:meth:`look`) and keep :meth:`run` running.
    """

    def __init__(
        self,
        config: Config,
        ledger: ClipLedger,
        streams: Callable[[], Mapping[str, Stream]],
        log: LogModel,
        trials: Trials,
        address: Callable[[int], str],
    ) -> None:
        self._triggers = Triggers()
        self._desk = RuleDesk(config.triggers, self._triggers.set_rules)
        self._saved = self._desk.triggers()
        self._ledger = ledger
        self._streams = streams
        self._telling = ClipTelling(streams, log)
        self._trials = trials
        self._address = address
        self._obs = ObsClips(config.obs, ledger, self._changed, self._finished)
        self._sessions: dict[str, str] = {}
        self._ahead_ms: dict[str, int] = {}
        """How far the newest event of each stream's session was ahead of our clock when it came: TikTok's clock."""
        self._told = 0
        self._crash: ObsStatus | None = None

    # What arrives

    def look(self, stream: Stream, batch: Batch) -> None:
        """Ask for a clip for everything in the batch that matches a rule. Costs microseconds when nothing does."""
        session = stream.sessions.current
        key = session.id if session else ""
        if self._sessions.get(stream.name) != key:
            self._sessions[stream.name] = key
            self._triggers.forget(stream.name)  # another evening has another usual rate
            self._ahead_ms.pop(stream.name, None)
        newest = max((event.time_ms for event in batch.events if not event.history), default=0)
        if newest:
            self._ahead_ms[stream.name] = newest - batch.received_ms
        for match in self._triggers.look(stream.name, batch.events, time.monotonic()):
            self._ask(_cause(match, stream, batch.received_ms, newest or batch.received_ms))

    async def run(self) -> None:
        """Stay connected with OBS and finish clips until cancelled."""
        try:
            await self._obs.run()
        finally:
            self._telling.close()

    def listen(self, said: Callable[[str], None]) -> None:
        """Have ``said`` called with a line when OBS is doing differently and when a clip failed or kept OBS's name."""
        self._telling.listen(said)

    def crashed(self, error: Exception) -> None:
        """Saving clips ended with an error of ours."""
        self._crash = ObsStatus(
            ObsState.FROZEN,
            f"clips are not saved any more ({type(error).__name__})",
            "restart TUI Live; see the log file",
        )
        self._changed()

    def _changed(self) -> None:
        self._told += 1
        self._telling.obs(self.obs)

    def _ask(self, cause: Cause) -> None:
        joined = self._obs.ask(cause)
        if joined is not None:
            self._note(joined, cause)
            self._telling.joined(joined, cause)

    def _finished(self, clip: Clip) -> None:
        for cause in clip.causes:
            self._note(clip, cause)
        self._telling.settled(clip)

    def _note(self, clip: Clip, cause: Cause) -> None:
        """What became of it is the rule's last clip; where OBS was not there, the rule need not wait for its next."""
        self._triggers.note_clip(cause.rule, clip.name or clip.reason)
        if clip.state is ClipState.FAILED and not self._obs.status.ready:
            self._triggers.refund(cause.rule, cause.user_id)

    # Queries

    @property
    def obs(self) -> ObsStatus:
        """How OBS is doing."""
        return self._crash or self._obs.status

    @property
    def version(self) -> int:
        """Another number whenever the ledger, OBS or the rules have changed."""
        return self._ledger.version + self._told

    def rules(self) -> Sequence[RuleView]:
        """The trigger rules in their order, with what they did."""
        return self._triggers.views(time.monotonic())

    def written(self, number: int) -> dict[str, Any]:
        """A rule as a mapping of all its settings."""
        return self._desk.written(number)

    def unsaved(self) -> list[Trigger] | None:
        """The rules as they stand in the configuration, where they are not what it says."""
        now = self._desk.triggers()
        return None if now == self._saved else now

    def saved(self, triggers: list[Trigger]) -> None:
        """The configuration says ``triggers`` now."""
        self._saved = triggers

    def try_rule(self, wanted: object, sample: str) -> str:
        """Whether a chat message would match, as a line."""
        return self._trials.sample(wanted, sample)

    def dry_run(self, wanted: object, session_id: str) -> AsyncIterator[tuple[int, int, Sequence[PastEvent]]]:
        """What a rule would have matched in a recorded session."""
        return self._trials.session(wanted, session_id)

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> Sequence[Clip]:
        """Entries of the ledger, the newest first, without their chat."""
        return await self._ledger.clips(text, limit, before)

    async def clip(self, number: int) -> Clip:
        """One entry with its chat."""
        return await self._ledger.clip(number)

    async def named(self, name: str) -> list[Clip]:
        """Entries whose file has this name."""
        return await self._ledger.named(name)

    async def counts(self) -> dict[ClipState, int]:
        """How many entries are in each state."""
        return await self._ledger.counts()

    async def clip_file(self, number: int) -> Path:
        """Where the file is. Raises :class:`ClipError` when it is gone or on another machine."""
        return await file_of(await self._ledger.clip(number))

    def clip_address(self, number: int) -> str:
        """The page that plays it in a browser."""
        return self._address(number)

    # Commands

    async def clip_now(self, stream: str) -> str:
        """Save a clip by hand."""
        found = self._streams().get(stream)
        if found is None:
            raise ClipError(f"No stream {stream!r} is watched" if stream else "No stream is selected", "choose one")
        now_ms = times.now_ms()
        event_ms = now_ms + self._ahead_ms.get(stream, 0)
        self._ask(_cause_of(found, now_ms, trigger=_MANUAL, username=found.name, event_ms=event_ms))
        status = self.obs
        if not status.ready:
            raise ClipError(f"No clip is saved: {status.reason}", status.remedy)
        return "saving a clip …"

    def connect(self) -> str:
        """Connect with OBS, or try again at once."""
        self._obs.connect_now()
        return f"OBS {self._obs.status.version} is connected" if self._obs.status.ready else "connecting with OBS …"

    async def rename_clip(self, number: int, name: str) -> str:
        """Give the file another name; its ending stays. Raises ``TuiLiveError``."""
        path = await self.clip_file(number)
        stem = chosen_name(name, extension_of(path.name))

        def move() -> Path:
            while True:
                target = renaming.free_name(path.parent, stem, extension_of(path.name))
                if renaming.rename(path, target):
                    return target

        if stem == path.stem:
            return path.name
        await self._obs.release(number)
        target = await asyncio.to_thread(move)
        clip = await self._ledger.clip(number)
        await self._ledger.update(structs.replace(clip, path=str(target), state=ClipState.SAVED, reason=""))
        return target.name

    async def delete_clip(self, number: int) -> None:
        """Delete the file; the entry stays as deleted. Without a file, the entry goes. Raises ``TuiLiveError``."""
        clip = await self._ledger.clip(number)
        if not clip.state.settled:
            raise ClipError(f"The clip {number} is still on its way", "wait until it is saved or has failed")
        if clip.state is ClipState.DELETED or not clip.path or await asyncio.to_thread(_is_gone, Path(clip.path)):
            await self._obs.release(number)
            await self._ledger.remove(number)
            return
        path = await self.clip_file(number)
        await self._obs.release(number)
        try:
            await asyncio.to_thread(path.unlink)
        except OSError as problem:
            raise ClipError(
                f"{path} cannot be deleted: {problem.strerror or problem}", "close what has it open"
            ) from problem
        clip = await self._ledger.clip(number)
        await self._ledger.update(
            structs.replace(clip, state=ClipState.DELETED, reason="deleted by the operator", size=0)
        )


def _cause(match: Match, stream: Stream, received_ms: int, newest_ms: int) -> Cause:
    """Who asked: the chatter or the giver; for a spike, the streamer, at the time of the newest event."""
    event, rule = match.event, match.rule
    if event is None or event.user is None:
        at = {"trigger": rule.label, "username": stream.name, "event_ms": event.time_ms if event else newest_ms}
        return _cause_of(stream, received_ms, rule=rule.number, **at)
    user = event.user
    return _cause_of(
        stream,
        received_ms,
        trigger=rule.label,
        rule=rule.number,
        username=user.handle or user.shown_name,
        user_id=user.user_id,
        nickname=user.nickname,
        message=event.text,
        msg_id=event.msg_id,
        event_ms=event.time_ms,
    )


def _cause_of(stream: Stream, matched_ms: int, **facts: Any) -> Cause:
    session = stream.sessions.current
    return Cause(
        stream=stream.name,
        session_id=session.id if session else "",
        viewers=session.totals.viewers if session else 0,
        matched_ms=matched_ms,
        **facts,
    )


def _is_gone(path: Path) -> bool:
    """Whether the folder is there, and the file is not: what cannot be looked at is not gone."""
    return path.is_absolute() and path.parent.is_dir() and not os.path.lexists(path)
