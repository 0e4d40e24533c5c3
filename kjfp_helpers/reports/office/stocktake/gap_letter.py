"""Gap letters (任务缺口通知): a unit's own figures against its targets, and what to verify.

A letter holds nothing of any other unit: no rank, no sum, no median.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.state_labels import BLANK, NOT_SENT, SAYS_NONE, UNMET
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.stocktake.stocktake_rows import figure_rows
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.letter_html import render_letter_page
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.secretary.figure_questions import SETTLED, list_figure_questions

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

TITLE = "任务缺口通知"
FOLDER = "stocktake"
"""Folder of the letters below the outputs."""
_OPEN = (UNMET, BLANK, SAYS_NONE, NOT_SENT)
"""States of a figure that a unit is written to about."""
_COLUMNS = (
    ("指标", 4.2),
    ("下达目标", 1.9),
    ("实际完成", 1.9),
    ("缺口", 1.7),
    ("完成率", 1.6),
    ("情况", 1.8),
)
_QUESTION_COLUMNS = (("事项", 2.6), ("报送情况", 5.0), ("请说明或更正", 4.6))
Row = Mapping[str, Any]


def write_gap_letters(
    state: "RoundState",
    folder: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the letter of every unit that is short of a target or did not tell a figure.

    Parameters
    ----------
    state : RoundState
        The derived round.
    folder : Path
        ``stocktake`` below the outputs; a Word file and a page for each unit, by its code.
    on_progress : callable
        Called with units done and units in all.

    Returns
    -------
    list of Path
        What was written, in the order of ``units.csv``; letters no longer due are removed.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    due = [one for one in list_gap_letters(state)]
    made: list[Path] = []
    for done, letter in enumerate(due, start=1):
        path = folder / f"{letter.unit.code}-{TITLE}.docx"
        letter.build_document().save(path)
        page = path.with_suffix(".html")
        atomic_write(page, letter.build_page().encode())
        made += [path, page]
        on_progress(done, len(due))
    with output_errors(folder):
        for stale in {*folder.glob("*.docx"), *folder.glob("*.html")} - set(made):
            stale.unlink()
    return made


def list_gap_letters(state: "RoundState") -> Iterator["GapLetter"]:
    """Yield the letters that are due, in the order of the units.

    A unit that has no target and sent no stock-take gets none: a reminder asks for the stock-take.
    """
    rows: dict[str, list[Row]] = {}
    for row in figure_rows(state):
        rows.setdefault(row["unit"], []).append(row)
    questions: dict[str, list[Finding]] = {}
    for question in list_figure_questions(state):
        if question.state != SETTLED:
            questions.setdefault(question.finding.unit, []).append(question.finding)
    for unit in state.round.units:
        own = rows.get(unit.code, [])
        told = any(row["state"] != NOT_SENT or not is_missing(row["target"]) for row in own)
        if told and any(row["state"] in _OPEN for row in own):
            yield GapLetter(state, unit, own, questions.get(unit.code, []))


class GapLetter:
    """The letter of one unit, as a Word document and as a page."""

    def __init__(
        self, state: "RoundState", unit: Unit, rows: Sequence[Row], questions: Sequence[Finding]
    ) -> None:
        self._state, self.unit, self._rows, self._questions = state, unit, rows, questions

    @property
    def heading(self) -> str:
        """Title of the letter."""
        return "关于“两数”任务目标完成情况的函"

    @property
    def lines(self) -> tuple[str, str]:
        """What stands before the table and after it."""
        about = self._state.round.notice.round
        sent = any(row["state"] != NOT_SENT for row in self._rows)
        short = [row for row in self._rows if row["state"] == UNMET]
        part = formatting.format_clause_part("一")
        opening = (
            f"根据{about.citation}{part}，对照下达的任务目标，你单位盘点表所报完成情况如下。"
            if sent
            else f"根据{about.citation}{part}，尚未收到你单位的盘点表。下达的任务目标如下。"
        )
        asks = []
        if short:
            asks.append("未完成的，请抓紧落实，说明原因和补足措施")
        if any(row["state"] in (BLANK, SAYS_NONE) for row in self._rows):
            asks.append("未填的数字请补报，确无此项请填0")
        if not sent:
            asks.append("请即报送盘点表")
        closing = "；".join(asks) + "。数字有误的，请以书面更正，并附台账依据。"
        return opening, closing

    @property
    def table(self) -> list[tuple[str, ...]]:
        """The unit's own figures, one row per indicator."""
        return [
            (
                f"{row['indicator']}（{row['measure']}）",
                formatting.format_number(row["target"]),
                formatting.format_number(row["done"]),
                _gap(row["gap"]),
                formatting.format_percent(row["rate"]),
                row["state"],
            )
            for row in self._rows
        ]

    @property
    def questions(self) -> list[tuple[str, str, str]]:
        """What the unit is asked to verify."""
        return [
            (
                one.finding_type.title,
                self._redact(one.found),
                f"{self._redact(one.expected)}；{one.finding_type.advice}",
            )
            for one in self._questions
        ]

    def build_document(self) -> OfficialDocument:
        """Return the letter by the layout of official papers."""
        about, day = self._state.round.notice.round, self._state.submissions.letters.day
        document = OfficialDocument(
            rehearsal=self._state.round.rehearsal,
            amendments=self._state.round.amendments,
            letterhead=about.office,
        )
        opening, closing = self.lines
        office = self._state.round.notice.office
        document.add_number(office.open_number((day or about.issued).year))
        document.add_title(self.heading)
        document.add_recipient(self.unit.name)
        document.add_paragraph(opening)
        document.add_table(_COLUMNS, self.table)
        document.add_paragraph(closing)
        if self._questions:
            document.add_paragraph("另有下列数字，请一并核实。", keep=True)
            document.add_table(_QUESTION_COLUMNS, self.questions)
        document.add_paragraph("特此函告。", keep=True)
        document.add_signature(
            about.office,
            formatting.format_date(day) if day else formatting.BLANK_DAY,
            seal=office.seal,
            contact=office.contact_line,
        )
        return document

    def build_page(self) -> str:
        """Return the letter as a page that needs nothing else."""
        day = self._state.submissions.letters.day
        opening, closing = self.lines
        return render_letter_page(
            self._state.round,
            title=self.heading,
            unit=self.unit.name,
            opening=opening,
            closing=closing,
            columns=[name for name, _ in _COLUMNS],
            rows=self.table,
            question_columns=[name for name, _ in _QUESTION_COLUMNS],
            questions=self.questions,
            end="特此函告。",
            day=formatting.format_date(day) if day else formatting.BLANK_DAY,
        )

    def _redact(self, text: str) -> str:
        return formatting.redact_for_unit(text, self._state, self.unit.code)


def _gap(gap: int | None) -> str:
    """Return what is short, a dash where nothing is or nobody knows."""
    return f"{-gap:,}" if gap is not None and gap < 0 else formatting.MISSING
