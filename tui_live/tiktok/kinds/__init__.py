"""One builder for each kind of message, a file for each family, and the table that names them all."""

from tui_live.tiktok.kinds.room import Host, Parts, RoomMemory
from tui_live.tiktok.kinds.system import other, undecodable
from tui_live.tiktok.kinds.table import TABLE, Row

__all__ = ["TABLE", "Host", "Parts", "RoomMemory", "Row", "other", "undecodable"]
