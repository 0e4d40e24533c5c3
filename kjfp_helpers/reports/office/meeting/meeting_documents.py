"""All papers of the meeting that are due as the ledger stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.reports.office.meeting.agenda_paper import write_agenda
from kjfp_helpers.reports.office.meeting.ballot_documents import (
    write_ballot_papers,
    write_result_slip,
    write_tally_sheets,
)
from kjfp_helpers.reports.office.meeting.disagreement_book import write_disagreement_book
from kjfp_helpers.reports.office.meeting.minutes import write_minutes
from kjfp_helpers.reports.office.meeting.projector_page import write_projector_page
from kjfp_helpers.state.meeting.agenda import read_agenda
from kjfp_helpers.state.meeting.discussion import list_meetings

if TYPE_CHECKING:
    from kjfp_helpers.selection.meeting_ballots import Ballot
    from kjfp_helpers.state import RoundState

AGENDA, PROJECTOR = "agenda.docx", "projector.html"
DISAGREEMENT = "disagreement.xlsx"
COUNTED = ("settled", "faulty")
"""States of a ballot with a result slip."""


def write_meeting_documents(state: "RoundState", folder: Path) -> list[Path]:
    """Write the papers that are due and return their paths.

    Agenda, projector page and disagreement list once the order is drawn; papers and tally sheets of
    every vote, its result once counted; minutes of every meeting recorded.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    written: list[Path] = []
    agendas = [one for kind in NOMINEE_KINDS if (one := read_agenda(state, kind)) is not None]
    if agendas:
        paths = [folder / name for name in (AGENDA, PROJECTOR, DISAGREEMENT)]
        write_agenda(state, agendas, paths[0])
        write_projector_page(state, agendas, paths[1])
        write_disagreement_book(state, paths[2])
        written += paths
    for ballot in state.decision.ballots:
        written += _write_ballot(state, ballot, folder)
    for meeting in list_meetings(state):
        path = folder / f"minutes-{meeting.held.day}.docx"
        own = [one for one in agendas if meeting.first <= one.seq < meeting.end]
        write_minutes(state, meeting, own, path)
        written.append(path)
    return written


def _write_ballot(state: "RoundState", ballot: "Ballot", folder: Path) -> Iterator[Path]:
    number = ballot.opened.ballot
    for name, write in (("ballot", write_ballot_papers), ("tally", write_tally_sheets)):
        path = folder / f"{name}-{number}.docx"
        write(state, ballot, path)
        yield path
    if ballot.state in COUNTED and ballot.counts:
        path = folder / f"result-{number}.docx"
        write_result_slip(state, ballot, path)
        yield path
