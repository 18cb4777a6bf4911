"""Clips of OBS's replay buffer: who asked for one, what became of it, and how OBS is doing.

A *cause* is one match of a trigger (or one key press); a *clip* is one file, with every cause that it answers. None
vanishes: each cause ends in a clip that is ``saved`` or ``kept``, or in one that ``failed`` and says why (SPEC §8).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, structs

#: So many causes of a clip are kept; of those beyond, their number.
MOST_CAUSES = 100


class Cause(Struct, frozen=True, kw_only=True):
    """One thing that asked for a clip.

    ``trigger`` is what names the file: a rule's word, ``gift-1000``, ``chat-rate`` or ``manual``. ``username`` is the
    chatter's handle, for clips by hand or by rate the streamer's; ``user_id`` and ``message`` are empty then.
    ``event_ms`` is the message's own time (TikTok's clock), ``matched_ms`` ours; both UTC milliseconds. ``rule`` is the
    number of the rule, 0 for none.
    """

    stream: str
    session_id: str
    trigger: str
    username: str
    matched_ms: int
    event_ms: int
    rule: int = 0
    user_id: str = ""
    nickname: str = ""
    message: str = ""
    msg_id: int = 0
    viewers: int = 0


class ClipState(StrEnum):
    """Where a clip is on its way.

    ``requested``: OBS was asked to save. ``renaming``: its file is there under OBS's name and gets its own. ``saved``:
    it has it. ``kept``: it keeps OBS's name, and ``reason`` says why. ``failed``: there is no file, and ``reason`` says
    why. ``deleted``: the operator deleted the file; the entry stays.
    """

    REQUESTED = "requested"
    RENAMING = "renaming"
    SAVED = "saved"
    KEPT = "kept"
    FAILED = "failed"
    DELETED = "deleted"

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self not in (ClipState.REQUESTED, ClipState.RENAMING)


class ChatLine(Struct, frozen=True):
    """A chat message of the 30 s before a clip; ``time_ms`` is UTC."""

    time_ms: int
    username: str
    nickname: str
    text: str


class Clip(Struct, frozen=True, kw_only=True):
    """An entry of the clip ledger. Times are UTC milliseconds, sizes bytes.

    ``number`` is its identity (0: not in the ledger yet). ``path`` is where the file is now, as this machine sees it,
    or as OBS named it where this machine does not see it; ``target`` is the path that it is to get. ``duration_ms`` is
    0 while unknown. ``causes`` has at least one; the first named the file. ``more`` counts those who asked beyond them.
    """

    number: int = 0
    state: ClipState
    reason: str = ""
    requested_ms: int
    saved_ms: int = 0
    path: str = ""
    target: str = ""
    size: int = 0
    duration_ms: int = 0
    causes: tuple[Cause, ...]
    chat: tuple[ChatLine, ...] = ()
    more: int = 0

    @property
    def name(self) -> str:
        """The file's name without its folder, whatever system OBS runs on; empty while there is no file."""
        return self.path.replace("\\", "/").rpartition("/")[2]

    def joined_by(self, cause: Cause) -> Clip:
        """The same clip with one more cause."""
        if len(self.causes) >= MOST_CAUSES:
            return structs.replace(self, more=self.more + 1)
        return structs.replace(self, causes=(*self.causes, cause))


class ObsState(StrEnum):
    """How OBS is doing; the word is what the status bar says."""

    OFF = "off"
    CONNECTING = "connecting"
    ABSENT = "absent"
    REFUSED = "wrong password"
    FROZEN = "frozen"
    LOADING = "loading"
    NO_BUFFER = "replay buffer off"
    STOPPED = "buffer stopped"
    STARTING = "buffer starting"
    NO_VIDEO = "no video"
    READY = "replay"


class ObsStatus(Struct, frozen=True):
    """How OBS is doing, why, and what to do about it. ``since_ms`` is UTC.

    ``warning`` is a line about something that does not keep clips from being saved: the source that
    ``obs.source_name`` names is missing or inactive, the clip folder is elsewhere. ``buffer_seconds`` is how much the
    replay buffer holds, 0 while unknown.
    """

    state: ObsState = ObsState.OFF
    reason: str = ""
    remedy: str = ""
    since_ms: int = 0
    version: str = ""
    buffer_seconds: int = 0
    folder: str = ""
    warning: str = ""

    @property
    def ready(self) -> bool:
        """Whether a clip can be saved now."""
        return self.state is ObsState.READY
