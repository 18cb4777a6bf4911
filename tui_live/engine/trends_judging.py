"""What a run of trending videos amounts to: its counts, the stories, and what stood in the way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import structs

from tui_live.config import Trends as Settings
from tui_live.core.trends import Chosen, Kind, Run, Scorer, Trend, Trends, Trouble, Weights, choose
from tui_live.core.trends.choosing import NO_TIME
from tui_live.core.trends.saying import counted

if TYPE_CHECKING:
    from tui_live.trends.outcome import Fetched


def judged(
    outcome: Fetched | Trouble, settings: Settings, started_ms: int, seconds: float
) -> tuple[Run, Chosen | None]:
    """What a run's outcome amounts to at its end, ``seconds`` after ``started_ms`` (UTC milliseconds)."""
    run = Run(started_ms=started_ms, seconds=seconds, wanted=settings.limit, min_velocity=settings.min_velocity)
    if isinstance(outcome, Trouble):
        return structs.replace(run, trouble=outcome), None
    scorer = Scorer(settings.min_velocity, settings.keywords, Weights.from_names(settings.weights))
    chosen = choose(outcome.videos, started_ms + round(seconds * 1000), settings.min_velocity, scorer)
    run = structs.replace(
        run,
        fetched=chosen.seen,
        kept=len(chosen.stories),
        duplicates=outcome.duplicates,
        dropped=chosen.dropped,
        problems=dict(Counter(outcome.unreadable) + Counter(chosen.problems)),
        trouble=outcome.cut_short,
    )
    if chosen.seen and not run.good and run.trouble is None:
        run = structs.replace(run, trouble=_timeless(chosen))
    return run, chosen


def _timeless(chosen: Chosen) -> Trouble:
    """The speed of no video is known: either TikTok tells the times otherwise than it did, or a clock is wrong."""
    if chosen.dropped.get(NO_TIME):
        line = f"None of the {counted(chosen.seen, 'video')} tells when it was posted"
        return Trouble(Kind.ODD, line, "try again later; if that stays, update TUI Live")
    line = f"By this machine's clock, none of the {counted(chosen.seen, 'video')} is posted yet"
    return Trouble(Kind.ODD, line, "set the clock")


def unwritten(known: Trends, run: Run, chosen: Chosen) -> tuple[Trend, ...]:
    """The stories as they are after a good run that the database did not take, the highest score first."""
    before = {trend.story.video.post_id: trend for trend in known.trends}
    trends = []
    for story in chosen.stories:
        earlier = before.pop(story.video.post_id, None)
        point = (story.video.seen_ms or run.shown.at_ms, story.velocity)
        new = earlier is None and known.run is not None
        history, runs = ((), 0) if earlier is None else (earlier.history, earlier.runs)
        trends.append(Trend(story, story.video.url, new, (*history, point), runs + 1))
    if not run.whole:
        trends += [structs.replace(trend, new=False) for trend in before.values()]
    return tuple(sorted(trends, key=lambda trend: (-trend.story.score, -trend.story.velocity)))
