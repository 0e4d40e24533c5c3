"""The made-up year: the same bytes again, plainly fictitious, and faulty only where it says so."""

import email
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from kjfp_helpers import rehearsal
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import MemberRecused, ScoreGiven
from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import Individual
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.intake.common.parsed_value import id_check_digit
from kjfp_helpers.intake.files.images import read_image
from kjfp_helpers.rehearsal import round_builder
from kjfp_helpers.rehearsal.faults.figure_faults import FIGURE_FAULT_NAMES
from kjfp_helpers.rehearsal.faults.file_fault_specs import FIGURE_FAULTS, FORM_FAULTS
from kjfp_helpers.rehearsal.faults.summary_faults import SUMMARY_FAULT_NAMES
from kjfp_helpers.rehearsal.writers import synthetic_images
from kjfp_helpers.rules import load_round
from kjfp_helpers.selection import rank_cases
from kjfp_helpers.state import RoundSession, derive_state
from support.made_once import REHEARSAL_UNITS as UNITS

pytestmark = pytest.mark.slow


def hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def folder(rehearsal_copy, tmp_path_factory):
    return rehearsal_copy(tmp_path_factory.mktemp("rehearsal") / "演练")


@pytest.fixture(scope="module")
def answers(folder):
    return json.loads((folder / "answers.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def state(received_copy, tmp_path_factory):
    """What was sent, as it was read, before anybody decided on anything."""
    root = tmp_path_factory.mktemp("received")
    session = RoundSession.open(*received_copy(root)[:2])
    return derive_state(session.round, session.current_state().submissions.original_intake, ())


@pytest.fixture(scope="module")
def default_year():
    rules = load_round(DEFAULT_RULES)
    return round_builder.plan_rehearsal(rules, rules.units[:72], 2020)


def people(year):
    bodies = (entry.body for papers in year.submissions for entry in papers.nominations)
    return [body for body in bodies if isinstance(body, Individual)]


def test_the_command_gives_the_same_bytes_for_the_same_seed_within_240_megabytes(
    rehearsal_copy, tmp_path
):
    """Of twelve units: what a unit's mail leaves behind would add up in a worker process."""
    code = (
        "import re, resource, sys; from kjfp_helpers.cli import main; "
        "code = main(sys.argv[1:]); "
        "linux = sys.platform == 'linux'; "
        "status = open('/proc/self/status').read() if linux else 'VmHWM: 0'; "
        "own = int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]); "
        "children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss; "
        "print(max(own, children) / 1024); sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"}
    environment["PYTHONPATH"] = str(Path(round_builder.__file__).parents[2])
    arguments = ["rehearse", str(tmp_path / "b"), "--units", "12"]
    made = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    if sys.platform == "linux":
        assert float(made.stdout.split()[-1]) < 240
    assert hashes(tmp_path / "b") == hashes(rehearsal_copy(tmp_path / "a", units=12))


def test_another_seed_gives_another_year(tmp_path):
    rehearsal.write_rehearsal(tmp_path / "a", units=2, seed=1)
    rehearsal.write_rehearsal(tmp_path / "b", units=2, seed=2)
    one, other = hashes(tmp_path / "a"), hashes(tmp_path / "b")
    assert {name for name in one if one[name] == other.get(name)} <= {
        "notice.toml",
        "roles.csv",
        "rubric.toml",
        "assessment.toml",
        "units.csv",
    }


def test_a_second_making_leaves_no_mail_of_the_first(tmp_path):
    seen = []
    rehearsal.write_rehearsal(
        tmp_path / "a", units=3, on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    rehearsal.write_rehearsal(tmp_path / "a", units=2)
    assert {path.name[:2] for path in (tmp_path / "a/inbox").iterdir()} == {"11", "12", "un"}


def test_a_real_round_is_never_overwritten(tmp_path, rules_folder):
    notice = tmp_path / "notice.toml"
    notice.write_bytes((rules_folder / "notice.toml").read_bytes())
    with pytest.raises(OutputError, match="正式轮次"):
        rehearsal.write_rehearsal(tmp_path, units=2)
    assert [path.name for path in tmp_path.iterdir()] == ["notice.toml"]


def test_the_rules_say_that_it_is_a_rehearsal_with_a_fixed_clock(folder):
    round = load_round(folder)
    assert round.rehearsal
    assert round.notice.round.clock.isoformat() == "2020-08-20T09:00:00+08:00"
    assert len(round.units) == UNITS and len(round.panel) == 15
    assert all("演练样例" in target.document for target in round.targets)
    assert {row.year for row in round.commended} == {2017, 2018, 2019}


def test_reading_the_year_finds_every_planted_fault_and_no_other(state, answers):
    planted = Counter((row["code"], row["unit"]) for row in answers["planted"])
    found = Counter((finding.code, finding.unit) for finding in state.screening.findings)
    assert planted - found == Counter() and found - planted == Counter()


def test_the_answers_name_the_cases_and_the_files_in_which_the_faults_are(folder, state, answers):
    names = {case.id: case.name for case in state.screening.cases}
    found = Counter(
        (item.code, item.unit, names[item.case]) for item in state.screening.findings if item.case
    )
    planted = Counter(
        (row["code"], row["unit"], row["case"])
        for row in answers["planted"]
        if row["case"]
        and row["code"] not in ("truncated", "unsupported", "resubmission", "superseded")
    )
    assert found == planted
    assert all((folder / row["file"]).exists() for row in answers["planted"])


def test_the_comparison_finds_every_planted_tie_and_no_other(state, answers):
    names = {case.id: (case.unit, case.name) for case in state.screening.cases}
    eligible = {names[case.id] for case in state.screening.eligible_cases}
    by_rule = {(tie.member, tie.case) for tie in state.scores.detected_relationships if tie.by_rule}
    found = {
        (tie.member, *names[tie.case], tie.strength)
        for tie in state.scores.detected_relationships
        if not tie.by_rule and (tie.strength == "certain" or (tie.member, tie.case) not in by_rule)
    }
    planted = {
        (row["member"], row["unit"], row["case"], row["strength"])
        for row in answers["ties"]
        if (row["unit"], row["case"]) in eligible
    }
    assert found == planted and {"M07", "M11"} <= {row[0] for row in found}
    spelled = next(one.employer for one in state.round.panel if one.member == "M11")
    assert spelled not in {getattr(case.nominee, "employer", "") for case in state.screening.cases}


def test_every_case_has_a_true_quality_and_no_quality_is_left_over(state, answers):
    assert {f"{case.unit}/{case.kind}/{case.name}" for case in state.screening.cases} == set(
        answers["qualities"]
    )


@pytest.mark.parametrize("seed", [1, 2021])
def test_no_unit_bears_two_faults_of_one_side(seed):
    rules = load_round(DEFAULT_RULES)
    year = round_builder.plan_rehearsal(rules, rules.units[:72], seed)
    exhibition = {
        "too_small",
        "name_mismatch",
        "caption_missing",
        "exhibit_absent",
        "part_missing",
        "no_picture",
    }
    sides = [
        (row.unit, row.code in exhibition or "exhibition" in row.mail, row.code)
        for row in year.planted
        if row.code != "superseded" and not row.fault
    ]
    replied = {act.unit for act in year.acts if act.act in ("silent", "chosen", "withdrawn")}
    for (unit, side), number in Counter((unit, side) for unit, side, _ in set(sides)).items():
        assert number == 1 or unit in replied, (unit, side)
    of_files = {(row.unit, row.case, row.fault) for row in year.planted if row.fault and row.case}
    others = {(row.unit, row.case) for row in year.planted if not row.fault}
    nominees = [(unit, case) for unit, case, _ in of_files]
    assert len(set(nominees)) == len(nominees) and not others & set(nominees)


def test_the_default_year_holds_every_kind_of_fault_and_enough_cases(default_year):
    codes = {row.code for row in default_year.planted}
    assert codes <= set(FINDING_TYPES) and len(codes) == 52
    faults = {row.fault for row in (*default_year.planted, *default_year.acts)} - {""}
    specs = {spec.fault for spec in (*FORM_FAULTS, *FIGURE_FAULTS)}
    assert faults == specs | FIGURE_FAULT_NAMES | SUMMARY_FAULT_NAMES
    replaced = ("superseded", "resubmission")
    kept_out = {
        row.case for row in default_year.planted if row.code not in replaced and not row.fault
    }
    fit = Counter(
        entry.kind
        for papers in default_year.submissions
        for entry in papers.nominations
        if entry.name not in kept_out
    )
    assert fit["team"] >= 60 and fit["individual"] >= 90


def test_most_exhibits_of_the_default_year_carry_a_picture_and_few_none(default_year):
    sent = [papers for papers in default_year.submissions if papers.exhibit is not None]
    bare = {papers.unit.code for papers in sent if not papers.pictures}
    assert bare == {row.unit for row in default_year.planted if row.code == "no_picture"}
    assert 0 < len(bare) <= len(sent) // 8


def test_two_units_of_the_default_year_lack_a_target_that_they_name_themselves(default_year):
    lacking = {row.unit for row in default_year.planted if row.code == "target_missing"}
    assert len(lacking) == 2
    for papers in default_year.submissions:
        assigned = papers.target and papers.target.people_target is not None
        assert bool(assigned) != (papers.unit.code in lacking)
        assert papers.done.people_target is not None


def test_identity_numbers_are_nobodys_and_their_check_digit_holds_but_for_the_planted(default_year):
    wrong = {row.case for row in default_year.planted if row.code == "id_checksum"}
    for body in people(default_year):
        assert body.id_number.startswith("999999") and 1962 <= int(body.id_number[6:10]) <= 1989
        assert (body.gender == "男") == (int(body.id_number[16]) % 2 == 1)
        assert (id_check_digit(body.id_number[:17]) == body.id_number[17]) == (
            body.name not in wrong
        )
        assert re.fullmatch(r"1990000\d{4}", body.phone) and body.email.endswith(".example.com")


def test_check_digit_is_that_of_the_standard():
    assert id_check_digit("11010519491231002") == "X"  # the example in GB 11643-1999


def test_only_the_planted_person_is_twice_in_the_year(default_year):
    numbers = Counter(body.id_number for body in people(default_year))
    twice = {row.case for row in default_year.planted if row.code == "duplicate_person"}
    assert {body.name for body in people(default_year) if numbers[body.id_number] > 1} == twice
    assert Counter(numbers.values())[2] == 1


def test_the_deeds_tell_the_same_figures_as_the_form_but_for_the_planted(default_year):
    for papers in default_year.submissions:
        for entry in papers.nominations:
            story = entry.body.story
            assert (
                f"{entry.told.get('people_lifted', entry.body.people_lifted)}" in story
                and f"{entry.body.service_days}天" in story
            )


def test_deeds_share_no_long_passages_but_for_the_planted_copies(default_year):
    stories = {
        (papers.unit.code, entry.name): entry.body.story
        for papers in default_year.submissions
        for entry in papers.nominations
    }
    parts = {
        name: {text[at : at + 13] for at in range(len(text) - 12)} for name, text in stories.items()
    }
    keys = list(parts)
    alike = {
        frozenset((one[1], other[1]))
        for at, one in enumerate(keys)
        for other in keys[at + 1 :]
        if len(parts[one] & parts[other]) > 0.3 * min(len(parts[one]), len(parts[other]))
    }
    planted = [row.case for row in default_year.planted if row.code == "copied_text"]
    assert alike == {frozenset(planted[:2]), frozenset(planted[2:])}


def test_claims_of_a_unit_stay_within_its_own_number_but_for_the_planted(default_year):
    codes = ("claim_over_unit", "claims_over_unit")
    planted = {row.unit for row in default_year.planted if row.code in codes}
    for papers in default_year.submissions:
        claimed = sum(entry.body.people_lifted for entry in papers.nominations)
        low = any(
            row.code == "target_not_met" and row.unit == papers.unit.code
            for row in default_year.planted
        )
        assert claimed <= papers.done.people_done or papers.unit.code in planted or low


def test_the_default_inbox_stays_under_200_megabytes(default_year, folder):
    shots = [shot for papers in default_year.submissions for shot in papers.pictures]
    sizes = {"small": 950_000, "woven": 390_000, "plain": 2_250_000}
    kinds = Counter(
        "small" if shot.small else "woven" if shot.woven and not shot.treatment else "plain"
        for shot in shots
    )
    attached = 4 / 3 * sum(sizes[kind] * count for kind, count in kinds.items())
    texts = [path.stat().st_size for path in (folder / "inbox").glob("*.eml")]
    plain = sum(size for size in texts if size < 2_000_000) * 72 / UNITS
    assert attached + plain < 200_000_000


def test_every_exhibit_of_the_default_year_has_two_to_six_pictures_or_none(default_year):
    sent = [papers for papers in default_year.submissions if papers.exhibit is not None]
    counts = {len(papers.pictures) for papers in sent}
    assert counts == {0, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("number", range(3))
def test_pictures_are_jpg_clear_of_both_readings_of_2m_and_differ(number):
    large, small, woven = (
        synthetic_images.draw_landscape((5, number)),
        synthetic_images.draw_landscape((5, number), small=True),
        synthetic_images.draw_woven_landscape((5, number)),
    )
    assert large[:3] == small[:3] == woven[:3] == b"\xff\xd8\xff"
    assert 2_097_152 < len(large) < 2_250_000 and len(small) < 950_000
    assert large != synthetic_images.draw_landscape((6, number))
    assert 2_150_000 < len(woven) < 2_800_000 and len(zlib.compress(woven)) < 390_000
    read = read_image(woven)
    assert (read.findings, read.signs) == ((), ())


def attachments(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return {
        part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()
    }


def test_mail_is_real_mime_with_chinese_names_in_both_styles(folder):
    raw = [path.read_bytes() for path in sorted((folder / "inbox").glob("*-2-*.eml"))]
    assert any(b"filename*=utf-8''" in data for data in raw)
    assert any(b'filename="=?gb18030?b?' in data for data in raw)
    for data in raw:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert data.startswith(b"Received: ") and message["Message-ID"]
        assert message["Date"].datetime.isoformat().startswith("2020-0")
        assert all(
            re.search(r"[一-龥]", part.get_filename()) for part in message.iter_attachments()
        )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_forms_carry_the_labels_and_pictures_of_the_annex(form, folder):
    files = {}
    for path in sorted((folder / "inbox").glob("1*-2-*.eml")):
        files |= {
            name: data for name, data in attachments(path).items() if name.startswith(form.annex)
        }
    document = Document(BytesIO(next(iter(files.values()))))
    printed = "".join(
        "".join(cell.text.split()) for row in document.tables[0].rows for cell in row.cells
    )
    assert all(field.label.replace(" ", "") in printed for field in form.fields)
    assert len(document.inline_shapes) == (2 if form.photo else 1)


def test_a_blank_figure_is_an_empty_cell(folder, answers):
    fault = next(row for row in answers["planted"] if row["code"] == "figure_missing")
    data = next(
        data for name, data in attachments(folder / fault["file"]).items() if name.endswith(".xlsx")
    )
    sheet = load_workbook(BytesIO(data))["盘点"]
    assert sheet["A1"].value == "科技助力精准扶贫“两数”任务目标盘点表"
    figures = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1] is not None]
    assert [row[2] for row in figures].count(None) == 1


def test_office_files_hold_no_clock(folder):
    for path in sorted((folder / "inbox").glob("1*-2-*.eml"))[:3]:
        for data in attachments(path).values():
            if not zipfile.is_zipfile(BytesIO(data)):
                continue  # the damaged one
            archive = zipfile.ZipFile(BytesIO(data))
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert set(
                re.findall(r"(\d{4}-\d\d)-\d\dT", archive.read("docProps/core.xml").decode())
            ) == {"2020-06"}


def readings(state, each=5):
    members = [member.member for member in state.round.panel]
    rows = [
        {
            "member": members[(number * each + turn) % len(members)],
            "case": case.id,
            "position": number,
        }
        for number, case in enumerate(state.screening.cases)
        for turn in range(each)
    ]
    return pd.DataFrame(rows)


def test_marks_are_on_the_scale_follow_quality_and_do_not_depend_on_row_order(state, answers):
    frame, cases = readings(state), state.screening.cases
    bodies = rehearsal.simulate_scores(state.round, cases, frame)
    assert bodies == rehearsal.simulate_scores(
        state.round, cases[::-1], frame.sample(frac=1, random_state=3)
    )
    assert Counter(type(body) for body in bodies) == {MemberRecused: 2, ScoreGiven: len(frame) - 2}
    scale, names = state.round.rubric.scale, {case.id: case for case in cases}
    totals = {}
    for body in bodies:
        if isinstance(body, MemberRecused):
            assert body.reason
            continue
        criteria = {item.id for item in state.round.rubric.criteria(names[body.case].kind)}
        assert set(body.scores) == criteria
        marks = list(body.scores.values())
        assert all(scale.least <= mark <= scale.most and mark % scale.step == 0 for mark in marks)
        extreme = min(marks) < scale.comment_below or max(marks) >= scale.comment_from
        assert bool(body.comment) == extreme
        totals.setdefault(body.case, []).append(np.mean(marks))
    quality = [
        answers["qualities"][f"{names[case].unit}/{names[case].kind}/{names[case].name}"]
        for case in totals
    ]
    assert np.corrcoef(quality, [np.mean(marks) for marks in totals.values()])[0, 1] > 0.7


def test_a_round_without_answers_is_refused_in_chinese(state, rules_folder):
    with pytest.raises(OutputError, match="演练"):
        rehearsal.simulate_scores(load_round(rules_folder), state.screening.cases, readings(state))


def test_the_members_table_finds_the_planted_habits(state, answers):
    """Severity of all; who is careless sets cases apart less, or marks less steadily."""
    kind = {case.id: case.kind for case in state.screening.cases}
    weights = {
        name: {item.id: item.weight for item in state.round.rubric.criteria(name)}
        for name in set(kind.values())
    }
    frame = readings(state, each=7)
    given = [
        body
        for body in rehearsal.simulate_scores(state.round, state.screening.cases, frame)
        if isinstance(body, ScoreGiven) and kind[body.case] == "individual"
    ]
    totals = pd.DataFrame(
        {
            "member": body.member,
            "case": body.case,
            "total": sum(weights["individual"][name] * mark for name, mark in body.scores.items()),
        }
        for body in given
    )
    members = rank_cases(totals, seats=5, method="adjusted", quorum=1).members.set_index("member")
    planted = pd.DataFrame(answers["members"]).T.loc[members.index]
    severity = 10 * (planted["severity"] - planted["severity"].mean()).astype(float)
    assert np.corrcoef(severity, members["severity"])[0, 1] > 0.9
    held = members["severity_low"].lt(severity) & members["severity_high"].gt(severity)
    assert held.mean() >= 0.8
    clear = severity[severity.abs() > 5].index
    found = members.loc[clear]
    assert ((found["severity_low"] > 0) | (found["severity_high"] < 0)).mean() > 0.7
    careless = planted["careless"].astype(bool)
    assert careless.any()
    odd = members["noise"] / members["spread"]
    assert set(odd.nlargest(careless.sum()).index) == set(careless[careless].index)
