"""Between the program's values and the database's columns."""

from __future__ import annotations

import msgspec

from tui_live.core.events import Person
from tui_live.core.times import iso, milliseconds
from tui_live.core.totals import Totals
from tui_live.errors import StoreError

__all__ = ["iso", "milliseconds"]

#: Event type -> the column of ``sessions`` that counts it. ``gift`` counts units and ``like`` counts likes (SPEC §11).
TYPE_COLUMNS = {
    "chat": "total_messages",
    "member": "total_members",
    "social": "total_social",
    "emote": "total_emotes",
    "envelope": "total_envelopes",
    "question": "total_questions",
    "battle": "total_battles",
    "room_update": "total_room_updates",
    "ranking": "total_rankings",
    "poll": "total_polls",
    "shopping": "total_shopping",
    "moderation": "total_moderation",
    "caption": "total_captions",
    "goal": "total_goals",
    "banner": "total_banners",
    "link": "total_links",
    "intro": "total_intros",
}
#: Types whose text somebody wrote or said: these are found by the full-text search.
WORDED_TYPES = frozenset({"chat", "question", "caption", "banner", "intro", "poll"})

EventRow = tuple[int, int, int, str | None, int | None, str | None, int, int, str | None, int, int | None, int, bool]

INSERT_EVENT = (
    "INSERT INTO event_rows (id, session, type, subtype, name, message, time_ms, head, tail, msg_id, frame_id, place,"
    " history) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_FRAME = "INSERT INTO frames (id, session_id, received_ms, payload) VALUES (?, ?, ?, ?)"
INSERT_WORDS = "INSERT INTO search (rowid, words) VALUES (?, ?)"
UPSERT_USER = """
INSERT INTO users (user_id, username, display_name, avatar_url, bio, follower_count, following_count, follow_status,
    verified, moderator, gifter_level, member_level, region, badges, first_seen, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)
ON CONFLICT (user_id) DO UPDATE SET
    username = coalesce(nullif(excluded.username, ''), username),
    display_name = coalesce(nullif(excluded.display_name, ''), display_name),
    avatar_url = coalesce(nullif(excluded.avatar_url, ''), avatar_url),
    bio = coalesce(nullif(excluded.bio, ''), bio),
    follower_count = coalesce(excluded.follower_count, follower_count),
    following_count = coalesce(excluded.following_count, following_count),
    follow_status = CASE WHEN excluded.follower_count IS NULL THEN follow_status ELSE excluded.follow_status END,
    verified = CASE WHEN excluded.follower_count IS NULL THEN max(verified, excluded.verified)
        ELSE excluded.verified END,
    moderator = CASE WHEN excluded.follower_count IS NULL THEN max(moderator, excluded.moderator)
        ELSE excluded.moderator END,
    badges = CASE WHEN excluded.follower_count IS NULL AND excluded.badges = '[]' THEN badges
        ELSE excluded.badges END, -- a message that shows no numbers of followers shows no badges either
    gifter_level = max(gifter_level, excluded.gifter_level), member_level = max(member_level, excluded.member_level),
    region = coalesce(nullif(excluded.region, ''), region), changed_at = excluded.changed_at
WHERE excluded.changed_at >= changed_at -- a message from the history knows less than we do
"""
#: What to do about a session that somebody has damaged by hand.
DAMAGED_REMEDY = "go back to a copy of the database, or delete the session"
_encode = msgspec.json.Encoder().encode
_totals = msgspec.json.Decoder(Totals)


def user_row(user: Person, seen: str) -> tuple[object, ...]:
    """The parameters of ``UPSERT_USER``; ``seen`` is ISO 8601 UTC."""
    return (
        *(user.user_id, user.handle, user.nickname, user.avatar_url, user.bio, user.followers, user.following),
        *(user.follow_status, user.verified, user.moderator, user.gifter_level, user.member_level, user.region),
        *(_encode(user.badges).decode(), seen),
    )


def totals_columns(totals: Totals) -> dict[str, int | str]:
    """The columns of ``sessions`` that ``totals`` sets."""
    columns: dict[str, int | str] = dict.fromkeys(TYPE_COLUMNS.values(), 0)
    unlisted = 0
    for kind, count in totals.messages.items():
        if kind in TYPE_COLUMNS:
            columns[TYPE_COLUMNS[kind]] = count
        elif kind not in ("gift", "like"):
            unlisted += count
    return columns | {
        "total_events": totals.events,
        "total_gifts": totals.gifts,
        "total_likes": totals.likes,
        "total_other": unlisted,
        "total_coins": totals.coins,
        "total_gaps": totals.gaps,
        "gap_ms": totals.gap_ms,
        "duplicates": totals.duplicates,
        "undecodable": totals.undecodable,
        "room_likes": totals.room_likes,
        "peak_viewers": totals.peak_viewers,
        "totals": _encode(totals).decode(),
    }


def read_totals(text: str, session_id: str) -> Totals:
    """The totals that a session's row holds. Raises :class:`StoreError` when somebody has damaged them."""
    try:
        return _totals.decode(text)
    except (msgspec.MsgspecError, TypeError) as error:  # TypeError: bytes or a number instead of text
        raise StoreError(f"The sums of session {session_id} are damaged: {error}", DAMAGED_REMEDY) from error
