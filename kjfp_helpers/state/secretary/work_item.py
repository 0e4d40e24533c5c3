"""Work item: a finding that needs a person, its kind, and where to look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.findings import FIGURE_CODES, Finding, Severity
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.eligibility.history.versions import nominee_name
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.state.panel.pending_relationship_rulings import RelationshipQuestion
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.finding_locator import FindingLocator

ITEM_TITLES: Mapping[str, str] = {
    "unit": "报送单位待确认",
    "arrival": "收到时间待登记",
    "file": "文件待人工处理",
    "exhibit": "展览素材待核",
    "link": "网盘材料待取",
    "field": "识别结果待核",
    "form": "表格待核",
    "choice": "版本待选定",
    "eligibility": "资格与重复",
    "figure": "盘点数字核对",
    "held": "期限、名额与篇幅",
    "version": "重复来件与版本",
    "tie": "评委利害关系",
    "record": "在册材料",
}
"""Kinds of work item with their titles, in the order of work."""

_BY_CODE: Mapping[str, str] = {
    "unknown_sender": "unit",
    "unit_inferred": "unit",
    "arrival_unknown": "arrival",
    "on_file": "record",
    "cloud_link": "link",
    "no_picture": "exhibit",
    **dict.fromkeys(
        ("needs_manual", "scanned", "unsorted", "unexpected_type", "private_data", "duplicate"),
        "file",
    ),
    **dict.fromkeys(
        (
            "commended_near",
            "not_commended",
            "duplicate_person",
            "duplicate_team",
            "copied_text",
            "leader_also_individual",
            "claims_over_unit",
        ),
        "eligibility",
    ),
    **dict.fromkeys(
        (
            "late",
            "correction_late",
            "correction_absent",
            "over_quota",
            "under_minimum",
            "story_too_long",
            "withdrawn",
        ),
        "held",
    ),
    **dict.fromkeys(FIGURE_CODES, "figure"),
    "versions_differ": "choice",
    **dict.fromkeys(("duplicate_mail", "resubmission"), "version"),
}
_OF_MAIL = ("unit", "arrival", "link", "file")
"""Kinds about a message or its file, independent of the records read from it."""
OF_UNIT = ("over_quota", "under_minimum")
"""Codes about all nominations of a kind by one unit."""
_FACTS = ("target_not_met", "superseded")
"""Codes that need no decision: intended by the unit, or asked about its later version."""


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One item of the work queue.

    ``subject`` is the id under which resolutions are stored; ``mail``, ``file`` and ``record`` are
    the sources, ``None`` where there is none; ``done`` is the event that resolved it. ``tie`` is
    set for items about a relationship of a panel member.
    """

    kind: str
    finding: Finding
    subject: str
    mail: Mail | None
    file: File | None
    record: Record | None
    nominee: str
    field: str
    done: Event | None = None
    tie: RelationshipQuestion | None = None

    @property
    def key(self) -> str:
        """Stable key of the item, the same in every derived state."""
        finding = self.finding
        return f"{self.subject} {finding.code} {finding.field} {finding.fingerprint}"

    @property
    def unit(self) -> str:
        """The unit's code, ``""`` where the unit is unknown."""
        return self.record.unit if self.record and not self.finding.unit else self.finding.unit


def work_item_kind(finding: Finding, where: FindingLocator) -> str:
    """Return the item kind of a finding, ``""`` where it needs no decision."""
    if finding.code in _BY_CODE:
        return _BY_CODE[finding.code]
    if finding.severity is Severity.WARNING or finding.code in _FACTS:
        return ""
    record = where.record(finding)
    if record is None or record.kind in ("exhibit", "summary"):
        question = finding.severity is Severity.QUESTION and finding.source
        return "file" if question and record is None else ""
    if finding.field and field_label(record.kind, finding.field):
        return "field"
    return "form" if not finding.field else ""


def build_item(
    state: RoundState,
    where: FindingLocator,
    finding: Finding,
    kind: str = "",
    record: Record | None = None,
) -> WorkItem:
    """Return the open item of a finding; ``kind`` and ``record`` override the look-up."""
    kind = kind or work_item_kind(finding, where)
    mail = where.mail(finding)
    finding = _generalize(finding, kind, mail)
    if kind == "figure":
        record = record or where.stocktake(finding.unit)
    elif kind not in _OF_MAIL and finding.code not in OF_UNIT:
        record = record or where.record(finding)
    case = state.screening.case_by_id.get(finding.case)
    nominee = case.name if case else nominee_name(record) if record else ""
    receipt_or_unit = str(mail.receipt) if mail else finding.unit
    return WorkItem(
        kind=kind,
        finding=finding,
        subject=_subject(finding, kind, record) or receipt_or_unit,
        mail=mail,
        file=where.file(finding),
        record=record,
        nominee=nominee,
        field=field_label(record.kind, finding.field) if record else "",
    )


def _subject(finding: Finding, kind: str, record: Record | None) -> str:
    """Return under what a decision is stored; one on figures outlives the paper it is in."""
    if kind == "figure":
        return finding.unit
    return record.id if record else ""


def _generalize(finding: Finding, kind: str, mail: Mail | None) -> Finding:
    """Return the finding without what differs among records of a message or cases of a unit."""
    if finding.code in OF_UNIT:
        return replace(finding, case="")
    if kind == "arrival" and mail:
        return replace(
            finding, case="", source=mail.path, expected="知道何时收到", found="来件没有时间"
        )
    return finding
