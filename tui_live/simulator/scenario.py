"""Scenarios: how a room behaves, as frozen data. The names of :data:`SCENARIOS` are also user names for rehearsals."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from tui_live.simulator import faults
from tui_live.simulator.faults import AnyFault, Condition

#: Shares of the kinds of messages. ``show`` is a battle, a poll, a caption, … as often as in life; ``method`` goes
#: through all the other methods of the schema in turn.
LIVELY = {"chat": 48, "like": 20, "member": 14, "gift": 9, "follow": 2, "share": 1.5, "room_update": 2.5, "show": 4}
CALM = {"chat": 30, "like": 25, "member": 30, "gift": 4, "follow": 2, "share": 1, "room_update": 8, "show": 2}
GIFTING = {"chat": 30, "like": 15, "member": 10, "gift": 40, "follow": 1, "share": 1, "room_update": 3, "show": 4}
EVERYTHING = LIVELY | {"method": 60}


class At(Struct, frozen=True, kw_only=True):
    """A fault on the timeline: after so many ``messages`` of the script, or after ``seconds`` of being live.

    ``every`` repeats it at that distance, in the same unit.
    """

    fault: AnyFault
    messages: int | None = None
    seconds: float | None = None
    every: float | None = None


class Plant(Struct, frozen=True, kw_only=True):
    """Shares that are no chance: ``shares`` of them, each by somebody else.

    The first is message number ``messages`` of the script, and every ``every``-th message after it is another. A part
    of these people, ``converting`` of 0 to 1, follows ``delay`` messages later, and then writes and likes.
    """

    messages: int
    shares: int
    every: int = 1
    converting: float = 0.0
    delay: int = 60


class Scenario(Struct, frozen=True, kw_only=True):
    """What a room does, without any state.

    ``rate`` is in messages a second; 0 sends as fast as the client takes it. The script ends after ``messages`` or
    ``seconds`` (neither: it never does), with a control message when it ``ends``. ``pause_when_alone`` stops the script
    while no client listens, so that nothing is missed; otherwise life goes on, and only the last ``history`` messages
    come with the next first response. ``unseen_history`` is how many new messages a reconnect finds in its history
    beside those. ``repeats`` is the share of messages that TikTok sends twice within a connection. ``conditions`` hold
    from the beginning. ``swing`` is the share by which the rate comes and goes in waves, as excitement does.
    ``renames`` is how many people change their names along every 1,000 messages. ``plants`` are what share analytics
    should find.
    """

    title: str
    rate: float = 12
    mix: Mapping[str, float] = field(default_factory=LIVELY.copy)
    people: int = 300
    viewers: int = 800
    languages: tuple[str, ...] = ()
    hostile: bool = False
    guest_gifts: float = 0.08
    renames: float = 2
    messages: int | None = None
    seconds: float | None = None
    ends: bool = False
    pause_when_alone: bool = True
    history: int = 6
    warm_up: int = 6
    unseen_history: int = 0
    repeats: float = 0.01
    conditions: tuple[Condition, ...] = ()
    timeline: tuple[At, ...] = ()
    plants: tuple[Plant, ...] = ()
    swing: float = 0
    tick: float = 0.05
    seed: int = 0


def _finite(title: str, *timeline: At, messages: int = 300, rate: float = 300, **more: object) -> Scenario:
    """A short stream with ``timeline`` that comes to its end."""
    return Scenario(title=title, messages=messages, rate=rate, ends=True, timeline=timeline, **more)  # type: ignore[arg-type]


DEFAULT = Scenario(title="a lively stream", pause_when_alone=False, swing=0.7)

SCENARIOS: dict[str, Scenario] = {
    "lively": DEFAULT,
    "busy": Scenario(title="a big stream with many gifts", rate=60, mix=GIFTING, people=3000, viewers=24000,
                     pause_when_alone=False, swing=0.6),
    "calm": Scenario(title="a small, quiet stream", rate=1.5, mix=CALM, people=40, viewers=35, pause_when_alone=False,
                     swing=0.8),
    "multilingual": Scenario(title="an audience from everywhere", rate=10, people=600, viewers=2100,
                             languages=("ja", "zh", "ko", "ar", "he", "hi", "th", "vi", "ru", "tr", "es", "pt"),
                             pause_when_alone=False, swing=0.5),
    "late": Scenario(title="goes live after eight seconds", rate=15, pause_when_alone=False, swing=0.6,
                     conditions=(faults.Offline(seconds=8),)),
    "shaky": Scenario(title="is cut now and then", rate=8, pause_when_alone=False, swing=0.4,
                      timeline=(At(fault=faults.Cut(settled=False), seconds=25, every=40),)),
    "spikes": Scenario(title="is shared a lot after eight and after twenty minutes", people=900, pause_when_alone=False,
                       plants=(Plant(messages=5_760, shares=80, every=3), Plant(messages=14_400, shares=120, every=2))),
    "conversions": Scenario(title="most who share it follow soon after", people=900, pause_when_alone=False,
                            mix=LIVELY | {"follow": 0.5, "share": 0.5},
                            plants=(Plant(messages=720, shares=60, every=200, converting=0.7, delay=90),)),
    "cascades": Scenario(title="is seldom shared, and then by many in a row", people=900, pause_when_alone=False,
                         mix=LIVELY | {"share": 0.1},
                         plants=tuple(Plant(messages=count, shares=9, every=30) for count in (5_000, 12_000, 19_000))),
    "truth": _finite(
        "3,000 messages with everything that makes counting hard, and an end",
        *(At(fault=faults.Cut(), messages=count) for count in (400, 900, 1400, 1900, 2500)),
        *(At(fault=faults.Repeat(count=7), messages=count) for count in (150, 1000, 2800)),
        *(At(fault=faults.UnknownMethod(count=3), messages=count) for count in (200, 1700)),
        *(At(fault=faults.Undecodable(count=2), messages=count) for count in (300, 2200)),
        At(fault=faults.Pause(), messages=1200), At(fault=faults.Unpause(), messages=1250),
        messages=3000, rate=2000, mix=LIVELY | {"gift": 30}, people=150, repeats=0.03, renames=6, history=20,
        unseen_history=5,
    ),
    "flood": Scenario(title="50,000 messages as fast as the client takes them", rate=0, messages=50_000, ends=True,
                      people=2000),
    "hostile": Scenario(title="chat that attacks terminals and markup", rate=20, hostile=True, people=60,
                        mix=LIVELY | {"chat": 80}),
    "methods": _finite("every method of the schema", messages=600, mix=EVERYTHING),
    "offline": Scenario(title="is not live", conditions=(faults.Offline(),)),
    "unknown": Scenario(title="does not exist", conditions=(faults.Unknown(),)),
    "age_restricted": Scenario(title="is for adults", conditions=(faults.AgeRestricted(),)),
    "login_required": Scenario(title="needs a login", conditions=(faults.LoginRequired(),)),
    "captcha": Scenario(title="shows a captcha instead of its page", conditions=(faults.Captcha(),)),
    "rate_limited": Scenario(title="the sign server's limit, five seconds",
                             conditions=(faults.RateLimit(seconds=5, times=1),)),
    "rate_limited_bare": Scenario(title="the sign server's limit without a reset time",
                                  conditions=(faults.RateLimit(header=False, times=1),)),
    "sign_error": Scenario(title="the sign server fails three times", conditions=(faults.SignError(times=3),)),
    "sign_empty": Scenario(title="the sign server answers nothing, twice",
                           conditions=(faults.SignError(status=200, times=2),)),
    "sign_down": Scenario(title="the sign server fails always", conditions=(faults.SignError(),)),
    "refused": Scenario(title="the websocket is refused twice", conditions=(faults.Refuse(times=2),)),
    "refused_always": Scenario(title="the websocket is always refused", conditions=(faults.Refuse(status=403),)),
    "slow": Scenario(title="every answer takes three seconds", conditions=(faults.Slow(seconds=3),)),
    "cuts": _finite("is cut five times", *(At(fault=faults.Cut(), messages=n) for n in (50, 100, 150, 200, 250)),
                    unseen_history=3),
    "rough_cuts": _finite("is cut while messages are under way",
                          *(At(fault=faults.Cut(settled=False), messages=n) for n in (60, 120, 180, 240))),
    "closes": _finite("is closed politely now and then", At(fault=faults.Close(), messages=100),
                      At(fault=faults.Close(code=1011), messages=200)),
    "silent": Scenario(title="falls silent, but lives", timeline=(At(fault=faults.Silence(), messages=100),)),
    "silent_dead": Scenario(title="falls silent and is over",
                            timeline=(At(fault=faults.Silence(dead=True), messages=100),)),
    "mute": Scenario(title="falls silent, heartbeats too",
                     timeline=(At(fault=faults.Silence(heartbeats=False), messages=100),)),
    "garbage": _finite("random bytes between the frames", At(fault=faults.Garbage(count=2), messages=100),
                       At(fault=faults.Garbage(), messages=200)),
    "broken_gzip": _finite("frames whose gzip is damaged", At(fault=faults.BrokenGzip(count=2), messages=100)),
    "undecodable": _finite("messages that cannot be read", At(fault=faults.Undecodable(count=10), messages=100),
                           At(fault=faults.Undecodable(count=5, method="WebcastGiftMessage"), messages=200)),
    "unknown_methods": _finite("methods nobody knows", At(fault=faults.UnknownMethod(count=25), messages=100)),
    "repeats": _finite("sends much twice", At(fault=faults.Repeat(count=20), messages=100, every=50), repeats=0.2),
    "pauses": _finite("pauses and goes on", At(fault=faults.Pause(), messages=100),
                      At(fault=faults.Unpause(), messages=200)),
    "ends": _finite("ends after some seconds", messages=200, rate=40),
    "suspended": Scenario(title="is ended by TikTok", rate=40,
                          timeline=(At(fault=faults.End(suspended=True), messages=200),)),
    "returns": _finite("ends, and returns under a new room id",
                       At(fault=faults.End(returns_after=2), messages=150)),
    "returns_same": _finite("ends, and returns in the same room",
                            At(fault=faults.End(returns_after=2, new_room=False), messages=150)),
}  # fmt: skip


def scenario_for(user: str) -> Scenario | None:
    """The scenario that a user name asks for: its name alone, or followed by ``-``, ``_``, ``.`` or a digit.

    So ``cuts``, ``cuts_3``, ``cuts.evening`` and ``cuts12`` are all cut five times. ``None`` for any other name.
    """
    user = user.lower()
    fitting = (name for name in SCENARIOS if re.match(rf"{re.escape(name)}($|[-_.\d])", user))
    name = max(fitting, key=len, default=None)
    return None if name is None else SCENARIOS[name]


def demo_streams() -> list[tuple[str, Scenario]]:
    """The streams of ``tui-live demo``: names and scenarios of different temperaments, lively from the first second."""
    return [
        ("mia.cooks", DEFAULT),
        ("noah_plays", SCENARIOS["busy"]),
        ("quiet.harbour", SCENARIOS["calm"]),
        ("around.the.world", SCENARIOS["multilingual"]),
        ("late.night", SCENARIOS["late"]),
        ("shaky_signal", SCENARIOS["shaky"]),
    ]
