"""What an operator does to triggers, clips and OBS: the questions before, the command, and what is said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_live.core.clips import ClipState
from tui_live.core.log import TEXT, Row
from tui_live.core.triggers import RuleView
from tui_live.errors import ClipError, TuiLiveError
from tui_live.ui.backend import Backend
from tui_live.ui.clip_row import ClipRow
from tui_live.ui.rule_form import RuleForm
from tui_live.ui.trigger_row import label_of

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp


class ClipActions:
    """Commands for one app and one engine; what takes time runs in a worker, so that the keys stay alive."""

    def __init__(self, app: TuiLiveApp, backend: Backend) -> None:
        self._app = app
        self._all = backend
        self.backend = backend.clips

    # Triggers

    def do_to_rule(self, what: str, view: RuleView | None) -> None:
        """``switch``, ``edit`` or ``remove`` a rule, or ``undo`` what was done last to any."""
        if view is None:
            self._undo()
            return
        rule = view.rule
        if what == "edit":
            self._edit(rule.number)
        elif what == "switch":
            self._change(lambda: f"{label_of(rule)} is {'on' if self.backend.switch_rule(rule.number) else 'off'}")
        elif what == "remove":
            self._change(lambda: self.backend.remove_rule(rule.number))

    def _undo(self) -> None:
        before = {view.rule.number for view in self.backend.rules()}
        try:
            said = self.backend.undo_rules()
        except TuiLiveError as error:
            self._tell_error(error)
        else:
            self._app.tell(said, title="Triggers")
        self._app.main.deeds.undone(None)
        triggers = self._app.main.triggers
        triggers.look()
        for view in self.backend.rules():
            if view.rule.number not in before:
                triggers.list.select_key(view.rule.number)

    def new_rule(self) -> None:
        """Ask for a rule."""
        self._open("New trigger", RuleForm(), self._added)

    def rule_of(self, row: Row | None) -> None:
        """A rule of a line of the log, to be made shorter."""
        form = None if row is None else RuleForm.of_line(row)
        if row is None:
            self._app.tell("select a line first (arrow keys or mouse)", severity="warning")
        elif form is None:
            self._app.tell("this line has no text to look for", severity="warning")
        else:
            self._open("New trigger of this line", form, self._added, row[TEXT] if form.kind == "word" else "")

    def _edit(self, number: int) -> None:
        def changed(wanted: object) -> str:
            self.backend.change_rule(number, wanted)
            return "changed"

        try:
            form = RuleForm.of_rule(self.backend.written(number))
        except TuiLiveError as error:
            self._tell_error(error)
        else:
            self._open("Trigger", form, changed)

    def _added(self, wanted: object) -> str:
        number = self.backend.add_rule(wanted)
        self._app.main.triggers.look()
        self._app.main.triggers.list.select_key(number)
        return "added"

    def _open(self, title: str, form: RuleForm, keep: Callable[[object], str], sample: str = "") -> None:
        from tui_live.ui.screens.trigger import EditTrigger

        def dry_run(wanted: object, title: str) -> None:
            from tui_live.ui.screens.dry_run import DryRun

            self._app.push_screen(DryRun(self._all, wanted, title))

        def kept(said: str | None) -> None:
            if said is not None:
                self._done(f"{said}; u takes it back, S keeps it in config.yaml")

        self._app.push_screen(EditTrigger(title, form, self.backend, keep, dry_run, sample), kept)

    def _change(self, command: Callable[[], str]) -> None:
        try:
            said = command()
        except TuiLiveError as error:
            self._tell_error(error)
            self._app.main.triggers.look()
        else:
            self._done(said)

    def _done(self, said: str) -> None:
        self._app.main.deeds.note(None)
        self._app.main.triggers.look()
        self._app.tell(said, title="Triggers")

    # OBS

    def connect(self) -> None:
        """Connect with OBS, or try again; then how it is doing, kept up to date."""
        from tui_live.ui.obs_words import facts
        from tui_live.ui.screens.details import Details

        try:
            said = self.backend.connect()
        except TuiLiveError as error:
            self._tell_error(error)
            return
        if self.backend.obs.ready and not self.backend.obs.warning:
            self._app.tell(said, title="OBS")
        self._app.push_screen(Details("OBS", lambda now_ms: facts(self.backend.obs, now_ms)))

    def clip_now(self, stream: str | None) -> None:
        """Save a clip of a stream by hand."""

        async def save() -> str:
            return await self.backend.clip_now(stream or "")

        self._try(save, "clip by hand", stream or "Clip")

    # Clips

    def do_to_clip(self, what: str, row: ClipRow) -> None:
        """Do ``what`` (see :class:`ClipList.Asked`) to a row's newest clip."""
        clip = row.clip
        if what == "address":
            self._copy_address(clip.number)
        elif not clip.path or clip.state is ClipState.DELETED:
            why = clip.reason or "it is under way"
            self._app.tell(why, title="There is no file", severity="warning")
        elif what == "play":
            self._try(lambda: self._open_file(clip.number, folder=False), "play", "")
        elif what == "reveal":
            self._try(lambda: self._open_file(clip.number, folder=True), "folder", "")
        elif what == "path":
            self._app.copy_to_clipboard(clip.path)
            self._app.tell(f"copied {clip.path}")
        elif what == "rename":
            self._rename(clip.number, clip.name)
        elif what == "delete":
            self._delete(clip.number, clip.name)

    def _copy_address(self, number: int) -> None:
        address = self.backend.clip_address(number)
        if address:
            self._app.copy_to_clipboard(address)
            self._app.tell(f"copied {address}")
        else:
            self._app.tell("no pages are served here (O says why)", severity="warning")

    async def _open_file(self, number: int, *, folder: bool) -> str:
        from tui_live.ui.opening import OpeningError, open_file

        path = await self.backend.clip_file(number)
        target = path.parent if folder else path
        try:
            await open_file(target)
        except OpeningError as error:
            address = self.backend.clip_address(number)
            other = f"Y copies {address} for a browser" if address and not folder else f"y copies {path}"
            raise ClipError(error.title, f"{error.remedy}; {other}" if error.remedy else other) from error
        return f"opening {target.name}"

    def _rename(self, number: int, name: str) -> None:
        from tui_live.ui.screens.dialogs import AskLine

        stem, dot, ending = name.rpartition(".")

        def accept(typed: str) -> str:
            if not typed:
                raise ClipError("nothing was typed", "a name without its ending")
            return typed

        def answered(typed: str | None) -> None:
            if typed is not None:
                self._try(lambda: self._renamed(number, typed), "rename", "")

        hint = f"its ending {dot}{ending} stays" if dot else "a name"
        self._app.push_screen(AskLine("Rename the clip", hint, accept, stem or name), answered)

    async def _renamed(self, number: int, typed: str) -> str:
        return f"renamed to {await self.backend.rename_clip(number, typed)}"

    def _delete(self, number: int, name: str) -> None:
        from tui_live.ui.session_actions import ConfirmLoss

        async def delete() -> str:
            await self.backend.delete_clip(number)
            return f"deleted {name}"

        def answered(sure: bool | None) -> None:
            if sure:
                self._try(delete, "delete", "")

        self._app.push_screen(ConfirmLoss(f"Delete {name}?", "The file goes for good.", "Delete"), answered)

    # Carrying out

    def _try(self, command: Callable[[], Awaitable[str]], name: str, title: str) -> None:
        self._app.run_worker(self._carry_out(command, title), name=name, exit_on_error=False)

    async def _carry_out(self, command: Callable[[], Awaitable[str]], title: str) -> None:
        try:
            said = await command()
        except TuiLiveError as error:
            self._tell_error(error)
        else:
            self._app.tell(said, title=title)
        self._app.main.triggers.tick()
        from tui_live.ui.screens.clips import Clips

        for screen in self._app.screen_stack:
            if isinstance(screen, Clips):
                screen.tick()

    def _tell_error(self, error: TuiLiveError) -> None:
        self._app.tell(error.remedy or error.title, title=error.title if error.remedy else "", severity="error")
