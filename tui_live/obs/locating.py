"""Where a file that OBS names is on this machine, and whether it was begun for us. Blocks on the disk."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from msgspec import Struct

from tui_live.core.text import stored
from tui_live.obs.birth import born_ns

#: The clock of file systems ticks every few milliseconds; some know only whole or even seconds.
_TICK_NS, _COARSE_NS = 50_000_000, 2_000_000_000
_SECOND = 1_000_000_000
#: A replay asked for is written within that time, or it is somebody else's.
_LONGEST_WRITE_NS = 30 * _SECOND


class Place(Struct, frozen=True):
    """Where a replay is. ``path`` is None when it is not to be got at from here, and ``reason`` says why.

    ``lost``: there is no such file at all, as opposed to one on another machine. ``late``: it may appear yet, as files
    on shared folders do. ``fits`` tells whether its times are those of a file asked for at the given moment; True where
    clocks cannot be compared.
    """

    path: Path | None = None
    reason: str = ""
    lost: bool = False
    late: bool = False
    fits: bool = True


def locate(named: str, clip_dir: Path | None, *, asked_ns: int, same_clock: bool, seen_folder: bool) -> Place:
    """Find the file that OBS calls ``named``.

    It is that very path, if this machine has it, else the same file name in ``clip_dir``. ``asked_ns`` is when it was
    asked for (UTC); ``same_clock`` says that OBS runs on this machine, ``seen_folder`` that its folder was seen here.
    """
    name = base_name(named)
    if not name:
        return Place(reason="OBS saved a clip and did not say where — look into its folder", lost=True)
    named_here = Path(named)
    if named.startswith("/") == (os.sep == "/") and named_here.is_absolute():
        if os.path.lexists(named_here):
            return Place(named_here, fits=not same_clock or _fits(named_here, asked_ns))
        if named_here.parent.is_dir():
            return Place(
                reason=f"OBS could not write {stored(named)} — is the disk full, or the folder protected?", lost=True
            )
        if clip_dir is None and seen_folder:
            return Place(reason=f"the folder {stored(str(named_here.parent))} is gone — create it again", lost=True)
    if clip_dir is None:
        return Place(reason="OBS saved it on another machine — set obs.clip_dir to that folder as mounted here")
    mapped = clip_dir / name
    if os.path.lexists(mapped):
        return Place(mapped)
    if not clip_dir.is_dir():
        return Place(reason=f"the folder {clip_dir} (obs.clip_dir) is not there — mount or create it", late=True)
    return Place(reason=f"{name} is not in {clip_dir} — obs.clip_dir has to be the folder that OBS saves to", late=True)


def base_name(named: str) -> str:
    """The file's name without its folder, whatever system OBS runs on; empty if there is none to speak of."""
    name = PurePosixPath(named).name if named.startswith("/") else PureWindowsPath(named).name
    return "" if name in ("", ".", "..") or "/" in name or "\0" in name else name


def written_for(path: Path, asked_ns: int) -> bool:
    """Whether a file was finished soon after ``asked_ns``: what is left to tell when nobody saw it being written."""
    try:
        finished = path.lstat().st_mtime_ns
    except OSError:
        return False
    return asked_ns - _slack(finished) <= finished <= asked_ns + _LONGEST_WRITE_NS


def is_here(host: str) -> bool:
    """Whether a host is this machine, as far as its name tells."""
    host = host.strip("[]").lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _fits(path: Path, asked_ns: int) -> bool:
    """Begun after it was asked for; where that is not known, finished after it."""
    try:
        moment = born_ns(path) or path.lstat().st_mtime_ns
    except OSError:
        return True
    return moment >= asked_ns - _slack(moment)


def _slack(moment_ns: int) -> int:
    return _TICK_NS if moment_ns % _SECOND else _COARSE_NS
