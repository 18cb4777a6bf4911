"""Batches and push frames as TikTok's server makes them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tui_live.simulator.messages import Message
from tui_live.wire.frames import push_frame
from tui_live.wire.schema import message_class


@cache
def _batch() -> type[Any]:
    return message_class("ProtoMessageFetchResult")


def encode(
    messages: Iterable[Message], *, cursor: str, now_ms: int, need_ack: bool = False, history: bool = False
) -> bytes:
    """A serialized ``ProtoMessageFetchResult``; ``history`` marks its messages as such."""
    batch = _batch()(
        cursor=cursor, now=now_ms, need_ack=need_ack, internal_ext=f"internal_src:dispatch|cursor:{cursor}"
    )
    add = batch.messages.add
    for message in messages:
        if history:
            add(method=message.method, payload=message.payload, msg_id=message.msg_id, is_history=True)
        else:
            add(method=message.method, payload=message.payload, msg_id=message.msg_id)
    return batch.SerializeToString()  # type: ignore[no-any-return]


def first_response(
    messages: Iterable[Message], *, cursor: str, now_ms: int, push_server: str, route_params: Mapping[str, str]
) -> bytes:
    """What the sign route answers: recent messages, and where and with what to open the websocket."""
    batch = _batch().FromString(encode(messages, cursor=cursor, now_ms=now_ms, history=True))
    batch.is_first = True
    batch.push_server = push_server
    batch.heartbeat_duration = 10_000
    batch.fetch_interval = 1000
    for key, value in route_params.items():
        batch.route_params[key] = value
    return batch.SerializeToString()  # type: ignore[no-any-return]


def frame(batch: bytes, log_id: int, *, compress: bool = True) -> bytes:
    """A ``msg`` push frame around a batch, gzipped unless the client asked for no compression."""
    return push_frame("msg", gzip(batch) if compress else batch, log_id, compressed=compress)


def gzip(data: bytes) -> bytes:
    """``data`` in gzip form, quickly rather than tightly."""
    deflater = zlib.compressobj(1, wbits=31)
    return deflater.compress(data) + deflater.flush()
