"""A small engine for the console's tests: the real log model, real events, streams in every state."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.ui.fake_clips import FakeClips
from tests.ui.fake_trends import FakeTrends
from tests.ui.moment import NOW_MS
from tui_live.core.account import Account, Accountant
from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import (
    BannerData,
    BarrageData,
    Batch,
    BattleData,
    BattleUser,
    CaptionData,
    ChatData,
    ControlData,
    Data,
    EmoteData,
    EnvelopeData,
    Event,
    GiftData,
    GoalData,
    IntroData,
    LikeData,
    LinkData,
    MemberData,
    ModerationData,
    OtherData,
    Person,
    PollData,
    QuestionData,
    RankingData,
    RoomUpdateData,
    ShoppingData,
    SocialData,
    SystemData,
)
from tui_live.core.log import LogModel
from tui_live.core.scoring import Rules
from tui_live.core.status import Health, Overlays, Standing, State, StreamView
from tui_live.core.tally import Tally
from tui_live.core.totals import Totals
from tui_live.engine.scores import Scores
from tui_live.errors import StreamError, TuiLiveError
from tui_live.store.search import Hit
from tui_live.ui.playback_backend import PlaybackBackend

NAMES = (
    *(
        "Ana",
        "👑 King",
        "さくら",
        "john_doe",
        "محمد علي",
        "❤️‍🔥Lola👩‍👩‍👧",
        "이서연",
        "Z̷̢a̸l̵g̶o̷",
        "a very long nickname indeed",
    ),
    *("Олександр", "王小明", "नमस्ते", "tom", "x"),
)
TEXTS = (
    *(
        "where are you from?",
        "こんにちは、みなさん！今日も楽しい配信ありがとう",
        "please clip that",
        "مرحبا كيف حالك",
        "😂😂😂😂",
    ),
    *("first time here, love the music", "안녕하세요", "lol", "🇩🇪 hallo 🇫🇷", "that was amazing 👏🏽👏🏽", "谢谢你的歌"),
)
FACTORS = ((4, 5), (99, 10), (None, 30))
GIFTS = (("Rose", 1), ("TikTok", 1), ("Perfume", 20), ("Galaxy", 1000), ("Lion", 29_999))


def person(number: int) -> Person:
    return Person(str(7_000_000_000_000_000_000 + number), f"user{number}", NAMES[number % len(NAMES)])


def chat(text: str, who: Person | None = None, time_ms: int = NOW_MS) -> Event:
    return Event("chat", "", who or person(0), text, time_ms, ChatData(text), 1, 0)


def some_events(count: int, seed: int = 1, time_ms: int = NOW_MS) -> list[Event]:
    """A lively mixture, the same for the same seed."""
    dice = random.Random(seed)
    made: list[Event] = []
    for number in range(count):
        who = person(dice.randrange(200))
        when = time_ms + number * 10
        kind = dice.choices(
            ("chat", "like", "member", "gift", "social", "room_update", "control"), (50, 20, 12, 9, 5, 2, 1)
        )[0]
        msg_id = 10_000 + number
        if kind == "chat":
            text = dice.choice(TEXTS)
            made.append(Event("chat", "", who, text, when, ChatData(text), msg_id, 0))
        elif kind == "like":
            likes = dice.randrange(1, 16)
            made.append(Event("like", "", who, f"×{likes}", when, LikeData(likes, 5000), msg_id, 0))
        elif kind == "member":
            made.append(Event("member", "joined", who, "", when, MemberData("joined", 120), msg_id, 0))
        elif kind == "gift":
            name, value = dice.choice(GIFTS)
            times = dice.randrange(1, 13)
            data = GiftData(name, "5655", value, times, True, "9", value * times, times, value * times)
            made.append(Event("gift", "", who, f"{name} ×{times}", when, data, msg_id, 0))
        elif kind == "social":
            sub, action = dice.choice((("follow", "followed"), ("share", "shared")))
            made.append(Event("social", sub, who, "", when, SocialData(action), msg_id, 0))
        elif kind == "room_update":
            made.append(Event("room_update", "", None, "", when, RoomUpdateData(1234, 56789), msg_id, 0))
        else:
            made.append(Event("control", "paused", None, "", when, ControlData(1), msg_id, 0))
    return made


def event(data: Data, subtype: str = "", text: str = "", who: Person | None = None, msg_id: int = 500) -> Event:
    """An event of the type that ``data`` belongs to."""
    return Event(data.event_type, subtype, who, text, NOW_MS, data, msg_id, 0)


def rare_events() -> list[Event]:
    """One of each type that a stream rarely has."""
    sides = (BattleUser("1", "alice", "Alice", 1200), BattleUser("2", "bob", "👑 Bob", 800))
    three = (*sides, BattleUser("3", "", "", 0))
    return [
        event(BattleData(sides, "started"), "mic_battle"),
        event(BattleData(three, "finished"), "armies"),
        event(BattleData((), "task_failed"), "task", "the task has failed"),
        event(QuestionData("where are you from?"), who=person(1)),
        event(PollData("which song?", ("first", "二番目", "none"), (30, 10, 0))),
        event(GoalData("gifts", 450, 600, 75.0)),
        event(RankingData("hourly", 12, "music"), "hourly"),
        event(EnvelopeData(500, 10), who=person(2)),
        event(EmoteData("77", "wave"), who=person(3)),
        event(CaptionData("and welcome back", "en")),
        event(ModerationData("123", "456", "spam", "789"), "message_deleted"),
        event(ShoppingData("1", "Microphone", "€ 79.00", 2)),
        event(BannerData("pinned: be kind")),
        event(BarrageData("joined as a super fan"), "super_fan", who=person(4)),
        event(IntroData("we sing until midnight", "live")),
        event(LinkData("", "joined", "guests")),
        event(SystemData("", "WebcastRoomPinMessage"), text="a notice"),
        event(ControlData(1, "back in a minute"), "paused", "back in a minute"),
        event(OtherData("WebcastNewThing"), text="WebcastNewThing"),
    ]


def some_totals() -> Totals:
    """What a session adds up to."""
    return Totals(
        events=48_211,
        messages={"chat": 31_000, "gift": 900, "like": 9000, "member": 7000, "social": 310, "poll": 3, "goal": 12},
        gifts=4100,
        coins=8412,
        guest_coins=120,
        likes=300,
        room_likes=9000,
        follows=210,
        shares=100,
        users_joined=37,
        viewers=1234,
        peak_viewers=2345,
    )


def view(
    name: str, index: int, state: State = State.LIVE, reason: str = "", wait_s: int = 0, **fields: object
) -> StreamView:
    standing = Standing(state, reason, NOW_MS + wait_s * 1000 if wait_s else 0, NOW_MS - 754_000)
    return msgspec.structs.replace(StreamView(name=name, index=index, standing=standing), **fields)


def every_state() -> list[StreamView]:
    """Streams as an operator has them on a bad day."""
    rates = tuple(float(8 + (n * 7) % 13 + n % 5) for n in range(60))
    return [
        view(
            "alice",
            0,
            viewers=1234,
            coins=8412,
            likes=300,
            room_likes=9000,
            events=48_211,
            rates=rates,
            session_id="s1",
            totals=some_totals(),
        ),
        view("bob", 1, viewers=310, coins=120, events=1200, rates=rates[:30], duplicates=12),
        view(
            "carol_the_great",
            2,
            State.STALE,
            "silent for 50 s",
            viewers=87,
            coins=40,
            rates=(0.0,) * 60,
            gaps=1,
            gap_ms=9000,
        ),
        view("dave", 3, State.OFFLINE, "not live", 42),
        view("さくらチャンネル", 4, State.RECONNECTING, "the connection was cut", 4),
        view("erin", 5, State.BLOCKED, "age-restricted: needs a login"),
        view("frank", 6, State.LIMITED, "sign server's limit", 61),
        view("grace", 7, State.ENDED, "the stream ended", 55),
        view("heidi", 8, State.STOPPED, "stopped by you"),
        view("ivan", 9, State.CONNECTING),
    ]


class FakeBackend:
    """Implements :class:`tui_live.ui.backend.Backend`; ``done`` lists the commands that were carried out."""

    def __init__(self, views: Sequence[StreamView] = (), capacity: int = 100_000) -> None:
        self.log = LogModel(capacity)
        self.views = list(views)
        self.clips = FakeClips()
        self.trends = FakeTrends()
        self.playback: PlaybackBackend | None = None
        self.state = Health()
        self.web = Overlays()
        self.done: list[tuple[str, str]] = []
        self.closed = 0
        self.details: dict[int, dict[str, Any]] = {}
        self.hits: list[Hit] = []
        self.asked: list[str] = []
        self.boards: dict[str, Board] = {}
        self.played: dict[str, list[Event]] = {}
        self.places: list[tuple[int, int]] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.recorded: list[tuple[str, Deed]] = []
        self._actions: dict[str, list[tuple[int, Action]]] = {}
        self.scores = Scores(
            lambda: self.boards,
            self._record,
            self._moves,
            self._account,
            None,
            lambda: NOW_MS,
        )
        for one in self.views:
            self.log.name_stream(one.index, one.name)

    def feed(self, name: str, events: Sequence[Event]) -> Board:
        """Let events count on a stream's leaderboard, which begins with the first."""
        board = self.boards.setdefault(name, Board(Rules.of(gift_factors=FACTORS)))
        board.add(Batch("1", NOW_MS, b"", tuple(events)))
        self.played.setdefault(name, []).extend(events)
        return board

    def _record(self, name: str, board: Board, action: Action) -> None:
        self.recorded.append((name, action.deed))
        self._actions.setdefault(name, []).append((len(self.played[name]) - 1, action))

    async def _moves(self, name: str, number: int) -> dict[str, Tally]:
        return {}

    async def _account(self, name: str, user_id: str) -> Account:
        """Like the database: from the person's events and what was done between them."""
        accountant = Accountant(user_id, self.boards[name].ranking.rules, self._actions.get(name, ()))
        for number, event in enumerate(self.played[name]):
            if event.user is not None and event.user.user_id == user_id:
                accountant.add(number, event)
        made = accountant.account()
        made.person = self.known.get(user_id, {})
        made.places = list(self.places)
        made.names = [
            ("old_handle", "before", "2026-11-19T20:00:00.000Z"),
            ("user0", "Ana", "2026-11-20T20:00:00.000Z"),
        ]
        return made

    def streams(self) -> Sequence[StreamView]:
        return tuple(self.views)

    def health(self) -> Health:
        return self.state

    async def event_detail(self, stream: int, kind: str, msg_id: int, time_ms: int) -> dict[str, Any] | None:
        return self.details.get(msg_id)

    async def stored_event(self, event_id: int) -> dict[str, Any] | None:
        return self.details.get(event_id)

    async def search(
        self, text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        self.asked.append(text)
        older = [hit for hit in self.hits if before_id is None or hit.event_id < before_id]
        yield [hit for hit in older if text.lower() in hit.text.lower()][:limit]

    def overlays(self) -> Overlays:
        return self.web

    def refuses(self, what: str) -> TuiLiveError | None:
        return None

    def add_stream(self, name: str) -> str:
        clean = name.lstrip("@").lower()
        if " " in clean:
            raise StreamError(f"{name!r} is no user name", "letters, digits, _ and . only")
        if any(one.name == clean for one in self.views):
            raise StreamError(f"{clean} is there already", "")
        index = max((one.index for one in self.views), default=-1) + 1
        self.views.append(view(clean, index, State.CHECKING))
        self.log.name_stream(index, clean)
        self.done.append(("add", clean))
        return clean

    def start_stream(self, name: str) -> None:
        self._set(name, State.CHECKING)
        self.done.append(("start", name))

    async def stop_stream(self, name: str) -> None:
        self._set(name, State.STOPPED)
        self.done.append(("stop", name))

    async def remove_stream(self, name: str) -> None:
        self.views = [one for one in self.views if one.name != name]
        self.done.append(("remove", name))

    async def new_session(self, name: str) -> None:
        if not next(one for one in self.views if one.name == name).session_id:
            raise StreamError(f"{name} has no session", "start it first")
        self.done.append(("new_session", name))

    async def save_config(self) -> Path:
        if self.done == [("broken", "")]:
            raise TuiLiveError("cannot write config.yaml", "check its rights")
        self.done.append(("save", ""))
        return Path("config.yaml")

    async def close(self) -> None:
        self.closed += 1

    def _set(self, name: str, state: State) -> None:
        self.views = [
            msgspec.structs.replace(one, standing=Standing(state)) if one.name == name else one for one in self.views
        ]
