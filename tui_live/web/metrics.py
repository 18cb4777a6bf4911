"""``/metrics`` for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tui_live.core.clips import ClipState
from tui_live.core.status import State
from tui_live.web.hub import PAGES, Hub
from tui_live.web.source import Source

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Readings(Collector):
    """Reads everything at the moment it is asked for."""

    def __init__(self, source: Source, hub: Hub, clips: Mapping[ClipState, int]) -> None:
        self._source = source
        self._hub = hub
        self._clips = clips

    def collect(self) -> Iterator[Metric]:
        """All readings."""
        yield from self._program()
        yield from self._replays()
        yield from self._streams()

    def _program(self) -> Iterator[Metric]:
        health = self._source.health()
        yield _gauge("events_per_second", "Events of all streams, in the last seconds", health.events_per_second)
        yield _gauge("backlog_events", "Events that wait for the database", health.backlog)
        yield _gauge("database_bytes", "Size of the database", health.database_bytes)
        yield _gauge("recorder_trouble", "1 while the database cannot be written", float(bool(health.trouble)))
        yield CounterMetricFamily("tui_live_events_dropped", "Events that could not be written", health.dropped)
        pages = GaugeMetricFamily("tui_live_pages", "Overlay pages that are connected", labels=["page"])
        connected = [view.page for view in self._hub.pages()]
        for page in PAGES:
            pages.add_metric([page], connected.count(page))
        yield pages

    def _replays(self) -> Iterator[Metric]:
        ready = float(self._source.clips.obs.ready)
        yield _gauge("obs_ready", "1 while OBS's replay buffer can be saved", ready)
        if self._clips:
            clips = GaugeMetricFamily("tui_live_clips", "Clips in the ledger", labels=["state"])
            for state in ClipState:
                clips.add_metric([state.value], self._clips.get(state, 0))
            yield clips

    def _streams(self) -> Iterator[Metric]:
        state = GaugeMetricFamily("tui_live_stream_state", "1 for the state a stream is in", labels=["stream", "state"])
        sums = {
            name: GaugeMetricFamily(f"tui_live_session_{name}", f"{said}, of the present session", labels=["stream"])
            for name, said in (
                ("events", "Messages"),
                ("coins", "Coins of gifts to the host"),
                ("likes", "Likes that came with a name"),
                ("room_likes", "Likes as TikTok counts them"),
                ("viewers", "Viewers now"),
                ("gaps", "Intervals without a connection"),
                ("duplicates", "Messages that came more than once"),
                ("undecodable", "Messages that could not be read"),
            )
        }
        for view in self._source.streams():
            for each in State:
                state.add_metric([view.name, each.value], float(view.standing.state is each))
            for name, metric in sums.items():
                metric.add_metric([view.name], getattr(view, name))
        yield state
        yield from sums.values()


def render(source: Source, hub: Hub, clips: Mapping[ClipState, int]) -> bytes:
    """All readings in Prometheus' text format; ``clips`` counts them by state."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Readings(source, hub, clips))
    return generate_latest(registry)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tui_live_{name}", said, value)
