"""Answers in JSON, errors as ``{"error": {"code", "message"}}``, and parameters that are what they should be."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from aiohttp import HttpVersion11, hdrs, web

_encode = msgspec.json.Encoder().encode
T = TypeVar("T")

#: Bodies of requests are a line or two, and come at once.
MOST_BODY = 64 * 1024
_BODY_SECONDS = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Refused(Exception):
    """A request that cannot be answered as asked: status, code for programs, message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answer(data: Any, status: int = 200) -> web.Response:
    """Data as JSON."""
    return web.Response(body=_encode(data), status=status, content_type="application/json", charset="utf-8")


def listed(name: str, items: list[Any], following: Any = None) -> web.Response:
    """A list as SPEC §7 has it: ``{"<name>": […], "next": cursor or null}``."""
    return answer({name: items, "next": None if following is None else str(following)})


def error(status: int, code: str, message: str) -> web.Response:
    """An error in JSON."""
    return answer({"error": {"code": code, "message": message}}, status)


def number(request: web.Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number from the query. Raises :class:`Refused` (400) for what is none, or out of bounds."""
    text = request.query.get(name)
    if text is None or text == "":
        return default
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
    if value is None or not least <= value <= most:
        raise Refused(400, "bad_parameter", f"{name} is a whole number from {least} to {most}")
    return value


def decimal(request: web.Request, name: str, least: float, most: float) -> float:
    """A number from the query, ``least`` where there is none. Raises :class:`Refused` like :func:`number`."""
    text = request.query.get(name)
    if text is None or text == "":
        return least
    value = float(text) if len(text) < 40 and _DECIMAL.fullmatch(text) else None
    if value is None or not least <= value <= most:
        raise Refused(400, "bad_parameter", f"{name} is a number from {least:g} to {most:g}")
    return value


def flag(request: web.Request, name: str) -> bool:
    """A yes or no from the query: ``1``, ``true``, ``yes``. Raises :class:`Refused`."""
    text = request.query.get(name, "").lower()
    if text not in ("", "0", "false", "no", "1", "true", "yes"):
        raise Refused(400, "bad_parameter", f"{name} is true or false")
    return text in ("1", "true", "yes")


def text(request: web.Request, name: str, most: int = 200) -> str:
    """A text from the query. Raises :class:`Refused` when it is too long."""
    value = request.query.get(name, "")
    if len(value) > most:
        raise Refused(400, "bad_parameter", f"{name} has at most {most} characters")
    return value


def moment(request: web.Request, name: str) -> int | None:
    """UTC milliseconds of a day or a time in the query, ISO 8601, in UTC where it names no zone; ``None`` without one.

    Raises :class:`Refused` for what is none.
    """
    value = text(request, name, 40)
    if not value:
        return None
    try:
        when = datetime.fromisoformat(value.upper())
    except ValueError:
        said = f"{name} is a time such as 2026-11-21T18:30:00Z (and a + of its zone is written %2B)"
        raise Refused(400, "bad_parameter", said) from None
    zoned = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (zoned - _EPOCH) // timedelta(milliseconds=1)


def stream_name(request: web.Request, parameter: str) -> str:
    """A streamer's name from the query as it is used here: without ``@``, in lower case. Raises :class:`Refused`."""
    return text(request, parameter).strip().removeprefix("@").lower()


async def body(request: web.Request, kind: type[T]) -> T:
    """The request's JSON as ``kind``.

    Raises :class:`Refused`: 400 for what is no JSON, 408 when it is too slow, 413 too long, 422 of another shape.
    """
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue" and request.version >= HttpVersion11:
                await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                request.writer.output_size = 0
            data = await request.read()
    except TimeoutError:
        raise Refused(408, "too_slow", "The body did not come in time") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "too_large", f"A body has at most {MOST_BODY} bytes") from None
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as problem:
        raise Refused(422, "bad_body", str(problem)) from None
    except msgspec.DecodeError as problem:
        raise Refused(400, "bad_json", str(problem)) from None
