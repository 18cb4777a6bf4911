"""The API as one table, from which the routes are made and the OpenAPI document is written."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from tui_live import __version__
from tui_live.core.events import TYPES
from tui_live.core.trends.orders import ORDERS
from tui_live.web.live import Ask, StreamAction
from tui_live.web.schemas import SCHEMAS, ref
from tui_live.web.trends import FASTEST, MOST
from tui_live.web.video import TYPES as VIDEO_TYPES


class Query(NamedTuple):
    """A parameter: in the path where the path names it, else in the query, or in a header."""

    name: str
    said: str
    schema: dict[str, Any] | None = None
    header: bool = False


class Route(NamedTuple):
    """One operation; ``handler`` is a room of handlers and a method's name, ``answers`` the schema of what comes.

    ``refusals`` are the statuses of what can go wrong beside :data:`_ALWAYS`; ``more`` is what else there is to say;
    ``example`` is a body that can be sent as it is.
    """

    method: str
    path: str
    handler: str
    said: str
    answers: str
    refusals: tuple[int, ...] = ()
    queries: tuple[Query, ...] = ()
    body: type[Any] | None = None
    media: tuple[str, ...] = ("application/json",)
    more: str = ""
    example: dict[str, Any] | None = None

    @property
    def known(self) -> frozenset[str]:
        """What may stand in the query."""
        return frozenset(query.name for query in self.queries if not query.header) | {"token"}

    @property
    def writes(self) -> bool:
        """Whether it changes something, and so needs the token from everywhere."""
        return self.method != "GET"


def _whole(least: int, most: int, default: int | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return schema if default is None else {**schema, "default": default}


_TEXT = {"type": "string", "maxLength": 200}
_TIME = {"type": "string", "format": "date-time", "maxLength": 40}
_ISO = "a day or a time, ISO 8601, in UTC where it names no zone"
_BIG = 2**53
_SPEED = {"type": "number", "minimum": 0, "maximum": FASTEST, "default": 0}
_TYPE = Query("type", "Only these types; several with commas", {"type": "string", "examples": ["chat,gift"]})
_SESSION = Query("id", "The session's key", {"type": "string", "pattern": "^[0-9a-zA-Z]{1,40}$"})
_STREAMER = Query("streamer", "Whose sessions: name or @name", {"type": "string", "minLength": 1, "maxLength": 200})
_STREAM = Query("stream", "Only this stream", _TEXT)
_CURSOR = "Where an earlier page ended: its next"
_USER = Query("user", "Only of this person: id, handle or @handle", _TEXT)

_WRITES = (400, 401, 403, 408, 409, 413, 415, 422)
ROUTES = (
    Route("GET", "/api/health", "live.health", "Whether everything is being kept; 503 while it is not", "Health"),
    Route("GET", "/api/status", "live.status", "Versions, streams per state, OBS, connected pages", "Status"),
    Route("GET", "/api/streams", "live.streams", "All streams", "Streams"),
    Route(
        *("POST", "/api/stream_action", "live.stream_action", "Do something to a stream", "StreamDone"),
        (*_WRITES, 404),
        body=StreamAction,
        more="stream in the answer is the stream as it is now, null when it is gone (remove). A name, @name or live"
        " URL may be added.",
        example={"stream": "ana", "action": "add"},
    ),
    Route(
        *("GET", "/api/sessions", "past.sessions", "Sessions, the newest first", "Sessions", (400, 503)),
        (
            Query("streamer", "Only of this streamer", _TEXT),
            Query("limit", "At most so many", _whole(1, 500, 50)),
            Query("after", _CURSOR, {"type": "string", "pattern": "^[0-9]{1,13}-[0-9]{1,15}$"}),
        ),
    ),
    Route(
        *("GET", "/api/sessions/{id}", "past.session", "One session: totals, gaps, coverage of its likes"),
        *("SessionWhole", (404, 503), (_SESSION,)),
    ),
    Route(
        *("GET", "/api/sessions/{id}/events", "past.events", "Events, the newest first", "Events", (400, 404, 503)),
        (
            _SESSION,
            _TYPE,
            Query("subtype", "Only this subtype", {"type": "string", "maxLength": 40}),
            _USER,
            Query(
                "q", "Only what was said with these words (their beginnings are enough), or a phrase in quotes", _TEXT
            ),
            Query("limit", "At most so many (with raw at most 50)", _whole(1, 1000, 50)),
            Query("before", _CURSOR, _whole(0, _BIG)),
            Query("raw", "With every original message as raw_data", {"type": "boolean"}),
        ),
    ),
    Route(
        *("GET", "/api/sessions/{id}/stream", "past.stream", "Events while they are written, each once, in order"),
        *("Text", (400, 404, 503)),
        (
            _SESSION,
            _TYPE,
            Query("after", "Go on behind this event, as with Last-Event-ID; 0 begins with the first", _whole(0, _BIG)),
            Query("Last-Event-ID", "The id of the last event that came; browsers send it", _whole(0, _BIG), True),
        ),
        media=("text/event-stream",),
        more="Server-sent events. Each message is named after the event's type, so that a script listens to"
        ' addEventListener("gift", …), not to onmessage; its data is the event as in events. An id without data says'
        " where the stream stands: at the start, and now and then while it is quiet.",
    ),
    Route(
        *("GET", "/api/sessions/{id}/participants", "past.participants", "People, the best first", "Participants"),
        (400, 404, 503),
        (
            _SESSION,
            Query("limit", "At most so many", _whole(1, 1000, 100)),
            Query("after", _CURSOR, _whole(0, _BIG)),
        ),
    ),
    Route(
        *("GET", "/api/sessions/{id}/users/{user}", "past.participant", "One person in a session", "User", (404, 503)),
        (_SESSION, Query("user", "Id, handle or @handle", {"type": "string", "minLength": 1, "maxLength": 200})),
    ),
    Route(
        *("GET", "/api/sessions/{id}/shares", "analyses.shares", "Who shared, when, and what came of it", "Shares"),
        *((404, 503), (_SESSION,)),
        more="A session that is under way is told until its last written event. The schemas say how each figure is"
        " defined and what it cannot tell; every rate comes with its sample.",
    ),
    Route(
        *("GET", "/api/sessions/{id}/engagement", "analyses.engagement", "What the audience did", "Engagement"),
        *((404, 503), (_SESSION,)),
        more="TikTok tells nobody's leaving: nothing here is about how long people stay.",
    ),
    Route(
        "GET",
        "/api/streamers/{streamer}/shares",
        "analyses.shares_of_streamer",
        "The shares of a streamer's newest sessions together",
        *("SharesOfStreamer", (404, 503), (_STREAMER,)),
    ),
    Route(
        "GET",
        "/api/streamers/{streamer}/engagement",
        "analyses.engagement_of_streamer",
        "The engagement of a streamer's newest sessions together",
        *("EngagementOfStreamer", (404, 503), (_STREAMER,)),
    ),
    Route(
        *("GET", "/api/export/session/{id}", "past.export", "All events as a file", "File", (400, 404, 409, 503)),
        (
            _SESSION,
            Query("format", "The file's format", {"type": "string", "enum": ["jsonl", "json", "csv", "parquet"]}),
            _TYPE,
            _USER,
            Query("since", f"Only events from then on: {_ISO}", _TIME),
            Query("until", f"Only events before then: {_ISO}", _TIME),
            Query("raw", "With every original message", {"type": "boolean"}),
        ),
        media=("application/x-ndjson", "application/json", "text/csv", "application/vnd.apache.parquet"),
    ),
    Route(
        *("GET", "/api/question", "live.question", "The comment on screen, and those that wait", "Questions", (404,)),
        (_STREAM,),
    ),
    Route(
        *("POST", "/api/question", "live.ask", "Choose a comment for the overlay", "Said", (*_WRITES, 404, 503)),
        body=Ask,
        more="Either event_id, of a chat event that was written, or message_id, user_id and text.",
        example={"stream": "ana", "message_id": "7100000000000000001", "user_id": "77", "text": "Why?"},
    ),
    Route(
        *("DELETE", "/api/question", "live.clear", "Take the comment off the screen", "Said", (*_WRITES, 404)),
        (_STREAM,),
        more="Where none is on screen, nothing is done.",
    ),
    Route(
        *("POST", "/api/save_config", "live.save_config", "Write changed settings to the file", "Saved"),
        (*_WRITES, 503),
    ),
    Route(
        *("POST", "/api/clear_logs", "live.clear_logs", "Empty the log view, never events", "Cleared", _WRITES),
    ),
    Route(
        *("GET", "/api/clips", "clips.clips", "Clips of OBS's replay buffer, the newest first", "Clips", (400, 503)),
        (
            Query("q", "Only with all of these words, in file, names, messages, triggers, state or reason", _TEXT),
            Query("limit", "At most so many", _whole(1, 500, 50)),
            Query("before", _CURSOR, _whole(0, _BIG)),
        ),
    ),
    Route(
        *("GET", "/api/clips/{id}", "clips.clip", "One clip with the chat of the 30 s before it", "ClipWhole"),
        *((404, 503), (Query("id", "The clip's number", _whole(1, _BIG)),)),
    ),
    Route(
        *("GET", "/api/trends", "trends.trends", "TikTok's trending videos that take off, of the last good run"),
        *("Trends", (400, 503)),
        (
            Query("limit", "At most so many", _whole(1, MOST, 50)),
            Query("min_velocity", "Only with at least so many likes, comments and shares a minute", _SPEED),
            Query("sort", "The highest first of this", {"type": "string", "enum": list(ORDERS), "default": "velocity"}),
        ),
        more="Nothing is fetched by asking: that is done in the console (v), or by tui-live trends.",
    ),
    Route(
        *("GET", "/video/{name}", "video.video", "A clip's file, or a part of it", "File"),
        (400, 404, 416, 503),
        (
            Query("name", "The file's name", {"type": "string", "minLength": 1, "maxLength": 255}),
            Query("id", "Of clips in several folders with the same name, this one", _whole(0, _BIG)),
            Query("download", "To save it, not to play it", {"type": "boolean"}),
            Query("Range", "One part of it: bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT", _TEXT, header=True),
            Query("If-Range", "Only a part of this version (ETag or Last-Modified), else all", _TEXT, header=True),
        ),
        media=tuple(dict.fromkeys(VIDEO_TYPES.values())),
    ),
    Route(
        *("POST", "/api/connect_obs", "clips.connect_obs", "Connect with OBS, or try again at once", "ObsSaid"),
        _WRITES,
    ),
    Route("GET", "/metrics", "live.metrics", "Readings for Prometheus", "Text", media=("text/plain",)),
)
#: What anything may be answered with.
_ALWAYS = (400, 401, 403, 421)
_SAID = {
    400: "A parameter or the body is not what it should be",
    401: "The token is needed",
    403: "Another page may not ask this",
    404: "There is no such thing",
    408: "The body did not come in time",
    409: "This cannot be done now",
    413: "The body is too long",
    415: "The body is packed (Content-Encoding)",
    416: "The file has no such part",
    421: "The server is not known under that name",
    422: "The body has another shape",
    503: "The database is in trouble, or too many ask for this at once",
}


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    bodies = [route.body for route in ROUTES if route.body is not None]
    _, schemas = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TUI Live",
            "version": __version__,
            "description": "Reading from this machine needs nothing; everything else needs the token that"
            " tui-live info shows. Lists are {name: […], next: cursor or null}; errors {error: {code, message}}."
            f" Types of events: {', '.join(TYPES)}. /ws is the overlay pages' own line and changes with them: what"
            " happens is followed with /api/sessions/{id}/stream.",
        },
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **schemas},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "token": {"type": "apiKey", "in": "query", "name": "token"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": ref("Error")}}}
    schemas = {media: _schema(route, media) for media in route.media}
    refusals = sorted({*route.refusals, *_ALWAYS})
    made: dict[str, Any] = {
        "summary": route.said,
        "operationId": route.handler.replace(".", "_"),
        "parameters": [
            {
                "name": query.name,
                "in": "header" if query.header else "path" if f"{{{query.name}}}" in route.path else "query",
                "required": f"{{{query.name}}}" in route.path,
                "description": query.said,
                "schema": query.schema or _TEXT,
            }
            for query in route.queries
        ],
        "responses": {
            "200": {
                "description": route.said,
                "content": {media: {"schema": schema} for media, schema in schemas.items()},
            },
            **{str(status): {"description": _SAID[status], **error} for status in refusals},
        },
        "security": [{"bearer": []}, {"token": []}] if route.writes else [{}, {"bearer": []}, {"token": []}],
    }
    if route.body is not None:
        content = {"application/json": {"schema": ref(route.body.__name__), "example": route.example}}
        made["requestBody"] = {"required": True, "content": content}
    if route.more:
        made["description"] = route.more
    if 416 in route.refusals:
        made["responses"]["206"] = {**made["responses"]["200"], "description": "The part that was asked for"}
    if route.path == "/api/health":
        made["responses"]["503"] = {"description": "Something is in trouble", **made["responses"]["200"]}
    return made


def _schema(route: Route, media: str) -> dict[str, Any]:
    """What comes as that: JSON has a shape, everything else is a text."""
    if route.answers in SCHEMAS:
        return ref(route.answers)
    return {"type": "object" if media == "application/json" else "string"}
