"""Compare issued letters with the ledger: none may be altered, none missing."""

from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.commands.letter_issue import batch_start, derive_letter, issued_letters
from kjfp_helpers.commands.verification.output_check import DocumentCheck, difference_check
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import Event, LetterIssued
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.office.document_comparison import compare_content, read_content
from kjfp_helpers.state import RoundSession


def check_issued_letters(
    session: RoundSession, states: PastStates | None, events: Sequence[Event], scratch: Path
) -> DocumentCheck:
    """Compare every issued letter by its hash; one saved by another program by its content.

    Parameters
    ----------
    states : PastStates, optional
        Without it no letter can be derived again.
    """
    total = DocumentCheck()
    for event, body in issued_letters(events):
        path = session.outputs / body.path
        if not path.is_file():
            line = (
                f"{_letter_label(body)}：已发出的文件不见了，请从备份恢复，或运行 "
                f"kjfp letters restore {session.round.name}"
            )
            total += DocumentCheck(missing=(body.path,), unchecked=(line,))
        elif sha256_file(path) == body.sha256:
            total += DocumentCheck(matching=1)
        else:
            total += _compare(path, states, events, event, body, scratch)
    return total


def match_issued_letter(events: Sequence[Event], path: Path) -> DocumentCheck | None:
    """Return that a file in hand is a letter as issued, ``None`` where it is none."""
    issued = issued_letters(events)
    try:
        value = sha256_file(path) if issued and path.is_file() else ""
    except OSError:
        return None
    for event, body in issued:
        if body.sha256 == value:
            note = (
                f"{path.name}：与台账第{event.seq}条所记{_letter_label(body)}相同（{body.day}发出）"
            )
            return DocumentCheck(matching=1, notes=(note,))
    return None


def _compare(
    path: Path,
    states: PastStates | None,
    events: Sequence[Event],
    event: Event,
    body: LetterIssued,
    scratch: Path,
) -> DocumentCheck:
    name = f"{_letter_label(body)}（{body.path}）"
    again = None
    if states is not None:
        again = derive_letter(states.state_before(batch_start(events, event)), body, scratch)
    if again is None or sha256_file(again) != body.sha256:
        return difference_check(name, "与发出时的校验值不符，内容有改动")
    try:
        difference = compare_content(read_content(again), read_content(path))
    except OutputError as error:
        return DocumentCheck(differences=(str(error),))
    if difference is None:
        return DocumentCheck(matching=1, notes=(f"{name}：内容与发出时一致，文件经另存",))
    return difference_check(name, f"与发出时不符，{difference}")


def _letter_label(body: LetterIssued) -> str:
    return f"第{body.number}号函《{body.title}》"
