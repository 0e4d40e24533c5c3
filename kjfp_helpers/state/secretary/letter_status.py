"""Letter status: how much of what a letter asks was received, settled or is missing."""

from dataclasses import dataclass
from datetime import date

from kjfp_helpers.eligibility.history.correspondence import (
    RECEIPT,
    VISIT_FEEDBACK,
    VISIT_NOTICE,
    Letter,
)
from kjfp_helpers.eligibility.history.overdue_corrections import outstanding_items
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True)
class LetterStatus:
    """Counts of the items of a letter; ``settled`` need no answer any more.

    ``until`` is the last day to answer, None where the letter sets none; ``over`` says that it has
    passed on the document date.
    """

    letter: Letter
    asked: int
    came: int
    settled: int
    lacking: int
    until: date | None
    over: bool

    @property
    def word(self) -> str:
        """The status, in Chinese."""
        if self.letter.body.title in (RECEIPT, VISIT_NOTICE, VISIT_FEEDBACK):
            return "已发"
        if not self.lacking:
            return "已办结"
        return "逾期未补正" if self.over else "待答复"


def letter_status(state: RoundState, letter: Letter) -> LetterStatus:
    """Return the status of a letter."""
    lacking = len(outstanding_items(letter, state.screening.findings, state.events))
    asked, came = len(letter.asked), len(letter.answers)
    until, day = state.submissions.letters.until(letter.body), state.submissions.letters.day
    over = bool(lacking and until and day and day > until)
    return LetterStatus(letter, asked, came, asked - came - lacking, lacking, until, over)


def latest_letters(state: RoundState, unit: str) -> list[LetterStatus]:
    """Return the last letter of each kind that was issued to a unit, in order of issue."""
    last = {letter.body.title: letter for letter in state.submissions.letters.of_unit(unit)}
    ordered = sorted(last.values(), key=lambda letter: letter.seq)
    return [letter_status(state, letter) for letter in ordered]


def reply_text(state: RoundState, receipt: int) -> str:
    """Return in Chinese which letters a message answers (答复第3号、第5号函), ``""`` for none."""
    numbers = "、".join(f"第{number}号" for number in state.submissions.letters.answered(receipt))
    return f"答复{numbers}函" if numbers else ""
