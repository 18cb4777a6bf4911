"""What the API answers, for the OpenAPI document. Ids are strings: TikTok's exceed what JavaScript's numbers hold."""

from __future__ import annotations

from typing import Any

from tui_live.core.clips import ClipState, ObsState
from tui_live.core.events import TYPES
from tui_live.core.status import State
from tui_live.core.trends import Kind
from tui_live.web import figures

Schema = dict[str, Any]
#: The counts of a session, as its columns are called (SPEC §11).
SESSION_TOTALS = (
    *("total_events", "total_users", "total_gifts", "total_likes", "total_messages", "total_members", "total_social"),
    *("total_emotes", "total_envelopes", "total_questions", "total_battles", "total_room_updates", "total_rankings"),
    *("total_polls", "total_shopping", "total_moderation", "total_captions", "total_goals", "total_banners"),
    *("total_links", "total_intros", "total_other", "total_coins", "room_likes", "peak_viewers"),
    *("duplicates", "undecodable"),
)


def _of(kind: str, **more: Any) -> Schema:
    return {"type": kind, **more}


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _object(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str, item: str) -> Schema:
    """A page of a list, and the cursor of the next one."""
    return _object(**{name: _of("array", items=ref(item))}, next=_or_null(_TEXT))


_TEXT = _of("string")
_ID = _of("string", pattern="^[0-9]+$")
_WHOLE = _of("integer")
_COUNT = _of("integer", minimum=0)
_NUMBER = _of("number")
_FLAG = _of("boolean")
_ANY = _of("object")
_TIME = _of("string", format="date-time", description="ISO 8601, UTC")
_SHARE = _or_null(_of("number", minimum=0, maximum=1))
_WHOSE = {"user_id": _or_null(_TEXT), "username": _or_null(_TEXT), "nickname": _or_null(_TEXT)}

_SESSION = {
    **{"id": _TEXT, "streamer_username": _TEXT, "room_id": _TEXT, "session_start": _TIME},
    **{"session_end": _or_null(_TIME), "status": _of("string", enum=["active", "ended", "interrupted"])},
    **dict.fromkeys(SESSION_TOTALS, _COUNT),
    **{"like_coverage": _SHARE, "gaps": _COUNT, "gap_seconds": _NUMBER, "streamer_info": _ANY},
}
_GAP = _object(start=_TIME, end=_TIME, seconds=_NUMBER, reason=_TEXT)
_PARTICIPANT = {
    **{"rank": _of("integer", minimum=1), "user_id": _ID, "username": _TEXT, "nickname": _TEXT},
    **{"avatar_url": _or_null(_TEXT), "points": _NUMBER, "score": _of("integer", description="points, rounded up")},
    **dict.fromkeys(("coins", "gifts", "likes", "comments"), _COUNT),
    **{"follower": _FLAG, "first_seen": _TIME, "last_seen": _TIME},
    **{"verified": _or_null(_FLAG), "moderator": _or_null(_FLAG)},
    **{"gifter_level": _or_null(_WHOLE), "member_level": _or_null(_WHOLE)},
    "badges": _or_null(_of("array", items=_TEXT, description="as TikTok showed them last; null: nothing is known")),
}
_USER = {
    **{"bio": _or_null(_TEXT), "follower_count": _or_null(_WHOLE), "following_count": _or_null(_WHOLE)},
    "follow_status": _or_null(
        _of("integer", description="as TikTok said last: 0 no, 1 follows the host, 2 they follow each other")
    ),
    "region": _or_null(_of("string", description="empty unless TikTok tells it")),
}
_QUESTION = {
    **{"stream": _TEXT, "message_id": _ID, "user_id": _TEXT, "username": _TEXT, "nickname": _TEXT},
    **{"avatar_url": _or_null(_TEXT), "text": _TEXT, "timestamp": _or_null(_TIME)},
}
_CAUSE = {
    **{"trigger": _TEXT, "username": _TEXT, "nickname": _or_null(_TEXT), "message": _or_null(_TEXT)},
    **{"streamer": _TEXT, "session_id": _or_null(_TEXT), "viewers": _COUNT, "at": _TIME},
}
_CLIP = {
    **{"id": _of("integer", minimum=1), "state": _of("string", enum=[state.value for state in ClipState])},
    **{"reason": _or_null(_of("string", description="why it failed, or has not the name that it was to get"))},
    **{"file": _or_null(_TEXT), "url": _or_null(_of("string", description="null while it cannot be played"))},
    **{"streamer": _TEXT, "session_id": _or_null(_TEXT), "username": _TEXT, "trigger": _TEXT},
    **{"message": _or_null(_TEXT), "viewers": _COUNT, "requested_at": _TIME, "saved_at": _or_null(_TIME)},
    **{"size": _or_null(_COUNT), "duration_seconds": _or_null(_NUMBER)},
    **{"causes": _of("array", items=ref("Cause"), description="who asked for it; the first named it")},
    **{"more": _of("integer", minimum=0, description="how many asked beyond these")},
}
_CHAT_LINE = {"time": _TIME, "username": _TEXT, "nickname": _or_null(_TEXT), "text": _TEXT}
_OBS = {
    **{"state": _of("string", enum=[state.value for state in ObsState])},
    **{"ready": _of("boolean", description="whether a clip can be saved now")},
    **{"reason": _or_null(_TEXT), "remedy": _or_null(_TEXT), "since": _or_null(_TIME), "version": _or_null(_TEXT)},
    **{"buffer_seconds": _or_null(_COUNT), "warning": _or_null(_TEXT)},
}
_PART = _of("number", minimum=0, maximum=100)
_TREND = {
    **{"platform_post_id": _ID, "author": _of("string", description="the handle; empty where TikTok does not tell it")},
    **{"nickname": _TEXT, "verified": _FLAG, "followers": _COUNT, "content": _TEXT, "url": _TEXT, "posted_at": _TIME},
    **dict.fromkeys(("likes", "comments", "shares", "views"), _COUNT),
    "engagement_velocity": _of("number", minimum=0, description="likes, comments and shares a minute since posting"),
    **{"score": _PART, "velocity_part": _PART, "credibility": _PART, "relevance": _PART, "reason_flagged": _TEXT},
    "is_new": _of("boolean", description="kept by the last good run and not by the one before"),
    "history": _of(
        "array",
        items=_object(time=_TIME, engagement_velocity=_NUMBER),
        description="the last runs that had it, at most 200",
    ),
}
_TREND_RUN = {
    **{"ended_at": _TIME, "fetched": _COUNT, "kept": _COUNT, "duplicates": _COUNT},
    "dropped": _of("object", additionalProperties=_COUNT, description="how many were not kept, by reason"),
    "problems": _of("object", additionalProperties=_COUNT, description="how often values were missing or odd"),
}
_SUMS = ("viewers", "total_events", "total_coins", "total_likes", "room_likes", "gaps", "duplicates", "undecodable")

_FIGURES = figures.schemas()
_OF_STREAMER = {
    **{"streamer_username": _TEXT, "session_ids": _of("array", items=_TEXT)},
    "older_sessions": _of("integer", minimum=0, description="sessions that were left out"),
}


def _of_streamer(name: str) -> Schema:
    schema = _FIGURES.pop(name)
    properties = {**_OF_STREAMER, **schema["properties"]}
    return {**schema, "properties": properties, "required": list(properties)}


SCHEMAS: dict[str, Schema] = {
    "Error": _object(error=_object(code=_TEXT, message=_TEXT)),
    "Health": _object(
        status=_of("string", enum=["ok", "trouble"]),
        trouble=_or_null(_TEXT),
        events_per_second=_NUMBER,
        **dict.fromkeys(("backlog", "dropped", "duplicates", "undecodable", "database_bytes"), _COUNT),
    ),
    "Status": _object(
        version=_TEXT,
        pages_version=_TEXT,
        streams=_of("object", additionalProperties=_COUNT, description="how many are in each state"),
        obs=ref("Obs"),
        pages=_of("array", items=ref("Page")),
    ),
    "Page": _object(
        page=_TEXT,
        stream=_or_null(_TEXT),
        watched=_of("boolean", description="whether there is such a stream"),
        version=_or_null(_TEXT),
        connected_at=_TIME,
        heartbeat_at=_TIME,
    ),
    "Stream": _object(
        name=_TEXT,
        state=_of("string", enum=[state.value for state in State]),
        reason=_or_null(_TEXT),
        next_step=_or_null(_TIME),
        session_id=_or_null(_TEXT),
        room_id=_or_null(_ID),
        **dict.fromkeys(_SUMS, _COUNT),
        like_coverage=_SHARE,
        gap_seconds=_NUMBER,
        messages=_of("object", additionalProperties=_COUNT, description="messages by type"),
    ),
    "Streams": _list("streams", "Stream"),
    "StreamDone": _object(stream=_or_null(ref("Stream"))),
    "Session": _object(**_SESSION),
    "Sessions": _list("sessions", "Session"),
    "SessionWhole": _object(
        session=_object(
            **_SESSION,
            messages=_of("object", additionalProperties=_COUNT, description="messages by type"),
            gap_list=_of("array", items=_GAP),
        )
    ),
    "Event": _object(
        ("raw_data",),
        id=_of("integer", minimum=1),
        session_id=_TEXT,
        event_type=_of("string", enum=list(TYPES)),
        event_subtype=_or_null(_TEXT),
        **_WHOSE,
        message=_or_null(_TEXT),
        timestamp=_TIME,
        history=_FLAG,
        processed_data=_ANY,
        raw_data=_or_null(_ANY),
    ),
    "Events": _list("events", "Event"),
    "Participant": _object(**_PARTICIPANT),
    "Participants": _list("participants", "Participant"),
    "User": _object(
        user=_object(
            **_PARTICIPANT,
            **_USER,
            sources=_object(**dict.fromkeys(("gifts", "likes", "comments", "follows", "shares"), _NUMBER)),
            used_points=_NUMBER,
            gift_breakdown=_of(
                "array",
                items=_object(gift_id=_TEXT, name=_TEXT, price=_WHOLE, count=_WHOLE, coins=_WHOLE, points=_NUMBER),
            ),
            comment_list=_of("array", items=_object(message_id=_ID, timestamp=_TIME, text=_TEXT, used=_FLAG)),
            places=_of("array", items=_object(timestamp=_TIME, rank=_or_null(_WHOLE))),
            names=_of("array", items=_object(username=_TEXT, nickname=_TEXT, first_seen=_TIME)),
        )
    ),
    "Question": _object(**_QUESTION),
    "Questions": _object(
        question=_or_null(_object(**_QUESTION, shown_at=_TIME)), waiting=_of("array", items=ref("Question"))
    ),
    "Obs": _object(**_OBS),
    "ObsSaid": _object(said=_TEXT, obs=ref("Obs")),
    "Cause": _object(**_CAUSE),
    "Clip": _object(**_CLIP),
    "Clips": _list("clips", "Clip"),
    "ClipWhole": _object(clip=_object(**_CLIP, chat=_of("array", items=_object(**_CHAT_LINE)))),
    "Trend": _object(**_TREND),
    "TrendRun": _object(**_TREND_RUN),
    "TrendTrouble": _object(kind=_of("string", enum=[kind.value for kind in Kind]), reason=_TEXT, remedy=_TEXT),
    "Trends": _object(
        trends=_of("array", items=ref("Trend")),
        next=_of("null"),
        found=_of("integer", minimum=0, description="how many there are without the limit"),
        run=_or_null(ref("TrendRun")),
        trouble=_or_null(ref("TrendTrouble")),
        running=_FLAG,
        watching=_of("boolean", description="whether they are fetched again and again"),
        next_run=_or_null(_TIME),
    ),
    "SharesOfStreamer": _object(shares=_of_streamer("SharesOverSessions")),
    "EngagementOfStreamer": _object(engagement=_of_streamer("EngagementOverSessions")),
    **_FIGURES,
    "Shares": _object(shares=ref("SharesResult")),
    "Engagement": _object(engagement=ref("EngagementResult")),
    "Said": _object(said=_TEXT),
    "Saved": _object(saved=_TEXT),
    "Cleared": _object(cleared=_FLAG),
}
