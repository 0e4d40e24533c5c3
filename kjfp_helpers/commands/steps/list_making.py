"""The step ``shortlist``: rank the cases, fill the seats, write the list and the public notice."""

from kjfp_helpers.commands import shortlist_event
from kjfp_helpers.commands.document_writing import OWNED, write_documents
from kjfp_helpers.commands.public_notice_issue import (
    archive_superseded_notices,
    read_notice,
    shortlist_notes,
)
from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import EventBody, MethodsCompared, ShortlistComputed
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import freeze_state


def make_list(
    session: RoundSession, on_progress: ProgressCallback, step: StampedStep
) -> StepResult:
    """Rank the cases and write the list; record it where it is new."""
    on_progress(0, 3)
    state = session.current_state()
    if state.decision.problems or state.decision.shortlist.empty:
        problems = "；".join(state.decision.problems) or "尚无评分"
        raise SelectionError(
            "入围名单", expected="可以产生", found=problems, advice="按上述原因处理后重试"
        )
    computed = shortlist_event.shortlist_event(state)
    last = state.events.last(ShortlistComputed)
    compared = state.events.last(MethodsCompared)
    new: list[EventBody] = []
    if last is None or last != computed:
        new.append(computed)
    frozen = freeze_state(session.round, state.events) == "frozen"
    if frozen and (compared is None or compared.digest != session.round.digest):
        new.append(MethodsCompared(digest=session.round.digest))
    if new:
        session.record(*new)
        state = session.current_state()
    before = read_notice(session.outputs)
    written = write_documents(session, "shortlist", state, on_progress)
    counted = f"入围先进团队{len(computed.team)}个、先进个人{len(computed.individual)}名"
    notes = tuple(shortlist_notes(state, counted, archive_superseded_notices(session, before)))
    result = StepResult(len(computed.team) + len(computed.individual), notes=notes)
    return step.finish(
        result,
        state.events,
        written.files,
        whole=OWNED["shortlist"],
        notes=tuple(shortlist_notes(state, counted, [])),
    )
