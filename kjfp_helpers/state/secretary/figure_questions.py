"""State of each question on a unit's figures: whose turn it is, and how it was settled."""

from collections.abc import Mapping
from dataclasses import dataclass

from kjfp_helpers.core.events import Event, FindingReviewed
from kjfp_helpers.core.findings import FIGURE_CODES, Finding
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.work_queue import work_items

OFFICE, UNIT = "办公室", "报送单位"
TO_ASK, ASKED, ANSWERED, SETTLED = "待发函核实", "待单位答复", "已来件，待复核", "已办结"
"""States of a question, in order; its owner is the office, the unit, and the office again."""
_OWNERS: Mapping[str, str] = {TO_ASK: OFFICE, ASKED: UNIT, ANSWERED: OFFICE, SETTLED: ""}


@dataclass(frozen=True, kw_only=True)
class FigureQuestion:
    """A question with its owner and state; ``done`` is the event that settled it.

    The state follows from the letters that were issued, the messages that came and what the
    secretary recorded. ``letter`` is the number of the last letter that asks it, 0 for none.
    """

    finding: Finding
    state: str
    letter: int
    done: Event | None

    @property
    def owner(self) -> str:
        """Whose turn it is, ``""`` where it is settled."""
        return _OWNERS[self.state]

    @property
    def resolution(self) -> str:
        """How it was settled and by whom, ``""`` while it is open."""
        body = self.done.body if self.done else None
        if not isinstance(body, FindingReviewed):
            return ""
        return f"{'确认无误' if body.outcome == 'confirmed' else '已办结'}：{body.reason}"


def list_figure_questions(state: RoundState) -> tuple[FigureQuestion, ...]:
    """Return the questions on figures, open and settled, in the order of the units.

    One whose figure was corrected is gone: the history of figures tells it.
    """
    asked: dict[tuple[str, str, str], tuple[int, bool]] = {}
    for letter in state.submissions.letters.letters:
        for code, field, _case, _source, mark in letter.body.findings:
            if code in FIGURE_CODES:
                key = letter.body.unit, f"{code} {field}", mark
                asked[key] = letter.body.number, bool(letter.brought)
    order = {unit.code: place for place, unit in enumerate(state.round.units)}
    items = [item for item in work_items(state) if item.kind == "figure"]
    questions = []
    for item in sorted(items, key=lambda one: order.get(one.unit, len(order))):
        finding = item.finding
        key = finding.unit, f"{finding.code} {finding.field}", finding.fingerprint
        number, came = asked.get(key, (0, False))
        word = SETTLED if item.done else ANSWERED if came else ASKED if number else TO_ASK
        questions.append(FigureQuestion(finding=finding, state=word, letter=number, done=item.done))
    return tuple(questions)
