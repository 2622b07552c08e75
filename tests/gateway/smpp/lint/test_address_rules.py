from __future__ import annotations

import pytest

from gateway.smpp.lint import address_rules
from gateway.smpp.lint.address_rules import ADDRESS_RULES
from gateway.smpp.lint.rules import Rule
from tests.gateway.smpp.lint.tables import check_rule, rules_of


def test_every_rule_of_the_file_is_in_its_table() -> None:
    assert rules_of(address_rules) == set(ADDRESS_RULES)


@pytest.mark.parametrize("rule", ADDRESS_RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_means_and_what_to_do(rule: Rule) -> None:
    check_rule(rule)
