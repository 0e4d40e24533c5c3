"""Letter status: how much of what a letter asks was received, settled or is missing."""

from dataclasses import dataclass
from datetime import date

from kjfp_helpers.eligibility.history.corrections import outstanding_items
from kjfp_helpers.eligibility.history.correspondence import RECEIPT, Letter
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True)
class LetterStatus:
    """Counts of what a letter asks; ``settled`` is what needs no answer any more.

    ``until`` is the last day for it, None where the letter names none; ``over`` says that it has
    passed on the day of the papers.
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
        """The state in one word."""
        if self.letter.body.title == RECEIPT:
            return "已发"
        if not self.lacking:
            return "已办结"
        return "逾期未补正" if self.over else "待答复"


def letter_status(state: RoundState, letter: Letter) -> LetterStatus:
    """Return what became of a letter."""
    lacking = len(outstanding_items(letter, state.findings, state.events))
    asked, came = len(letter.asked), len(letter.answers)
    until, day = state.letters.until(letter.body), state.letters.day
    over = bool(lacking and until and day and day > until)
    return LetterStatus(letter, asked, came, asked - came - lacking, lacking, until, over)


def latest_letters(state: RoundState, unit: str) -> list[LetterStatus]:
    """Return the last letter of each kind that was issued to a unit, in order of issue."""
    last = {one.body.title: one for one in state.letters.letters if one.body.unit == unit}
    return [letter_status(state, one) for one in sorted(last.values(), key=lambda one: one.seq)]


def reply_text(state: RoundState, receipt: int) -> str:
    """Return in Chinese which letters a message answers (答复第3号、第5号函), ``""`` for none."""
    named = "、".join(f"第{number}号" for number in state.letters.answered(receipt))
    return f"答复{named}函" if named else ""
