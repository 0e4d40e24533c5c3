"""State of each question on a unit's figures: whose turn it is, and how it was settled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, FindingAssigned, FindingReviewed
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
    secretary recorded. ``letter`` is the number of the last letter that asks it, 0 for none;
    ``assigned`` says who inquires and until when, None for nobody; ``subject`` is what decisions on
    it are stored under.
    """

    finding: Finding
    subject: str
    state: str
    letter: int
    done: Event | None
    assigned: FindingAssigned | None = None

    @property
    def owner(self) -> str:
        """Whose turn it is, ``""`` where it is settled."""
        return _OWNERS[self.state]

    @property
    def person(self) -> str:
        """Who inquires into it, ``""`` for nobody."""
        return self.assigned.person if self.assigned else ""

    @property
    def until(self) -> str:
        """By what day (ISO), ``""`` for none."""
        return self.assigned.until if self.assigned else ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the question among all."""
        one = self.finding
        return self.subject, one.code, one.field, one.fingerprint

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
    assigned = {
        (body.subject, body.code, body.field, body.mark): body if body.person else None
        for body in state.events.bodies(FindingAssigned)
    }
    order = {unit.code: place for place, unit in enumerate(state.round.units)}
    items = [item for item in work_items(state) if item.kind == "figure"]
    questions = []
    for item in sorted(items, key=lambda one: order.get(one.unit, len(order))):
        finding = item.finding
        key = finding.unit, f"{finding.code} {finding.field}", finding.fingerprint
        number, came = asked.get(key, (0, False))
        word = SETTLED if item.done else ANSWERED if came else ASKED if number else TO_ASK
        one = FigureQuestion(
            finding=finding, subject=item.subject, state=word, letter=number, done=item.done
        )
        questions.append(replace(one, assigned=assigned.get(one.key)))
    return tuple(questions)


def make_figure_assignment(
    question: FigureQuestion, *, person: str, until: str, reason: str
) -> FindingAssigned:
    """Return who inquires into a question and until when; a blank person takes it back.

    Raises
    ------
    ParameterError
        When the question is settled, the day is none, or there is nothing to take back.
    """
    where, subject = "指定核实人", question.key
    if question.state == SETTLED:
        raise ParameterError(where, expected="未办结的疑点", found=SETTLED, advice="刷新页面")
    if not person.strip() and question.assigned is None:
        raise ParameterError(where, expected="核实人姓名", found="未填", advice="补上")
    try:
        day = date.fromisoformat(until.strip()).isoformat() if person.strip() else ""
    except ValueError as error:
        raise ParameterError(
            f"{where}：期限",
            expected="日期，如 2020-08-31",
            found=f"“{until.strip()}”" if until.strip() else "空白",
            advice="更正",
        ) from error
    return FindingAssigned(
        subject=subject[0],
        code=subject[1],
        field=subject[2],
        mark=subject[3],
        person=person.strip(),
        until=day,
        reason=reason.strip(),
    )
