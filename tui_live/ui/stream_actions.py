"""What an operator does to a stream: the questions before, the command, and what is said when it cannot be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_live.core.status import State, StreamView
from tui_live.errors import StreamError, TuiLiveError
from tui_live.ui.backend import Backend
from tui_live.ui.screens.details import Details, Facts, stream_facts
from tui_live.ui.screens.dialogs import AskLine, Confirm

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp

_STARTABLE = (State.STOPPED, State.BLOCKED, State.FAILED)


class StreamActions:
    """Commands of the streams pane for one app and one engine."""

    def __init__(self, app: TuiLiveApp, backend: Backend) -> None:
        self._app = app
        self._backend = backend

    async def do(self, what: str, stream: StreamView | None) -> None:
        """Do ``what`` (see :class:`StreamsView.Asked`) to a stream."""
        refusal = self._backend.refuses(what)
        if refusal is not None:
            self._app.tell(refusal.remedy, title=refusal.title, severity="warning")
        elif what == "add":
            self._add()
        elif stream is not None:
            if what == "details":
                self._details(stream)
            elif what == "switch":
                self._switch(stream)
            elif what == "remove":
                self._confirm_remove(stream)
            elif what == "new_session":
                self._confirm_new_session(stream)

    def _add(self) -> None:
        def accept(typed: str) -> str:
            if not typed:
                raise StreamError("nothing was typed", "a name, @name, or the link of a live")
            return self._backend.add_stream(typed)

        def added(name: str | None) -> None:
            if name is not None:
                self._app.main.tick()
                self._app.main.streams.list.select_name(name)
                self._app.tell(f"watching {name}")

        self._app.push_screen(
            AskLine("Watch another stream", "name, @name or https://www.tiktok.com/@name/live", accept), added
        )

    def _details(self, stream: StreamView) -> None:
        last = stream

        def facts(now_ms: int) -> Facts:
            nonlocal last
            last = next((view for view in self._backend.streams() if view.index == stream.index), last)
            return stream_facts(last, now_ms)

        self._app.push_screen(Details(stream.name, facts))

    def _switch(self, stream: StreamView) -> None:
        if stream.standing.state in _STARTABLE:
            self._try(self._start, stream.name)
        else:
            self._try(self._backend.stop_stream, stream.name)

    async def _start(self, name: str) -> None:
        self._backend.start_stream(name)

    def _confirm_remove(self, stream: StreamView) -> None:
        question = Confirm(f"Stop watching {stream.name}?", "Its sessions stay in the database.", "Remove")
        self._app.push_screen(question, self._when_sure(self._backend.remove_stream, stream.name))

    def _confirm_new_session(self, stream: StreamView) -> None:
        question = Confirm(
            f"Begin a new session of {stream.name}?", "The present one ends; totals begin at zero.", "Begin"
        )
        self._app.push_screen(question, self._when_sure(self._backend.new_session, stream.name))

    def _when_sure(self, command: Callable[[str], Awaitable[None]], name: str) -> Callable[[bool | None], None]:
        def answered(sure: bool | None) -> None:
            if sure:
                self._try(command, name)

        return answered

    def _try(self, command: Callable[[str], Awaitable[None]], name: str) -> None:
        """Run a command in a worker: a network or a disk that does not answer leaves the keys alive."""
        self._app.run_worker(self._carry_out(command, name), name=f"command for {name}", exit_on_error=False)

    async def _carry_out(self, command: Callable[[str], Awaitable[None]], name: str) -> None:
        """What cannot be done is told. The screen follows at once instead of at the next tick."""
        try:
            await command(name)
        except TuiLiveError as error:
            self._app.tell(error.remedy or error.title, title=error.title if error.remedy else "", severity="error")
        self._app.main.tick()
