"""TikTok's and the sign server's HTTP routes and the Webcast websocket, as TikTokLive calls them."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tui_live.simulator import catalogue, faults
from tui_live.simulator.connection import SUBPROTOCOL

if TYPE_CHECKING:
    from tui_live.simulator.room import Room
    from tui_live.simulator.server import Simulator

#: TikTok's ``status`` of a live room in its pages and room info.
LIVE, OFF = 2, 4
_AGE_WORDS = {
    "message": "Sorry, this LIVE is for adults only",
    "prompts": "This LIVE may not be suitable for some viewers",
}
_LOGIN_WORDS = {"message": "User doesn't login", "prompts": "Please login first"}


class TikTokRoutes:
    """The handlers. Every one of them may be slowed down by the room's conditions."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def table(self) -> list[web.RouteDef]:
        """The routes, all on one port: web, webcast and sign server."""
        return [
            web.get("/@{user}/live", self.live_page),
            web.get("/api-live/user/room/", self.user_room),
            web.get("/webcast/room/check_alive/", self.check_alive),
            web.get("/webcast/room/info/", self.room_info),
            web.get("/webcast/room/info_by_user/", self.room_info),
            web.get("/webcast/gift/list/", self.gift_list),
            web.get("/webcast/fetch", self.sign),
            web.get("/webcast/im/push/", self.push),
        ]

    async def live_page(self, request: web.Request) -> web.Response:
        """The stream's HTML page with its state as JSON; a captcha has none, an unknown user no ``LiveRoom``."""
        room = await self._room_of(request.match_info["user"])
        if room is not None and room.conditions.use(faults.Captcha) is not None:
            return web.Response(text="<html><body>Verify to continue</body></html>", content_type="text/html")
        state: dict[str, Any] = {"AppContext": {}}
        if room is not None and room.conditions.use(faults.Unknown) is None:
            state["LiveRoom"] = {"liveRoomUserInfo": _user_info(room), "liveRoomStatus": 0}
        data = json.dumps(state, ensure_ascii=False).replace("<", "\\u003c")
        script = f'<script id="SIGI_STATE" type="application/json">{data}</script>'
        page = f"<!doctype html><html><head><title>TikTok LIVE</title></head><body>{script}</body></html>"
        return web.Response(text=page, content_type="text/html")

    async def user_room(self, request: web.Request) -> web.Response:
        """The same as JSON; ``message`` is ``user_not_found`` for an unknown user."""
        room = await self._room_of(request.query.get("uniqueId", ""))
        if room is None or room.conditions.use(faults.Unknown) is not None:
            return web.json_response({"statusCode": 19881007, "message": "user_not_found", "data": {}})
        return web.json_response({"statusCode": 0, "message": "", "data": _user_info(room)})

    async def check_alive(self, request: web.Request) -> web.Response:
        """Which of ``room_ids`` (comma separated) are on air."""
        answers = []
        for text in request.query.get("room_ids", "").split(","):
            room = await self._room_with(text)
            alive = room is not None and room.live and str(room.room_id) == text
            answers.append({"alive": alive, "room_id": int(text) if text.isdigit() else 0, "room_id_str": text})
        return web.json_response({"data": answers, "extra": {"now": time.time_ns() // 1_000_000}, "status_code": 0})

    async def room_info(self, request: web.Request) -> web.Response:
        """Owner, title, start and numbers of a room, by ``room_id`` or ``unique_id``."""
        if "unique_id" in request.query:
            room = await self._room_of(request.query["unique_id"])
        else:
            room = await self._room_with(request.query.get("room_id", ""))
        if room is None:
            return web.json_response({"data": {"message": "room not found", "prompts": ""}, "status_code": 4001038})
        if room.conditions.get(faults.AgeRestricted) is not None:
            return web.json_response({"data": _AGE_WORDS, "status_code": 4003110})
        if room.conditions.get(faults.LoginRequired) is not None:
            return web.json_response({"data": _LOGIN_WORDS, "status_code": 20003})
        return web.json_response({"data": _room_data(room), "status_code": 0})

    async def gift_list(self, request: web.Request) -> web.Response:
        """The gift catalogue."""
        return web.json_response({"data": {"gifts": catalogue.listing(self._simulator.url)}, "status_code": 0})

    async def sign(self, request: web.Request) -> web.Response:
        """The sign server: the first response, with where to connect and the cookies to bring."""
        room = await self._room_with(request.query.get("room_id", ""))
        if room is None:
            return web.json_response({"code": 404, "message": "room not found"}, status=404)
        if (limit := room.conditions.use(faults.RateLimit)) is not None:
            return _too_many(limit)
        if (error := room.conditions.use(faults.SignError)) is not None:
            body = b"" if error.status == 200 else b'{"code":500,"message":"the sign server is having a bad day"}'
            return web.Response(status=error.status, body=body, content_type="application/json")
        restricted = any(room.conditions.get(sort) for sort in (faults.AgeRestricted, faults.LoginRequired))
        push_server = f"{self._simulator.url.replace('http', 'ws', 1)}/webcast/im/push/"
        return web.Response(
            body=b"\x20\x00" if restricted else room.first_response(push_server),
            content_type="application/x-protobuf",
            headers={"X-Set-TT-Cookie": "ttwid=1%7Cstand-in; Path=/; Domain=tiktok.com", "X-Agent-Id": "stand-in"},
        )

    async def push(self, request: web.Request) -> web.StreamResponse:
        """The Webcast websocket of a room."""
        room = await self._room_with(request.query.get("room_id", ""))
        if room is None or not room.live:
            return web.Response(status=400, headers={"Handshake-Msg": "ROOM_NOT_FOUND"})
        if (refusal := room.conditions.use(faults.Refuse)) is not None:
            return web.Response(status=refusal.status, headers={"Handshake-Msg": refusal.message})
        socket = web.WebSocketResponse(protocols=(SUBPROTOCOL,), compress=False, max_msg_size=1 << 20)
        socket.headers["Handshake-Options"] = "ping-interval=10"
        await socket.prepare(request)
        await room.welcome(socket, request)
        return socket

    async def _room_of(self, user: str) -> Room | None:
        return await _slowly(self._simulator.find(user))

    async def _room_with(self, room_id: str) -> Room | None:
        return await _slowly(self._simulator.find_id(room_id))


async def _slowly(room: Room | None) -> Room | None:
    if room is not None and (slow := room.conditions.use(faults.Slow)) is not None:
        await asyncio.sleep(slow.seconds)
    return room


def _user_info(room: Room) -> dict[str, Any]:
    host, status = room.people.host, LIVE if room.live else OFF
    user = {
        "id": str(host.user_id),
        "uniqueId": room.user,
        "nickname": host.nickname,
        "avatarThumb": host.avatar_url,
        "signature": host.bio,
        "roomId": str(room.room_id),
        "status": status,
    }
    return {
        "user": user,
        "stats": {"followerCount": host.followers, "followingCount": host.following},
        "liveRoom": {
            "status": status,
            "title": room.scenario.title,
            "startTime": room.live_since_ms // 1000,
            "liveRoomStats": {"userCount": room.truth.viewers},
        },
    }


def _room_data(room: Room) -> dict[str, Any]:
    host, truth = room.people.host, room.truth
    return {
        "id": room.room_id,
        "id_str": str(room.room_id),
        "title": room.scenario.title,
        "status": LIVE if room.live else OFF,
        "create_time": room.live_since_ms // 1000,
        "user_count": truth.viewers,
        "like_count": truth.room_likes,
        "stats": {"total_user": truth.joins, "follow_count": truth.follows, "share_count": truth.shares},
        "owner": {
            "id": host.user_id,
            "id_str": str(host.user_id),
            "display_id": room.user,
            "nickname": host.nickname,
            "bio_description": host.bio,
            "avatar_thumb": {"url_list": [host.avatar_url]},
            "follow_info": {"follower_count": host.followers, "following_count": host.following},
        },
    }


def _too_many(limit: faults.RateLimit) -> web.Response:
    """429 as the sign server gives it: ``RateLimit-Remaining`` is a count, ``RateLimit-Reset`` a unix time."""
    headers = {}
    if limit.header:
        reset = int(time.time() + limit.seconds + 0.999)
        headers = {"RateLimit-Limit": "10", "RateLimit-Remaining": "0", "RateLimit-Reset": str(reset)}
    body = {"code": 429, "message": "(Community) Too many connections started.", "limit_label": "minute"}
    return web.json_response(body, status=429, headers=headers)
