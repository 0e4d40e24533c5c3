"""Roles: what an account may open, record and run, held against a real round with accounts."""

import json
import shutil

import ipywidgets as widgets
import pytest

from kjfp_helpers import panels, reports
from kjfp_helpers.cli import main
from kjfp_helpers.core import events
from kjfp_helpers.core.errors import AccessError, RuleErrors
from kjfp_helpers.core.events import (
    BallotCounted,
    BallotOpened,
    CaseVetoed,
    ConflictRuled,
    Event,
    IdentitiesRevealed,
    MemberWithdrawn,
    ReadingsAssigned,
    RulesFrozen,
    ScoreGiven,
    ScoringClosed,
    SummaryAssessed,
)
from kjfp_helpers.panels.ballots.vote_page import BallotPage
from kjfp_helpers.panels.meeting.decision_forms import DecisionForms
from kjfp_helpers.panels.pages.row_details import describe_case, describe_unit
from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler
from kjfp_helpers.panels.widgets.page_widget import PanelWidget
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.access import EVENT_PERMISSIONS, SCREEN_PERMISSIONS
from kjfp_helpers.state.secretary.progress.round_progress import list_steps
from support.pages.scoring_messages import Page, bodies
from support.pages.widget_tree import button, confirm, everything, of_kind, text
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

ROLES = """user,role,name
liu,秘书,测试刘
zhou,组长,测试周
bob,组长,测试评委2
tom,计票人,测试汤
tim,计票人,测试提
ji,纪检,测试纪
kao,考核,测试考
"""
VETO = {"clause": "二", "document": "文件", "by": ("甲", "乙")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A scored round that is a real one: alice is M01, bob M02 and the group's head."""
    root = tmp_path_factory.mktemp("roles")
    session = open_round(root)
    score(session)
    session.ledger.close()
    folder = session.round.folder
    notice = folder / "notice.toml"
    lines = notice.read_text("utf-8").splitlines(keepends=True)
    kept = (line for line in lines if not line.startswith("clock ="))
    notice.write_text("".join(kept).replace("rehearsal = true", "rehearsal = false"), "utf-8")
    panel = folder / "panel.csv"
    rows = panel.read_text("utf-8").replace(
        "测试评委1,测试大学,北京市,种植,,", "测试评委1,测试大学,北京市,种植,alice,"
    )
    panel.write_text(
        rows.replace("测试评委2,测试大学,北京市,种植,,", "测试评委2,测试大学,北京市,种植,bob,"),
        "utf-8",
    )
    return root


@pytest.fixture
def opened(made, tmp_path, monkeypatch):
    """Open a copy of the round as an account, with ``roles.csv`` unless told otherwise."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "data" / "practice"

    def open_as(user, roles=ROLES):
        monkeypatch.setenv("JUPYTERHUB_USER", user)
        if roles:
            (folder / "roles.csv").write_text(roles, "utf-8")
        session = RoundSession.open(folder, tmp_path / "outputs" / "practice")
        if roles and session.ledger.events()[-1].kind == "MarkGiven":  # frozen as it now stands
            session.ledger.append(
                RulesFrozen(digest=session.round.digest, files=dict(session.round.files)),
                actor="liu（秘书）",
                at=session.ledger.events()[-1].at,
            )
        return session

    return open_as


def state(widget):
    return json.dumps(
        [one.get_state() for one in everything(widget)], ensure_ascii=False, default=str
    )


def told(session):
    """Names of nominees and numbers of marks that no member may see of others."""
    state = session.current_state()
    return {case.name for case in state.screening.eligible_cases}


@pytest.mark.parametrize(
    ("user", "opens"),
    [
        ("liu", "start intake stocktake summaries results exhibition"),
        ("zhou", "start stocktake summaries results exhibition"),
        ("ji", "start intake stocktake summaries results exhibition"),
        ("tom", "start results"),
        ("kao", "start summaries"),
        ("alice", "start"),
        ("bob", "start stocktake summaries results exhibition"),
        ("who", ""),
    ],
)
def test_a_screen_opens_to_those_it_is_for_and_says_so_to_others(opened, user, opens):
    session = opened(user)
    for name in ("start", "intake", "stocktake", "summaries", "results", "exhibition"):
        screen = getattr(panels, f"show_{name}")(session)
        refused = "不能打开" in text(screen)
        assert refused == (name not in opens.split()), name
        if refused:
            assert user in text(screen) and SCREEN_PERMISSIONS[name].title in text(screen)
            held = state(screen)
            assert not any(name in held for name in told(session))


def test_a_member_sees_no_result_in_state_or_output(opened):
    session = opened("alice")
    outputs = [
        reports.plot_member_scores(session),
        reports.plot_cutoff(session, "team"),
        reports.plot_completion(session),
        reports.plot_province_map(session),
    ]
    assert all(
        output._repr_mimebundle_() == {"text/html": "", "text/plain": ""} for output in outputs
    )
    assert "M01.ipynb" in text(panels.show_results(session))
    for act in (DecisionForms, BallotPage):
        made = act(session, lambda: None)
        held = state(made if isinstance(made, widgets.Widget) else made.widget)
        assert not any(name in held for name in told(session))
    shown = text(panels.show_start(session))
    assert "评委进度" in shown and "请留意" not in shown
    office = reports.plot_member_scores(opened("liu"))
    assert office.html


def test_unit_reports_are_not_for_members_before_the_reveal(opened):
    session = opened("liu")
    page = session.outputs / "reports" / "index.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text("", "utf-8")
    events = session.ledger.events()
    may = {
        user: opened(user).access().may_read_reports(events)
        for user in ("liu", "zhou", "ji", "bob", "alice", "tom", "kao", "who")
    }
    assert [user for user, can in may.items() if can] == ["liu", "zhou", "ji", "bob"]
    assert "reports/index.html" in text(panels.show_start(opened("liu")))
    assert "reports/index.html" not in text(panels.show_start(opened("alice")))
    opened("liu").record(IdentitiesRevealed(reason="评分已毕", by=("甲", "乙")))
    assert opened("alice").access().may_read_reports(opened("liu").ledger.events())
    assert "reports/index.html" in text(panels.show_start(opened("alice")))


def test_steps_tell_an_account_only_of_what_opens_to_it(opened):
    outputs = opened("liu").outputs
    (outputs / "reports").mkdir(exist_ok=True)
    for name in ("publication.docx", "reports/index.html"):
        (outputs / name).write_text("", "utf-8")
    for user in ("liu", "zhou", "ji", "tom", "kao", "alice"):
        session = opened(user)
        access = session.access()

        def opens(page, access=access, session=session):
            if page.endswith(".ipynb"):
                return access.may_open(page.removesuffix(".ipynb").partition("_")[2])
            return access.may_read_reports(session.ledger.events())

        steps = list_steps(session, session.current_state())
        linked = {point.page for step in steps for point in step.open}
        linked |= {step.page for step in steps if step.due or step.count != "—"}
        assert not [page for page in linked if not opens(page)], user
        assert ("05_results.ipynb" in linked) == (user in ("liu", "zhou", "ji")), user


def test_findings_behind_a_row_are_for_who_may_open_the_intake(opened):
    for user, may in (("ji", True), ("zhou", False)):
        session = opened(user)
        case = session.current_state().screening.cases[0]
        pages = [
            describe_unit(session, {"unit": case.unit})[1],
            describe_case(session, {"case": case.id})[1],
        ]
        assert ["核对发现" in page for page in pages] == [may, may]


@pytest.mark.parametrize("user", ["alice", "tom", "ji", "kao", "who"])
def test_no_form_and_no_message_passes_the_table_by(opened, user):
    session = opened("liu")
    case = session.current_state().screening.eligible_cases[0].id
    screen = panels.show_results(session)
    picker = next(w for w in of_kind(screen, widgets.Dropdown) if len(w.options) > 1)
    session = opened(user)
    screen_session = screen  # made by the secretary, pressed by another account
    picker.value = picker.options[1][1]
    for entry in of_kind(screen_session, widgets.Text):
        entry.value = f"测试{id(entry)}"
    before = session.ledger.head()
    confirm(screen_session, "一票否决")
    assert "未保存" in text(screen_session) and "秘书" in text(screen_session)
    for act in (
        lambda: session.record(CaseVetoed(case=case, **VETO)),
        lambda: session.record(ScoringClosed(reason="x"), actor="liu（秘书）"),
        lambda: session.record_atomically(
            lambda news: [ScoringClosed(reason="x")], after=0, actor="liu"
        ),
        lambda: session.record(
            MemberWithdrawn(member="M01", reason="x", document="", by=("甲", "乙"))
        ),
        lambda: session.record(ReadingsAssigned(readings={}, seed=1, digest="")),
    ):
        with pytest.raises(AccessError, match=user):
            act()
    assert session.ledger.head() == before


def test_a_member_marks_the_own_packet_and_no_other(opened):
    session = opened("alice")
    page = Page(session)
    saved = page.save(
        case="1", base_seq=page.welcome["cases"][0]["event_seq"], answers=page.full(77)
    )
    assert saved["type"] == "saved" and session.ledger.events()[-1].actor == "M01（alice）"
    other = Page.__new__(Page)
    other.session, other.window, other.count = session, "w2", 0
    other.handler = ScoringHandler(session, session.current_state(), "M02")
    other.welcome = other.say("hello")
    assert "只能看" in other.welcome["locked"]
    assert other.say("declare", none=True, statement="")["type"] == "refused"
    assert session.ledger.edit_leases.acquire(
        "M02", "w3", seconds=60
    )  # the refused window took no seat
    with pytest.raises(AccessError):
        session.record(ScoreGiven(member="M02", case="x", scores={}))
    assert isinstance(panels.show_scoring(session, "M01"), PanelWidget)
    assert "不能查看和评分" in text(panels.show_scoring(session, "M02"))


def test_the_secretary_and_the_head_decide_and_the_role_is_in_the_ledger(opened):
    session = opened("liu")
    case, other = (one.id for one in session.current_state().screening.eligible_cases[:2])
    session.record(CaseVetoed(case=case, **VETO))
    assert session.ledger.events()[-1].actor == "liu（秘书）"
    session = opened("zhou")
    session.record(
        ConflictRuled(member="M01", case=other, bars=True, reason="同事", by=("甲", "乙"))
    )
    assert session.ledger.events()[-1].actor == "zhou（组长）"
    assert "确认一票否决" in {
        getattr(w, "description", "") for w in everything(panels.show_results(session))
    }
    session = opened("bob")  # a member who heads the group too
    session.record(CaseVetoed(case=other, **VETO))
    assert session.ledger.events()[-1].actor == "bob（组长）"
    with pytest.raises(AccessError):
        opened("zhou").record(BallotCounted(ballot=1, teller="周", returned=1, spoiled=0, votes={}))
    again = opened("liu")
    assert isinstance(panels.show_scoring(again, "M01"), PanelWidget)
    again.ledger.verify()


def test_tellers_count_and_see_no_list(opened):
    session = opened("liu")
    case = next(
        one.id for one in session.current_state().screening.eligible_cases if one.kind == "team"
    )
    session.record(
        BallotOpened(
            ballot=1,
            nominees="team",
            purpose="approval",
            cases=(case,),
            places=1,
            most=1,
            due=("M01", "M02", "M03"),
            present=("M01", "M02", "M03"),
            recused={},
            issued=3,
        )
    )
    session = opened("tom")
    screen = panels.show_results(session)
    name = session.current_state().screening.case_by_id[case].name
    assert name in text(screen) and not any(n in state(screen) for n in told(session) - {name})
    teller, *numbers = [
        w for w in of_kind(screen, widgets.Text) if w.placeholder in ("姓名", "请填整数")
    ]
    teller.value = "测试汤"
    for entry, number in zip(numbers, ("3", "0", "2", "1", "0"), strict=True):
        entry.value = number
    button(screen, "保存计票").click()
    (counted,) = bodies(session, BallotCounted)
    assert counted.teller == "测试汤"
    assert session.ledger.events()[-1].actor == "测试汤（tom，计票人）"
    assert "作废此次投票" not in {getattr(w, "description", "") for w in everything(screen)}
    with pytest.raises(AccessError, match="计票人"):
        opened("liu").record(counted)


def test_the_inspector_reads_all_and_writes_only_that_numbers_were_looked_at(opened):
    session = opened("ji")
    assert not {getattr(w, "description", "") for w in everything(panels.show_results(session))} & {
        "确认一票否决",
        "确认截止评分",
        "发起投票",
        "保存计票",
    }
    assert "仅供参考" in text(panels.show_start(session))
    screen = panels.show_scoring(session, "M01")
    welcome = screen.handler.handle({"type": "hello", "window": "w"})
    assert welcome["cases"] and welcome["readonly"] and "纪检" in welcome["locked"]
    refused = screen.handler.handle({"type": "save", "window": "w", "case": "1", "request_id": "1"})
    assert refused["type"] == "refused" and "只能看" in refused["reason"] and not refused["retry"]
    for kind in EVENT_PERMISSIONS:
        may = kind in (events.RoundOpened, events.IdentityViewed)
        assert session.access().may_record(kind, "M01") == may, kind


def test_office_commands_are_not_a_members_to_run(opened, capsys):
    session = opened("alice")
    where = [str(session.round.folder), "--outputs", str(session.outputs)]
    head = session.ledger.head()
    for command in (
        ["shortlist"],
        ["assign"],
        ["check"],
        ["intake"],
        ["regenerate"],
        ["forms"],
        ["exhibit"],
        ["packet", "issue"],
        ["packet", "export"],
        ["verify"],
        ["run"],
    ):
        assert main([*command, *where]) == 1
        said = capsys.readouterr().err
        assert "alice" in said and "评委（M01）" in said, command
    assert session.ledger.head() == head


def test_a_round_without_the_file_keeps_its_digest_and_any_other_account_is_the_office(opened):
    session = opened("who", roles=None)
    assert "roles.csv" not in session.round.files and len(session.round.files) == 6
    assert session.access().roles == ("秘书",)
    assert "不能打开" not in text(panels.show_results(session))
    session.record(ScoringClosed(reason="会议决定"))
    assert session.ledger.events()[-1].actor == "who（秘书）"
    member = opened("alice", roles=None)
    assert member.access().roles == ("评委",)
    assert "不能打开" in text(panels.show_results(member))
    digest = member.round.digest
    (member.round.folder / "roles.csv").write_text("user,role,name\n", "utf-8")
    assert load_round(member.round.folder).digest != digest


def test_without_a_named_teller_the_secretary_counts(opened):
    roles = "user,role,name\nliu,秘书,测试刘\n"
    assert opened("liu", roles).access().may_record(BallotCounted)
    assert not opened("alice", roles).access().may_record(BallotCounted)


def test_a_substitutes_account_is_a_members(opened):
    session = opened("liu")
    new = {
        "member": "M16",
        "name": "替补",
        "employer": "",
        "region": "",
        "field": "",
        "user": "sub",
        "ties": (),
    }
    assert opened("sub").access().roles == ()
    session = opened("liu")
    session.record(
        MemberWithdrawn(
            member="M03", reason="病", document="", by=("甲", "乙"), substitute=new, approval="会"
        )
    )
    assert opened("sub").access().member == "M16"


def test_a_misspelt_role_is_refused_by_name(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "data" / "practice"
    (folder / "roles.csv").write_text(
        "user,role,name\nliu,书记,某\nliu,秘书,某\nliu,秘书,某\n", "utf-8"
    )
    with pytest.raises(RuleErrors) as error:
        load_round(folder)
    assert "秘书 或 组长" in str(error.value) and "roles.csv 第2行" in str(error.value)


def test_in_a_rehearsal_everybody_may_do_everything_unless_an_account_is_tried(
    tmp_path, monkeypatch
):
    session = open_round(tmp_path)
    assert session.access().is_unrestricted and session.access().may_record(CaseVetoed)
    path = session.round.folder / "panel.csv"
    path.write_text(path.read_text("utf-8").replace("种植,,", "种植,pw01,", 1), "utf-8")
    monkeypatch.setenv("KJFP_REHEARSE_AS", "pw01")
    tried = RoundSession.open(session.round.folder, session.outputs)
    assert tried.access().roles == ("评委",) and "不能打开" in text(panels.show_results(tried))
    with pytest.raises(AccessError, match="pw01"):
        tried.record(ScoringClosed(reason="x"))


def test_every_kind_of_event_and_every_screen_has_its_row():
    assert set(EVENT_PERMISSIONS) == set(events.EVENT_CLASSES.values())
    screens = {name.removeprefix("show_") for name in panels.__all__ if name.startswith("show_")}
    assert set(SCREEN_PERMISSIONS) == screens | {"ballots"}  # the tellers' part of the results
    assert Event not in EVENT_PERMISSIONS
    assert SummaryAssessed in EVENT_PERMISSIONS
