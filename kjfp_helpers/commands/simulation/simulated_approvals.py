"""The office at the exhibition of a rehearsal; a real office decides on its screen."""

from collections.abc import Iterator, Sequence

from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.core.events.exhibition import HOLD, PUBLISH, RETURN
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.online_column.column_folder import NEWS, PROFILE
from kjfp_helpers.intake.online_column.column_items import read_column
from kjfp_helpers.notice.exhibition_hints import HINT_TITLES, MEETING, REPEATED
from kjfp_helpers.rehearsal.faults.answer_key import (
    filter_acts,
    office_actor_label,
    read_answers,
)
from kjfp_helpers.rehearsal.faults.exhibition_faults import LEFT
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.approval_acts import make_batch_approval, make_decision
from kjfp_helpers.state.exhibition.approvals import Approval, list_approvals
from kjfp_helpers.state.exhibition.column_texts import read_column_text
from kjfp_helpers.state.exhibition.exhibition_items import EXPERIENCE, PICTURE


def simulate_approvals(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Approve what is unremarkable, decide on the rest, leave open what is planned.

    Typical experiences come up later, when the summaries are read; they are left to the trainee.
    """
    if not session.round.rehearsal:
        return StepResult(notes=("由秘书在“展览素材”页逐家审定",))
    state = session.current_state(check_members=False, require_frozen=False)
    approvals = list_approvals(state, read_column(session.round, session.received))
    left = {row["unit"] for row in filter_acts(read_answers(session.round), LEFT)}
    made, opened = 0, 0
    for number, (unit, items) in enumerate(approvals.items(), start=1):
        of_unit = [one for one in items if one.item.kind != EXPERIENCE]
        bodies = list(_decisions(session.round, of_unit, left=unit in left))
        if bodies:
            session.record(*bodies, actor=office_actor_label(session.round, "秘书"))
        made += len(bodies)
        opened += sum(one.is_open and not one.is_unremarkable for one in of_unit if unit in left)
        on_progress(number, len(approvals))
    notes = (f"展览内容留有{opened}项待审定，请在“展览素材”页办理",) if opened else ()
    return StepResult(made, skipped=0 if made else len(approvals), notes=notes)


def _decisions(
    round: Round, approvals: Sequence[Approval], *, left: bool
) -> Iterator[ExhibitionItemsDecided]:
    """Yield the decisions on what is open in the exhibit of a unit."""
    if any(one.is_unremarkable for one in approvals):
        yield make_batch_approval(approvals)
    for one in approvals:
        if one.item.kind in (NEWS, PROFILE):
            if one.is_open and one.item.proposed == PUBLISH and _is_dated(round, one):
                yield make_decision(round, one, PUBLISH)
        elif not left and one.is_open and not one.is_unremarkable:
            yield _decide(round, one)


def _is_dated(round: Round, approval: Approval) -> bool:
    """Whether an article names its unit, and news its day; others wait for the trainee."""
    parts = read_column_text(round, approval.text)
    return parts.unit is not None and (approval.item.kind == PROFILE or parts.day is not None)


def _decide(round: Round, approval: Approval) -> ExhibitionItemsDecided:
    """Return what an office would decide on an item with faults or hints."""
    item = approval.item
    if item.faults:
        said = "；".join(dict.fromkeys(one.finding_type.title for one in item.faults))
        return make_decision(round, approval, RETURN, reason=said)
    if item.hint_codes == (MEETING,):
        if item.kind == PICTURE:
            return make_decision(round, approval, RETURN, reason="请换用反映工作成效的图片")
        return make_decision(
            round, approval, PUBLISH, reason="所述为工作落实举措，予以保留", confirmed=(MEETING,)
        )
    if item.hint_codes == (REPEATED,) and all(item.unit <= unit for unit, _ in item.repeats):
        return make_decision(
            round, approval, PUBLISH, reason="经核实为本单位拍摄", confirmed=(REPEATED,)
        )
    said = "；".join(HINT_TITLES[code] for code in item.hint_codes)
    return make_decision(round, approval, HOLD, reason=f"{said}，待单位说明")
