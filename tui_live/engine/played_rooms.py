"""The rooms of a recorded session, each with a decoder of its own as when it was recorded."""

from __future__ import annotations

import aiosqlite

from tui_live.store import sessions
from tui_live.store.sessions import Session
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host


class PlayedRooms:
    """Decoding begins with what was known of each room when the session began: it may have been in another one."""

    def __init__(self, database: aiosqlite.Connection, session: Session) -> None:
        self._database = database
        self._session = session
        self._rooms: list[tuple[int, str]] = []
        self._decoders: dict[str, RoomDecoder] = {}
        #: The room that was played last.
        self.room_id = session.room_id

    async def look(self) -> None:
        """Read which rooms there are: a session that is under way may come into another one."""
        self._rooms = await sessions.rooms(self._database, self._session.id)

    async def decoder(self, frame_id: int) -> RoomDecoder:
        """What decodes this frame."""
        self.room_id = next((room_id for last, room_id in self._rooms if frame_id <= last), self._session.room_id)
        found = self._decoders.get(self.room_id)
        if found is None:
            found = self._decoders[self.room_id] = await self._made(self.room_id)
        return found

    async def _made(self, room_id: str) -> RoomDecoder:
        session, database = self._session, self._database
        began = await sessions.first_event(database, session.id)
        known = await sessions.known_ids(database, room_id, began)
        decoder = RoomDecoder(room_id, Host(session.streamer, session.host_id), known)
        await sessions.restore_streaks(database, room_id, decoder.memory.streaks, began)
        return decoder
