"""Letters to the units: receipt, return for correction, reminder; made here and never sent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.eligibility.history.correspondence import (
    RECEIPT,
    REMINDER,
    RETURN,
    VISIT_FEEDBACK,
    VISIT_NOTICE,
)
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.reports.office.letters.attachment import Attachment
from kjfp_helpers.reports.office.letters.correction import fill_correction
from kjfp_helpers.reports.office.letters.receipt import fill_receipt
from kjfp_helpers.reports.office.letters.reminder import fill_reminder
from kjfp_helpers.reports.office.letters.visit_letters import (
    fill_visit_feedback,
    fill_visit_notice,
)
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
    day has passed a reminder (催报通知); one that is checked on the spot a notice of the visit
    (抽查通知) and, where something was found, a request for a reply (抽查问题反馈函). Each
    speaks of its own matter; a unit may get several.

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


DRAFT_NUMBER, UNDATED_DAY = "拟稿，发出时编号", "（日期以发出之日为准）"
"""What a draft has in the place of number and day."""
_PAPER_TITLES = {
    RECEIPT: "材料收讫回执",
    RETURN: "材料退回补正通知",
    REMINDER: "材料催报通知",
    VISIT_NOTICE: "实地抽查通知",
    VISIT_FEEDBACK: "抽查问题反馈函",
}


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
        document = self._begin(draft, number)
        attachments = self._fill(document, draft, issued=bool(number))
        if attachments:
            document.add_attachment_list([attachment.title for attachment in attachments])
        notice = self._state.round.notice
        document.add_signature(
            notice.round.office,
            formatting.format_date(draft.day) if draft.day > date.min else UNDATED_DAY,
            seal=notice.office.seal,
            contact=notice.office.contact_line,
        )
        if notice.office.copies:
            document.add_copies(notice.office.copies)
        for order, attachment in enumerate(attachments, start=1):
            label = f"附件{order}" if len(attachments) > 1 else "附件"
            document.start_attachment(label, attachment.title)
            attachment.fill(document)
        document.save(path)

    def _begin(self, draft: LetterDraft, number: int) -> OfficialDocument:
        """Return the letter with its head, title and recipient."""
        notice, marks = self._state.round.notice, list(self._state.round.amendments)
        if not number and notice.office.lacking:
            marks.append(f"拟稿，发出前须补入：{'、'.join(notice.office.lacking)}")
        document = OfficialDocument(
            rehearsal=self._state.round.rehearsal,
            amendments=marks,
            letterhead=notice.round.office,
        )
        own = notice.office.document_number(draft.day.year, number)
        document.add_number(own if number else DRAFT_NUMBER)
        document.add_title(f"{notice.round.title}\n{_PAPER_TITLES[draft.title]}")
        document.add_recipient(draft.dossier.unit.name)
        return document

    def _fill(
        self, document: OfficialDocument, draft: LetterDraft, *, issued: bool
    ) -> tuple[Attachment, ...]:
        """Write the text of a letter and return what is attached to it."""
        state, terms = self._state, self._terms
        if draft.title == RECEIPT:
            return fill_receipt(document, state, draft.dossier, self._parts, terms)
        if draft.title == RETURN:
            return fill_correction(document, state, draft, terms, issued=issued)
        if draft.title == VISIT_NOTICE:
            fill_visit_notice(document, state, draft)
        elif draft.title == VISIT_FEEDBACK:
            fill_visit_feedback(document, state, draft)
        else:
            fill_reminder(document, state, draft, terms)
        return ()
