"""The configuration in effect, put together from its layers, and which layer each value came from.

Command line, then environment, then a file (the one given by ``-c``; else ``config.yaml`` in the working folder over
the user's own), then defaults.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from msgspec import Struct

from tui_live import paths
from tui_live.config.convert import Refused, convert, defaults, suggestion
from tui_live.config.document import parse_value, read_file
from tui_live.config.schema import Config
from tui_live.config.secrets import MASK, without_credentials
from tui_live.config.section import Section, hints, is_secret
from tui_live.errors import ConfigError

PREFIX = "TUI_LIVE_"
#: Variables that other TikTok tools use too. ``TUI_LIVE_…`` says it more exactly and wins.
SHARED_VARIABLES = {
    "SIGN_API_KEY": "tiktok.sign_api_key",
    "TIKTOK_TRENDING_LIMIT": "trends.limit",
    "TIKTOK_MIN_ENGAGEMENT_VELOCITY": "trends.min_velocity",
    "RATE_LIMIT_DELAY": "trends.rate_limit_delay_seconds",
}
DEFAULT = "default"
COMMAND_LINE = "command line"
_ENVIRONMENT = "environment variable "


class Loaded(Struct, frozen=True):
    """A configuration and where it came from.

    ``path`` is the file that :func:`tui_live.config.save` writes; it need not exist yet. ``sources`` tells for each
    dotted key ``default``, a file's path, ``environment variable NAME`` or ``command line``; ``files`` were read.
    """

    config: Config
    path: Path
    sources: Mapping[str, str]
    files: tuple[Path, ...] = ()

    def from_environment(self, key: str) -> bool:
        """Whether the value of this dotted key came from the environment, and so belongs in no file."""
        return self.sources.get(key, "").startswith(_ENVIRONMENT)


class Given(Struct, frozen=True):
    """One value as somebody wrote it; ``place`` names the file (with line), variable or command line for errors."""

    key: str
    value: object
    place: str
    source: str


def load(
    path: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read, check and combine all layers; ``overrides`` are the command line's, by dotted key, ``None`` is "not given".

    Raises :class:`ConfigError` with one line that names file, key, value and what is allowed.
    """
    files = _files(path)
    layers: list[Given] = []
    for file in files:
        layers += from_file(file)
    layers += _from_environment(os.environ if environ is None else environ)
    for key, value in (overrides or {}).items():
        layers += spread(key, value, COMMAND_LINE, COMMAND_LINE)
    values: dict[str, Any] = {}
    places: dict[str, Given] = {}
    for given in layers:
        values[given.key] = checked(given)
        places[given.key] = given
    config = assemble(Config, values)
    check_together(config, places)
    sources = {key: places[key].source if key in places else DEFAULT for key in settings()}
    target = path or (files[-1] if files else paths.config_file())
    return Loaded(config, target.absolute(), sources, tuple(files))


def settings() -> dict[str, Any]:
    """The annotation of every setting by its dotted key, in the order of the file."""
    return dict(_settings(Config, ""))


def secret_keys() -> frozenset[str]:
    """The dotted keys whose values may not be shown."""
    return frozenset(key for key in settings() if is_secret(*_owner(key)))


def from_file(path: Path) -> list[Given]:
    """What a file says, setting by setting, not yet checked."""
    document = read_file(path)
    found: list[Given] = []
    for key, value in document.data.items():
        found += spread(key, value, str(path), str(path), document.lines)
    return found


def spread(key: str, value: object, place: str, source: str, lines: Mapping[str, int] | None = None) -> Iterator[Given]:
    """The settings within ``value``, which stands at the dotted ``key``: a setting's own value or a whole section."""
    where = f"{place} line {lines[key]}" if lines and key in lines else place
    hint = _at(key)
    if hint is None:
        parent, _, name = key.rpartition(".")
        known = list(hints(_at(parent))) if parent else list(hints(Config))
        raise ConfigError(f"{where}: unknown key {_brief(key)}", suggestion(name, known))
    if value is None:
        return
    if not _is_section(hint):
        yield Given(key, value, where, source)
        return
    if isinstance(value, hint):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: {key} is {_shown(key, value)}", f"allowed: a table with {', '.join(hints(hint))}")
    for name, inner in value.items():
        yield from spread(f"{key}.{name}", inner, place, source, lines)


def checked(given: Given) -> Any:
    """The value as its setting wants it; raises :class:`ConfigError`. Relative paths of a file are the file's."""
    try:
        value = convert(settings()[given.key], given.value)
    except Refused as refused:
        key = given.key + refused.path
        if refused.what:
            raise ConfigError(f"{given.place}: {key} {refused.what}", refused.allowed) from None
        what = f"{given.place}: {_brief(key)} is {_shown(given.key, refused.value)}"
        raise ConfigError(what, f"allowed: {refused.allowed}") from None
    if isinstance(value, Path):
        beside = Path(given.source).absolute().parent if given.source.endswith((".yaml", ".yml")) else Path.cwd()
        return beside / value
    return value


def assemble(kind: type[Section], values: Mapping[str, Any], prefix: str = "") -> Any:
    """A section from checked values by dotted key; what is not given has its default."""
    made: dict[str, Any] = {}
    for name, hint in hints(kind).items():
        key = prefix + name
        if _is_section(hint):
            made[name] = assemble(hint, values, key + ".")
        elif values.get(key) is not None:
            made[name] = values[key]
    return kind(**made)


def check_together(config: Config, places: Mapping[str, Given]) -> None:
    """What no setting can check alone; raises :class:`ConfigError`."""
    tiktok = config.tiktok
    if tiktok.offline_poll_seconds < tiktok.poll_floor:
        key = "tiktok.offline_poll_seconds"
        place = places[key].place if key in places else DEFAULT
        raise ConfigError(
            f"{place}: {key} is {tiktok.offline_poll_seconds:g}",
            f"allowed: {tiktok.poll_floor:g} seconds or more, as long as web_url and webcast_url are TikTok's own",
        )


def _files(path: Path | None) -> list[Path]:
    """The files to read, the weakest first."""
    if path is not None:
        return [path]
    found = [file for file in (paths.config_file(), Path("config.yaml").absolute()) if file.exists()]
    return found[:1] if len(found) > 1 and found[0].samefile(found[1]) else found


def _from_environment(environ: Mapping[str, str]) -> Iterator[Given]:
    for name, key in SHARED_VARIABLES.items():
        if environ.get(name):
            yield Given(key, environ[name], _ENVIRONMENT + name, _ENVIRONMENT + name)
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or not text:
            continue
        key = name.removeprefix(PREFIX).lower().replace("__", ".")
        hint = _at(key)
        place = _ENVIRONMENT + name
        if hint is None and "." not in key:
            continue  # TUI_LIVE_HOME and whatever else is not a setting
        value: object = text
        if hint is not None and (_is_section(hint) or _is_collection(hint)):
            value = _collection(text, place)
        yield from spread(key, value, place, place)


def _collection(text: str, place: str) -> object:
    """A list or table from a variable: YAML or JSON, or names with commas between them."""
    if text.lstrip()[:1] in ("[", "{", "-") or ": " in text:
        return parse_value(text, place)
    return [part.strip() for part in text.split(",") if part.strip()]


def _settings(kind: type[Section], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, hint in hints(kind).items():
        if _is_section(hint):
            yield from _settings(hint, f"{prefix}{name}.")
        else:
            yield prefix + name, hint


def _owner(key: str) -> tuple[type[Section], str]:
    parent, _, name = key.rpartition(".")
    return (_at(parent) if parent else Config), name


def _at(key: str) -> Any:
    """The annotation at a dotted key, or ``None`` where there is no such setting or section."""
    hint: Any = Config
    for name in key.split("."):
        if not _is_section(hint) or name not in hints(hint):
            return None
        hint = hints(hint)[name]
    return hint


def _is_section(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Section)


def _is_collection(hint: Any) -> bool:
    base = get_args(hint)[0] if get_origin(hint) is not None and get_origin(hint) not in (tuple, dict) else hint
    return get_origin(base) in (tuple, dict)


def _shown(key: str, value: object) -> str:
    """A value for an error message: short, in one line, and without secrets."""
    if _at(key) is not None and not _is_section(_at(key)) and is_secret(*_owner(key)):
        return MASK
    bare = isinstance(value, str) and value.isprintable() and value and " " not in value
    return _brief(without_credentials(str(value) if bare else repr(value)))


def _brief(text: str) -> str:
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 80 else text[:79] + "…"


__all__ = ["DEFAULT", "Given", "Loaded", "defaults", "load", "secret_keys", "settings"]
