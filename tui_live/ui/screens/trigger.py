"""A trigger rule to be edited, and tried while it is typed: on a sample, or on a recorded session."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.clips_backend import ClipBackend
from tui_live.ui.rule_form import COUNTED, KINDS, MATCHES, STATES, RuleForm, trouble_of
from tui_live.ui.widgets.choice_line import ChoiceLine

_HINT = "Enter keeps it   ↑ ↓ fields   F5 try on a session   Esc back"
#: Field, its name in the form, what stands there while nothing is typed, the kind of rule that has it ("": all).
_FIELDS = (
    ("kind", "looks for", "", ""),
    ("word", "text", "clip that", "word"),
    ("match", "found", "", "word"),
    ("coins", "coins", "of this many or more, a streak taken together", "gift"),
    ("of", "of", "", "rate"),
    ("times", "times", "as often as usual: 3", "rate"),
    ("streams", "streams", "all; or names: alice, bob", ""),
    ("cooldown", "pause", "seconds after a clip in which it saves no other", ""),
    ("per_user", "per person", "the same for one person", ""),
    ("state", "is", "", ""),
    ("sample", "try", "", ""),
)
_SAMPLES = {"word": "type a chat message to try it", "gift": "type a number of coins to try it"}
_CHOICES = {"kind": KINDS, "match": MATCHES, "of": COUNTED, "state": STATES}


class EditTrigger(ModalScreen[str | None]):
    """The form. ``keep`` takes the rule, returns what is to be told, and may refuse it; the dialog answers that."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "clips.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "keep", id="trigger.keep", tooltip="Keep the rule as it stands here"),
        Binding("up", "field(-1)", "field", show=False, id="trigger.up", tooltip="The field above"),
        Binding("down", "field(1)", "field", show=False, id="trigger.down", tooltip="The field below"),
        Binding("f5", "dry_run", "try", id="trigger.dry_run", tooltip="Try it on a recorded session"),
        Binding("escape", "cancel", "cancel", id="trigger.cancel", tooltip="Leave everything as it was"),
    ]
    HELP = (
        "What saves a clip. The sample at the end is tried while you type, and the line below says where it matches, "
        "or why it does not; for a gift, type coins. F5 plays the rule against what was recorded. Letters' case, "
        "full-width letters and how accents are composed do not matter."
    )

    def __init__(
        self,
        title: str,
        form: RuleForm,
        backend: ClipBackend,
        keep: Callable[[object], str],
        dry_run: Callable[[object, str], None],
        sample: str = "",
    ) -> None:
        """``dry_run`` is called with the rule and its title."""
        super().__init__()
        self._title, self._form, self._backend = title, form, backend
        self._keep, self._dry_run, self._sample = keep, dry_run, sample
        self._typed = not form.blank
        self._rows: dict[str, Horizontal] = {}
        self._fields: dict[str, Widget] = {}
        self._error = Static("", classes="dialog-error trigger-said", markup=False)
        self._answer = Static("", classes="trigger-said", markup=False)

    def compose(self) -> ComposeResult:
        """Title, a line for each field, what the sample says, what is wrong."""
        with VerticalScroll(classes="dialog -trigger", can_focus=False):
            yield Static(Content(drawn(self._title)), classes="dialog-title", markup=False)
            for name, label, hint, _ in _FIELDS:
                value = self._sample if name == "sample" else getattr(self._form, name)
                field: Widget
                if name in _CHOICES:
                    field = ChoiceLine(_CHOICES[name], value, id=f"trigger-{name}")
                else:
                    field = Input(value, placeholder=hint, id=f"trigger-{name}", compact=True, select_on_focus=False)
                self._fields[name] = field
                row = Horizontal(Static(label, classes="trigger-label", markup=False), field, classes="trigger-row")
                row.set_class(name == "sample", "-sample")
                self._rows[name] = row
                yield row
            yield self._answer
            yield self._error
            yield Static(Content(_HINT), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """At what is looked for."""
        self._show_fields()
        # At once, not at the next idle moment: an arrow that was typed together with the key that opened this.
        self.set_focus(self._main_field())
        self._try()

    def _main_field(self) -> Widget:
        return self._fields[{"gift": "coins", "rate": "times"}.get(self.form().kind, "word")]

    def form(self) -> RuleForm:
        """What the fields say now."""
        said = {
            name: field.value
            for name, field in self._fields.items()
            if name != "sample" and isinstance(field, Input | ChoiceLine)
        }
        return RuleForm(**said)

    def _show_fields(self) -> None:
        kind = self.form().kind
        for name, _, _, of in _FIELDS:
            self._rows[name].display = of in ("", kind)
        sample = self._fields["sample"]
        assert isinstance(sample, Input)
        # A spike shows in no sample; F5 finds it in what was recorded.
        self._rows["sample"].display = kind != "rate"
        sample.placeholder = _SAMPLES.get(kind, "")

    def _try(self) -> bool:
        """Say what is wrong with the rule, or what it makes of the sample; tell whether it can be used."""
        form, sample = self.form(), self._fields["sample"]
        assert isinstance(sample, Input)
        error = answer = ""
        if form.blank and not self._typed:
            answer = ""
        else:
            try:
                answer = self._backend.try_rule(form.wanted(), sample.value)
            except TuiLiveError as refused:
                error = trouble_of(refused)
        if not sample.value.strip() or form.kind == "rate":
            answer = ""
        matches = answer.startswith("matches")
        self._answer.update(Content(drawn(("✓ " if matches else "") + answer)))
        self._answer.set_class(matches, "-matches")
        self._error.update(Content(error))
        return not error

    @on(Input.Changed)
    @on(ChoiceLine.Chosen)
    def _changed(self, event: Input.Changed | ChoiceLine.Chosen) -> None:
        event.stop()
        self._typed = self._typed or not self.form().blank
        if event.control is self._fields["kind"]:
            self._show_fields()
        self._try()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Keep it, unless something is wrong with it."""
        self._typed = True
        if not self._try():
            return
        try:
            said = self._keep(self.form().wanted())
        except TuiLiveError as refused:
            self._error.update(Content(trouble_of(refused)))
        else:
            self.dismiss(said)

    def action_dry_run(self) -> None:
        """Try it on what was recorded."""
        self._typed = True
        if self._try():
            form = self.form()
            titles = {"gift": f"a gift of {form.coins} coins", "rate": f"{form.of} ×{form.times}"}
            self._dry_run(form.wanted(), titles.get(form.kind, f"“{form.word}”"))

    def action_field(self, step: int) -> None:
        """The next field that is shown, or the one before."""
        shown = [self._fields[name] for name, *_ in _FIELDS if self._rows[name].display]
        at = shown.index(self.focused if self.focused in shown else self._main_field())
        self.set_focus(shown[(at + step) % len(shown)])

    def action_cancel(self) -> None:
        """Nothing."""
        self.dismiss(None)
