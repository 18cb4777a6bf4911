"""One value, from wherever it came, as the type and under the rules that its setting's annotation states."""

from __future__ import annotations

import math
import os
import re
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT

from tui_live.config.rules import Secret
from tui_live.config.section import Section, hints

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")
_INTEGER = re.compile(r"[+-]?[0-9][0-9_]{0,17}")
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_]{0,17}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})(?:[eE][+-]?[0-9]{1,3})?")


class Refused(Exception):
    """A value that its setting does not take: where inside the setting, the value, and what is allowed."""

    def __init__(self, value: object, allowed: str, path: str = "", what: str = "") -> None:
        super().__init__(allowed)
        self.value = value
        self.allowed = allowed
        self.path = path
        self.what = what

    def inside(self, step: str) -> Refused:
        """The same refusal, seen from one level further out."""
        return Refused(self.value, self.allowed, step + self.path, self.what)


def convert(hint: Any, value: object) -> Any:
    """``value`` as ``hint`` wants it; raises :class:`Refused`."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(choice for choice in get_args(hint) if choice is not types.NoneType)
        return None if value is None else convert(inner, value)
    if isinstance(hint, type) and issubclass(hint, Section):
        return section(hint, value)
    by_origin = {Annotated: _annotated, Literal: _choice, tuple: _list, dict: _table}
    return by_origin[origin](hint, value) if origin in by_origin else _SCALARS[hint](value)


def allowed(hint: Any) -> str:
    """What a setting takes, in words."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *extras = get_args(hint)
        said = [extra.allowed for extra in extras if not isinstance(extra, Secret)]
        kind = allowed(base)
        return f"{kind} {said[0]}" if said and "number" in kind else (said[0] if said else kind)
    if origin in (Union, types.UnionType):
        return allowed(get_args(hint)[0])
    if origin is Literal:
        return " or ".join(get_args(hint))
    if origin is tuple:
        return "a list"
    if origin is dict:
        return "a table of 'key: value' lines"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", Path: "a path"}
    return names.get(hint, "a table of 'key: value' lines")


def section(kind: type[Section], value: object) -> Section:
    """A section inside a setting, such as a trigger, from the way in which an operator writes it."""
    if isinstance(value, kind):
        value = {name: getattr(value, name) for name in kind.__struct_fields__}
    else:
        value = kind.spelled(value)
    fields = hints(kind)
    if not isinstance(value, Mapping):
        raise Refused(value, f"a table with {', '.join(fields)}")
    made: dict[str, Any] = {}
    for name, given in value.items():
        if name not in fields:
            raise Refused(given, suggestion(str(name), list(fields)), f".{name}", "unknown key")
        try:
            converted = convert(fields[name], given)
        except Refused as refused:
            raise refused.inside(f".{name}") from None
        if converted is not None and given is not None:
            made[name] = converted
    for name, default in defaults(kind).items():
        if default is NODEFAULT and name not in made:
            raise Refused(None, allowed(fields[name]), f".{name}", "is missing")
    done = kind(**made)
    if wrong := done.checked():
        raise Refused(value, wrong)
    return done


def defaults(kind: type[Section]) -> dict[str, Any]:
    """The default of each setting of a section, ``NODEFAULT`` where it must be given."""
    from msgspec.structs import fields

    return {
        field.name: field.default_factory() if callable(field.default_factory) else field.default
        for field in fields(kind)
    }


def plain(hint: Any, value: Any) -> Any:
    """A setting's value as YAML writes it: texts, numbers, flags, lists and tables only."""
    for rule in get_args(hint)[1:] if get_origin(hint) is Annotated else ():
        if hasattr(rule, "plain"):
            value = rule.plain(value)
    return _simple(value)


def suggestion(name: str, known: list[str]) -> str:
    """What a misspelt name may have meant."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1, 0.5)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"


def _simple(value: Any) -> Any:
    if isinstance(value, Section):
        return _simple(value.plain())
    if isinstance(value, Mapping):
        return {key: _simple(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_simple(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, Path) else value


def _annotated(hint: Any, value: object) -> Any:
    base, *extras = get_args(hint)
    rules = [extra for extra in extras if not isinstance(extra, Secret)]
    for rule in rules:
        if hasattr(rule, "spelled"):
            value = rule.spelled(value)
    try:
        made = convert(base, value)
        for rule in rules:
            made = made if made is None else _checked(rule, made)
    except Refused as refused:
        raise (refused if refused.path else Refused(refused.value, allowed(hint))) from None
    except (ValueError, TypeError, OverflowError):
        raise Refused(value, allowed(hint)) from None
    return made


def _checked(rule: Any, made: Any) -> Any:
    if isinstance(made, Path):
        rule.check(str(made))
        return made
    return rule.check(made)


def _choice(hint: Any, value: object) -> str:
    choices = get_args(hint)
    text = value.strip().lower() if isinstance(value, str) else value
    if text not in choices:
        raise Refused(value, allowed(hint))
    return str(text)


def _list(hint: Any, value: object) -> tuple[Any, ...]:
    item_hint = get_args(hint)[0]
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise Refused(value, "a list")
    made = []
    for at, item in enumerate(value):
        try:
            if item is None:
                raise Refused(item, allowed(item_hint))
            made.append(convert(item_hint, item))
        except Refused as refused:
            raise refused.inside(f"[{at}]") from None
    return tuple(made)


def _table(hint: Any, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Refused(value, allowed(hint))
    item_hint = get_args(hint)[1]
    made = {}
    for key, item in value.items():
        try:
            if item is None:
                raise Refused(item, allowed(item_hint))
            made[str(key)] = convert(item_hint, item)
        except Refused as refused:
            raise refused.inside(f".{key}") from None
    return made


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text not in _TRUE + _FALSE:
        raise Refused(value, allowed(bool))
    return text in _TRUE


def _whole(value: object) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value.strip().replace("_", ""))
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise Refused(value, allowed(int))


def _number(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value.strip().replace("_", ""))
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            made = float(value)
        except OverflowError:
            raise Refused(value, allowed(float)) from None
        if math.isfinite(made):
            return made
    raise Refused(value, allowed(float))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Refused(value, allowed(str))


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value).strip() and "\0" not in str(value):
        return Path(os.path.expanduser(str(value).strip()))  # noqa: PTH111  (Path.expanduser raises for an unknown user)
    raise Refused(value, allowed(Path))


_SCALARS: dict[Any, Any] = {bool: _flag, int: _whole, float: _number, str: _text, Path: _path}
