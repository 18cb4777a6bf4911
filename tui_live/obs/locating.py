"""Where a file that OBS names is on this machine, and whether it was begun for us. Blocks on the disk."""

from __future__ import annotations

import ipaddress
import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

from msgspec import Struct

from tui_live.core.text import stored
from tui_live.obs.birth import born_ns

#: The clock of file systems ticks every few milliseconds; some know only whole or even seconds.
_TICK_NS, _COARSE_NS = 50_000_000, 2_000_000_000
_SECOND = 1_000_000_000
#: What OBS writes.
_VIDEOS = frozenset((".mkv", ".mp4", ".mov", ".flv", ".ts", ".m3u8", ".avi", ".webm", ".m4v"))
#: A replay asked for is written within that time, or it is somebody else's.
_LONGEST_WRITE_NS = 30 * _SECOND


class Place(Struct, frozen=True):
    """Where a replay is. ``path`` is None when it is not to be got at from here, and ``reason`` says why.

    ``lost``: there is no such file at all, as opposed to one on another machine. ``late``: it may appear yet, as files
    on shared folders do. ``fits`` tells whether it can be the file that was asked for. If not, it is left alone; with a
    ``reason`` it is nobody's replay, without one it was begun before.
    """

    path: Path | None = None
    reason: str = ""
    lost: bool = False
    late: bool = False
    fits: bool = True


Listing = dict[Path, frozenset[str]]
"""The names in folders; a folder that cannot be read is not among them."""


class Asked(Struct, frozen=True):
    """What is known of a request.

    ``at_ns`` is when it was sent (UTC), ``folder`` where OBS said that it saves. ``there`` is what was in the folders
    then, ``earlier`` what was in them at some time before.
    """

    at_ns: int
    folder: str
    clip_dir: Path | None
    there: Listing = {}
    earlier: Listing = {}
    seen_folder: bool = False


def listed(*folders: Path | None) -> Listing:
    """What is in these folders; what does not exist yet is empty."""
    found: Listing = {}
    for folder in folders:
        if folder is not None:
            try:
                found[folder] = frozenset(one.name for one in folder.iterdir())
            except FileNotFoundError:
                found[folder] = frozenset()
            except (OSError, ValueError):
                continue
    return found


def locate(named: str, asked: Asked, told_ns: int = 0) -> Place:
    """Find the file that OBS calls ``named``: that very path in OBS's own folder, else the same name in ``clip_dir``.

    ``told_ns`` is when OBS said that it has just finished it, 0 if it did not.
    """
    name, clip_dir = base_name(named), asked.clip_dir
    if not name:
        return Place(reason="OBS saved a clip and did not say where — look into its folder", lost=True)
    mapped = clip_dir / name if clip_dir is not None else None
    here = Path(named)
    if named.startswith("/") == (os.sep == "/") and here.is_absolute():
        own = any(_lies_in(here, folder) for folder in (asked.folder, str(clip_dir or "")) if folder)
        if os.path.lexists(here) and (own or mapped is None or not os.path.lexists(mapped)):
            if not own:
                where = f" ({stored(asked.folder)})" if asked.folder else ""
                return _alien(named, f"which is not in the folder that it saves to{where}")
            return _judged(here, named, asked, told_ns)
        if own and here.parent.is_dir():
            return Place(
                reason=f"OBS could not write {stored(named)} — is the disk full, or the folder protected?", lost=True
            )
        if clip_dir is None and asked.seen_folder:
            return Place(reason=f"the folder {stored(str(here.parent))} is gone — create it again", lost=True)
    if clip_dir is None or mapped is None:
        return Place(reason="OBS saved it on another machine — set obs.clip_dir to that folder as mounted here")
    if os.path.lexists(mapped):
        return _judged(mapped, named, asked, told_ns)
    if not clip_dir.is_dir():
        return Place(reason=f"the folder {clip_dir} (obs.clip_dir) is not there — mount or create it", late=True)
    return Place(reason=f"{name} is not in {clip_dir} — obs.clip_dir has to be the folder that OBS saves to", late=True)


def _lies_in(path: Path, folder: str) -> bool:
    """Whether a file is in a folder or below it: OBS's pattern for names may have folders in it."""
    try:
        return path.parent.resolve().is_relative_to(Path(folder).resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _alien(named: str, why: str) -> Place:
    return Place(reason=f"OBS named {stored(named)}, {why} — it is left alone", fits=False)


def _judged(path: Path, named: str, asked: Asked, told_ns: int) -> Place:
    if path.suffix.lower() not in _VIDEOS:
        return _alien(named, "which is not a video")
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return _alien(named, "which is not a plain file")
    except OSError:
        return Place(reason=f"{stored(named)} cannot be looked at", late=True)
    names = asked.there.get(path.parent)
    if names is not None and path.name not in names:
        return Place(path)
    if path.name in asked.earlier.get(path.parent, ()):
        return _alien(named, "which was there before")
    return Place(path, fits=_begun_since(path, asked.at_ns, told_ns))


def _begun_since(path: Path, asked_ns: int, told_ns: int) -> bool:
    """Whether a file was begun after ``asked_ns``, without comparing the file server's clock with ours.

    How long it took to write is known by that clock alone, and when it was finished by ours.
    """
    try:
        finished, born = path.lstat().st_mtime_ns, born_ns(path)
    except OSError:
        return False
    if not told_ns:
        return written_for(path, asked_ns)
    took = max(0, finished - born) if born else 0
    return told_ns - took >= asked_ns - max(_slack(finished), _slack(born))


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


def _slack(moment_ns: int) -> int:
    return _TICK_NS if moment_ns % _SECOND else _COARSE_NS
