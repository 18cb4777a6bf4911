"""The API about sessions, past and present: their events, people, exports, and events as they are written."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

from aiohttp import hdrs, web

from tui_live.core.events import TYPES
from tui_live.core.words import Query
from tui_live.web.answers import Refused, answer, flag, listed, moment, number, stream_name, text
from tui_live.web.connections import ended_with_connection
from tui_live.web.followers import Followers
from tui_live.web.source import Archive

log = logging.getLogger(__name__)

_KINDS = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
#: Each reads through a session on a connection and in a thread of its own.
_MOST_EXPORTS = 4
#: Where a page of sessions ended.
_CURSOR = re.compile("[0-9]{1,13}-[0-9]{1,15}")
#: An id that a session has before its first event.
_MOST_ID = 2**53


class Past:
    """Handlers."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._exports = 0
        self._followers = Followers(archive)

    async def sessions(self, request: web.Request) -> web.Response:
        """Sessions, the newest first (``?streamer=&limit=&after=``)."""
        limit, after = number(request, "limit", 50, 1, 500), text(request, "after", 40)
        if after and not _CURSOR.fullmatch(after):
            raise Refused(400, "bad_parameter", "after is the next of an earlier page")
        found, following = await self._archive.sessions(stream_name(request, "streamer"), limit, after)
        return listed("sessions", found, following)

    async def session(self, request: web.Request) -> web.Response:
        """One session with its totals and gaps."""
        return answer({"session": await self._archive.session(request.match_info["id"])})

    async def events(self, request: web.Request) -> web.Response:
        """Events, the newest first (``?type=&subtype=&user=&q=&limit=&before=&raw=``)."""
        raw = flag(request, "raw")
        limit = number(request, "limit", 50, 1, 50 if raw else 1000)
        words = text(request, "q")
        if words and not Query(words).expression:
            raise Refused(400, "bad_parameter", "There is no word in q to look for")
        lines, following = await self._archive.events(
            request.match_info["id"],
            types=_types(request),
            subtype=text(request, "subtype", 40),
            user=text(request, "user"),
            text=words,
            limit=limit,
            before=number(request, "before", 0, 0, _MOST_ID) or None,
            raw=raw,
        )
        joined = ",".join(line.json for line in lines)
        following_text = "null" if following is None else f'"{following}"'
        body = f'{{"events":[{joined}],"next":{following_text}}}'
        return web.Response(body=body.encode("utf-8", "replace"), content_type="application/json", charset="utf-8")

    async def participants(self, request: web.Request) -> web.Response:
        """People, the best first (``?limit=&after=``)."""
        limit, after = number(request, "limit", 100, 1, 1000), number(request, "after", 0, 0, _MOST_ID)
        found, count = await self._archive.participants(request.match_info["id"], after, limit)
        return listed("participants", found, after + limit if after + limit < count else None)

    async def participant(self, request: web.Request) -> web.Response:
        """One person (id, handle or @handle) in a session."""
        return answer({"user": await self._archive.participant(request.match_info["id"], request.match_info["user"])})

    async def export(self, request: web.Request) -> web.StreamResponse:
        """All events as a file (``?format=&type=&user=&since=&until=&raw=``), made while it is sent."""
        key = request.match_info["id"]
        kind = request.query.get("format", "jsonl")
        if kind not in _KINDS:
            raise Refused(400, "bad_parameter", f"format is one of {', '.join(_KINDS)}")
        between = moment(request, "since"), moment(request, "until")
        wanted = (key, kind, _types(request), text(request, "user"), flag(request, "raw"), between)
        if self._exports >= _MOST_EXPORTS:
            raise Refused(503, "busy", f"{_MOST_EXPORTS} exports are under way already; try again later")
        self._exports += 1
        try:
            with ended_with_connection(request):
                async with contextlib.aclosing(self._archive.export(*wanted)) as pieces:
                    return await self._send_file(request, f"{_safe(key)}.{kind}", _KINDS[kind], pieces)
        finally:
            self._exports -= 1

    async def _send_file(
        self, request: web.Request, name: str, media: str, pieces: AsyncGenerator[bytes, None]
    ) -> web.StreamResponse:
        # What cannot be done is found out with the first piece, while it can still be said.
        first = await anext(pieces, b"")
        response = web.StreamResponse(headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'})
        response.content_type = media
        if media.startswith("text/"):
            response.charset = "utf-8"
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        await _whole_or_cut(request, _send_pieces(response, first, pieces))
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Events as server-sent events while they are written (``?type=``), each once and in order.

        ``Last-Event-ID`` (or ``?after=``) goes on behind that event; without it, from now on. A quiet stream says
        where it stands now and then.
        """
        key, types = request.match_info["id"], _types(request)
        with self._followers.room():
            last = await self._begin(request, key)
            response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
            response.content_type = "text/event-stream"
            response.charset = "utf-8"
            await response.prepare(request)
            if request.method == hdrs.METH_HEAD:
                return response
            with ended_with_connection(request):
                await _whole_or_cut(request, _send_on(response, self._followers.follow(key, types, last)))
        return response

    async def _begin(self, request: web.Request, key: str) -> int:
        """The id behind which to begin. Raises ``TuiLiveError`` for an unknown session."""
        await self._archive.session(key)
        given = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        if not given:
            return await self._archive.last_event(key)
        if not (given.isascii() and given.isdecimal() and len(given) < 17):
            raise Refused(400, "bad_parameter", "Last-Event-ID is the id of an event")
        return int(given)


async def _send_pieces(response: web.StreamResponse, first: bytes, others: AsyncGenerator[bytes, None]) -> None:
    await response.write(first)
    async for piece in others:
        await response.write(piece)
    await response.write_eof()


async def _send_on(response: web.StreamResponse, coming: AsyncGenerator[bytes, None]) -> None:
    async with contextlib.aclosing(coming) as pieces:
        async for piece in pieces:
            await response.write(piece)


async def _whole_or_cut(request: web.Request, sending: Coroutine[Any, Any, None]) -> None:
    """An answer that has begun cannot become an error any more: it is cut, so that nobody takes the half for all."""
    try:
        await sending
    except ConnectionError:
        log.debug("whoever asked for %s has gone", request.path)
    except Exception:
        log.exception("%s broke off", request.path)
        if request.transport is not None:
            request.transport.abort()


def _types(request: web.Request) -> tuple[str, ...]:
    """The wanted types, given once or several times, or with commas. Raises :class:`Refused`."""
    wanted = tuple(kind for given in request.query.getall("type", []) for kind in given.split(",") if kind)
    for kind in wanted:
        if kind not in TYPES:
            raise Refused(400, "bad_parameter", f"type is one of {', '.join(TYPES)}")
    return tuple(dict.fromkeys(wanted))


def _safe(key: str) -> str:
    return "".join(sign for sign in key if sign.isascii() and sign.isalnum())[:40] or "session"
