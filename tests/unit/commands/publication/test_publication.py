"""From the final list to a second public notice: versions, objections, what they change."""

from datetime import date, datetime

import docx
import pytest

from kjfp_helpers import commands
from kjfp_helpers.commands.publication.notice_publication import find_period, publish_notice
from kjfp_helpers.commands.verification.publication_check import check_publications
from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import IdentityViewed, NoticeWithdrawn
from kjfp_helpers.reports.data.objection_rows import build_objection_rows
from kjfp_helpers.reports.office.decision.public_notice import list_disclosures
from kjfp_helpers.reports.office.letters.objection_reply import make_reply
from kjfp_helpers.state.publication.objection_acts import (
    find_objection,
    make_assignment,
    make_inquiry,
    make_receipt,
    make_ruling,
    make_withdrawal,
    view_objector,
)
from kjfp_helpers.state.publication.objection_files import Objector
from kjfp_helpers.state.publication.objections import (
    AFTER_PERIOD,
    CLOSED,
    IN_PERIOD,
    TO_ASSIGN,
    TO_INQUIRE,
    TO_REPLY,
    TO_RULE,
)
from kjfp_helpers.state.publication.published_notices import list_notices, standing_notice
from kjfp_helpers.state.revocations import make_revocation
from kjfp_helpers.state.secretary.progress.round_progress import list_steps
from support.rounds.finished_round import waive_gates
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

pytestmark = pytest.mark.slow

TWO = ("测试甲", "测试乙")
WHO = Objector(name="举报人某某", unit="某县某村", contact="13900001234")
DAY = date(2020, 11, 2)
DAY_TIME = datetime(2020, 12, 30, 9)


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("publication"))
    score(session)
    yield session
    session.close()


def finish_list(session):
    waive_gates(session)
    commands.shortlist(session, silent)


def receive(session, **given):
    session.record(make_receipt(session, **given))


def listed(session, kind):
    table = session.current_state().decision.shortlist
    return list(table[(table["status"] == "listed") & (table["kind"] == kind)]["case"])


def test_a_list_that_is_a_draft_is_not_published(session):
    with pytest.raises(NotReadyError, match="kjfp shortlist"):
        publish_notice(session, silent, day=DAY)
    assert not (session.outputs / "notices").exists()


def test_the_first_notice_names_its_days_and_is_recorded_with_every_file(session):
    finish_list(session)
    publish_notice(session, silent, day=DAY)
    notice = standing_notice(session.ledger.events())
    assert notice.days == (date(2020, 11, 2), date(2020, 11, 10))
    assert len(notice.body.files) == 3
    waived = list_disclosures(session.current_state())
    draft = docx.Document(session.outputs / "publication.docx")
    out = docx.Document(session.outputs / "notices/1/公示.docx")
    for paper in (draft, out):  # the draft and what goes out say the same of what was let go
        said = "\n".join(part.text for part in paper.paragraphs)
        assert waived and all(line in said for line in waived)
        assert "台账" not in said  # who recorded it, and where, is for the office
        names = {
            name for event in session.ledger.events() for name in getattr(event.body, "by", ())
        }
        assert names and not any(name in said for name in names)
    text = "\n".join(
        part.text for part in docx.Document(session.outputs / "notices/1/公示.docx").paragraphs
    )
    assert "2020年11月2日至2020年11月10日（7个工作日）" in text and "由办公室填写" not in text
    with pytest.raises(NotReadyError, match="没有变动"):
        publish_notice(session, silent, day=DAY, reason="重复")


def test_a_year_without_holidays_in_the_calendar_is_refused(session):
    with pytest.raises(ParameterError, match="2021年"):
        find_period(session.round, date(2020, 12, 28))
    assert find_period(session.round, date(2020, 9, 30)) == (
        date(2020, 9, 30),
        date(2020, 10, 15),  # the national holidays, and a Saturday that is worked
    )


def test_an_objection_goes_from_receipt_to_reply_and_strikes_a_name(session):
    struck = listed(session, "individual")[0]
    receive(
        session,
        cases=[struck],
        at=datetime(2020, 11, 4, 9),
        channel="来信",
        subject="所报脱贫人数不实",
        objector=WHO,
        evidence=[("证明.txt", "材料".encode())],
    )

    def state():
        return find_objection(session, 1).state

    assert state() == TO_ASSIGN and find_objection(session, 1).period == IN_PERIOD
    with pytest.raises(ParameterError, match="没有核查"):
        rule(session, "成立", [struck])
    session.record(make_assignment(session, 1, ["核查员丙"]))
    assert state() == TO_INQUIRE
    session.record(
        make_inquiry(
            session, 1, findings="经查，人数多报一倍。", document="核查报告1号", by=["核查员丙"]
        )
    )
    assert state() == TO_RULE
    other = listed(session, "individual")[1]
    for outcome, cases, by in (
        ("不成立", [struck], TWO),
        ("成立", [other], TWO),
        ("成立", [], TWO[:1]),
    ):
        with pytest.raises(ParameterError):
            rule(session, outcome, cases, by)
    rule(session, "成立", [struck])
    assert state() == TO_REPLY and struck not in listed(session, "individual")
    session.record(make_reply(session, 1, date(2020, 11, 12)))
    assert state() == CLOSED
    reply = next((session.round.folder / "objections").glob("001-*答复*.docx"))
    text = "\n".join(part.text for part in docx.Document(reply).paragraphs)
    assert WHO.name in text and "多报一倍" in text and "撤出名单" in text


def rule(session, outcome, struck, by=TWO):
    body = make_ruling(
        find_objection(session, 1),
        outcome=outcome,
        struck=struck,
        reason="人数不实",
        document="会议纪要9号",
        by=by,
    )
    return session.record(body)[0]


def test_the_next_notice_cites_the_first_and_never_touches_it(session):
    first = {path: path.read_bytes() for path in (session.outputs / "notices/1").iterdir()}
    with pytest.raises(NotReadyError, match="kjfp shortlist"):
        publish_notice(session, silent, day=date(2020, 11, 16), reason="第1号异议成立")
    finish_list(session)
    with pytest.raises(ParameterError, match="理由"):
        publish_notice(session, silent, day=date(2020, 11, 16))
    publish_notice(session, silent, day=date(2020, 11, 16), reason="第1号异议成立")
    assert {path: path.read_bytes() for path in first} == first
    second = list_notices(session.ledger.events())[1]
    assert len(second.removed) == 1 and len(second.added) == 1
    page = (session.outputs / "notices/2/公示.html").read_text("utf-8")
    name = session.current_state().screening.case_by_id[second.removed[0]].name
    assert f"替代2020年11月2日的公示：撤下{name}（" in page


def test_who_objects_stands_in_no_event_and_no_output_and_each_look_is_recorded(session):
    before = len(session.ledger.events().of(IdentityViewed))
    assert view_objector(session, 1) == WHO
    assert len(session.ledger.events().of(IdentityViewed)) == before + 1
    said = "".join(str(event.body) for event in session.ledger.events())
    rows = "".join(str(row) for row in build_objection_rows(session.current_state()))
    assert WHO.name not in said + rows and WHO.contact not in said + rows
    for path in session.outputs.rglob("*"):
        assert not path.is_file() or WHO.name.encode() not in path.read_bytes()
    folder = session.round.folder / "objections"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_anonymous_and_late_objections_are_kept_apart(session):
    receive(
        session,
        cases=[],
        at=datetime(2020, 12, 30, 9),
        channel="电话",
        subject="程序不公，电话13812345678",
    )
    last = list(build_objection_rows(session.current_state()))[-1]
    assert (last["signed"], last["period"]) == ("匿名", AFTER_PERIOD)
    assert "13812345678" not in last["subject"]
    with pytest.raises(NotReadyError, match="匿名"):
        make_reply(session, 2, DAY)
    struck = find_objection(session, 1)
    with pytest.raises(ParameterError, match="已撤下名单"):
        make_withdrawal(session, 1, "登记有误")
    with pytest.raises(ParameterError, match="已撤下名单"):
        receive(session, cases=[], at=DAY_TIME, channel="来信", subject="更正", number=1)
    assert find_objection(session, 1) == struck
    receive(
        session, cases=[], at=DAY_TIME, channel="来信", subject="补署名", objector=WHO, number=2
    )
    receive(session, cases=[], at=DAY_TIME, channel="来信", subject="更正内容", number=2)
    assert find_objection(session, 2).is_named and view_objector(session, 2) == WHO
    session.record(make_withdrawal(session, 2, "登记有误"))
    assert not find_objection(session, 2).is_open


def test_two_clerks_who_enter_objections_at_once_get_two_numbers(session):
    bodies = [
        make_receipt(session, cases=[], at=DAY_TIME, channel="来信", subject=subject)
        for subject in ("同时登记之一", "同时登记之二")
    ]
    numbers = [session.record(body)[0].body.number for body in bodies]
    assert numbers == [numbers[0], numbers[0] + 1]
    for number in numbers:
        session.record(make_withdrawal(session, number, "试登记"))


def test_altered_notices_and_files_of_objections_are_told(session):
    events = session.ledger.events()
    assert check_publications(session, events).differences == ()
    path = session.outputs / "notices/1/公示.html"
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    proof = next((session.round.folder / "objections").glob("*证明.txt"))
    proof.write_text("换过", "utf-8")
    told = check_publications(session, events).differences
    assert any("第1版公示" in line for line in told) and any(
        "证明.txt有改动" in line for line in told
    )
    path.write_bytes(kept)
    proof.write_text("材料", "utf-8")


def test_a_ruling_and_a_notice_are_taken_back_by_events(session):
    ruled = find_objection(session, 1).ruled
    struck = ruled.body.struck[0]
    session.record(
        make_revocation(
            session.ledger.events(), ruled.seq, reason="复核", document="会议纪要10号", by=TWO
        )
    )
    assert find_objection(session, 1).ruled is None and struck in listed(session, "individual")
    session.record(NoticeWithdrawn(version=2, reason="复核", document="会议纪要10号", by=TWO))
    assert standing_notice(session.ledger.events()) is None, "what was replaced does not come back"
    steps = {step.title: step for step in list_steps(session, session.current_state())}
    assert "没有现行的公示" in steps["公示"].more
