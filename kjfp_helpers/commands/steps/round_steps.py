"""Steps of the review; each can run by itself and be repeated.

A step that finds what it wrote and everything it was made of as they were is skipped, before
anything is derived or a heavy library is imported.
"""

import os
from datetime import date

from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.code_version import hash_texts
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.files.tool_versions import installed_tools
from kjfp_helpers.intake.inbox_listing import digest_inbox, hash_inbox
from kjfp_helpers.intake.online_column.column_folder import sign_column
from kjfp_helpers.rules import notebooks_folder
from kjfp_helpers.state.session import RoundSession, current_time


def register_mail(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Read the new mail: receipts, copies of the materials, records (clause 四).

    A message that has a receipt number and is missing now is reported as a failure.
    """
    hashes = hash_inbox(session.round.inbox)
    inbox, column = digest_inbox(hashes), list(sign_column(session.round.folder))

    def start_step() -> StampedStep:
        copies = hash_texts((*session.received.list_copies(), *column))
        return StampedStep(session, "intake", inbox, copies, *installed_tools())

    if unchanged := start_step().find_unchanged():
        return unchanged
    from kjfp_helpers.commands.steps.mail_registration import read_mail

    return read_mail(session, on_progress, start_step, hashes)


def check(
    session: RoundSession, on_progress: ProgressCallback, *, as_of: date | None = None
) -> StepResult:
    """Stock-take, summaries, eligibility: findings and letters.

    ``as_of`` is the day on the documents, see
    :func:`kjfp_helpers.state.document_dates.set_document_date`.
    """
    day = as_of or current_time(session.round).date()
    step = StampedStep(session, "check", str(day))
    if unchanged := step.find_unchanged():
        return unchanged
    from kjfp_helpers.commands.steps.material_check import check_materials

    return check_materials(session, on_progress, step, day)


def stocktake(
    session: RoundSession, on_progress: ProgressCallback, *, as_of: date | None = None
) -> StepResult:
    """Write the workbook of the stock-take and the gap letters (clause 一).

    ``as_of`` is the day on the letters, as for :func:`check`.
    """
    day = as_of or current_time(session.round).date()
    step = StampedStep(session, "stocktake", str(day))
    if unchanged := step.find_unchanged():
        return unchanged
    from kjfp_helpers.commands.steps.stocktake_making import make_stocktake

    return make_stocktake(session, on_progress, step, day)


def assign(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    next_round: bool = False,
    reason: str = "",
) -> StepResult:
    """Freeze the rules and assign readers to every eligible case; or plan the next round.

    Run again, it assigns readers to cases that came later, and leaves existing readings as they
    are. Rules that were frozen anew before any score lead to a new assignment.

    Parameters
    ----------
    next_round : bool
        Plan the next round, by the ruling ``plan``.
    reason : str
        Why the next round is planned although readings of this one are outstanding.

    Raises
    ------
    AssignmentError
        When no assignment is possible, or no further round is to be planned yet.
    """
    step = StampedStep(session, "assign", *_notebook_digests(session))
    if not next_round and (unchanged := step.find_unchanged()):
        return unchanged
    from kjfp_helpers.commands.steps.assignment_making import assign_readers

    return assign_readers(session, on_progress, step, next_round=next_round, reason=reason)


def shortlist(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Rank, fill the seats, write the decision workbook and, when final, the public notice.

    Raises
    ------
    SelectionError
        When there is no list yet, with the reasons.
    """
    step = StampedStep(session, "shortlist")
    if unchanged := step.find_unchanged():
        return unchanged
    from kjfp_helpers.commands.steps.list_making import make_list

    return make_list(session, on_progress, step)


def exhibit(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write the static exhibition site (clause 三(三)).

    Whether it stands is asked by the sizes of the originals: to read gigabytes takes longer than to
    make it again, and what it shows was compared with what was approved when it was made.
    """
    read = (*sign_column(session.round.folder), *session.received.list_sizes())
    step = StampedStep(session, "exhibit", *read)
    if unchanged := step.find_unchanged():
        return unchanged
    from kjfp_helpers.commands.steps.exhibition_making import make_exhibition

    return make_exhibition(session, on_progress, step)


def regenerate(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Regenerate all reports through papermill (clause 二)."""
    from kjfp_helpers.reports.batch.notebook_outputs import regenerate_reports

    done = regenerate_reports(session, on_progress=on_progress)
    return StepResult(done.made, done.skipped, done.failed, done.notes)


def _notebook_digests(session: RoundSession) -> list[str]:
    """Return digests of the notebooks that are copied, and where the round is seen from them."""
    sources = sorted(notebooks_folder().glob("0[0-6]_*.ipynb"))
    place = os.path.relpath(session.round.folder.resolve(), session.outputs.resolve())
    return [place, *(f"{path.name} {sha256_file(path)}" for path in sources)]
