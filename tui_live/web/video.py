"""Clips for browsers: whole, or the part that a player asks for (RFC 9110, ranges).

A name leads to a file only through the ledger: what it does not list is not there, and no path from outside reaches the
disk. Folders of clips may be on a disk that sleeps, or on another machine that is gone: they are read in threads of
their own, so that nothing else waits for them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import stat
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from email.utils import formatdate
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from aiohttp import hdrs, web

from tui_live.core.clips import Clip, ClipState
from tui_live.core.text import stored
from tui_live.errors import MissingError
from tui_live.web.answers import Refused, error, flag, number
from tui_live.web.connections import ended_with_connection
from tui_live.web.ranges import Unsatisfiable, wanted_part
from tui_live.web.source import Clips

log = logging.getLogger(__name__)
T = TypeVar("T")

#: What OBS records in; nothing else is given out.
TYPES = {
    ".mkv": "video/x-matroska",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".flv": "video/x-flv",
    ".ts": "video/mp2t",
    ".avi": "video/x-msvideo",
}
_THREADS = 4
_PIECE = 256 * 1024
#: Each holds a file open for as long as its reader takes.
_MOST_READERS = 64
#: A list of clips waits no longer than this for a folder to say which of them are there.
_LOOK_SECONDS = 2.0
_LONGEST_NAME = 255
_MOST_ID = 2**53


class Video:
    """Handler. Call :meth:`cleanup` at the end."""

    def __init__(self, clips: Clips) -> None:
        self._clips = clips
        self._threads = ThreadPoolExecutor(_THREADS, "clip files")
        self._readers = 0

    async def cleanup(self, _application: web.Application) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def playable(self, clips: Iterable[Clip]) -> set[int]:
        """The numbers of those whose file is there; where the disk does not say so soon, the ledger's word is taken."""
        known = {clip.number: clip.path for clip in clips if _is_whole(clip)}
        if not known:
            return set()
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                return await self._off_the_loop(lambda: {key for key, path in known.items() if _is_there(path)})
        except TimeoutError:
            return set(known)

    async def video(self, request: web.Request) -> web.StreamResponse:
        """The clip's file of that name, or a part of it (``?download=1&id=``)."""
        download, wanted = flag(request, "download"), number(request, "id", 0, 0, _MOST_ID)
        if self._readers >= _MOST_READERS:
            raise Refused(503, "too_many", f"{_MOST_READERS} clips are being watched already")
        self._readers += 1
        try:
            name = request.match_info["name"]
            file = await self._found(name, wanted)
            try:
                return await self._answer(request, file, name, download)
            finally:
                file.close()
        finally:
            self._readers -= 1

    async def _found(self, name: str, wanted: int) -> _Open:
        """The newest clip of that name whose file is there, or the one with that number. Raises ``MissingError``."""
        for clip in await self._clips.named(name) if _may_be_a_name(name) else ():
            # A name with a folder in it is none.
            if clip.name != name or not _is_whole(clip) or (wanted and clip.number != wanted):
                continue
            try:
                return _Open(self._threads, await self._off_the_loop(partial(_opened, clip.path)))
            except OSError as problem:
                log.debug("clip %d cannot be read: %s", clip.number, problem)
        raise MissingError("There is no such clip here", "GET /api/clips lists those that there are")

    async def _answer(self, request: web.Request, file: _Open, name: str, download: bool) -> web.StreamResponse:
        headers = {
            hdrs.ACCEPT_RANGES: "bytes",
            hdrs.ETAG: file.tag,
            hdrs.LAST_MODIFIED: formatdate(file.modified, usegmt=True),
            hdrs.CONTENT_TYPE: TYPES[_ending(name)],
        }
        if download:
            headers[hdrs.CONTENT_DISPOSITION] = _disposition(name)
        try:
            part = wanted_part(request, file.size, headers[hdrs.ETAG], headers[hdrs.LAST_MODIFIED])
        except Unsatisfiable:
            refusal = error(416, "no_such_range", f"The clip has {file.size} bytes")
            refusal.headers[hdrs.CONTENT_RANGE] = f"bytes */{file.size}"
            return refusal
        start, count = (0, file.size) if part is None else (part.start, len(part))
        if part is not None:
            headers[hdrs.CONTENT_RANGE] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        response = web.StreamResponse(status=200 if part is None else 206, headers=headers)
        response.content_length = count
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        with ended_with_connection(request):
            await _send(request, response, file, start, count)
        return response

    async def _off_the_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._threads.submit(work))


class _Open:
    """A file that is read in the threads: whatever happens to its name meanwhile, it stays this one."""

    def __init__(self, threads: ThreadPoolExecutor, file: FileIO) -> None:
        found = os.fstat(file.fileno())
        self.size, self.modified = found.st_size, int(found.st_mtime)
        self.tag = f'"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}"'
        self._threads = threads
        self._file = file
        self._latest: Future[Any] | None = None

    async def read(self, at: int, count: int) -> bytes:
        """At most so many bytes from there on; none at the end."""

        def read() -> bytes:
            self._file.seek(at)
            return self._file.read(count) or b""

        self._latest = reading = self._threads.submit(read)
        return await asyncio.wrap_future(reading)

    def close(self) -> None:
        """Close it, once a thread that reads has come back: the descriptor's number may be another file's then."""
        if self._latest is None:
            self._file.close()
        else:
            self._latest.add_done_callback(lambda _: self._file.close())


async def _send(request: web.Request, response: web.StreamResponse, file: _Open, start: int, count: int) -> None:
    """An answer that has begun cannot become an error any more: it is cut, so that nobody takes the half for all."""
    at, end = start, start + count
    try:
        while at < end:
            piece = await file.read(at, min(_PIECE, end - at))
            if not piece:
                raise EOFError("the file has become shorter")
            await response.write(piece)
            at += len(piece)
        await response.write_eof()
    except ConnectionError:
        log.debug("whoever watched %s has gone", request.path)
    except (OSError, EOFError) as problem:
        log.warning("%s broke off: %s", request.path, problem)
        if request.transport is not None:
            request.transport.abort()


def _is_whole(clip: Clip) -> bool:
    """Whether the ledger has a finished file of it that was seen on this machine: elsewhere, its size is unknown."""
    settled = clip.state in (ClipState.SAVED, ClipState.KEPT) and clip.size > 0
    return settled and Path(clip.path).is_absolute() and _ending(clip.name) in TYPES


def _is_there(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _opened(path: str) -> FileIO:
    """The plain file itself: no link is followed, and what takes its place meanwhile is not read. Raises `OSError`."""
    before = os.lstat(path)
    if not stat.S_ISREG(before.st_mode):
        raise FileNotFoundError(f"{path} is no plain file")
    # Without O_NONBLOCK, a pipe that takes the file's place would be waited for.
    ways = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))
    file = FileIO(path, opener=lambda name, flags: os.open(name, flags | ways))
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode) or not os.path.samestat(before, found):
        file.close()
        raise FileNotFoundError(f"{path} was replaced")
    return file


def _may_be_a_name(name: str) -> bool:
    try:
        return 0 < len(name.encode()) <= _LONGEST_NAME and not {"/", "\\", "\0"} & set(name)
    except UnicodeEncodeError:
        return False


def _ending(name: str) -> str:
    return Path(name).suffix.lower()


def _disposition(name: str) -> str:
    """The name to save it under (RFC 6266): without what is invisible, and in ASCII for whoever knows no other."""
    shown = stored(name)
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-") else "_" for sign in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
