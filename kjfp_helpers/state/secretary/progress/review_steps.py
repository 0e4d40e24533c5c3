"""Steps from the assignment to the archive (clauses 二 and 三).

They are 分派, 评分, 会议, 公示, 异议, 决定, 展览 and 归档.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from kjfp_helpers.core.events import (
    ArchiveMade,
    CommendationIssued,
    NoticePublished,
    OutputsRecorded,
    ShortlistComputed,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.exhibition.approvals import fold_approvals
from kjfp_helpers.state.exhibition.exhibition_items import collect_items
from kjfp_helpers.state.frozen_rules import has_scores
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.panel.expected_changes import (
    changes_by_plan_text,
    changes_by_scores_text,
)
from kjfp_helpers.state.panel.member_progress import tabulate_progress
from kjfp_helpers.state.panel.reading_planning import is_assignment_due
from kjfp_helpers.state.panel.review_progress import completed_mask, has_next_round
from kjfp_helpers.state.publication.commendations import (
    is_decision_due,
    standing_commendation,
)
from kjfp_helpers.state.publication.objections import list_objections
from kjfp_helpers.state.publication.published_notices import standing_notice
from kjfp_helpers.state.secretary.progress.progress_step import (
    DONE,
    NOT_STARTED,
    UNDER_WAY,
    OpenPoint,
    ProgressStep,
    StepCommand,
)
from kjfp_helpers.state.secretary.publication_gates import Gate, is_ready, list_gates

START, INTAKE, RESULTS = "00_start.ipynb", "01_intake.ipynb", "05_results.ipynb"
EXHIBITION, PUBLICATION = "06_exhibition.ipynb", "12_publication.ipynb"
REPORTS, SITE = "reports/index.html", "exhibition/index.html"
ASSIGN = StepCommand(
    words=("assign",),
    label="冻结规则并分派评阅",
    consequence="规则就此冻结，此后的改动须按修订程序办理；评阅分派后，评委即可打开评分页。",
)
ASSIGN_MORE = StepCommand(
    words=("assign",),
    label="补充分派",
    consequence="把新近合格的推荐对象分派给评委；已有的分派不变。",
)
NEXT_ROUND = StepCommand(
    words=("assign", "--next"),
    label="分派下一轮",
    consequence="按评分标准中的轮次安排，分派下一轮评阅。",
)
SHORTLIST = StepCommand(words=("shortlist",), label="生成名单")
EXHIBIT = StepCommand(words=("exhibit",), label="生成展览")
REGENERATE = StepCommand(words=("regenerate",), label="生成审核报告")
VERIFY = StepCommand(words=("verify",), label="核验全部结果")
ARCHIVE = StepCommand(
    words=("archive",),
    label="归档",
    consequence="把本轮存成公开格式的档案，身份信息另存一卷，都放在 outputs/archives/ 下，名称写明"
    "日期；记入台账。先前的档案不改动。",
)
SCORING_GATES = ("declared", "ties", "sealed", "signed", "closed")
"""Gates that belong to the scoring; all others are for the meeting."""
PAGES: Mapping[str, str] = {"ties": INTAKE, "questions": INTAKE, "signed": START}
"""Where a gate is met, if not on the page of the results."""


def list_review_steps(session: RoundSession, state: RoundState | None) -> list[ProgressStep]:
    """Return the steps from the assignment of readings to the archive."""
    gates = () if state is None or state.scores.readings.empty else list_gates(state)
    today = session.now().date()
    return [
        _assignment(state),
        _scoring(state, gates),
        _meeting(state, gates),
        _public_notice(state, today),
        _objections(state, today),
        _decision(state, today),
        _exhibition(session, state),
        _archive(session),
    ]


def list_moved(state: RoundState) -> bool:
    """Whether the list differs from the one last made: a decision or a mark came after it."""
    made = state.events.bodies(ShortlistComputed)
    return bool(made) and {*made[-1].team, *made[-1].individual} != _listed_cases(state)


def _assignment(state: RoundState | None) -> ProgressStep:
    step = ProgressStep(
        title="分派", page=START, how="冻结规则，把合格的推荐对象分派给评委", command=ASSIGN
    )
    if state is None or state.scores.readings.empty:
        ready = state is not None and state.screening.eligible_cases
        return replace(step, due="command" if ready else "")
    readings, listed = state.scores.readings, not state.decision.shortlist.empty
    step = replace(
        step,
        state=DONE,
        count=f"{len(readings)} 份",
        more=f"{readings['member'].nunique()} 名评委",
        note="" if listed else changes_by_plan_text(state),
        command=None,
    )
    if has_next_round(state) and completed_mask(state).all():
        again = (OpenPoint(text="还有下一轮", page=START),)
        return replace(step, state=UNDER_WAY, open=again, command=NEXT_ROUND, due="command")
    if is_assignment_due(state):
        lacking = (OpenPoint(text="有推荐对象缺评委", page=START),)
        return replace(step, state=UNDER_WAY, open=lacking, command=ASSIGN_MORE, due="command")
    return step


def _scoring(state: RoundState | None, gates: tuple[Gate, ...]) -> ProgressStep:
    how = "请评委打开各自的评分页，评完后封存、签字，再截止评分"
    if state is None or state.scores.readings.empty:
        return ProgressStep(title="评分", state=NOT_STARTED, page=START, how=how)
    progress = tabulate_progress(state)
    done, total = int(progress["done"].sum()), int(progress["assigned"].sum())
    owing = int(progress["owing"].sum())
    open = [gate for gate in gates if gate.key in SCORING_GATES and gate.blocks]
    points = [OpenPoint(text=f"待补评语 {owing} 份", page=START)] if owing else []
    points += [_point(gate) for gate in open]
    return ProgressStep(
        title="评分",
        state=DONE if not open else UNDER_WAY if done else NOT_STARTED,
        count=f"{done}/{total}",
        more="份已评",
        page=START,
        how=how,
        open=tuple(points),
        due="page" if open else "",
    )


def _meeting(state: RoundState | None, gates: tuple[Gate, ...]) -> ProgressStep:
    step = ProgressStep(
        title="会议",
        page=RESULTS,
        how="看名次和入围名单，记录会议的表决和决定",
        note=changes_by_scores_text(state) if state is not None else "",
        command=SHORTLIST if state is not None and has_scores(state.events) else None,
    )
    if state is None or not state.standing_events.has(ShortlistComputed):
        closed = bool(gates) and not any(gate.blocks for gate in gates if gate.key == "closed")
        return replace(step, due="command" if closed else "")
    inside = state.decision.listed
    count, moved = inside["kind"].value_counts(), list_moved(state)
    open = [gate for gate in gates if gate.key not in SCORING_GATES and gate.blocks]
    points = [OpenPoint(text="名单有变，须重新生成", page=RESULTS)] if moved else []
    return replace(
        step,
        state=UNDER_WAY if moved or open else DONE,
        count=f"{count.get('team', 0)} + {count.get('individual', 0)}",
        more="团队 + 个人" if is_ready(state) else "草案，不得公布",
        open=tuple(points + [_point(gate) for gate in open]),
        due="command" if moved else "page" if open else "",
    )


def _public_notice(state: RoundState | None, today: date) -> ProgressStep:
    step = ProgressStep(
        title="公示", page=PUBLICATION, how="名单定稿后发布公示；名单有变时另发一版"
    )
    if state is None or not state.standing_events.has(ShortlistComputed):
        return step
    ready, standing = is_ready(state), standing_notice(state.events)
    if standing is None:
        more = "名单已定稿" if ready else "名单还是草案"
        if state.events.has(NoticePublished):
            more = f"公示已撤回，没有现行的公示，{more}"
        return replace(step, more=more, due="page" if ready else "")
    moved = {*standing.body.cases} != {*_listed_cases(state)}
    version = f"第{standing.body.version}版"
    if moved or not ready:
        void = OpenPoint(text=f"{version}以后名单有变，须再次公示", page=PUBLICATION)
        due: Literal["", "page"] = "page" if ready else ""
        return replace(step, state=UNDER_WAY, count=version, more="公示", open=(void,), due=due)
    is_over = today > standing.days[1]
    until = OpenPoint(
        text="公示期已满" if is_over else f"公示至 {standing.body.until}", page=PUBLICATION
    )
    word = DONE if is_over else UNDER_WAY
    return replace(step, state=word, count=version, more="公示", open=(until,))


def _objections(state: RoundState | None, today: date) -> ProgressStep:
    how = "登记公示期内收到的异议，逐件核查、裁定、答复"
    step = ProgressStep(title="异议", page=PUBLICATION, how=how)
    if state is None:
        return step
    found = list_objections(state.events, state.round.notice.round.timezone)
    open = [one for one in found if one.is_open]
    points = tuple(
        OpenPoint(text=f"第{one.number}号异议{one.state}", page=PUBLICATION) for one in open
    )
    standing = standing_notice(state.events)
    is_over = standing is not None and today > standing.days[1]
    if is_over and not found:
        return replace(step, state=DONE, count="0 件", more="公示期内没有收到异议")
    word = NOT_STARTED if not found else UNDER_WAY if open or not is_over else DONE
    count = f"{len(found) - len(open)}/{len(found)}" if found else "—"
    return replace(
        step,
        state=word,
        count=count,
        more="件已办结" if found else "",
        open=points,
        due="page" if open else "",
    )


def _decision(state: RoundState | None, today: date) -> ProgressStep:
    how = "公示期满、异议办结后，印发表扬决定和证书；撤销表扬的另发一版名单"
    step = ProgressStep(title="决定", page=PUBLICATION, how=how)
    if state is None or not state.events.has(NoticePublished):
        return step
    standing, is_due = standing_commendation(state.events), is_decision_due(state.events)
    if standing is None:
        if state.events.has(CommendationIssued):
            return replace(step, more="已撤回，须另行印发", due="page")
        if not _may_be_issued(state, today):
            return step
        ready = OpenPoint(text="公示期满、异议办结，可以印发", page=PUBLICATION)
        return replace(step, open=(ready,), due="page")
    point = OpenPoint(text="表扬有撤销或恢复的，须印发新一版名单", page=PUBLICATION)
    return replace(
        step,
        state=UNDER_WAY if is_due else DONE,
        count=f"第{standing.body.version}版",
        more=standing.body.document,
        open=(point,) if is_due else (),
        due="page" if is_due else "",
    )


def _may_be_issued(state: RoundState, today: date) -> bool:
    """Whether the list is final, published for its whole period, and nothing is open on it."""
    standing, zone = standing_notice(state.events), state.round.notice.round.timezone
    return (
        standing is not None
        and today > standing.days[1]
        and {*standing.body.cases} == _listed_cases(state)
        and is_ready(state)
        and not any(one.is_open for one in list_objections(state.events, zone))
    )


def _listed_cases(state: RoundState) -> set[str]:
    return set(state.decision.listed["case"])


def _exhibition(session: RoundSession, state: RoundState | None) -> ProgressStep:
    """Return the step: done once everything sent was decided on and the site was made."""
    made = (session.outputs / SITE).is_file()
    approvals = fold_approvals(collect_items(state), state.standing_events) if state else {}
    items = [one for of_unit in approvals.values() for one in of_unit]
    waiting = sum(one.is_waiting for one in items)
    points = [OpenPoint(text=f"待审定 {waiting} 项", page=EXHIBITION)] if waiting else []
    points += [OpenPoint(text="打开网上展览", page=SITE)] if made else []
    begun = made or waiting < len(items)
    return ProgressStep(
        title="展览",
        state=DONE if made and not waiting else UNDER_WAY if begun else NOT_STARTED,
        count=f"{len(items) - waiting}/{len(items)}" if items else "—",
        more="项已审定" if items else "",
        page=EXHIBITION,
        how="逐项审定展览素材，生成网上展览",
        open=tuple(points),
        command=EXHIBIT if items else None,
        due="page" if waiting else "" if made else "command",
    )


def _archive(session: RoundSession) -> ProgressStep:
    """Return the last step: done once the round was archived and nothing came after it."""
    made, events = (session.outputs / REPORTS).is_file(), session.ledger.events()
    is_decided = standing_commendation(events) is not None
    recorded = {body.command for body in events.bodies(OutputsRecorded)}
    archived, head = events.of(ArchiveMade), find_state_head(events)
    is_current = bool(archived) and head is not None and head.seq <= archived[-1].body.until
    points = [OpenPoint(text="打开报告目录", page=REPORTS)] if made else []
    if "shortlist" not in recorded:
        points.append(OpenPoint(text="还没有生成名单", page=RESULTS))
    if not archived:
        points.append(OpenPoint(text="还没有归档", page=START))
    elif not is_current:
        points.append(OpenPoint(text="归档以后又有登记，须再归档一次", page=START))
    return ProgressStep(
        title="归档",
        state=DONE if is_current else UNDER_WAY if made or archived else NOT_STARTED,
        count=archived[-1].body.name if archived else "已生成" if made else "—",
        more="" if archived else "审核报告" if made else "",
        page=START,
        how="生成审核报告，核验全部结果，归档并移交",
        open=tuple(points) if made or archived else (),
        command=ARCHIVE if made else REGENERATE,
        further=(VERIFY,) if made else (),
        due="command" if not made or (is_decided and not is_current) else "",
    )


def _point(gate: Gate) -> OpenPoint:
    return OpenPoint(text=gate.lacking, page=PAGES.get(gate.key, RESULTS))
