"""Slices: all a report shows and nothing more, masked, the same bytes each time."""

import json
import re
from dataclasses import replace

import pytest

from kjfp_helpers import reports
from kjfp_helpers.core.events import ConflictRuled, ScoreGiven
from kjfp_helpers.core.state_labels import NO_TARGET, NOT_SENT
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.data.report_data_file import load_report_data
from kjfp_helpers.reports.data.report_data_writer import ReportDataBuilder
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.data.unit.unit_facts import build_unit_data
from kjfp_helpers.reports.sections import overall_list, overall_report, unit_report
from kjfp_helpers.state import derive_state
from support.rounds.report_round import PHONE, shared_state
from support.state.altered_state import altered


@pytest.fixture(scope="module")
def state():
    return shared_state()


@pytest.fixture(scope="module")
def folder(state, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    reports.write_report_data(state, folder)
    return folder


def _slices(folder, part="**"):
    return sorted(folder.glob(f"{part}/*.json"))


def test_there_is_one_slice_per_unit_case_and_reader_and_one_for_all(state, folder):
    names = {path.relative_to(folder).with_suffix("").as_posix() for path in _slices(folder)}
    assert names == {
        "overall",
        *(f"{edition}/{unit.code}" for edition in ("unit", "office") for unit in state.round.units),
        *(f"cases/{case.id}" for case in state.screening.cases),
        *(f"members/{member}" for member in state.scores.readings["member"]),
    }


def test_slices_hold_no_identity_no_phone_and_no_members_name(state, folder):
    numbers = {PHONE} | {
        case.nominee.id_number for case in state.screening.cases if case.kind == "individual"
    }
    names = {row.name for row in state.round.panel} | {row.member for row in state.round.panel}
    text = "\n".join(path.read_text("utf-8") for path in _slices(folder))
    assert not [secret for secret in numbers if secret in text]
    others = (path for path in _slices(folder) if path.parent.name != "members")
    text = "\n".join(path.read_text("utf-8") for path in others)
    assert not [name for name in names if name in text]


def test_a_members_slice_holds_the_members_own_marks_and_nobody_elses(state, folder):
    for path in _slices(folder, "members"):
        sheet = json.loads(path.read_text("utf-8"))
        own = state.scores.tables.totals[state.scores.tables.totals["member"] == path.stem]
        barred = state.scores.conflicts[state.scores.conflicts["member"] == path.stem]
        own = own[~own["case"].isin(barred["case"])]
        assert sheet["member"] == path.stem and sheet["done"] == len(own) > 0
        shown = [row for kind in sheet["kinds"] for row in kind["rows"]]
        assert sorted(row["total"] for row in shown) == sorted(own["total"].round(2))
        text = path.read_text("utf-8")
        assert not [
            row.member
            for row in state.round.panel
            if row.member != path.stem and row.member in text
        ]
        known = {case.id for case in state.screening.cases} | {
            case.name for case in state.screening.cases
        }
        assert not [word for word in known if word in text]


def test_a_case_stepped_back_from_is_absent_from_the_members_slice_even_from_a_count(state, folder):
    away = state.scores.tables.recusals.iloc[0]
    sheet = json.loads((folder / "members" / f"{away['member']}.json").read_text("utf-8"))
    read = state.scores.readings[state.scores.readings["member"] == away["member"]]
    assert sheet["cases"] == len(read) - 1


def test_a_reading_ruled_out_after_its_score_is_a_recusal_in_the_overall_report_and_not_unread(
    state, folder, tmp_path
):
    told = ("scored", "recused", "left", "unread")
    whole = json.loads((folder / "overall.json").read_text("utf-8"))
    assert all(row["assigned"] == sum(row[key] for key in told) for row in whole["loads"])
    pair = state.scores.tables.totals.iloc[0]
    ruling = ConflictRuled(
        member=pair["member"], case=pair["case"], bars=True, by=("甲", "乙"), reason="师生"
    )
    last = state.events[-1]
    ruled = (*state.events, replace(last, seq=last.seq + 1, body=ruling))
    reports.write_report_data(
        derive_state(state.round, state.submissions.original_intake, ruled), tmp_path
    )
    after = json.loads((tmp_path / "overall.json").read_text("utf-8"))
    assert after["counts"]["recusals"] == whole["counts"]["recusals"] + 1
    sums = [{key: sum(row[key] for row in one["loads"]) for key in told} for one in (whole, after)]
    assert {key: sums[1][key] - sums[0][key] for key in told} == {
        "scored": -1,
        "recused": 1,
        "left": 0,
        "unread": 0,
    }


def test_before_a_list_the_overall_report_does_not_say_that_two_lists_are_the_same():
    none = {"list": {"changed": []}, "ranking": {"team": [], "individual": []}}
    listed = {**none, "ranking": {"team": [{}], "individual": []}}
    assert "相同" not in overall_list.render_list_changes(none).html
    assert "相同" in overall_list.render_list_changes(listed).html


def test_where_nearly_all_societies_are_silent_the_overall_report_names_those_that_reported():
    row = {f"{name}_rate": None for name in ("assoc", "experts", "people")} | {"kind": "society"}
    silent = [{**row, "short_name": f"某{number}学会", "state": NOT_SENT} for number in range(200)]
    known = [{**row, "short_name": "林学会", "state": NO_TARGET}]
    told = overall_report.render_societies({"stocktake": silent + known, "assigned": False}).html
    assert "全国学会200个" in told and "林学会" in told and "某7学会" not in told
    few = overall_report.render_societies({"stocktake": silent[:9] + known, "assigned": False})
    assert "某7学会" in few.html and "林学会" not in few.html


def test_what_another_member_records_leaves_a_members_slice_as_it_is(state, folder, tmp_path):
    last = state.events[-1]
    barred = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    marks = (e.body for e in state.events if isinstance(e.body, ScoreGiven))
    mark = next(mark for mark in marks if (mark.member, mark.case) not in barred)
    more = replace(last, seq=last.seq + 1, body=replace(mark, comment="另记一笔"))
    reports.write_report_data(
        derive_state(state.round, state.submissions.original_intake, (*state.events, more)),
        tmp_path,
    )
    changed = {
        path.stem
        for path in _slices(folder, "members")
        if path.read_bytes() != (tmp_path / "members" / path.name).read_bytes()
    }
    assert changed == {mark.member}


def test_a_case_slice_gives_each_value_its_place_and_masks_what_is_personal(state, folder):
    case = next(case for case in state.screening.cases if case.kind == "individual")
    content = json.loads((folder / "cases" / f"{case.id}.json").read_text("utf-8"))
    form = {row[0]: row for row in content["form"]}
    assert form["姓名"][1] == case.name
    masked = form["身份证号码"][1]
    assert "*" in masked and masked != case.nominee.id_number
    assert "***@" in form["Email"][1] if case.nominee.email else form["Email"][1] == ""


def test_a_figure_nobody_sent_stays_missing_and_a_zero_stays_zero(folder):
    absent = json.loads((folder / "unit/15.json").read_text("utf-8"))
    assert [row["done"] for row in absent["figures"]] == [None, None, None] and absent[
        "state"
    ] == "未报送"
    zero = json.loads((folder / "unit/22.json").read_text("utf-8"))
    assert zero["figures"][2]["done"] == 0 and zero["figures"][2]["rate"] == 0


def test_results_stay_hidden_until_the_list_is_computed(state, tmp_path):
    blind = altered(state, events=state.events[:-1])
    reports.write_report_data(blind, tmp_path)
    for unit in state.round.units:
        content = json.loads((tmp_path / f"office/{unit.code}.json").read_text("utf-8"))
        assert all(nominee["status"] is None for nominee in content["nominees"])
    for path in _slices(tmp_path, "cases"):
        assert json.loads(path.read_text("utf-8"))["result"] is None


def test_slices_are_the_same_bytes_and_a_unit_that_left_takes_its_slice_along(
    state, folder, tmp_path
):
    (tmp_path / "S999.json").write_text("{}")
    begun = []
    data = reports.write_report_data(
        state,
        tmp_path,
        on_written=lambda name, data: begun.append((name, data.path(name).exists())),
    )
    assert begun[0] == ("overall", True)
    assert sorted(begun) == [(name, True) for name in sorted(data.names())]
    assert not (tmp_path / "S999.json").exists()
    for path in _slices(folder):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes()
    for name in data.names():  # what is in memory is what the file says, to the kind of each value
        assert data.content(name) == load_report_data(data.path(name))
        assert data.digest(name) == sha256_file(data.path(name))


def test_sums_leave_out_units_that_did_not_report_and_say_how_many(state, folder):
    content = json.loads((folder / "overall.json").read_text("utf-8"))
    for row in content["totals"]:
        assert row["units"] + row["absent"] == len(state.round.units)
        assert row["absent"] > 0


def test_the_first_lines_name_what_matters_most_the_duty_and_its_day(state, folder):
    units = [load_report_data(folder / f"unit/{unit.code}.json") for unit in state.round.units]
    for unit in units:
        text = unit_report.render_header(unit).text + unit_report.render_verdict(unit).text
        first = unit["duties"][0] if unit["duties"] else None
        assert not first or (
            first["due_text"] in text and (first["title"] in text or first["how"] in text)
        )
        assert first or "没有须办理的事项" in text
        held = [row for row in unit["nominees"] if not row["eligible"]]
        assert not held or ("不" in unit["verdict"]["sentence"] and "参加评审" in text)
        assert "None" not in text and "nan" not in text
    forms = {re.sub(r"“[^”]*”|[0-9][0-9,.%]*", "", unit["verdict"]["sentence"]) for unit in units}
    assert len(forms) > len(units) / 4


def test_the_list_of_a_draft_stands_in_the_offices_edition_alone(state, folder):
    assert json.loads((folder / "office/11.json").read_text("utf-8"))["round"]["draft"]
    seen = {
        edition: {
            row["status"]
            for unit in state.round.units
            for row in load_report_data(folder / f"{edition}/{unit.code}.json")["nominees"]
        }
        for edition in ("unit", "office")
    }
    assert seen["unit"] == {None} and "入围" in seen["office"]


def test_the_overall_report_comes_first_then_the_units_that_changed(state, folder, tmp_path):
    builder, written = ReportDataBuilder(state), []
    builder.begin(tmp_path, lambda name, data: written.append(name))
    assert written == ["overall"]
    builder.changed = ["41", "33"]
    reports.write_report_data(
        state, tmp_path, builder=builder, on_written=lambda name, data: written.append(name)
    )
    assert {name.partition("/")[2] for name in written[1:5]} == {"41", "33"}
    assert len(written) == len(set(written)) == len(_slices(folder))
    assert all(
        path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes()
        for path in _slices(folder)
    )


def test_what_has_no_figure_at_all_is_one_line_and_no_row_of_dashes(state):
    index = StateIndex(state)
    index.stocktake = index.exhibition = index.summaries = {}  # no target, nothing sent
    vars(index)["summary_lengths"] = {}
    silent = build_unit_data(index, state.round.unit_by_code["15"])
    names = "支持建设农技协、组织动员专家、带动脱贫、工作总结、展览图片"
    assert silent["scorecard"]["blank"] == f"没有数字的：{names}未报送。"
    page = unit_report.render_scorecard(silent).html
    assert names in page and "—" not in page and "同类" not in page


def test_a_dossier_says_of_a_nominee_what_its_units_report_says(folder):
    told = set()
    for path in _slices(folder, "office"):
        for row in json.loads(path.read_text("utf-8"))["nominees"]:
            if row["case"]:
                dossier = json.loads((folder / "cases" / f"{row['case']}.json").read_text("utf-8"))
                assert dossier["case"]["state"] == row["state"]
                told.add(row["state"])
    assert len(told) > 1
