"""Which part of a file is asked for (RFC 9110, 14.2)."""

from __future__ import annotations

import re

from aiohttp import hdrs, web

_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.ASCII | re.IGNORECASE)
#: No file is as long as a number with so many digits.
_MOST_DIGITS = 18


class Unsatisfiable(Exception):
    """Nothing of what is asked for is in the file."""


def wanted_part(request: web.Request, size: int, tag: str, modified: str) -> range | None:
    """The bytes that are asked for, ``None`` for all of them. Raises :class:`Unsatisfiable`.

    All of them go also to whoever asks for several parts at once, says what is no range, or knows another version of
    the file (``If-Range``). ``tag`` and ``modified`` are its ``ETag`` and ``Last-Modified``.
    """
    given = request.headers.getall(hdrs.RANGE, [])
    found = _RANGE.fullmatch(given[0]) if len(given) == 1 and request.method == hdrs.METH_GET else None
    if found is None or request.headers.get(hdrs.IF_RANGE, tag) not in (tag, modified):
        return None
    first, last = (_number(text) for text in found.groups())
    if first is None:
        if last is None:
            return None
        part = range(max(0, size - last), size)
    elif last is not None and last < first:
        return None
    else:
        part = range(first, size if last is None else min(last + 1, size))
    if not part:
        raise Unsatisfiable
    return part


def _number(text: str) -> int | None:
    if not text:
        return None
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS
