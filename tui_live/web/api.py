"""The API as one table, from which the routes are made and the OpenAPI document is written."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from tui_live import __version__
from tui_live.core.events import TYPES
from tui_live.web.live import Ask, StreamAction


class Query(NamedTuple):
    """A parameter: in the path where the path names it, else in the query."""

    name: str
    said: str
    schema: dict[str, Any] | None = None


class Route(NamedTuple):
    """One operation; ``handler`` is ``live`` or ``past`` and a method's name, ``answers`` the name of what comes."""

    method: str
    path: str
    handler: str
    said: str
    answers: str
    queries: tuple[Query, ...] = ()
    body: type[Any] | None = None
    media: str = "application/json"

    @property
    def writes(self) -> bool:
        """Whether it changes something, and so needs the token from everywhere."""
        return self.method != "GET"


def _whole(least: int, most: int, default: int | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return schema if default is None else {**schema, "default": default}


_TEXT = {"type": "string", "maxLength": 200}
_BIG = 2**53
_TYPE = Query("type", "Only these types; several with commas", {"type": "string", "examples": ["chat,gift"]})
_SESSION = Query("id", "The session's key", {"type": "string", "pattern": "^[0-9a-zA-Z]{1,40}$"})
_STREAM = Query("stream", "Only this stream", _TEXT)
_RAW = Query("raw", "With every original message as raw_data (at most 50 events)", {"type": "boolean"})
_USER = Query("user", "Only of this person: id, handle or @handle", _TEXT)

ROUTES = (
    Route("GET", "/api/health", "live.health", "Whether everything is being kept", "health"),
    Route("GET", "/api/status", "live.status", "Versions, streams per state, connected pages", "status"),
    Route("GET", "/api/streams", "live.streams", "All streams", "streams"),
    Route("POST", "/api/stream_action", "live.stream_action", "Do something to a stream", "stream", body=StreamAction),
    Route(
        *("GET", "/api/sessions", "past.sessions", "Sessions, the newest first", "sessions"),
        (
            Query("streamer", "Only of this streamer", _TEXT),
            Query("limit", "At most so many", _whole(1, 500, 50)),
            Query("after", "Where an earlier page ended: its next", _whole(0, _BIG)),
        ),
    ),
    Route("GET", "/api/sessions/{id}", "past.session", "One session: totals, gaps, coverage", "session", (_SESSION,)),
    Route(
        *("GET", "/api/sessions/{id}/events", "past.events", "Events, the newest first", "events"),
        (
            _SESSION,
            _TYPE,
            Query("subtype", "Only this subtype", {"type": "string", "maxLength": 40}),
            _USER,
            Query("q", "Only with these words; quotes for a phrase", _TEXT),
            Query("limit", "At most so many (1000; 50 with raw)", _whole(1, 1000, 50)),
            Query("before", "Where an earlier page ended: its next", _whole(0, _BIG)),
            _RAW,
        ),
    ),
    Route(
        *("GET", "/api/sessions/{id}/stream", "past.stream", "Events while they are written, each once", "events"),
        (_SESSION, _TYPE, Query("after", "Go on behind this event; as Last-Event-ID", _whole(0, _BIG))),
        media="text/event-stream",
    ),
    Route(
        *("GET", "/api/sessions/{id}/participants", "past.participants", "People, the best first", "participants"),
        (
            _SESSION,
            Query("limit", "At most so many", _whole(1, 1000, 100)),
            Query("after", "Where an earlier page ended: its next", _whole(0, _BIG)),
        ),
    ),
    Route(
        *("GET", "/api/sessions/{id}/users/{user}", "past.participant", "One person in a session", "user"),
        (_SESSION, Query("user", "Id, handle or @handle", {"type": "string", "minLength": 1, "maxLength": 200})),
    ),
    Route(
        *("GET", "/api/export/session/{id}", "past.export", "All events as a file", "events"),
        (
            _SESSION,
            Query("format", "The file's format", {"type": "string", "enum": ["jsonl", "json", "csv"]}),
            _TYPE,
            _USER,
            Query("raw", "With every original message", {"type": "boolean"}),
        ),
        media="application/octet-stream",
    ),
    Route(
        "GET", "/api/question", "live.question", "The comment on screen, and those that wait", "question", (_STREAM,)
    ),
    Route("POST", "/api/question", "live.ask", "Choose a comment for the overlay", "said", body=Ask),
    Route("DELETE", "/api/question", "live.clear", "Take the comment off the screen", "said", (_STREAM,)),
    Route("POST", "/api/save_config", "live.save_config", "Write changed settings to the file", "saved"),
    Route("POST", "/api/clear_logs", "live.clear_logs", "Empty the log view, never events", "cleared"),
    Route("GET", "/metrics", "live.metrics", "Readings for Prometheus", "text", media="text/plain"),
)
_ERRORS = {
    "400": "A parameter or the body is not what it should be",
    "401": "The token is needed",
    "403": "Another page may not ask this",
    "404": "There is no such thing",
    "408": "The body did not come in time",
    "409": "This cannot be done now",
    "413": "The body is too long",
    "421": "The server is not known under that name",
    "422": "The body has another shape",
    "503": "Something is in trouble, and said so",
}


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    bodies = [route.body for route in ROUTES if route.body is not None]
    _, schemas = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    schemas["Error"] = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TUI Live",
            "version": __version__,
            "description": "Reading from this machine needs nothing; everything else needs the token that"
            " tui-live info shows. Lists are {name: […], next: cursor or null}; errors {error: {code, message}}."
            f" Types of events: {', '.join(TYPES)}.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "token": {"type": "apiKey", "in": "query", "name": "token"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    made: dict[str, Any] = {
        "summary": route.said,
        "operationId": route.handler.replace(".", "_"),
        "parameters": [
            {
                "name": query.name,
                "in": "path" if f"{{{query.name}}}" in route.path else "query",
                "required": f"{{{query.name}}}" in route.path,
                "description": query.said,
                "schema": query.schema or _TEXT,
            }
            for query in route.queries
        ],
        "responses": {
            "200": {"description": route.answers, "content": {route.media: {"schema": {}}}},
            **{code: {"description": said, **error} for code, said in _ERRORS.items()},
        },
        "security": [{"bearer": []}, {"token": []}] if route.writes else [{}, {"bearer": []}, {"token": []}],
    }
    if route.body is not None:
        schema = {"$ref": f"#/components/schemas/{route.body.__name__}"}
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return made
