"""What a clip is called: a name that Windows, macOS and Linux all take, whoever typed the words in it (SPEC §8)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from string import Formatter

from tui_live.core.clips import Cause

#: The most that a whole file name may have in UTF-8, extension and number included.
LONGEST_BYTES = 200
_EXTENSION_BYTES = 12
_NUMBER_BYTES = 6
#: A word of a name is never cut to less than this.
_SHORTEST_BYTES = 8
#: Names with fewer characters may be part of another word.
_SHORT = 4
#: What is left for the name proper.
STEM_BYTES = LONGEST_BYTES - _EXTENSION_BYTES - _NUMBER_BYTES
#: The highest number that is put behind a name which is taken.
LAST_NUMBER = 9_999
#: What a name is when nothing of it may stay.
_NAMELESS = "clip"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
#: Windows' devices: taken with any extension, in any case, and with spaces before the first dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\.|$)", re.IGNORECASE)
#: Control and format characters (bidi marks among them), surrogates, private and unassigned ones, line separators.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def clip_name(template: str, cause: Cause, when_local: datetime) -> str:
    """The name of a clip without its extension, at most :data:`STEM_BYTES` long, never empty.

    ``template`` knows ``{username}``, ``{trigger}``, ``{streamer}`` and ``{timestamp}``: the local time as
    ``YYYY-MM-DD_HH-MM-SS_AM/PM`` on a clock of 12 hours. Words that are too long are shortened, the time is not.
    """
    stamp = timestamp(when_local)
    words = {"username": cause.username, "trigger": cause.trigger, "streamer": cause.stream}
    parts = [(literal, name) for literal, name, _, _ in Formatter().parse(template)]
    fixed = sum(len(_safe(literal).encode()) + (len(stamp) if name == "timestamp" else 0) for literal, name in parts)
    count = sum(name in words for _, name in parts)
    share = max(_SHORTEST_BYTES, (STEM_BYTES - fixed) // count) if count else 0
    texts = {name: _cut(_safe(word).strip(" ."), share) or "unknown" for name, word in words.items()} | {
        "timestamp": stamp
    }
    return _settled("".join(literal + (texts.get(name, "") if name else "") for literal, name in parts))


def without_names(stem: str, names: Collection[str], stand_in: str) -> str:
    """``stem`` without any of ``names`` as :func:`clip_name` writes them: made safe, and cut where they were too long.

    Short names are looked for as words of their own, others wherever they stand; letters' case does not matter.
    """
    written = {_safe(name).strip(" .") for name in names}
    left = whole = unicodedata.normalize("NFC", stem)
    for name in sorted(filter(None, written), key=len, reverse=True):
        size = len(name.encode())
        for some in (name, *(_cut(name, shorter).rstrip(" .") for shorter in range(size - 1, _SHORTEST_BYTES - 1, -1))):
            alone = len(some) < _SHORT
            pattern = rf"(?<![^\W_]){re.escape(some)}(?![^\W_])" if alone else re.escape(some)
            found, count = re.subn(pattern, stand_in, left, flags=re.IGNORECASE)
            if count:
                left = found
                break
    return stem if left == whole else left


def chosen_name(typed: str, extension: str) -> str:
    """The name that the operator typed, made safe, without its extension (which need not be typed)."""
    text = typed.strip()
    return _settled(text[: -len(extension)] if extension and text.lower().endswith(extension.lower()) else text)


def timestamp(when_local: datetime) -> str:
    """``2026-01-31_09-05-00_PM``; AM and PM are English whatever the locale."""
    half = "AM" if when_local.hour < 12 else "PM"
    return f"{when_local:%Y-%m-%d}_{when_local.hour % 12 or 12:02}-{when_local:%M-%S}_{half}"


def extension_of(name: str) -> str:
    """The extension of OBS's file with its dot, in letters and digits only; empty if it has none."""
    stem, dot, extension = name.rpartition(".")
    kept = "".join(char for char in extension if char.isascii() and char.isalnum())[: _EXTENSION_BYTES - 1]
    return f".{kept}" if stem and dot and kept else ""


def file_name(stem: str, extension: str, number: int = 1) -> str:
    """A clip's whole file name; ``number`` is 1 for the first of that name, 2 … for those that find it taken."""
    return f"{stem}{f'_{number}' if number > 1 else ''}{extension}"


def _safe(text: str) -> str:
    """``text`` in NFC without what is invisible; what a file system forbids, and white space, has a stand-in."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        " " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    text = re.sub(" +", " ", _FORBIDDEN.sub("_", text))
    # What was between two characters is gone: they may make a new one.
    return unicodedata.normalize("NFC", text)


def _cut(text: str, size: int) -> str:
    """The beginning of ``text`` that fits into ``size`` bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore")


def _settled(text: str) -> str:
    """A whole name: no dots or spaces around it, none of Windows' devices, not too long, not empty."""
    text = _safe(text).lstrip(" .")
    if _DEVICE.match(text):
        text = f"_{text}"
    return _cut(text, STEM_BYTES).rstrip(" .") or _NAMELESS
