"""The page's own rules, applied while a member types: the same as those of the ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.panel_review.scoring.scoring_rules import format_total, weighted_total
from kjfp_helpers.panels.scoring.page_data import scale_data
from support.pages.page_modules import PageModules
from support.rule_cases.case_files import criteria_of, rubric_of, rule_cases, scores_of

pytestmark = pytest.mark.node

PACKET = 'import { Packet } from "./data/packet.js";'
RULES = 'import { formatTotal } from "./data/scoringRules.js";'
SCALE = 'import { Scale } from "./data/scale.js";'


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return PageModules(tmp_path_factory.mktemp("page") / "page")


def welcome(rubric, scores, comment=""):
    """Return what the kernel sends of a packet of one case."""
    item = {"key": "1", "kind": "team", "answers": scores_of(scores), "comment": comment}
    questions = [
        {"id": criterion.id, "title": criterion.title, "weight": criterion.weight}
        for criterion in rubric.team
    ]
    return {"cases": [item], "questions": {"team": questions}, "scale": scale_data(rubric.scale)}


def test_the_page_has_the_same_totals(page):
    known = rule_cases("weighted_total")
    packets = [welcome(rubric_of(case["weights"]), case["scores"]) for case in known]
    show = """(data) => {
      const packet = new Packet(data);
      const total = packet.total(packet.items[0]);
      return { total, shown: total === null ? null : formatTotal(total) };
    }"""
    shown = page.map(f"{PACKET}\n{RULES}", show, packets)
    assert shown == [{"total": case["total"], "shown": case["shown"]} for case in known]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 1000)), min_size=1, max_size=6),
        min_size=1,
        max_size=100,
    )
)
@settings(max_examples=10, deadline=None)
def test_any_total_is_the_same_to_the_last_bit(page, rows):
    weights = [[weight / 10**6 for weight, _ in row] for row in rows]
    scores = [[score / 10 for _, score in row] for row in rows]
    packets = [welcome(rubric_of(some), given) for some, given in zip(weights, scores, strict=True)]
    show = "(data) => { const p = new Packet(data); return p.total(p.items[0]); }"
    totals = page.map(PACKET, show, packets)
    assert totals == [
        weighted_total(scores_of(given), criteria_of(some))
        for some, given in zip(weights, scores, strict=True)
    ]
    assert page.map(RULES, "formatTotal", totals) == [format_total(total) for total in totals]


def test_the_page_wants_the_same_comments(page):
    known = rule_cases("lacks_comment")
    packets = [
        welcome(rubric_of([0.5, 0.5], **case.get("scale", {})), case["scores"], case["comment"])
        for case in known
    ]
    lacks = "(data) => { const p = new Packet(data); return p.unexplained(p.items[0]).length > 0; }"
    assert page.map(PACKET, lacks, packets) == [case["lacks"] for case in known]


def test_the_page_takes_the_same_scores(page):
    known = rule_cases("valid_score")
    typed = [
        [scale_data(rubric_of([1.0], **case.get("scale", {})).scale), str(case["score"])]
        for case in known
    ]
    takes = "([scale, text]) => new Scale(scale).parse(text) !== null"
    assert page.map(SCALE, takes, typed) == [case["valid"] for case in known]
