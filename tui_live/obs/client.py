"""One connection with OBS: obsws-python's greeting and authentication, and requests that do not wait for each other.

obsws-python's own clients log the password, go through HTTP proxies, take the next message for the answer whatever it
is, and read events in a thread that dies without a word. So only its base class does the talking here: every request
has its own number, answers are found by it, and events arrive on the same connection.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import websocket
from msgspec import Struct
from obsws_python import Subs
from obsws_python.baseclient import ObsClient
from obsws_python.error import OBSSDKError
from websocket import ABNF

from tui_live.core.text import stored
from tui_live.obs import trouble

for _name in ("obsws_python", "websocket"):
    # They log passwords, headers, and tracebacks of what is handled here.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

#: How long a request may take, and each step of the greeting.
ANSWER_SECONDS = 3.0
#: How long the whole greeting may take, however slowly it drips in.
_GREETING_SECONDS = 5.0
_HELLO, _EVENT, _ANSWER = 0, 5, 7
_SUCCESS = 100
_LONGEST_COMMENT = 200


class Answer(Struct, frozen=True):
    """What OBS answered to the request that was sent with ``tag``; ``code`` is 0 for success."""

    tag: str
    request: str
    data: dict[str, Any]
    code: int
    comment: str


class Event(Struct, frozen=True):
    """Something that happened in OBS."""

    name: str
    data: dict[str, Any]


class _Socket(websocket.WebSocket):  # type: ignore[misc]
    """Remembers why the other side closed."""

    close_code = 0

    def recv_frame(self) -> ABNF:
        frame: ABNF = super().recv_frame()
        if frame.opcode == ABNF.OPCODE_CLOSE:
            self.close_code = int.from_bytes(frame.data[:2], "big")
        return frame


class Client(ObsClient):  # type: ignore[misc]
    """A greeted and authenticated conversation over ``connection``, which stays the caller's to close.

    Making one blocks for at most five seconds, or until somebody shuts the socket down. All methods raise
    :class:`tui_live.obs.trouble.ObsError`, after which the client is of no use any more.
    """

    def __init__(self, connection: socket.socket, where: str, password: str) -> None:
        self.where = where
        self.subs = int(Subs.GENERAL | Subs.CONFIG | Subs.SCENES | Subs.INPUTS | Subs.OUTPUTS | Subs.SCENEITEMS)
        self.ws = _Socket()
        self._raw = connection
        self._number = 0
        self._waiting: dict[str, tuple[float, str]] = {}
        guard = threading.Timer(_GREETING_SECONDS, self._end)
        guard.daemon = True
        guard.start()
        try:
            self._greet(password)
        finally:
            guard.cancel()
        self.ws.settimeout(0)

    def __repr__(self) -> str:
        return f"Client({self.where})"

    def fileno(self) -> int:
        """For a selector."""
        return self._raw.fileno()

    def request(self, tag: str, name: str, data: dict[str, Any] | None = None) -> None:
        """Send a request and do not wait; its :class:`Answer` comes out of :meth:`read` with this ``tag``."""
        self._number += 1
        number = str(self._number)
        body: dict[str, Any] = {"requestType": name, "requestId": number}
        if data:
            body["requestData"] = data
        with self._failures():
            self.ws.send(msgspec.json.encode({"op": 6, "d": body}).decode())
        self._waiting[number] = (time.monotonic() + ANSWER_SECONDS, tag)

    def read(self) -> Iterator[Answer | Event]:
        """What has arrived, without waiting for more."""
        while True:
            with self._failures():
                try:
                    opcode, payload = self.ws.recv_data()
                except BlockingIOError:
                    return
                if opcode == ABNF.OPCODE_CLOSE:
                    raise trouble.closed(self.where, self.ws.close_code)
                message = _decoded(payload)
            if (item := self._sorted(message)) is not None:
                yield item

    def check(self, now: float) -> float:
        """When the next answer is overdue, infinity if none is awaited; ``now`` is ``time.monotonic()``.

        Raises that OBS is frozen when one is overdue already.
        """
        overdue = min((until for until, _ in self._waiting.values()), default=float("inf"))
        if overdue <= now:
            raise trouble.frozen(self.where)
        return overdue

    def _end(self) -> None:
        """Have whatever waits on this connection fail."""
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def _greet(self, password: str) -> None:
        self._raw.settimeout(ANSWER_SECONDS)
        with self._failures():
            # A socket of ours keeps proxies out; no redirect leads elsewhere.
            self.ws.connect(
                "ws://obs/",
                socket=self._raw,
                host=self.where,
                timeout=ANSWER_SECONDS,
                redirect_limit=0,
                suppress_origin=True,
            )
        with self._failures():
            self.server_hello = _decoded(self.ws.recv())
            hello = self.server_hello.get("d")
            if self.server_hello.get("op") != _HELLO or not isinstance(hello, dict) or "rpcVersion" not in hello:
                raise trouble.not_obs(self.where)
            if hello.get("authentication") and not password:
                raise trouble.password_missing(self.where)
            if password and not hello.get("authentication"):
                raise trouble.unguarded(self.where)
            self.password = password
            try:
                self.authenticate()
            except OBSSDKError:
                # Whatever its words are, the close code says it exactly.
                raise trouble.closed(self.where, self.ws.close_code) from None
            finally:
                del self.password

    def _sorted(self, message: dict[str, Any]) -> Answer | Event | None:
        body = message.get("d")
        if not isinstance(body, dict):
            raise trouble.not_obs(self.where)
        if message.get("op") == _EVENT:
            data = body.get("eventData")
            return Event(str(body.get("eventType")), data if isinstance(data, dict) else {})
        if message.get("op") != _ANSWER:
            return None
        known = self._waiting.pop(str(body.get("requestId")), None)
        status, data = body.get("requestStatus"), body.get("responseData")
        if known is None or not isinstance(status, dict):
            return None
        code = status.get("code")
        return Answer(
            known[1],
            str(body.get("requestType")),
            data if isinstance(data, dict) else {},
            0 if status.get("result") is True else code if isinstance(code, int) and code != _SUCCESS else -1,
            stored(str(status.get("comment") or ""))[:_LONGEST_COMMENT],
        )

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Every way in which the two libraries fail, in our words."""
        try:
            yield
        except trouble.ObsError:
            raise
        except (TimeoutError, websocket.WebSocketTimeoutException, BlockingIOError):
            # Blocking while sending means that OBS has not read for long.
            raise trouble.frozen(self.where) from None
        except websocket.WebSocketBadStatusException:
            raise trouble.not_obs(self.where) from None
        except (websocket.WebSocketConnectionClosedException, OSError):
            raise trouble.closed(self.where, self.ws.close_code) from None
        except (websocket.WebSocketException, ValueError, KeyError, TypeError, AttributeError):
            raise trouble.not_obs(self.where) from None


def _decoded(payload: str | bytes) -> dict[str, Any]:
    """A message; ``ValueError`` if it is none. ``msgspec.DecodeError`` is a ``ValueError``."""
    return msgspec.json.decode(payload, type=dict[str, Any])
