"""The plots of a report: something over the time of a session, and bars over hours, days or sessions."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import NamedTuple

from tui_live.core.engagement.figures import Plot
from tui_live.core.past import Gap
from tui_live.report.drawing import Drawing
from tui_live.report.markup import Markup
from tui_live.report.svg import PENS
from tui_live.report.words import Clock, figure, short

#: More steps than this cannot be told apart on paper.
_MOST_STEPS = 380
#: Of a step of which less was observed, a rate would be noise.
_LEAST_OBSERVED = 0.25
_TICKS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400)
_MOST_LABELS = 32
#: Wider bars look like areas; in units of the drawing.
_WIDEST = 72


class Series(NamedTuple):
    """Values over time: each holds for ``step_s`` seconds, the first from ``start_ms`` on; ``None`` is a gap."""

    start_ms: int
    step_s: int
    values: list[float | None]

    @property
    def end_ms(self) -> int:
        """When the last step ends."""
        return self.start_ms + len(self.values) * self.step_s * 1000

    @property
    def known(self) -> list[float]:
        """The values without gaps."""
        return [value for value in self.values if value is not None]


class Mark(NamedTuple):
    """A moment that is pointed out, with a short text."""

    time_ms: int
    text: str


def rates(plot: Plot, per_s: int = 60) -> Series:
    """Counts as so many per minute (or per ``per_s`` seconds) of observed time, in steps wide enough to be seen."""
    width = max(1, -(-len(plot.counts) // _MOST_STEPS))
    values: list[float | None] = []
    for at in range(0, len(plot.counts), width):
        observed = sum(plot.observed_s[at : at + width])
        enough = observed >= plot.step_s * len(plot.counts[at : at + width]) * _LEAST_OBSERVED
        values.append(sum(plot.counts[at : at + width]) * per_s / observed if enough and observed else None)
    return Series(plot.start_ms, plot.step_s * width, values)


def levels(values: Sequence[float | None], plot: Plot) -> Series:
    """Levels in the steps of ``plot``, as means of steps wide enough to be seen."""
    width = max(1, -(-len(values) // _MOST_STEPS))
    means: list[float | None] = []
    for at in range(0, len(values), width):
        known = [value for value in values[at : at + width] if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return Series(plot.start_ms, plot.step_s * width, means)


def over_time(
    key: str,
    title: str,
    series: Series,
    clock: Clock,
    pen: str,
    gaps: Sequence[Gap] = (),
    marks: Sequence[Mark] = (),
    bands: Sequence[tuple[int, int]] = (),
) -> Markup | None:
    """One series over local time, gaps shaded, marks above, ``bands`` behind; ``None`` when there is too little."""
    if len(series.known) < 2:
        return None
    drawing = Drawing()
    axes = drawing.axes
    highest = max(series.known)
    start, end = series.start_ms, series.end_ms
    edges = [at * series.step_s / 60 for at in range(len(series.values) + 1)]
    values = [nan if value is None else value for value in series.values]
    axes.set_xlim(0, edges[-1])
    drawing.scale(highest)
    for begin_ms, end_ms in bands:
        axes.axvspan(_minutes(begin_ms, start), _minutes(end_ms, start), color=PENS["viral"], linewidth=0)
    _shade(drawing, gaps, start, end)
    axes.stairs(values, edges, fill=True, color=PENS[pen], alpha=0.18, linewidth=0)
    axes.stairs(values, edges, baseline=None, color=PENS[pen], linewidth=1.6)
    _times(drawing, start, end, clock)
    _marks(drawing, marks, start, end)
    described = f"From {clock.time(start)} to {clock.time(end)}, highest {figure(highest)}"
    if marks:
        described += ", marked: " + ", ".join(f"{clock.time(mark.time_ms)} ({mark.text})" for mark in marks[:10])
    if gaps:
        described += f", gaps: {len(gaps)}"
    return drawing.svg(key, title, described)


def bars(
    key: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    pen: str,
    dots: tuple[str, Sequence[float | None]] | None = None,
) -> Markup | None:
    """One bar a label, and a dot where a second value is told (its name and the values); ``None`` without a value."""
    known = [value for value in (*values, *(dots[1] if dots else ())) if value is not None]
    if not known:
        return None
    drawing = Drawing()
    axes = drawing.axes
    axes.set_xlim(-0.6, len(labels) - 0.4)
    drawing.scale(max(known))
    width = min(0.66, _WIDEST * (len(labels) + 0.2) / drawing.breadth)
    heights = [(at, value) for at, value in enumerate(values) if value is not None]
    axes.bar([at for at, _ in heights], [value for _, value in heights], width=width, color=PENS[pen])
    if dots is not None:
        points = [(at, value) for at, value in enumerate(dots[1]) if value is not None]
        axes.plot(
            [at for at, _ in points],
            [value for _, value in points],
            color=PENS["ink"],
            marker="o",
            markersize=5,
            linewidth=1.2,
        )
    every = -(-len(labels) * max(map(len, labels), default=1) * 7 // drawing.breadth)
    shown = range(0, len(labels), max(1, every))
    axes.set_xticks(list(shown), [labels[at] for at in shown])
    axes.tick_params(axis="x", length=0)
    if len(heights) <= _MOST_LABELS and dots is None:
        for at, value in heights:
            axes.annotate(
                short(value),
                (at, value),
                (0, 3),
                textcoords="offset points",
                ha="center",
                color=PENS["soft"],
                fontsize=10,
            )
    told = ", ".join(f"{label}: {figure(value)}" for label, value in zip(labels, values, strict=True))
    return drawing.svg(key, title, told)


def _shade(drawing: Drawing, gaps: Sequence[Gap], start: int, end: int) -> None:
    for gap in gaps:
        begin, over = max(gap.start_ms, start), min(gap.end_ms, end)
        if begin >= over:
            continue
        low, high = _minutes(begin, start), _minutes(over, start)
        drawing.axes.axvspan(low, high, color=PENS["gap"], linewidth=0)
        if (over - begin) / (end - start) * drawing.breadth > 30:
            drawing.axes.annotate(
                "gap",
                ((low + high) / 2, 1),
                (0, -12),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                color=PENS["soft"],
                fontsize=10,
            )


def _marks(drawing: Drawing, marks: Sequence[Mark], start: int, end: int) -> None:
    """Each has a line and a sign; texts only where they do not touch."""
    written = -1e9
    for mark in sorted(mark for mark in marks if start <= mark.time_ms <= end):
        at = _minutes(mark.time_ms, start)
        place = at / _minutes(end, start) * drawing.breadth
        drawing.axes.axvline(at, color=PENS["mark"], linewidth=1, dashes=(2, 3))
        drawing.axes.plot(
            [at],
            [1.0],
            marker="v",
            markersize=7,
            color=PENS["mark"],
            transform=drawing.axes.get_xaxis_transform(),
            clip_on=False,
            linestyle="none",
        )
        wide = 10 + 7 * len(mark.text)
        left = place + wide > drawing.breadth
        if (place - wide if left else place) - written > 6:
            written = place if left else place + wide
            drawing.axes.annotate(
                mark.text,
                (at, 1),
                (-7 if left else 7, 1),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="right" if left else "left",
                color=PENS["ink"],
                fontsize=10,
            )


def _times(drawing: Drawing, start: int, end: int, clock: Clock) -> None:
    """Local times at round minutes, at most nine; midnight is named by its date."""
    minutes = _minutes(end, start)
    every = next((step for step in _TICKS_MIN if minutes / step <= 9), _TICKS_MIN[-1])
    first = clock.at(start)
    into = first.hour * 60 + first.minute + first.second / 60
    at = (-into) % every
    ticks, labels = [], []
    while at <= minutes:
        time_ms = start + round(at * 60_000)
        local = clock.at(time_ms)
        ticks.append(at)
        labels.append(clock.day(time_ms) if every >= 1440 or (local.hour == local.minute == 0) else f"{local:%H:%M}")
        at += every
        # Round ones stay round where the clock is set forward or back.
        local = clock.at(start + round(at * 60_000))
        off = (local.hour * 60 + local.minute + local.second / 60) % min(every, 1440)
        at += -off if off < every / 2 else min(every, 1440) - off
    drawing.axes.set_xticks(ticks, labels)


def _minutes(time_ms: int, start_ms: int) -> float:
    return (time_ms - start_ms) / 60_000
