"""Errors that a person reads: what happened, where, and what to do, in one line."""

from __future__ import annotations


class TuiLiveError(Exception):
    """Base of everything that is said to the operator.

    ``str()`` is one line: the title (what happened and where) and, after a dash, the remedy (what to do). The command
    line prints it and exits with 2; the console shows it as a toast or a modal. The detail belongs in the log file.
    """

    def __init__(self, title: str, remedy: str = "") -> None:
        self.title = " ".join(title.split())
        self.remedy = " ".join(remedy.split())
        super().__init__(f"{self.title} — {self.remedy}" if self.remedy else self.title)


class ConfigError(TuiLiveError):
    """A setting that cannot be used: names the file, the key, the value and what is allowed."""


class StoreError(TuiLiveError):
    """The database cannot be opened, is in use by another TUI Live, or cannot be written."""


class StreamError(TuiLiveError):
    """A command about a stream that cannot be carried out: no such stream, or it is there already."""


class MissingError(StreamError):
    """What was asked for is not there: no such session, stream or person."""


class BoardError(TuiLiveError):
    """Something about scores or questions that cannot be done: nobody to reset, nothing to undo."""


class TriggerError(TuiLiveError):
    """A trigger rule that cannot be used, or a change of the rules that cannot be made."""


class ClipError(TuiLiveError):
    """Something about clips that cannot be done: no such stream, or the file is gone or on another machine."""


class WebError(TuiLiveError):
    """The web server cannot be started or asked: the port is in use, a page is not there."""


class TrendsError(TuiLiveError):
    """Something about trending videos that cannot be done: they are being fetched already."""
