"""What a check has found."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """How a hop is: ``warning`` works, but not as it should; ``skipped`` is not used here or could not be tried."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


_MARKS = {Verdict.OK: "✓", Verdict.WARNING: "!", Verdict.FAILED: "✕", Verdict.SKIPPED: "–"}
_WIDTH = 14


class Finding(Struct, frozen=True):
    """One hop: its name, how it is, what was found, and what to do about it. Both texts are one line."""

    hop: str
    verdict: Verdict
    said: str
    remedy: str = ""

    @property
    def line(self) -> str:
        """One line for a terminal or a mail: mark, hop, what was found — what to do."""
        remedy = f" — {self.remedy}" if self.remedy else ""
        return f"{_MARKS[self.verdict]} {self.hop:<{_WIDTH}} {self.said}{remedy}"


def ok(hop: str, said: str) -> Finding:
    """The hop is as it should be."""
    return Finding(hop, Verdict.OK, said)


def warning(hop: str, said: str, remedy: str) -> Finding:
    """The hop works, but something about it should be known."""
    return Finding(hop, Verdict.WARNING, said, remedy)


def failed(hop: str, said: str, remedy: str) -> Finding:
    """The hop does not work."""
    return Finding(hop, Verdict.FAILED, said, remedy)


def skipped(hop: str, said: str, remedy: str = "") -> Finding:
    """The hop was not tried."""
    return Finding(hop, Verdict.SKIPPED, said, remedy)
