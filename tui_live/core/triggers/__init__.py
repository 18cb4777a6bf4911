"""What saves a clip: words in the chat, dear gifts, spikes (SPEC §8). Pure rules, no I/O."""

from tui_live.core.triggers.rule import Kind, Match, Matching, Rule, RuleView

__all__ = ["Kind", "Match", "Matching", "Rule", "RuleView"]
