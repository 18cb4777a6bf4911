"""What saves a clip: words in the chat, dear gifts, spikes (SPEC §8). Pure rules, no I/O."""

from tui_live.core.triggers.rule import Kind, Match, Matching, Rule, RuleView
from tui_live.core.triggers.trial import DryRun, Trial, try_rule
from tui_live.core.triggers.watch import Triggers

__all__ = ["DryRun", "Kind", "Match", "Matching", "Rule", "RuleView", "Trial", "Triggers", "try_rule"]
