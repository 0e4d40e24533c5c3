"""Returns for correction (退回补正): what a unit must mend or explain, document by document."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from kjfp_helpers.eligibility.history.correspondence import Letter
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier
from kjfp_helpers.reports.data.unit.correction_items import CorrectionItem, CorrectionItems
from kjfp_helpers.reports.office.letters.attachment import Attachment
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.letter_status import letter_status
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_COLUMNS = (
    ("序号", 1.15),
    ("事项", 2.1),
    ("《通知》", 2.0),
    ("位置", 2.65),
    ("要求", 2.4),
    ("报送情况", 3.1),
    ("请办理", 2.2),
)


def fill_correction(
    document: OfficialDocument,
    state: "RoundState",
    draft: LetterDraft,
    terms: DeadlineTexts,
    *,
    issued: bool,
) -> tuple[Attachment, ...]:
    """Write by when to mend or explain how much; return the list of what, document by document."""
    about, standing = state.round.notice.round, draft.dossier
    document.add_paragraph(
        f"根据{about.citation}（以下简称《通知》），对你单位截至{terms.as_of_text}报送的{about.title}"
        f"材料（收讫情况见《收讫回执》）进行了审核，{_count_text(standing)}，逐项列于附件，请办理。"
    )
    if draft.last:
        document.add_paragraph(_describe_last_return(state, draft.last))
    document.add_heading("一、办理期限")
    document.add_paragraph(_describe_deadline(state, draft, issued=issued))
    document.add_heading("二、办理方式")
    document.add_paragraph(
        "请更正后通过电子邮箱重新报送有关材料，不能更正的书面说明，并在邮件主题注明单位名称和“补正”。"
        "同一材料以最后一次报送为准，前件仍予保存，收件编号不变。",
        keep=True,
    )
    return (Attachment("退回补正事项清单", lambda paper: _list_items(paper, state, standing)),)


def _list_items(document: OfficialDocument, state: "RoundState", standing: UnitDossier) -> None:
    """Write the tables of what to mend, to explain and to note, numbered through."""
    turns, listed = iter("一二三"), CorrectionItems(state, standing)
    sections = (
        ("须补正的事项", listed.faults()),
        ("待核实、请说明的事项", listed.questions()),
        ("请留意的事项（不须回复）", listed.remarks()),
    )
    for title, items in sections:
        if items:
            document.add_heading(f"{next(turns)}、{title}")
            document.add_table(_COLUMNS, list(_item_rows(items)))


def _count_text(standing: UnitDossier) -> str:
    counts = (("须补正", standing.faults), ("待核实", standing.questions))
    return "，".join(f"{title}{len(items)}项" for title, items in counts if items)


def _describe_last_return(round_state: "RoundState", last: Letter) -> str:
    """Say what came of the last return to the unit."""
    state = letter_status(round_state, last)
    progress = [f"已收到{state.came}项"]
    if state.settled:
        progress.append(f"另有{state.settled}项已经办结")
    if state.lacking:
        progress.append(f"尚余{state.lacking}项未收到")
    if state.over and state.until:
        progress.append(f"补正期限（{formatting.format_date(state.until)}）已过")
    when = formatting.format_date(date.fromisoformat(last.body.day))
    number = round_state.round.notice.office.document_number(
        int(last.body.day[:4]), last.body.number
    )
    return f"前函（{number}，{when}）所列{state.asked}项，{'，'.join(progress)}。"


def _describe_deadline(state: "RoundState", draft: LetterDraft, *, issued: bool) -> str:
    """Say by when to correct, and how that day was counted."""
    assert draft.until is not None
    days = state.round.notice.ruling.correction_days.value
    plain = "" if issued else "；本函尚未发出，暂按成文日期推算"
    longer = state.submissions.letters.extended.get(draft.dossier.unit.code)
    granted = "经办公室同意延期。" if longer and longer.until == str(draft.until) else ""
    return (
        f"请于{formatting.format_date(draft.until)}前（含当日）补正（自发出之日的次日起{days}个工作日，材料报送期限"
        f"更晚的以报送期限为准{plain}）。{granted}期限内补正的不作逾期；逾期补正的，请书面说明原因，"
        "由办公室裁定。"
    )


def _item_rows(items: Sequence[CorrectionItem]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table, each document headed."""
    for heading, group in groupby(items, lambda item: item.heading):
        yield (heading,)
        for item in group:
            yield (
                item.number,
                item.title,
                item.clause,
                item.where,
                item.expected,
                item.found,
                item.advice,
            )
