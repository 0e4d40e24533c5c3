"""Reminders (催报): what a unit has not sent although its day has passed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft, reply_end

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_OUTSTANDING_COLUMNS = (
    ("序号", 1.2),
    ("材料", 2.0),
    ("《通知》", 3.1),
    ("报送期限", 5.6),
    ("请办理", 3.8),
)


def fill_reminder(
    document: OfficialDocument, state: "RoundState", draft: LetterDraft, terms: DeadlineTexts
) -> None:
    """Write what has not come, and what is asked of a unit that sent nothing at all."""
    about, standing = state.round.notice.round, draft.dossier
    unit = standing.unit
    nothing = not standing.mails
    what = f"{about.title}材料" if nothing else f"{about.title}的下列材料（已收到的见《收讫回执》）"
    past = _past_text(standing.owed, unit.code, terms)
    document.add_paragraph(
        f"根据{about.citation}（以下简称《通知》），截至{terms.as_of_text}，"
        f"尚未收到你单位报送的{what}{past}。"
        + ("应报材料如下，请即报送。" if nothing else "请即报送。")
    )
    document.add_table(
        _OUTSTANDING_COLUMNS,
        [
            (
                str(number),
                formatting.MATERIAL_TITLES[kind],
                terms.clause_text(unit, kind),
                terms.due_text(kind, unit.code),
                terms.urgency_text(kind, unit.code),
            )
            for number, kind in enumerate(standing.owed, start=1)
        ],
    )
    if nothing:
        document.add_paragraph(_nomination_note(state, draft, terms))
    last = reply_end(state, draft.day)
    document.add_paragraph(
        f"请于{formatting.format_date(last)}前（含当日）报送，并书面说明原因，由办公室裁定。"
        "已经报送的，请告知报送时间和所用邮箱，以便查找。",
        keep=True,
    )


def _past_text(owed: Sequence[str], unit: str, terms: DeadlineTexts) -> str:
    """Return of which materials the day has passed; the notice sets none for the stock-take."""
    past = [formatting.MATERIAL_TITLES[kind] for kind in owed if terms.is_past(kind, unit)]
    if not past:
        return ""
    which = "" if len(past) == len(owed) else f"其中{'、'.join(past)}的"
    return f"，{which}报送期限已过"


def _nomination_note(state: "RoundState", draft: LetterDraft, terms: DeadlineTexts) -> str:
    unit = draft.dossier.unit
    titles = "、".join(formatting.record_title(kind) for kind in NOMINEE_KINDS)
    clause, due = terms.clause_text(unit, "team"), terms.due_text("team", unit.code)
    if terms.is_past("team", unit.code):
        past = f"按《通知》{clause}，{titles}应于{due}报送，期限已过"
        return f"{past}；拟推荐的请一并说明，不推荐的请函告。"
    return f"拟推荐先进团队、先进个人的，请按《通知》{clause}于{due}报送{titles}；不推荐的请函告。"
