"""The API about what is going on now: health, streams, the question on screen, settings, the log's view."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any, Literal

from aiohttp import web
from msgspec import Meta, Struct

from tui_live import __version__
from tui_live.core.questions import Question
from tui_live.core.status import StreamView
from tui_live.core.text import stored
from tui_live.core.times import iso
from tui_live.errors import MissingError
from tui_live.web import metrics, models
from tui_live.web.answers import Refused, answer, body, listed, stream_name
from tui_live.web.clips import obs_facts
from tui_live.web.hub import Hub
from tui_live.web.source import Facts, Source

_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Id = Annotated[str, Meta(pattern="^[0-9]{1,19}$")]


class StreamAction(Struct, forbid_unknown_fields=True):
    """What ``POST /api/stream_action`` is told."""

    stream: _Name
    action: Literal["add", "start", "stop", "remove", "new_session"]


class Ask(Struct, forbid_unknown_fields=True):
    """What ``POST /api/question`` is told: a comment of a stream.

    Either ``event_id``, the id of an event that was written, or the comment itself: ``message_id`` is TikTok's.
    """

    stream: _Name
    event_id: _Id | Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None
    message_id: _Id | None = None
    user_id: _Id | None = None
    text: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    nickname: Annotated[str, Meta(max_length=200)] = ""


class Live:
    """Handlers."""

    def __init__(self, source: Source, hub: Hub, version: str, stand_in: str = "") -> None:
        self._stand_in = stand_in
        self._source = source
        self._hub = hub
        self._version = version

    async def health(self, _request: web.Request) -> web.Response:
        """Whether everything is being kept; status 503 while it is not."""
        health = self._source.health()
        facts = {
            "status": "trouble" if health.trouble else "ok",
            "trouble": health.trouble or None,
            "events_per_second": round(health.events_per_second, 1),
            "backlog": health.backlog,
            "dropped": health.dropped,
            "duplicates": health.duplicates,
            "undecodable": health.undecodable,
            "database_bytes": health.database_bytes,
        }
        return answer(facts, 503 if health.trouble else 200)

    async def status(self, _request: web.Request) -> web.Response:
        """Versions, how many streams are in which state, OBS, connected pages."""
        states: dict[str, int] = {}
        for view in self._source.streams():
            states[view.standing.state.value] = states.get(view.standing.state.value, 0) + 1
        pages = [
            {
                "page": page.page,
                "stream": page.stream,
                "watched": page.watched,
                "version": page.version or None,
                "connected_at": iso(page.since_ms),
                "heartbeat_at": iso(page.heartbeat_ms),
            }
            for page in self._hub.pages()
        ]
        return answer(
            {
                "version": __version__,
                "pages_version": self._version,
                "streams": states,
                "obs": obs_facts(self._source.clips.obs),
                "pages": pages,
            }
        )

    async def streams(self, _request: web.Request) -> web.Response:
        """All streams."""
        return listed("streams", [_stream(view) for view in self._source.streams()])

    async def stream_action(self, request: web.Request) -> web.Response:
        """Add, start, stop or remove a stream, or begin a new session."""
        wanted = await body(request, StreamAction)
        source, stream = self._source, wanted.stream.removeprefix("@").lower()
        match wanted.action:
            case "add":
                stream = source.add_stream(wanted.stream)
            case "start":
                source.start_stream(stream)
            case "stop":
                await source.stop_stream(stream)
            case "remove":
                await source.remove_stream(stream)
            case "new_session":
                await source.new_session(stream)
        found = next((_stream(view) for view in source.streams() if view.name == stream), None)
        return answer({"stream": found})

    async def question(self, request: web.Request) -> web.Response:
        """The comment on screen (``?stream=``: of that stream), and those that wait."""
        names = self._watched(stream_name(request, "stream"))
        found = {name: self._source.scores.standings(name, 0, 0) for name in names}
        waiting = [
            {"stream": name, **self._question(question)} for name, each in found.items() for question in each.waiting
        ]
        shown = [each for each in found.items() if each[1].shown is not None]
        latest = max(shown, key=lambda each: each[1].shown_ms, default=None)
        on_screen: Facts | None = None
        if latest is not None and latest[1].shown is not None:
            since = iso(latest[1].shown_ms)
            on_screen = {"stream": latest[0], **self._question(latest[1].shown), "shown_at": since}
        return answer({"question": on_screen, "waiting": waiting})

    async def ask(self, request: web.Request) -> web.Response:
        """Choose a comment for the overlay: shown at once, or when its turn comes."""
        wanted = await body(request, Ask)
        [stream] = self._watched(wanted.stream.removeprefix("@").lower())
        if wanted.event_id is not None:
            comment = await self._source.archive.comment(stream, _whole(wanted.event_id, "event_id"))
        else:
            comment = _comment(wanted)
        return answer({"said": await self._source.scores.ask(stream, comment)})

    async def clear(self, request: web.Request) -> web.Response:
        """Take the comment off the screen (``?stream=``: off that stream's)."""
        stream, scores = stream_name(request, "stream"), self._source.scores
        if not any(scores.standings(name, 0, 0).shown for name in self._watched(stream)):
            return answer({"said": "no question was on the screen"})
        return answer({"said": await scores.clear(stream or None)})

    def _watched(self, stream: str) -> list[str]:
        """That stream, or all of them. Raises :class:`MissingError` for one that is not watched."""
        names = [view.name for view in self._source.streams()]
        if stream and stream not in names:
            raise MissingError(f"@{stream} is not being watched", "GET /api/streams names those that are")
        return [stream] if stream else names

    async def save_config(self, _request: web.Request) -> web.Response:
        """Write the settings that were changed to the configuration file."""
        return answer({"saved": str(await self._source.save_config())})

    async def clear_logs(self, _request: web.Request) -> web.Response:
        """Empty the console's log view; events in the database are untouched."""
        self._source.log.clear()
        return answer({"cleared": True})

    async def metrics(self, _request: web.Request) -> web.Response:
        """Readings for Prometheus."""
        try:
            clips = await self._source.clips.counts()
        except sqlite3.Error:
            clips = {}  # the other readings matter most just then
        body = metrics.render(self._source, self._hub, clips)
        return web.Response(body=body, headers={"Content-Type": metrics.CONTENT_TYPE})

    def _question(self, question: Question) -> Facts:
        return {
            "message_id": str(question.msg_id),
            "user_id": question.user_id,
            "username": question.username,
            "nickname": question.nickname,
            "avatar_url": models.picture(question.avatar_url, self._stand_in) or None,
            "text": question.text,
            "timestamp": iso(question.time_ms) if question.time_ms else None,
        }


def _stream(view: StreamView) -> Facts:
    standing = view.standing
    facts: dict[str, Any] = {
        "name": view.name,
        "state": standing.state.value,
        "reason": standing.reason or None,
        "next_step": iso(standing.next_step_ms) if standing.next_step_ms else None,
        "session_id": view.session_id or None,
        "room_id": view.room_id or None,
        "viewers": view.viewers,
        "total_events": view.events,
        "total_coins": view.coins,
        "total_likes": view.likes,
        "room_likes": view.room_likes,
        "like_coverage": round(min(1.0, view.likes / view.room_likes), 4) if view.room_likes else None,
        "gaps": view.gaps,
        "gap_seconds": view.gap_ms / 1000,
        "duplicates": view.duplicates,
        "undecodable": view.undecodable,
        "messages": view.totals.messages,
    }
    return facts


def _comment(wanted: Ask) -> Question:
    """A comment that the request itself tells. Raises :class:`Refused`."""
    if not (wanted.message_id and wanted.user_id and wanted.text):
        raise Refused(422, "bad_body", "either event_id, or message_id, user_id and text are needed")
    message_id, _ = _whole(wanted.message_id, "message_id"), _whole(wanted.user_id, "user_id")
    # As hostile as what comes from TikTok: it goes to the console, too.
    words, nickname = stored(wanted.text), stored(wanted.nickname)
    if not words:
        raise Refused(422, "bad_body", "there is nothing to read in text")
    return Question(message_id, wanted.user_id, "", nickname, "", words)


def _whole(given: str | int, name: str) -> int:
    """An id as a number that the database takes. Raises :class:`Refused`.

    A pattern's ``$`` lets a line break follow.
    """
    if (isinstance(given, str) and not given.isdecimal()) or int(given) >= 2**63:
        raise Refused(422, "bad_body", f"{name} is no id of TikTok's, and no event's")
    return int(given)
