"""Shares and engagement as JSON, and the shapes of that: the results of the core under the names of the API.

A time in milliseconds (``start_ms``) becomes an ISO 8601 text (``start_at``), a span in seconds (``step_s``) says so
(``step_seconds``), and a display name is a ``nickname``, as everywhere in the API.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tui_live.core.definitions import ENGAGEMENT, SHARES, Definition
from tui_live.core.engagement import EngagementOverSessions, EngagementResult
from tui_live.core.shares import SharesOverSessions, SharesResult
from tui_live.core.times import iso

_RESULTS = (SharesResult, EngagementResult, SharesOverSessions, EngagementOverSessions)
_TIME = {"type": "string", "format": "date-time"}
_NULL = {"type": "null"}
_QUOTED = re.compile(r"``([^`]+)``")


def facts(result: Any) -> dict[str, Any]:
    """A result as JSON data."""
    made: dict[str, Any] = _told(msgspec.to_builtins(result, str_keys=True))
    return made


def schemas() -> dict[str, dict[str, Any]]:
    """The shapes of all results and of what they are made of, by name; the definitions of the figures come along."""
    _, found = msgspec.json.schema_components(_RESULTS, ref_template="#/components/schemas/{name}")
    made = {name: _shape(schema) for name, schema in found.items()}
    for name, definitions in (("SharesResult", SHARES), ("EngagementResult", ENGAGEMENT)):
        _define(made[name]["properties"], definitions)
    return made


def _define(properties: dict[str, Any], definitions: tuple[Definition, ...]) -> None:
    """Put what figures mean beside their shapes; of figures within others, beside the outer one."""
    for one in definitions:
        field = _name(one.field.partition(".")[0])
        before = properties[field].get("description")
        said = " ".join(filter(None, (f"{one.name}: {one.text}", one.formula and f"({one.formula})", one.limit)))
        properties[field] = {**properties[field], "description": f"{before} {said}" if before else said}


def _name(name: str) -> str:
    if name == "display_name":
        return "nickname"
    if name == "at_ms":
        return "at"
    if name.endswith("_ms"):
        return f"{name[:-3]}_at"
    return f"{name[:-2]}_seconds" if name.endswith("_s") else name


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _name(name): iso(found) if name.endswith("_ms") and found is not None else _told(found)
            for name, found in value.items()
        }
    return [_told(found) for found in value] if isinstance(value, list) else value


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    shape = {name: found for name, found in schema.items() if name not in ("title", "description")}
    properties = {
        _name(name): _time(found) if name.endswith("_ms") else found for name, found in schema["properties"].items()
    }
    # What has a default is there all the same: nothing is left out of an answer.
    shape |= {"properties": properties, "required": list(properties)}
    if "description" in schema:
        shape["description"] = _said(schema["description"])
    return shape


def _time(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [_TIME, _NULL]} if "anyOf" in schema else _TIME


def _said(text: str) -> str:
    """A docstring for readers of the API: its names are the ones that they see."""
    words = " ".join(text.split()).replace(" (UTC milliseconds)", " (UTC)").replace("UTC milliseconds", "UTC")
    return _QUOTED.sub(lambda found: _word(found[1]), words)


def _word(quoted: str) -> str:
    return "null" if quoted == "None" else re.sub(r"[a-z_]+", lambda found: _name(found[0]), quoted)
