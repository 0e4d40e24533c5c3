"""What the events of the round, of intake and of letters are about, and what they say."""

from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.intake.online_column.column_folder import COLUMN_TITLES
from kjfp_helpers.reports.data.event_log.event_subjects import Describer, EventNames, Said
from kjfp_helpers.reports.data.masked_values import change_texts

_OUTCOMES = {"confirmed": "确认无误", "handled": "线下已办结"}
_COMMAND_TITLES = {
    "forms": "空白表格",
    "intake": "收件结果",
    "check": "检查文件",
    "assign": "评阅卷",
    "shortlist": "名单文件",
    "regenerate": "评审报告",
    "exhibit": "展览页面",
    "letters": "函件",
    "issue": "评阅卷",
    "spotcheck": "抽查文件",
    "stocktake": "盘点文件",
    "assess": "考核文件",
    "export": "评分工作簿",
}
"""Command to what it makes."""
_DIGITS = 16
"""Digits of a digest that are shown."""


def _describe_outputs(names: EventNames, body: kinds.OutputsRecorded) -> Said:
    withdrawn = f"，撤下{len(body.withdrawn)}份" if body.withdrawn else ""
    return _COMMAND_TITLES.get(
        body.command, body.command
    ), f"生成或更新文件{len(body.papers)}份{withdrawn}"


def _describe_amendment(names: EventNames, body: kinds.RulesAmended) -> Said:
    changes = "；".join(f"{file} {key}：{old} → {new}" for file, key, old, new in body.changes)
    return "规则文件", changes or "没有改动规则值"


def _describe_correction(names: EventNames, body: kinds.FieldCorrected) -> Said:
    old, new = change_texts(names.record_kind(body.record), body)
    channel = f"（依据：{body.channel}）" if body.channel else ""
    changed = f"{old or '空白'} → {new or '空白'}{channel}"
    return names.record(body.record), f"{names.field(body.record, body.field)}：{changed}"


def _describe_choice(names: EventNames, body: kinds.NomineesChosen) -> Said:
    receipt = f"（{names.receipt(body.receipt)}）" if body.receipt else ""
    chosen = names.cases(body.cases)
    return names.unit(body.unit), f"保留 {chosen}{receipt}" if chosen else "撤销选定"


def _describe_withdrawal(names: EventNames, body: kinds.NominationWithdrawn) -> Said:
    return names.case(body.case), names.receipt(body.receipt) if body.receipt else ""


def _describe_letter(names: EventNames, body: kinds.LetterIssued) -> Said:
    until = f"，补正至{body.until}" if body.until else ""
    return names.unit(body.unit), f"第{body.number}号《{body.title}》，{body.day}{until}"


def _describe_extension(names: EventNames, body: kinds.CorrectionDeadlineExtended) -> Said:
    first = "，首次报送照此延期" if body.first else ""
    return names.unit(body.unit), f"延至{body.until}{first}" if body.until else "撤销延期"


def _digest(text: str) -> str:
    return f"校验值 {text[:_DIGITS]}"


def _day(at: str) -> str:
    return at[:16].replace("T", " ")


ROUND_EVENTS: dict[type, Describer[Any]] = {
    kinds.RoundOpened: lambda names, body: (body.round, ""),
    kinds.MailReceived: lambda names, body: (
        names.receipt(body.number),
        f"{body.path}，指纹 {body.sha256[:_DIGITS]}",
    ),
    kinds.ColumnItemReceived: lambda names, body: (
        body.source,
        f"{COLUMN_TITLES.get(body.kind, body.kind)}，"
        + (f"{len(body.files)}个文件" if body.files else "原件已移走"),
    ),
    kinds.RulesFrozen: lambda names, body: (
        "规则文件",
        f"{len(body.files)}个文件，{_digest(body.digest)}",
    ),
    kinds.RulesAmended: _describe_amendment,
    kinds.IntakeRead: lambda names, body: ("收件结果", _digest(body.digest)),
    kinds.OutputsRecorded: _describe_outputs,
    kinds.UnitReportsVersioned: lambda names, body: (
        "单位报告",
        f"{len(body.facts)}个单位有新版次：{'、'.join(map(names.unit, list(body.facts)[:5]))}"
        + ("等" if len(body.facts) > 5 else ""),
    ),
    kinds.EarlierLedgerAccepted: lambda names, body: ("台账", f"放弃 {'、'.join(body.heads)}"),
    kinds.SamplingFrameFrozen: lambda names, body: (
        "抽查名册",
        f"{len(body.units)}个单位，{_digest(body.digest)}",
    ),
    kinds.SpotCheckDrawn: lambda names, body: ("抽查", "、".join(map(names.unit, body.units))),
    kinds.ArchiveMade: lambda names, body: (
        body.name,
        f"至台账第{body.until}条，清单{_digest(body.manifest)}",
    ),
    kinds.DocumentDateSet: lambda names, body: ("成文日期", body.day),
    kinds.LetterIssued: _describe_letter,
    kinds.CorrectionDeadlineExtended: _describe_extension,
}
INTAKE_EVENTS: dict[type, Describer[Any]] = {
    kinds.NomineesChosen: _describe_choice,
    kinds.NominationWithdrawn: _describe_withdrawal,
    kinds.NominationRestored: lambda names, body: (names.case(body.case), ""),
    kinds.ArrivalRecorded: lambda names, body: (
        names.receipt(body.receipt),
        _day(body.at) or "撤销登记",
    ),
    kinds.FindingSettled: lambda names, body: (names.case(body.case), names.finding(body.code)),
    kinds.FindingReviewed: lambda names, body: (
        names.subject(body.subject),
        f"{names.finding(body.code)}：{_OUTCOMES.get(body.outcome, body.outcome)}",
    ),
    kinds.FindingReopened: lambda names, body: (
        names.subject(body.subject),
        names.finding(body.code),
    ),
    kinds.FindingAssigned: lambda names, body: (
        names.subject(body.subject),
        f"{names.finding(body.code)}：由{body.person}核实，{body.until}前"
        if body.person
        else f"{names.finding(body.code)}：撤销指定",
    ),
    kinds.FieldCorrected: _describe_correction,
    kinds.UnitAssigned: lambda names, body: (
        names.record(body.record) if body.record else names.receipt(body.receipt),
        names.unit(body.unit) or "撤销认定",
    ),
    kinds.VersionChosen: lambda names, body: (
        "、".join(map(names.record, body.records)),
        f"以{names.record(body.record)}为准" if body.record else "撤销选定",
    ),
    kinds.SenderRemembered: lambda names, body: (
        body.address,
        names.unit(body.unit) or "撤销登记",
    ),
    kinds.MaterialClassified: lambda names, body: (
        names.record(body.record),
        KIND_TITLES.get(body.kind, "未归类"),
    ),
    kinds.PaperReceived: lambda names, body: (
        names.unit(body.unit),
        f"{names.receipt(body.number)}，{body.channel}，{_day(body.at)}收到",
    ),
    kinds.FormEntered: lambda names, body: (
        names.record(body.record),
        f"{names.receipt(body.receipt)} {body.path}".strip(),
    ),
    kinds.SummaryTyped: lambda names, body: (
        names.record(body.record),
        f"{names.receipt(body.receipt)} {body.path}，{len(body.text)}字",
    ),
    kinds.FormWithdrawn: lambda names, body: (names.record(body.record), ""),
    kinds.PaperOriginalChecked: lambda names, body: (
        names.case(body.case),
        f"原件{body.pages}页，{body.difference or '与电子件一致'}" if body.pages else "撤销核对",
    ),
    kinds.IdentityViewed: lambda names, body: (
        names.subject(body.subject),
        names.field(body.subject, body.field),
    ),
}
