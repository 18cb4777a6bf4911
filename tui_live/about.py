"""``tui-live info``: versions, every path and setting in use, and the overlays' addresses."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tui_live import __version__, paths
from tui_live.config import Config, Loaded, redacted
from tui_live.errors import WebError

_LIBRARIES = ("TikTokLive", "TikTokLiveProto", "textual", "aiohttp", "aiosqlite", "protobuf", "msgspec")


def describe(loaded: Loaded) -> str:
    """The whole report as text; secrets are masked, but for the overlays' token."""
    return "\n".join(_lines(loaded))


def _lines(loaded: Loaded) -> Iterator[str]:
    yield f"TUI Live {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    yield ""
    files = ", ".join(str(file) for file in loaded.files) or "none was found"
    yield from _table(
        {
            "configuration read": files,
            "configuration saved to": f"{loaded.path}{'' if loaded.path.exists() else ' (not there yet)'}",
            "database": _size(loaded.config.database.path or paths.database_file()),
            "log file": _size(paths.log_file()),
            "styles": str(paths.styles_dir()),
        }
    )
    yield ""
    yield from _table(_overlays(loaded.config))
    usual = redacted(Config())
    own = {
        key: f"{value!r}  ({loaded.sources.get(key, '')})"
        for key, value in redacted(loaded.config).items()
        if value != usual[key]
    }
    if own:
        yield ""
        yield from _table(own)


def _overlays(config: Config) -> dict[str, str]:
    """Where the pages for OBS are, and the token: whoever may run this may read its file."""
    from tui_live.web.server import page_addresses
    from tui_live.web.token import overlay_token

    try:
        token = overlay_token(config.overlay)
    except WebError as problem:
        return {"overlays": str(problem)}
    return {
        **page_addresses(config.overlay, token),
        "token": f"{token}  (for what changes something, and from elsewhere: ?token=… or Authorization: Bearer …)",
    }


def _table(rows: dict[str, str]) -> Iterator[str]:
    width = max(len(name) for name in rows)
    for name, value in rows.items():
        yield f"{name.ljust(width)}  {value}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _size(path: Path) -> str:
    try:
        return f"{path} ({path.stat().st_size / 1e6:.1f} MB)"
    except OSError:
        return f"{path} (not there yet)"
