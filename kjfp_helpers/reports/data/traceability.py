"""Trace of one name from mail to list: every step, its findings, its source."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import (
    BallotOpened,
    CaseVetoed,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    LevelConfirmed,
    MaterialClassified,
    MemberRecused,
    SeatAdded,
    SenderRemembered,
    ShortlistComputed,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import LISTED, STATUS_TITLES, Case
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.panel_review.scoring.scoring_rules import format_total
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.state.revocations import list_revoked

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]


def build_trace_rows(state: "RoundState", kind: str) -> Iterator[Row]:
    """Yield ``case name step said where`` for every name on the list, name after name."""
    labels = formatting.member_labels(state.round)
    chosen = [
        row for row in overall_data.build_ranking_rows(state, kind) if row["status"] in LISTED
    ]
    decided = _decision_steps(state)
    for row in sorted(chosen, key=lambda row: (row["place"], row["case"])):
        case = state.screening.case_by_id[row["case"]]
        steps = (
            *_arrival_steps(state, case),
            *_reading_steps(state, case),
            *(
                decided.get(case.id, [])
                + decided.get(case.record.id, [])
                + decided.get(str(case.record.receipt), [])
            ),
            *_eligibility_steps(state, case),
            *_score_steps(state, case, labels),
            *_result_steps(state, row),
        )
        for step, text, where in steps:
            yield {
                "case": case.id,
                "name": row["name"],
                "step": step,
                "said": mask_personal_numbers(text),
                "where": mask_personal_numbers(where),
            }


Step = tuple[str, str, str]


def _arrival_steps(state: "RoundState", case: Case) -> Iterator[Step]:
    record, zone = case.record, state.round.notice.round.timezone
    unit = state.round.unit_by_code[case.unit].name
    for mail in state.submissions.intake.mails:
        if mail.receipt == record.receipt:
            when = formatting.format_minute(mail.received or mail.sent, zone)
            yield (
                "来件",
                f"收讫{formatting.format_receipt_number(mail.receipt)}，{unit}，{when}",
                f"{mail.path}\n指纹 {mail.sha256}",
            )
    yield (
        "推荐表",
        f"{formatting.record_title(record.kind)}，记录 {record.id}",
        (f"{record.source}\n指纹 {record.sha256}"),
    )


def _reading_steps(state: "RoundState", case: Case) -> Iterator[Step]:
    places = [
        f"{field_label(case.kind, name) or name}：{location}"
        for name, location in case.record.provenance.items()
    ]
    yield "读取值出处", f"{len(places)} 个栏目", "；".join(places) or "—"
    rows = state.screening.prior_awards.get(case.id, ())
    awards = "；".join(f"{row.year}年{row.level}（{row.document}）" for row in rows)
    yield "曾获表扬", awards or "经核定或无须", "commended.csv"


def _eligibility_steps(state: "RoundState", case: Case) -> Iterator[Step]:
    left = [
        finding.finding_type.title
        for finding in state.screening.findings
        if finding.case == case.id
    ]
    yield (
        "资格",
        "合格" + (f"；尚有提示：{'、'.join(left)}" if left else "，没有未了的问题"),
        "问题清单",
    )


def _decision_steps(state: "RoundState") -> dict[str, list[Step]]:
    """Return every decision by what it is about: a case, a record or a receipt."""
    steps: dict[str, list[Step]] = {}
    revoked = list_revoked(state.events)
    for event in state.events:
        back = revoked.get(event.seq)
        for about, step, text in _describe_decision(event):
            statement = f"{text}（已撤销，见台账第{back.seq}条）" if back else text
            steps.setdefault(about, []).append(
                (step, statement, f"台账第{event.seq}条，{event.actor}")
            )
    return steps


def _describe_decision(event: Event) -> Iterator[tuple[str, str, str]]:
    body = event.body
    if isinstance(body, BallotOpened):
        for case in body.cases:
            yield case, "提交表决", f"第{body.ballot}次投票"
    elif type(body) in _DESCRIPTIONS:
        yield _DESCRIPTIONS[type(body)](body)


def _field_label(field: str) -> str:
    return field_label("team", field) or field_label("individual", field) or field


def _finding_title(code: str) -> str:
    return FINDING_TYPES[code].title if code in FINDING_TYPES else code


def _score_steps(state: "RoundState", case: Case, labels: Mapping[str, str]) -> Iterator[Step]:
    readings = state.scores.readings[state.scores.readings["case"] == case.id]
    names = sorted(labels[member] for member in readings["member"])
    yield "分派评阅", "、".join(names) or "—", "台账：评阅分派"
    for event in state.events.of(MemberRecused):
        if event.body.case == case.id:
            yield (
                "回避",
                f"{labels[event.body.member]}：{event.body.reason}",
                f"台账第{event.seq}条",
            )
    totals = state.scores.tables.totals
    for row in formatting.frame_rows(totals[totals["case"] == case.id].sort_values("seq")):
        text = f"{labels[row['member']]}：{format_total(row['total'])}"
        yield "评分", text, f"台账第{row['seq']}条"


def _result_steps(state: "RoundState", row: Row) -> Iterator[Step]:
    ruling = state.round.notice.ruling
    method = ruling.method.value
    value, rank = formatting.format_number(row["value"], 2), formatting.format_number(row["rank"])
    position = f"{STATUS_TITLES[row['status']]}第 {formatting.format_number(row['place'])}"
    if row["vote"]:
        yield "表决", row["vote"], "“投票表决”表"
    yield "排名", f"{METHOD_TITLES[method]} {value}，名次第 {rank}", f"规则文件：method = {method}"
    yield "规则与名单", f"{position}：{row['reason']}", "“全部排名”“名单依据”两表"
    made = state.events.of(ShortlistComputed)
    if made:
        yield "记入台账", "本名单的校验值", f"台账第{made[-1].seq}条\n{made[-1].body.digest}"


_OUTCOME_LABELS = {"confirmed": "读取值无误", "handled": "线下已办结"}
_DESCRIPTIONS: Mapping[type, Callable[[Any], tuple[str, str, str]]] = {
    FindingSettled: lambda b: (b.case, "问题了结", f"{_finding_title(b.code)}：{b.reason}"),
    FindingReviewed: lambda b: (
        b.subject,
        "问题核对",
        f"{_finding_title(b.code)}：{_OUTCOME_LABELS[b.outcome]}，{b.reason}",
    ),
    FindingReopened: lambda b: (b.subject, "撤回处理", f"{_finding_title(b.code)}：{b.reason}"),
    FieldCorrected: lambda b: (b.record, "更正读取值", f"{_field_label(b.field)}：{b.reason}"),
    UnitAssigned: lambda b: (b.record or str(b.receipt), "认定单位", b.reason),
    SenderRemembered: lambda b: (
        b.address,
        "登记发件地址" if b.unit else "撤销登记",
        b.reason,
    ),
    VersionChosen: lambda b: (
        b.record or "、".join(b.records),
        "选定版本" if b.record else "撤销选定",
        b.reason,
    ),
    MaterialClassified: lambda b: (b.record, "认定材料", b.reason),
    CaseVetoed: lambda b: (b.case, "一票否决", f"{b.clause}，{b.document}"),
    SeatAdded: lambda b: (b.case, "按决议增列", f"{b.resolution}，{b.reason}"),
    LevelConfirmed: lambda b: (b.case, "认定级别", f"{b.level or '收回'}，{b.document}"),
}
"""Kind of event to what it is about, the step, and what was decided."""
