"""Taking a person out of a frame's bytes, so that every other message stays at its place."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Container
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError

from tui_live.core.traces import ERASED, Traces, is_plain
from tui_live.wire.frames import GZIP_MAGIC, MAX_INFLATED, BrokenFrame, inflate, unpack
from tui_live.wire.named import people
from tui_live.wire.schema import method_class, text

#: What says whom a sub-message describes, and what it calls them.
_IDS = ("id", "user_id", "id_str", "user_id_str", "linkmic_id_str")
_NAMES = frozenset({"nickname", "nick_name", "display_id"})
#: Names that stand beside what they belong to, and the fields that tell whose they are.
_NAMES_OF = {
    "to_member_nickname": ("to_member_id", "to_member_id_int"),
    "contributor_display_id": ("contributor_id", "contributor_id_str"),
    "send_user_name": ("send_user_id",),
} | dict.fromkeys(_NAMES, _IDS)
#: Numbers that are somebody's id, however small …
_PERSONAL = re.compile(r"(^|_)(uid|user_ids?|user_id_str|anchor_ids?|member_id|contributor_id|mention_user_list)(_|$)")
#: … and texts that are values of TikTok's, whatever somebody is called, unless they are links or sentences.
_VALUES = re.compile(r"(^|_)(lang|language|region|currency|type|method|(?<!streamer_)key)$")
_GIFT_VALUES = frozenset({"name", "describe"})
#: What people write: there, a name that is also a word stays. TikTok writes everything else.
_SAID = frozenset(
    f"Webcast{name}Message"
    for name in (
        *("Chat", "EmoteChat", "Gift", "GoalUpdate", "Like", "LiveIntro", "Caption", "Poll", "QuestionNew", "RoomPin"),
        *("Speaker", "MarqueeAnnouncement"),
    )
) | {"WebcastSubPinEventMessage"}


class Scrubbed(NamedTuple):
    """A payload without the person, not gzipped, and the places of messages that went on, but named or quoted them, or
    had their nickname in what TikTok wrote."""

    payload: bytes
    named: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()
    told: tuple[int, ...] = ()


def scrub(
    payload: bytes,
    person: Traces,
    authored: Container[int] = (),
    repeated: Callable[[int], bool] = lambda msg_id: False,
) -> Scrubbed | None:
    """The payload without the person; ``None`` when nothing of theirs is in it.

    Messages of theirs become empty: those at the places ``authored``, those whose id is ``repeated`` (TikTok sends
    messages again), and those that name them as sender. In others they are taken out of every field, and whatever part
    quotes them is emptied whole. A frame or a message that cannot be read is emptied when they are in its bytes.
    """
    plain = payload
    if payload[:2] == GZIP_MAGIC:
        try:
            plain = inflate(payload)
        except BrokenFrame:
            return Scrubbed(b"") if person.is_in(_beginning(payload)) else None
    if not authored and not person.may_be_in(plain):
        return None
    try:
        batch = unpack(plain)
    except BrokenFrame:
        return Scrubbed(b"") if person.is_in(plain) else None
    named, quoted, told = [], [], []
    for place, message in enumerate(batch.messages):
        if place in authored or (message.msg_id and repeated(message.msg_id)):
            message.Clear()
        elif person.may_be_in(message.payload):
            scrubber = _Scrubber(person)
            _scrub_message(message, scrubber)
            if scrubber.named:
                named.append(place)
            if scrubber.quoted:
                quoted.append(place)
            if scrubber.told:
                told.append(place)
    _scrub_envelope(batch, person)
    scrubbed: bytes = batch.SerializeToString()
    return None if scrubbed == plain else Scrubbed(scrubbed, tuple(named), tuple(quoted), tuple(told))


def _beginning(payload: bytes) -> bytes:
    """As much as a damaged gzip still gives."""
    inflater = zlib.decompressobj(wbits=31)
    whole = bytearray()
    for start in range(0, len(payload), 512):
        try:
            whole += inflater.decompress(payload[start : start + 512], MAX_INFLATED)
        except zlib.error:
            break
        if len(whole) >= MAX_INFLATED:
            break
    return bytes(whole)


def _scrub_envelope(batch: Any, person: Traces) -> None:
    """The batch's own fields, and what came in it that the schema does not know."""
    try:
        _Scrubber(person).fields(batch, skip="messages")
    except ValueError:
        batch.ClearField("route_params")
    envelope = type(batch)()
    envelope.CopyFrom(batch)
    for message in envelope.messages:
        message.ClearField("payload")
    if person.is_in(envelope.SerializeToString()):
        batch.DiscardUnknownFields()
        for message in batch.messages:
            method = text(message.method)
            if not is_plain(method) and (cleaned := person.clean(method)) != method:
                message.method = cleaned


def _scrub_message(message: Any, scrubber: _Scrubber) -> None:
    """One message of a batch: emptied when it is theirs, or cannot be read and they are in it; else without them."""
    person = scrubber.person
    method = text(message.method)
    cls = method_class(method)
    try:
        parsed = cls.FromString(message.payload) if cls is not None else None
        sender = getattr(parsed, "user", None)
        if sender is not None and _describes(sender, person):
            message.Clear()
            return
        changed = parsed is not None and scrubber.all_of(parsed, is_said=method in _SAID)
    except (DecodeError, ValueError):  # upb refuses to look up a map's key that is no UTF-8
        parsed, changed = None, False
    if parsed is None:
        if person.is_in(message.payload):
            message.Clear()
        return
    if not changed and not person.is_in(message.payload):
        return
    scrubbed = parsed.SerializeToString()
    if person.is_in(scrubbed):  # where the schema knows nothing, or in a value that reads like them
        parsed.DiscardUnknownFields()
        known = parsed.SerializeToString()
        if person.id_is_in(scrubbed) or person.times_named_in(known) < person.times_named_in(scrubbed):
            scrubber.named = True
            scrubbed = known
        elif not changed:
            return
    if person.id_is_in(scrubbed):
        message.Clear()
    else:
        message.payload = scrubbed


class _Scrubber:
    """Takes a person out of one message, and keeps in mind whether it named or quoted them, or TikTok told of them."""

    def __init__(self, person: Traces) -> None:
        self.person = person
        self.named = False
        self.quoted = False
        self.told = False
        self._clean = person.clean

    def all_of(self, message: Any, *, is_said: bool) -> bool:
        """Take them out of a whole message; whether there was anything. ``is_said`` tells that people wrote it."""
        if is_said:
            return self.fields(message)
        namesakes = (whose for whose, _, called in people(message) if self.person.is_name(called))
        if all(map(self.person.is_id, namesakes)):
            self._clean = self.person.clean_composed
        changed = self.fields(message)
        if self.named:
            self._clean = self.person.clean_about
            changed |= self.fields(message)
        return changed

    def fields(self, message: Any, skip: str = "") -> bool:
        """Take them out of all fields, at any depth; whether there was anything."""
        changed = False
        present = message.ListFields()
        foreign = {field.name for field, value in present if value and not self.person.is_id(value)}
        is_gift = message.DESCRIPTOR.name.endswith("_Gift")
        is_person = not _NAMES.isdisjoint(message.DESCRIPTOR.fields_by_name)
        clean = self.person.clean if is_person else self._clean  # what others call themselves, they wrote
        for field, value in present:
            name = field.name
            if name == skip:
                continue
            nested = field.message_type
            if nested is not None and nested.GetOptions().map_entry:
                changed |= self._map(value, nested)
            elif field.is_repeated:
                changed |= self._list(value, field)
            elif nested is not None:
                changed |= self._nested(value)
            elif self._is_theirs(name, value):
                message.ClearField(name)
                changed = self.named = True
            elif isinstance(value, str):
                if _is_value(name, value, is_gift):
                    continue
                is_name = name in _NAMES_OF and foreign.isdisjoint(_NAMES_OF[name]) and self.person.is_name(value)
                cleaned = ERASED if is_name else clean(value)
                if cleaned != value:
                    setattr(message, name, cleaned)
                    changed = True
                    self.told |= clean == self.person.clean_composed
        return changed

    def _is_theirs(self, name: str, value: Any) -> bool:
        if isinstance(value, bytes):
            return self.person.is_in(value)
        return self.person.is_id(value) and (self.person.is_telling_id or bool(_PERSONAL.search(name)))

    def _nested(self, message: Any) -> bool:
        """A message inside: what describes or quotes the person is emptied, anything else is looked through."""
        known = message.DESCRIPTOR.fields_by_name
        is_quoting = "user" in known and message.HasField("user") and _describes(message.user, self.person)
        if not is_quoting and not _describes(message, self.person):
            return self.fields(message)
        self.named = True
        says = "content" in known and isinstance(message.content, str | bytes) and bool(message.content)
        message.Clear()
        if says:
            message.content = ERASED
            self.quoted = True
        return True

    def _list(self, values: Any, field: Any) -> bool:
        if field.message_type is not None:
            changed = [self._nested(value) for value in values]
            return any(changed)
        kept = [
            self._clean(value) if isinstance(value, str) else value
            for value in values
            if not self._is_theirs(field.name, value)
        ]
        if kept == list(values):
            return False
        self.named |= len(kept) < len(values)
        values[:] = kept
        return True

    def _map(self, values: Any, entry: Any) -> bool:
        changed = False
        inside = entry.fields_by_name["value"].message_type
        for key in list(values):
            value = values[key]
            if self._is_theirs("user_id", key) or self._is_theirs("", value):
                del values[key]
                changed = self.named = True
            elif inside is not None:
                changed |= self._nested(value)
            elif isinstance(value, str) and (cleaned := self._clean(value)) != value:
                values[key] = cleaned
                changed = True
        return changed


def _is_value(name: str, value: str, is_gift: bool) -> bool:
    if is_gift and name in _GIFT_VALUES:
        return is_plain(value, is_gift=True)
    return bool(_VALUES.search(name)) and is_plain(value)


def _describes(message: Any, person: Traces) -> bool:
    """Whether a message gives their id with names, as those that describe somebody do."""
    known = message.DESCRIPTOR.fields_by_name
    return not _NAMES.isdisjoint(known) and any(person.is_id(getattr(message, name)) for name in _IDS if name in known)
