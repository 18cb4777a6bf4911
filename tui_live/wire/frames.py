"""Push frames and the batches of messages inside them.

A Webcast websocket frame is a ``WebcastPushFrame``; one of type ``msg`` carries a ``ProtoMessageFetchResult``, usually
gzipped. The payload is what the recorder keeps, untouched: :func:`unpack` reads both forms, so a stored frame reads
the same as a live one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from google.protobuf.message import DecodeError

from tui_live.wire.schema import message_class, text

GZIP_MAGIC = b"\x1f\x8b"
#: A batch beyond this, inflated or never gzipped, is hostile: TikTok's are a few hundred kilobytes at most.
MAX_INFLATED = 8 * 1024 * 1024
#: No batch begins so, nor does a gzip: field 0 is none.
_NO_BATCH = b"\0"
_MOST_OF_A_REASON = 100


class BrokenFrame(ValueError):
    """Bytes that are no frame or no batch: the message says why, in a few words."""


class Frame:
    """One ``msg`` frame as it came, and what is inside.

    ``payload`` is what the recorder keeps. ``batch`` is the upb ``ProtoMessageFetchResult``, or ``None`` when the bytes
    are not one; then ``error`` says why. The other attributes are the envelope's, as TikTokLive's client reads them.
    """

    __slots__ = ("batch", "error", "internal_ext", "is_first", "need_ack", "payload")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.batch: Any = None
        self.error = ""
        try:
            self.batch = unpack(payload)
        except BrokenFrame as broken:
            self.error = str(broken)
        self.is_first = bool(self.batch and self.batch.is_first)
        self.need_ack = bool(self.batch and self.batch.need_ack)
        self.internal_ext = text(self.batch.internal_ext) if self.batch else ""

    @property
    def messages(self) -> Sequence[Any]:
        """The upb ``BaseProtoMessage`` of each message; none in a broken frame."""
        return self.batch.messages if self.batch else ()


@cache
def _push_frame() -> type[Any]:
    return message_class("WebcastPushFrame")


@cache
def _batch() -> type[Any]:
    return message_class("ProtoMessageFetchResult")


def parse_push_frame(data: bytes) -> Any:
    """The upb ``WebcastPushFrame`` in ``data``. Raises :class:`BrokenFrame` for anything else."""
    try:
        return _push_frame().FromString(data)
    except DecodeError as error:
        raise BrokenFrame("not a push frame") from error


def unpack(payload: bytes) -> Any:
    """The upb ``ProtoMessageFetchResult`` in a ``msg`` payload, gzipped or not.

    The bytes decide, not the ``compress_type`` header: a batch begins with a field tag, never with gzip's magic.
    Raises :class:`BrokenFrame` when the gzip is damaged, the batch is larger than ``MAX_INFLATED`` or none, and for
    what :func:`no_batch` made.
    """
    if payload[:2] == GZIP_MAGIC:
        payload = inflate(payload)
    elif is_marked(payload):
        raise BrokenFrame(payload[1:_MOST_OF_A_REASON].partition(b"\n")[0].decode("utf-8", "replace"))
    elif len(payload) > MAX_INFLATED:
        raise BrokenFrame("too large")
    try:
        return _batch().FromString(payload)
    except DecodeError as error:
        raise BrokenFrame("not a batch of messages") from error


def received(payload: bytes) -> Frame:
    """The frame of a ``msg`` payload from the network, where nobody but us may say why something is no batch."""
    return Frame(no_batch(payload, "not a batch of messages") if is_marked(payload) else payload)


def is_marked(payload: bytes) -> bool:
    """Whether it reads as what :func:`no_batch` made."""
    return payload[:1] == _NO_BATCH


def no_batch(data: bytes, why: str) -> bytes:
    """The payload that keeps what is no batch: a zero byte, ``why``, a newline, all of it.

    A websocket message that is no ``msg`` frame may read as a batch without messages otherwise.
    """
    return b"".join((_NO_BATCH, why.encode(), b"\n", data))


def inflate(payload: bytes) -> bytes:
    """What a gzipped payload holds. Raises :class:`BrokenFrame`."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(payload, MAX_INFLATED)
    except zlib.error as error:
        raise BrokenFrame("broken gzip") from error
    if not inflater.eof:
        raise BrokenFrame("too large" if len(data) >= MAX_INFLATED else "gzip cut short")
    return data


def push_frame(payload_type: str, payload: bytes, log_id: int = 0, compressed: bool = False) -> bytes:
    """The bytes of a push frame; ``compressed`` announces a gzipped payload, as TikTok does."""
    frame = _push_frame()(payload_type=payload_type, payload_encoding="pb", payload=payload, log_id=log_id)
    if compressed:
        frame.headers.add(key="compress_type", value="gzip")
    return frame.SerializeToString()  # type: ignore[no-any-return]
