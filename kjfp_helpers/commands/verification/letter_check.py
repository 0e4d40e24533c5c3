"""Letters as issued, held against the ledger: none altered, none missing."""

from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.commands.letter_issue import batch_start, derive_letter, issued_letters
from kjfp_helpers.commands.verification.output_check import PaperCheck, differs
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import Event, LetterIssued
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.office.document_content import compare_content, read_content
from kjfp_helpers.state import RoundSession


def check_issued(
    session: RoundSession, states: PastStates | None, events: Sequence[Event], scratch: Path
) -> PaperCheck:
    """Hold every issued letter against its hash; one saved by another program by its content.

    Parameters
    ----------
    states : PastStates, optional
        Without it none can be derived again here.
    """
    total = PaperCheck()
    for event, body in issued_letters(events):
        path = session.outputs / body.path
        if not path.is_file():
            line = (
                f"{_named(body)}：已发出的文件不见了，请从备份恢复，或运行 "
                f"kjfp letters restore {session.round.name}"
            )
            total += PaperCheck(missing=(body.path,), unchecked=(line,))
        elif sha256_file(path) == body.sha256:
            total += PaperCheck(held=1)
        else:
            total += _compare(path, states, events, event, body, scratch)
    return total


def find_issued(events: Sequence[Event], path: Path) -> PaperCheck | None:
    """Return that a file in hand is a letter as issued, ``None`` where it is none."""
    issued = issued_letters(events)
    try:
        value = sha256_file(path) if issued and path.is_file() else ""
    except OSError:
        return None
    for event, body in issued:
        if body.sha256 == value:
            note = f"{path.name}：与台账第{event.seq}条所记{_named(body)}相同（{body.day}发出）"
            return PaperCheck(held=1, notes=(note,))
    return None


def _compare(
    path: Path,
    states: PastStates | None,
    events: Sequence[Event],
    event: Event,
    body: LetterIssued,
    scratch: Path,
) -> PaperCheck:
    name = f"{_named(body)}（{body.path}）"
    again = None
    if states is not None:
        again = derive_letter(states.before(batch_start(events, event)), body, scratch)
    if again is None or sha256_file(again) != body.sha256:
        return differs(name, "与发出时的校验值不符，内容有改动")
    try:
        difference = compare_content(read_content(again), read_content(path))
    except OutputError as error:
        return PaperCheck(differences=(str(error),))
    if difference is None:
        return PaperCheck(held=1, notes=(f"{name}：内容与发出时一致，文件经另存",))
    return differs(name, f"与发出时不符，{difference}")


def _named(body: LetterIssued) -> str:
    return f"第{body.number}号函《{body.title}》"
