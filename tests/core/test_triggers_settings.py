"""A rule in the settings and the rule at work are the same, and are refused with the same words."""

from __future__ import annotations

import pytest

from tui_live.config import Trigger
from tui_live.config.rulebook import Rate
from tui_live.core.triggers import Rule, try_rule


@pytest.mark.parametrize(
    ("trigger", "rule"),
    [
        (Trigger(word="clip"), Rule(number=4, word="clip")),
        (
            Trigger(word="c.ip", match="regex", streams=("bob",), cooldown_seconds=3.0, per_user_cooldown_seconds=60.0),
            Rule(number=4, word="c.ip", match="regex", streams=("bob",), cooldown_s=3.0, per_user_cooldown_s=60.0),
        ),
        (Trigger(gift_coins=1000, enabled=False), Rule(number=4, kind="gift", coins=1000, enabled=False)),
        (Trigger(rate=Rate(of="share", times=4.0)), Rule(number=4, kind="rate", of="share", times=4.0)),
    ],
)
def test_a_setting_becomes_a_rule_and_a_rule_a_setting(trigger, rule) -> None:
    assert trigger.checked() == ""
    assert trigger.rule(4) == rule
    assert Trigger.of(rule) == trigger


def test_a_disabled_rule_is_written_as_such() -> None:
    assert Trigger(word="hype", enabled=False).plain() == {"word": "hype", "enabled": False}


def test_settings_and_console_refuse_the_same_expressions() -> None:
    trigger = Trigger(word="(a+)+$", match="regex")
    reason = "a repeat inside a repeat is too slow"
    assert trigger.checked() == f"a regular expression that can be used ({reason})"
    assert reason in try_rule(trigger.rule(1), "aaaa").why
