"""Progress of a round: a count per step, and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kjfp_helpers.core.events import ScoringClosed, ShortlistComputed, SpotCheckDrawn
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.rules import describe_changes
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import last_freeze, rule_changes, with_amendments
from kjfp_helpers.state.panel.member_progress import tabulate_progress
from kjfp_helpers.state.panel.review_progress import completed_mask, has_next_round
from kjfp_helpers.state.secretary.publication_gates import list_gates, open_findings


@dataclass(frozen=True, kw_only=True)
class ProgressStep:
    """One step of the flow; ``count`` is what stands out, ``more`` the line below it.

    ``who`` does it, ``how`` says with what, ``state`` is 未开始, 进行中 or 已完成.
    """

    title: str
    state: str
    count: str
    more: str
    who: str
    how: str


def list_steps(session: RoundSession, state: RoundState | None) -> list[ProgressStep]:
    """Return the steps of the flow in order, as the round stands."""
    name = session.round.name
    return [
        _intake(session, state),
        _check(
            state, f"运行 kjfp check {name}；再看“收件与核对”，把 letters 里的回执和通知发给单位"
        ),
        _assign(state, f"运行 kjfp assign {name}，冻结规则并分派评阅"),
        _marks(state),
        _shortlist(state, f"运行 kjfp shortlist {name}；再看“结果与入围”"),
        _reports(session, f"运行 kjfp regenerate {name}"),
        _papers(session, "展览", "exhibition/index.html", f"运行 kjfp exhibit {name}"),
    ]


def next_step(flow: Sequence[ProgressStep]) -> ProgressStep | None:
    """Return the first step that is not finished."""
    return next((step for step in flow if step.state != "已完成"), None)


def describe_freeze(session: RoundSession) -> dict[str, str]:
    """Say whether the rules are frozen, still what was frozen, and by what amended."""
    round, events = session.round, session.ledger.events()
    frozen = last_freeze(events)
    if frozen is None:
        return {"word": "未冻结", "detail": "评分开放前须冻结规则"}
    if frozen.digest != round.digest:
        detail = describe_changes(rule_changes(round, frozen))
        return {"word": "冻结后有改动", "detail": detail}
    amended = with_amendments(round, events).amendments
    word = "已冻结，后经修订" if amended else "已冻结"
    detail = "；".join((f"核对码 {frozen.digest[:12]}", *amended))
    return {"word": word, "detail": detail}


def _intake(session: RoundSession, state: RoundState | None) -> ProgressStep:
    total = len(session.round.units)
    count = 0 if state is None else len(state.submissions.receipts)
    units = 0 if state is None else state.submissions.receipts["unit"].replace("", pd.NA).nunique()
    return ProgressStep(
        title="收件",
        state="已完成" if count else "未开始",
        count=f"{count} 件",
        more=f"{units} / {total} 个单位有来件",
        who="秘书",
        how=f"把来件放入 inbox 文件夹，运行 kjfp intake {session.round.name} 登记",
    )


def _check(state: RoundState | None, how: str) -> ProgressStep:
    if state is None or not _has(state, SpotCheckDrawn):
        return ProgressStep(title="检查", state="未开始", count="—", more="", who="秘书", how=how)
    errors = sum(found.severity is Severity.ERROR for found in open_findings(state))
    return ProgressStep(
        title="检查",
        state="已完成",
        count=f"{len(state.screening.eligible_cases)} 件合格",
        more=f"须补正 {errors} 处",
        who="秘书",
        how=how,
    )


def _assign(state: RoundState | None, how: str) -> ProgressStep:
    readings = 0 if state is None else len(state.scores.readings)
    if state is not None and has_next_round(state) and completed_mask(state).all():
        again = f"本轮评完，运行 kjfp assign {state.round.name} --next 分派下一轮"
        return ProgressStep(
            title="分派",
            state="进行中",
            count=f"{readings} 份",
            more="还有下一轮",
            who="秘书",
            how=again,
        )
    members = 0 if state is None else state.scores.readings["member"].nunique()
    return ProgressStep(
        title="分派",
        state="已完成" if readings else "未开始",
        count=f"{readings} 份" if readings else "—",
        more=f"{members} 名评委" if readings else "",
        who="秘书",
        how=how,
    )


def _marks(round_state: RoundState | None) -> ProgressStep:
    who, how = "秘书", "把 packets 文件夹里的笔记本分别交给各评委，请其逐件评分；本页随时看进度"
    if round_state is None or round_state.scores.readings.empty:
        return ProgressStep(title="评分", state="未开始", count="—", more="", who=who, how=how)
    progress = tabulate_progress(round_state)
    done, total = int(progress["done"].sum()), int(progress["assigned"].sum())
    closed, owing = _has(round_state, ScoringClosed), int(progress["owing"].sum())
    state = "已完成" if closed or done == total else "进行中" if done else "未开始"
    more = "已截止" if closed else f"还差 {total - done} 份" if done < total else "全部评完"
    more += f"，{owing} 份待补评语" if owing else ""
    return ProgressStep(
        title="评分", state=state, count=f"{done}/{total}", more=more, who=who, how=how
    )


def _shortlist(state: RoundState | None, how: str) -> ProgressStep:
    if state is None or not _has(state, ShortlistComputed):
        return ProgressStep(title="名单", state="未开始", count="—", more="", who="秘书", how=how)
    inside = state.decision.shortlist[state.decision.shortlist["status"].isin(["listed", "added"])]
    count = inside["kind"].value_counts()
    moved, left = list_moved(state), [gate for gate in list_gates(state) if gate.blocks]
    more = "有变，须重新生成" if moved else "草案，不得公布" if left else "团队 + 个人"
    undone = [f"{gate.lacking}（{gate.advice}）" for gate in left]
    return ProgressStep(
        title="名单",
        state="进行中" if moved or left else "已完成",
        count=f"{count.get('team', 0)} + {count.get('individual', 0)}",
        more=more,
        who="秘书",
        how="；".join([*(["还没办完：" + "；".join(undone)] if undone else []), how]),
    )


def list_moved(state: RoundState) -> bool:
    """Whether the list differs from the one last made: a decision or a mark came after it."""
    made = state.events.bodies(ShortlistComputed)
    inside = state.decision.shortlist[state.decision.shortlist["status"].isin(["listed", "added"])]
    return bool(made) and {*made[-1].team, *made[-1].individual} != set(inside["case"])


def _has(state: RoundState, kind: type) -> bool:
    return state.standing_events.has(kind)


def _reports(session: RoundSession, how: str) -> ProgressStep:
    """Return the step of the reports; to a member, before the reveal, without where they are."""
    step = _papers(session, "报告", "reports/index.html", how)
    if session.access().may_read_reports(session.ledger.events()):
        return step
    return replace(step, more="揭示身份以前评委不看单位报告" if step.more else "")


def _papers(session: RoundSession, title: str, index: str, how: str) -> ProgressStep:
    made = (session.outputs / index).exists()
    return ProgressStep(
        title=title,
        state="已完成" if made else "未开始",
        count="已生成" if made else "—",
        more=index if made else "",
        who="秘书",
        how=how,
    )
