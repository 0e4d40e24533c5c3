"""Issue letters: number and record each, and keep a copy that no later run overwrites."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import LedgerError, ParameterError, ResultUnknown, RuleError
from kjfp_helpers.core.events import Event, EventBody, EventLog, LetterIssued
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.infra.atomic_files import atomic_write, sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.reports.data.unit.correction_items import item_numbers
from kjfp_helpers.reports.office.letters.letter_writing import LetterWriter, letter_file_name
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.document_dates import (
    find_date_set_today,
    note_later_mail,
    set_document_date,
)
from kjfp_helpers.state.round_state import state_as_of
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft, draft_letters

ISSUED_FOLDER = "letters/issued"
"""Folder of the issued letters below the outputs, with a folder for each day."""


def issue_letters(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    as_of: date | None = None,
    only: Sequence[str] = (),
) -> StepResult:
    """Issue the letters that are ready: number them, keep a copy of each and record it.

    Parameters
    ----------
    session, on_progress
        The round, and the progress callback.
    as_of : date, optional
        The day on the letters; by default the one set for documents earlier today, else today; in
        a rehearsal the day of its last documents.
    only : sequence of str
        Unit codes, or single letters as ``<code>-<title>``; all that are ready where none is named.

    Raises
    ------
    ParameterError
        When a unit or letter is not known.
    RuleError
        When the rules do not say what the office prints on its letters.
    LedgerError, OutputError
        When nothing was issued.
    """
    _require_office(session)
    session.load_intake()
    set_document_date(session, as_of or find_date_set_today(session))
    state = session.current_state()
    drafts = draft_letters(state)
    _require_known(state, drafts, only)
    chosen = [
        draft for draft in drafts if draft.ready and (not only or {*_letter_names(draft)} & {*only})
    ]
    bodies = _write(session, state, chosen, on_progress)
    if bodies:
        _record(session, state, bodies)
    write_documents(session, "check", session.current_state(), on_progress)
    return StepResult(len(bodies), notes=_notes(state, bodies))


def _require_office(session: RoundSession) -> None:
    if lacking := session.round.notice.office.lacking:
        raise RuleError(
            "notice.toml [office]",
            expected="填有发文代字、联系人和联系电话",
            found=f"没有{'、'.join(lacking)}",
            advice="补入后再发函；规则已冻结的，补入后运行 kjfp amend 登记",
        )


def _letter_names(draft: LetterDraft) -> tuple[str, str]:
    return draft.dossier.unit.code, Path(letter_file_name(draft.dossier, draft.title)).stem


def _require_known(state: RoundState, drafts: Iterable[LetterDraft], only: Sequence[str]) -> None:
    known = {
        *state.round.unit_by_code,
        *(name for draft in drafts for name in _letter_names(draft)),
    }
    for name in only:
        if name not in known:
            raise ParameterError(
                "--only",
                expected="单位代码或“代码-信函”",
                found=f"“{name}”",
                advice=f"核对名称，{suggest(name, sorted(known))}",
            )


def _write(
    session: RoundSession,
    state: RoundState,
    chosen: Sequence[LetterDraft],
    on_progress: ProgressCallback,
) -> list[LetterIssued]:
    """Write the letters under the numbers that follow those in the ledger."""
    writer = LetterWriter(state)
    first = len(state.submissions.letters.letters) + 1
    bodies = []
    for number, draft in enumerate(chosen, start=first):
        name = letter_file_name(draft.dossier, draft.title)
        path = f"{ISSUED_FOLDER}/{draft.day}/{number:04d}-{name}"
        writer.write(draft, session.outputs / path, number)
        digest, numbers = sha256_file(session.outputs / path), item_numbers(state, draft)
        bodies.append(draft.issued(number, path, digest, numbers))
        on_progress(len(bodies), len(chosen))
    return bodies


def _record(session: RoundSession, state: RoundState, bodies: Sequence[LetterIssued]) -> None:
    """Record all letters at once; where the ledger refuses, none is issued."""

    def choose(news: tuple[Event, ...]) -> Iterable[EventBody]:
        if EventLog(news).has(LetterIssued):
            raise LedgerError(
                "发出函件",
                expected="没有别人同时发函",
                found="台账刚刚另有发函登记",
                advice="请重新运行，编号顺延",
            )
        return bodies

    actor = session.access().actor_label(LetterIssued)
    try:
        session.record_atomically(choose, after=state.events[-1].seq, actor=actor)
    except ResultUnknown:
        raise
    except Exception:
        for body in bodies:
            (session.outputs / body.path).unlink(missing_ok=True)
        raise


def _notes(state: RoundState, bodies: Sequence[LetterIssued]) -> tuple[str, ...]:
    late = note_later_mail(state)
    warning = (late,) if late else ()
    if not bodies:
        return ("没有须新发的函件：已发出的没有变化，或补正、催报的时间未到", *warning)
    numbers = f"第{bodies[0].number}号至第{bodies[-1].number}号"
    counts = Counter(body.title for body in bodies)
    titles = "、".join(f"{title}{count}份" for title, count in sorted(counts.items()))
    return (f"已登记{numbers}：{titles}", f"存放于 {Path(bodies[0].path).parent}", *warning)


def restore_letters(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write missing issued letters again; one whose hash differs now is a failure."""
    events = session.ledger.events()
    made, failed, skipped = 0, [], 0
    with TemporaryDirectory() as scratch:
        for event, body in issued_letters(events):
            target = session.outputs / body.path
            if target.is_file():
                skipped += 1
                continue
            copy = derive_letter(state_before(session, events, event), body, Path(scratch))
            if copy and sha256_file(copy) == body.sha256:
                atomic_write(target, copy.read_bytes())
                made += 1
            else:
                failed.append(f"第{body.number}号函：不能复算出发出时的文件，请从备份恢复")
            on_progress(made + skipped + len(failed), len(issued_letters(events)))
    return StepResult(made, skipped, tuple(failed))


def issued_letters(events: Sequence[Event]) -> list[tuple[Event, LetterIssued]]:
    """Return the letters as issued, with their events."""
    return [(event, event.body) for event in EventLog(events).of(LetterIssued)]


def batch_start(events: Sequence[Event], event: Event) -> int:
    """Return the event number of the first letter that was issued together with a letter."""
    runs = groupby(events, key=lambda entry: isinstance(entry.body, LetterIssued))
    groups = (list(group) for issued, group in runs if issued)
    return next(group[0].seq for group in groups if group[0].seq <= event.seq <= group[-1].seq)


def state_before(session: RoundSession, events: Sequence[Event], event: Event) -> RoundState:
    """Return the state of the round from which a letter was written."""
    earlier = events[: batch_start(events, event) - 1]
    return state_as_of(session.round, session.load_intake(), earlier)


def derive_letter(state: RoundState, body: LetterIssued, folder: Path) -> Path | None:
    """Write an issued letter again; None where the unit has no such draft."""
    for draft in draft_letters(state):
        if (draft.dossier.unit.code, draft.title) == (body.unit, body.title):
            LetterWriter(state).write(draft, folder / Path(body.path).name, body.number)
            return folder / Path(body.path).name
    return None
