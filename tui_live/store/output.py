"""Where an export goes: a file that appears under its name only when it is whole, or standard output."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tui_live.errors import TuiLiveError

# Windows has no flock: there, what a killed export leaves stays.
if sys.platform != "win32":
    import fcntl

_PRIVATE = 0o600


class ExportError(TuiLiveError):
    """An export that cannot be written, or whose options do not go together."""


def is_terminal(target: Path | None) -> bool:
    """Whether what :func:`output` writes to is a terminal."""
    if target is None or str(target) == "-":
        return sys.stdout.isatty()
    with contextlib.suppress(OSError):
        if stat.S_ISCHR(target.stat().st_mode):
            with target.open("wb", buffering=0) as device:
                return device.isatty()
    return False


@contextlib.contextmanager
def output(target: Path | None, force: bool) -> Iterator[BinaryIO]:
    """A binary stream to write to; ``None`` and ``-`` are standard output, a name in ``.gz`` is compressed.

    A file is written beside its final name and renamed when everything is on the disk; until then, and for good when
    anything goes wrong, what was there before stays. An existing file is replaced only with ``force``. Raises
    :class:`ExportError` for a full disk, a reader that went away, and a file that is there already.
    """
    if target is None or str(target) == "-":
        with _explained("standard output"), _standard_output() as stream:
            yield stream
        return
    if target.is_dir():
        raise ExportError(f"{target} is a folder", "name a file with -o")
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        with _explained(str(target)), target.open("wb") as device:
            yield device
        return
    if target.exists() and not force:
        raise ExportError(f"{target} is there already", "name another file with -o, or use --force")
    part: Path | None = None
    try:
        with _explained(str(target)):
            _take_away_left(target)
            part, file = _begun(target)
            with file:
                with contextlib.ExitStack() as stack:
                    yield stack.enter_context(_gzipped(file)) if target.suffix.lower() == ".gz" else file
                file.flush()
                os.fsync(file.fileno())
                if sys.platform != "win32":
                    _give_name(part, target, force)  # while it is locked: to others it would be a left one
            if sys.platform == "win32":
                _give_name(part, target, force)  # nothing that is open is renamed there
    finally:
        if part is not None:
            with contextlib.suppress(OSError):  # what went wrong before says more
                part.unlink()


def _begun(target: Path) -> tuple[Path, BinaryIO]:
    """A new file beside ``target`` that is known to be written for as long as it is open. Raises :class:`OSError`."""
    while True:
        part = target.with_name(_part_name(target.name))
        file = open(part, "xb", opener=_private)  # noqa: SIM115 - whoever asked for it closes it
        # Before it was locked, another one may have taken it for a left one.
        if _locked(file.fileno()) is not False and (sys.platform == "win32" or os.fstat(file.fileno()).st_nlink):
            return part, file
        file.close()
        part.unlink(missing_ok=True)


def _part_name(name: str) -> str:
    """A name that nobody can foresee, and no longer in bytes than file systems take."""
    return f"{_part_stem(name)}.{secrets.token_hex(6)}.part"


def _part_stem(name: str) -> str:
    return f".{os.fsencode(name)[:200].decode('utf-8', 'ignore')}"


def _locked(file: int) -> bool | None:
    """Lock an open file until it is closed: false when another one has it, ``None`` where there are no such locks."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _take_away_left(target: Path) -> None:
    """Remove what an export to this name left that was killed: ours by name, owner and rights, and nobody writes it."""
    if sys.platform == "win32":
        return
    ours = re.compile(re.escape(_part_stem(target.name)) + r"\.[0-9a-f]{12}\.part")
    folder: list[Path] = []
    with contextlib.suppress(OSError):  # it may be that nobody may list it
        folder += target.absolute().parent.iterdir()
    for left in filter(lambda item: ours.fullmatch(item.name), folder):
        with contextlib.suppress(OSError):
            file = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                found = os.fstat(file)
                private = stat.S_ISREG(found.st_mode) and stat.S_IMODE(found.st_mode) == _PRIVATE
                if private and found.st_uid == os.geteuid() and _locked(file):
                    left.unlink()
            finally:
                os.close(file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), _PRIVATE)


def _gzipped(file: BinaryIO) -> contextlib.AbstractContextManager[BinaryIO]:
    return cast(
        "contextlib.AbstractContextManager[BinaryIO]", gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0)
    )


def _give_name(part: Path, target: Path, force: bool) -> None:
    if force:
        part.replace(target)
    else:
        try:
            os.link(part, target)  # fails when somebody has made the file meanwhile
        except FileExistsError as error:
            raise ExportError(f"{target} is there already", "name another file with -o, or use --force") from error
        except OSError:  # a file system without hard links
            part.replace(target)
    with contextlib.suppress(OSError):
        folder = os.open(target.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    sys.stdout.flush()
    stream = sys.stdout.buffer
    try:
        yield stream
        stream.flush()
    except OSError:
        # What is still buffered cannot be written either: keep Python from trying again, and complaining, at its exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


@contextlib.contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ExportError(f"{name} was closed by its reader before the end", "the export is not complete") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExportError(f"There is no space left for {name}", "free some space, or name another disk") from error
        said = error.strerror or str(error)
        raise ExportError(f"{name} cannot be written: {said}", "name another file with -o") from error
