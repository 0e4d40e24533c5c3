"""Returns for correction (退回补正): one letter per unit that has something to mend or explain."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.findings import Finding, Severity
from kjfp_helpers.publication import mask_text
from kjfp_helpers.records import Mail
from kjfp_helpers.reports import words
from kjfp_helpers.reports.office.paper import RIGHT, Paper
from kjfp_helpers.rules import Notice, Unit

if TYPE_CHECKING:
    from kjfp_helpers.derivation import Review

ASKED = (Severity.ERROR, Severity.QUESTION)
"""Severities that a unit must answer; warnings go into the report only."""


def letters(
    review: "Review", folder: Path, tick: Callable[[int, int], None] = lambda done, total: None
) -> list[Path]:
    """Write one letter per unit with faults and remove letters no longer due.

    Parameters
    ----------
    review : Review
        The derived round.
    folder : Path
        ``letters`` below the outputs; files are named by unit code.
    tick : callable
        Called with units done and units in all.

    Returns
    -------
    list of Path
        The letters, in the order of ``units.csv``.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    made = []
    for done, unit in enumerate(review.round.units, start=1):
        asked = [
            found for found in review.findings
            if found.unit == unit.code and found.severity in ASKED
        ]  # fmt: skip
        if asked:
            made.append(folder / f"{unit.code}.docx")
            mails = [mail for mail in review.intake.mails if mail.unit == unit.code]
            _letter(review, unit, mails, asked).save(made[-1])
        tick(done, len(review.round.units))
    for stale in set(folder.glob("*.docx")) - set(made):
        stale.unlink()
    return made


def _letter(review: "Review", unit: Unit, mails: Sequence[Mail], asked: Sequence[Finding]) -> Paper:
    notice = review.round.notice
    paper = Paper(rehearsal=review.round.rehearsal)
    paper.title("退回补正通知")
    paper.text(f"{unit.name}：", indent=0)
    paper.text(
        f"根据{notice.round.document}，现将你单位报送的{review.round.notice.round.title}材料的收讫和审核情况"
        "通知如下，请按要求办理。"
    )
    paper.head("一、收讫情况")
    _receipts(paper, review, mails)
    paper.head("二、须补正和说明的事项")
    paper.table(
        [
            ("序号", 1.3),
            ("事项", 3.0),
            ("通知条款", 1.9),
            ("应为", 3.3),
            ("实为", 3.3),
            ("请办理", 3.2),
        ],
        [_item(review, place, found) for place, found in enumerate(_ordered(asked), start=1)],
    )
    paper.head("三、办理要求")
    paper.text(_deadline(notice))
    paper.text("")
    paper.text(notice.round.office, align=RIGHT)
    clock = notice.round.clock
    paper.text(words.day(clock.date()) if clock else "　　　年　　月　　日", align=RIGHT)
    return paper


def _receipts(paper: Paper, review: "Review", mails: Sequence[Mail]) -> None:
    if not mails:
        paper.text("至今未收到你单位报送的材料。")
        return
    received = dict(zip(review.receipts["receipt"], review.receipts["received"], strict=True))
    timezone = review.round.notice.round.timezone
    rows = []
    for mail in mails:
        names = [mask_text(Path(file.path).name) for file in mail.files]
        rows.append(
            (f"第{mail.receipt:04d}号", words.moment(received.get(mail.receipt), timezone),
             "、".join(names) or "无附件", f"{len(names)}个")
        )  # fmt: skip
    paper.text(f"共收到来件{len(mails)}封，登记如下：")
    paper.table([("收件编号", 2.5), ("收到时间", 3.4), ("文件", 8.5), ("文件数", 1.6)], rows)


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda found: (ASKED.index(found.severity), found.case, found.code, found.field),
    )


def _item(review: "Review", place: int, found: Finding) -> tuple[str, ...]:
    case = review.case_by_id.get(found.case)
    about = f"{found.about.title}（{found.severity.label}）"
    name = f"{mask_text(case.name)}：" if case else ""
    spot = f"（{mask_text(found.place)}）" if found.place else ""
    came = mask_text(found.found) + spot
    return (str(place), f"{name}{about}", words.clause(found.about.clause),
            mask_text(found.expected), came, found.about.advice)  # fmt: skip


def _deadline(notice: Notice) -> str:
    rule = "含当日" if notice.ruling.deadline.value == "inclusive" else "不含当日"
    recommendation = words.day(notice.deadline.recommendation.date)
    exhibition = words.day(notice.deadline.exhibition.date)
    return (
        "请对照上表逐项补正或书面说明，通过电子邮箱重新报送，并在邮件主题注明单位名称和“补正”。"
        f"按{words.clause(notice.deadline.recommendation.clause)}，推荐材料于{recommendation}前（{rule}）、展览素材于{exhibition}前（{rule}）"
        "报送；已过期限的，请一并书面说明原因，由办公室裁定。补正件以最后一次报送为准。"
    )
