"""Files of clips: giving one its name without ever overwriting another, whatever happens in between.

Everything here blocks on the disk: call it off the event loop. A name is taken with an empty file that must be new,
and the clip is then moved onto that; no system offers "rename unless it is there" on every file system, an exclusive
creation all do. :func:`finish` makes good what was interrupted between any two of these steps.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path

from tui_live.errors import TuiLiveError
from tui_live.obs.naming import LAST_NUMBER, file_name

_COPIED = ".part"


class ClipFileError(TuiLiveError):
    """A clip's file cannot get its name now; ``lost`` tells that there is no file any more."""

    def __init__(self, title: str, remedy: str = "", *, lost: bool = False) -> None:
        super().__init__(title, remedy)
        self.lost = lost


def free_name(folder: Path, stem: str, extension: str) -> Path:
    """A path in ``folder`` at which nothing is, not even a link that leads nowhere. It is not taken yet."""
    for number in range(1, LAST_NUMBER + 1):
        path = folder / file_name(stem, extension, number)
        if not os.path.lexists(path):
            return path
    raise ClipFileError(f"{folder} has {LAST_NUMBER} clips of this name already", "move some of them elsewhere")


def rename(source: Path, target: Path) -> bool:
    """Move the clip at ``source`` to ``target``, durably; False if somebody took that name in the meantime.

    Raises :class:`ClipFileError` with the reason in plain words; ``source`` is then where it was.
    """
    look(source)
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o666))
    except FileExistsError:
        return False
    except OSError as error:
        raise _explained(error, target.parent) from error
    try:
        _move(source, target)
    except ClipFileError:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
    return True


def finish(source: Path, target: Path) -> bool:
    """Go on with a :func:`rename` that was interrupted; False if the target is somebody else's file.

    Raises :class:`ClipFileError`.
    """
    with contextlib.suppress(OSError):
        target.with_name(target.name + _COPIED).unlink()
    taken = _regular(target)
    if not os.path.lexists(source):
        if taken is not None and taken.st_size:
            return True
        if taken is not None:
            with contextlib.suppress(OSError):
                target.unlink()
        look(source)
    if taken is None:
        return False if os.path.lexists(target) else rename(source, target)
    there = look(source)
    if not taken.st_size:
        _move(source, target)
        return True
    if (taken.st_size, taken.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
        # Copied to another disk whole, and killed before the original was removed.
        with contextlib.suppress(OSError):
            source.unlink()
        return True
    return False


def look(path: Path) -> os.stat_result:
    """What the file system says about a clip. Raises :class:`ClipFileError` when it is not there, or no plain file."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise ClipFileError(
                f"the folder {path.parent} is gone",
                "create it, or choose another in OBS (Settings → Output)",
                lost=True,
            ) from None
        raise ClipFileError(
            f"{path} is not there", "it was renamed or removed, or OBS could not write it", lost=True
        ) from None
    except OSError as error:
        raise _explained(error, path) from error
    if not stat.S_ISREG(found.st_mode):
        raise ClipFileError(f"{path} is not a plain file", "it is left as it is")
    return found


def _move(source: Path, target: Path) -> None:
    try:
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(source, target)
    except OSError as error:
        raise _explained(error, source if error.filename == str(source) else target.parent) from error
    for folder in {source.parent, target.parent}:
        _settle(folder)


def _copy(source: Path, target: Path) -> None:
    """Over to another disk: whole and on that disk before the original goes."""
    part = target.with_name(target.name + _COPIED)
    try:
        with source.open("rb") as read, part.open("xb") as written:
            shutil.copyfileobj(read, written, 1 << 20)
            written.flush()
            os.fsync(written.fileno())
        shutil.copystat(source, part)
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    source.unlink()


def _settle(folder: Path) -> None:
    """Have the names in a folder on disk; Windows does not need it and cannot."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _regular(path: Path) -> os.stat_result | None:
    with contextlib.suppress(OSError):
        found = path.lstat()
        return found if stat.S_ISREG(found.st_mode) else None
    return None


def _explained(error: OSError, where: Path) -> ClipFileError:
    """An error of the operating system in the words of the operator."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return ClipFileError(f"the folder {where} is gone", "create it again, or change obs.clip_dir")
        case errno.EACCES | errno.EPERM | errno.EBUSY | errno.ETXTBSY:
            return ClipFileError(
                f"{where} cannot be changed: it is locked, or the rights are missing",
                "close what has the clip open, or let this user write to the folder",
            )
        case errno.ENOSPC | errno.EDQUOT:
            return ClipFileError(f"the disk of {where} is full", "free some space")
        case errno.EROFS:
            return ClipFileError(f"the disk of {where} is read-only", "mount it writable, or change obs.clip_dir")
    return ClipFileError(f"{where}: {error.strerror or type(error).__name__}", "look at the folder")
