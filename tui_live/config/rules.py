"""What a setting may be, beyond its type: small rules that stand in the annotations of :mod:`.schema`.

A rule takes a value that already has the right type, gives it back (perhaps in its proper spelling) or raises
``ValueError``; ``allowed`` completes "allowed: …" in the message that the operator reads.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import Any, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from tui_live.config.streams import NAME_ALLOWED, normalise_stream
from tui_live.errors import ConfigError


class Rule(Protocol):
    """One check of one value."""

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""

    def check(self, value: Any) -> Any:
        """``value`` in its proper spelling; raises ``ValueError`` when it is not allowed."""


class Secret(Struct, frozen=True):
    """Marks a setting that no log, export, error or screen may show."""


class Between(Struct, frozen=True):
    """A number from ``low`` to ``high``, both included; ``unit`` is for the reader."""

    low: float
    high: float
    unit: str = ""

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"from {self.low:,} to {self.high:,} {self.unit}".rstrip()

    def check(self, value: float) -> float:
        """``value``, where it is allowed; else ``ValueError``."""
        if not self.low <= value <= self.high:
            raise ValueError
        return value


class Matching(Struct, frozen=True):
    """A text that a pattern describes as a whole."""

    pattern: str
    allowed: str

    def check(self, value: str) -> str:
        """``value``, where it is allowed; else ``ValueError``."""
        if not re.fullmatch(self.pattern, value):
            raise ValueError
        return value


class Url(Struct, frozen=True):
    """An address with one of ``schemes`` and a host; a slash at its end is dropped."""

    schemes: tuple[str, ...] = ("http", "https")

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"a URL that begins with {' or '.join(scheme + '://' for scheme in self.schemes)} and names a host"

    def check(self, value: str) -> str:
        """``value``, where it is allowed; else ``ValueError``."""
        value = value.strip()
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is not a port
        if parts.scheme not in self.schemes or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", value):
            raise ValueError
        return value.rstrip("/")


class Origin(Struct, frozen=True):
    """Where another page comes from, as a browser says it: scheme, host, and the port where it is not the usual one."""

    allowed: str = "an origin such as https://example.com, without a path; * is none"

    def check(self, value: str) -> str:
        """``value``, where it is allowed; else ``ValueError``."""
        value = value.strip().lower()
        parts = urlsplit(value)
        usual = {"http": 80, "https": 443}
        if parts.scheme not in usual or not re.fullmatch(r"https?://[a-z0-9._:\[\]-]+", value) or not parts.hostname:
            raise ValueError
        return value.removesuffix(f":{parts.port}") if parts.port == usual[parts.scheme] else value


class StreamName(Struct, frozen=True):
    """A stream as the operator may write it, stored as TikTok writes it."""

    allowed: str = NAME_ALLOWED

    def check(self, value: str) -> str:
        """``value``, where it is allowed; else ``ValueError``."""
        try:
            return normalise_stream(value)
        except ConfigError as error:
            raise ValueError from error


class ClipName(Struct, frozen=True):
    """A file name with placeholders, without its extension."""

    allowed: str = "a file name of at most 200 characters with {username}, {trigger}, {timestamp} or {streamer} in it"

    def check(self, value: str) -> str:
        """``value``, where it is allowed; else ``ValueError``."""
        names = [name for _, name, spec, conversion in Formatter().parse(value) if name is not None]
        plain = all(not spec and not conversion for _, _, spec, conversion in Formatter().parse(value))
        known = {"username", "trigger", "timestamp", "streamer"}
        if not names or not plain or set(names) - known or re.search(r"[/\\\x00-\x1f\x7f]", value) or len(value) > 200:
            raise ValueError
        return value


class Distinct(Struct, frozen=True):
    """A list in which an entry that comes again is dropped."""

    allowed: str = "a list"

    def check(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        """``value``, where it is allowed; else ``ValueError``."""
        return tuple(dict.fromkeys(value))


class Keys(Struct, frozen=True):
    """A table with no other keys than ``names``."""

    names: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"a table with {', '.join(self.names)}"

    def check(self, value: dict[str, Any]) -> dict[str, Any]:
        """``value``, where it is allowed; else ``ValueError``."""
        if set(value) - set(self.names):
            raise ValueError
        return value


HOST = Matching(r"[^\s/@\x00-\x1f\x7f]{1,253}", "a host name or an IP address, without a port")
HOST_NAME = Matching(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?", "a host name, without a port; * is none")
WORDS = Matching(r"(?s)(?=.*\S)[^\x00-\x1f\x7f]{1,200}", "a text of 1 to 200 characters")
COLOUR = Matching(
    r"[A-Za-z]{3,30}|#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})",
    "green, transparent, magenta or any other colour as a CSS name or #rrggbb",
)
TOKEN = Matching(r"[A-Za-z0-9._~+=-]{8,200}", "8 to 200 letters, digits or . _ ~ + = -")
LINE = Matching(r"[^\x00-\x1f\x7f]{1,2000}", "a text in one line of at most 2,000 characters")
