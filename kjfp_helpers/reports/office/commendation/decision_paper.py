"""The decision to commend (表扬决定), and the one that takes a commendation away (撤销)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import SeatAdded
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES, NOMINEE_KINDS, kind_of_case
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.notice.public_notice import ORDER_NOTE
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.commendation.commendation_terms import (
    CommendationVersion,
    count_commended,
    nominee_names,
    tabulate_commended,
    work_title,
)
from kjfp_helpers.reports.office.decision.public_notice import add_name_table
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

if TYPE_CHECKING:
    from kjfp_helpers.core.events import CommendationRevoked
    from kjfp_helpers.state import RoundState


TITLE_WIDTH = 40
"""Columns of a line of the title in 二号: twenty characters."""


def write_decision(state: "RoundState", version: CommendationVersion, path: Path) -> None:
    """Write the decision with the list of names attached.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    notice = state.round.notice
    document = OfficialDocument(rehearsal=notice.round.rehearsal, letterhead=notice.round.office)
    document.add_number(version.document)
    document.add_title(_title(state, version))
    document.add_recipient(notice.decision.recipient)
    *lines, last = _paragraphs(state, version)
    for line in lines:
        document.add_paragraph(line)
    document.add_paragraph(last, keep=True)
    table = tabulate_commended(state, version.cases, votes=False)
    lists = list(table.groupby("类别", sort=False))
    titles = [f"{kind}名单" for kind, _ in lists]
    document.add_attachment_list(titles)
    document.add_signature(
        notice.round.office, formatting.format_date(version.day), seal=notice.office.seal
    )
    for number, (title, (kind, rows)) in enumerate(zip(titles, lists, strict=True), start=1):
        document.start_attachment(f"附件{number}" if len(lists) > 1 else "附件", title)
        add_name_table(document, str(kind), rows)
    document.save(path)


def _title(state: "RoundState", version: CommendationVersion) -> str:
    if version.revoked:
        names = "、".join(nominee_names(state, [one.case for one in version.revoked]).values())
        return f"关于撤销{names}\n表扬的决定"
    lines = [f"关于表扬{work_title(state)}"]
    if text_width(lines[0]) > TITLE_WIDTH:
        start, since, rest = lines[0].partition("以来")
        lines = [f"{start}{since}", rest] if rest else ["关于表扬", work_title(state)]
    return "\n".join([*lines, "先进团队、先进个人的决定"])


def _paragraphs(state: "RoundState", version: CommendationVersion) -> Iterator[str]:
    if version.revoked:
        yield from _revocation_paragraphs(state, version)
        return
    notice = state.round.notice
    yield (
        f"根据{notice.round.citation}，经单位推荐、资格审核、专家评审和公示，现决定对"
        f"{count_commended(version.cases)}予以表扬（名单见附件，{ORDER_NOTE}）。"
    )
    yield from _exceeding_paragraph(state, version)
    if version.before is not None:
        before = version.before
        reason = mask_personal_numbers(version.reason.rstrip("。"))
        yield (
            f"本决定替代{formatting.format_date(date.fromisoformat(before.day))}印发的"
            f"“{before.document}”。理由：{reason}。"
        )
    yield "希望受到表扬的团队和个人珍惜荣誉，再接再厉，为巩固脱贫成果、推进乡村振兴继续努力。"


def _exceeding_paragraph(state: "RoundState", version: CommendationVersion) -> Iterator[str]:
    """Yield by which resolution there are more than the notice plans."""
    added = {
        body.case: body
        for body in state.standing_events.bodies(SeatAdded)
        if body.case in version.cases
    }
    names = nominee_names(state, list(added))
    for kind in NOMINEE_KINDS:
        seats = state.round.notice.commended.seats[kind]
        total = sum(kind_of_case(case) == kind for case in version.cases)
        more = [body for case, body in added.items() if kind_of_case(case) == kind]
        if total <= seats or not more:
            continue
        who = "、".join(
            f"{names.get(body.case, body.case)}按{mask_personal_numbers(body.resolution)}增列"
            for body in more
        )
        measure = KIND_MEASURES[kind]
        yield (f"{KIND_TITLES[kind]}原定{seats}{measure}，实际表扬{total}{measure}：{who}。")


def _revocation_paragraphs(state: "RoundState", version: CommendationVersion) -> Iterator[str]:
    before = version.before
    assert before is not None
    day = formatting.format_date(date.fromisoformat(before.day))
    for one in version.revoked:
        yield (
            f"{day}印发的“{before.document}”表扬的{_describe(state, one)}，"
            f"{mask_personal_numbers(one.reason.rstrip('。'))}。经研究（依据：{one.document}），"
            "决定撤销对其表扬，收回证书。"
        )
    yield (
        f"调整后的名单（第{version.list_number}版，共{count_commended(version.cases)}）见附件，"
        "其余团队和个人的表扬不变。"
    )


def _describe(state: "RoundState", one: "CommendationRevoked") -> str:
    case = state.screening.case_by_id[one.case]
    unit = state.round.unit_by_code[case.unit].name
    return f"{KIND_TITLES[case.kind]}{mask_personal_numbers(case.name)}（{unit}推荐）"
