"""Where an export goes: a file that appears under its name only when it is whole, or standard output."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tui_live.errors import TuiLiveError


class ExportError(TuiLiveError):
    """An export that cannot be written, or whose options do not go together."""


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
    part = target.with_name(_part_name(target.name))
    try:
        with _explained(str(target)):
            with open(part, "xb", opener=_private) as file:
                with contextlib.ExitStack() as stack:
                    yield stack.enter_context(_gzipped(file)) if target.suffix == ".gz" else file
                file.flush()
                os.fsync(file.fileno())
            _give_name(part, target, force)
    finally:
        part.unlink(missing_ok=True)


def _part_name(name: str) -> str:
    """A name that nobody can foresee, and no longer in bytes than file systems take."""
    return f".{os.fsencode(name)[:200].decode('utf-8', 'ignore')}.{secrets.token_hex(6)}.part"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


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
