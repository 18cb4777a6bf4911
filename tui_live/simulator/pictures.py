"""Avatars and gift images, drawn here: the stand-in works without the internet, overlays included."""

from __future__ import annotations

import zlib
from html import escape

_SHAPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100"><defs>'
    '<linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue} 70% 62%)"/>'
    '<stop offset="1" stop-color="hsl({other} 75% 42%)"/></linearGradient></defs>'
    '<rect width="100" height="100" fill="url(#g)"/><text x="50" y="54" font-family="sans-serif" font-size="{size}" '
    'fill="#fff" text-anchor="middle" dominant-baseline="middle">{letters}</text></svg>'
)


def picture(seed: str, letters: str, size: int = 44) -> str:
    """An SVG with ``letters`` on two colours that depend on ``seed`` only, none of them near chroma green."""
    number = zlib.crc32(seed.encode())
    hue = (170 + number % 260) % 360
    other = (170 + (number >> 9) % 260) % 360
    return _SHAPE.format(hue=hue, other=other, size=size, letters=escape(letters[:2]))
