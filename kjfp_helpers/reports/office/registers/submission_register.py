"""The register (``register.xlsx``): every message and its parts, who is late, who is unknown."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Mail
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import TIME_SOURCE_LABELS, DeadlineTexts
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    MINUTE_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.reports.report_types import OFFICE, UNIT_TYPE

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]

UNKNOWN = "未能辨认"
_RECEIPT = Column("receipt", "收件编号", COUNT_FORMAT)
_UNIT = Column("unit_name", "单位", link_key="report")
_SENDER, _SUBJECT = Column("sender", "发件人"), Column("subject", "邮件主题")
_RECEIVED = Column("received", "收到时间", MINUTE_FORMAT)
_SENT = Column("sent", "发件时间", MINUTE_FORMAT)
_HASH = Column("sha256", "文件指纹（SHA-256）", width=70)


_RECEIPT_COLUMNS = (
    _RECEIPT,
    _RECEIVED,
    Column("evidence", "时间依据"),
    _UNIT,
    _SENDER,
    _SUBJECT,
    Column("files", "文件数", COUNT_FORMAT),
    Column("kinds", "材料"),
    Column("late", "逾期", state_key="late"),
    Column("reply", "答复函件"),
    Column("note", "备注"),
)
_PART_COLUMNS = (
    _RECEIPT,
    _UNIT,
    Column("name", "文件", width=40),
    Column("kind", "认作"),
    Column("size", "字节数", COUNT_FORMAT),
    Column("state", "采用情况", width=30),
    _HASH,
    Column("stored", "存放位置"),
)
_COMPLETENESS_COLUMNS = (
    Column("unit", "代码"),
    _UNIT,
    *(
        column
        for kind, label in formatting.MATERIAL_TITLES.items()
        for column in (
            Column(f"{kind}_arrived", f"{label}：收到", width=19, state_key=kind),
            Column(
                f"{kind}_order",
                f"{label}：是否合格",
                width=22,
                state_key=f"{kind}_tone",
            ),
        )
    ),
)
_LATE_COLUMNS = (
    _RECEIPT,
    _UNIT,
    Column("material", "材料"),
    Column("due", "报送期限"),
    Column("clause", "依据条款"),
    _RECEIVED,
    Column("minutes", "逾期（分钟）", COUNT_FORMAT),
    Column("span", "逾期时长"),
    Column("evidence", "时间依据"),
    _SENT,
    Column("served", "收件服务器时间", MINUTE_FORMAT),
)
_LINK_COLUMNS = (
    _RECEIPT,
    _UNIT,
    _RECEIVED,
    Column("until", "下载期限", width=40),
    Column("link", "链接", width=70),
)
_UNKNOWN_COLUMNS = (
    _RECEIPT,
    _RECEIVED,
    _SENDER,
    _SUBJECT,
    Column("files", "文件数", COUNT_FORMAT),
    Column("kinds", "材料"),
    Column("todo", "请办理", width=40),
)
_VERSION_COLUMNS = (
    _UNIT,
    Column("kind", "材料"),
    Column("name", "名称或姓名"),
    Column("old_receipt", "前件编号", COUNT_FORMAT),
    Column("new_receipt", "后件编号", COUNT_FORMAT),
    Column("title", "栏目"),
    Column("old", "前件", width=44),
    Column("new", "后件", width=44),
)


def write_register(state: "RoundState", path: Path) -> None:
    """Write receipts, files with hashes, completeness by unit, and what a person must handle.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    sheets = [*_build_mail_sheets(state), *_build_state_sheets(state), *_build_task_sheets(state)]
    write_workbook(path, sheets, rehearsal=state.round.rehearsal, amendments=state.round.amendments)


def _build_sheet(
    state: "RoundState", tab: str, columns: Sequence[Column], rows: Iterable[Row], note: str
) -> Sheet:
    """Return a sheet titled with the round's name and its tab."""
    return Sheet(tab, f"{state.round.notice.round.title}{tab}", columns, rows, note)


def _build_mail_sheets(state: "RoundState") -> Iterator[Sheet]:
    """Yield every message and every file."""
    about = state.round.notice.round
    note = f"{about.document}　{about.office}"
    yield _build_sheet(state, "来件登记", _RECEIPT_COLUMNS, _receipt_rows(state), note)
    note = "文件指纹用来核对文件是否与来件一致；缩进的是压缩文件内的文件。"
    yield _build_sheet(state, "附件清单", _PART_COLUMNS, _part_rows(state), note)


def _build_state_sheets(state: "RoundState") -> Iterator[Sheet]:
    """Yield what each unit has sent and what came late."""
    note = "收到：何时、是否按期；是否合格：不全的写明须补正什么。"
    rows = _completeness_rows(state)
    yield _build_sheet(state, "材料齐全表", _COMPLETENESS_COLUMNS, rows, note)
    yield _build_sheet(state, "逾期登记", _LATE_COLUMNS, _late_rows(state), _clock_note(state))


def _build_task_sheets(state: "RoundState") -> Iterator[Sheet]:
    """Yield what waits for a person: links, unknown senders, differences between versions."""
    note = "本工具不下载；请在期限前人工下载存档，并请单位以附件重报。"
    yield _build_sheet(state, "网盘链接", _LINK_COLUMNS, _link_rows(state), note)
    note = "发件单位未能辨认的来件，认定之前其材料不计入任何单位。"
    yield _build_sheet(state, "待认来件", _UNKNOWN_COLUMNS, _unknown_rows(state), note)
    note = "以后件为准；身份证号码和电话不予列出。"
    yield _build_sheet(state, "版本差异", _VERSION_COLUMNS, _version_rows(state), note)


def _completeness_rows(state: "RoundState") -> Iterator[Row]:
    for row in formatting.frame_rows(state.screening.completeness):
        tones = {f"{kind}_tone": row[f"{kind}_order"] for kind in formatting.MATERIAL_TITLES}
        yield (
            row
            | tones
            | {"report": UNIT_TYPE.page_path(row["unit"], OFFICE)}
            | {
                f"{kind}_order": formatting.format_completeness(
                    row[f"{kind}_order"], row[f"{kind}_faults"]
                )
                for kind in formatting.MATERIAL_TITLES
            }
        )


def _clock_note(state: "RoundState") -> str:
    ruling = state.round.notice.ruling
    return "裁定：截止日" + "，".join(
        formatting.format_ruling(name, getattr(ruling, name).value)
        for name in ("deadline", "clock")
    )


def _receipt_rows(state: "RoundState") -> Iterator[Row]:
    timezone = state.round.notice.round.timezone
    by_path, terms = (
        {mail.path: mail for mail in state.submissions.intake.mails},
        DeadlineTexts(state),
    )
    frame = state.submissions.receipts.assign(path=list(by_path)).sort_values(
        "receipt", kind="stable"
    )
    for row in formatting.frame_rows(frame):
        yield row | {
            "received": formatting.local_minute(row["received"], timezone),
            "evidence": TIME_SOURCE_LABELS[
                lateness.arrival_evidence(state.round, by_path[row["path"]])
            ],
            "sender": mask_personal_numbers(formatting.remove_control_chars(row["sender"])),
            "subject": mask_personal_numbers(formatting.remove_control_chars(row["subject"])),
            "unit_name": row["unit_name"] or UNKNOWN,
            "kinds": row["kinds"] or _other_kinds(by_path[row["path"]]),
            "late": "逾期" if row["late"] else "否",
            "reply": terms.reply_text(row["receipt"]),
        }


def _other_kinds(mail: Mail) -> str:
    """Return the kinds of the files of a message that yielded no record."""
    return formatting.format_kinds([file.kind for file in mail.files]) if mail.files else ""


def _unknown_rows(state: "RoundState") -> Iterator[Row]:
    for row in _receipt_rows(state):
        if row["unit_name"] == UNKNOWN:
            yield row | {"todo": "查明单位后，把其邮箱域名或别名补入 units.csv，再次收件"}


def _part_rows(state: "RoundState") -> Iterator[Row]:
    parts = MailContents(state)
    for mail in state.submissions.intake.mails:
        stored = [file.stored for file in mail.files]
        for index, part in enumerate(parts.list_parts(mail)):
            yield {
                **_sender_unit(state, mail),
                "name": part.name,
                "kind": part.kind,
                "size": part.size,
                "state": part.state,
                "sha256": part.sha256,
                "stored": stored[index] if index < len(stored) else "",
            }


def _sender_unit(state: "RoundState", mail: Mail) -> Row:
    unit = state.round.unit_by_code.get(mail.unit)
    timezone = state.round.notice.round.timezone
    return {
        "receipt": mail.receipt,
        "unit_name": unit.short_name if unit else UNKNOWN,
        "report": UNIT_TYPE.page_path(unit.code, OFFICE) if unit else "",
        "received": formatting.local_minute(lateness.arrival_time(state.round, mail), timezone),
    }


def _late_rows(state: "RoundState") -> Iterator[Row]:
    terms, timezone = DeadlineTexts(state), state.round.notice.round.timezone
    mails = {mail.receipt: mail for mail in state.submissions.intake.mails}
    minutes: dict[tuple[int, str], int] = {}
    for record in state.submissions.intake.records:
        if record.id in state.submissions.late:
            minutes[record.receipt, record.kind] = state.submissions.late[record.id]
    for (receipt, kind), by in minutes.items():
        mail, last = mails[receipt], lateness.last_day(state.round, kind)
        assert last is not None
        yield {
            **_sender_unit(state, mail),
            "material": formatting.record_title(kind),
            "due": terms.due_text(kind, mail.unit),
            "clause": last[1] if last[1] == "裁定" else formatting.format_clause_part(last[1]),
            "minutes": by,
            "span": lateness.format_duration(by),
            "evidence": TIME_SOURCE_LABELS[lateness.arrival_evidence(state.round, mail)],
            "sent": formatting.local_minute(mail.sent, timezone),
            "served": formatting.local_minute(mail.received, timezone),
        }


def _link_rows(state: "RoundState") -> Iterator[Row]:
    for mail in state.submissions.intake.mails:
        for finding in mail.findings:
            if finding.code == "cloud_link":
                link, _, until = finding.found.removeprefix("网盘链接 ").partition("，请于")
                yield {
                    **_sender_unit(state, mail),
                    "link": mask_personal_numbers(link),
                    "until": until,
                }


def _version_rows(state: "RoundState") -> Iterator[Row]:
    for row in formatting.frame_rows(state.submissions.versions):
        yield row | {
            "kind": formatting.record_title(row["kind"]),
            "name": mask_personal_numbers(row["name"] or ""),
        }
