"""A local stand-in for TikTok LIVE: the real protocol over real sockets, with seeded streams and faults on demand."""

from tui_live.simulator.scenario import SCENARIOS, At, Scenario, demo_streams, scenario_for
from tui_live.simulator.server import Simulator

__all__ = ["SCENARIOS", "At", "Scenario", "Simulator", "demo_streams", "scenario_for"]
