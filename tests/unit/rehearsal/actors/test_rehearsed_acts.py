"""What units, office and panel do in a made-up year: each act of the answers, and what is said."""

import json
import re
import shutil
from collections import Counter
from datetime import datetime

import openpyxl
import pytest
from docx import Document

from kjfp_helpers.core.events import (
    ConflictsDeclared,
    FieldCorrected,
    FindingReviewed,
    FindingSettled,
    MailReceived,
    MemberRecused,
    MemberWithdrawn,
    NominationWithdrawn,
    NomineesChosen,
    PacketSealed,
    RulesAmended,
    ScoreGiven,
    ScoringClosed,
    SenderRemembered,
    SheetSigned,
    SummaryAssessed,
    SummaryReadingsAssigned,
    VersionChosen,
)
from kjfp_helpers.core.records import Summary
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rehearsal import round_builder
from kjfp_helpers.rehearsal.actors import spot_checkers
from kjfp_helpers.rehearsal.actors.summary_assessors import SET_ASIDE
from kjfp_helpers.rehearsal.faults.answer_key import filter_acts, find_first_act
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.assessment.summary_acts import list_head_confirmations
from kjfp_helpers.state.panel.member_progress import describe_members
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.secretary.figure_questions import list_figure_questions
from kjfp_helpers.state.secretary.publication_gates import open_findings, open_questions
from kjfp_helpers.state.secretary.work_queue import work_items
from kjfp_helpers.state.spot_check.checker_conflicts import find_checker_conflicts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(reviewed):
    """A year that was run, which plays it to the eve of the meeting."""
    return reviewed.folder, reviewed.outputs


def play(session):
    from kjfp_helpers import commands

    for step in (
        commands.register_mail,
        commands.simulate_rulings,
        commands.check,
        commands.assign,
        commands.simulate_scores,
        commands.simulate_spot_check,
    ):
        assert not step(session, lambda done, total: None).failed


@pytest.fixture(scope="module")
def state(made):
    return RoundSession.open(*made).current_state()


@pytest.fixture(scope="module")
def answers(made):
    return json.loads((made[0] / "answers.json").read_text("utf-8"))


def bodies(state, kind):
    return [event.body for event in state.events if isinstance(event.body, kind)]


def case_of(state, row):
    (case,) = (
        one
        for one in state.screening.cases
        if (one.unit, one.kind, one.name) == (row["unit"], row["kind"], row["case"])
    )
    return case


def receipt_of(state, row):
    (mail,) = (one for one in state.submissions.intake.mails if one.path == row["file"])
    return mail.receipt


def letters_of(made, unit):
    return {path.stem.partition("-")[2] for path in (made[1] / "letters").glob(f"{unit}-*.docx")}


def head_of(path):
    sections = Document(path).sections
    parts = [part for one in sections for part in (one.header, one.first_page_header, one.footer)]
    return "\n".join(line.text for part in parts for line in part.paragraphs)


EVERY = {
    "silent",
    "corrected_late",
    "chosen",
    "withdrawn",
    "admitted",
    "upheld",
    "declared_tie",
    "hurried",
    "unsigned",
    "left",
    "amended",
    "assessed_apart",
    "assessed_far",
    "reader_left",
    "heads_apart",
    "absent_excused",
    "summary_asked",
    "inquiry",
    "head_run_in",
    "slogan",
    "left_unapproved",
    "handled",
    "left_open",
    "read_right",
    "version_chosen",
    "assigned",
    "corrected",
    *spot_checkers.ACTS,
}


def test_every_act_stands_in_the_answers_with_what_must_be_said_of_it(answers, made):
    assert {row["act"] for row in answers["acts"]} == EVERY
    assert all(row["says"] for row in answers["acts"])
    assert all((made[0] / row["file"]).exists() for row in answers["acts"] if row["file"])


def test_the_spot_check_is_played_as_the_answers_have_it(answers, state):
    check = state.spot_check
    units = {row["act"]: row["unit"] for row in filter_acts(answers, *spot_checkers.ACTS)}
    assert check.closed and not check.unfinished and set(units.values()) <= set(check.lot.units)
    differs = check.finding(units[spot_checkers.DIFFERS], "people")
    assert differs.reply and differs.decision.ruling == "confirmed"
    noted = {one.unit for one in state.screening.findings if one.code == "spot_check_noted"}
    confirmed = {f.unit for f in check.findings if f.decision.ruling == "confirmed"}
    named = {case.unit for case in state.screening.cases}
    assert differs.unit in noted == confirmed & named
    assert check.finding(units[spot_checkers.WAIVED], "issue1").state == "放行"
    for act in (spot_checkers.CHANGED, spot_checkers.APART):
        visit = check.visits[units[act]]
        tried = spot_checkers.tried_figure(visit.figures)
        assert len(visit.imports) == 2
        assert visit.values[f"{tried}.found"].checker == visit.checkers[1]
    related = spot_checkers.related_checker(state.round, units[spot_checkers.CONFLICT])
    (conflict,) = find_checker_conflicts(state, units[spot_checkers.CONFLICT], [related])
    assert conflict.is_certain


def test_the_office_s_acts_on_readers_heads_and_summaries_are_played(answers, state):
    rows = {
        name: find_first_act(answers, name)
        for name in ("reader_left", "heads_apart", "absent_excused", "summary_asked", "inquiry")
    }
    assessment, left = state.assessment, rows["reader_left"]["member"]
    read = {body.unit for body in bodies(state, SummaryAssessed) if body.reader == left}
    assert set(assessment.released) == {left} and read and not assessment.ungraded
    assert read < set(state.events.of(SummaryReadingsAssigned)[0].body.readings[left])
    unit = rows["heads_apart"]["unit"]
    said = list_head_confirmations(state)[unit]
    assert said.ruled and not said.apart and said.held == dict.fromkeys(said.held, True)
    states = {act: assessment.by_unit[rows[act]["unit"]].state for act in SET_ASIDE}
    assert states == {"absent_excused": "不予评定", "summary_asked": "已请另报"}
    assert assessment.confirmed.body.absent == assessment.absent
    assert not {rows[act]["unit"] for act in SET_ASIDE} & set(assessment.absent)
    asked = [one for one in list_figure_questions(state) if one.assigned]
    assert {one.finding.unit for one in asked} == {rows["inquiry"]["unit"]}


def test_what_units_sent_is_read_as_they_meant_it_however_they_sent_it(state, made):
    """Every form and stock-take of the year, but for boxes left blank and files nobody reads."""
    year = replan(made[0])
    cases = {(case.unit, case.name): case.nominee for case in state.screening.cases}
    figures = {
        record.unit: record.body
        for record in state.submissions.records
        if record.kind == "stocktake"
    }
    read = Counter()
    for papers in year.submissions:
        for entry in papers.nominations:
            if entry.is_readable:
                assert cases[papers.unit.code, entry.name] == entry.body
                read[entry.layout or ", ".join(entry.typed) or ", ".join(entry.older)] += 1
        if papers.stocktake and papers.mails:
            assert figures[papers.unit.code] == papers.stocktake
            read[papers.stocktake_layout] += 1
    layouts = {"footnote", "superscript", "checkboxes", "renamed_label", "pdf", "pdf_copy"}
    layouts |= {"years", "sample_first", "hidden_column", "ten_thousands"}
    assert layouts | {"service_days", "people_lifted"} == set(read) - {""}


def replan(folder):
    round = load_round(folder)
    register = load_round(DEFAULT_RULES)
    chosen = register.units[: len(round.units)]
    return round_builder.plan_rehearsal(register, chosen, 2020)


def test_what_the_office_decided_is_recorded_with_its_reason_and_opens_the_way(state, answers):
    row = find_first_act(answers, "version_chosen")
    (chosen,) = bodies(state, VersionChosen)
    assert case_of(state, row).eligible and chosen.record == case_of(state, row).record.id
    row = find_first_act(answers, "assigned")
    (known,) = bodies(state, SenderRemembered)
    mail = next(m for m in state.submissions.intake.mails if m.receipt == receipt_of(state, row))
    assert (mail.unit, mail.sender, known.unit) == (row["unit"], known.address, row["unit"])
    corrected = bodies(state, FieldCorrected)
    assert len(corrected) == sum(len(row["values"]) for row in filter_acts(answers, "corrected"))
    assert all(body.reason for body in (chosen, known, *corrected))
    asked = [row for row in answers["acts"] if row["act"] == "handled" and row["reason"]]
    reviewed = {(body.code, body.reason) for body in bodies(state, FindingReviewed)}
    assert {(row["code"], row["reason"]) for row in asked} <= reviewed


def test_units_that_sent_nothing_get_a_reminder_and_nothing_else(state, made, answers):
    states = state.screening.completeness.set_index("unit")
    for row in filter_acts(answers, "silent"):
        owed = states.loc[row["unit"], ["stocktake", "summary", "exhibit"]]
        assert set(owed) == {"未报送"} and letters_of(made, row["unit"]) == {"催报通知"}
        assert not [mail for mail in state.submissions.intake.mails if mail.unit == row["unit"]]


def test_a_correction_that_was_asked_for_is_not_late_and_its_nominee_stays_in(state, answers):
    row = find_first_act(answers, "corrected_late")
    case = case_of(state, row)
    assert case.eligible and case.record.receipt == receipt_of(state, row)
    assert case.nominee.address and case.record.id not in state.submissions.late
    (mail,) = (one for one in state.submissions.intake.mails if one.receipt == case.record.receipt)
    assert mail.received.date() > state.round.notice.deadline.recommendation.date


def test_a_reply_chooses_among_too_many_and_is_the_paper_of_the_choice(state, answers):
    row = find_first_act(answers, "chosen")
    case = case_of(state, row)
    (body,) = bodies(state, NomineesChosen)
    assert body.cases == (case.id,) and body.receipt == receipt_of(state, row)
    others = [
        one for one in state.screening.cases if (one.unit, one.kind) == (case.unit, case.kind)
    ]
    assert [one.id for one in others if one.eligible] == [case.id] and len(others) > 1
    assert all("over_quota" in one.reasons for one in others if one is not case)
    assert "over_quota" not in {one.code for one in open_findings(state) if one.unit == case.unit}


def test_a_nomination_taken_back_is_out_with_the_unit_s_letter_as_its_paper(state, answers):
    rows = list(filter_acts(answers, "withdrawn"))
    taken = {body.case: body.receipt for body in bodies(state, NominationWithdrawn)}
    assert rows and taken == {case_of(state, row).id: receipt_of(state, row) for row in rows}
    for row in rows:
        assert case_of(state, row).reasons == ("withdrawn",)
        assert "under_minimum" not in {
            one.code for one in state.screening.findings if one.unit == row["unit"]
        }


def test_of_two_late_units_one_is_admitted_and_one_kept_out_and_neither_is_asked_again(
    state, answers
):
    for act, admitted in (("admitted", True), ("upheld", False)):
        row = find_first_act(answers, act)
        cases = [case for case in state.screening.cases if case.unit == row["unit"]]
        assert cases and all(case.eligible is admitted for case in cases)
        assert not [
            one for one in open_findings(state) if (one.unit, one.code) == (row["unit"], "late")
        ]
        answered = [
            item
            for item in work_items(state)
            if (item.unit, item.finding.code) == (row["unit"], "late")
        ]
        assert answered and all("演练纪要" in item.done.body.reason for item in answered)
    settled = {body.case for body in bodies(state, FindingSettled) if body.code == "late"}
    assert settled == {
        case.id
        for case in state.screening.cases
        if case.unit == find_first_act(answers, "admitted")["unit"]
    }


def test_what_the_office_settled_is_asked_no_more_and_two_questions_are_left(state, answers):
    asked = {(one.unit, one.code, one.case) for one in open_findings(state)}
    for act in ("handled", "left_open"):
        for row in filter_acts(answers, act):
            case = case_of(state, row).id if row["case"] else ""
            key = (row["unit"], row["code"], case)
            assert (key in asked) is (act == "left_open"), row
    opened = {case_of(state, row).id for row in filter_acts(answers, "left_open")}
    assert len(opened) == 2 and opened <= open_questions(state).keys()


def test_every_member_declares_and_ties_in_their_own_words_stand_beside_the_name(state, answers):
    said = {row["member"]: row["says"] for row in filter_acts(answers, "declared_tie")}
    declared = {body.member: body.statement for body in bodies(state, ConflictsDeclared)}
    own = {member: text for member, text in declared.items() if text}
    (late,) = own.keys() - said.keys()
    assert own.pop(late).startswith("评分之后想起：") and own == said and len(said) == 3
    assert set(declared) == {member.member for member in state.round.panel}
    shown = {row["member"]: row["ties"] for row in describe_members(state)}
    assert all(text in shown[member] for member, text in said.items())


def test_a_member_who_falls_ill_leaves_marks_that_count_and_the_rest_goes_to_others(
    state, made, answers
):
    member = find_first_act(answers, "left")["member"]
    (body,) = bodies(state, MemberWithdrawn)
    given = [one.case for one in bodies(state, ScoreGiven) if one.member == member]
    assert body.member == member and given and not body.set_aside
    counted = set(
        state.scores.tables.totals.loc[state.scores.tables.totals["member"] == member, "case"]
    )
    assert counted == set(given)
    readers = state.scores.tables.totals.groupby("case").size()
    away = {one.case for one in bodies(state, MemberRecused)}
    assert set(readers[readers < 5].index) <= away and len(readers) == len(
        state.screening.eligible_cases
    )
    assert not (made[1] / "packets" / f"{member}.ipynb").exists()


def test_all_packets_are_sealed_one_sheet_is_out_and_the_marks_are_closed(state, answers):
    packets = {name: one for name, one in build_packets(state).items() if not one.departure}
    unsigned = find_first_act(answers, "unsigned")["member"]
    assert all(packet.sealed and not packet.incomplete_cases() for packet in packets.values())
    assert {name for name, packet in packets.items() if not packet.signed} == {unsigned}
    assert len(bodies(state, ScoringClosed)) == 1


def test_who_marks_faster_than_anybody_reads_is_told_and_nobody_else(state, answers):
    alerts = {row["member"]: row["alerts"] for row in describe_members(state)}
    quick = {member for member, told in alerts.items() if "不足 20 秒" in told}
    assert quick == {row["member"] for row in filter_acts(answers, "hurried")}


def test_everybody_acts_by_their_own_account_in_office_hours_one_after_another(state):
    accounts = {one.member: f"{one.member}（{one.user}）" for one in state.round.panel}
    for event in state.events:
        if isinstance(event.body, ScoreGiven | ConflictsDeclared | PacketSealed):
            assert event.actor == accounts[event.body.member]
            assert event.at.weekday() < 5 and 9 <= event.at.hour < 18, event.at
    times = [event.at for event in state.events]
    assert times == sorted(times)
    assert {e.actor for e in state.events if isinstance(e.body, SheetSigned)} == {
        "测试秘书（secretary，秘书）"
    }
    last_mail = max(e.seq for e in state.events if isinstance(e.body, MailReceived))
    assert last_mail < min(e.seq for e in state.events if isinstance(e.body, ScoreGiven))


def test_a_resolution_changes_a_rule_after_the_marks_and_every_paper_names_it(state, made):
    (body,) = bodies(state, RulesAmended)
    ((_, key, before, after),) = body.changes
    assert key.startswith("ruling.reserves") and (before, after) == ("5", "6")
    (told,) = state.round.amendments
    assert body.resolution in told
    kept = Counter(state.decision.shortlist["status"])
    assert kept["listed"] == 70
    letter = next((made[1] / "letters").glob("*-收讫回执.docx"))
    assert body.resolution in head_of(letter)
    for name in ("register.xlsx", "findings.xlsx"):
        book = openpyxl.load_workbook(made[1] / name, read_only=True)
        rows = (
            str(cell) for tab in book for row in tab.iter_rows(values_only=True) for cell in row
        )
        assert any(body.resolution in cell for cell in rows), name


def test_every_summary_has_its_readers_who_differ_where_planned(state, answers):
    scheme = state.round.assessment
    given = {}
    for body in bodies(state, SummaryAssessed):
        given.setdefault(body.unit, {})[body.reader] = dict(body.marks)
    sent = set(state.screening.summaries.loc[state.screening.summaries["missing"].notna(), "unit"])
    needed = {one.unit.code: one.needed for one in state.assessment.units}
    assert {unit: len(readers) for unit, readers in given.items()} == {u: needed[u] for u in sent}
    apart = {
        unit
        for unit, (one, *more) in ((u, [*r.values()]) for u, r in given.items())
        if [one] != more and more
    }
    assert apart == {row["unit"] for row in filter_acts(answers, "assessed_apart")}
    (far,) = {row["unit"] for row in filter_acts(answers, "assessed_far")}
    ruled = [row for row in state.assessment.by_unit[far].indicators if row.is_ruled and row.apart]
    assert [row.indicator.id for row in ruled] == ["experience"]
    assert scheme.default and not state.assessment.ungraded and not state.assessment.changed


def test_copied_summaries_are_found_and_heads_told_from_slogans(state, answers):
    found = {one.unit for one in state.screening.findings if one.code == "summary_copied"}
    assert found == {row["unit"] for row in answers["planted"] if row["code"] == "summary_copied"}
    table = state.screening.summaries.set_index("unit")
    for row in filter_acts(answers, "head_run_in"):
        assert table.loc[row["unit"], "problems"]
    for row in filter_acts(answers, "slogan"):
        assert table.loc[row["unit"], "missing"] > 0


def summary_text(body):
    return "\n".join(part for one in body.sections for part in (one.heading, one.text) if part)


def test_summaries_have_real_length_and_tell_the_figures_of_the_return(state, answers):
    apart = {"code": "figure_missing"}, {"fault": "four_places"}
    blank = {
        row["unit"]
        for row in answers["planted"]
        if any(one.items() <= row.items() for one in apart)
    }
    done = state.screening.stocktake.set_index("unit")
    texts = {
        one.unit: summary_text(one.body)
        for one in state.submissions.records
        if isinstance(one.body, Summary)
    }
    for unit, text in texts.items():
        assert 2_000 <= len(text) <= 6_000, (unit, len(text))
        people = done.loc[unit, "people_done"]
        if unit not in blank and people == people:
            assert f"带动建档立卡贫困户脱贫{int(people)}人" in text, unit
        if years := re.search(
            r"2016年(\d+)人、2017年(\d+)人、2018年(\d+)人、2019年(\d+)人，"
            r"2020年1至7月(\d+)人，合计(\d+)人",
            text,
        ):
            *each, whole = map(int, years.groups())
            assert sum(each) == whole
    sentences = Counter(
        one for text in texts.values() for one in set(re.split(r"[。\n]", text)) if len(one) > 15
    )
    assert sentences.most_common(1)[0][1] <= len(texts) // 3


def test_playing_the_year_again_adds_nothing(made, tmp_path):
    for name in ("rehearsal", "outputs"):
        shutil.copytree(made[0].parent / name, tmp_path / name)
    session = RoundSession.open(tmp_path / "rehearsal", tmp_path / "outputs")
    head = session.state_head()
    play(session)
    assert session.state_head() == head
    session.close()


@pytest.mark.parametrize("units", [12, 16, 240])
def test_every_size_plays_what_it_has_room_for(units):
    rules = load_round(DEFAULT_RULES)
    year = round_builder.plan_rehearsal(rules, rules.units[:units], 2020)
    planned = Counter(act.act for act in year.acts)
    assert planned["corrected_late"] == planned["chosen"] == planned["upheld"] == 1
    assert planned["silent"] == (3 if units == 240 else 0)
    assert all(act.says and act.unit for act in year.acts)


def test_the_ledger_s_clock_goes_on_from_what_was_played(made, tmp_path):
    for name in ("rehearsal", "outputs"):
        shutil.copytree(made[0].parent / name, tmp_path / name)
    session = RoundSession.open(tmp_path / "rehearsal", tmp_path / "outputs")
    last = session.ledger.events()[-1].at
    (event,) = session.record(ScoringClosed(reason="试"))
    assert event.at >= last > datetime.fromisoformat("2020-08-20T09:00:00+08:00")
    session.close()
