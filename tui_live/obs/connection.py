"""The thread that talks with OBS: connects, keeps asking how it is, heals, and passes on what the loop wants of it.

One thread, one connection. Whoever is on the event loop never waits for it: wishes go in through a queue, news come
back with ``call_soon_threadsafe``. A wish to save is sent before anything else is looked at, whatever else is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import structs

from tui_live.config import Obs
from tui_live.core.clips import ObsState, ObsStatus
from tui_live.obs import trouble
from tui_live.obs.dial import Interrupted, dial
from tui_live.obs.heartbeat import Heartbeat

if TYPE_CHECKING:
    from tui_live.obs.client import Client

log = logging.getLogger(__name__)

_BACK_OFF_SECONDS = (1.0, 2.0, 3.0, 5.0)
#: OBS shows the operator each attempt with a wrong password, and a wrong one stays wrong.
_REFUSED_SECONDS = 10.0
#: A connection that lasted for longer was a good one.
_STOOD_SECONDS = 10.0
_STOP_SECONDS = 2.0


class Listener(Protocol):
    """Who hears of OBS. Everything is called on the event loop."""

    def status_changed(self, status: ObsStatus) -> None:
        """OBS is doing differently than before."""

    def replay_saved(self, path: str) -> None:
        """OBS wrote a replay, at whosever wish; ``path`` is as OBS sees it."""

    def save_refused(self, ticket: int, problem: trouble.ObsError) -> None:
        """The save of this ticket will not happen."""

    def last_replay(self, ticket: int, path: str) -> None:
        """The last replay that OBS wrote, empty if it knows of none or cannot be asked."""


class Connection:
    """Call :meth:`start` once on the loop and :meth:`stop` at the end; the other calls are for the loop too."""

    def __init__(self, settings: Obs, listener: Listener, visible: Callable[[str], bool] | None = None) -> None:
        self._settings = settings
        self._listener = listener
        self._visible = visible or (lambda folder: Path(folder).is_dir())
        self._where = _shown(settings.host, settings.port)
        self._wishes: deque[tuple[str, int]] = deque()
        self._knock, self._knocked = socket.socketpair()
        for end in (self._knock, self._knocked):
            end.setblocking(False)
        self._thread = threading.Thread(target=self._live, name="obs", daemon=True)
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None
        self._status = ObsStatus()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    def start(self) -> None:
        """Begin to connect."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def save(self, ticket: int) -> None:
        """Have the replay buffer saved; without success, ``save_refused`` comes with this ticket, or nothing."""
        self._wish("save", ticket)

    def ask_last(self, ticket: int) -> None:
        """Ask for the last replay that OBS wrote; ``last_replay`` comes with this ticket, or nothing."""
        self._wish("last", ticket)

    def connect_now(self) -> None:
        """Do not wait for the next attempt; on a connection that stands, look again."""
        self._wish("connect", 0)

    async def stop(self) -> None:
        """End the thread and the connection; returns after two seconds at the latest."""
        self._stopped.set()
        self._wake()
        if connection := self._socket:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), _STOP_SECONDS)
        if self._ended.is_set() or not self._thread.is_alive():
            self._knock.close()
            self._knocked.close()

    def _wish(self, what: str, ticket: int) -> None:
        self._wishes.append((what, ticket))
        self._wake()

    def _wake(self) -> None:
        # Full means that it has been woken often enough.
        with contextlib.suppress(OSError):
            self._knock.send(b"\0")

    # What follows runs in the thread.

    def _live(self) -> None:
        failures = 0
        try:
            while not self._stopped.is_set():
                began = time.monotonic()
                problem = self._connected()
                if self._stopped.is_set():
                    break
                self._show_problem(problem)
                if time.monotonic() - began > _STOOD_SECONDS:
                    failures = 0
                pause = _BACK_OFF_SECONDS[min(failures, len(_BACK_OFF_SECONDS) - 1)]
                if problem.state is ObsState.REFUSED:
                    pause = _REFUSED_SECONDS
                failures = 0 if self._pause(pause) else failures + 1
        finally:
            self._post(self._ended.set)

    def _connected(self) -> trouble.ObsError:
        """Connect and serve until something is wrong, and return what."""
        try:
            from tui_live.obs.client import Client

            if self._status.state is ObsState.OFF:
                self._show(ObsStatus(ObsState.CONNECTING, f"connecting with OBS at {self._where}"))
            self._socket = self._dialled()
            if not self._stopped.is_set():
                client = Client(self._socket, self._where, self._settings.password or "")
                log.info("connected with OBS at %s", self._where)
                self._serve(client)
        except trouble.ObsError as problem:
            return problem
        except Exception as error:
            log.exception("the connection with OBS failed in a way that is not known")
            return trouble.unexpected(self._where, error)
        finally:
            connection, self._socket = self._socket, None
            if connection:
                connection.close()
        return trouble.closed(self._where)

    def _dialled(self) -> socket.socket:
        while True:
            self._refuse_wishes(trouble.ObsError(self._status.state, self._status.reason, self._status.remedy))
            try:
                return dial(self._settings.host, self._settings.port, self._knocked)
            except Interrupted:
                self._drain()
                if self._stopped.is_set():
                    raise trouble.closed(self._where) from None
            except OSError as error:
                raise trouble.unreachable(self._where, error) from None
            except UnicodeError:
                raise trouble.unreachable(self._where, socket.gaierror()) from None

    def _serve(self, client: Client) -> None:
        """Speak with OBS until it fails. Raises :class:`tui_live.obs.trouble.ObsError`."""
        settings = self._settings
        beat = Heartbeat(
            start_buffer=settings.start_replay_buffer,
            source=settings.source_name or "",
            visible=_Folder(self._visible).is_seen if settings.clip_dir is None else lambda _: True,
        )
        due = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(self._knocked, selectors.EVENT_READ)
            selector.register(client, selectors.EVENT_READ)
            while not self._stopped.is_set():
                now = time.monotonic()
                if now >= due:
                    for request in beat.requests(now):
                        client.request(*request)
                    due = now + beat.seconds
                selector.select(max(0.0, min(due, client.check(now)) - now))
                # First of all what is asked of OBS: a save goes out before anything is read.
                if self._grant(client, beat):
                    due = 0.0
                if self._hear(client, beat):
                    due = 0.0
                due = min(due, time.monotonic() + beat.seconds)
                if beat.complete:
                    self._show(beat.status)

    def _grant(self, client: Client, beat: Heartbeat) -> bool:
        """Send what the loop wants; whether to look anew at how OBS is doing."""
        anew = False
        while self._wishes:
            what, ticket = self._wishes.popleft()
            if what == "save":
                client.request(f"save {ticket}", "SaveReplayBuffer")
            elif what == "last":
                client.request(f"last {ticket}", "GetLastReplayBufferReplay")
            else:
                beat.again()
                anew = True
        self._drain()
        return anew

    def _hear(self, client: Client, beat: Heartbeat) -> bool:
        """Take in what arrived; whether to look anew at how OBS is doing."""
        from tui_live.obs.client import Answer

        anew = False
        for item in client.read():
            if not isinstance(item, Answer):
                if item.name == "ReplayBufferSaved":
                    self._post(self._listener.replay_saved, str(item.data.get("savedReplayPath") or ""))
                anew |= beat.happened(item)
                continue
            kind, _, ticket = item.tag.partition(" ")
            if kind == "save":
                if item.code:
                    problem = trouble.refused(item.request, item.code, item.comment)
                    self._post(self._listener.save_refused, int(ticket), problem)
                    anew = True
            elif kind == "last":
                path = "" if item.code else str(item.data.get("savedReplayPath") or "")
                self._post(self._listener.last_replay, int(ticket), path)
            else:
                for request in beat.answered(item, time.monotonic()):
                    client.request(*request)
        return anew

    def _pause(self, seconds: float) -> bool:
        """Wait until the next attempt, or until the operator wants one: then True."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._knocked, selectors.EVENT_READ)
            while not self._stopped.is_set() and (left := end - time.monotonic()) > 0:
                selector.select(left)
                self._drain()
                problem = trouble.ObsError(self._status.state, self._status.reason, self._status.remedy)
                if self._refuse_wishes(problem):
                    self._show(ObsStatus(ObsState.CONNECTING, f"connecting with OBS at {self._where}"))
                    return True
        return False

    def _refuse_wishes(self, problem: trouble.ObsError) -> bool:
        """Nobody is there to grant them; whether one of them was to connect."""
        connect = False
        while self._wishes:
            what, ticket = self._wishes.popleft()
            connect |= what == "connect"
            if what == "save":
                self._post(self._listener.save_refused, ticket, problem)
            elif what == "last":
                self._post(self._listener.last_replay, ticket, "")
        return connect

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._knocked.recv(4096):
                pass

    def _show_problem(self, problem: trouble.ObsError) -> None:
        if problem.title != self._status.reason:
            log.info("OBS: %s", problem)
        self._show(ObsStatus(problem.state, problem.title, problem.remedy))

    def _show(self, status: ObsStatus) -> None:
        since = self._status.since_ms if status.state is self._status.state else time.time_ns() // 1_000_000
        status = structs.replace(status, since_ms=since)
        if status != self._status:
            self._status = status
            self._post(self._listener.status_changed, status)

    def _post(self, call: Callable[..., object], *arguments: object) -> None:
        """Have it called on the loop; when that is closed, nobody is interested any more."""
        assert self._loop
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, *arguments)


class _Folder:
    """Whether OBS's folder is on this machine, looked up once per name and beside everything else: it may hang."""

    def __init__(self, visible: Callable[[str], bool]) -> None:
        self._visible = visible
        self._name: str | None = None
        self._seen = True

    def is_seen(self, folder: str) -> bool:
        """What is known by now; True until then. Never waits."""
        if folder != self._name:
            self._name, self._seen = folder, True
            threading.Thread(target=self._look, args=(folder,), name="obs folder", daemon=True).start()
        return self._seen

    def _look(self, folder: str) -> None:
        try:
            seen = self._visible(folder)
        except (OSError, ValueError):
            seen = False
        if folder == self._name:
            self._seen = seen


def _shown(host: str, port: int) -> str:
    """``host:port``, with brackets around an IPv6 address; fit for an HTTP header and for the screen."""
    host = host.strip("[]")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
