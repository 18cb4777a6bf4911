"""Counts as they are said."""

from __future__ import annotations


def full(number: int) -> str:
    """A count with thousands separated, where there is room."""
    return f"{number:,}"


def several(count: int, one: str, many: str = "") -> str:
    """A count with its word: ``1 share``, ``2 shares``, ``1,204 people``."""
    return f"{full(count)} {one if count == 1 else many or one + 's'}"
