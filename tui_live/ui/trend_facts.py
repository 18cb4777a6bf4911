"""Everything about a trending video as lines for a person: what it is, who made it, how fast it is, and its score."""

from __future__ import annotations

from tui_live.core.trends import Story, Trend
from tui_live.core.trends.choosing import age
from tui_live.core.trends.saying import author_of, counted
from tui_live.ui.format import clock, full, moment, sparkline
from tui_live.ui.session_facts import Fact

#: Cells of a curve, and of a part of the score.
_CURVE = 44
_BAR = 20


def fact_lines(trend: Trend, run_ms: int) -> list[Fact]:
    """All of it, in order; times are local. ``run_ms`` (UTC) is when the run was that these numbers are of."""
    return [*_what(trend, run_ms), Fact(), *_speed(trend), Fact(), *_score(trend.story)]


def _what(trend: Trend, run_ms: int) -> list[Fact]:
    video = trend.story.video
    verified = "✓ verified" if video.verified else "not verified"
    followers = counted(video.followers, "follower") if video.followers else "TikTok does not tell the followers"
    counts = (*((video.likes, "like"), (video.comments, "comment"), (video.shares, "share"), (video.views, "view")),)
    return [
        Fact("caption", video.caption or "(none)", "row--number" if video.caption else "row--reason"),
        Fact("author", f"{author_of(video)}   {verified}   {followers}"),
        Fact("posted", f"{moment(video.posted_ms)}, {age(video.posted_ms, run_ms)} before the run"),
        Fact("has", "   ".join(counted(count, what) for count, what in counts)),
        Fact("link", trend.url),
    ]


def _speed(trend: Trend) -> list[Fact]:
    now = _exact(trend.story.velocity)
    lines = [Fact("velocity", f"{now} a minute: likes, comments and shares since posting")]
    if trend.new:
        lines.append(Fact("", "+ new: kept by the last run and not by the one before", "state--live"))
    shown = trend.history[-_CURVE:]
    if len(shown) < 2:
        return [*lines, Fact("history", "one run had it; the next ones make a curve", "row--reason")]
    (first_ms, first), (last_ms, _) = shown[0], shown[-1]
    highest_ms, highest = max(trend.history, key=lambda point: point[1])
    return [
        *lines,
        Fact("history", sparkline(tuple(speed for _, speed in shown), len(shown)), "row--spark"),
        Fact("", f"{_exact(first)} at {_when(first_ms, last_ms)} → {now} at {clock(last_ms)}", "row--reason"),
        Fact("", f"highest {_exact(highest)} at {_when(highest_ms, last_ms)}", "row--reason"),
        Fact("", f"{counted(trend.runs, 'run')} of the last 14 days had it", "row--reason"),
    ]


def _exact(velocity: float) -> str:
    return full(round(velocity)) if velocity >= 10 else f"{velocity:.1f}"


def _when(time_ms: int, last_ms: int) -> str:
    """The time of day, with its date where that is another."""
    return clock(time_ms) if moment(time_ms)[:10] == moment(last_ms)[:10] else moment(time_ms)[:16]


def _score(story: Story) -> list[Fact]:
    parts = (
        ("velocity", story.velocity_part, "against trends.min_velocity"),
        ("credibility", story.credibility, "verified, followers"),
        ("relevance", story.relevance, "trends.keywords found"),
    )
    return [
        Fact("score", f"{story.score:.0f} of 100, made of", "board--score"),
        *(Fact(f"  {name}", f"{_bar(value)} {value:3.0f}  {what}", "row--number") for name, value, what in parts),
        Fact("why", story.reason),
    ]


def _bar(value: float) -> str:
    filled = round(max(0.0, min(value, 100.0)) / 100 * _BAR)
    return "━" * filled + "─" * (_BAR - filled)
