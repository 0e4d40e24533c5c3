"""Methods are laid side by side only once the rules are frozen, and the ledger has who saw them."""

import pandas as pd
import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import MethodsCompared, RulesFrozen
from kjfp_helpers.panel_review.fields_of_work import fields_of_case, find_fields
from kjfp_helpers.state.panel.home_effects import tabulate_home_effects
from support.pages.widget_tree import button, on_screen, table_of
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score


@pytest.fixture
def session(tmp_path):
    session = open_round(tmp_path)
    score(session)
    return session


def test_a_comparison_is_recorded_before_it_is_seen(session):
    widget = panels.show_results(session)
    shown = table_of(widget, "各种方法的得分")
    assert shown not in list(on_screen(widget)) and not shown.describe()["rows"]
    heads = {column["title"] for column in table_of(widget, "名次").describe()["columns"]}
    assert "标准分" not in heads and "得分" in heads
    button(widget, "比较各种方法").click()
    assert session.ledger.events().bodies(MethodsCompared)[-1].digest == session.round.digest
    assert shown in list(on_screen(widget)) and shown.describe()["rows"]


def test_rules_that_are_not_frozen_are_not_compared(session, monkeypatch):
    monkeypatch.setattr(
        "kjfp_helpers.panels.pages.method_comparison.freeze_state", lambda *_: "changed"
    )
    widget = panels.show_results(session)
    button(widget, "比较各种方法").click()
    assert not session.ledger.events().has(MethodsCompared)
    assert session.ledger.events().has(RulesFrozen)


def test_a_home_effect_is_told_of_who_scored_cases_of_the_own_region(session):
    state = session.current_state()
    table = tabulate_home_effects(state, "team")
    regions = {row.member: row.region for row in state.round.panel}
    units = {case.id: state.round.unit_by_code[case.unit] for case in state.screening.cases}
    scores = state.scores.rankings["team"].scores
    at_home = scores[
        [
            regions[m] == units[c].region
            for m, c in zip(scores["member"], scores["case"], strict=True)
        ]
    ]
    pd.testing.assert_series_equal(
        table[table["home_n"] > 0].set_index("member")["home_n"],
        at_home.groupby("member").size(),
        check_names=False,
        check_dtype=False,
    )


def test_the_same_is_told_of_the_own_field_of_work_with_an_interval(session):
    state = session.current_state()
    table = tabulate_home_effects(state, "team").set_index("member")
    fields = {row.member: find_fields(row.field) for row in state.round.panel}
    cases = {case.id: fields_of_case(case) for case in state.screening.cases}
    scores = state.scores.rankings["team"].scores
    assert any(fields.values()) and any(cases.values())
    for member, own in scores.groupby("member"):
        is_own = [bool(fields[member] & cases[case]) for case in own["case"]]
        if any(is_own):
            row = table.loc[member]
            assert row["field_n"] == sum(is_own)
            if 2 <= sum(is_own) <= len(own) - 2:
                inside, outside = own["residual"][is_own], own["residual"][[not x for x in is_own]]
                assert row["field"] == pytest.approx(inside.mean() - outside.mean())
                assert row["field_low"] < row["field"] < row["field_high"]
