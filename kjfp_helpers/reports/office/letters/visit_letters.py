"""Letters of the spot check: the notice of a visit, and the request to reply to its findings."""

from datetime import date
from typing import TYPE_CHECKING

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.notice.spot_check.lot_drawing import ORDERED
from kjfp_helpers.notice.spot_check.visit_findings import AWAITING_REPLY
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft
from kjfp_helpers.state.spot_check.reported_figures import reported_figures

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_FIGURE_COLUMNS = (("指标", 7.0), ("下达目标", 3.0), ("上报完成数", 3.0), ("请备查的依据", 5.0))
_PEOPLE_COLUMNS = (("检查人员", 3.0), ("工作单位", 10.0))
_FINDING_COLUMNS = (("序号", 1.4), ("检查内容", 4.4), ("检查情况", 7.2), ("查证依据", 4.0))
_PROOFS = {
    "assoc": "农技协登记证书、名册和支持建设的文件",
    "federations": "联合会登记证书、名册",
    "experts": "专家名单、派出文件和服务记录",
    "people": "建档立卡贫困户名册和脱贫认定材料",
}


def fill_visit_notice(document: OfficialDocument, state: "RoundState", draft: LetterDraft) -> None:
    """Write why the unit is checked, by whom, on which day, on what, and what to have ready."""
    about, rule = state.round.notice.round, state.round.notice.spot_check
    unit = draft.dossier.unit
    visit = state.spot_check.visits[unit.code]
    assert visit.plan is not None
    day = formatting.format_date(date.fromisoformat(visit.plan.day))
    document.add_paragraph(
        f"根据{about.citation}{formatting.format_clause_part(rule.clause)}，"
        f"{_why(state, unit.code)}，定于{day}"
        "到你单位实地检查。现将有关事项通知如下。"
    )
    document.add_heading("一、检查内容")
    for number, head in enumerate(rule.heads, start=1):
        document.add_paragraph(f"{number}.{head}。")
    document.add_heading("二、核实的数字")
    figures = reported_figures(state, unit.code)
    document.add_table(
        _FIGURE_COLUMNS,
        [
            (
                one.label,
                formatting.format_number(figures[one.name][0]),
                formatting.format_number(figures[one.name][1]),
                _PROOFS[one.name],
            )
            for one in INDICATORS
            if one.name in figures
        ],
    )
    document.add_heading("三、检查人员")
    document.add_table(_PEOPLE_COLUMNS, [row[:2] for row in visit.plan.checkers])
    document.add_paragraph(
        "检查人员与你单位有利害关系的，请在收到本通知后即书面提出。请安排熟悉情况的同志配合，备齐上列依据，"
        "检查不影响正常工作，不得陪餐、送礼。",
        keep=True,
    )


def _why(state: "RoundState", unit: str) -> str:
    visit, check = state.spot_check.visits[unit], state.spot_check
    if visit.how == ORDERED:
        order = next(event.body for event in check.orders if event.body.unit == unit)
        return f"按{order.document}，你单位列为抽查单位"
    if check.frame is None or check.lot is None:
        return "经抽签，你单位列为抽查单位"
    source = f"公开值为{check.frame.source}{check.lot.value}"
    return f"经公开抽签（{source}，结果可以重抽核对），你单位列为抽查单位"


def fill_visit_feedback(
    document: OfficialDocument, state: "RoundState", draft: LetterDraft
) -> None:
    """Write what the visit found and until when the unit is to reply."""
    notice, unit = state.round.notice, draft.dossier.unit
    visit = state.spot_check.visits[unit.code]
    visited = formatting.format_date(date.fromisoformat(visit.day)) if visit.day else "近日"
    document.add_paragraph(
        f"根据{notice.round.citation}"
        f"{formatting.format_clause_part(notice.spot_check.clause)}，{visited}对你单位作了实地检查，"
        "发现下列情况，请书面说明。"
    )
    waiting = [one for one in visit.findings if one.state == AWAITING_REPLY]
    document.add_table(
        _FINDING_COLUMNS,
        [
            (str(number), one.title, one.text, one.evidence or "—")
            for number, one in enumerate(waiting, start=1)
        ],
    )
    until = formatting.format_date(
        notice.calendar.add_workdays(draft.day, notice.spot_check.reply_days)
    )
    document.add_paragraph(
        f"请于{until}前（含当日）逐项书面说明，附有关材料；逾期不说明的，按检查情况处理。数字填报有误的，"
        "请一并报送更正后的盘点表。",
        keep=True,
    )
