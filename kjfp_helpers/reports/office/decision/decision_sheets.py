"""Sheets of the decision workbook that show the round state as it is derived."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS, STATUS_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    PROBABILITY_FORMAT,
    SCORE_FORMAT,
    Column,
    Sheet,
)
from kjfp_helpers.rules import ListLimit
from kjfp_helpers.selection.ranking.case_ranking import FEW_SCORES, FEW_TEXT
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.panel.expected_changes import changes_text
from kjfp_helpers.state.panel.home_effects import tabulate_home_effects
from kjfp_helpers.state.panel.review_progress import recused_readings
from kjfp_helpers.state.secretary.list_status import ListStatus

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]


def build_list_sheets(state: "RoundState", list_status: ListStatus) -> list[Sheet]:
    """Return the lists, the reserves and every ranked case."""
    title = state.round.notice.round.title
    return [
        *(_list_sheet(state, list_status, kind, title) for kind in NOMINEE_KINDS),
        Sheet(
            "候补",
            f"{title}候补名单",
            _LIST_COLUMNS,
            _list_rows(state, list_status, ("reserve",)),
            "按候补次序。",
        ),
        Sheet(
            "全部排名",
            f"{title}全部排名",
            (*_LIST_COLUMNS[:1], Column("result", "结果"), *_LIST_COLUMNS[1:]),
            _list_rows(state, list_status, tuple(STATUS_TITLES)),
            "含未入围、未排名的个案及其原因。",
        ),
    ]


def build_panel_sheets(state: "RoundState") -> list[Sheet]:
    """Return what each member gave, under neutral numbers."""
    title = state.round.notice.round.title
    return [
        Sheet(
            "评委情况",
            f"{title}评委情况",
            _PANEL_COLUMNS,
            list(_panel_rows(state)),
            "宽严为比全体偏高（正）或偏低（负）的分数；本地区偏高为扣除宽严后，所评本地区的件"
            "比其余的件高出的分数；本领域同此，按评委和推荐对象所填的领域归为种植、养殖、加工、"
            "健康、经营几大类比较。份数少的，区间宽，不足为凭。评委以编号代替姓名。",
        ),
        *(_score_sheet(state, kind, title) for kind in NOMINEE_KINDS),
    ]


def build_rule_sheets(state: "RoundState") -> list[Sheet]:
    """Return the rules of the round and what an inspector checks them by."""
    title = state.round.notice.round.title
    return [
        Sheet(
            "裁定与规则",
            f"{title}裁定与规则",
            (
                Column("question", "事项"),
                Column("value", "本轮规定或裁定"),
                Column("raw", "规则文件写法"),
            ),
            _rule_rows(state),
            f"规则文件指纹：{state.round.digest}",
        ),
        Sheet(
            "审计",
            f"{title}审计要点",
            (Column("item", "项目"), Column("value", "内容", width=72)),
            _audit_rows(state),
            "凭台账和规则，任何人都可以复算本名单：kjfp verify。",
        ),
    ]


_LIST_COLUMNS = (
    Column("kind", "类别"),
    Column("place", "序号", COUNT_FORMAT),
    Column("case", "个案"),
    Column("name", "名称或姓名"),
    Column("unit_name", "推荐单位"),
    Column("value", "得分", SCORE_FORMAT),
    Column("low", "95%区间下限", SCORE_FORMAT),
    Column("high", "95%区间上限", SCORE_FORMAT),
    Column("p_in", "入围概率", PROBABILITY_FORMAT),
    Column("n", "评分份数", COUNT_FORMAT),
    Column("questions", "未了结的问题", alert=True, blank=""),
    Column("vote", "表决", blank=""),
    Column("note", "说明", blank=""),
)
_PANEL_COLUMNS = (
    Column("kind", "类别"),
    Column("label", "评委"),
    Column("n", "评分份数", COUNT_FORMAT),
    Column("mean", "平均分", SCORE_FORMAT),
    Column("severity", "宽严", SCORE_FORMAT),
    Column("severity_low", "宽严下限", SCORE_FORMAT),
    Column("severity_high", "宽严上限", SCORE_FORMAT),
    Column("home_n", "本地区份数", COUNT_FORMAT),
    Column("home", "本地区偏高", SCORE_FORMAT),
    Column("home_low", "本地区下限", SCORE_FORMAT),
    Column("home_high", "本地区上限", SCORE_FORMAT),
    Column("field_n", "本领域份数", COUNT_FORMAT),
    Column("field", "本领域偏高", SCORE_FORMAT),
    Column("field_low", "本领域下限", SCORE_FORMAT),
    Column("field_high", "本领域上限", SCORE_FORMAT),
    Column("few", "说明", blank=""),
)


def _list_sheet(state: "RoundState", list_status: ListStatus, kind: str, title: str) -> Sheet:
    places, name = state.round.notice.commended.seats[kind], KIND_TITLES[kind]
    rows = [row for row in _list_rows(state, list_status, LISTED) if row["kind"] == name]
    asked = sum(bool(row["questions"]) for row in rows)
    note = (
        f"名额{places}（{formatting.format_clause(state.round.notice.commended.clause)}）。"
        + "".join(
            [
                "含经决议增列者。" if any(row["status"] == "added" for row in rows) else "",
                f"{asked}件有未了结的问题。" if asked else "",
                f"{changes_text({kind: list_status.moves[kind]})}。"
                if kind in list_status.moves
                else "",
                "说明只写特殊情形，空白即按名次入围。",
            ]
        )
    )
    return Sheet(f"入围{name}", f"{title}入围{name}名单", _LIST_COLUMNS[1:], rows, note)


def _list_rows(
    state: "RoundState", list_status: ListStatus, statuses: tuple[str, ...]
) -> list[Row]:
    """Return shortlist rows of some states, in the order of those states, kinds and places."""
    rows = []
    for kind in NOMINEE_KINDS:
        for row in overall_data.build_ranking_rows(state, kind):
            if row["status"] in statuses:
                asked = "；".join(list_status.questions.get(row["case"], ()))
                rows.append(row | {"result": STATUS_TITLES[row["status"]], "questions": asked})
    kinds = [KIND_TITLES[kind] for kind in NOMINEE_KINDS]
    last = float("inf")
    return sorted(
        rows,
        key=lambda row: (
            kinds.index(row["kind"]),
            statuses.index(row["status"]),
            row["place"] or last,
            row["rank"] or last,
            row["case"],
        ),
    )


def _panel_rows(state: "RoundState") -> Iterator[Row]:
    for kind in NOMINEE_KINDS:
        labels = formatting.member_labels(state.round)
        homes = {
            labels[row["member"]]: row
            for row in formatting.frame_rows(tabulate_home_effects(state, kind))
        }
        for row in overall_data.build_panel_rows(state, kind):
            marks = row.pop("totals")
            mean = sum(marks) / len(marks) if marks else None
            few = FEW_TEXT if 0 < len(marks) < FEW_SCORES else ""
            yield (
                row
                | homes.get(row["label"], {})
                | {"kind": KIND_TITLES[kind], "n": len(marks), "mean": mean, "few": few}
            )


def _score_sheet(state: "RoundState", kind: str, title: str) -> Sheet:
    criteria = state.round.rubric.criteria(kind)
    is_trimmed = state.round.notice.ruling.method.value == "trimmed"
    dropped = (Column("dropped", "去掉", blank=""),) if is_trimmed else ()
    columns = (
        Column("label", "评委"),
        Column("case", "个案"),
        Column("name", "名称或姓名"),
        *(
            Column(criterion.id, f"{criterion.title}（{criterion.weight:.0%}）", SCORE_FORMAT)
            for criterion in criteria
        ),
        Column("total", "总分", SCORE_FORMAT),
        *dropped,
        Column("comment", "评语"),
        Column("seq", "台账序号", COUNT_FORMAT),
    )
    name = KIND_TITLES[kind]
    note = "计入排名的评分；更改前的评分见台账。"
    return Sheet(f"{name}评分", f"{title}{name}评分", columns, _ScoreRows(state, kind), note)


@dataclass(frozen=True)
class _ScoreRows:
    """The rows of the scores of a kind, made each time they are gone through: they are many."""

    state: "RoundState"
    kind: str

    def __iter__(self) -> Iterator[Row]:
        return _score_rows(self.state, self.kind)

    def __len__(self) -> int:
        return int((self.state.scores.tables.totals["kind"] == self.kind).sum())


def _score_rows(state: "RoundState", kind: str) -> Iterator[Row]:
    labels, cases = formatting.member_labels(state.round), state.screening.case_by_id
    scores: dict[tuple[str, str], Row] = {}
    for row in formatting.frame_rows(state.scores.tables.by_criterion):
        scores.setdefault((row["member"], row["case"]), {})[row["criterion"]] = row["score"]
    ranking = state.scores.rankings.get(kind)
    left_out = (
        {
            (row["member"], row["case"]): row["dropped"]
            for row in formatting.frame_rows(ranking.scores)
        }
        if ranking
        else {}
    )
    totals = state.scores.tables.totals
    for row in formatting.frame_rows(
        totals[totals["kind"] == kind].sort_values(["case", "member"])
    ):
        given = scores.get((row["member"], row["case"]), {})
        yield (
            given
            | row
            | {
                "label": labels[row["member"]],
                "dropped": left_out.get((row["member"], row["case"]), ""),
                "name": mask_personal_numbers(cases[row["case"]].name),
                "comment": mask_personal_numbers(row["comment"] or ""),
            }
        )


def _rule_rows(state: "RoundState") -> list[Row]:
    notice = state.round.notice
    clause = formatting.format_clause(notice.commended.clause)
    fixed: list[Row] = [
        {
            "question": f"{KIND_TITLES[kind]}名额（{clause}）",
            "value": str(number),
            "raw": str(number),
        }
        for kind, number in state.round.notice.commended.seats.items()
    ]
    due = (
        ("展览素材截止", notice.deadline.exhibition),
        ("推荐材料截止", notice.deadline.recommendation),
    )
    fixed += [
        {
            "question": f"{label}（{formatting.format_clause(rule.clause)}）",
            "value": formatting.format_date(rule.date),
            "raw": str(rule.date),
        }
        for label, rule in due
    ]
    fixed += [
        {
            "question": f"名单限制：{limit.title}（{limit.clause}）",
            "value": _bounds_text(limit),
            "raw": f"{limit.kind} {limit.attribute} {'、'.join(limit.values)}",
        }
        for limit in notice.limit
    ]
    return fixed + list(overall_data.describe_rulings(state.round))


def _bounds_text(limit: ListLimit) -> str:
    bounds = []
    if limit.least:
        bounds.append(f"不少于 {limit.least} 个")
    if limit.most is not None:
        bounds.append(f"不多于 {limit.most} 个")
    if limit.share is not None:
        bounds.append(f"不超过名额的 {limit.share:.0%}")
    return "，".join(bounds)


def _audit_rows(state: "RoundState") -> list[Row]:
    last = find_state_head(state.events)
    items = [
        ("轮次", state.round.name),
        ("规则文件指纹", state.round.digest),
        *((f"规则文件 {name}", digest) for name, digest in sorted(state.round.files.items())),
        *(("规则修订", line) for line in state.round.amendments),
        ("台账最后一条序号", str(last.seq) if last else "台账为空"),
        ("台账指纹", last.hash if last else formatting.MISSING),
        ("来件数", str(len(state.submissions.intake.mails))),
        ("有效评分份数", str(int(state.scores.tables.totals["total"].notna().sum()))),
        ("回避件次", str(len(recused_readings(state)))),
        ("截止后评分份数（不计）", str(len(state.scores.tables.late))),
    ]
    return [{"item": item, "value": value} for item, value in items]
