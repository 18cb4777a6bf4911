"""One trigger rule as a row of segments, at any width: mark, label, cooldown and matches stay longest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment

from tui_live.core.text import drawn
from tui_live.ui.format import fit, full, short, span
from tui_live.ui.log_line import Pen

if TYPE_CHECKING:
    from tui_live.core.triggers import Rule, RuleView

#: Columns behind the label in the order in which they are left out, the last first, and their cells.
_ORDER = ("matches", "cooldown", "kind", "suppressed", "streams")
_CELLS = {"kind": 5, "streams": 16, "matches": 5, "suppressed": 5, "cooldown": 6}
_TITLES = {"matches": "hits", "suppressed": "held", "cooldown": "next"}
_SEQUENCE = ("kind", "streams", "matches", "suppressed", "cooldown")
_RIGHT = frozenset({"matches", "suppressed", "cooldown"})
#: A label gives no more than this to columns that may be left out; what is left then belongs to the last clip.
_LABEL, _LONGEST_LABEL, _CLIP = 15, 32, 8
_KINDS = {"substring": "text", "word": "word", "regex": "regex"}


class TriggerColumns(NamedTuple):
    """Cells of the label, of each column that is shown in the order on the screen, and of the last clip (0: none)."""

    width: int
    label: int
    shown: tuple[tuple[str, int], ...]
    clip: int

    @classmethod
    def for_width(cls, width: int) -> TriggerColumns:
        """Columns for a list ``width`` cells wide."""
        left = width - 3 - _LABEL
        shown: set[str] = set()
        for column in _ORDER:
            # The last clip stands behind cooldown and matches in importance, before everything else.
            kept = _CLIP + 2 if len(shown) >= 2 else 0
            if left - _CELLS[column] - 1 < kept:
                break
            shown.add(column)
            left -= _CELLS[column] + 1
        clip = max(0, left - 2) if left - 2 >= _CLIP else 0
        label = _LABEL + (left if not clip else 0)
        if clip > 2 * _LABEL:
            more = min(_LONGEST_LABEL - _LABEL, clip // 3)
            label, clip = label + more, clip - more
        columns = tuple((column, _CELLS[column]) for column in _SEQUENCE if column in shown)
        return cls(width, max(4, label), columns, clip)


def label_of(rule: Rule) -> str:
    """What the rule looks for, in short."""
    if rule.kind == "gift":
        return f"gift ≥ {full(rule.coins)}"
    return f"{rule.of}-rate ×{rule.times:g}" if rule.kind == "rate" else rule.word


def kind_of(rule: Rule) -> str:
    """How it looks: ``text`` anywhere in a message, a ``word``, a ``regex``, or ``gift`` or ``rate``."""
    return _KINDS[rule.match] if rule.kind == "word" else rule.kind


def header(columns: TriggerColumns) -> str:
    """Names of the columns."""
    text = "   " + fit("trigger", columns.label)
    text += "".join(" " + fit(_TITLES.get(name, name), cells, right=name in _RIGHT) for name, cells in columns.shown)
    return fit(text + ("  last clip" if columns.clip else ""), columns.width)


def draw_row(view: RuleView, columns: TriggerColumns, pen: Pen, marker: str) -> list[Segment]:
    """The row of a rule; one that is off is quiet, one that cannot be used says why."""
    rule = view.rule
    mark, tone = ("●", "state--live") if rule.enabled else ("○", "state--idle")
    if view.trouble:
        mark, tone = "✕", "state--error"
    named = "row--number" if rule.enabled and not view.trouble else "row--reason"
    segments = [
        Segment(marker, pen("row--number")),
        Segment(mark + " ", pen(tone)),
        Segment(fit(drawn(label_of(rule)[: columns.label * 4]), columns.label), pen(named)),
    ]
    for column, cells in columns.shown:
        text, name = _cell(view, column, cells)
        segments.append(Segment(" " + fit(text, cells, right=column in _RIGHT), pen(name)))
    if columns.clip:
        said = view.trouble or view.last_clip or ("" if rule.enabled else "off")
        tone = "row--alert" if view.trouble else "row--reason"
        segments.append(Segment("  " + fit(drawn(said[: columns.clip * 4]), columns.clip), pen(tone)))
    return segments


def _cell(view: RuleView, column: str, cells: int) -> tuple[str, str]:
    """A column's text and its pen."""
    rule = view.rule
    if column == "matches":
        return (short(view.matches) if view.matches else "-"), "row--number" if view.matches else "row--reason"
    if column == "suppressed":
        return (short(view.suppressed) if view.suppressed else "-"), "row--reason"
    if column == "kind":
        return kind_of(rule), "row--reason"
    if column == "streams":
        return drawn(", ".join(rule.streams)[: cells * 4]) or "all", "row--reason"
    if not rule.enabled or view.trouble:
        return "off", "row--reason"
    return (span(view.cooldown_s)[-cells:], "row--spark") if view.cooldown_s > 0 else ("ready", "row--reason")
