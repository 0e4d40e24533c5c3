"""Letters to the units: receipt, return for correction, reminder; made here and never sent."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.eligibility.history.correspondence import RECEIPT, RETURN
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.reports.office.letters.correction import fill_correction
from kjfp_helpers.reports.office.letters.receipt import fill_receipt
from kjfp_helpers.reports.office.letters.reminder import fill_reminder
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft, draft_letters

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState


def write_letters(
    state: "RoundState",
    folder: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the letters to be issued to each unit and remove the others; those issued stay.

    A unit that sent anything gets a receipt (收讫回执), one that must mend or explain something in
    what it sent a return for correction (退回补正通知), and one that has not sent something whose
    day has passed a reminder (催报通知). Each speaks of its own matter; a unit may get all three.

    Parameters
    ----------
    state : RoundState
        The derived round.
    folder : Path
        ``write_letters`` below the outputs; files are named by unit code and title.
    on_progress : callable
        Called with letters done and letters in all.

    Returns
    -------
    list of Path
        The letters, in the order of ``units.csv``.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    writer, made = LetterWriter(state), []
    every = [draft for draft in draft_letters(state) if draft.ready]
    for done, draft in enumerate(every, start=1):
        made.append(folder / letter_file_name(draft.dossier, draft.title))
        writer.write(draft, made[-1])
        on_progress(done, len(every))
    with output_errors(folder):
        for stale in set(folder.glob("*.docx")) - set(made):
            stale.unlink()
    return made


def letter_file_name(standing: UnitDossier, title: str) -> str:
    """Return the name of a letter's file."""
    return f"{standing.unit.code}-{title}.docx"


class LetterWriter:
    """Writes letters of a round, each as a draft or under the number that it is issued with."""

    def __init__(self, state: "RoundState") -> None:
        self._state, self._parts, self._terms = state, MailContents(state), DeadlineTexts(state)

    def write(self, draft: LetterDraft, path: Path, number: int = 0) -> None:
        """Write a letter; without a number it is marked as a draft.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        state, terms, about = self._state, self._terms, self._state.round.notice.round
        document = OfficialDocument(
            rehearsal=state.round.rehearsal, amendments=state.round.amendments
        )
        document.add_title(draft.title)
        document.add_number(f"第{number}号" if number else "拟稿　第　　号")
        document.add_paragraph(f"{draft.dossier.unit.name}：", indent=0)
        if draft.title == RECEIPT:
            fill_receipt(document, state, draft.dossier, self._parts, terms)
        elif draft.title == RETURN:
            fill_correction(document, state, draft, terms, issued=bool(number))
        else:
            fill_reminder(document, state, draft, terms)
        day = state.submissions.letters.day
        document.add_signature(
            about.office, formatting.format_date(day) if day else formatting.BLANK_DAY
        )
        document.save(path)
