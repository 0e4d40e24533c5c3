"""Steps of the review in order; each can run by itself and be repeated."""

import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kjfp_helpers import intake as intake_floor
from kjfp_helpers import rehearsal, reports
from kjfp_helpers.commands import shortlist_event
from kjfp_helpers.commands.document_writing import ProgressCallback, write_documents
from kjfp_helpers.commands.public_notice_issue import (
    archive_superseded_notices,
    read_notice,
    shortlist_notes,
)
from kjfp_helpers.core.errors import OutputError, SelectionError
from kjfp_helpers.core.events import (
    EventBody,
    IntakeRead,
    MailReceived,
    MethodsCompared,
    RulesFrozen,
    SamplingFrameFrozen,
    ShortlistComputed,
    SpotCheckDrawn,
    find_last,
)
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.records import Intake
from kjfp_helpers.eligibility.history.paper_submissions import paper_receipt_numbers
from kjfp_helpers.infra.atomic_files import output_errors, sha256_file
from kjfp_helpers.notice import spot_check
from kjfp_helpers.reports.exhibition_site import site_builder
from kjfp_helpers.reports.output_record import reader_versions, record_outputs
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.anonymization.published_stories import note_published_stories
from kjfp_helpers.state.document_dates import note_later_mail, set_document_date
from kjfp_helpers.state.frozen_rules import freeze_state, require_frozen_rules
from kjfp_helpers.state.session import receipt_numbers


@dataclass(frozen=True)
class StepResult:
    """Counts of a step: made, skipped, and failures; ``notes`` are Chinese lines for the clerk."""

    made: int = 0
    skipped: int = 0
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def write_forms(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write the blank official forms and the stock-take form of each unit."""
    made = reports.issue_forms(session.round, session.outputs / "forms", on_progress)
    return StepResult(len(made))


def register_mail(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Read the inbox: receipts, copies of the materials, records (clause 四).

    A message that has a receipt number and is missing now is reported as a failure.
    """
    if not session.round.rehearsal:  # a rehearsal may be generated again over its old outputs
        with suppress(OutputError):  # unreadable results are read again; a lost ledger stops
            session.load_intake()
    known = receipt_numbers(session.ledger.events())
    taken = known | paper_receipt_numbers(session.ledger.events())
    session.received.create()
    read = intake_floor.read_inbox(session.round, taken, session.received.materials, on_progress)
    new = [mail for mail in read.mails if mail.sha256 not in known]
    unique = {mail.sha256: mail for mail in reversed(new)}
    numbered = sorted(unique.values(), key=lambda mail: mail.receipt)
    session.record(
        *(
            MailReceived(number=mail.receipt, path=mail.path, sha256=mail.sha256)
            for mail in numbered
        )
    )
    intake_floor.save(read, session.received.file)
    _record_intake(session, read)
    write_documents(session, "intake", session.current_state(require_frozen=False), on_progress)
    notes = (f"来件{len(read.mails)}封，读出材料{len(read.records)}件",)
    missing = sorted(set(known.values()) - {mail.receipt for mail in read.mails})
    failed = tuple(
        f"收讫第{number}号：inbox 中没有原件，其材料未计入，请放回原处" for number in missing
    )
    skipped = len(read.mails) - len(numbered)
    return StepResult(len(numbered), skipped, failed, notes)


def _record_intake(session: RoundSession, read: Intake) -> None:
    """Record the digest of the intake and the versions of its readers, where either is new."""
    body = IntakeRead(digest=sha256_file(session.received.file), made_with=reader_versions(read))
    if find_last(session.ledger.events(), IntakeRead) != body:
        session.record(body)


def check(
    session: RoundSession, on_progress: ProgressCallback, *, as_of: date | None = None
) -> StepResult:
    """Stock-take, spot-check draw, summaries, eligibility: findings and letters.

    ``as_of`` is the day on the documents, see
    :func:`kjfp_helpers.state.document_dates.set_document_date`.
    """
    session.load_intake()
    set_document_date(session, as_of)
    events = session.ledger.events()
    frame = find_last(events, SamplingFrameFrozen)
    if frame is None:
        frame = spot_check.freeze_frame(session.round)
        session.record(frame)
    if find_last(events, SpotCheckDrawn) is None:
        session.record(spot_check.draw_units(session.round, frame))
    state = session.current_state()
    _, *letters = write_documents(session, "check", state, on_progress)
    errors = sum(finding.severity is Severity.ERROR for finding in state.screening.findings)
    titles = Counter(path.stem.rpartition("-")[2] for path in letters)
    later = note_later_mail(state)
    notes = (
        f"问题{len(state.screening.findings)}项（须补正{errors}项）",
        "、".join(f"{title}{count}份" for title, count in sorted(titles.items())),
        _eligible_note(state),
        *((later,) if later else ()),
    )
    return StepResult(len(letters), notes=notes)


def _eligible_note(state: RoundState) -> str:
    teams, individuals = _count_eligible(state, "team"), _count_eligible(state, "individual")
    note = f"可进入评审：团队{teams}个，个人{individuals}名"
    return (
        f"{note}；{len(state.submissions.unread_forms)}件文件打不开，暂缓"
        if state.submissions.unread_forms
        else note
    )


def _count_eligible(state: RoundState, kind: str) -> int:
    return sum(case.kind == kind for case in state.screening.eligible_cases)


def freeze_rules(session: RoundSession) -> bool:
    """Write the rules to the ledger; return whether they were new.

    Raises
    ------
    DifferenceError
        When the rules changed after they were frozen and scores are already in.
    """
    round, events = session.round, session.ledger.events()
    require_frozen_rules(round, events)
    if freeze_state(round, events) == "frozen":
        return False
    session.record(
        RulesFrozen(digest=round.digest, files=dict(round.files), texts=dict(round.texts))
    )
    return True


def shortlist(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Rank, fill the seats, write the decision workbook and, when final, the public notice.

    Raises
    ------
    SelectionError
        When there is no list yet, with the reasons.
    """
    on_progress(0, 3)
    state = session.current_state()
    if state.decision.problems or state.decision.shortlist.empty:
        problems = "；".join(state.decision.problems) or "尚无评分"
        raise SelectionError(
            "入围名单", expected="可以产生", found=problems, advice="按上述原因处理后重试"
        )
    computed = shortlist_event.shortlist_event(state)
    last = find_last(state.events, ShortlistComputed)
    compared = find_last(state.events, MethodsCompared)
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
    write_documents(session, "shortlist", state, on_progress)
    counted = f"入围先进团队{len(computed.team)}个、先进个人{len(computed.individual)}名"
    notes = shortlist_notes(state, counted, archive_superseded_notices(session, before))
    return StepResult(len(computed.team) + len(computed.individual), notes=tuple(notes))


def exhibit(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write the static exhibition site (clause 三(三))."""
    site = session.outputs / "exhibition"
    state = session.current_state()
    made = site_builder.write_exhibition_site(state, session.received, site, on_progress)
    documents = {f"exhibition/{site_builder.MANIFEST}": sha256_file(site / site_builder.MANIFEST)}
    record_outputs(session, "exhibit", documents, state.events[-1].seq)
    return StepResult(made=made, notes=note_published_stories(state))


def regenerate(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Regenerate all reports through papermill (clause 二)."""
    done = reports.regenerate_reports(session, on_progress=on_progress)
    return StepResult(done.made, done.skipped, done.failed, done.notes)


def rehearse(
    folder: Path, *, units: int, seed: int, full: bool, on_progress: ProgressCallback
) -> None:
    """Generate a rehearsal round; the folder is created completely or not at all.

    Raises
    ------
    OutputError
        When the folder exists and is not empty, or cannot be written.
    ParameterError
        When there cannot be so many units; nothing is written.
    """
    if not full:
        rehearsal.require_units(units)
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            f"文件夹 {folder.name}",
            expected="空的或不存在",
            found="已有内容",
            advice="另换名称，或先将其移走",
        )
    draft = folder.with_name(f".{folder.name}.part")
    try:
        with output_errors(folder):
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            rehearsal.write_rehearsal(
                draft, units=units, seed=seed, full=full, on_progress=on_progress
            )
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
