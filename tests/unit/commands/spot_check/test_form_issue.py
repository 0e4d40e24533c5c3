"""Issue: a table of checkers becomes plans, forms and letters, each once."""

import pytest
from docx import Document

from kjfp_helpers.commands.spot_check.form_import import import_visit_forms
from kjfp_helpers.commands.spot_check.form_issue import issue_visit_forms
from kjfp_helpers.core.errors import ParameterError, RuleErrors
from kjfp_helpers.core.events import LetterIssued, VisitFormIssued
from support.spot_check_round import VISIT, draw_round, fill

pytestmark = pytest.mark.slow

HEADS = "单位,检查日期,姓名,工作单位,所在省份,关联单位,核实理由"


def silent(done, total):
    pass


def table(folder, *rows):
    path = folder / "teams.csv"
    path.write_text("\n".join([HEADS, *rows]) + "\n", "gb18030")
    return path


def letters(session):
    return [(one.body.title, one.body.unit) for one in session.events().of(LetterIssued)]


def test_forms_and_letters_go_out_once_and_findings_are_fed_back(tmp_path):
    session = draw_round(tmp_path)
    unit = session.current_state().spot_check.lot.units[0]
    name = session.round.unit_by_code[unit].short_name
    rows = [f"{name},{VISIT},测试{who},某某大学,河南省,,," for who in "甲乙"]
    made = issue_visit_forms(session, silent, teams=table(tmp_path, *(row[:-1] for row in rows)))
    forms = session.events().of(VisitFormIssued)
    assert made.made == len(forms) == 2 and letters(session) == [("抽查通知", unit)]
    text = "\n".join(
        cell.text
        for path in (session.outputs / "letters" / "issued").rglob("*.docx")
        for part in Document(path).tables
        for row in part.rows
        for cell in row.cells
    )
    assert "测试甲" in text and "支持建设农技协数" in text
    again = table(tmp_path, *(row[:-1] for row in rows))
    assert issue_visit_forms(session, silent, teams=again).made == 0 and len(letters(session)) == 1
    blank = session.outputs / forms[0].body.path
    import_visit_forms(
        session, silent, files=[fill(session, blank, tmp_path / "f.xlsx", {"people.found": 1})]
    )
    issue_visit_forms(session, silent)
    issue_visit_forms(session, silent)
    assert letters(session) == [("抽查通知", unit), ("抽查问题反馈函", unit)]


def test_every_wrong_row_of_the_table_is_named_at_once(tmp_path):
    session = draw_round(tmp_path)
    path = table(tmp_path, "河被,2020-08-31,甲,某某大学,,,", ",2020-08-31,,某某大学,,,")
    with pytest.raises(RuleErrors) as caught:
        issue_visit_forms(session, silent, teams=path)
    told = str(caught.value)
    assert "teams.csv 第2行“unit”" in told and "“name”" in told and "第3行" in told
    other = next(
        code
        for code, unit in session.round.unit_by_code.items()
        if code not in session.current_state().spot_check.visits
    )
    rows = [f"{other},2020-08-31,测试{who},某某大学,河南省,," for who in "甲乙"]
    drawn = session.current_state().spot_check.lot.units[0]
    rows.append(f"{drawn},2020-08-31,测试丙,某某大学,河南省,,")
    with pytest.raises(ParameterError, match=r"抽查名单[^$]*至少"):
        issue_visit_forms(session, silent, teams=table(tmp_path, *rows))
    assert not session.events().of(VisitFormIssued)
