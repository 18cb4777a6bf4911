"""Serialized protobuf fields, to be joined to a serialized message: the order of fields does not matter."""

from __future__ import annotations


def field(number: int, data: bytes) -> bytes:
    """A length-delimited field: a string, bytes or a serialized message."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    """An integer of protobuf's variable length; not negative."""
    if value < 0x80:
        return bytes((value,))
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
