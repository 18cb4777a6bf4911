"""Hiding what nobody may read."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

MASK = "***"
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s'\"]*@")


def without_credentials(text: str) -> str:
    """``text`` with the user and password of every URL in it replaced."""
    return _CREDENTIALS.sub(f"{MASK}@", text)


def url_secrets(url: str) -> list[str]:
    """The password inside a URL, as it stands there and decoded."""
    password = urlsplit(url).password
    return [password, unquote(password)] if password else []
