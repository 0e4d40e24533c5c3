"""What the events of the spot check are about, and what they say."""

from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.notice.spot_check.sampling_frame import parse_frame
from kjfp_helpers.notice.spot_check.visit_findings import RULINGS
from kjfp_helpers.reports.data.event_log.event_subjects import Describer, EventNames, Said


def _describe_frame(names: EventNames, body: kinds.LotFrameFrozen) -> Said:
    frame = parse_frame(body.lines)
    drawn = sum(frame.draws.values())
    return "抽查名册", (
        f"{len(frame.units)}个单位抽{drawn}个，公开值 {frame.day}：{frame.source}，"
        f"校验值 {body.digest[:16]}"
    )


def _describe_lot(names: EventNames, body: kinds.LotDrawn) -> Said:
    units = "、".join(map(names.unit, body.units))
    return "抽查", f"公开值 {body.value}，抽中 {units}"


def _describe_order(names: EventNames, body: kinds.SpotCheckUnitOrdered) -> Said:
    return names.unit(body.unit), f"{'指定抽查' if body.included else '撤销指定'}：{body.document}"


def _describe_plan(names: EventNames, body: kinds.VisitPlanned) -> Said:
    people = "、".join(f"{name}（{employer}）" for name, employer, *_ in body.checkers)
    return names.unit(body.unit), f"{body.day}，{people}" if people else "撤销安排"


def _describe_import(names: EventNames, body: kinds.VisitFormImported) -> Said:
    photos = f"，照片{len(body.photos)}份" if body.photos else ""
    return names.unit(body.unit), f"{body.checker}：填写{len(body.values)}项{photos}，{body.file}"


def _describe_reply(names: EventNames, body: kinds.VisitFindingReplied) -> Said:
    said = f"{body.day}来函：{body.reply}" if body.reply else "撤销登记"
    return f"{names.unit(body.unit)} {body.finding}", said


def _describe_decision(names: EventNames, body: kinds.VisitFindingDecided) -> Said:
    cases = names.cases(body.cases) if body.cases else ""
    concerned = f"，涉及 {cases}" if cases else ""
    ruling = RULINGS.get(body.ruling, body.ruling)
    return f"{names.unit(body.unit)} {body.finding}", f"{ruling}，{body.document}{concerned}"


SPOT_CHECK_EVENTS: dict[type, Describer[Any]] = {
    kinds.LotFrameFrozen: _describe_frame,
    kinds.LotDrawn: _describe_lot,
    kinds.SpotCheckUnitOrdered: _describe_order,
    kinds.VisitPlanned: _describe_plan,
    kinds.VisitFormIssued: lambda names, body: (
        names.unit(body.unit),
        f"{body.checker}，{body.path}",
    ),
    kinds.VisitFormImported: _describe_import,
    kinds.VisitImportWithdrawn: lambda names, body: ("抽查", f"台账第{body.imported}条导入不计"),
    kinds.VisitFindingReplied: _describe_reply,
    kinds.VisitFindingDecided: _describe_decision,
    kinds.SpotCheckClosed: lambda names, body: (
        "抽查",
        f"未办结：{'、'.join(map(names.unit, body.open))}" if body.open else "全部办结",
    ),
    kinds.SpotCheckReopened: lambda names, body: ("抽查", "继续"),
}
