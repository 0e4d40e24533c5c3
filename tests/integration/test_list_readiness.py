"""A list is a draft until it is ripe or what is open was let go, and every paper says so."""

import re
from dataclasses import replace
from datetime import timedelta

import docx
import ipywidgets as widgets
import openpyxl
import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.records import LISTED
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.case_data import build_case_data
from kjfp_helpers.reports.data.overall_data import build_overall_data
from kjfp_helpers.reports.data.state_index import StateIndex
from kjfp_helpers.reports.data.unit.editions import cut_edition
from kjfp_helpers.reports.data.unit.unit_facts import build_unit_data
from kjfp_helpers.reports.office.writers.xlsx_writer import PROBABILITY_FORMAT
from kjfp_helpers.reports.sections import case_report, overall_list, unit_materials, unit_report
from kjfp_helpers.selection.ranking.probability_labels import probability_text
from kjfp_helpers.state.revocations import make_revocation
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.progress.round_progress import list_steps
from kjfp_helpers.state.secretary.publication_gates import (
    is_ready,
    list_gates,
    make_waiver,
    public_waivers,
    waiver_lines,
)
from support.pages.widget_tree import confirm, form_of, of_kind, send, table_of, text
from support.rounds.panel_round import open_round
from support.state.altered_state import altered
from support.state.recorded_scores import score

TWO = ("测试甲", "测试乙")
WHY = {"reason": "纸质签字已存档", "document": "会议纪要3号"}


def silent(done, total):
    pass


def waive(session, *keys):
    state = session.current_state()
    chosen = [
        gate.key for gate in list_gates(state) if gate.blocks and gate.key in (keys or gate.key)
    ]
    session.record(*(make_waiver(state, key, by=TWO, **WHY) for key in chosen))


def vote(session, cases, yes, number=1):
    """Hold a valid vote; each case gets so many papers of all."""
    members = tuple(session.round.member_by_id)
    kind = "team" if cases[0].startswith("T") else "individual"
    session.record(
        kinds.BallotOpened(
            ballot=number,
            nominees=kind,
            purpose="approval",
            cases=tuple(cases),
            places=len(cases),
            most=len(cases),
            due=members,
            present=members,
            recused={},
            issued=len(members),
        ),
        *(
            kinds.BallotCounted(
                ballot=number,
                teller=teller,
                returned=len(members),
                spoiled=0,
                votes={case: (yes[case], len(members) - yes[case], 0) for case in cases},
            )
            for teller in ("计票甲", "计票乙")
        ),
    )


def inside(session, kind):
    table = session.current_state().decision.shortlist
    return table.loc[(table["kind"] == kind) & (table["status"] == "listed"), "case"].tolist()


@pytest.fixture
def session(tmp_path):
    session = open_round(tmp_path)
    score(session)
    return session


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """A list with a name voted out, one not voted on, one added, and everything let go."""
    session = open_round(tmp_path_factory.mktemp("decided"))
    score(session)
    first, second = inside(session, "team")
    vote(session, [first, second], {first: 4, second: 0})
    table = session.current_state().decision.shortlist
    spare = table[(table["kind"] == "individual") & (table["status"] == "reserve")]["case"].iloc[0]
    session.record(kinds.SeatAdded(case=spare, resolution="决议5号", reason="事迹突出", by=TWO))
    up = next(case for case in inside(session, "team") if case != first)
    waive(session)
    outcome = commands.shortlist(session, silent)
    return session, {"passed": first, "failed": second, "up": up, "added": spare}, outcome


def test_a_draft_makes_no_notice_and_the_command_says_what_to_do(session):
    outcome = commands.shortlist(session, silent)
    first, *notes = outcome.notes
    assert first.startswith("草案，不得公布：评委声明0/3；评委封存0/3；评委签字0/3；评分未截止")
    assert any("未封存3人（M01、M02、M03），请评委在评分页总览里封存" in line for line in notes)
    assert "公示件未生成" in notes[-1] and not outcome.failed
    assert not list(session.outputs.glob("publication.*"))
    book = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")
    for tab in book:
        assert "【草案】" in tab["A1"].value and "草案，不得公布" in tab["A2"].value
        assert tab["A2"].font.color.rgb.endswith("B3261E")
        assert "草案" in tab.oddHeader.center.text
    page = (session.outputs / "shortlist.html").read_text("utf-8")
    assert '<body class="marked">' in page and '<p class="draft">草案，不得公布' in page
    assert "草案，不得公布" in text(panels.show_results(session))
    assert "草案，不得公布" in text(panels.show_start(session))


def test_a_gate_is_let_go_by_two_persons_for_what_is_open_now_and_no_more(session):
    waive(session, "sealed")
    sealed = next(gate for gate in list_gates(session.current_state()) if gate.key == "sealed")
    assert sealed.state == "放行" and "未封存3人，经会议纪要3号决定放行" in sealed.waiver
    wider = kinds.GateWaived(gate="sealed", open=("M01",), by=TWO, **WHY)
    narrower = next(e for e in session.ledger.events() if isinstance(e.body, kinds.GateWaived))
    session.record(
        make_revocation(session.ledger.events(), narrower.seq, by=TWO, **WHY),
        wider,
        kinds.GateWaived(gate="sealed", open=sealed.open, by=("测试甲",), **WHY),
    )
    assert next(gate for gate in list_gates(session.current_state()) if gate.key == "sealed").blocks
    with pytest.raises(ParameterError, match="两名不同的人"):
        make_waiver(session.current_state(), "sealed", by=("测试甲", "测试甲"), **WHY)
    with pytest.raises(ParameterError, match="已办结或已放行"):
        make_waiver(session.current_state(), "frozen", by=TWO, **WHY)


def test_a_ripe_list_has_its_notice_and_every_paper_tells_what_was_let_go(decided):
    session, _, outcome = decided
    state = session.current_state()
    lines = waiver_lines(list_gates(state))
    assert is_ready(state) and any(
        "未封存3人" in line and "经会议纪要3号决定放行" in line for line in lines
    )
    assert outcome.notes[-1].startswith("公示件：publication.docx")
    made = docx.Document(session.outputs / "publication.docx")
    parts = [*made.paragraphs, *made.sections[0].header.paragraphs]
    notice = "\n".join(one.text for one in parts)
    page = (session.outputs / "shortlist.html").read_text("utf-8")
    book = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")
    sources = StateIndex(state)
    unit = cut_edition(build_unit_data(sources, state.round.unit_by_code["13"]), "office")
    papers = [
        page,
        "\n".join(outcome.notes),
        text(panels.show_results(session)),
        *(tab["A2"].value for tab in book),
        unit_report.render_header(unit).text,
        case_report.render_header(build_case_data(sources, state.screening.cases[0])).text,
        overall_list.render_list_state(build_overall_data(state)).text,
    ]
    told = public_waivers(list_gates(state))
    assert told and all(line in notice for line in told) and "未封存3人" in notice
    assert "草案" not in notice and not any(name in notice for name in (*TWO, "台账"))
    for paper in papers:
        assert "未封存3人" in paper and "经会议纪要3号决定放行" in paper
        assert "草案，不得公布" not in paper


def test_a_notice_is_done_only_while_its_list_holds_and_the_archive_never_by_itself(decided):
    session, _, _ = decided
    state = session.current_state()
    table = state.decision.shortlist
    listed = tuple(table[table["status"].isin(LISTED)]["case"])

    today = session.now().date()
    past, ahead = str(today - timedelta(days=1)), str(today + timedelta(days=1))

    def published(cases, without=(), until=past):
        kept = [event for event in state.events if not isinstance(event.body, without)]
        body = kinds.NoticePublished(
            version=1, day="2020-01-02", until=until, cases=cases, files={}
        )
        return [*kept, replace(state.events[-1], seq=state.events[-1].seq + 1, body=body)]

    changed = "第1版以后名单有变，须再次公示"
    for events, word, told in (
        (published(listed), "已完成", "公示期已满"),
        (published(listed, until=ahead), "进行中", f"公示至 {ahead}"),
        (published(listed, kinds.GateWaived), "进行中", changed),
        (published(listed[1:]), "进行中", changed),
    ):
        steps = {one.title: one for one in list_steps(session, altered(state, events=events))}
        assert steps["公示"].state == word
        assert [point.text for point in steps["公示"].open] == [told]
        assert (steps["决定"].due, steps["异议"].state == "已完成") == (
            ("page", True) if word == "已完成" else ("", changed == told)
        )
        assert steps["归档"].state != "已完成"


def test_names_added_or_passed_by_vote_say_so_in_every_paper_and_those_unvoted_too(decided):
    session, case, _ = decided
    state = session.current_state()
    table = state.decision.shortlist.set_index("case")
    assert table.loc[case["passed"], "vote"].startswith("第1次投票通过（赞成4票")
    assert table.loc[case["failed"], "status"] == "rejected"
    assert table.loc[case["up"], ["status", "vote"]].tolist() == ["listed", "未经表决"]
    voted = next(gate for gate in list_gates(state) if gate.key == "voted")
    assert (voted.total, voted.open, voted.state) == (2, (case["up"],), "放行")
    public = state.decision.publication.set_index("名称/姓名")["备注"]
    names = {key: state.screening.case_by_id[one].name for key, one in case.items()}
    assert public[names["passed"]] == "经第1次投票表决通过"
    assert public[names["added"]] == "经会议决议（决议5号）增列"
    rows = sheet(session, "入围先进团队") | sheet(session, "入围先进个人")
    assert rows[case["up"]]["表决"] == "未经表决" and "决议5号" in rows[case["added"]]["说明"]
    whole, sources = build_overall_data(state), StateIndex(state)
    told = (
        overall_list.render_shortlist(whole, "team").text
        + overall_list.render_shortlist(whole, "individual").text
    )
    assert "第1次投票通过" in told and "未经表决" in told and "决议5号" in told
    for key, words_said in (("passed", "第1次投票通过"), ("up", "未经表决"), ("added", "决议5号")):
        own = state.screening.case_by_id[case[key]]
        assert words_said in case_report.render_result(build_case_data(sources, own)).text
        unit = build_unit_data(sources, state.round.unit_by_code[own.unit])
        assert words_said in unit_materials.render_nominees(unit).text
    assert all(one in text(panels.show_results(session)) for one in ("未经表决", "第1次投票通过"))


def sheet(session, tab):
    """Rows of a sheet of the decision workbook, by case."""
    book = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")
    _, _, heads, *rows = book[tab].iter_rows(values_only=True)
    return {row[heads.index("个案")]: dict(zip(heads, row, strict=True)) for row in rows}


def test_the_decided_list_stands_beside_the_computed_one_with_who_and_by_what(decided):
    session, case, _ = decided
    rows = sheet(session, "决定与计算")
    assert set(inside(session, "team")) | {case["failed"]} <= rows.keys()
    failed, added, up = rows[case["failed"]], rows[case["added"]], rows[case["up"]]
    assert (failed["计算名单"], failed["决定名单"]) == ("入围第2", "表决未通过")
    assert "第1次投票未通过" in failed["依据（表决、决议、文件）"] and "计票甲" in failed["决定人"]
    assert "决议5号" in added["依据（表决、决议、文件）"] and added["决定人"] == "测试甲、测试乙"
    assert added["差异"] == up["差异"] == "不同" and "递补" in up["依据（表决、决议、文件）"]
    assert rows[case["passed"]]["差异"] is None
    changed = overall_list.render_list_changes(build_overall_data(session.current_state())).text
    assert all(one in changed for one in ("决议5号", "测试甲、测试乙", "表决未通过"))


def test_the_list_tells_open_questions_and_how_many_names_may_change_places(decided):
    session, _, _ = decided
    round_state = session.current_state()
    state = ListStatus.of(round_state)
    table = round_state.decision.shortlist[round_state.decision.shortlist["status"] == "listed"]
    for kind, rows in table.groupby("kind"):
        assert state.moves[kind] == pytest.approx((1 - rows["p_in"]).sum())
    number = f"先进个人约{state.moves['individual']:.1f}名"
    points = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")["要点"]
    said = "".join(str(cell.value) for row in points.iter_rows() for cell in row)
    assert (
        number in said
        and number in overall_list.render_answer(build_overall_data(round_state)).text
    )
    asked = {case: titles for case, titles in state.questions.items() if case in set(table["case"])}
    rows = sheet(session, "入围先进团队") | sheet(session, "入围先进个人")
    assert asked and all(
        rows[case]["未了结的问题"] == "；".join(one) for case, one in asked.items()
    )
    tab = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")["入围先进团队"]
    heads = [cell.value for cell in tab[3]]
    reds = [tab.cell(row, heads.index("未了结的问题") + 1) for row in range(4, tab.max_row + 1)]
    assert all(cell.font.color.rgb.endswith("B3261E") for cell in reds if cell.value)
    page = (session.outputs / "shortlist.html").read_text("utf-8")
    assert f'<td class="alert">{"；".join(next(iter(asked.values())))}</td>' in page
    plain = [row["说明"] for row in rows.values()]
    assert not any(re.search("名次第|按名次入围", note or "") for note in plain)


@pytest.mark.parametrize(
    ("chance", "shown"),
    [
        (1.0, "99%以上"),
        (0.9996, "99%以上"),
        (0.9901, "99%以上"),
        (0.99, "99%"),
        (0.465, "46%"),
        (0.01, "1%"),
        (0.0099, "1%以下"),
        (0.0, "1%以下"),
    ],
)
def test_a_chance_is_written_the_same_everywhere_and_never_as_certain(chance, shown):
    assert probability_text(chance) == formatting.probability_text(chance) == shown
    over, under, else_ = PROBABILITY_FORMAT.split(";")
    assert (over, under, else_) == ('[>0.99]"99%以上"', '[<0.01]"1%以下"', "0%")


def test_no_paper_and_no_screen_writes_a_chance_of_its_own(decided):
    session, _, _ = decided
    state = session.current_state()
    chances = dict(
        zip(state.decision.shortlist["case"], state.decision.shortlist["p_in"], strict=True)
    )
    shown = {case: probability_text(value) for case, value in chances.items()}
    book = openpyxl.load_workbook(session.outputs / "shortlist.xlsx")
    for name in ("入围先进团队", "入围先进个人", "候补", "全部排名", "名单依据"):
        heads = [cell.value for cell in book[name][3]]
        column = heads.index("入围概率") + 1
        cells = [book[name].cell(row, column) for row in range(4, book[name].max_row + 1)]
        assert {cell.number_format for cell in cells if cell.value != "—"} <= {
            PROBABILITY_FORMAT
        }, name
    page = (session.outputs / "shortlist.html").read_text("utf-8")
    screen = text(panels.show_results(session))
    assert not re.search(r">\s*(100|0)%\s*<", page + screen)
    own = inside(session, "team")[0]
    whole, sources = build_overall_data(state), StateIndex(state)
    for paper in (
        page,
        screen,
        overall_list.render_shortlist(whole, "team").text,
        case_report.render_result(build_case_data(sources, state.screening.case_by_id[own])).text,
    ):
        assert shown[own] in paper


def test_every_decision_has_its_button_that_takes_it_back_for_a_reason_by_two(session):
    first = inside(session, "team")[0]
    session.record(
        kinds.CaseVetoed(case=first, clause="二", document="函1号", by=TWO),
        kinds.ScoringClosed(reason="到期", by=TWO),
    )
    vote(session, inside(session, "individual"), dict.fromkeys(inside(session, "individual"), 4))
    screen = panels.show_results(session)
    table = table_of(screen, "已作出的决定")
    details = [send(table, "open", row=row)["html"] for row in range(len(table.rows))]
    assert [re.search(">(.{2}…)</button>", one)[1] for one in details] == [
        "撤销…",
        "撤销…",
        "作废…",
    ]
    send(table, "act", row=0, act="revoke")
    assert "要撤销的：<b>" in text(screen) and "一票否决" in text(screen)
    confirm(screen, "撤销决定")
    assert "请先填写：理由、文件或会议记录" in text(screen)
    for entry, said in zip(form_of(screen, "撤销决定"), ("点错", "纪要4号", *TWO), strict=True):
        entry.value = said
    confirm(screen, "撤销决定")
    assert session.current_state().decision.shortlist.set_index("case")["status"][first] == "listed"
    assert "已撤销 #" in text(screen) and "点错；纪要4号；经办 测试甲、测试乙" in text(screen)
    send(table, "act", row=2, act="revoke")
    for entry, said in zip(form_of(screen, "撤销决定"), ("发错票", "纪要5号", *TWO), strict=True):
        entry.value = said
    confirm(screen, "撤销决定")
    (voided,) = [e.body for e in session.ledger.events() if isinstance(e.body, kinds.BallotVoided)]
    assert (voided.reason, voided.by) == ("发错票（纪要5号）", TWO)


def test_gates_are_let_go_and_late_marks_ruled_on_the_screen(session):
    session.record(kinds.ScoringClosed(reason="到期", by=TWO))
    given = next(e.body for e in session.ledger.events() if isinstance(e.body, kinds.ScoreGiven))
    session.record(given)
    screen = panels.show_results(session)
    assert "截止后评分1份未裁定" in text(screen)
    toggles = of_kind(screen, widgets.ToggleButtons)
    next(one for one in toggles if "全部计入" in one.options).value = "全部计入"
    for entry, word in zip(
        form_of(screen, "截止后评分裁定"), ("补录", "纪要6号", *TWO), strict=True
    ):
        entry.value = word
    confirm(screen, "截止后评分裁定")
    assert session.current_state().scores.tables.late.empty and "截止后评分1份未裁定" not in text(
        screen
    )
    choices = of_kind(screen, widgets.Dropdown)
    next(one for one in choices if ("未封存3人", "sealed") in one.options).value = "sealed"
    for entry, word in zip(form_of(screen, "放行"), ("纸质件", "纪要7号", *TWO), strict=True):
        entry.value = word
    confirm(screen, "放行")
    assert "未封存3人，经纪要7号决定放行：纸质件（测试甲、测试乙，台账第" in text(screen)
