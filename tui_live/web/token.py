"""The token that writes, and requests from elsewhere, need."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tui_live import paths
from tui_live.config import Overlay
from tui_live.errors import WebError


def overlay_token(settings: Overlay) -> str:
    """The configured token, or the one made at the first start, which is kept with mode 0600.

    Raises :class:`WebError` when it can be neither read nor kept.
    """
    if settings.token:
        return settings.token
    file = paths.overlay_token_file()
    try:
        paths.private(file.parent)
        return _kept(file) or _made(file)
    except OSError as problem:
        raise WebError(
            f"The overlay's token in {file} cannot be used: {problem.strerror or problem}",
            "set overlay.token, or mend the file's rights",
        ) from problem


def _kept(file: Path) -> str:
    try:
        text = file.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    if file.stat().st_mode & 0o077:
        file.chmod(0o600)
    return text if len(text) >= 8 else ""


def _made(file: Path) -> str:
    token = secrets.token_urlsafe(24)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(token + "\n")
    beside.replace(file)
    return token
