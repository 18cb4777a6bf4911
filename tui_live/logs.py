"""The log file: who writes to it, how large it grows, and what never gets into it.

Nothing is logged to the terminal, which belongs to the console.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui_live import paths
from tui_live.config import Config, secret_values
from tui_live.config.secrets import MASK, without_credentials
from tui_live.errors import TuiLiveError

LEVELS = ("debug", "info", "warning", "error")
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s: %(message)s"
_LARGEST = 5_000_000
_OLDER_FILES = 3
#: Libraries that tell about every request, and with it addresses that carry keys.
_TALKATIVE = ("httpx", "httpcore", "websockets", "aiohttp.access", "asyncio", "urllib3", "PIL", "matplotlib")


class SecretFreeFormatter(logging.Formatter):
    """Writes a record, traceback included, with every known secret and every password in a URL replaced."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(_FORMAT, "%Y-%m-%dT%H:%M:%S")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text. Control characters are escaped, so that a log can be shown in a terminal."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        text = without_credentials(text)
        if text.isprintable():
            return text
        return "".join(char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text)


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner may read, from its first byte."""

    def _open(self):  # type: ignore[no-untyped-def]
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        return super()._open()


def set_up_logging(level: str = "info", config: Config | None = None, path: Path | None = None) -> Path:
    """Send all logging to the log file and return its path. Called again, it replaces what it set up before.

    ``level`` is one of :data:`LEVELS`, in any case; the secrets of ``config`` are kept out of the file. Raises
    :class:`TuiLiveError` when the file cannot be opened.
    """
    if level.lower() not in LEVELS:
        raise TuiLiveError(f"the log level is {level!r}", f"allowed: {', '.join(LEVELS)}")
    path = path or paths.log_file()
    paths.private(path.parent)
    try:
        handler = PrivateFile(path, maxBytes=_LARGEST, backupCount=_OLDER_FILES, encoding="utf-8", errors="replace")
    except OSError as error:
        raise TuiLiveError(
            f"the log {path} cannot be opened: {error.strerror or error}", "check the rights of the file and its folder"
        ) from error
    handler.setFormatter(SecretFreeFormatter(secret_values(config) if config else ()))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, PrivateFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the screen
    logging.captureWarnings(True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return path


def tame_tiktoklive() -> None:
    """Send TikTokLive's own log to our file. To be called after TikTokLive was imported, as often as one likes.

    On import it gives its logger a handler that writes to stderr, over the console, and keeps it from propagating.
    """
    logger = logging.getLogger("TikTokLive")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
    logger.setLevel(logging.NOTSET)
