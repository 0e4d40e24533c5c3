"""Ballot papers and tally sheets of a vote, and the slip of its result."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.meeting.case_facts import clean
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.selection.ballot_papers import list_serials
from kjfp_helpers.selection.meeting_ballots import (
    STATE_TITLES,
    TELLER_COUNT,
    Ballot,
)
from kjfp_helpers.selection.point_papers import (
    gives_points,
    paper_rule,
    purpose_title,
    vote_titles,
)
from kjfp_helpers.state.meeting.ballot_results import (
    ballot_results,
    describe_majority,
    last_count,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

HASH_DIGITS = 16
_NAME_COLUMNS = (("序号", 1.2), ("推荐对象", 4.8), ("推荐单位", 3.6))


def write_ballot_papers(state: "RoundState", ballot: Ballot, path: Path) -> None:
    """Write the papers that are issued; the serial number tells papers apart, not voters.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    document = _new_document(state)
    titles = ("名次",) if ballot.opened.voting == "ranked" else vote_titles(ballot.opened)
    columns = (*_NAME_COLUMNS, *((title, 1.3) for title in titles))
    blank = ("",) * len(titles)
    for serial in list_serials(ballot.opened):
        document.start_attachment(
            f"{ballot.title}　票号 {serial}",
            f"{state.round.notice.round.title}\n{_paper_title(ballot)}",
        )
        for line in _paper_rules(ballot):
            document.add_paragraph(line)
        document.add_table(columns, [(*row, *blank) for row in _case_rows(state, ballot)])
    document.save(path)


def write_tally_sheets(state: "RoundState", ballot: Ballot, path: Path) -> None:
    """Write a sheet for each teller, to be filled in apart from the other.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    opened, document = ballot.opened, _new_document(state)
    titles = vote_titles(opened)
    marks = "各票所给分" if gives_points(opened) else "计票（正字）"
    columns = (*_NAME_COLUMNS[:2], (marks, 4.2), *((title, 1.3) for title in titles))
    blank = ("",) * (1 + len(titles))
    serials = list_serials(opened)
    for number in range(1, TELLER_COUNT + 1):
        document.start_attachment(f"{ballot.title}　计票表{number}", "计票表")
        document.add_paragraph(
            f"应到{len(opened.due)}人，到会{len(opened.present)}人；票号{serials[0]}至{serials[-1]}，"
            f"发出{opened.issued}张。"
        )
        document.add_table(
            (("收回（张）", 1), ("废票（张）", 1), ("有效票（张）", 1)), [("", "", "")]
        )
        document.add_table(columns, [(*row[:2], *blank) for row in _case_rows(state, ballot)])
        document.add_paragraph("计票人（签名）：　　　　　　　监票人（签名）：")
    document.save(path)


def write_result_slip(state: "RoundState", ballot: Ballot, path: Path) -> None:
    """Write the result of a vote that was counted, with the ledger's number and hash.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    opened, counted = ballot.opened, last_count(state, ballot)
    assert counted is not None, ballot.title
    document, zone = _new_document(state), ZoneInfo(state.round.notice.round.timezone)
    document.add_title(f"{state.round.notice.round.title}\n{ballot.title}结果")
    at = counted.at.astimezone(zone)
    said = next(iter(ballot.counts.values()))
    document.add_paragraph(
        f"{formatting.format_date(at.date())}就{purpose_title(opened)}投票，"
        f"应到{len(opened.due)}人，到会{len(opened.present)}人，发出{opened.issued}张，"
        f"收回{said.returned}张，其中废票{said.spoiled}张。"
        f"{describe_majority(state, opened)}。"
    )
    document.add_paragraph(
        f"计票人{'、'.join(map(clean, ballot.counts))}分别计票；结果{STATE_TITLES[ballot.state]}"
        + (f"：{'；'.join(ballot.faults)}" if ballot.faults else "")
        + "。"
    )
    if ballot.tallies:
        document.add_table(result_columns(ballot), result_rows(state, ballot))
    document.add_paragraph(
        f"上述结果记于台账第{counted.seq}条，校验值{counted.hash[:HASH_DIGITS]}，供日后核对。",
        keep=True,
    )
    document.add_paragraph("主持人（签名）：　　　　　　　监票人（签名）：")
    document.save(path)


def result_columns(ballot: Ballot) -> tuple[tuple[str, float], ...]:
    """Return the columns of a result."""
    votes = [(title, 1.2) for title in vote_titles(ballot.opened)]
    needed = [("应得", 1.2)] if ballot.opened.purpose != "tie" else []
    return (("序号", 1.2), ("推荐对象", 5.0), *votes, *needed, ("结果", 1.8))


def result_rows(state: "RoundState", ballot: Ballot) -> Iterator[tuple[str, ...]]:
    """Yield a row a case, most in favour first."""
    keys = ("yes", "no", "abstained")[: len(vote_titles(ballot.opened))]
    keys += ("needed",) if ballot.opened.purpose != "tie" else ()
    for number, row in enumerate(ballot_results(state, ballot), start=1):
        figures = (formatting.format_number(row[key]) for key in keys)
        yield str(number), clean(str(row["name"])), *figures, str(row["verdict"])


def _new_document(state: "RoundState") -> OfficialDocument:
    return OfficialDocument(rehearsal=state.round.rehearsal, amendments=state.round.amendments)


def _paper_title(ballot: Ballot) -> str:
    return "选票（再次投票）" if ballot.opened.purpose == "tie" else "表决票"


def _paper_rules(ballot: Ballot) -> Iterator[str]:
    """Yield how the paper is filled in."""
    opened = ballot.opened
    conflict = "与推荐对象有利害关系的，该件不划。票号只供核对张数，不登记领票人。"
    if gives_points(opened):
        yield f"下列各件并列，取{opened.places}件，得分多者优先。{paper_rule(opened)}"
        yield conflict.replace("不划", "不填")
        return
    if opened.purpose == "tie":
        yield f"下列各件并列，取{opened.places}件；在“赞成”栏划“√”，至多划{opened.most}件。"
    else:
        yield f"每件在“赞成”“反对”“弃权”中一栏划“√”，赞成至多{opened.most}件。"
    yield f"赞成超过规定件数的为废票；{conflict}"


def _case_rows(state: "RoundState", ballot: Ballot) -> Iterator[tuple[str, str, str]]:
    for number, case_id in enumerate(ballot.opened.cases, start=1):
        case = state.screening.case_by_id[case_id]
        unit = state.round.unit_by_code[case.unit].short_name
        yield str(number), clean(case.name), unit
