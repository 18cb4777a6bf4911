"""What ``tui-live rescore`` says on a terminal, or as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from tui_live.core.counts import several
from tui_live.core.scoring import Rules
from tui_live.core.text import drawn
from tui_live.store.rescore import Difference, Points, Rescored, rescore

#: So many differences are shown; JSON has all.
_SHOWN = 20


def run_rescore(path: Path, key: str, rules: Rules, write: bool, as_json: bool) -> None:
    """Count a session again, with a progress bar where standard error is a terminal, and print what differs.

    Raises ``TuiLiveError``; exits with 130 when it was interrupted.
    """
    bar: Any = None

    def progress(share: float) -> None:
        nonlocal bar
        if bar is None and sys.stderr.isatty():
            bar = click.progressbar(length=1000, label="rescoring", file=sys.stderr)
            bar.render_progress()
        if bar is not None:
            bar.update(round(share * 1000) - bar.pos)

    def finish() -> None:
        nonlocal bar
        if bar is not None:
            bar.render_finish()
        bar = None

    def told(result: Rescored) -> None:
        finish()
        if not as_json:
            click.echo(describe(result))

    try:
        result = asyncio.run(rescore(path, key, rules, write=write, told=told, progress=progress))
    except KeyboardInterrupt:
        finish()
        click.echo("tui-live: interrupted — nothing was changed", err=True)
        sys.exit(130)
    finally:
        finish()
    if as_json:
        click.echo(json.dumps(facts(result, write), indent=2, ensure_ascii=False))
    elif result:
        click.echo("Written." if write else "Nothing was changed; --apply keeps these scores.")


def describe(result: Rescored) -> str:
    """The differences as lines: who, before → after."""
    session = result.session
    sums = f"{several(session.totals.events, 'event')}, {several(result.people, 'person', 'people')}"
    lines = [f"Session {session.id} of @{session.streamer}: {sums}"]
    if not result:
        return "\n".join([*lines, "No differences."])
    rows = [_row(difference) for difference in result.differences[:_SHOWN]]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for was, now, change, who in rows:
        lines.append(f"{was:>{widths[0]}} → {now:<{widths[1]}}  {change:>{widths[2]}}  {who}")
    more = len(result.differences) - len(rows)
    if more:
        lines.append(f"and {more:,} more")
    if result.reordered:
        lines.append("People with equal points came in another order.")
    if result.repaired:
        lines.append("What is there cannot be read.")
    before, after = result.before, result.after
    lines.append(
        f"{len(result.differences):,} differences; all points {_shown(before.present)} → {_shown(after.present)},"
        f" used ones {_shown(before.used)} → {_shown(after.used)}"
    )
    return "\n".join(lines)


def facts(result: Rescored, written: bool) -> dict[str, Any]:
    """The result as JSON: all differences, points as numbers, null for who is not on the leaderboard."""
    return {
        "session_id": result.session.id,
        "streamer_username": result.session.streamer,
        "total_events": result.session.totals.events,
        "total_users": result.people,
        "points": {"before": _number(result.before), "after": _number(result.after)},
        "used_points": {"before": _number_used(result.before), "after": _number_used(result.after)},
        "differences": [
            {
                "user_id": each.person.user_id,
                "username": each.person.handle,
                "nickname": each.person.nickname,
                "points": {"before": _number(each.before), "after": _number(each.after)},
                "used_points": {"before": _number_used(each.before), "after": _number_used(each.after)},
            }
            for each in result.differences
        ],
        "reordered": result.reordered,
        "applied": written and bool(result),
    }


def _row(difference: Difference) -> tuple[str, str, str, str]:
    person, before, after = difference.person, difference.before, difference.after
    who = f"@{person.handle}" if person.handle else person.shown_name
    if person.nickname and person.handle:
        who += f" ({person.nickname})"
    change = difference.change
    used_before, used_after = (before or Points()).used, (after or Points()).used
    if used_before != used_after:
        who += f", used {_shown(used_before)} → {_shown(used_after)}"
    sign = "+" if change > 0 else "-" if change else "±"
    return (
        _shown(before.present) if before else "-",
        _shown(after.present) if after else "-",
        f"{sign}{_shown(abs(change))}",
        drawn(who, rightmost=True),
    )


def _shown(points: Fraction) -> str:
    """Points with as many places as tell them apart; the leaderboard rounds up."""
    if points.denominator == 1:
        return f"{points.numerator:,}"
    return f"{float(points):,.4f}".rstrip("0") if points > Fraction(1, 10_000) else f"{float(points):.1e}"


def _number(points: Points | None) -> float | None:
    return None if points is None else float(points.present)


def _number_used(points: Points | None) -> float | None:
    return None if points is None else float(points.used)
