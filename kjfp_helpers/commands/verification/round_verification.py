"""Derive the round again from inbox, rules and ledger, and stop at the first difference.

Neither notebooks nor caches are used, only the three inputs.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kjfp_helpers import panel_review
from kjfp_helpers.commands.public_notice_issue import NOTICE, describe_stale_notice
from kjfp_helpers.commands.shortlist_event import LIST_STEP_TITLES, shortlist_event
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.verification.agenda_check import check_agenda
from kjfp_helpers.commands.verification.assessment_check import check_assessment
from kjfp_helpers.commands.verification.intake_check import (
    InboxRereading,
    reread_inbox,
    verification_error,
)
from kjfp_helpers.commands.verification.letter_check import (
    check_issued_letters,
    match_issued_letter,
)
from kjfp_helpers.commands.verification.lot_check import check_lots
from kjfp_helpers.commands.verification.named_file_check import check_file
from kjfp_helpers.commands.verification.output_check import (
    DocumentArchive,
    DocumentCheck,
    check_outputs,
    describe_version_change,
    shorten_list,
    with_version_change,
)
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.commands.verification.photo_article_check import check_column, check_evidence
from kjfp_helpers.commands.verification.publication_check import (
    check_publications,
    match_published_file,
)
from kjfp_helpers.core.errors import DifferenceError, KjfpError, UnprovedError
from kjfp_helpers.core.events import (
    Event,
    EventLog,
    MailReceived,
    ReadingsAssigned,
    RulesFrozen,
    ShortlistComputed,
)
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import require_frozen_rules
from kjfp_helpers.state.ledger_heads import Head, find_missing_heads, parse_head
from kjfp_helpers.state.panel.reading_planning import plan_readings
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
    events = session.ledger.events()
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
        derived, unchecked = _rederive_decisions(session, states, events, reading)
        documents = _check_documents(session, states, events, reading, files, Path(scratch))
    done += [*derived, *([f"文件{documents.matching}份"] if documents.matching else [])]
    unchecked = [*reading.unchecked, *not_compared, *unchecked, *documents.unchecked]
    notes = ["复算一致：" + "、".join(done), *documents.notes]
    notes += [f"未核对：{line}" for line in unchecked]
    if documents.missing and not files:
        notes.append(_describe_missing(documents))
    return StepResult(len(done), len(unchecked), documents.differences, tuple(notes))


def _rederive_decisions(
    session: RoundSession, states: PastStates, events: Sequence[Event], reading: InboxRereading
) -> tuple[list[str], list[str]]:
    """Derive the decisions again; return which are equal and which could not be derived."""
    checks: tuple[tuple[str, Callable[[RoundSession, PastStates, Sequence[Event]], bool]], ...] = (
        ("抽查抽签", _check_draw),
        ("抽查照片", _check_evidence),
        ("总结考核", _check_assessment),
        ("评阅分派", _check_readings),
        ("会议议程", _check_agenda),
        ("合格名单、评分、名次、投票和入围名单", _check_shortlist),
    )
    done, unchecked = list[str](), list[str]()
    for title, check in checks:
        try:
            done += [title] if check(session, states, events) else []
        except KjfpError as error:
            if reading.complete and isinstance(error, DifferenceError):
                raise with_version_change(error, events) from error
            if reading.complete or check in (_check_draw, _check_evidence):
                raise
            unchecked.append(f"{title}：须先读出来件，本机不能复算")
    return done, unchecked


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


def _check_draw(session: RoundSession, _states: PastStates, events: Sequence[Event]) -> bool:
    return check_lots(session.round, events)


def _check_evidence(session: RoundSession, _states: PastStates, events: Sequence[Event]) -> bool:
    return check_evidence(session.round, events)


def _check_assessment(_session: RoundSession, states: PastStates, events: Sequence[Event]) -> bool:
    return check_assessment(states, events)


def _check_readings(_session: RoundSession, states: PastStates, events: Sequence[Event]) -> bool:
    """Plan every round and every later addition again, each as of its moment.

    A ledger of an earlier version lacks the text of rules that were frozen anew before any score:
    assignments under those rules were replaced and cannot be planned again.
    """
    freezes = [(event.seq, event.body) for event in EventLog(events).of(RulesFrozen)]
    unknown = any(not body.texts for _, body in freezes[:-1])
    start = freezes[-1][0] if unknown else 0
    assignments = EventLog(events[start:]).of(ReadingsAssigned)
    for event in assignments:
        recorded = event.body
        assert isinstance(recorded, ReadingsAssigned)
        again = plan_readings(states.state_before(event.seq), recorded.round)
        readings_digest = panel_review.readings_digest(recorded.readings)
        planned_digest = again.digest if again else ""
        if not planned_digest == recorded.digest == readings_digest:
            where = f"评阅分派（台账第{event.seq}号）"
            raise verification_error(
                where, f"校验值{planned_digest[:12]}", f"{recorded.digest[:12]}"
            )
    return bool(assignments)


def _check_agenda(_session: RoundSession, states: PastStates, events: Sequence[Event]) -> bool:
    return check_agenda(states, events)


def _check_shortlist(_session: RoundSession, states: PastStates, events: Sequence[Event]) -> bool:
    lists = EventLog(events).of(ShortlistComputed)
    if not lists:
        return False
    state, recorded = states.state_before(lists[-1].seq), lists[-1].body
    assert isinstance(recorded, ShortlistComputed)
    for error in state.decision.unproved.values():
        raise UnprovedError(
            "核验·入围名单",
            expected=error.expected,
            advice=error.advice,
            found=f"{error.found}；名单因此未能核验，并非查出不符",
        )
    if state.decision.problems or state.decision.shortlist.empty:
        problems = "；".join(state.decision.problems) or "没有评分"
        raise verification_error("入围名单", "可以复算", problems)
    again = shortlist_event(state)
    for step, title in LIST_STEP_TITLES.items():
        digest = recorded.steps.get(step)
        if digest is not None and digest != again.steps[step]:
            raise verification_error(title, f"校验值{again.steps[step][:12]}", f"{digest[:12]}")
    if replace(again, steps=recorded.steps) != recorded:
        moved = sorted(
            set(again.team + again.individual) ^ set(recorded.team + recorded.individual)
        )
        found = "名单相同而分值或名次有别" if not moved else f"名单有出入：{'、'.join(moved)}"
        raise verification_error("入围名单", f"校验值{again.digest[:12]}", found)
    return True
