"""Whatever keeps a nomination out has an answer in the queue, which the letters and the list obey."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from intake_makers import PERSON, TEAM, form, letter
from panel_round import make_round

from kjfp_helpers import flow
from kjfp_helpers.derivation import Desk
from kjfp_helpers.derivation import answers as say
from kjfp_helpers.derivation.history import history
from kjfp_helpers.derivation.queue import items, records
from kjfp_helpers.reports.office.dossier import dossiers

ZONE = ZoneInfo("Asia/Shanghai")
LATE = "Thu, 20 Aug 2020 09:00:00 +0800"
LONG = "带领专家走村入户开展培训。" * 200


def mails():
    one = PERSON | {"name": "测甲某13"}
    two = PERSON | {"name": "测乙某13", "story": LONG}
    crowd = {f"附件1-{n}.docx": form(TEAM | {"team_name": f"测试团队34之{n}"}) for n in (1, 2, 3)}
    return {
        "1.eml": letter({"附件2.docx": form(one)}, subject="河北报送材料", sent=LATE, number=1),
        "2.eml": letter({"附件2乙.docx": form(two)}, subject="河北报送材料", number=2),
        "3.eml": letter(crowd, subject="安徽报送材料", number=3),
    }


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = make_round(tmp_path)
    for name, data in mails().items():
        (folder / "inbox").mkdir(exist_ok=True)
        (folder / "inbox" / name).write_bytes(data)
    desk = Desk.open(folder, tmp_path / "outputs" / "practice", create=True)
    flow.intake(desk, lambda done, total: None)
    return desk


def item(desk, code, done=False):
    found = [one for one in items(desk.review()) if one.finding.code == code]
    return next(one for one in found if (one.done is not None) == done)


def reasons(desk, name):
    return next(case.reasons for case in desk.review().cases if case.name == name)


def asked(desk, unit):
    own = next(one for one in dossiers(desk.review()) if one.unit.code == unit)
    return {one.code for one in (*own.faults, *own.questions)}


@pytest.mark.parametrize(("code", "name"), [("late", "测甲某13"), ("story_too_long", "测乙某13")])
def test_a_late_or_long_nomination_is_admitted_and_the_ruling_is_taken_back(desk, code, name):
    assert code in reasons(desk, name) and code in asked(desk, "13")
    desk.record(*say.confirm(desk.review(), item(desk, code), "同意接收"))
    assert code not in reasons(desk, name) and code not in asked(desk, "13")
    desk.record(*say.take_back(desk.review(), item(desk, code, done=True), "误记"))
    assert code in reasons(desk, name) and code in asked(desk, "13")


def test_an_over_quota_unit_chooses_and_may_choose_again(desk):
    question = item(desk, "over_quota")
    listed = say.candidates(desk.review(), question)
    assert len(listed) == 3 and all("over_quota" in case.reasons for case in listed)
    kept = [case.id for case in listed[:2]]
    desk.record(*say.choose(question, kept, "复函1号", 3))
    done = item(desk, "over_quota", done=True)
    assert done.done.body.receipt == 3 and len(history(desk.review(), done)) == 1
    held = {case.id for case in desk.review().cases if "over_quota" in case.reasons}
    assert held == {listed[2].id} and not [
        one for one in items(desk.review()) if one.finding.code == "over_quota" and not one.done
    ]
    desk.record(*say.take_back(desk.review(), done, "误记"))
    assert len([case for case in desk.review().cases if "over_quota" in case.reasons]) == 3


def test_any_nomination_is_withdrawn_from_the_list_of_all_material_and_restored(desk):
    every = records(desk.review())
    assert {one.record.kind for one in every} == {"team", "individual"} and len(every) == 5
    first = next(one for one in every if one.finding.case.startswith("T34"))
    desk.record(*say.withdraw(first, "来函", 3))
    assert "over_quota" not in reasons(desk, "测试团队34之2")
    assert desk.review().case_by_id[first.finding.case].reasons == ("withdrawn",)
    desk.record(*say.take_back(desk.review(), item(desk, "withdrawn", done=True), "误记"))
    assert "withdrawn" not in desk.review().case_by_id[first.finding.case].reasons


def test_any_record_is_corrected_and_its_source_is_kept(desk):
    one = next(one for one in records(desk.review()) if one.nominee == "测甲某13")
    desk.record(
        *say.correct(one, [("employer", one.record.body.employer, "新单位")], "来电", "电话")
    )
    assert desk.review().case_by_id[one.finding.case].nominee.employer == "新单位"
    assert desk.review().events[-1].body.channel == "电话"


def test_a_recorded_arrival_decides_and_can_be_taken_back(desk):
    question = next(one for one in records(desk.review()) if one.nominee == "测甲某13")
    desk.record(*say.date_arrival(question, datetime(2020, 8, 10, 9, tzinfo=ZONE), "见登记"))
    assert "late" not in reasons(desk, "测甲某13")
    done = item(desk, "arrival_unknown", done=True)
    desk.record(*say.take_back(desk.review(), done, "误记"))
    assert "late" in reasons(desk, "测甲某13")
