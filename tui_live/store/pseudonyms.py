"""Stable pseudonyms in place of people's ids, handles and nicknames, wherever they stand.

The same person has the same pseudonym in every export of this installation, because it is made from their id with a
secret that stays here. Without the secret nobody can go back from a pseudonym to a person.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui_live.core.words import UNSPACED, is_unspaced
from tui_live.errors import TuiLiveError
from tui_live.store.name_ends import HANDLE, ends_mention, is_alone, is_whole, lower, stranger

#: A word, or any other character by itself: one of a script without spaces, a space, punctuation, half an emoji.
_WORD = re.compile(rf"[^\W_{UNSPACED}]+|[\s\S]")
_LONG_ID = re.compile(r"\d{15,20}")
#: Shorter ids are ordinary numbers in a text.
_SHORTEST_ID = 5
#: The sign before a handle, as the address of a profile may have it.
_ESCAPED_AT = re.compile(r"%40(?=\w)")
#: A handle beside other values is known by its letters and signs from such a length on, within a longer word from more.
_TELLING, _TELLING_PART = 5, 8
#: A handle stands between two of so many dots and underscores of an address.
_BOUNDS = 50
#: TikTok's names have some thirty characters; longer ones are somebody's joke, and known by their beginning.
_MOST_CHARACTERS = 200

Named = tuple[str, str, str]
"""(user id, handle, nickname) of somebody at some time; what is not known is empty."""


def secret_key(file: Path) -> bytes:
    """The installation's secret, made at first use and readable for this user alone. Raises :class:`TuiLiveError`."""
    try:
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = bytes.fromhex(file.read_text().strip())
            if len(key) < 16:
                raise ValueError("too short") from None
            return key
        with os.fdopen(descriptor, "w") as made:
            made.write(secrets.token_hex(32))
        return bytes.fromhex(file.read_text())
    except (OSError, ValueError) as error:
        raise TuiLiveError(f"The secret for pseudonyms in {file} cannot be used: {error}", "remove it") from error


class Pseudonyms:
    """Replaces the people it knows within texts.

    A name in a text is found word by word, the longest first, at the same speed however many people there are. Names
    that nobody could tell from the words of others are replaced in an ``@mention`` alone: those without a letter or
    digit, and single letters. A single ideograph is a name where it stands alone or a title follows.
    """

    def __init__(self, key: bytes, people: Iterable[Named]) -> None:
        """``people`` are all names that somebody has had. Of two who share a name, whose handle it is has it."""
        self._key = key
        self._made: dict[str, str] = {}
        self._handles: dict[str, str] = {}
        # The words of all names as a tree: (place, word) -> the place behind that word; whose name ends at a place.
        self._tree: dict[tuple[int, str], int] = {}
        self._names: dict[int, str] = {}
        self._nicknames: dict[int, str] = {}
        self._ideographs: dict[int, str] = {}
        self._firsts = {"@"}
        for user_id, handle, nickname in people:
            if handle:
                self._handles[lower(handle)] = user_id
            self._add(nickname, user_id)
            if len(user_id) >= _SHORTEST_ID and user_id.isdecimal():
                self._names[self._place(user_id)] = user_id
        for handle, user_id in self._handles.items():
            self._names[self._place(handle)] = user_id

    def _add(self, nickname: str, user_id: str) -> None:
        name = lower(nickname.strip())
        if not name:
            return
        if len(name) == 1 and is_unspaced(name):
            kind = self._ideographs
        elif len(name) == 1 or not any(map(str.isalnum, name)):
            kind = self._nicknames
        else:
            kind = self._names
        kind.setdefault(self._place(name), user_id)

    def _place(self, name: str) -> int:
        """The place in the tree behind a name."""
        place = 0
        for word in _WORD.findall(" ".join(name[:_MOST_CHARACTERS].split())):
            if not place:
                self._firsts.add(word)
            place = self._tree.setdefault((place, word), len(self._tree) + 1)
        return place

    def of(self, identity: str) -> str:
        """The pseudonym for a user id."""
        made = self._made.get(identity)
        if made is None:
            digest = hmac.digest(self._key, identity.encode("utf-8", "replace"), "sha256")
            made = self._made[identity] = f"user-{digest.hex()[:16]}"
        return made

    def of_handle(self, handle: str) -> str:
        """The pseudonym of whoever has this handle; of the handle itself when nobody is known to have it."""
        return self.of(self._handles.get(lower(handle)) or f"@{lower(handle)}")

    def value(self, text: str) -> str:
        """``text`` without anybody's id or handle, where it is not what somebody wrote: a gift's name, an address.

        Nicknames stay there, and handles that are words or numbers, unless an ``@`` is before them.
        """
        text = _ESCAPED_AT.sub("@", text)
        low = lower(text)
        out: list[str] = []
        copied = 0
        for run in HANDLE.finditer(low):
            begin = run.start()
            mentioned = low[begin - 1 : begin] == "@"
            if mentioned or len(run[0]) >= _TELLING:
                for start, end, user_id in self._in_run(run[0], mentioned):
                    out += (text[copied : begin + start], self.of(user_id))
                    copied = begin + end
        out.append(text[copied:])
        return "".join(out)

    def _in_run(self, run: str, mentioned: bool) -> Iterator[tuple[int, int, str]]:
        """Where ids and handles of people stand among letters, digits, dots and underscores, and whose they are."""
        bounds = sorted({0, len(run), *(place for sign in re.finditer("[._]", run) for place in sign.span())})[:_BOUNDS]
        at = 0
        for start in bounds:
            if start < at:
                continue
            for end in reversed(bounds):
                if end <= start:
                    break
                whole = start == 0 and end >= len(run.rstrip("."))
                if user_id := self._whose(run[start:end], whole, mentioned and start == 0):
                    yield start, end, user_id
                    at = end
                    break
            else:
                continue
        for digits in _LONG_ID.finditer(run, at):
            if self._is_id(digits[0]):
                yield *digits.span(), digits[0]

    def _whose(self, name: str, whole: bool, mentioned: bool) -> str:
        if self._is_id(name):
            return name
        least = _TELLING if whole else _TELLING_PART
        if mentioned or (len(name) >= least and not name.isalpha() and not name.isdecimal()):
            return self._handles.get(name, "")
        return ""

    def _is_id(self, digits: str) -> bool:
        return bool(_LONG_ID.fullmatch(digits)) and self._names.get(self._tree.get((0, digits), 0)) == digits

    def text(self, text: str, here: Iterable[tuple[str, str]] = ()) -> str:
        """``text`` without anybody's handle, nickname or id, and without any @mention.

        ``here``: (name, pseudonym) of those whom this text is known to name, as it writes them; the first of a name.
        """
        certain: dict[str, str] = {}
        for name, shown in here:
            certain.setdefault(lower(name), shown)
        if not certain:
            return self._cleaned(text)
        low = lower(text)
        out: list[str] = []
        copied = 0
        for found in re.finditer("|".join(map(re.escape, sorted(certain, key=len, reverse=True))), low):
            if is_whole(low, *found.span()):
                out += (self._cleaned(text[copied : found.start()]), certain[found[0]])
                copied = found.end()
        return "".join((*out, self._cleaned(text[copied:])))

    def _cleaned(self, text: str) -> str:
        text = _ESCAPED_AT.sub("@", text)
        low = lower(text)
        words = _WORD.findall(low)
        if self._firsts.isdisjoint(words) and not _LONG_ID.search(low):
            return text
        out: list[str] = []
        at = copied = number = 0
        while number < len(words):
            end, shown = self._at(text, low, words, number, at)
            if shown:
                out += (text[copied:at], shown)
                copied = end
            else:
                end = at + 1
            while at < end:
                at += len(words[number])
                number += 1
        out.append(text[copied:])
        return "".join(out)

    def _at(self, text: str, low: str, words: list[str], number: int, at: int) -> tuple[int, str]:
        """Where what names somebody here ends, and what stands for it; an empty pseudonym when nobody is named."""
        word = words[number]
        end, shown = at, ""
        if word in self._firsts:
            end, shown = self._longest(low, words, number, at, mentioned=False)
        if word == "@" and not shown:
            end, shown = self._longest(low, words, number + 1, at + 1, mentioned=True)
            if shown and ends_mention(low, end):
                return end, f"@{shown}"
            end = stranger(text, at + 1)
            return end, f"@{self.of_handle(text[at + 1 : end])}" if end > at + 1 else ""
        if not shown and len(word) >= 15:
            for digits in _LONG_ID.findall(word):
                if self._tree.get((0, digits)) in self._names:
                    return at + len(word), self.of(digits)
        return end, shown

    def _longest(self, low: str, words: list[str], first: int, at: int, mentioned: bool) -> tuple[int, str]:
        """Where the longest name that begins with this word ends, and whose it is; an empty pseudonym for none."""
        best, place, end, before = (at, ""), 0, at, ""
        for number in range(first, len(words)):
            word = " " if words[number].isspace() else words[number]
            if word == before == " ":
                end += 1
                continue
            before = word
            place = self._tree.get((place, word), 0)
            if not place:
                break
            end += len(words[number])
            user_id = self._names.get(place)
            if user_id is None and mentioned:
                user_id = self._nicknames.get(place) or self._ideographs.get(place)
            elif user_id is None and place in self._ideographs and is_alone(low, at, end):
                user_id = self._ideographs[place]
            if user_id:
                best = end, self.of(user_id)
        return best
