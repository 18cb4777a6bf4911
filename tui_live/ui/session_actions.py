"""What an operator does to a past session: the questions before, the command, and what is said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_live.core.counts import several
from tui_live.core.past import ACTIVE, PastSession
from tui_live.errors import TuiLiveError
from tui_live.ui.backend import Backend
from tui_live.ui.format import moment
from tui_live.ui.screens.dialogs import Confirm

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp


class ConfirmLoss(Confirm):
    """A question about what cannot be undone: Enter alone does nothing."""

    AUTO_FOCUS = "#no"


class SessionActions:
    """Commands of the sessions' screens; ``changed`` is called with a session's key after one of them."""

    def __init__(self, app: TuiLiveApp, backend: Backend, changed: Callable[[str], None]) -> None:
        self._app = app
        self._history = backend.history
        self._backend = backend
        self._changed = changed

    def do(self, what: str, session: PastSession) -> None:
        """``open``, ``resume``, ``export`` or ``delete`` a session."""
        if what == "open":
            from tui_live.ui.screens.sessions_opened import OpenedSession

            self._app.push_screen(OpenedSession(self._backend, session))
        elif what == "export":
            from tui_live.ui.screens.sessions_export import ExportDialog

            self._app.push_screen(ExportDialog(self._history, session), self._exported)
        elif refusal := self._history.refuses():
            self._tell(refusal)
        elif what == "resume":
            self._resume(session)
        elif what == "delete":
            self._delete(session)

    def _resume(self, session: PastSession) -> None:
        under_way = next((view for view in self._backend.streams() if view.name == session.streamer), None)
        present = under_way.session_id if under_way is not None else ""
        if not present or present == session.id or under_way is None or under_way.standing.state != "live":
            self._try(self._history.resume, session)
            return
        question = Confirm(
            f"Go on with the session of {moment(session.start_ms)[:16]}?",
            f"@{session.streamer} is live: its present session {present} ends here.",
            "Resume",
        )
        self._app.push_screen(question, self._when_sure(self._history.resume, session))

    def _delete(self, session: PastSession) -> None:
        if session.status == ACTIVE:
            self._app.tell(
                "stop the stream first (space), or begin a new session (N)",
                title=f"Session {session.id} is under way",
                severity="error",
            )
            return
        question = ConfirmLoss(
            f"Delete the session of @{session.streamer}?",
            f"Begun {moment(session.start_ms)}, {several(session.events, 'event')} of "
            f"{several(session.users, 'person', 'people')}: "
            "events, frames and scores go for good.",
            "Delete",
        )
        self._app.push_screen(question, self._when_sure(self._history.delete, session))

    def _exported(self, said: str | None) -> None:
        if said:
            self._app.tell(said, title="Export")

    def _when_sure(
        self, command: Callable[[str], Awaitable[str]], session: PastSession
    ) -> Callable[[bool | None], None]:
        def answered(sure: bool | None) -> None:
            if sure:
                self._try(command, session)

        return answered

    def _try(self, command: Callable[[str], Awaitable[str]], session: PastSession) -> None:
        """In a worker: a disk that does not answer leaves the keys alive."""
        self._app.run_worker(self._carry_out(command, session), name=f"session {session.id}", exit_on_error=False)

    async def _carry_out(self, command: Callable[[str], Awaitable[str]], session: PastSession) -> None:
        try:
            self._app.tell(await command(session.id))
        except TuiLiveError as error:
            self._tell(error)
        self._app.main.tick()
        self._changed(session.id)

    def _tell(self, error: TuiLiveError) -> None:
        self._app.tell(error.remedy or error.title, title=error.title if error.remedy else "", severity="error")
