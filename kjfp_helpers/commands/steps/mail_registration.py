"""The step ``intake``: register the mail, read the materials, write the register (clause 四)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from kjfp_helpers import intake as intake_floor
from kjfp_helpers.commands.steps.stamped_step import StampedStep
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import IntakeRead, MailReceived
from kjfp_helpers.core.records import Intake
from kjfp_helpers.eligibility.history.paper_submissions import paper_receipt_numbers
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.kept_readings import KeptReadings
from kjfp_helpers.reports.output_record import reader_versions
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.column_arrivals import record_arrivals
from kjfp_helpers.state.stages.stage_inputs import receipt_numbers


def read_mail(
    session: RoundSession,
    on_progress: ProgressCallback,
    start_step: Callable[[], StampedStep],
    hashes: Mapping[str, str],
) -> StepResult:
    """Read the new mail: receipts, copies of the materials, records; write the register.

    ``start_step`` returns the step with the inbox and the intake result as they are when called,
    ``hashes`` are those of the files of the inbox.
    """
    if not session.round.rehearsal:  # a rehearsal may be generated again over its old outputs
        with suppress(OutputError):  # unreadable results are read again; a lost ledger stops
            session.load_intake()
    known = receipt_numbers(session.ledger.events())
    taken = known | paper_receipt_numbers(session.ledger.events())
    session.received.create()
    kept = KeptReadings(session.received.readings, session.round)
    read = intake_floor.read_inbox(
        session.round,
        taken,
        session.received.materials,
        on_progress,
        kept=kept,
        hashes=hashes,
        meanwhile=_load_writers(),
    )
    numbered = _record_new(session, read, known)
    record_arrivals(session)
    intake_floor.save(read, session.received.file)
    _record_intake(session, read)
    result = _count(read, kept.read_anew, kept.read_anew - numbered, known)
    session.take_intake(read)
    from kjfp_helpers.commands.document_writing import write_documents

    state = session.current_state(require_frozen=False)
    written = write_documents(session, "intake", state, on_progress)
    return start_step().finish(
        result,
        state.events,
        written.files,
        read=kept.copies,
        tools=kept.tools,
        notes=result.notes[:1],
    )


def _load_writers() -> Iterator[None]:
    """Load in steps what derives the state and writes the register: it takes half a second."""
    import pandas  # noqa: F401

    yield
    from kjfp_helpers.state import round_state  # noqa: F401

    yield
    from kjfp_helpers.commands import document_writing  # noqa: F401

    yield
    from kjfp_helpers.reports import write_register  # noqa: F401


def _record_new(session: RoundSession, read: Intake, known: Mapping[str, int]) -> int:
    """Record the receipt of each message that has none yet; return how many these are."""
    new = [mail for mail in read.mails if mail.sha256 not in known]
    unique = {mail.sha256: mail for mail in reversed(new)}
    numbered = sorted(unique.values(), key=lambda mail: mail.receipt)
    session.record(
        *(
            MailReceived(number=mail.receipt, path=mail.path, sha256=mail.sha256)
            for mail in numbered
        )
    )
    return len(numbered)


def _count(read: Intake, read_anew: int, again: int, known: Mapping[str, int]) -> StepResult:
    """Return the counts of the step, with a failure for each message that is missing now."""
    notes = (
        f"来件{len(read.mails)}封，读出材料{len(read.records)}件",
        *((f"重新读取先前登记的来件{again}封",) if again > 0 else ()),
    )
    missing = sorted(set(known.values()) - {mail.receipt for mail in read.mails})
    failed = tuple(
        f"收讫第{number}号：inbox 中没有原件，其材料未计入，请放回原处" for number in missing
    )
    return StepResult(read_anew, len(read.mails) - read_anew, failed, notes)


def _record_intake(session: RoundSession, read: Intake) -> None:
    """Record the digest of the intake and the versions of its readers, where either is new."""
    body = IntakeRead(digest=sha256_file(session.received.file), made_with=reader_versions(read))
    if session.ledger.events().last(IntakeRead) != body:
        session.record(body)
