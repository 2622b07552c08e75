from __future__ import annotations

import pytest

from gateway.smpp.lint import message_rules
from gateway.smpp.lint.message_rules import MESSAGE_RULES
from gateway.smpp.lint.rules import Rule
from tests.gateway.smpp.lint.tables import check_rule, rules_of


def test_every_rule_of_the_file_is_in_its_table() -> None:
    assert rules_of(message_rules) == set(MESSAGE_RULES)


@pytest.mark.parametrize("rule", MESSAGE_RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_means_and_what_to_do(rule: Rule) -> None:
    check_rule(rule)
