"""Everything that can go wrong, as data: part of a scenario's timeline, or sent to a running room as JSON.

The JSON form names the fault in ``"fault"``: ``{"fault": "cut"}``, ``{"fault": "silence", "seconds": 5}``.
A *condition* changes how a room answers until it is used up (``times``) or healed; the others happen once.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Fault(Struct, frozen=True, forbid_unknown_fields=True, tag_field="fault", kw_only=True):
    """Base of all faults."""


class Condition(Fault, frozen=True):
    """How a room's routes answer. ``times`` is the number of answers it spoils; ``None`` is until :class:`Heal`."""

    times: int | None = None


class Offline(Condition, frozen=True, tag="offline"):
    """Not live: the page says status 4, the room is not alive. Ends by itself after ``seconds``, where given."""

    seconds: float | None = None


class Unknown(Condition, frozen=True, tag="unknown"):
    """No such user: no ``LiveRoom`` in the page, ``user_not_found`` from the API."""


class Captcha(Condition, frozen=True, tag="captcha"):
    """The page holds no ``SIGI_STATE``; the API still answers."""


class AgeRestricted(Condition, frozen=True, tag="age_restricted"):
    """Room info only tells of the restriction, and the sign server's answer has no cursor."""


class LoginRequired(Condition, frozen=True, tag="login_required"):
    """As age-restricted, with TikTok's words for a stream that needs a login."""


class RateLimit(Condition, frozen=True, tag="rate_limit"):
    """The sign server answers 429; ``header`` adds ``RateLimit-Reset``, a unix time ``seconds`` from now."""

    seconds: float = 60
    header: bool = True


class SignError(Condition, frozen=True, tag="sign_error"):
    """The sign server answers with ``status``; with status 200 its body is empty."""

    status: int = 500


class Refuse(Condition, frozen=True, tag="refuse"):
    """The websocket handshake is refused with ``status`` and ``Handshake-Msg``."""

    status: Literal[200, 400, 403, 503] = 400
    message: str = "DEVICE_BLOCKED"


class Slow(Condition, frozen=True, tag="slow"):
    """Every HTTP answer about this room takes ``seconds`` longer."""

    seconds: float = 2


class Heal(Fault, frozen=True, tag="heal"):
    """Lifts every condition, and silence."""


class Cut(Fault, frozen=True, tag="cut"):
    """The connection dies without a close frame.

    ``settled`` waits until the client has acknowledged everything; otherwise what was under way is in doubt, and comes
    again with the next first response.
    """

    settled: bool = True


class Close(Fault, frozen=True, tag="close"):
    """The connection is closed with a close frame and ``code``."""

    code: int = 1000


class Silence(Fault, frozen=True, tag="silence"):
    """Nothing more comes over the open sockets, for ``seconds`` or until the client connects anew.

    ``heartbeats`` are still answered or not; ``dead``: the room is over, and nobody said so.
    """

    seconds: float | None = None
    heartbeats: bool = True
    dead: bool = False


class Garbage(Fault, frozen=True, tag="garbage"):
    """``count`` websocket frames of random bytes."""

    count: int = 1


class BrokenGzip(Fault, frozen=True, tag="broken_gzip"):
    """``count`` message frames whose gzip is damaged; they carry no message that counts."""

    count: int = 1


class Undecodable(Fault, frozen=True, tag="undecodable"):
    """``count`` messages of a known ``method`` with a payload that cannot be read."""

    count: int = 1
    method: str = "WebcastChatMessage"


class UnknownMethod(Fault, frozen=True, tag="unknown_method"):
    """``count`` messages of a method that no schema knows."""

    count: int = 1
    method: str = "WebcastBrandNewMessage"


class Repeat(Fault, frozen=True, tag="repeat"):
    """The last ``count`` messages again, within the same connection."""

    count: int = 5


class Pause(Fault, frozen=True, tag="pause"):
    """Control action 1; the script goes on."""


class Unpause(Fault, frozen=True, tag="unpause"):
    """Control action 2."""


class End(Fault, frozen=True, tag="end"):
    """The stream ends (control action 3) or, ``suspended``, is ended by TikTok (4).

    ``returns_after`` seconds it comes back, under a ``new_room`` id or the same one, and the script goes on.
    """

    suspended: bool = False
    returns_after: float | None = None
    new_room: bool = True


class GoLive(Fault, frozen=True, tag="go_live"):
    """The stream is live (again): ends ``Offline``; after an end under a ``new_room`` id."""

    new_room: bool = True


class Say(Fault, frozen=True, tag="say"):
    """Not a fault: a chat message with this text, to see it arrive. ``nickname`` chooses a person's name."""

    text: str
    nickname: str = "Operator"


class Burst(Fault, frozen=True, tag="burst"):
    """``count`` messages of one ``kind`` at once, or of the scenario's own mix."""

    count: int = 100
    kind: str = ""


class Every(Fault, frozen=True, tag="method"):
    """``count`` messages of one known Webcast ``method``, filled as well as the stand-in can."""

    method: str
    count: int = 1


AnyFault = (
    Offline | Unknown | Captcha | AgeRestricted | LoginRequired | RateLimit | SignError | Refuse | Slow | Heal | Cut
    | Close | Silence | Garbage | BrokenGzip | Undecodable | UnknownMethod | Repeat | Pause | Unpause | End | GoLive
    | Say | Burst | Every
)  # fmt: skip
