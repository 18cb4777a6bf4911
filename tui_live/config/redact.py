"""A configuration as it may be shown, and the values that a log must not have."""

from __future__ import annotations

from typing import Any

from tui_live.config.convert import plain
from tui_live.config.keys import secret_keys, settings, value_of
from tui_live.config.schema import Config
from tui_live.config.secrets import MASK, url_secrets, without_credentials


def redacted(config: Config) -> dict[str, Any]:
    """Every setting by its dotted key as plain data, with secrets and passwords in URLs replaced by ``***``."""
    shown: dict[str, Any] = {}
    for key, hint in settings().items():
        value = plain(hint, value_of(config, key))
        if key in secret_keys():
            value = MASK if value else None
        shown[key] = without_credentials(value) if isinstance(value, str) else value
    return shown


def secret_values(config: Config) -> list[str]:
    """The secrets themselves, longest first, for a filter that takes them out of what is written."""
    found: set[str] = set()
    for key, hint in settings().items():
        value = plain(hint, value_of(config, key))
        if key in secret_keys() and value:
            found.update(value if isinstance(value, list) else [value])
        elif isinstance(value, str) and "://" in value:
            found.update(url_secrets(value))
    return sorted(found, key=len, reverse=True)
