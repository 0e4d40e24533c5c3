"""Trace of one name from mail to list: every step, its findings, its source."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import (
    BallotOpened,
    CaseVetoed,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    LevelConfirmed,
    MaterialClassified,
    MemberRecused,
    SeatAdded,
    ShortlistComputed,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import LISTED, STATUS_TITLES, Case
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.panel_review.scoring.scoring_rules import format_total
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.event_log.event_rows import describe_event, event_title
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
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
    """Return every decision in the words of the log, by what it is about: case, record, receipt."""
    steps: dict[str, list[Step]] = {}
    revoked, names = list_revoked(state.events), EventNames(state)
    for event in state.events.of(*_SUBJECTS):
        back, row = revoked.get(event.seq), describe_event(names, event)
        is_vote = isinstance(event.body, BallotOpened)  # its words name all the others
        words = row["about"] if is_vote else row["words"]
        said = "；".join(filter(None, (words, row["reason"], row["document"])))
        text = f"{said}（已撤销，见台账第{back.seq}条）" if back else said
        for about in _SUBJECTS[type(event.body)](event.body):
            step = event_title(event), text, f"台账第{event.seq}条，{event.actor}"
            steps.setdefault(about, []).append(step)
    return steps


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
    title = METHOD_TITLES[method]
    yield "排名", f"{title} {value}，名次第 {rank}", f"规则文件：名次按{title}"
    yield "规则与名单", f"{position}：{row['reason']}", "“全部排名”“名单依据”两表"
    made = state.events.of(ShortlistComputed)
    if made:
        yield "记入台账", "本名单的校验值", f"台账第{made[-1].seq}条\n{made[-1].body.digest}"


_SUBJECTS: Mapping[type, Callable[[Any], tuple[str, ...]]] = {
    FindingSettled: lambda body: (body.case,),
    FindingReviewed: lambda body: (body.subject,),
    FindingReopened: lambda body: (body.subject,),
    FieldCorrected: lambda body: (body.record,),
    UnitAssigned: lambda body: (body.record or str(body.receipt),),
    VersionChosen: lambda body: (body.record,) if body.record else body.records,
    MaterialClassified: lambda body: (body.record,),
    CaseVetoed: lambda body: (body.case,),
    SeatAdded: lambda body: (body.case,),
    LevelConfirmed: lambda body: (body.case,),
    BallotOpened: lambda body: body.cases,
}
"""Kind of decision to what it is about: ids of cases or records, a receipt number."""
