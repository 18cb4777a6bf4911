"""The hops to a saved clip: OBS, its replay buffer, the folder of the clips. Nothing in OBS is changed."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from msgspec import structs

from tui_live.config import Loaded, Obs
from tui_live.core.clips import ObsState, ObsStatus
from tui_live.doctor.finding import Finding, failed, ok, skipped, warning
from tui_live.obs.connection import Connection
from tui_live.obs.locating import is_here
from tui_live.obs.trouble import ObsError

#: OBS greets and answers within milliseconds; one that is frozen is known as such after three seconds.
_SECONDS = 8.0
#: What changes by itself within that time.
_PASSING = (ObsState.OFF, ObsState.CONNECTING, ObsState.LOADING, ObsState.STARTING)
#: OBS is there and talks with us, whatever its replay buffer does.
_TALKS = (ObsState.READY, ObsState.STOPPED, ObsState.NO_BUFFER, ObsState.NO_VIDEO, ObsState.STARTING)
#: A thousand clips of half a minute.
_LITTLE_SPACE = 5_000_000_000


async def obs(loaded: Loaded) -> list[Finding]:
    """OBS, its replay buffer, and the clip folder, in this order."""
    settings = loaded.config.obs
    if not settings.enabled:
        off = skipped(
            "OBS", "not used (obs.enabled is off)", "switch it on for clips, or connect in the console with b"
        )
        return [off, skipped("replay buffer", "not looked at without OBS"), await _folder(settings, ObsStatus())]
    status = await _Look().at(structs.replace(settings, start_replay_buffer=False))
    return [_greeting(status), _buffer(settings, status), await _folder(settings, status)]


def _greeting(status: ObsStatus) -> Finding:
    if status.state not in _TALKS:
        return failed("OBS", status.reason or "no answer", status.remedy)
    if status.warning:
        return warning("OBS", f"OBS {status.version} answers; {status.warning}", "see obs.source_name and obs.clip_dir")
    return ok("OBS", f"OBS {status.version} answers")


def _buffer(settings: Obs, status: ObsStatus) -> Finding:
    hop = "replay buffer"
    if status.state not in _TALKS:
        return skipped(hop, "not looked at: OBS does not answer")
    if status.state is ObsState.READY:
        seconds = f", holds {status.buffer_seconds} s" if status.buffer_seconds else ""
        return ok(hop, f"runs{seconds}")
    if status.state is ObsState.STOPPED and settings.start_replay_buffer:
        said = "is not running; TUI Live starts it (obs.start_replay_buffer), if OBS has a video source"
        return warning(hop, said, "start it in OBS (Controls → Start Replay Buffer) to be sure")
    return failed(hop, status.reason, status.remedy)


async def _folder(settings: Obs, status: ObsStatus) -> Finding:
    hop = "clip folder"
    if settings.clip_dir is None and not status.folder:
        return skipped(hop, "where OBS saves, which is not known without OBS")
    folder = settings.clip_dir or Path(status.folder)
    own = settings.clip_dir is not None
    return await asyncio.to_thread(_look_at, hop, folder, own=own, here=is_here(settings.host))


def _look_at(hop: str, folder: Path, *, own: bool, here: bool) -> Finding:
    if not folder.is_dir():
        if own:
            return failed(hop, f"{folder} is not there", "create it, mount it, or change obs.clip_dir")
        if here:
            return warning(hop, f"{folder} is gone; OBS makes it again with the next clip, if it may", "create it")
        said = f"{folder} is on OBS's machine: clips keep OBS's names"
        return warning(hop, said, "mount it here and set obs.clip_dir")
    if not os.access(folder, os.W_OK | os.X_OK):
        return failed(hop, f"{folder} may not be written: clips cannot be renamed", "mend its rights")
    free = shutil.disk_usage(folder).free
    said = f"{folder}, {free / 1e9:,.1f} GB free"
    return warning(hop, said, "free some space") if free < _LITTLE_SPACE else ok(hop, said)


class _Look:
    """Listens to one connection until it is clear how OBS is."""

    def __init__(self) -> None:
        self._status = ObsStatus()
        self._clear = asyncio.Event()

    async def at(self, settings: Obs) -> ObsStatus:
        """How OBS is, after some seconds at the latest."""
        connection = Connection(settings, self)
        connection.start()
        try:
            async with asyncio.timeout(_SECONDS):
                await self._clear.wait()
        except TimeoutError:
            pass
        finally:
            await connection.stop()
        return self._status

    def status_changed(self, status: ObsStatus) -> None:
        """OBS is doing differently."""
        self._status = status
        if status.state not in _PASSING:
            self._clear.set()

    def replay_saved(self, path: str) -> None:
        """Somebody saved a replay; it is not ours."""

    def save_refused(self, ticket: int, problem: ObsError) -> None:
        """Nothing was asked for."""

    def last_replay(self, ticket: int, path: str) -> None:
        """Nothing was asked for."""
