"""Total, required comment and valid score: as a rule, in a member's packet and in the ledger."""

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.panel_review import fold_scores
from kjfp_helpers.panel_review.scoring import scoring_rules
from kjfp_helpers.panel_review.scoring.case_scores import CaseScores
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.selection import rank_cases
from support.rounds.panels_and_scores import case, events
from support.rule_cases.case_files import criteria_of, rubric_of, rule_cases, scores_of

CASE = case(unit="61")
SCORES = st.sampled_from([score / 2 for score in range(201)])
SHARES = st.lists(st.integers(1, 1000), min_size=1, max_size=6)


def packet_of(rubric, scores, comment=""):
    saved = CaseScores(scores=dict(scores), comment=comment, seq=1)
    return MemberPacket(
        member="E1",
        code="E1-0",
        rubric=rubric,
        cases={CASE.id: CASE},
        numbers={CASE.id: 1},
        scores={CASE.id: saved},
    )


def fold(rubric, scores, comment=""):
    body = ScoreGiven(member="E1", case=CASE.id, scores=scores, comment=comment)
    return fold_scores(events(body), rubric, [CASE])


@pytest.mark.parametrize("known", rule_cases("weighted_total"), ids=str)
def test_the_rule_the_packet_and_the_ledger_have_the_same_total(known):
    rubric, scores = rubric_of(known["weights"], step=0.001), scores_of(known["scores"])
    total = known["total"]
    assert scoring_rules.weighted_total(scores, rubric.team) == total
    packet = packet_of(rubric, scores)
    assert packet.total(CASE.id) == total and packet.is_complete(CASE.id) == (total is not None)
    tables = fold(rubric, scores)
    assert tables.totals["total"].tolist() == ([] if total is None else [total])
    assert len(tables.unfinished) == (total is None)
    if total is not None:
        assert scoring_rules.format_total(total) == known["shown"]


@pytest.mark.parametrize("known", rule_cases("lacks_comment"), ids=str)
def test_the_rule_and_the_packet_want_the_same_comments(known):
    rubric = rubric_of([0.5, 0.5], **known.get("scale", {}))
    scores, comment = scores_of(known["scores"]), known["comment"]
    assert scoring_rules.lacks_comment(scores, comment, rubric.scale) == known["lacks"]
    wanted = known["lacks"] and None not in known["scores"]
    assert packet_of(rubric, scores, comment).lacks_comment(CASE.id) == wanted


@pytest.mark.parametrize("known", rule_cases("valid_score"), ids=str)
def test_the_scale_and_the_ledger_take_the_same_scores(known):
    rubric = rubric_of([1.0], **known.get("scale", {}))
    assert rubric.scale.is_valid(known["score"]) == known["valid"]
    tables = fold(rubric, {"c0": known["score"]})
    assert (len(tables.totals), len(tables.excluded)) == (known["valid"], not known["valid"])


@given(st.data(), SHARES)
def test_the_total_is_exact_and_does_not_depend_on_the_order(data, shares):
    weights = [round(share / sum(shares), 6) for share in shares]
    scores = data.draw(st.lists(SCORES, min_size=len(weights), max_size=len(weights)))
    order = data.draw(st.permutations(range(len(weights))))
    total = scoring_rules.weighted_total(scores_of(scores), criteria_of(weights))
    exact = sum(
        Fraction(repr(weight)) * Fraction(score)
        for weight, score in zip(weights, scores, strict=True)
    )
    assert total == float(exact)
    mixed = criteria_of([weights[at] for at in order])
    assert total == scoring_rules.weighted_total(scores_of([scores[at] for at in order]), mixed)


@pytest.mark.parametrize("score", [None, math.nan, math.inf])
def test_what_is_no_number_is_a_missing_score(score):
    scores, criteria = {"c0": 80, "c1": score}, criteria_of([0.5, 0.5])
    assert scoring_rules.weighted_total(scores, criteria) is None
    assert [criterion.id for criterion in scoring_rules.missing_criteria(scores, criteria)] == [
        "c1"
    ]


def test_the_ranking_counts_the_totals_as_they_are_and_equal_ones_share_a_place():
    known = [one for one in rule_cases("weighted_total") if one["total"] is not None]
    totals = pd.DataFrame(
        {
            "member": "E1",
            "case": [f"T{at:02}-1" for at in range(len(known))],
            "total": [
                scoring_rules.weighted_total(scores_of(one["scores"]), criteria_of(one["weights"]))
                for one in known
            ],
        }
    )
    table = rank_cases(totals, seats=1, method="mean", quorum=1).table.set_index("case")
    assert table["mean"][totals["case"]].tolist() == [one["total"] for one in known]
    ranks = dict(zip(table["mean"], table["rank"], strict=True))
    assert all(
        ranks[value] == rank for value, rank in zip(table["mean"], table["rank"], strict=True)
    )
