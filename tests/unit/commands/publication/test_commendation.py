"""From the published list to the decision, its certificates, and a revocation years later."""

from datetime import date, datetime
from io import BytesIO

import docx
import openpyxl
import pytest

from kjfp_helpers import commands
from kjfp_helpers.commands.publication.commendation_issue import issue_decision
from kjfp_helpers.commands.publication.notice_publication import publish_notice
from kjfp_helpers.commands.verification.publication_check import (
    check_publications,
    match_published_file,
)
from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import SeatAdded
from kjfp_helpers.reports.office.commendation.certificate_template import (
    PLACES,
    CertificateTemplate,
    default_template,
)
from kjfp_helpers.state.publication.commendation_acts import (
    make_commendation_revocation,
    make_decision_withdrawal,
)
from kjfp_helpers.state.publication.commendations import commended_cases, standing_commendation
from kjfp_helpers.state.publication.list_versions import list_versions
from kjfp_helpers.state.publication.objection_acts import make_receipt, make_withdrawal
from kjfp_helpers.state.revocations import make_revocation
from support.rounds.finished_round import waive_gates
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

TWO = ("测试甲", "测试乙")
NUMBER = "演练发〔2020〕9号"


def silent(done, total):
    pass


def issue(session, day=date(2020, 12, 1), number=NUMBER, **given):
    return issue_decision(session, silent, day=day, number=number, **given)


def publish(session, day, reason=""):
    waive_gates(session)
    commands.shortlist(session, silent)
    publish_notice(session, silent, day=day, reason=reason)


def paper_text(path):
    paper = docx.Document(path)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(part.text for part in paper.paragraphs), *cells])


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A round whose list was published, then one person added by resolution and published."""
    session = open_round(tmp_path_factory.mktemp("commendation"))
    score(session)
    with pytest.raises(NotReadyError, match="定稿"):
        issue(session)
    publish(session, date(2020, 11, 2))
    table = session.current_state().decision.shortlist
    reserve = table[(table["kind"] == "individual") & (table["status"] == "reserve")]["case"]
    session.record(
        SeatAdded(case=next(iter(reserve)), resolution="演练决议3号", reason="并列", by=TWO)
    )
    yield session
    session.close()


@pytest.mark.slow
def test_the_decision_waits_for_the_published_list_its_days_and_the_objections(session):
    waive_gates(session)
    with pytest.raises(NotReadyError, match="名单有变动"):
        issue(session)
    publish(session, date(2020, 11, 16), "按决议增列")
    with pytest.raises(NotReadyError, match="公示期满"):
        issue(session, day=date(2020, 11, 24))
    objection = make_receipt(
        session, cases=[], at=datetime(2020, 11, 17, 9), channel="来信", subject="不实"
    )
    (received,) = session.record(objection)
    with pytest.raises(NotReadyError, match="第1号（待指定核查人）未办结"):
        issue(session)
    session.record(make_withdrawal(session, received.body.number, "反映人撤回"))
    with pytest.raises(ParameterError, match="文号"):
        issue(session, number=" ")
    assert not (session.outputs / "decision").exists()


@pytest.mark.slow
def test_the_decision_names_all_and_why_there_are_more_and_each_has_a_certificate(session):
    issue(session)
    standing = standing_commendation(session.ledger.events())
    state, cases = session.current_state(), standing.body.cases
    assert set(cases) == set(state.decision.listed["case"]) and len(cases) == 6
    folder = session.outputs / "decision/1"
    text = paper_text(folder / "表扬决定.docx")
    assert NUMBER in text and "原定3名，实际表扬4名" in text and "按演练决议3号增列" in text
    names = [state.screening.case_by_id[case].name for case in cases]
    assert all(name in text for name in names)
    certificates = sorted((folder / "证书").iterdir())
    assert len(certificates) == 6
    assert not [path.name for path in certificates if ".bin" in path.name]
    for path in certificates:
        said = paper_text(path)
        assert "{{" not in said and "演练" in said
        assert sum(f"{name}：" in said for name in names) == 1
    book = openpyxl.load_workbook(folder / "表扬名单.xlsx")
    assert book.sheetnames == ["表扬名单", "名单各版", "发文单位"]
    sent = [str(row) for row in book["发文单位"].values if "随发：" in str(row)]
    assert sent and all(any(name in row for row in sent) for name in names)
    assert [one.number for one in list_versions(session.ledger.events())] == [1, 2]
    with pytest.raises(NotReadyError, match="不必再印发"):
        issue(session)


@pytest.mark.slow
def test_a_revocation_years_later_makes_another_list_that_cites_the_first(session):
    first = {path: path.read_bytes() for path in (session.outputs / "decision/1").rglob("*.*")}
    before = commended_cases(session.ledger.events())
    case, other = before[0], before[1]
    state = session.current_state()
    with pytest.raises(ParameterError, match="撤销表扬"):
        make_commendation_revocation(state, "T99-9", reason="x", document="y", by=TWO)
    given = {"reason": "事迹造假", "document": "查处通报1号", "by": TWO}
    (mistaken,) = session.record(make_commendation_revocation(state, other, **given))
    session.record(
        make_revocation(
            session.ledger.events(), mistaken.seq, reason="错录", document="纪要2号", by=TWO
        )
    )
    session.record(make_commendation_revocation(state, case, **given))
    issue(session, day=date(2023, 5, 8), number="演练发〔2023〕2号")
    assert {path: path.read_bytes() for path in first} == first
    last = list_versions(session.ledger.events())[-1]
    assert (last.number, last.removed) == (3, (case,)) and other in last.cases
    folder = session.outputs / "decision/2"
    text, name = paper_text(folder / "表扬决定.docx"), state.screening.case_by_id[case].name
    assert f"关于撤销{name}" in text and NUMBER in text and "第3版" in text and "造假" in text
    assert not (folder / "证书").exists(), "who keeps the commendation keeps the certificate"
    told = {
        cell
        for row in openpyxl.load_workbook(folder / "表扬名单.xlsx")["发文单位"].values
        for cell in row
        if "收回：" in str(cell) or "随发：" in str(cell)
    }
    assert told == {f"收回：{name}"}
    assert commended_cases(session.ledger.events()) == before[1:]


@pytest.mark.slow
def test_verify_knows_the_papers_of_a_decision_and_a_withdrawn_one_says_so(session):
    events = session.ledger.events()
    assert check_publications(session, events).differences == ()
    path = next((session.outputs / "decision/1/证书").iterdir())
    assert match_published_file(events, path).matching == 1
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    assert any("第1版表扬决定" in line for line in check_publications(session, events).differences)
    path.write_bytes(kept)
    given = {"reason": "文号有误", "document": "纪要3号", "by": TWO}
    session.record(make_decision_withdrawal(events, **given))
    assert standing_commendation(session.ledger.events()) is None
    with pytest.raises(ParameterError, match="--reason"):
        issue(session, day=date(2023, 6, 1))


@pytest.mark.slow
def test_who_was_revoked_stays_out_of_a_new_version_until_the_revocation_is_taken_back(session):
    first = list_versions(session.ledger.events())[-2].cases
    (revoked,) = {*first} - {*list_versions(session.ledger.events())[-1].cases}
    issue(session, day=date(2023, 6, 1), number="演练发〔2023〕3号", reason="更正文号")
    standing = standing_commendation(session.ledger.events())
    assert set(standing.body.cases) == {*first} - {revoked}
    text = paper_text(session.outputs / "decision/3/表扬决定.docx")
    assert "决定撤销对其表扬" in text and NUMBER in text
    event = [e for e in session.ledger.events() if e.kind == "CommendationRevoked"][-1]
    session.record(
        make_revocation(
            session.ledger.events(), event.seq, reason="查无实据", document="纪要4号", by=TWO
        )
    )
    with pytest.raises(ParameterError, match="--reason"):
        issue(session, day=date(2024, 1, 8))
    issue(session, day=date(2024, 1, 8), number="演练发〔2024〕1号", reason="恢复表扬")
    assert set(standing_commendation(session.ledger.events()).body.cases) == {*first}
    assert not (session.outputs / "decision/4/证书").exists()


def test_a_template_of_the_office_is_filled_wherever_word_cut_its_places_and_checked_before():
    paper = docx.Document()
    paragraph = paper.add_paragraph()
    for part in ("尊敬的{{姓", "名}}同志：{{ 文号 }}", "{{日期}}"):
        paragraph.add_run(part)
    data = BytesIO()
    paper.save(data)
    made = CertificateTemplate(data.getvalue(), "本办.docx").fill(
        {"姓名": "<甲&乙>", "文号": "1号"}
    )
    assert docx.Document(BytesIO(made)).paragraphs[0].text == "尊敬的<甲&乙>同志：1号"
    paragraph.add_run("{{姓明}}")
    wrong = BytesIO()
    paper.save(wrong)
    with pytest.raises(ParameterError, match="是否要写“姓名”"):
        CertificateTemplate(wrong.getvalue(), "本办.docx")
    for broken in (b"", b"PK", default_template()[:-40]):
        with pytest.raises(ParameterError, match="docx 文件"):
            CertificateTemplate(broken, "坏.docx")
    text = docx.Document(BytesIO(default_template())).paragraphs
    assert sum("{{" in part.text for part in text) >= 5 and len(PLACES) == 10
