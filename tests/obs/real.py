"""A real OBS for tests: Debian's, on a display of its own, with software rendering and a replay buffer of 5 s.

``async with RealObs(folder) as obs:`` starts it; ``obs.port`` and ``obs.password`` lead to it. It runs in a network
namespace of its own where the system allows that, because OBS listens on all interfaces.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import TracebackType

import obsws_python

_BOX = Path(__file__).with_name("box.py")
#: The port inside of the namespace, or a random one where there is none.
_INNER_PORT = 4455
_START_SECONDS = 30.0

_GLOBAL = """\
[General]
FirstRun=true
EnableAutoUpdates=false
LastVersion=486539266

[Basic]
Profile=Test
ProfileDir=Test
SceneCollection=Test
SceneCollectionFile=Test

[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort={port}
AlertsEnabled=false
AuthRequired={auth}
ServerPassword={password}
"""
_PROFILE = """\
[General]
Name=Test

[Output]
Mode=Simple

[SimpleOutput]
FilePath={clips}
RecFormat=mkv
RecQuality=Stream
StreamEncoder=x264
UseAdvanced=true
Preset=ultrafast
x264Settings=keyint=30
RecRB={buffer}
RecRBTime=5

[Video]
BaseCX=320
BaseCY=240
OutputCX=320
OutputCY=240
FPSCommon=30
"""


def missing() -> str:
    """What keeps a real OBS from running here; empty if nothing does."""
    absent = [program for program in ("obs", "Xvfb", "ffprobe") if not shutil.which(program)]
    return f"not installed: {', '.join(absent)}" if absent else ""


@cache
def _own_network() -> bool:
    """Whether this user may make a network namespace."""
    return (
        bool(shutil.which("unshare"))
        and not subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode
    )


def _scenes(video: bool) -> dict[str, object]:
    colour = {
        "id": "color_source",
        "versioned_id": "color_source_v3",
        "name": "Colour",
        "settings": {"color": 4291830015, "width": 320, "height": 240},
        "enabled": True,
    }
    item = {"name": "Colour", "id": 1, "visible": True, "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}}
    scene = {
        "id": "scene",
        "name": "Scene",
        "settings": {"id_counter": 1, "items": [item] if video else []},
        "enabled": True,
    }
    return {
        "name": "Test",
        "current_scene": "Scene",
        "current_program_scene": "Scene",
        "scene_order": [{"name": "Scene"}],
        "sources": [colour, scene] if video else [scene],
        "transitions": [],
    }


class RealObs:
    """One installation of OBS with its settings; the process may come and go, the port stays.

    ``video`` False leaves the scene empty; ``buffer`` False switches the replay buffer off in the settings;
    ``password`` "" switches authentication off. ``clips`` is the folder that OBS saves to.
    """

    def __init__(
        self,
        folder: Path,
        *,
        video: bool = True,
        buffer: bool = True,
        password: str | None = None,
        clips: Path | None = None,
    ) -> None:
        self.password = secrets.token_urlsafe(16) if password is None else password
        self.clips = clips or folder / "clips"
        self._home = folder / "obs-home"
        self._inner = _INNER_PORT if _own_network() else _free_port()
        self.port = _free_port()
        self._box: subprocess.Popen[bytes] | None = None
        self._screen: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self.clips.mkdir(parents=True, exist_ok=True)
        config = self._home / ".config" / "obs-studio"
        (config / "basic" / "profiles" / "Test").mkdir(parents=True)
        (config / "basic" / "scenes").mkdir()
        (self._home / "run").mkdir(mode=0o700)
        auth = "true" if self.password else "false"
        (config / "global.ini").write_text(_GLOBAL.format(port=self._inner, auth=auth, password=self.password))
        profile = _PROFILE.format(clips=self.clips, buffer="true" if buffer else "false")
        (config / "basic" / "profiles" / "Test" / "basic.ini").write_text(profile)
        (config / "basic" / "scenes" / "Test.json").write_text(json.dumps(_scenes(video)))

    @property
    def pid(self) -> int:
        """OBS's process, 0 while there is none."""
        return self._pid

    async def start(self) -> None:
        """Start OBS and wait until its websocket answers, which is before it has loaded everything."""
        await asyncio.to_thread(self._start)

    async def restart(self) -> None:
        """Kill it and start it again on the same port."""
        self.kill()
        await self.start()

    def freeze(self) -> None:
        """SIGSTOP: its port still takes connections, and nothing answers."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL; its port is closed afterwards."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = 0
        if self._box:
            self._box.wait(10)
            for end in (self._box.stdin, self._box.stdout):
                if end:
                    end.close()
            self._box = None

    def close(self) -> None:
        """Kill OBS and its display."""
        self.kill()
        if self._screen:
            self._screen.kill()
            self._screen.wait(10)
            if self._screen.stdout:
                self._screen.stdout.close()
            self._screen = None

    def client(self, timeout: float = 5) -> obsws_python.ReqClient:
        """Another client of it, as the operator's hand. Close it with ``disconnect()``."""
        return obsws_python.ReqClient(host="127.0.0.1", port=self.port, password=self.password, timeout=timeout)

    async def __aenter__(self) -> RealObs:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)

    def _start(self) -> None:
        display = self._display()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        obs = ["obs", "--multi", "--minimize-to-tray", "--disable-missing-files-check"]
        boxed = ["unshare", "-rn"] if _own_network() else []
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")} | {
            "HOME": str(self._home),
            "XDG_CONFIG_HOME": str(self._home / ".config"),
            "XDG_RUNTIME_DIR": str(self._home / "run"),
            "DISPLAY": display,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        with (self._home / "obs.log").open("ab") as log:
            self._box = subprocess.Popen(
                [*boxed, sys.executable, str(_BOX), str(listener.fileno()), str(self._inner), *obs],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                pass_fds=[listener.fileno()],
            )
        listener.close()
        assert self._box.stdout
        self._pid = int(self._box.stdout.readline())
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            with (
                contextlib.suppress(Exception),
                contextlib.closing(socket.create_connection(("127.0.0.1", self.port), 1)) as probe,
            ):
                probe.settimeout(1)
                probe.sendall(b"GET / HTTP/1.1\r\nHost: obs\r\n\r\n")
                if probe.recv(1):
                    return
            time.sleep(0.05)
        raise TimeoutError(
            f"OBS did not answer within {_START_SECONDS} s: {(self._home / 'obs.log').read_text()[-2000:]}"
        )

    def _display(self) -> str:
        """The display's name; it is started first if it is not running."""
        if self._screen is None:
            read, write = os.pipe()
            self._screen = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[write],
            )
            os.close(write)
            with os.fdopen(read, "rb") as numbers:
                self._number = int(numbers.readline())
        return f":{self._number}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
