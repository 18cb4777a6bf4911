"""What one layer says: a file, the environment, the command line. Each value knows who gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui_live.config.convert import Refused, convert, suggestion
from tui_live.config.document import Document, parse_value, read_file
from tui_live.config.keys import at, is_collection, is_section, secret_keys, settings
from tui_live.config.schema import Config
from tui_live.config.secrets import MASK, without_credentials
from tui_live.config.section import hints
from tui_live.errors import ConfigError

PREFIX = "TUI_LIVE_"
ENVIRONMENT = "environment variable "
#: Variables that other TikTok tools use too. ``TUI_LIVE_…`` says it more exactly and wins.
SHARED_VARIABLES = {
    "SIGN_API_KEY": "tiktok.sign_api_key",
    "TIKTOK_TRENDING_LIMIT": "trends.limit",
    "TIKTOK_MIN_ENGAGEMENT_VELOCITY": "trends.min_velocity",
    "RATE_LIMIT_DELAY": "trends.rate_limit_delay_seconds",
}


class Given(Struct, frozen=True):
    """One value as somebody wrote it, not yet checked.

    ``source`` is who gave it; ``place`` is the same with the line, for errors. A relative path begins at ``folder``.
    """

    key: str
    value: object
    place: str
    source: str
    folder: Path


def from_file(path: Path) -> list[Given]:
    """What the file at ``path`` says. Raises :class:`ConfigError` when it cannot be read or has an unknown key."""
    return from_document(read_file(path), path)


def from_document(document: Document, path: Path) -> list[Given]:
    """What a file's text says, setting by setting."""
    folder = path.absolute().parent
    return [
        given
        for key, value in document.data.items()
        for given in spread(key, value, str(path), folder=folder, lines=document.lines)
    ]


def from_environment(environ: Mapping[str, str]) -> Iterator[Given]:
    """What the variables say; an empty one says nothing. ``__`` stands for the dot of a key."""
    for name, key in SHARED_VARIABLES.items():
        if environ.get(name):
            yield from spread(key, environ[name], ENVIRONMENT + name)
    for name, text in sorted(environ.items()):
        key = name.removeprefix(PREFIX).lower().replace("__", ".")
        hint = at(key)
        if not name.startswith(PREFIX) or not text or (hint is None and "." not in key):
            continue  # TUI_LIVE_HOME and others are no settings
        place = ENVIRONMENT + name
        plural = hint is not None and (is_section(hint) or is_collection(hint))
        yield from spread(key, _collection(text, place) if plural else text, place)


def spread(
    key: str, value: object, source: str, *, folder: Path | None = None, lines: Mapping[str, int] | None = None
) -> Iterator[Given]:
    """The settings within ``value``, which stands at a dotted key: a setting's own value or a whole section.

    ``None`` is "not set". Raises :class:`ConfigError` for an unknown key.
    """
    place = f"{source} line {lines[key]}" if lines and key in lines else source
    hint = at(key)
    if hint is None:
        parent, _, name = key.rpartition(".")
        section = at(parent) if parent else Config
        known = list(hints(section)) if is_section(section) else list(hints(Config))
        raise ConfigError(f"{place}: unknown key {brief(key)}", suggestion(name, known))
    if value is None:
        return
    if not is_section(hint):
        yield Given(key, value, place, source, folder or Path.cwd())
        return
    if isinstance(value, hint):
        value = {name: getattr(value, name) for name in hints(hint)}
    if not isinstance(value, Mapping):
        raise ConfigError(f"{place}: {key} is {shown(key, value)}", f"allowed: a table with {', '.join(hints(hint))}")
    for name, inner in value.items():
        yield from spread(f"{key}.{name}", inner, source, folder=folder, lines=lines)


def checked(given: Given) -> Any:
    """The value as its setting wants it; raises :class:`ConfigError` with file, key, value and what is allowed."""
    try:
        value = convert(settings()[given.key], given.value)
    except Refused as refused:
        key = brief(given.key + refused.path)
        if refused.what:
            raise ConfigError(f"{given.place}: {key} {refused.what}", refused.allowed) from None
        what = f"{given.place}: {key} is {shown(given.key, refused.value)}"
        raise ConfigError(what, f"allowed: {refused.allowed}") from None
    return given.folder / value if isinstance(value, Path) else value


def shown(key: str, value: object) -> str:
    """A value for an error message: short, in one line, and without secrets."""
    if key in secret_keys():
        return MASK
    if value is None:
        return "empty"
    bare = isinstance(value, str) and value.isprintable() and value and " " not in value
    return brief(without_credentials(str(value) if bare else repr(value)))


def brief(text: str) -> str:
    """``text`` printable and short enough for a line."""
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 80 else text[:79] + "…"


def _collection(text: str, place: str) -> object:
    """A list or table from a variable: YAML or JSON, or names with commas between them."""
    if text.lstrip()[:1] in ("[", "{", "-") or ": " in text:
        return parse_value(text, place)
    return [part.strip() for part in text.split(",") if part.strip()]
