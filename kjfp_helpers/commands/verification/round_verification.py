"""Derive the round again from inbox, rules and ledger, and stop at the first difference.

Neither notebooks nor caches are used, only the three inputs.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers import panel_review
from kjfp_helpers.commands.public_notice_issue import NOTICE, describe_stale_notice
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.verification.decision_check import rederive_decisions
from kjfp_helpers.commands.verification.intake_check import (
    InboxRereading,
    reread_inbox,
    verification_error,
)
from kjfp_helpers.commands.verification.letter_check import (
    check_issued_letters,
    match_issued_letter,
)
from kjfp_helpers.commands.verification.named_file_check import check_file
from kjfp_helpers.commands.verification.output_check import (
    DocumentArchive,
    DocumentCheck,
    check_outputs,
    describe_version_change,
    group_lines,
    shorten_list,
)
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.commands.verification.photo_article_check import check_column
from kjfp_helpers.commands.verification.publication_check import (
    check_publications,
    match_published_file,
)
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import (
    Event,
    EventLog,
    MailReceived,
)
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import require_frozen_rules
from kjfp_helpers.state.ledger_heads import Head, find_missing_heads, parse_head
from kjfp_helpers.state.printed_heads import describe_missing_events, require_known_heads


def verify(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    files: Sequence[Path] = (),
    heads: Sequence[str] = (),
) -> StepResult:
    """Verify the hash chain, derive everything again, and compare the documents with it.

    Parameters
    ----------
    files : sequence of Path
        Documents to compare; by default those in the outputs.
    heads : sequence of str
        Heads printed on documents, as ``number:hash``.

    Returns
    -------
    StepResult
        ``made`` counts what is equal, ``skipped`` what could not be checked here, ``failed`` says
        which documents differ.

    Raises
    ------
    LedgerBroken
        Where the hash chain is broken.
    ParameterError
        When a text is no head.
    DifferenceError
        At the first step whose result differs, naming it.
    UnprovedError
        When the list cannot be derived again within the work of the solver.
    """
    session.ledger.verify()
    events = session.events()
    printed = [parse_head(text) for text in heads]
    require_printed_heads(session, printed)
    if not files:
        require_known_heads(session)
    panel_review.require_known_members(session.round, events)
    require_frozen_rules(session.round, events, strict=True)
    _require_mail(events)
    reading = reread_inbox(session, events, on_progress)
    done = [f"台账{len(events)}条，末条校验值{events[-1].hash[:16]}"]
    done += [f"文件上的编号和校验值{len(printed)}个"] if printed else []
    column, not_compared = check_column(session.round, events)
    done += ["规则文件", *reading.checked, *column]
    with tempfile.TemporaryDirectory() as scratch:
        states = PastStates(session.round, reading.read, events, Path(scratch) / "states")
        decisions = rederive_decisions(session.round, states, events, complete=reading.complete)
        documents = _check_documents(session, states, events, reading, files, Path(scratch))
    done += [*decisions.equal, *([f"文件{documents.matching}份"] if documents.matching else [])]
    unchecked = [
        *reading.unchecked,
        *not_compared,
        *decisions.unchecked,
        *group_lines(documents.unchecked),
    ]
    notes = ["复算一致：" + "、".join(done), *documents.notes]
    notes += [f"版本不同：{line}" for line in decisions.of_other_version]
    notes += [f"未核对：{line}" for line in unchecked]
    if documents.missing and not files:
        notes.append(_describe_missing(documents))
    skipped = len(unchecked) + len(decisions.of_other_version)
    return StepResult(len(done), skipped, documents.differences, tuple(notes))


def _check_documents(
    session: RoundSession,
    states: PastStates,
    events: Sequence[Event],
    reading: InboxRereading,
    files: Sequence[Path],
    scratch: Path,
) -> DocumentCheck:
    archive = DocumentArchive(session, states if reading.complete else None, events, scratch)
    if not files:
        issued = check_issued_letters(
            session, states if reading.complete else None, events, scratch
        )
        stale = _check_notice(archive, states, events) if reading.complete else DocumentCheck()
        published = check_publications(session, events)
        return check_outputs(archive) + stale + issued + published
    total = DocumentCheck()
    for path in files:
        known = match_issued_letter(events, path) or match_published_file(events, path)
        total += known or check_file(session, archive, path)
    return total


def _check_notice(
    archive: DocumentArchive, states: PastStates, events: Sequence[Event]
) -> DocumentCheck:
    """Compare a public notice in the outputs with the present list."""
    record = archive.last_record("shortlist")
    if record is None or not archive.expected_digests("shortlist").keys() & set(NOTICE):
        return DocumentCheck()
    stale = describe_stale_notice(states.state_before(events[-1].seq + 1), archive.outputs)
    if not stale:
        return DocumentCheck()
    if describe_version_change(record[1]):  # earlier versions made a notice of every list
        return DocumentCheck(unchecked=(stale,))
    return DocumentCheck(differences=(stale,))


def _describe_missing(documents: DocumentCheck) -> str:
    count = len(documents.missing)
    if not documents.matching:
        return f"输出文件夹中没有已生成的文件（台账记有{count}份），文件没有核对"
    return f"缺：台账记有而输出文件夹没有的文件{count}份（{shorten_list(documents.missing)}）"


def _require_mail(events: Sequence[Event]) -> None:
    if not EventLog(events).has(MailReceived):
        raise DifferenceError(
            "核验·来件",
            expected="台账中有收讫登记",
            found="一封也没有",
            advice="核对轮次和台账文件；新的轮次先运行 kjfp intake",
        )


def require_printed_heads(session: RoundSession, heads: Sequence[Head]) -> None:
    """Require that the ledger has every head printed on a document.

    Raises
    ------
    DifferenceError
        Naming the first that the ledger lacks.
    """
    for head in find_missing_heads(heads, session.ledger):
        why = describe_missing_events(session, head)
        raise verification_error(f"台账第{head.seq}条", f"校验值{head.hash}", why)
