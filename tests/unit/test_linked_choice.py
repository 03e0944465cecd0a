"""Titles in narrow lists leave out what all networks share, and stay apart."""

from __future__ import annotations

from ui.widgets.linked_choice import own_titles

KNOWN = {"run": "Mine", "a": "Built in · Digits · Linear", "b": "Built in · Faces · Variational"}


def test_built_in_networks_are_named_without_their_origin_and_without_the_data_set_of_the_page() -> None:
    assert own_titles(KNOWN) == {"run": "Mine", "a": "Digits · Linear", "b": "Faces · Variational"}
    assert own_titles(KNOWN, "digits") == {"run": "Mine", "a": "Linear", "b": "Faces · Variational"}


def test_a_run_keeps_its_name_and_a_built_in_network_its_title_where_both_would_be_the_same() -> None:
    known = {**KNOWN, "run": "Digits · Linear"}
    assert own_titles(known) == {"run": "Digits · Linear", "a": KNOWN["a"], "b": "Faces · Variational"}
    assert own_titles({"run": "Digits · Mine"}, "digits") == {"run": "Digits · Mine"}
