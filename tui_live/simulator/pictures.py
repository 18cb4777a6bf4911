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


_FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
    '<rect width="100" height="100" fill="hsl({hue} 60% 70%)"/>'
    '<path fill="hsl({shirt} 55% 45%)" d="M12 100a38 30 0 0 1 76 0z"/>'
    '<path fill="{hair}" d="{behind}"/><rect x="41" y="60" width="18" height="18" rx="8" fill="{skin}"/>'
    '<ellipse cx="50" cy="46" rx="{wide}" ry="26" fill="{skin}"/><path fill="{hair}" d="{cut}"/>'
    '<circle cx="41" cy="46" r="3" fill="#2b2320"/><circle cx="59" cy="46" r="3" fill="#2b2320"/>'
    '<path d="{mouth}" fill="none" stroke="#7a3b35" stroke-width="2.500" stroke-linecap="round"/></svg>'
)
_SKINS = ("#f6d3b3", "#eab98e", "#d69a6c", "#b97a4e", "#8e5735", "#6b4029")
_HAIRS = ("#2a211d", "#4a3226", "#7b4a2a", "#b98042", "#d9b36c", "#8d8d93", "#b0413e", "#5b4b8a")
#: Hair behind the head: none, long, in between; over the forehead: short, parted, curly, a fringe.
_BEHIND = ("", "M24 46a26 30 0 0 1 52 0v34a8 8 0 0 1-10 4H34a8 8 0 0 1-10-4z", "M25 46a25 29 0 0 1 50 0v14H25z")
_CUTS = (
    "M27 40a23 24 0 0 1 46 0q-10-10-23-10t-23 10z",
    "M26 44a24 26 0 0 1 48 0q-6-14-20-16-10 12-28 16z",
    "M28 40a9 9 0 0 1 5-14 11 11 0 0 1 17-6 11 11 0 0 1 17 6 9 9 0 0 1 5 14q-9-8-22-8t-22 8z",
    "M27 38a23 22 0 0 1 46 0v2H27z",
)
_MOUTHS = ("M42 58q8 8 16 0", "M43 59h14", "M41 57q9 11 18 0", "M44 60q6-4 12 0")


def face(seed: str) -> str:
    """An SVG of somebody who looks as ``seed`` has it, on a ground that is not near chroma green."""
    number = zlib.crc32(f"face {seed}".encode())

    def one(choices: tuple[str, ...]) -> str:
        nonlocal number
        number, at = divmod(number, len(choices))
        return choices[at]

    hue, shirt = (170 + number % 230) % 360, (170 + (number >> 9) % 230) % 360
    parts = {"skin": one(_SKINS), "hair": one(_HAIRS), "behind": one(_BEHIND), "cut": one(_CUTS), "mouth": one(_MOUTHS)}
    return _FACE.format(hue=hue, shirt=shirt, wide=20 + number % 4, **parts)


def picture(seed: str, letters: str, size: int = 44) -> str:
    """An SVG with ``letters`` on two colours that depend on ``seed`` only, none of them near chroma green."""
    number = zlib.crc32(seed.encode())
    hue = (170 + number % 260) % 360
    other = (170 + (number >> 9) % 260) % 360
    return _SHAPE.format(hue=hue, other=other, size=size, letters=escape(letters[:2]))
