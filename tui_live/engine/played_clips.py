"""The triggers of a replay: they match what is played as they would have then, and save nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tui_live.config import Trigger
from tui_live.core.clips import Clip, ClipState, ObsState, ObsStatus
from tui_live.core.events import Batch
from tui_live.core.log import LogModel
from tui_live.core.past import PastEvent
from tui_live.core.triggers import RuleView, Triggers
from tui_live.engine.clip_files import file_of
from tui_live.engine.rule_desk import RuleCommands, RuleDesk
from tui_live.engine.trials import Trials
from tui_live.errors import ClipError
from tui_live.store.clips import ClipReader

_SAID = "a replay saves no clips"


class PlayedClips(RuleCommands):
    """Rules over one session. They may be changed and tried here; nothing of it is kept.

    ``kept`` are the clips of all evenings, to be looked at; ``address`` tells the page that plays one.
    """

    def __init__(
        self,
        streamer: str,
        triggers: Sequence[Trigger],
        log: LogModel,
        trials: Trials,
        kept: ClipReader,
        address: Callable[[int], str],
    ) -> None:
        self._streamer = streamer
        self._triggers = Triggers()
        self._desk = RuleDesk(triggers, self._triggers.set_rules)
        self._log = log
        self._trials = trials
        self._kept = kept
        self._address = address
        self._played_s = 0.0

    def look(self, batch: Batch) -> None:
        """Say what in a frame would have saved a clip; cooldowns run by the recording's clock."""
        self._played_s = max(self._played_s, batch.received_ms / 1000)
        for match in self._triggers.look(self._streamer, batch.events, self._played_s):
            self._triggers.note_clip(match.rule.number, _SAID)
            user = match.event.user if match.event is not None else None
            said = match.event.text if match.event is not None else ""
            name, nickname, user_id = (user.handle, user.nickname, user.user_id) if user else (self._streamer, "", "")
            self._log.trigger(0, name, nickname, f"{said or match.rule.label} → {_SAID}", user_id, batch.received_ms)

    # Queries

    @property
    def obs(self) -> ObsStatus:
        """There is none."""
        return ObsStatus(ObsState.OFF, _SAID, "open tui-live without replay for that")

    @property
    def version(self) -> int:
        """There is no ledger that could change."""
        return 0

    def rules(self) -> Sequence[RuleView]:
        """The trigger rules in their order, with what they would have done."""
        return self._triggers.views(self._played_s)

    def written(self, number: int) -> dict[str, Any]:
        """A rule as a mapping of all its settings."""
        return self._desk.written(number)

    def try_rule(self, wanted: object, sample: str) -> str:
        """Whether a chat message would match, as a line."""
        return self._trials.sample(wanted, sample)

    def dry_run(self, wanted: object, session_id: str) -> AsyncIterator[tuple[int, int, Sequence[PastEvent]]]:
        """What a rule would have matched in a recorded session."""
        return self._trials.session(wanted, session_id)

    def clip_address(self, number: int) -> str:
        """The page that plays it in a browser; empty while nothing is served."""
        return self._address(number)

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> Sequence[Clip]:
        """Clips of all evenings, the newest first, without their chat."""
        return await self._kept.clips(text, limit, before)

    async def clip(self, number: int) -> Clip:
        """One clip with its chat."""
        return await self._kept.clip(number)

    async def named(self, name: str) -> Sequence[Clip]:
        """Clips whose file has this name."""
        return await self._kept.named(name)

    async def counts(self) -> Mapping[ClipState, int]:
        """How many clips are in each state."""
        return await self._kept.counts()

    async def clip_file(self, number: int) -> Path:
        """Where the file is. Raises :class:`ClipError` when it is gone or on another machine."""
        return await file_of(await self._kept.clip(number))

    # Not here

    async def clip_now(self, stream: str) -> str:
        """Not here."""
        _refuse()

    def connect(self) -> str:
        """Not here."""
        _refuse()

    async def rename_clip(self, number: int, name: str) -> str:
        """Not here."""
        _refuse()

    async def delete_clip(self, number: int) -> None:
        """Not here."""
        _refuse()


def _refuse() -> NoReturn:
    raise ClipError(_SAID.capitalize(), "open tui-live without replay for that")
