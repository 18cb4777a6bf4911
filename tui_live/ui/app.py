"""The console application: paints first, then starts the engine, and connects the two."""

from __future__ import annotations

import gc
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from rich.text import Text
from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_live import paths
from tui_live.core.log import MSG_ID, NOTE, STREAM, TIME, TYPE, Row
from tui_live.core.status import State
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui import palette
from tui_live.ui.analysing import AnalysingApp
from tui_live.ui.backend import Backend
from tui_live.ui.clipping import ClippingApp
from tui_live.ui.keys_in_order import KeysInOrder
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.themes import DARK, extra_variables, own_themes
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.streams_view import StreamsView

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_live.ui.board_actions import BoardActions

_log = logging.getLogger(__name__)


class Spawn(Protocol):
    """Starts a long-lived task by name; the returned worker can be cancelled and awaited (``wait``)."""

    def __call__(self, coro: Coroutine[Any, Any, Any], name: str) -> Worker[Any]:
        """Run ``coro`` until it ends or the worker is cancelled."""


class TuiLiveApp(KeysInOrder, ClippingApp, AnalysingApp):
    """The console.

    ``start`` makes the engine; it is awaited after the first paint and given a :class:`Spawn`. A ``TuiLiveError`` it
    raises is shown with its remedy, and the program ends with return code 2 (1 for an unexpected error).
    """

    TITLE = "TUI Live"
    #: The bottom screen's own style sheet is not looked for by Textual, so the app brings it.
    CSS_PATH: ClassVar[list[Any]] = [styles_dir() / "app.tcss", styles_dir() / "main.tcss"]
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "clip_now", "clip now", id="triggers.clip", tooltip="Save a clip of the selected stream"),
        Binding("k", "clips", "clips", id="app.clips", tooltip="Clips that were saved, or were not, and why"),
        Binding("t", "new_trigger", "new trigger", id="triggers.new", tooltip="A new trigger: what saves a clip"),
        Binding("b", "connect_obs", "OBS", show=False, id="app.obs", tooltip="Connect OBS; how it is doing, and why"),
        Binding("S", "save_config", "save config", show=False, id="app.save_config", tooltip="Save the settings"),
        Binding(
            *("exclamation_mark", "toggle_notifications", "notifications"),
            show=False,
            id="app.notifications",
            tooltip="Notifications on or off",
        ),
        Binding("i", "questions", "questions", show=False, id="app.questions", tooltip="The queue of the overlay"),
        Binding("s", "sessions", "sessions", show=False, id="app.sessions", tooltip="Past sessions: open, resume"),
        Binding("h", "shares", "shares", id="app.shares", tooltip="Who shares, and what comes of it"),
        Binding("e", "engagement", "engagement", id="app.engagement", tooltip="What the audience does"),
        Binding("v", "trends", "trends", id="app.trends", tooltip="Videos that take off on TikTok"),
        Binding("O", "overlays", "overlays", show=False, id="app.overlays", tooltip="Addresses for OBS, who is there"),
        Binding("f3", "search", "search", show=False, id="app.search", tooltip="Search all sessions for words"),
        Binding("question_mark,f1", "help", "help", id="app.help", tooltip="Explain the focused pane and its keys"),
        Binding(
            *("ctrl+p", "command_palette", "palette"),
            id="app.palette",
            priority=True,
            tooltip="Find every action by name",
        ),
        Binding(
            *("ctrl+q", "quit", "quit"),
            show=False,
            id="app.quit",
            priority=True,
            tooltip="Quit; asks while a stream is live",
        ),
    ]

    def __init__(
        self,
        start: Callable[[Spawn], Awaitable[Backend]],
        *,
        theme: str | None = None,
        animations: Literal["none", "basic", "full"] | None = None,
        notifications: bool = True,
        notification_seconds: float = 5.0,
        keymap: Mapping[str, str] | None = None,
        demo: bool = False,
    ) -> None:
        # What start-up makes stays: looking through it for garbage only delays the first paint. See _start_engine.
        gc.disable()
        super().__init__()
        self._start = start
        self._demo = demo
        #: The error of the console's own that has ended it; the streams that were there then, where that is known,
        #: and which of them were stopped.
        self.failure: Exception | None = None
        self.watched: tuple[str, ...] | None = None
        self.resting: tuple[str, ...] = ()
        self._wanted_theme = theme
        self._wanted_keymap = dict(keymap or {})
        self.notifications = notifications
        self.notification_seconds = notification_seconds
        self.backend: Backend | None = None
        self._engine_closed = False
        if animations is not None:
            self.animation_level = animations
        for own in own_themes():
            self.register_theme(own)
        self.theme = DARK

    # Start and end

    def get_default_screen(self) -> Screen[None]:
        """The main screen is the bottom of the stack."""
        return MainScreen(demo=self._demo, width=self.size.width)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colours of streams."""
        return extra_variables(dark=self.current_theme.dark)

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever stands above it."""
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def on_mount(self) -> None:
        """Settings that may be wrong are said, not fatal; then the engine, once something is on the screen."""
        if self._wanted_theme is not None:
            if self._wanted_theme in self.available_themes:
                self.theme = self._wanted_theme
            else:
                said = f"there is no theme {self._wanted_theme}; choose one by Ctrl-P, Theme"
                self.tell(said, title="Theme", severity="warning")
        if self._wanted_keymap:
            self.set_keymap(self._wanted_keymap)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._start_engine(), name="start", group="engine", exit_on_error=False)

    async def _start_engine(self) -> None:
        try:
            backend = await self._start(self.spawn)
        except TuiLiveError as error:
            self._fail(error.title, error.remedy, 2)
        except Exception as error:
            _log.exception("the engine could not be started")
            self._fail(f"TUI Live could not be started: {error!r}", "the log file says more (tui-live info)", 1)
        else:
            self.backend = backend
            self.main.attach(backend)
            gc.enable()
            # Start-up garbage would be looked through again and again; a full collection costs many frames.
            gc.collect()
            gc.freeze()
            gc.set_threshold(5_000, 2, 25)

    def spawn(self, coro: Coroutine[Any, Any, Any], name: str) -> Worker[Any]:
        """Run a task of the engine as a Textual worker: named, cancellable, and no end of the program if it fails."""
        return self.run_worker(coro, name=name, group="engine", exit_on_error=False)

    def _fail(self, title: str, remedy: str, code: int) -> None:
        from tui_live.ui.screens.dialogs import Failure

        self.push_screen(
            Failure(title, remedy), lambda _: self.exit(return_code=code, message=f"{drawn(title)} — {drawn(remedy)}")
        )

    async def action_quit(self) -> None:
        """Quit, after a question while a stream is live; nothing that arrived is lost."""
        live = [view for view in self.backend.streams() if view.standing.state == State.LIVE] if self.backend else []
        if not live or (self.backend and self.backend.playback):
            await self.close_and_exit()
            return
        from tui_live.ui.screens.dialogs import Confirm

        if isinstance(self.screen, Confirm):
            return
        what = f"{live[0].name} is live" if len(live) == 1 else f"{len(live)} streams are live"
        question = Confirm(f"{what}. Quit?", "What they send from then on is not recorded.", "Quit")
        self.push_screen(question, self._quit_answered)

    def _quit_answered(self, sure: bool | None) -> None:
        # In a worker: the dialog waits for this handler, and closing the app waits for the dialog.
        if sure:
            self.run_worker(self.close_and_exit(), name="quit", exit_on_error=False)

    def _handle_exception(self, error: Exception) -> None:
        """An error of the console's own ends it: the log file has the detail, the terminal a line."""
        if self.failure is None:
            _log.critical("the console failed", exc_info=error)
            self.failure = error
            if self.backend is not None:
                views = self.backend.streams()
                self.watched = tuple(view.name for view in views)
                self.resting = tuple(view.name for view in views if view.standing.state is State.STOPPED)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        said = f"tui-live: The console failed ({type(self.failure).__name__}) — {paths.log_file()} has the details"
        self._exit_renderables.append(Text(drawn(said)))
        self._close_messages_no_wait()

    async def close_and_exit(self) -> None:
        """Write everything that is under way, then leave; what could not be written is the last thing said."""
        try:
            await self._close_backend()
        except TuiLiveError as error:
            self.exit(return_code=2, message=drawn(str(error)))
        else:
            self.exit()

    async def _close_backend(self) -> None:
        if self.backend is not None and not self._engine_closed:
            self._engine_closed = True
            if self.backend.playback is None:
                self.tell("writing what is under way …", title="Closing")
            await self.backend.close()

    async def on_unmount(self) -> None:
        """However the console ends, the engine is closed."""
        try:
            await self._close_backend()
        except TuiLiveError:
            _log.exception("not everything could be written")

    async def action_save_config(self) -> None:
        """Write the settings that were changed here to the configuration file."""
        if self.backend is None:
            return
        try:
            path = await self.backend.save_config()
        except TuiLiveError as error:
            self.tell(error.remedy, title=error.title, severity="error")
        else:
            self.tell(f"saved to {path}")

    # Help and palette

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """A dialog keeps the keys of what is below from doing anything; help opens above it all the same.

        Where text is typed, the field has taken the keys that write something before this is asked.
        """
        if await super()._check_bindings(key, priority):
            return True
        asks = not priority and any(one.action == "help" for one in self._bindings.key_to_bindings.get(key, ()))
        return asks and await self.run_action("help")

    def action_help(self) -> None:
        """Explain the focused pane or dialog."""
        from tui_live.ui.screens.help import Help, Section, joined, keys_of

        if isinstance(self.screen, Help):
            return
        sections: list[Section] = []
        for node in self._help_nodes():
            bindings = [(key, binding) for key, binding in node._bindings if self._offers(binding, node)]
            display = {key: self.get_key_display(binding) for key, binding in bindings}
            title = palette.PANES.get(type(node).__name__, "")
            title = title or ("Everywhere" if isinstance(node, App | MainScreen) else "Here")
            if keys := keys_of(bindings, display):
                sections.append((title, str(getattr(node, "HELP", "") or ""), keys))
        if sections:
            self.push_screen(Help(joined(sections)))

    def _offers(self, binding: Binding, node: Any) -> bool:
        """Whether a key of a node does anything here: some are for a replay only, some for everything else."""
        return self._check_action_state(binding.action, node) is not False

    def _help_nodes(self) -> list[Any]:
        focused = self.screen.focused
        chain = (
            [] if focused is None else [node for node in focused.ancestors_with_self if node._bindings.key_to_bindings]
        )
        nodes = [node for node in chain if node is not self and node is not self.screen]
        # Above a dialog, keys of the console do nothing.
        return [*nodes, self.screen] if self.screen.is_modal else [*nodes, self.screen, self]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of every pane, by name."""
        return palette.commands(self, self._offers)

    # What the panes ask for

    @on(LogView.Opened)
    def _line_opened(self, event: LogView.Opened) -> None:
        row: Row = event.row
        stream = event.stream
        backend = self.backend
        if row[TYPE] == NOTE or backend is None:
            from tui_live.ui.screens.details import Details, line_facts

            self.push_screen(Details("Line", lambda now_ms: line_facts(row, stream)))
            return
        from tui_live.ui.screens.event import EventDetails, row_facts

        self.push_screen(
            EventDetails(
                row_facts(row, stream),
                lambda: backend.event_detail(row[STREAM], row[TYPE], row[MSG_ID], row[TIME]),
                self._board_actions(backend).person_of(stream, row),
            )
        )

    async def action_search(self) -> None:
        """Search everything that was said, in all sessions."""
        from tui_live.ui.screens.search import Search

        if self.backend is not None and not any(isinstance(screen, Search) for screen in self.screen_stack):
            # Awaited: the keys that follow belong to the search.
            await self.push_screen(Search(self.backend))

    async def action_questions(self) -> None:
        """What is on the overlay and what comes next."""
        from tui_live.ui.screens.questions import Questions

        backend = self.backend
        if backend is not None and not any(isinstance(screen, Questions) for screen in self.screen_stack):
            selected = self.main.board.list.stream
            await self.push_screen(Questions(backend.scores, self._board_actions(backend), backend.streams, selected))

    async def action_overlays(self) -> None:
        """The pages for OBS: addresses to copy, and which browsers show them."""
        from tui_live.ui.screens.overlays import OverlayPages

        backend = self.backend
        if backend is not None and not any(isinstance(screen, OverlayPages) for screen in self.screen_stack):
            await self.push_screen(OverlayPages(backend.overlays, self.main.board.list.stream))

    async def action_trends(self) -> None:
        """Trending videos."""
        from tui_live.ui.screens.trends import Trends

        if self.backend is not None and not any(isinstance(screen, Trends) for screen in self.screen_stack):
            await self.push_screen(Trends(self.backend))

    def _board_actions(self, backend: Backend) -> BoardActions:
        from tui_live.ui.board_actions import BoardActions

        return BoardActions(self, backend.scores)

    @on(BoardView.Asked)
    def _board_asked(self, event: BoardView.Asked) -> None:
        if self.backend is not None:
            self._board_actions(self.backend).do(event.what, event.stream, event.line)

    @on(LogView.Asked)
    def _question_asked(self, event: LogView.Asked) -> None:
        if self.backend is None:
            return
        actions = self._board_actions(self.backend)
        if event.row is None:
            actions.clear(event.stream or None)
        else:
            actions.ask(event.stream, event.row)

    async def action_sessions(self) -> None:
        """Past sessions."""
        from tui_live.ui.screens.sessions import Sessions

        if self.backend is not None and not any(isinstance(screen, Sessions) for screen in self.screen_stack):
            await self.push_screen(Sessions(self.backend))

    @on(MainScreen.Alarm)
    def _alarmed(self, event: MainScreen.Alarm) -> None:
        self.tell(event.text, title=event.title, severity="error", unasked=True)

    @on(StreamsView.Asked)
    async def _stream_asked(self, event: StreamsView.Asked) -> None:
        if self.backend is None:
            return
        from tui_live.ui.stream_actions import StreamActions

        await StreamActions(self, self.backend).do(event.what, event.stream)
