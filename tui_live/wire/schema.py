"""Fast protobuf classes built from TikTokLive's own schema.

TikTokLive parses with betterproto2 and pydantic, about five hundred times slower than Google's upb. Its classes
carry the whole schema as dataclass metadata, so the same schema is handed to upb here: TikTokLive stays the one source,
and an upgrade of it brings new messages along.

Descriptors use proto2 rules because under proto3 a single invalid byte in a ``string`` rejects the whole message;
under proto2 such a string comes back as ``bytes`` (see :func:`text`). Enums become ``int32`` for the same reason: a
value that the schema does not know yet must be kept.

Importing TikTokLive takes seconds; nothing here imports it before the first class is asked for.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    name: getattr(_FIELD, f"TYPE_{name.upper()}")
    for name in (
        *("double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64"),
        *("fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"),
    )
} | {"enum": _FIELD.TYPE_INT32}
_UNPACKABLE = {"string", "bytes", "message"}
_PACKAGE = "tui_live.wire"


class Schema:
    """A growing pool of upb classes, keyed by the betterproto2 class they mirror.

    A field whose class is among ``sealed`` is declared as bytes, which is the same on the wire: such a part is not
    parsed until somebody does it (see :mod:`tui_live.wire.reading`).
    Building is safe from several threads: TikTokLive is imported in one while the console already runs.
    """

    def __init__(self, sealed: Collection[type] = ()) -> None:
        self._sealed = frozenset(sealed)
        self._pool = descriptor_pool.DescriptorPool()
        self._known: dict[type, str] = {}
        self._files: list[str] = []
        self._lock = threading.Lock()

    def mirror(self, cls: type) -> type[Any]:
        """The upb class with the field names, numbers and types of the betterproto2 class ``cls``."""
        with self._lock:
            if cls not in self._known:
                self._add(cls)
            descriptor = self._pool.FindMessageTypeByName(f"{_PACKAGE}.{self._known[cls]}")
        mirrored: type[Any] = message_factory.GetMessageClass(descriptor)
        return mirrored

    def _add(self, root: type) -> None:
        """Add ``root`` and every class it reaches that is not in the pool yet, as one file."""
        file = descriptor_pb2.FileDescriptorProto(
            name=f"{len(self._files)}.proto", package=_PACKAGE, syntax="proto2", dependency=self._files
        )
        waiting = [root]
        self._name(root)
        while waiting:
            waiting.extend(self._describe(waiting.pop(), file))
        self._pool.Add(file)
        self._files.append(file.name)

    def _name(self, cls: type) -> str:
        return self._known.setdefault(cls, f"T{len(self._known)}_{cls.__name__}")

    def _describe(self, cls: Any, file: FileDescriptorProto) -> list[type]:
        """Write the descriptor of ``cls`` into ``file``; return the classes it names for the first time."""
        message = file.message_type.add(name=self._known[cls])
        hints = cls._type_hints()
        found: list[type] = []
        for item in dataclasses.fields(cls):
            meta = item.metadata.get("betterproto")
            if meta is None:
                continue
            names = _message_classes(hints[item.name])
            for nested in names:
                if nested not in self._known and nested not in self._sealed:
                    self._name(nested)
                    found.append(nested)
            field = message.field.add(name=item.name, number=meta.number, label=_FIELD.LABEL_OPTIONAL)
            if meta.map_meta:
                self._describe_map(message, field, meta.map_meta, names)
            else:
                self._set_type(field, meta.proto_type, names)
                if meta.repeated:
                    field.label = _FIELD.LABEL_REPEATED
                    if meta.proto_type not in _UNPACKABLE:
                        field.options.packed = True
        return found

    def _describe_map(
        self, message: DescriptorProto, field: FieldDescriptorProto, metas: tuple[Any, Any], names: list[type]
    ) -> None:
        entry = message.nested_type.add(name="".join(part.title() for part in field.name.split("_")) + "Entry")
        entry.options.map_entry = True
        for name, meta in zip(("key", "value"), metas, strict=True):
            part = entry.field.add(name=name, number=meta.number, label=_FIELD.LABEL_OPTIONAL)
            self._set_type(part, meta.proto_type, names)
        field.label = _FIELD.LABEL_REPEATED
        field.type = _FIELD.TYPE_MESSAGE
        field.type_name = f".{_PACKAGE}.{message.name}.{entry.name}"

    def _set_type(self, field: FieldDescriptorProto, proto_type: str, names: list[type]) -> None:
        if proto_type == "message" and names[0] in self._sealed:
            field.type = _FIELD.TYPE_BYTES
        elif proto_type == "message":
            field.type = _FIELD.TYPE_MESSAGE
            field.type_name = f".{_PACKAGE}.{self._known[names[0]]}"
        else:
            field.type = _SCALARS[proto_type]


def _message_classes(hint: Any) -> list[type]:
    """The message classes named anywhere in a resolved type hint (``list[X]``, ``X | None``, ``dict[str, X]``)."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return [proto_parent(hint)]
    return [cls for part in getattr(hint, "__args__", ()) for cls in _message_classes(part)]


def proto_parent(cls: type) -> type:
    """TikTokLive's event and ``Extended…`` classes inherit their schema; the parent that owns it names it once."""
    return next((base for base in cls.__mro__ if base.__module__.startswith("TikTokLiveProto.")), cls)


SCHEMA = Schema()


@cache
def method_class(method: str) -> type[Any] | None:
    """The upb class for a Webcast method such as ``WebcastChatMessage``; ``None`` when TikTokLive does not know it."""
    from TikTokLive.events.proto_events import EVENT_MAPPINGS

    event = EVENT_MAPPINGS.get(method)
    return None if event is None else SCHEMA.mirror(proto_parent(event))


@cache
def known_methods() -> frozenset[str]:
    """Every Webcast method that TikTokLive's schema can parse."""
    from TikTokLive.events.proto_events import EVENT_MAPPINGS

    return frozenset(EVENT_MAPPINGS)


@cache
def message_class(name: str) -> type[Any]:
    """The upb class of a schema message by its bare name (``WebcastPushFrame``, ``User``, …), as TikTokLive exports it.

    Raises ``LookupError`` when TikTokLive exports no such message.
    """
    from TikTokLive import proto

    cls = getattr(proto, name, None)
    if cls is None:
        raise LookupError(f"TikTokLive exports no message {name!r}")
    return SCHEMA.mirror(proto_parent(cls))


def text(value: str | bytes) -> str:
    """A proto2 string as text: upb returns ``bytes`` where the sender's UTF-8 is broken."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
