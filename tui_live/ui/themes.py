"""The console's two themes, built around one accent, and the colours that every theme gets on top of its own."""

from __future__ import annotations

from zlib import crc32

from textual.theme import Theme

DARK = "tui-live-dark"
LIGHT = "tui-live-light"

#: How many colours streams share.
STREAM_COLOURS = 8
_STREAMS_DARK = ("#7cc7ff", "#f2cf63", "#c9b3ff", "#8fe3a1", "#f7a6d3", "#ffb482", "#6fe3e1", "#cfe07a")
_STREAMS_LIGHT = ("#075e9c", "#7f5a00", "#5f35b5", "#0f6e31", "#a31463", "#a3420a", "#04697a", "#4a6608")


def own_themes() -> tuple[Theme, Theme]:
    """The dark and the light theme."""
    dark = Theme(
        DARK,
        primary="#2fb8a6",
        secondary="#2a8f83",
        accent="#2fd3bd",
        foreground="#d5dce3",
        background="#0e1216",
        surface="#141a20",
        panel="#1d252d",
        success="#5fd07a",
        warning="#f0b94a",
        error="#ff6b6b",
        dark=True,
    )
    light = Theme(
        LIGHT,
        primary="#0b7a6e",
        secondary="#0f968a",
        accent="#0b7a6e",
        foreground="#1c2329",
        background="#fafbfb",
        surface="#f0f3f4",
        panel="#e0e6e8",
        success="#12752f",
        warning="#925f00",
        error="#c01f2e",
        dark=False,
    )
    return dark, light


def extra_variables(*, dark: bool) -> dict[str, str]:
    """Theme variables of ours for any theme: ``stream-0`` … ``stream-7``, one per stream colour."""
    colours = _STREAMS_DARK if dark else _STREAMS_LIGHT
    return {f"stream-{number}": colour for number, colour in enumerate(colours)}


def stream_colour(name: str) -> int:
    """Which of the ``STREAM_COLOURS`` a stream has: always the same for the same name."""
    return crc32(name.encode("utf-8", "replace")) % STREAM_COLOURS
