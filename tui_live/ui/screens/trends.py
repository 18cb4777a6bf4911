"""TikTok's trending videos: which are taking off, how fast, by whom, and why they were kept."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical

from tui_live.core.trends import Trend
from tui_live.core.trends import Trends as Known
from tui_live.core.trends.orders import ORDERS, ordered
from tui_live.core.trends.saying import author_of, counted
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full
from tui_live.ui.screens.detailed import DetailedScreen
from tui_live.ui.trend_facts import fact_lines
from tui_live.ui.trend_row import matches
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.rows_view import RowsView
from tui_live.ui.widgets.trend_head import TrendHead, head_lines, watch_said
from tui_live.ui.widgets.trend_list import TrendFacts, TrendList, none_kept, none_yet

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui_live.ui.app import TuiLiveApp
    from tui_live.ui.telling import Severity

#: Seconds between two looks at what is being done, and at whether there is another result.
TICK = 0.25
_TITLE = "Trends"
#: On the key bar behind what brings videos and sorts them.
_LATER = frozenset({"trends.copy", "trends.other"})


class Trends(DetailedScreen):
    """List and details; read again whenever the result has changed. ``ready``: it was read once."""

    CSS_PATH = styles_dir() / "trends.tcss"
    AUTO_FOCUS = "#trend-list"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 -- Textual's own form
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "fetch", "fetch", id="trends.fetch", tooltip="Fetch now; Escape stops it"),
        Binding("w", "watch", "watch", id="trends.watch", tooltip="Fetch again and again, or no longer"),
        Binding("greater_than_sign", "order(1)", "order", id="trends.order", tooltip="Order by the next column"),
        Binding(
            *("less_than_sign", "order(-1)", "order back"),
            show=False,
            id="trends.order_back",
            tooltip="Order by the column before",
        ),
        Binding("slash", "filter", "filter", id="trends.filter", tooltip="Show only some videos"),
        Binding("tab,shift+tab", "other", "details", id="trends.other", tooltip="From list to details, and back"),
        Binding("escape,q", "back", "back", id="trends.back", tooltip="Stop fetching, drop the filter, or go back"),
    ]
    list: TrendList
    about: TrendFacts
    FILTER_HINT = "caption, @author, name, new, verified"
    HELP = (
        "TikTok's trending videos that take off. r fetches them now, w again and again; Enter opens one in a browser, "
        "Tab goes to what is known of it."
    )

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend.trends
        self.title_line = PaneTitle(_TITLE)
        self.head = TrendHead(id="trend-head")
        self.list = TrendList(id="trend-list")
        self.about_title = PaneTitle("Video")
        self.about = TrendFacts(id="trend-facts")
        self._orders = [*ORDERS]
        self._order = self._orders[0]
        self._known = Known()
        self._seen: object = None
        self.ready = False
        self._run: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """How the last run went, list, details of the selected one, keys."""
        with Container(id="trend-panes"):
            with Vertical(id="trend-found"):
                yield self.title_line
                yield self.head
                yield self.list
            with Vertical(id="trend-about"):
                yield self.about_title
                yield self.about
        yield KeyBar(id="keys", later=_LATER)

    def on_mount(self) -> None:
        """Look what is being done, and whether there is anything new, as long as they are shown."""
        self.set_interval(TICK, self.tick)

    def tick(self) -> None:
        """Say what is being done, and show the result again where there is another."""
        if self.is_current:
            if self._backend.now().trends is not self._seen:
                self.look()
            self._tell()
            self.list.look_at_clock()

    async def read(self, patience: float) -> None:
        """Read the last result and show it."""
        await asyncio.sleep(patience)
        try:
            self._known = await self._backend.latest()
        except TuiLiveError as error:
            self._known = self._backend.now()
            self.list.show((), self._order, filtered=False, empty=((str(error), "row--reason"),))
        else:
            self._show()
        self._seen = self._known.trends
        self.ready = True

    # What is shown

    def _show(self) -> None:
        words = self.filter.casefold().split()
        trends = self._known.trends
        found = ordered((trend for trend in trends if matches(trend, words)), self._order)
        self.list.show(found, self._order, filtered=bool(words and trends), empty=self._nothing())
        self._tell()
        self._show_selected()

    def _tell(self) -> None:
        """The lines above the list."""
        now_ms = int(time.time() * 1000)
        known = self._backend.now()
        shown, count = self.list.row_count(), len(self._known.trends)
        counts = counted(count, "video") if shown == count else f"{full(shown)} of {counted(count, 'video')}"
        detail = "   ".join(part for part in (f"by {self._order}", self.filter.strip()) if part)
        self.title_line.show(detail, f"{counts}   {watch_said(known, now_ms)}")
        self.head.show(head_lines(known, now_ms))
        # Without videos, what there is to be learnt has the whole screen.
        self.set_class(not self._known.trends, "-none")

    def _nothing(self) -> tuple[tuple[str, str], ...]:
        """What an empty list says."""
        run = self._known.run
        if run is not None:
            return none_kept(run)
        return none_yet(self._backend.every_minutes, self._backend.refuses())

    @on(RowsView.Moved, "#trend-list")
    def _moved(self, event: RowsView.Moved) -> None:
        event.stop()
        self._show_selected()

    def _show_selected(self) -> None:
        trend = self.list.selected
        if trend is None:
            self.about.show(())
            self.about_title.show("", "")
            return
        run = self._known.run
        self.about.show(fact_lines(trend, run.at_ms if run is not None else 0))
        self.about_title.show(author_of(trend.story.video), "+ new" if trend.new else "")

    # Fetching

    def action_fetch(self) -> None:
        """Fetch now."""
        if self._refused():
            return
        if self._backend.now().running:
            self._told("trending videos are being fetched already", severity="warning")
            return
        self._run = self.run_worker(self._fetch(), name="fetch trends", exit_on_error=False)

    async def _fetch(self) -> None:
        try:
            known = await self._backend.fetch()
        except TuiLiveError as error:
            self._told(error.remedy or error.title, title=error.title if error.remedy else "", severity="error")
            return
        if known.trouble is not None:
            self._told(known.trouble.remedy, title=known.trouble.line, severity="warning")
        elif known.run is not None:
            new = sum(trend.new for trend in known.trends)
            self._told(f"{full(known.run.kept)} kept, {full(new)} new", title=_TITLE)
        self.tick()

    def action_watch(self) -> None:
        """Fetch again and again, or no longer."""
        if self._refused():
            return
        try:
            said = self._backend.watch(not self._backend.now().watching)
        except TuiLiveError as error:
            self._told(error.remedy or error.title, title=error.title if error.remedy else "", severity="error")
        else:
            self._told(said, title=_TITLE)
        self.tick()

    def _refused(self) -> bool:
        refusal = self._backend.refuses()
        if refusal:
            self._told(refusal, title=_TITLE, severity="warning")
        return bool(refusal)

    # What a person does

    def action_order(self, step: int) -> None:
        """By another column."""
        self._order = self._orders[(self._orders.index(self._order) + step) % len(self._orders)]
        self._show()

    @on(TrendList.Asked)
    def _asked(self, event: TrendList.Asked) -> None:
        event.stop()
        if event.what == "copy":
            self.app.copy_to_clipboard(event.trend.url)
            self._told(f"copied {event.trend.url}")
        else:
            self.run_worker(self._open(event.trend), name="open video", exit_on_error=False)

    async def _open(self, trend: Trend) -> None:
        from tui_live.ui.opening import OpeningError, open_page

        try:
            await open_page(trend.url)
        except OpeningError as error:
            # Over SSH the browser is elsewhere: the link goes there by the terminal's clipboard.
            self.app.copy_to_clipboard(trend.url)
            self._told(f"copied {trend.url}", title=error.title, severity="warning")
        else:
            self._told(f"opening {trend.url}")

    def action_other(self) -> None:
        """From the list to the details, and back."""
        if self._known.trends:
            super().action_other()

    def action_back(self) -> None:
        """One thing back: what is fetched, the details, the filter, then the screen."""
        said = self._backend.stop()
        if said:
            if self._run is not None:
                self._run.cancel()
            self._told(said, title=_TITLE)
            self.tick()
        else:
            super().action_back()

    def _told(self, text: str, *, title: str = "", severity: Severity = "information") -> None:
        cast("TuiLiveApp", self.app).tell(text, title=title, severity=severity)
