"""Returns for correction (退回补正): what a unit must mend or explain, document by document."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kjfp_helpers.findings import Finding
from kjfp_helpers.publication import mask_text
from kjfp_helpers.records import KINDS, Record
from kjfp_helpers.reports import words
from kjfp_helpers.reports.office.dossier import Dossier, Terms
from kjfp_helpers.reports.office.paper import Paper

if TYPE_CHECKING:
    from kjfp_helpers.derivation import Review

TO_UNIT: Mapping[str, str] = {
    "unsorted": "请说明属于哪项材料",
    "unexpected_type": "请说明此文件的用途",
    "needs_manual": "请另存为通用格式后重新报送",
    "cloud_link": "请以附件重新报送",
    "leader_also_individual": "请说明是否确需兼报",
    "unknown_sender": "请说明报送单位",
    "arrival_unknown": "请告知报送的时间和方式",
    "withdrawn": "无须办理",
}
"""What to ask of the unit where the catalogue's advice speaks to the office."""
_COLUMNS = (
    ("序号", 1.2), ("事项", 2.5), ("通知条款", 2.0), ("位置", 2.5), ("应为", 2.7), ("实为", 2.6),
    ("请办理", 2.5),
)  # fmt: skip
_OWED = (("材料", 3.0), ("通知条款", 2.3), ("报送期限", 5.6), ("请办理", 5.1))
_ORDER = (
    "quota", *KINDS, "stocktake", "summary", "exhibit", "story_attachment", "mail",
)  # fmt: skip


def fill_correction(paper: Paper, review: "Review", dossier: Dossier, terms: Terms) -> None:
    """Write what has not come, what to mend, what to explain and what to note."""
    notice = review.round.notice
    paper.text(
        f"根据{notice.round.document}，你单位报送的{notice.round.title}材料（收讫情况见《收讫回执》）"
        f"已审核至{terms.as_of}收到的来件：{_counts(dossier)}。请按下列各表逐项办理。"
    )
    turns = iter("一二三四五六")
    if dossier.owed:
        paper.head(f"{next(turns)}、尚未收到的材料")
        owe(paper, dossier, terms)
    told = (
        ("须补正的事项", dossier.faults),
        ("待核实、请说明的事项", dossier.questions),
        ("请留意的事项（不须回复）", dossier.remarks),
    )
    desk, number = _Desk(review, dossier, terms), 0
    for title, findings in told:
        if findings:
            paper.head(f"{next(turns)}、{title}")
            paper.table(_COLUMNS, desk.rows(findings, number))
            number += len(findings)
    paper.head(f"{next(turns)}、办理要求")
    paper.text(
        "请更正后通过电子邮箱重新报送有关材料，不能更正的书面说明，并在邮件主题注明单位名称和“补正”。"
        "同一材料以最后一次报送为准，前件仍予保存，收件编号不变。期限已过的，请收到本通知后即行办理，"
        "并书面说明原因，由办公室裁定。",
        keep=True,
    )


def _counts(dossier: Dossier) -> str:
    counts = (
        ("未收到材料", dossier.owed), ("须补正", dossier.faults), ("待核实", dossier.questions),
    )  # fmt: skip
    return "，".join(f"{title}{len(items)}项" for title, items in counts if items)


def owe(paper: Paper, dossier: Dossier, terms: Terms) -> None:
    """Add the table of what the unit must send and has not."""
    paper.table(_OWED, [
        (words.MATERIALS[kind], terms.clause(dossier.unit, kind), terms.due(kind), terms.call(kind))
        for kind in dossier.owed
    ])  # fmt: skip


class _Desk:
    """Sorts a unit's findings by the document that they stand in."""

    def __init__(self, review: "Review", dossier: Dossier, terms: Terms) -> None:
        self._review, self._unit, self._terms = review, dossier.unit.code, terms
        self._receipts = {mail.path: mail.receipt for mail in dossier.mails}
        self._records: dict[str, Record] = {}
        for record in review.intake.records:
            if record.unit == self._unit:
                self._records.setdefault(record.source, record)

    def rows(self, findings: Sequence[Finding], number: int) -> list[tuple[str, ...]]:
        """Return the rows of a table, numbered on from ``number``, each document headed."""
        rows: list[tuple[str, ...]] = []
        for (_, kind, title), group in groupby(sorted(findings, key=self._order), self._document):
            items = list(group)
            sources = {found.source for found in items}
            shared = sources.pop() if len(sources) == 1 else ""
            rows.append(("　".join(filter(None, (title, self._file(shared), self._when(kind)))),))
            for found in items:
                number += 1
                rows.append(self._item(number, found, shared))
        return rows

    def _when(self, kind: str) -> str:
        due = self._terms.due(kind)
        return "" if due == words.MISSING else f"期限：{due}，{self._terms.call(kind)}"

    def _item(self, number: int, found: Finding, shared: str) -> tuple[str, ...]:
        about = found.about
        place = [mask_text(words.clean(found.place))]
        place += [self._file(found.source)] if found.source != shared else []
        texts = (self._told(found.expected), self._told(found.found))
        advice = TO_UNIT.get(found.code, about.advice)
        return (str(number), about.title, words.clause(about.clause),
                "，".join(filter(None, place)) or ("全件" if shared else words.MISSING),
                *texts, advice)  # fmt: skip

    def _told(self, text: str) -> str:
        return words.told(text, self._review, self._unit)

    def _document(self, found: Finding) -> tuple[int, str, str]:
        """Return what a finding is filed under: place in the letter, kind and title."""
        case = self._review.case_by_id.get(found.case)
        if case:
            title = words.form(case.kind, mask_text(words.clean(case.name)))
            return _ORDER.index(case.kind), case.kind, title
        if found.field in KINDS:
            return 0, found.field, f"推荐名额：{words.form(found.field)}"
        if record := self._records.get(found.source):
            return _ORDER.index(record.kind), record.kind, words.form(record.kind)
        return _ORDER.index("mail"), "mail", "来件与文件"

    def _order(self, found: Finding) -> tuple[object, ...]:
        spot = found.source, _natural(found.place), found.code, found.found
        return *self._document(found), *spot

    def _file(self, source: str) -> str:
        """Return the file that a source names, with the receipt it came under."""
        if not source:
            return ""
        path = next((path for path in self._receipts if source.startswith(path)), "")
        name = mask_text(words.clean(source.removeprefix(path).rpartition("/")[2]))
        came = f"{words.receipt(self._receipts[path])}来件" if path else ""
        return f"{name}（{came}）" if name and came else name or came


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key that puts row 2 before row 10."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)
    ]
