"""The file formats of an export. Each writer takes finished lines of JSON, or records, and is closed at the end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import msgspec

from tui_live.store.output import ExportError

Facts = dict[str, Any]
Record = dict[str, Any]

COLUMNS = (
    *("id", "session_id", "event_type", "event_subtype", "user_id", "username", "nickname", "message", "timestamp"),
    *("history", "processed_data"),
)
#: A spreadsheet takes a cell that begins so for a formula; the wide ones are taken for the others in East Asia.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
#: Where another separator than the comma is set, as in half of Europe, a cell may begin in the middle of ours.
_INNER_FORMULA = re.compile('([;|\t\r\n][\\s"]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')
#: In TikTok's own words: DEL, C1, marks and overrides of direction, separators. JSON allows them, terminals obey them.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_encode = msgspec.json.Encoder().encode


class Writer(Protocol):
    """What an export writes to."""

    def lines(self, lines: list[str]) -> None:
        """Finished JSON objects (only asked of the JSON formats)."""

    def records(self, records: list[Record]) -> None:
        """Records with the keys of ``COLUMNS``, ``processed_data`` as JSON text, and ``raw_data`` if asked for."""

    def close(self) -> None:
        """Write the end. The stream itself stays open."""


class JsonLines:
    """One JSON object a line."""

    def __init__(self, stream: BinaryIO, _facts: Facts, _raw: bool) -> None:
        self._stream = stream

    def lines(self, lines: list[str]) -> None:
        """Write finished objects."""
        self._stream.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))

    def records(self, records: list[Record]) -> None:
        """Write records; their ``processed_data`` is spliced in as it is."""
        self.lines([as_json(record) for record in records])

    def close(self) -> None:
        """There is no end to write."""


class Json:
    """One document: ``{"session": {…}, "events": […], "users": […]}``."""

    def __init__(self, stream: BinaryIO, facts: Facts, _raw: bool) -> None:
        self._stream = stream
        self._any = False
        self._in_users = False
        stream.write(b'{"session":' + _encode(facts) + b',\n"events":[')

    def lines(self, lines: list[str]) -> None:
        """Write finished objects."""
        if lines:
            self._stream.write((",\n" if self._any else "\n").encode() + ",\n".join(lines).encode("utf-8", "replace"))
            self._any = True

    def records(self, records: list[Record]) -> None:
        """Write records."""
        self.lines([as_json(record) for record in records])

    def users(self, people: list[Facts]) -> None:
        """Write people; no more events can follow."""
        self._begin_users()
        self.lines([_json_text(person) for person in people])

    def close(self) -> None:
        """Close the list and the document."""
        self._begin_users()
        self._stream.write(b"\n]}\n")

    def _begin_users(self) -> None:
        if not self._in_users:
            self._stream.write(b'\n],\n"users":[')
            self._in_users, self._any = True, False


class Csv:
    """Comma-separated values with a header; no cell is a formula for a spreadsheet."""

    def __init__(self, stream: BinaryIO, _facts: Facts, raw: bool) -> None:
        self._stream = stream
        self._columns = (*COLUMNS, "raw_data") if raw else COLUMNS
        self._write([self._columns])

    def lines(self, lines: list[str]) -> None:
        """Never asked for."""
        raise NotImplementedError

    def records(self, records: list[Record]) -> None:
        """Write rows."""
        self._write([[_cell(record[name]) for name in self._columns] for record in records])

    def close(self) -> None:
        """There is no end to write."""

    def _write(self, rows: list[Any]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._stream.write(text.getvalue().encode("utf-8", "replace"))


class Parquet:
    """Apache Parquet, the session's facts in the schema's metadata under ``tui_live.session``."""

    def __init__(self, stream: BinaryIO, facts: Facts, raw: bool) -> None:
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ImportError as error:
            raise ExportError(
                "Parquet needs pyarrow, which is not installed", "pip install 'tui-live[parquet]', or use --format csv"
            ) from error
        kinds = {"id": arrow.int64(), "history": arrow.bool_(), "timestamp": arrow.timestamp("ms", tz="UTC")}
        names = (*COLUMNS, "raw_data") if raw else COLUMNS
        self._schema = arrow.schema(
            [(name, kinds.get(name, arrow.string())) for name in names], metadata={"tui_live.session": _encode(facts)}
        )
        self._table = arrow.Table.from_pylist
        self._writer = parquet.ParquetWriter(stream, self._schema, compression="zstd")

    def lines(self, lines: list[str]) -> None:
        """Never asked for."""
        raise NotImplementedError

    def records(self, records: list[Record]) -> None:
        """Write rows as one row group."""
        from datetime import datetime

        for record in records:
            record["timestamp"] = datetime.fromisoformat(record["timestamp"])
            if "raw_data" in record:
                record["raw_data"] = _json_text(record["raw_data"])
        self._writer.write_table(self._table(records, schema=self._schema))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


FORMATS: dict[str, Callable[[BinaryIO, Facts, bool], Writer]] = {
    "jsonl": JsonLines,
    "json": Json,
    "csv": Csv,
    "parquet": Parquet,
}


def as_json(record: Record) -> str:
    """A record as one JSON object on one line."""
    spliced = record | {"processed_data": msgspec.Raw(record["processed_data"].encode())}
    return _json_text(spliced) if "raw_data" in record else _encode(spliced).decode()


def _json_text(value: Any) -> str:
    """``value`` as JSON that a terminal shows and does not obey."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", _encode(value).decode())


def _cell(value: Any) -> Any:
    """A value as a CSV cell; a quote before what a spreadsheet would calculate."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        value = _json_text(value)
    if isinstance(value, str):
        value = _INNER_FORMULA.sub(r"\1'", value)
        return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value
    return value
