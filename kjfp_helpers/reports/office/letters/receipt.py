"""Receipts (收讫回执): what came from a unit, part by part, and what has not come."""

from typing import TYPE_CHECKING

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_MEASURES, NOMINEE_KINDS, Mail
from kjfp_helpers.core.state_labels import FAULTY, RECEIVED, UNDATED, UNREADABLE
from kjfp_helpers.eligibility.history.correspondence import RECEIPT, RETURN
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.reports.office.letters.attachment import Attachment
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

FINGERPRINT_CHARS = 16
"""Signs of a hash that a letter shows; the register holds all 64."""
_PART_COLUMNS = (
    ("文件", 4.1),
    ("认作", 3.1),
    ("字节数", 2.1),
    ("文件指纹", 3.85),
    ("采用情况", 2.45),
)
_MATERIAL_COLUMNS = (("材料", 3.0), ("《通知》", 2.3), ("报送期限", 5.65), ("收讫情况", 4.65))


def fill_receipt(
    document: OfficialDocument,
    state: "RoundState",
    standing: UnitDossier,
    parts: MailContents,
    terms: DeadlineTexts,
) -> tuple[Attachment, ...]:
    """Write what was received and what was not; return the list of messages and files."""
    about = state.round.notice.round
    document.add_paragraph(
        f"根据{about.citation}（以下简称《通知》），现将截至{terms.as_of_text}你单位报送"
        f"{about.title}材料的收讫情况函告如下。"
    )
    document.add_heading("一、各项材料收讫情况")
    document.add_table(
        _MATERIAL_COLUMNS,
        [
            (
                formatting.MATERIAL_TITLES[kind],
                terms.clause_text(standing.unit, kind),
                terms.due_text(kind, standing.unit.code),
                _receipt_state(state, standing, kind, _absence_text(standing, terms, kind)),
            )
            for kind in formatting.MATERIAL_TITLES
        ],
    )
    document.add_paragraph(_outstanding_text(standing))
    others = "、".join(f"《{title}》" for title in standing.letters if title != RECEIPT)
    if others:
        document.add_paragraph(f"须办理的事项另见{others}。")
    document.add_heading("二、来件登记")
    count = sum(len(mail.files) for mail in standing.mails)
    document.add_paragraph(
        f"共收到来件{len(standing.mails)}封、文件{count}个，逐个列于附件，请核对。"
    )
    _add_cloud_links(document, standing)
    document.add_paragraph("特此回执。", keep=True)
    return (Attachment("来件和文件清单", lambda paper: _list_files(paper, standing, parts, terms)),)


def _list_files(
    document: OfficialDocument, standing: UnitDossier, parts: MailContents, terms: DeadlineTexts
) -> None:
    """Write every file by message; a fingerprint lets the unit tell its file from another."""
    document.add_paragraph(
        f"文件指纹由文件内容算出（SHA-256前{FINGERPRINT_CHARS}位），内容相同则指纹相同，可用以核对。",
        keep=True,
    )
    rows = []
    for mail in standing.mails:
        rows += [(_mail_heading(mail, terms),), *_part_rows(parts, mail)]
    document.add_table(_PART_COLUMNS, rows)


def _mail_heading(mail: Mail, terms: DeadlineTexts) -> str:
    subject = mask_personal_numbers(formatting.remove_control_chars(mail.subject))
    again = any(finding.code == "duplicate_mail" for finding in mail.findings)
    return "　".join(
        filter(
            None,
            (
                formatting.format_receipt_number(mail.receipt),
                terms.arrival_text(mail),
                "重复来件" if again else terms.punctuality_text(mail),
                terms.reply_text(mail.receipt),
                f"主题：{subject}" if subject else "",
            ),
        )
    )


def _part_rows(parts: MailContents, mail: Mail) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            part.name,
            part.kind,
            formatting.format_number(part.size),
            part.sha256[:FINGERPRINT_CHARS],
            part.state,
        )
        for part in parts.list_parts(mail)
    ]
    return rows or [("（没有附件）", *[formatting.MISSING] * (len(_PART_COLUMNS) - 1))]


def _absence_text(standing: UnitDossier, terms: DeadlineTexts, kind: str) -> str:
    """Return how to say that nothing of a kind came."""
    awaited = kind in standing.awaited or (
        kind in NOMINEE_KINDS and not terms.is_past(kind, standing.unit.code)
    )
    return "未到报送期限" if awaited else "未收到"


def _receipt_state(state: "RoundState", standing: UnitDossier, kind: str, nothing: str) -> str:
    received = [record for record in standing.records if record.kind == kind]
    receipts = "、".join(
        formatting.format_receipt_number(number)
        for number in sorted({record.receipt for record in received})
    )
    if kind in NOMINEE_KINDS:
        limits = state.round.quota(standing.unit).of(kind)
        span = f"{limits.least}至{limits.most}" if limits.least < limits.most else f"{limits.most}"
        measure = KIND_MEASURES[kind]
        unread = sum(form.kind == kind for form in standing.unread_forms)
        if not received and not unread:
            return f"{nothing}（名额{span}{measure}）"
        counts = []
        if received:
            counts.append(f"{len(received)}份（{receipts}）")
        if unread:
            share = f"另有{unread}份" if received else f"{unread}份，但"
            counts.append(f"{share}{UNREADABLE}")
        return _arrival_text(standing, kind, "，".join(counts))
    return _arrival_text(standing, kind, f"（{receipts}）") if received else nothing


def _arrival_text(standing: UnitDossier, kind: str, what: str) -> str:
    """Return whether a material arrived in time, what came, and where its faults are listed."""
    state, faults = standing.states[kind], standing.states[f"{kind}_faults"]
    labels = {RECEIVED: RECEIVED, UNDATED: f"{RECEIVED}（{UNDATED}）"}
    came = labels.get(state, f"{state}收到")
    return f"{came}{what}" + (f"；{FAULTY}，见《{RETURN}》" if faults else "")


def _outstanding_text(standing: UnitDossier) -> str:
    sentences = []
    if standing.owed:
        titles = "、".join(formatting.MATERIAL_TITLES[kind] for kind in standing.owed)
        sentences.append(f"期限已过、尚未收到：{titles}。")
    if standing.awaited:
        titles = "、".join(formatting.MATERIAL_TITLES[kind] for kind in standing.awaited)
        sentences.append(f"未到报送期限、尚未收到：{titles}。")
    return "".join(sentences) or "应报的盘点表、工作总结、展览素材均已收到。"


def _add_cloud_links(document: OfficialDocument, standing: UnitDossier) -> None:
    rows = [
        (formatting.format_receipt_number(mail.receipt), mask_personal_numbers(finding.found))
        for mail in standing.mails
        for finding in mail.findings
        if finding.code == "cloud_link"
    ]
    if rows:
        document.add_heading("三、网盘链接")
        document.add_paragraph("下列材料只有链接，不视为已报送，请以附件重新报送。", keep=True)
        document.add_table((("收件编号", 2.6), ("链接和下载期限", 13.4)), rows)
