"""From causes to clips: when OBS is asked to save, who shares a clip, and which of OBS's files is ours (SPEC §8).

Everything here happens on the event loop, and :meth:`ClipQueue.ask` is synchronous: what asks does not wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from tui_live.config import Obs
from tui_live.core.clips import Cause, ChatLine, Clip, ClipState, ObsState, ObsStatus
from tui_live.obs.entry import Entry, Tasks
from tui_live.obs.finishing import Finisher
from tui_live.obs.ledger import Ledger
from tui_live.obs.locating import Asked, Listing, Place, listed, locate, written_for
from tui_live.obs.trouble import ObsError

log = logging.getLogger(__name__)

#: OBS names files by the second: two saves closer than that could overwrite each other.
APART_SECONDS = 1.0
#: How long OBS may take to write a clip, and a shared folder to show it.
FILE_SECONDS = 10.0
#: How long a clip that a killed run asked for waits for OBS to be there.
RECOVER_SECONDS = 60.0
#: How long an entry that failed takes in the rest of a burst, at least.
FAILED_SECONDS = 2.0
#: How long a match waits for an OBS that is about to be there: its buffer may hold the moment.
READY_SECONDS = 3.0
_COMING = (ObsState.CONNECTING, ObsState.LOADING, ObsState.STARTING)
_LOOK_AGAIN_SECONDS = 0.5
_CLOSE_SECONDS = 1.0
_BEFORE = "OBS wrote one file, and had begun it before this was asked for — it keeps OBS's name"
_UNKNOWN = "TUI Live ended before OBS named the file — if it was written, it is in OBS's folder under OBS's name"


class Saver(Protocol):
    """What the queue asks of OBS's connection; both calls return at once."""

    def save(self, ticket: int) -> None:
        """Have the replay buffer saved."""

    def ask_last(self, ticket: int) -> None:
        """Ask for the last replay."""


class Save:
    """A request that was sent and whose file is not there yet."""

    def __init__(self, ticket: int, entry: Entry, asked_ns: int, folder: str = "") -> None:
        self.ticket = ticket
        self.entry = entry
        self.asked_ns = asked_ns
        self.interrupted = False
        """The connection was lost since: its event may have been missed."""
        self.frozen = False
        """OBS did not answer since: it may have lost the request, and still has the moment in its buffer."""
        self.passed_over: Place | None = None
        """A file that is not ours: the operator's, which OBS had begun before, or none of OBS's at all."""
        self.folder = folder
        """Where OBS saved to then; empty for a request of a killed run."""
        self.there: asyncio.Task[Listing] | None = None
        """What was in the folders then."""
        self.earlier: Listing = {}


class ClipQueue:
    """Owns all clips that are on their way. Give it OBS's news; :meth:`close` it at the end."""

    def __init__(
        self, settings: Obs, ledger: Ledger, saver: Saver, changed: Callable[[], None], finished: Callable[[Clip], None]
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._saver = saver
        self._changed = changed
        self._finisher = Finisher(settings, finished)
        self._status = ObsStatus()
        self._seen_folder = False
        self._listed: Listing = {}
        """What was in the folders when they were last looked at."""
        self._given: set[str] = set()
        """Last replays that a request has got."""
        self._tasks, self._rows = Tasks(), Tasks()
        self._entries: WeakSet[Entry] = WeakSet()
        self._open: Entry | None = None
        self._open_until = 0.0
        self._outstanding: Save | None = None
        self._recovering: list[Save] = []
        self._tickets = 0
        self._last_request = float("-inf")
        self._unnamed: tuple[Entry, float] | None = None
        """The clip whose file came last, and when."""
        self._judging = asyncio.Lock()
        self._news = asyncio.Event()
        """OBS is doing differently."""

    def ask(self, cause: Cause, chat: tuple[ChatLine, ...] = ()) -> Clip | None:
        """Have this moment saved. ``chat`` is what was said in the 30 s before; it goes with a new clip only.

        Returns the clip that answers it already, for which ``finished`` was called; ``None`` when that is to come.
        """
        now = time.monotonic()
        if self._open is not None and self._joins(self._open, now):
            self._open.join(cause)
            return self._open.clip if self._open.clip.state.settled else None
        clip = Clip(state=ClipState.REQUESTED, requested_ms=time.time_ns() // 1_000_000, causes=(cause,), chat=chat)
        entry = self._open = self._entry(clip)
        self._open_until = now + self._settings.merge_window_seconds
        if not self._status.ready and self._status.state not in _COMING:
            self._fail_unready(entry)
        elif self._status.ready and now >= self._earliest():
            self._request(entry)
        else:
            entry.keep()
            self._tasks.start(self._request_later(entry))
        return None

    async def release(self, number: int) -> None:
        """The operator renames or deletes this clip, which is settled: nobody joins it, and its row is left alone."""
        for entry in [one for one in self._entries if one.clip.number == number]:
            self._close_entry(entry)
            await entry.release()

    def status_changed(self, status: ObsStatus) -> None:
        """OBS is doing differently."""
        if status.folder and status.folder != self._status.folder:
            self._tasks.start(self._look_at(status.folder))
        self._status = status
        self._news.set()
        saves = [*self._recovering, *([self._outstanding] if self._outstanding else [])]
        for save in saves:
            if not status.ready:
                save.interrupted = True
                save.frozen = status.state is ObsState.FROZEN
            elif save.interrupted:
                save.interrupted = False
                self._saver.ask_last(save.ticket)

    def save_refused(self, ticket: int, problem: ObsError) -> None:
        """OBS does not save."""
        if (save := self._outstanding) and save.ticket == ticket:
            self._outstanding = None
            self._close_entry(save.entry)
            self._finisher.end(save.entry, ClipState.FAILED, str(problem))

    def replay_saved(self, path: str) -> None:
        """OBS wrote a replay: ours, if we wait for one and it was begun after we asked."""
        if (save := self._outstanding) is None:
            log.info("a clip was saved in OBS by somebody else; it is left alone")
            return
        self._tasks.start(self._judge(save, path, time.time_ns()))

    def last_replay(self, ticket: int, path: str) -> None:
        """The answer to ``ask_last``."""
        for save in [*self._recovering, *([self._outstanding] if self._outstanding else [])]:
            if save.ticket == ticket:
                self._tasks.start(self._judge_last(save, path))

    async def recover(self, *, connecting: bool) -> None:
        """Finish what a killed run left behind; ``connecting`` tells whether OBS will be there to be asked.

        Raises :class:`tui_live.errors.StoreError`.
        """
        for clip in await self._ledger.unsettled():
            entry = self._entry(clip)
            if clip.state is ClipState.RENAMING:
                self._tasks.start(self._finisher.resume(entry))
            elif not connecting:
                self._finisher.end(entry, ClipState.FAILED, _UNKNOWN)
            else:
                save = Save(self._ticket(), entry, clip.requested_ms * 1_000_000)
                save.interrupted = True
                self._recovering.append(save)
                asyncio.get_running_loop().call_later(RECOVER_SECONDS, self._overdue, save)
        self.status_changed(self._status)

    async def close(self) -> None:
        """Stop everything. What is not settled stays so in the ledger, for the next start."""
        self._outstanding = self._open = None
        self._recovering.clear()
        await self._tasks.close(_CLOSE_SECONDS)
        for entry in self._entries:
            entry.hurry()
        await self._rows.finish(_CLOSE_SECONDS)

    def _joins(self, entry: Entry, now: float) -> bool:
        """Whether a match at this moment belongs to a clip that is there already."""
        if entry.clip.state is ClipState.FAILED:
            # Nothing was saved, and nothing would be: the operator is told once for a burst.
            return now < self._open_until and not self._status.ready
        if entry.clip.state is ClipState.REQUESTED and not entry.clip.saved_ms:
            return True
        return now < self._open_until

    def _entry(self, clip: Clip) -> Entry:
        entry = Entry(clip, self._ledger, self._rows, self._changed)
        self._entries.add(entry)
        return entry

    def _close_entry(self, entry: Entry) -> None:
        if self._open is entry:
            self._open = None

    def _ticket(self) -> int:
        self._tickets += 1
        return self._tickets

    def _request(self, entry: Entry) -> None:
        save = self._outstanding = Save(self._ticket(), entry, time.time_ns(), self._status.folder)
        # On the wire first, into the ledger after that.
        self._saver.save(save.ticket)
        save.earlier = self._listed
        save.there = asyncio.create_task(self._list(save.folder))
        now = time.monotonic()
        self._last_request = now
        self._open_until = now + self._settings.merge_window_seconds
        entry.put(requested_ms=save.asked_ns // 1_000_000)
        asyncio.get_running_loop().call_later(FILE_SECONDS, self._overdue, save)

    async def _request_later(self, entry: Entry) -> None:
        until = time.monotonic() + READY_SECONDS
        while True:
            now = time.monotonic()
            if (left := self._earliest() - now) > 0:
                await asyncio.sleep(left)
            elif self._status.state in _COMING and now < until:
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), until - now)
            else:
                break
        if self._status.ready:
            self._request(entry)
        else:
            self._fail_unready(entry)

    def _fail_unready(self, entry: Entry) -> None:
        """OBS cannot be asked. The operator is told once for a burst."""
        self._finisher.end(entry, ClipState.FAILED, _said(self._status))
        if self._open is entry:
            self._open_until = max(self._open_until, time.monotonic() + FAILED_SECONDS)

    async def _judge(self, save: Save, path: str, told_ns: int) -> None:
        """Whether the file of an event is the one that we asked for."""
        async with self._judging:
            if save is not self._outstanding:
                return
            place = await self._locate(save, path, told_ns)
            if not place.fits:
                # OBS was writing one when we asked, and can only write one at a time: the next may be ours.
                log.info("a file that is not ours is left alone: %s", place.reason or "it was begun before")
                if save.passed_over is None or save.passed_over.path is None:
                    save.passed_over = place
                return
            if save is self._outstanding:
                self._found(save, path, place)

    async def _judge_last(self, save: Save, path: str) -> None:
        """Whether the last replay is the one that we asked for and heard nothing of."""
        async with self._judging:
            if path and path not in self._given:
                place = await self._locate(save, path)
                # Of several requests that a killed run left, the last one before the file is the one it answers.
                later = [one.asked_ns for one in self._recovering if one.asked_ns > save.asked_ns]

                def ours() -> bool:
                    file = place.path
                    if file is None or not place.fits or not written_for(file, save.asked_ns):
                        return False
                    return not any(written_for(file, asked_ns) for asked_ns in later)

                if await asyncio.to_thread(ours):
                    if save is self._outstanding or save in self._recovering:
                        self._given.add(path)
                        self._found(save, path, place)
                    return
        if save in self._recovering:
            self._recovering.remove(save)
            self._finisher.end(save.entry, ClipState.FAILED, _UNKNOWN)
        elif save is self._outstanding and save.frozen:
            # If it did get the first one, this one makes a file more, which nobody waits for.
            save.frozen = False
            self._saver.save(save.ticket)

    async def _locate(self, save: Save, path: str, told_ns: int = 0) -> Place:
        asked = Asked(
            at_ns=save.asked_ns,
            folder=save.folder or self._status.folder,
            clip_dir=self._settings.clip_dir,
            there=await asyncio.shield(save.there) if save.there else {},
            earlier=save.earlier,
            seen_folder=self._seen_folder,
        )
        return await asyncio.to_thread(locate, path, asked, told_ns)

    async def _look_at(self, folder: str) -> None:
        await self._list(folder)
        self._seen_folder = await asyncio.to_thread(Path(folder).is_dir)

    async def _list(self, folder: str) -> Listing:
        found = await asyncio.to_thread(listed, Path(folder) if folder else None, self._settings.clip_dir)
        self._listed = found
        return found

    def _found(self, save: Save, named: str, place: Place) -> None:
        """The file of a save is there: the clip is no longer waited for, and gets its name."""
        if save is self._outstanding:
            self._outstanding = None
        if save in self._recovering:
            self._recovering.remove(save)
        now = time.monotonic()
        self._unnamed = (save.entry, now)
        save.entry.put(saved_ms=time.time_ns() // 1_000_000)
        self._tasks.start(self._settle(save, named, place, now + FILE_SECONDS))

    async def _settle(self, save: Save, named: str, place: Place, until: float) -> None:
        while place.late and time.monotonic() < until:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            place = await self._locate(save, named)
        if not place.fits:
            self._close_entry(save.entry)
            self._finisher.end(save.entry, ClipState.FAILED, place.reason or _BEFORE)
        elif place.path is not None:
            await self._finisher.take(save.entry, place.path)
        elif place.lost:
            self._close_entry(save.entry)
            self._finisher.end(save.entry, ClipState.FAILED, place.reason)
        else:
            self._finisher.end(save.entry, ClipState.KEPT, place.reason, path=named)

    def _earliest(self) -> float:
        """When OBS may be asked again: a file that still has OBS's name could be overwritten within its second."""
        earliest = self._last_request + APART_SECONDS
        if self._unnamed is not None and not self._unnamed[0].clip.state.settled:
            earliest = max(earliest, self._unnamed[1] + APART_SECONDS)
        return earliest

    def _overdue(self, save: Save) -> None:
        """There is no file, and there will be none."""
        if save in self._recovering:
            self._recovering.remove(save)
            self._finisher.end(save.entry, ClipState.FAILED, _UNKNOWN)
        if save is not self._outstanding:
            return
        self._outstanding = None
        self._close_entry(save.entry)
        if save.passed_over is not None and save.passed_over.path is not None:
            self._finisher.end(save.entry, ClipState.KEPT, _BEFORE, path=str(save.passed_over.path))
        elif save.passed_over is not None:
            self._finisher.end(save.entry, ClipState.FAILED, save.passed_over.reason)
        elif self._status.ready:
            reason = f"OBS wrote no file within {FILE_SECONDS:.0f} s — look at the disk, and at OBS's log"
            self._finisher.end(save.entry, ClipState.FAILED, reason)
        else:
            self._finisher.end(save.entry, ClipState.FAILED, f"OBS did not write the clip: {_said(self._status)}")


def _said(status: ObsStatus) -> str:
    return f"{status.reason} — {status.remedy}" if status.remedy else status.reason
