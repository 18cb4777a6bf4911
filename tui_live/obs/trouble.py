"""What can be wrong with OBS, in the operator's words: what happened, and what to do about it."""

from __future__ import annotations

import errno
import socket

from tui_live.core.clips import ObsState
from tui_live.errors import TuiLiveError

#: obs-websocket's codes: of answers to requests, and of closed connections.
NOT_READY, ALREADY_RUNNING, NOT_RUNNING, NO_RESOURCE, BAD_STATE = 207, 500, 501, 600, 604
_WRONG_PASSWORD, _OLD_PROTOCOL, _SENT_AWAY = 4009, 4010, 4011

_SERVER = "start OBS, and switch on Tools → WebSocket Server Settings → Enable WebSocket server"
_ADDRESS = "look at obs.host and obs.port, and at Tools → WebSocket Server Settings in OBS"
_SET_IT = "set obs.password to the one under Tools → WebSocket Server Settings → Show Connect Info in OBS"


class ObsError(TuiLiveError):
    """OBS cannot do it; ``state`` is how it is doing."""

    def __init__(self, state: ObsState, title: str, remedy: str = "") -> None:
        super().__init__(title, remedy)
        self.state = state


def unreachable(where: str, error: OSError) -> ObsError:
    """No connection with ``where`` (host:port) came about."""
    absent = ObsState.ABSENT
    if isinstance(error, socket.gaierror):
        return ObsError(absent, f"there is no host of the name in {where}", "look at obs.host")
    if isinstance(error, TimeoutError):
        return ObsError(absent, f"nothing answers at {where}", f"{_ADDRESS}; a firewall may be in between")
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return ObsError(absent, f"{where} cannot be reached", "look at the network and at obs.host")
    return ObsError(absent, f"OBS is not running at {where}, or its WebSocket server is off", _SERVER)


def closed(where: str, code: int = 0) -> ObsError:
    """OBS ended the connection, with this close code."""
    if code == _WRONG_PASSWORD:
        return ObsError(ObsState.REFUSED, f"OBS at {where} does not take the password", _SET_IT)
    if code == _OLD_PROTOCOL:
        return ObsError(ObsState.ABSENT, f"OBS at {where} speaks another protocol", "install OBS 28 or later")
    if code == _SENT_AWAY:
        return ObsError(ObsState.ABSENT, f"OBS at {where} sent us away", "connect again when you like")
    return ObsError(ObsState.ABSENT, f"OBS at {where} is gone: it ended, or closed the connection", _SERVER)


def password_missing(where: str) -> ObsError:
    """OBS wants a password, and none is set."""
    return ObsError(ObsState.REFUSED, f"OBS at {where} asks for a password, and none is set", _SET_IT)


def unguarded(where: str) -> ObsError:
    """Whoever answers wants no password, so that nothing tells that it is the operator's OBS."""
    return ObsError(
        ObsState.REFUSED,
        f"what answers at {where} asks for no password: OBS's authentication is switched off, or it is not OBS",
        "switch on Tools → WebSocket Server Settings → Enable Authentication in OBS, or remove obs.password",
    )


def frozen(where: str) -> ObsError:
    """The connection stands, and no answer comes."""
    return ObsError(
        ObsState.FROZEN,
        f"OBS at {where} does not answer",
        "look at OBS: it hangs, or shows a window that waits for you",
    )


def not_obs(where: str) -> ObsError:
    """Something answers, but not as obs-websocket 5 does."""
    return ObsError(ObsState.ABSENT, f"what answers at {where} is not OBS's WebSocket server", _ADDRESS)


def unexpected(where: str, error: Exception) -> ObsError:
    """A fault of ours; the log has the rest."""
    return ObsError(ObsState.ABSENT, f"talking with OBS at {where} failed: {type(error).__name__}", "see the log")


LOADING = ObsError(ObsState.LOADING, "OBS is still loading", "wait a moment")
NO_BUFFER = ObsError(
    ObsState.NO_BUFFER,
    "the replay buffer is switched off in OBS",
    "Settings → Output → Replay Buffer → Enable Replay Buffer",
)
STOPPED = ObsError(
    ObsState.STOPPED,
    "the replay buffer is not running",
    "start it in OBS (Controls → Start Replay Buffer), or set obs.start_replay_buffer",
)
STARTING = ObsError(ObsState.STARTING, "the replay buffer is starting", "wait a moment")
NO_VIDEO = ObsError(
    ObsState.NO_VIDEO,
    "OBS does not start the replay buffer: no scene has a video source",
    "add a source to a scene in OBS, or answer the question that it asks",
)
FAILED_START = ObsError(
    ObsState.STOPPED,
    "OBS could not start the replay buffer",
    "look at the message in OBS: the encoder or the folder of the recordings; then connect again",
)


def refused(request: str, code: int, comment: str) -> ObsError:
    """OBS answered a request with one of its codes."""
    match code:
        case 207:
            return LOADING
        case 501:
            return STOPPED
        case 604:
            return NO_BUFFER
    said = f": {comment}" if comment else ""
    return ObsError(ObsState.STOPPED, f"OBS refused {request} with code {code}{said}", "look at OBS")
