"""The API about sessions, past and present: their events, people, exports, and events as they are written."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import hdrs, web

from tui_live.core.events import TYPES
from tui_live.core.past import EventLine
from tui_live.web.answers import Refused, answer, flag, listed, number, text
from tui_live.web.security import HEADERS
from tui_live.web.source import Archive

_KINDS = {"jsonl": "application/x-ndjson", "json": "application/json", "csv": "text/csv"}
#: Events that go out between two looks at everything else.
_BATCH = 500
#: A comment line now and then keeps proxies and browsers from giving a quiet stream up.
_QUIET_SECONDS = 15.0
#: An id that a session has before its first event.
_MOST_ID = 2**53


class Past:
    """Handlers."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    async def sessions(self, request: web.Request) -> web.Response:
        """Sessions, the newest first (``?streamer=&limit=&after=``)."""
        limit, after = number(request, "limit", 50, 1, 500), number(request, "after", 0, 0, _MOST_ID)
        found = await self._archive.sessions(text(request, "streamer").removeprefix("@").lower(), limit + 1, after)
        return listed("sessions", found[:limit], after + limit if len(found) > limit else None)

    async def session(self, request: web.Request) -> web.Response:
        """One session with its totals and gaps."""
        return answer({"session": await self._archive.session(request.match_info["id"])})

    async def events(self, request: web.Request) -> web.Response:
        """Events, the newest first (``?type=&subtype=&user=&q=&limit=&before=&raw=``)."""
        raw = flag(request, "raw")
        limit = number(request, "limit", 100, 1, 50 if raw else 1000) if "limit" in request.query else 50
        lines, following = await self._archive.events(
            request.match_info["id"],
            types=_types(request),
            subtype=text(request, "subtype", 40),
            user=text(request, "user"),
            text=text(request, "q"),
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
        """All events as a file (``?format=jsonl|json|csv&type=&user=&raw=``), made while it is sent."""
        key = request.match_info["id"]
        kind = request.query.get("format", "jsonl")
        if kind not in _KINDS:
            raise Refused(400, "bad_parameter", f"format is one of {', '.join(_KINDS)}")
        pieces = self._archive.export(key, kind, _types(request), text(request, "user"), flag(request, "raw"))
        first = await anext(aiter(pieces), b"")
        headers = {**HEADERS, hdrs.CONTENT_DISPOSITION: f'attachment; filename="{_safe(key)}.{kind}"'}
        response = web.StreamResponse(headers=headers)
        response.content_type = _KINDS[kind]
        response.charset = "utf-8"
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            await response.write(first)
            async for piece in pieces:
                await response.write(piece)
            await response.write_eof()
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Events as server-sent events while they are written (``?type=``), each once and in order.

        ``Last-Event-ID`` (or ``?after=``) goes on behind that event; without it, from now on. A quiet stream says
        nothing but a comment now and then.
        """
        key, types = request.match_info["id"], _types(request)
        last = await self._begin(request, key)
        response = web.StreamResponse(headers={**HEADERS, "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        response.charset = "utf-8"
        await response.prepare(request)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await response.write(b"retry: 500\n\n")
            while True:
                lines = await self._archive.events_after(key, types, last, _BATCH)
                if lines:
                    last = lines[-1].id
                    await response.write("".join(map(_sent, lines)).encode("utf-8", "replace"))
                if len(lines) < _BATCH:
                    began = asyncio.get_running_loop().time()
                    await self._archive.written(_QUIET_SECONDS)
                    if asyncio.get_running_loop().time() - began >= _QUIET_SECONDS:
                        await response.write(b": quiet\n\n")
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


def _sent(line: EventLine) -> str:
    return f"id: {line.id}\nevent: {line.type}\ndata: {line.json}\n\n"


def _types(request: web.Request) -> tuple[str, ...]:
    """The wanted types, given once or several times, or with commas. Raises :class:`Refused`."""
    wanted = tuple(kind for given in request.query.getall("type", []) for kind in given.split(",") if kind)
    for kind in wanted:
        if kind not in TYPES:
            raise Refused(400, "bad_parameter", f"type is one of {', '.join(TYPES)}")
    return tuple(dict.fromkeys(wanted))


def _safe(key: str) -> str:
    return "".join(sign for sign in key if sign.isascii() and sign.isalnum())[:40] or "session"
