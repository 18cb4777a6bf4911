"""Every place on disk that TUI Live uses by itself.

The folders follow the platform (XDG on Linux). With ``TUI_LIVE_HOME`` set, everything lies below that one folder: for
tests, for a memory stick, for two installations side by side. Nothing is created before somebody calls :func:`private`.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui_live.errors import TuiLiveError

_APP = "tui-live"
_HERE = Path(__file__).resolve().parent


def home() -> Path | None:
    """The folder that ``TUI_LIVE_HOME`` names, or ``None`` where the platform's own folders are used."""
    value = os.environ.get("TUI_LIVE_HOME", "")
    return Path(value).expanduser().absolute() if value else None


def config_dir() -> Path:
    """Where the user's own ``config.yaml`` lies."""
    return home() or _platform("config")


def config_file() -> Path:
    """The user's own configuration; it need not exist."""
    return config_dir() / "config.yaml"


def data_dir() -> Path:
    """Where the database lies unless ``database.path`` says otherwise."""
    return _below_home("data")


def database_file() -> Path:
    """The default database."""
    return data_dir() / "tui-live.db"


def state_dir() -> Path:
    """Logs and what the program remembers from one start to the next, such as the overlay's token."""
    return _below_home("state")


def log_file() -> Path:
    """The log; older ones lie beside it as ``.1``, ``.2`` …"""
    return state_dir() / "tui-live.log"


def overlay_token_file() -> Path:
    """The overlay's token that was made at the first start."""
    return state_dir() / "overlay-token"


def pseudonym_key_file() -> Path:
    """The secret that makes the pseudonyms of exports stable."""
    return state_dir() / "pseudonym-key"


def styles_dir() -> Path:
    """The ``.tcss`` files: ``styles/`` of a checkout, or their copy inside an installed package."""
    return _shipped("styles", "_styles")


def default_config() -> Path:
    """The commented default configuration: a checkout's ``config.yaml``, or its copy inside an installed package."""
    return _shipped("config.yaml", "_config.yaml")


def private(folder: Path) -> Path:
    """``folder``, created for this user alone (0700) where it was missing, and returned.

    Raises :class:`TuiLiveError` when it cannot be created. An existing folder keeps its mode: it is the user's choice.
    """
    try:
        for place in reversed([place for place in (folder, *folder.parents) if not place.is_dir()]):
            place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise TuiLiveError(
            f"the folder {folder} cannot be created: {error.strerror or error}",
            "check the rights of the folder above it, or set TUI_LIVE_HOME to a folder that may be written",
        ) from error
    return folder


def _below_home(kind: str) -> Path:
    base = home()
    return base / kind if base else _platform(kind)


def _platform(kind: str) -> Path:
    import platformdirs

    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return {"config": dirs.user_config_path, "data": dirs.user_data_path, "state": dirs.user_state_path}[kind]


def _shipped(in_checkout: str, in_package: str) -> Path:
    """A file that ships with the program. The package's copy wins, so that no stray folder beside it is taken."""
    packaged = _HERE / in_package
    return packaged if packaged.exists() else _HERE.parent / in_checkout
