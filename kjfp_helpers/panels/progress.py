"""How far a round has come: counts per step, the next one, each member's share."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import MarksClosed, RulesFrozen, ShortlistComputed
from kjfp_helpers.findings import Severity


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the flow; ``count`` is what stands out, ``more`` the line below it.

    ``who`` does it, ``how`` says with what, ``state`` is 未开始, 进行中 or 已完成.
    """

    title: str
    state: str
    count: str
    more: str
    who: str
    how: str


def steps(desk: Desk, review: Review | None) -> list[Step]:
    """Return the steps of the flow in order, as the round stands."""
    return [
        _intake(desk, review),
        _check(review),
        _assign(review),
        _marks(review),
        _shortlist(review),
        _papers(desk, "报告", "reports/index.html", "kjfp regenerate"),
        _papers(desk, "展览", "exhibition/index.html", "kjfp exhibit"),
    ]


def next_step(flow: Sequence[Step]) -> Step | None:
    """Return the first step that is not finished."""
    return next((step for step in flow if step.state != "已完成"), None)


def freeze_state(desk: Desk) -> dict[str, str]:
    """Say whether the rules are frozen and still what was frozen."""
    frozen = [e.body for e in desk.ledger.events() if isinstance(e.body, RulesFrozen)]
    if not frozen:
        return {"word": "未冻结", "tone": "warn", "detail": "评分开放前须冻结规则"}
    digest = frozen[-1].digest
    if digest == desk.round.digest:
        return {"word": "已冻结", "tone": "good", "detail": digest[:12]}
    changed = [name for name, value in desk.round.files.items() if frozen[-1].files[name] != value]
    return {"word": "冻结后有改动", "tone": "bad", "detail": "、".join(changed)}


def member_progress(review: Review) -> pd.DataFrame:
    """Return ``member name assigned done recused`` (cases) and ``rate`` (1.0 is all done).

    ``assigned`` leaves out what the member stepped back from.
    """
    away = review.marks.recusals[["member", "case"]].drop_duplicates()
    readings = review.readings[["member", "case"]]
    kept = readings.merge(away, how="left", indicator=True).query("_merge == 'left_only'")
    totals = review.marks.totals
    complete = totals[totals["total"].notna()][["member", "case"]]
    done = kept[["member", "case"]].merge(complete)
    names = {member.member: member.name for member in review.round.panel}
    table = pd.DataFrame({"member": sorted(readings["member"].unique())})
    table["name"] = table["member"].map(names)
    for column, frame in (("assigned", kept), ("done", done), ("recused", away)):
        counts = frame.groupby("member").size()
        table[column] = table["member"].map(counts).fillna(0).astype(int)
    table["rate"] = table["done"] / table["assigned"].where(table["assigned"] > 0)
    return table


def _intake(desk: Desk, review: Review | None) -> Step:
    total = len(desk.round.units)
    count = 0 if review is None else len(review.receipts)
    units = 0 if review is None else review.receipts["unit"].replace("", pd.NA).nunique()
    return Step(
        title="收件", state="已完成" if count else "未开始", count=f"{count} 件",
        more=f"{units} / {total} 个单位有来件", who="秘书", how="运行 kjfp intake 登记来件",
    )  # fmt: skip


def _check(review: Review | None) -> Step:
    who, how = "秘书", "运行 kjfp check，看“收件与核对”，把补正函发给单位"
    if review is None:
        return Step(title="检查", state="未开始", count="—", more="", who=who, how=how)
    errors = sum(finding.severity is Severity.ERROR for finding in review.findings)
    return Step(
        title="检查", state="已完成", count=f"{len(review.eligible)} 件合格",
        more=f"共 {len(review.cases)} 件，须补正 {errors} 处", who=who, how=how,
    )  # fmt: skip


def _assign(review: Review | None) -> Step:
    readings = 0 if review is None else len(review.readings)
    members = 0 if review is None else review.readings["member"].nunique()
    return Step(
        title="分派", state="已完成" if readings else "未开始", count=f"{readings} 份",
        more=f"{members} 名评委", who="秘书", how="运行 kjfp assign 冻结规则并分派评阅",
    )  # fmt: skip


def _marks(review: Review | None) -> Step:
    who, how = "评委", "打开“评委评分”，逐件评分；评完由秘书截止"
    if review is None or review.readings.empty:
        return Step(title="评分", state="未开始", count="—", more="", who=who, how=how)
    progress = member_progress(review)
    done, total = int(progress["done"].sum()), int(progress["assigned"].sum())
    closed = any(isinstance(event.body, MarksClosed) for event in review.events)
    state = "已完成" if closed or done == total else "进行中" if done else "未开始"
    more = "已截止" if closed else f"还差 {total - done} 份"
    return Step(title="评分", state=state, count=f"{done}/{total}", more=more, who=who, how=how)


def _shortlist(review: Review | None) -> Step:
    who, how = "秘书、领导小组", "运行 kjfp shortlist，看“结果与入围”"
    computed = review is not None and any(
        isinstance(event.body, ShortlistComputed) for event in review.events
    )
    if review is None or not computed:
        return Step(title="名单", state="未开始", count="—", more="", who=who, how=how)
    inside = review.shortlist[review.shortlist["status"].isin(["listed", "added"])]
    count = inside["kind"].value_counts()
    return Step(
        title="名单", state="已完成",
        count=f"{count.get('team', 0)} + {count.get('individual', 0)}",
        more="先进团队 + 先进个人", who=who, how=how,
    )  # fmt: skip


def _papers(desk: Desk, title: str, index: str, command: str) -> Step:
    made = (desk.outputs / index).exists()
    return Step(
        title=title, state="已完成" if made else "未开始", count="已生成" if made else "—",
        more=index if made else "", who="秘书", how=f"运行 {command}",
    )  # fmt: skip
