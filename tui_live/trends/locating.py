"""Which browser is used: the configured one, else one that is installed, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tui_live.config import Trends
from tui_live.core.trends import Kind
from tui_live.trends.outcome import troubled

#: Names of Chromium and its kin, as Linux knows them, the freest first.
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable", "chrome")
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_INSTALL = {
    "linux": "install it (Debian, Ubuntu: apt install chromium; Fedora: dnf install chromium)",
    "darwin": "install it (brew install --cask google-chrome)",
}


def find_browser(settings: Trends, own: Path) -> Path:
    """The browser's program; ``own`` is where Playwright would have its own.

    Firefox and WebKit are only Playwright's own, or configured: other builds do not take its commands. Raises
    :class:`~tui_live.trends.outcome.Troubled` with what to do.
    """
    if settings.executable_path is not None:
        return _configured(settings.executable_path)
    if settings.browser == "chromium" and (installed := _installed()) is not None:
        return installed
    if own.is_file():
        return own
    remedy = f"run python -m playwright install {settings.browser}"
    if settings.browser == "chromium":
        remedy = f"{_INSTALL.get(sys.platform, 'install it')}, or set trends.executable_path"
    name = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}[settings.browser]
    raise troubled(Kind.BROWSER_MISSING, f"There is no {name} that could fetch trending videos", remedy)


def _configured(path: Path) -> Path:
    if not path.is_file():
        raise troubled(Kind.BROWSER_MISSING, f"There is no browser at {path}", "correct trends.executable_path")
    if not os.access(path, os.X_OK):
        line = f"{path} is no program that may be started"
        raise troubled(Kind.BROWSER_MISSING, line, "correct trends.executable_path, or its rights")
    return path


def _installed() -> Path | None:
    found = (shutil.which(name) for name in _NAMES)
    places = [Path(path) for path in found if path]
    if sys.platform == "darwin":
        places += [Path(path) for path in _MAC if Path(path).is_file()]
    return places[0] if places else None
