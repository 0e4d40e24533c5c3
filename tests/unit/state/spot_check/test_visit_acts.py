"""Acts of the spot check: refused where something is missing, and each taken back by another."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import KjfpError, NotReadyError, ParameterError
from kjfp_helpers.core.events import Event, EventLog
from kjfp_helpers.notice.spot_check import fold_spot_check, found_figures, unit_result
from kjfp_helpers.notice.spot_check.visit_findings import TOO_FEW, is_beyond
from kjfp_helpers.reports.data.checks.spot_check_data import build_check_overview
from kjfp_helpers.reports.office.spot_check.check_documents import write_spot_check_documents
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.revocations import make_revocation
from kjfp_helpers.state.secretary.publication_gates import list_gates
from kjfp_helpers.state.spot_check import lot_acts, visit_acts
from support.spot_check_round import DAY, TEAM, TWO, VISIT, draw_round

AT = datetime(2020, 9, 1, 9, tzinfo=UTC)
WHY = {"reason": "见材料", "document": "纪要1号", "by": TWO}
TODAY = date(2020, 9, 3)


class Check:
    """A drawn round in memory, to which acts are added."""

    def __init__(self, session):
        self.rules, self.intake = session.round, session.load_intake()
        self.events = list(session.events())

    def add(self, *bodies):
        for body in bodies:
            self.events.append(Event(seq=len(self.events) + 1, at=AT, actor="秘书", body=body))
        return self

    @property
    def state(self):
        return derive_state(self.rules, self.intake, self.events)

    def facts(self):
        """What the check comes to, without numbers of the ledger."""
        check = self.state.spot_check
        visits = [
            (
                code,
                one.how,
                one.state,
                one.plan,
                sorted((key, value.value) for key, value in one.values.items()),
                [(f.id, f.text, f.reply, f.decision) for f in one.findings],
            )
            for code, one in check.visits.items()
        ]
        return check.frame, check.lot, visits, check.closed and check.closed.body


@pytest.fixture
def check(tmp_path):
    return Check(draw_round(tmp_path))


@pytest.fixture
def unit(check):
    """A unit of the lot that has nominees."""
    units = check.state.spot_check.lot.units
    named = {case.unit for case in check.state.screening.cases}
    return next(code for code in units if code in named)


def brought(unit, **values):
    keyed = {key.replace("_", "."): value for key, value in values.items()}
    figures = {"people": (100.0, 200.0), "assoc": (4.0, 5.0)}
    return (
        kinds.VisitFormIssued(
            unit=unit, checker=TEAM[0][0], day=VISIT, figures=figures, cases=(), path="f", sha256=""
        ),
        kinds.VisitFormImported(
            unit=unit, checker=TEAM[0][0], values=keyed, photos={}, file="f.xlsx", sha256=""
        ),
    )


def with_finding(check, unit):
    sample = {"people_sampled": 24.0, "people_wrong": 3.0}
    found = {"people_found": 150.0, "assoc_found": 5.0, "visit_day": VISIT}
    return check.add(*brought(unit, **found, **sample))


def decide(check, unit, ruling="confirmed", **told):
    return visit_acts.make_decision(
        check.state, unit=unit, finding="people", ruling=ruling, today=TODAY, **(WHY | told)
    )


def reply(check, unit, text="重复计入"):
    return visit_acts.make_reply(
        check.state, unit=unit, finding="people", day="2020-09-02", reply=text
    )


def test_difference_share_threshold_and_interval_are_those_of_the_rules(check, unit):
    with_finding(check, unit)
    visit = check.state.spot_check.visits[unit]
    people = next(one for one in visit.comparisons if one.name == "people")
    assert (people.difference, people.share, people.beyond) == (-50, -0.25, True)
    assert "95%区间" in people.error_text
    few = replace(people, sampled=10)
    assert few.interval is None and TOO_FEW in few.error_text
    assert not is_beyond(200, 190, 0.05) and is_beyond(200, 189.9, 0.05)
    figure = next(one for one in found_figures(check.state.spot_check) if one.value == 150)
    assert (figure.unit, figure.indicator, figure.value) == (unit, "people", 150)
    assert unit_result(check.state.spot_check, unit).state == "问题未办结"
    assert unit_result(check.state.spot_check, "99") is None


def test_a_finding_waits_for_a_reply_and_blocks_until_it_is_decided(check, unit):
    with_finding(check, unit)
    gate = next(one for one in list_gates(check.state) if one.key == "spot_check")
    assert unit in gate.open and gate.blocks
    with pytest.raises(NotReadyError, match="单位"):
        decide(check, unit)
    with pytest.raises(ParameterError, match="两名"):
        decide(check, unit, "waived", by=("甲",))
    check.add(reply(check, unit))
    check.add(decide(check, unit))
    assert check.state.spot_check.visits[unit].state == "已办结"
    gate = next(one for one in list_gates(check.state) if one.key == "spot_check")
    assert unit not in gate.open


@pytest.mark.parametrize(
    ("ruling", "code"),
    [("serious", "spot_check_veto"), ("confirmed", "spot_check_noted"), ("dismissed", "")],
)
def test_a_decision_bars_notes_or_clears_the_units_nominees_by_rule(check, unit, ruling, code):
    with_finding(check, unit)
    check.add(reply(check, unit))
    check.add(decide(check, unit, ruling))
    found = {
        one.case: one.code
        for one in check.state.screening.findings
        if one.code.startswith("spot_check")
    }
    cases = {case.id for case in check.state.screening.cases if case.unit == unit}
    assert found == (dict.fromkeys(cases, code) if code else {})
    vetoed = check.state.screening.rule_vetoes
    assert set(vetoed) == (cases if ruling == "serious" else set())


def test_other_figures_after_a_decision_open_the_finding_again(check, unit):
    with_finding(check, unit)
    check.add(reply(check, unit))
    check.add(decide(check, unit))
    check.add(brought(unit, people_found=140.0)[1])
    assert check.state.spot_check.visits[unit].state == "问题未办结"


def test_a_form_issued_again_with_corrected_figures_changes_no_finding(check, unit):
    with_finding(check, unit)
    check.add(reply(check, unit))
    check.add(decide(check, unit, "serious"))
    again = replace(brought(unit)[0], figures={"people": (100.0, 150.0)})
    check.add(again)
    (finding,) = check.state.spot_check.visits[unit].findings
    assert finding.decision and check.state.screening.rule_vetoes


def test_what_a_decided_finding_rests_on_is_not_withdrawn(check, unit):
    with_finding(check, unit)
    imported = len(check.events)
    check.add(reply(check, unit))
    check.add(decide(check, unit))
    with pytest.raises(NotReadyError, match=f"先撤销台账第{len(check.events)}条决定"):
        visit_acts.make_import_withdrawal(check.state, imported=imported, reason="交错了")
    check.add(make_revocation(check.events, len(check.events), **WHY))
    assert visit_acts.make_import_withdrawal(check.state, imported=imported, reason="交错了")


def test_a_visit_is_finished_when_every_figure_and_every_checker_came(check, unit):
    check.add(visit_acts.make_plan(check.state, unit=unit, day=VISIT, checkers=TEAM))
    check.add(*brought(unit, people_found=200.0, visit_day=VISIT))
    states = [check.state.spot_check.visits[unit].state]
    later = replace(brought(unit, assoc_found=5.0)[1], checker=TEAM[1][0])
    check.add(replace(brought(unit)[0], checker=TEAM[1][0]), later)
    states.append(check.state.spot_check.visits[unit].state)
    assert states == ["检查结果不全", "已办结"]


def test_a_frozen_frame_without_a_lot_blocks_publication(check):
    drawn = next(event for event in check.events if isinstance(event.body, kinds.LotDrawn))
    assert "spot_check_lot" not in {gate.key for gate in list_gates(check.state)}
    check.events = check.events[: drawn.seq - 1]
    assert [gate.blocks for gate in list_gates(check.state) if gate.key == "spot_check_lot"] == [
        True
    ]


def test_who_is_related_to_the_unit_does_not_check_it(check, unit):
    home = check.rules.unit_by_code[unit].region
    related = ("测试丙", "某某大学", home, ())
    tied = ("测试丙", "某某大学", "河南省", (unit,))
    for person in (related, tied):
        with pytest.raises(ParameterError, match="测试丙"):
            visit_acts.make_plan(check.state, unit=unit, day=VISIT, checkers=(TEAM[0], person))
    for wrong in (("测试丙", " ", "河南省", ()), ("测试丙", "某某大学", "河南省", ("河南",))):
        with pytest.raises(ParameterError, match="测试丙"):
            visit_acts.make_plan(check.state, unit=unit, day=VISIT, checkers=(TEAM[0], wrong))
    with pytest.raises(ParameterError, match="至少"):
        visit_acts.make_plan(check.state, unit=unit, day=VISIT, checkers=TEAM[:1])


def test_the_value_is_refused_before_its_day_and_drawn_once(tmp_path):
    check = Check(draw_round(tmp_path))
    drawn = next(event for event in check.events if isinstance(event.body, kinds.LotDrawn))
    with pytest.raises(NotReadyError, match="已抽签"):
        lot_acts.make_draw(check.state, value="3380.69", today=DAY)
    check.events = check.events[: drawn.seq - 1]
    with pytest.raises(NotReadyError, match="公布"):
        lot_acts.make_draw(check.state, value="3380.68", today=date(2020, 8, 27))
    assert lot_acts.make_draw(check.state, value="3380.68", today=DAY) == drawn.body


def test_no_lot_is_drawn_that_would_not_verify_since_the_units_were_changed(tmp_path):
    check = Check(draw_round(tmp_path))
    drawn = next(event for event in check.events if isinstance(event.body, kinds.LotDrawn))
    check.events = check.events[: drawn.seq - 1]
    dropped = check.state.spot_check.frame.units[0][0]
    units = tuple(one for one in check.rules.units if one.code != dropped)
    check.rules = replace(check.rules, units=units)
    with pytest.raises(NotReadyError, match=dropped):
        lot_acts.make_draw(check.state, value="3380.68", today=DAY)


def test_a_later_freeze_voids_the_lot_for_a_reason_and_loses_no_visit(check, unit):
    again = {"source": "深证成指", "day": date(2020, 9, 8), "excluded": {}, "today": TODAY}
    with pytest.raises(ParameterError, match="理由"):
        lot_acts.make_freeze(check.state, reason="", **again)
    with_finding(check, unit)
    check.add(lot_acts.make_freeze(check.state, reason="名册有误", **again))
    held = check.state.spot_check
    assert held.lot is None and held.void and list(held.visits) == [unit]


def test_every_act_is_taken_back_by_another(check, unit):
    """What comes after an act and its reversal is what was before it."""
    order = {"unit": "99", "document": "文1号", "reason": "群众反映", "by": TWO}
    other = next(
        code for code in check.rules.unit_by_code if code not in check.state.spot_check.visits
    )
    pairs = [
        lambda: (
            lot_acts.make_order(check.state, included=True, **(order | {"unit": other})),
            lambda: lot_acts.make_order(check.state, included=False, **(order | {"unit": other})),
        ),
        lambda: (
            visit_acts.make_plan(check.state, unit=unit, day=VISIT, checkers=TEAM),
            lambda: visit_acts.make_plan(check.state, unit=unit, day="", checkers=()),
        ),
    ]
    for make in pairs:
        before = check.facts()
        act, back = make()
        assert check.add(act).facts() != before
        assert check.add(back()).facts() == before
    with_finding(check, unit)
    before = check.facts()
    assert check.add(reply(check, unit)).facts() != before
    assert check.add(reply(check, unit, "")).facts() == before
    check.add(reply(check, unit))
    before = check.facts()
    assert check.add(decide(check, unit)).facts() != before
    revoked = make_revocation(check.events, len(check.events), **WHY)
    assert check.add(revoked).facts() == before
    close = visit_acts.make_close(check.state, reason="时间已到", by=TWO)
    assert check.add(close).facts() != before
    with pytest.raises(KjfpError, match="结束"):
        reply(check, unit)
    assert check.add(visit_acts.make_reopening(check.state, reason="补查")).facts() == before


def test_a_unit_that_left_the_round_after_the_freeze_is_named_by_its_code(check, unit, tmp_path):
    with_finding(check, unit)
    check.add(visit_acts.make_close(check.state, reason="时间已到", by=TWO))
    left = tuple(one for one in check.rules.units if one.code != unit)
    state = derive_state(replace(check.rules, units=left), check.intake, check.events)
    assert f"{unit}" in build_check_overview(state)["closed"]
    write_spot_check_documents(state, tmp_path / "papers")
    assert (tmp_path / "papers" / "lot.docx").exists()


def test_a_check_that_is_not_finished_is_closed_only_for_a_reason(check, unit):
    with pytest.raises(NotReadyError, match="未办结"):
        visit_acts.make_close(check.state)


def test_events_that_name_nothing_known_are_folded_without_harm(check):
    log = EventLog(
        check.add(
            kinds.VisitPlanned(unit="99", day="?", checkers=(), reason=""),
            kinds.VisitFindingReplied(unit="99", finding="x", mark="", day="", reply="x"),
            kinds.VisitImportWithdrawn(imported=1, reason="x"),
            kinds.SpotCheckUnitOrdered(unit="99", included=True, document="", reason="", by=TWO),
        ).events
    )
    assert "99" not in fold_spot_check(check.rules, log).visits
