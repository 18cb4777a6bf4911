"""What shares and engagement have in common on the screen: one session, or all of a streamer's, as pages by tabs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from tui_live.core.analysis import Across, Analysis
from tui_live.core.past import ACTIVE, PastSession
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.analysis.figures import Figures, Subject
from tui_live.ui.analysis.page import Opens, Row
from tui_live.ui.backend import Backend
from tui_live.ui.format import clock
from tui_live.ui.past_scores import PastPerson, PastScores
from tui_live.ui.session_row import sign_of, standing_of, when
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.page_view import PageView, Place
from tui_live.ui.widgets.pane_title import PaneTitle, TabTitle

if TYPE_CHECKING:
    from textual.worker import WorkType

    from tui_live.ui.app import TuiLiveApp

#: Seconds between two looks at a session that is under way, and between two looks at how far a reading is.
TICK = 2.0
PROGRESS = 0.2
#: Cells from which on the first page has a place of its own beside the others.
_WIDE = 150
#: Cells of a title beside its texts.
_TITLE_AROUND = 9

#: Key and name of a page, and what makes its lines from an analysis for a width and a height.
Page = tuple[str, str, Callable[[Any, int, int], Sequence[Row]]]


class _Origin(NamedTuple):
    """From where somebody was led to a meaning: the tab, the place in it, and the side with the focus."""

    tab: str
    place: Place
    view: PageView


class AnalysisScreen(Screen[None]):
    """Read in a worker that ends with the screen; a session that is under way is read again and again."""

    CSS_PATH = styles_dir() / "analysis.tcss"
    AUTO_FOCUS = "#analysis-page"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 -- Textual's own form
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "all", "all sessions", id="analysis.all", tooltip="This session, or all of the streamer's"),
        Binding("left", "step(-1)", "tab before", show=False, id="analysis.before", tooltip="The tab before"),
        Binding("right", "step(1)", "next tab", show=False, id="analysis.next", tooltip="The next tab"),
        *(
            Binding(str(at), f"tab({at})", f"tab {at}", show=False, id=f"analysis.tab_{at}", tooltip=f"Tab {at}")
            for at in range(1, 8)
        ),
        Binding("tab,shift+tab", "other", "other side", show=False, id="analysis.other", tooltip="The other side"),
        Binding("m", "meaning", "meaning", id="analysis.meaning", tooltip="What the selected figure means, and back"),
        Binding("escape,q", "back", "back", id="analysis.back", tooltip="Cancel the reading, or go back"),
    ]
    NAME: ClassVar[str]
    PAGES: ClassVar[tuple[Page, ...]]
    ALL_PAGES: ClassVar[tuple[Page, ...]]

    def __init__(self, backend: Backend, subject: Subject) -> None:
        super().__init__()
        self._backend = backend
        self.figures = Figures(backend, subject)
        self.title_line = PaneTitle(self.NAME)
        self.first = PageView(id="analysis-first")
        self.page = PageView(id="analysis-page")
        self.tabs = TabTitle(_choices(self.PAGES))
        self.shown = self.PAGES[0][0]
        self._wide = False
        self._came_from: _Origin | None = None

    def compose(self) -> ComposeResult:
        """Whose, the first page beside the others where there is room, keys."""
        yield self.title_line
        with Horizontal(id="analysis-panes"):
            yield self.first
            with Vertical():
                yield self.tabs
                yield self.page
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """What is known at once, and then as it is now."""
        self.title_line.activate(True)
        self.tabs.activate(True)
        self._show()
        self.set_interval(PROGRESS, self._tell_progress)
        self.set_interval(TICK, self.tick)
        self._read()

    def on_resize(self) -> None:
        """Side by side or one at a time."""
        wide = self.size.width >= _WIDE
        if wide != self._wide:
            self._wide = wide
            self._show()
        else:
            self._retitle()

    # Reading

    @property
    def reading(self) -> bool:
        """Whether something is being read."""
        return any(not worker.is_finished for worker in self.workers if worker.group == "read" and worker.node is self)

    def _read(self) -> None:
        self.figures.part = 0.0
        self._work(self._read_now, "read")
        self._tell_progress()

    async def _read_now(self) -> None:
        try:
            await self.figures.read()
        except TuiLiveError as error:
            self._fail(error)
        else:
            self._show()

    def _fail(self, error: TuiLiveError) -> None:
        if self.figures.found is None:
            said = [(error.title, "row--number"), (error.remedy, "row--reason")]
            self._say(*said, ("", ""), ("Escape goes back.", "row--reason"))
            self._retitle()
        else:
            self._retitle(str(error))

    def _work(self, work: Callable[[], Awaitable[None]], group: str) -> None:
        self.run_worker(cast("WorkType[None]", work), name=group, group=group, exclusive=True, exit_on_error=False)

    def tick(self) -> None:
        """A session that is under way grows."""
        if self.is_current and not self.reading and self.figures.due():
            self._read()

    def _tell_progress(self) -> None:
        figures = self.figures
        if figures.found is None and self.reading:
            subject = figures.subject
            what = subject.key if subject.key and not figures.everything else f"@{subject.streamer}"
            bar = "█" * round(figures.part * 30)
            self._say(
                (f"reading {what} … {figures.part:.0%}", "row--number"),
                (f"{bar:░<30}", "head--plot"),
                ("", ""),
                ("Escape cancels it.", "row--reason"),
            )

    # Showing

    def _say(self, *lines: tuple[str, str]) -> None:
        self.page.say(*lines)
        self.first.say()

    @property
    def _pages(self) -> tuple[Page, ...]:
        return self.ALL_PAGES if self.figures.everything else self.PAGES

    def _show(self) -> None:
        """Draw the pages from what was read."""
        pages, found = self._pages, self.figures.found
        if self.shown not in [page[0] for page in pages]:
            self.shown = pages[0][0]
        if self._wide and self.shown == pages[0][0]:
            self.shown = pages[1][0]
        self.tabs.offer(_choices(pages[1:] if self._wide else pages), self.shown)
        self._retitle()
        if found is None:
            self._tell_progress()
            return
        makers = {key: make for key, _, make in pages}
        self.page.show(partial(makers[self.shown], found))
        if self._wide:
            self.first.show(partial(pages[0][2], found))

    def _retitle(self, trouble: str = "") -> None:
        subject, found = self.figures.subject, self.figures.found
        whose = f"@{subject.streamer}" if subject.streamer else ""
        if isinstance(found, Across):
            older = f", {found.older} older ones left out" if found.older else ""
            count = len(found.sessions)
            whose += f"   {count} session{'' if count == 1 else 's'}{older}"
        elif found is not None:
            whose = f"@{found.session.streamer}   {when(found.session)}"
            # Half of a key is of no use.
            with_key = f"{whose}   {found.session.id}"
            beside = len(self.NAME) + cell_len(_state(found)) + _TITLE_AROUND
            whose = with_key if cell_len(drawn(with_key)) + beside <= self.size.width else whose
        self.title_line.show(trouble or whose, "" if found is None else _state(found))

    def _show_tab(self, key: str) -> None:
        if self._wide and key == self._pages[0][0]:
            self.first.focus()
            return
        changed = key != self.shown
        self.shown = key
        self._show()
        if changed:
            self.page.begin()
        self.page.focus()

    @on(TabTitle.Chosen)
    def _title_chosen(self, event: TabTitle.Chosen) -> None:
        event.stop()
        self._show_tab(event.key)

    # What a person does

    def action_tab(self, number: int) -> None:
        """Choose a tab."""
        if number <= len(self._pages):
            self._show_tab(self._pages[number - 1][0])

    def action_step(self, step: int) -> None:
        """The next or previous tab."""
        keys = [key for key, _, _ in (self._pages[1:] if self._wide else self._pages)]
        self._show_tab(keys[(keys.index(self.shown) + step) % len(keys)])

    def action_other(self) -> None:
        """The other side, where there are two; else the next tab."""
        if self._wide:
            (self.page if self.focused is self.first else self.first).focus()
        else:
            self.action_step(1)

    def action_all(self) -> None:
        """This session, or all of the streamer's."""
        self.figures.everything = not self.figures.everything
        self.workers.cancel_group(self, "read")
        self._show()
        self.page.begin()
        self._read()

    def action_meaning(self) -> None:
        """What the selected figure means, and back to it."""
        if self.shown == "meaning" and self._came_from is not None:
            self._return()
            return
        view = self.first if self.focused is self.first else self.page
        opens = view.opens
        self._lead_to_meaning(opens.key if opens is not None and opens.what == "meaning" else "")

    def _lead_to_meaning(self, field: str) -> None:
        view = self.first if self.focused is self.first else self.page
        self._came_from = _Origin(self.shown, self.page.place, view)
        self._show_tab("meaning")
        self.page.look_at(("meaning", field))

    def _return(self) -> None:
        assert self._came_from is not None
        tab, place, view = self._came_from
        self._came_from = None
        self._show_tab(tab)
        if self.shown == tab:
            self.page.return_to(place)
        if view.display:
            view.focus()

    @on(PageView.Leads)
    def _lead(self, event: PageView.Leads) -> None:
        event.stop()
        opens = event.opens
        if opens.what == "meaning":
            self._lead_to_meaning(opens.key)
        elif opens.what == "person":
            self._work(partial(self._open_person, opens), "person")
        elif opens.what == "session":
            self._open_session(opens.key)

    async def _open_person(self, opens: Opens) -> None:
        """In the session that is shown, or in the newest of all in which they are."""
        history, key = self._backend.history, self.figures.session_of(opens.key)
        try:
            await history.open_board(key)
        except TuiLiveError as error:
            cast("TuiLiveApp", self.app).tell(str(error), severity="error")
            return
        if self.is_current:
            self.app.push_screen(PastPerson(PastScores(history), key, opens.key, opens.name))

    def _open_session(self, key: str) -> None:
        self.figures.open(Subject(self.figures.subject.streamer, key))
        self._show()
        self.page.begin()
        self._read()

    def action_back(self) -> None:
        """One thing back: a meaning, all sessions, then the screen. A reading that is waited for is cancelled."""
        self.workers.cancel_group(self, "person")
        if self.shown == "meaning" and self._came_from is not None:
            self._return()
        elif self.figures.everything:
            self.action_all()
        elif self.is_current:
            self.workers.cancel_group(self, "read")
            self.dismiss(None)


def _choices(pages: tuple[Page, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((key, name) for key, name, _ in pages)


def _state(found: Analysis | Across) -> str:
    if isinstance(found, Across):
        return "all sessions"
    session: PastSession = found.session
    standing = f"{sign_of(session)[0]} {standing_of(session)}"
    return f"{standing}, until {clock(found.shares.until_ms)}" if session.status == ACTIVE else standing
