"""The API about trending videos. It only reads: they are fetched in the console or by ``tui-live trends``."""

from __future__ import annotations

from aiohttp import web

from tui_live.core.times import iso
from tui_live.core.trends import TrendRun, Trouble
from tui_live.core.trends.facts import facts
from tui_live.core.trends.orders import ORDERS, ordered
from tui_live.web.answers import Refused, answer, decimal, number, text
from tui_live.web.source import Facts, Source

#: The most that one run fetches (``trends.limit``).
MOST = 1000
#: The most that a velocity may be asked for (``trends.min_velocity``).
FASTEST = 1e9


class Trends:
    """Handlers."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def trends(self, request: web.Request) -> web.Response:
        """What the last good run kept (``?limit=&min_velocity=&sort=``), and how the runs are going."""
        limit = number(request, "limit", 50, 1, MOST)
        least = decimal(request, "min_velocity", 0.0, FASTEST)
        order = text(request, "sort") or next(iter(ORDERS))
        if order not in ORDERS:
            raise Refused(400, "bad_parameter", f"sort is one of {', '.join(ORDERS)}")
        known = await self._source.trends.latest()
        found = ordered((trend for trend in known.trends if trend.story.velocity >= least), order)
        return answer(
            {
                "trends": [facts(trend) for trend in found[:limit]],
                "next": None,
                "found": len(found),
                "run": None if known.run is None else _run(known.run),
                "trouble": None if known.trouble is None else _trouble(known.trouble),
                "running": known.running,
                "watching": known.watching,
                "next_run": iso(known.next_ms) if known.next_ms else None,
            }
        )


def _run(run: TrendRun) -> Facts:
    return {
        "ended_at": iso(run.at_ms),
        "fetched": run.fetched,
        "kept": run.kept,
        "duplicates": run.duplicates,
        "dropped": dict(run.dropped),
        "problems": dict(run.problems),
    }


def _trouble(trouble: Trouble) -> Facts:
    return {"kind": trouble.kind.value, "reason": trouble.line, "remedy": trouble.remedy}
