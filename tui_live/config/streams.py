"""How a stream may be named: a user name, an ``@name`` or a live URL, all of which mean the same stream."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from tui_live.errors import ConfigError

_LONGEST = 64
NAME_ALLOWED = (
    f"a TikTok user name (letters, digits, _ and ., at most {_LONGEST}), @name, or a live URL with @name in it"
)
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|[^/@\s]+\.[^/@\s]+/|[^/@\s]+:\d+/", re.IGNORECASE)
_REHEARSALS = ("localhost", "127.0.0.1", "::1")
_NAME_IN_URL = re.compile(r"/@([^/?#]+)")


def normalise_stream(text: str, web_url: str = "") -> str:
    """The stream's name as TikTok writes it: lower case, without ``@``, taken out of a URL where ``text`` is one.

    The URL is one of TikTok's, of this machine (a rehearsal), or of the host of ``web_url``. Letters of every script
    are allowed: TikTok decides who exists. Raises :class:`ConfigError` with a line that says what is allowed.
    """
    name = text.strip()
    if _URL.match(name):
        host = _host(name)
        if host not in _REHEARSALS and not f".{host}".endswith(".tiktok.com") and host != _host(web_url):
            raise ConfigError(f"{_short(text)} is no address of TikTok's", "give its address, or the user name")
        found = _NAME_IN_URL.search(unquote(name))
        if not found:
            raise ConfigError(f"{_short(text)} names no stream", "give the address with @name in it, or the user name")
        name = found[1]
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip().removeprefix("@")).lower())
    if not 0 < len(name) <= _LONGEST or not all(map(_allowed, name)) or not name.strip("."):
        raise ConfigError(f"{_short(text)} is not a stream", f"allowed: {NAME_ALLOWED}")
    return name


def _host(url: str) -> str:
    try:
        return (
            urlsplit("//" + re.sub("^([a-z][a-z0-9+.-]*:)?//", "", url, flags=re.IGNORECASE)).hostname or ""
        ).rstrip(".")
    except ValueError:
        return ""


def _allowed(char: str) -> bool:
    """Letters, the marks that some scripts need to write them, digits, underscore and dot."""
    return char in "_." or unicodedata.category(char)[0] in "LMN"


def _short(text: str) -> str:
    shown = ascii(text) if not text.isprintable() else repr(text)
    return shown if len(shown) <= 60 else shown[:58] + "…'"
