"""Findings of a visit: reported figures against found ones, untrue answers, what was noted.

A finding is open until it is decided. A reply or a decision counts for the figures that it was
given on (``mark``): when an import changes them, the finding is open again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kjfp_helpers.core.events import Event, EventLog, VisitFindingDecided, VisitFindingReplied
from kjfp_helpers.infra.exact_decimals import percent_text
from kjfp_helpers.notice.share_intervals import Interval, share_interval
from kjfp_helpers.notice.spot_check.visit_form import UNTRUE, FormRow, form_rows
from kjfp_helpers.notice.spot_check.visit_form_merge import Value, VisitValue
from kjfp_helpers.rules import Round

RULINGS: Mapping[str, str] = {
    "serious": "属实，情节严重",
    "confirmed": "属实",
    "dismissed": "不成立",
    "waived": "免予办理",
}
"""How a finding can be decided; ``waived`` leaves it unexamined for a reason."""
TOO_FEW = "样本太少，不推算"
AWAITING_REPLY, AWAITING_DECISION, DECIDED, WAIVED = "待答复", "待处理", "已办结", "放行"
Figures = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True, kw_only=True)
class FigureComparison:
    """A reported figure against the found one.

    ``difference`` is found less reported, ``share`` that of the reported (None where it is 0 or
    missing); ``beyond`` says that it is over the threshold of the rules. Of ``sampled`` cases
    ``wrong`` were not as reported; ``sample_least`` are needed for an interval.
    """

    name: str
    title: str
    head: int
    target: float | None
    reported: float | None
    found: float | None
    beyond: bool
    sampled: int | None = None
    wrong: int | None = None
    sample_least: int = 20

    @property
    def difference(self) -> float | None:
        """Found less reported, None where one is missing."""
        if self.found is None or self.reported is None:
            return None
        return self.found - self.reported

    @property
    def share(self) -> float | None:
        """The difference as a share of the reported figure."""
        return self.difference / self.reported if self.difference and self.reported else None

    @property
    def error_rate(self) -> float | None:
        """The share of the sampled cases that were wrong."""
        return self.wrong / self.sampled if self.sampled and self.wrong is not None else None

    @property
    def interval(self) -> Interval | None:
        """The exact 95% interval of the error rate, None where the sample is too small."""
        if self.error_rate is None or not self.sampled or self.sampled < self.sample_least:
            return None
        return share_interval(int(self.wrong or 0), self.sampled)

    @property
    def error_text(self) -> str:
        """The error rate in Chinese, with its interval or why there is none; blank for none."""
        if self.error_rate is None:
            return ""
        counts = f"抽核{self.sampled}个，不符{self.wrong}个"
        if self.interval is None:
            return f"{counts}（{TOO_FEW}）"
        low, high = self.interval
        return f"{counts}，不符率{percent_text(self.error_rate)}（95%区间{low:.0%}–{high:.0%}）"


@dataclass(frozen=True, kw_only=True)
class VisitFinding:
    """A finding on a unit, with the reply and the decision that count.

    ``facts`` are the entries that it rests on, ``found_on`` is its day.
    """

    unit: str
    id: str
    facts: tuple[Value | None, ...]
    head: int
    title: str
    text: str
    evidence: str
    photos: str
    case: str
    found_on: str
    reply: VisitFindingReplied | None = None
    decision: VisitFindingDecided | None = None
    decided_seq: int = 0

    @property
    def mark(self) -> str:
        """Short hash (12 hex digits) of what the finding rests on, however it is worded."""
        facts = json.dumps([self.unit, self.id, *self.facts, self.case], ensure_ascii=False)
        return hashlib.sha256(facts.encode()).hexdigest()[:12]

    @property
    def state(self) -> str:
        """待答复, 待处理, 已办结 or 放行."""
        if self.decision is not None:
            return WAIVED if self.decision.ruling == "waived" else DECIDED
        return AWAITING_DECISION if self.reply else AWAITING_REPLY

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided."""
        return self.decision is None


def compare_figures(
    round: Round, figures: Figures, values: Mapping[str, VisitValue]
) -> tuple[FigureComparison, ...]:
    """Return each figure of the form, reported against found."""
    rule, compared = round.notice.spot_check, []
    for row in _figure_rows(round):
        target, reported = figures.get(row.name, (None, None))
        found = _number(values, row.key("found"))
        compared.append(
            FigureComparison(
                name=row.name,
                title=row.title,
                head=row.head,
                target=target,
                reported=reported,
                found=found,
                beyond=is_beyond(reported, found, rule.tolerance),
                sampled=_count(values, row.key("sampled")),
                wrong=_count(values, row.key("wrong")),
                sample_least=rule.sample_least,
            )
        )
    return tuple(compared)


def is_beyond(reported: float | None, found: float | None, tolerance: float) -> bool:
    """Whether a found figure is off the reported one by more than a share of the reported.

    Examples
    --------
    >>> is_beyond(200, 190, 0.05), is_beyond(200, 189, 0.05), is_beyond(None, 3, 0.05)
    (False, True, True)
    """
    if found is None:
        return False
    if reported is None:
        return True
    return abs(Fraction(found) - Fraction(reported)) > Fraction(str(tolerance)) * Fraction(reported)


def list_findings(
    round: Round, unit: str, figures: Figures, values: Mapping[str, VisitValue], events: EventLog
) -> tuple[VisitFinding, ...]:
    """Return the findings that follow from a unit's entries, with replies and decisions."""
    replies = [one for one in events.of(VisitFindingReplied) if one.body.unit == unit]
    decisions = [one for one in events.of(VisitFindingDecided) if one.body.unit == unit]
    raised = (*_figure_findings(round, unit, figures, values), *_noted(round, unit, values))
    return tuple(_with_answers(one, replies, decisions) for one in raised)


def _with_answers(
    finding: VisitFinding,
    replies: Iterable[Event[VisitFindingReplied]],
    decisions: Iterable[Event[VisitFindingDecided]],
) -> VisitFinding:
    key = finding.id, finding.mark
    said = [one.body for one in replies if (one.body.finding, one.body.mark) == key]
    decided = [one for one in decisions if (one.body.finding, one.body.mark) == key]
    return replace(
        finding,
        reply=said[-1] if said and said[-1].reply else None,
        decision=decided[-1].body if decided else None,
        decided_seq=decided[-1].seq if decided else 0,
    )


def _figure_findings(
    round: Round, unit: str, figures: Figures, values: Mapping[str, VisitValue]
) -> Iterator[VisitFinding]:
    rows = {row.name: row for row in _figure_rows(round)}
    for one in compare_figures(round, figures, values):
        if one.beyond and one.found is not None:
            facts = (one.reported, one.found, one.sampled, one.wrong)
            row, title = rows[one.name], f"{one.title}不符"
            yield _make(unit, row, "found", title, _figure_text(one), facts, values)


def _figure_text(one: FigureComparison) -> str:
    found = f"{one.found:,.0f}"
    if one.reported is None or one.difference is None:
        return f"盘点表未报，实地核实{found}"
    word = "少于" if one.difference < 0 else "多于"
    share = f"，相差{percent_text(abs(one.share), 1)}" if one.share is not None else ""
    error = f"；{one.error_text}" if one.error_text else ""
    return (
        f"上报{one.reported:,.0f}，实地核实{found}，{word}上报数{abs(one.difference):,.0f}"
        f"{share}{error}"
    )


def _noted(round: Round, unit: str, values: Mapping[str, VisitValue]) -> Iterator[VisitFinding]:
    for row in form_rows(round):
        if "answer" in row.entries and _text(values, row.key("answer")) == UNTRUE:
            note = _text(values, row.key("note")) or UNTRUE
            yield _make(unit, row, "answer", row.title, note, (UNTRUE, note), values)
        elif "text" in row.entries and (text := _text(values, row.key("text"))):
            yield _make(unit, row, "text", "检查中发现的问题", text, (text,), values)


def _make(
    unit: str,
    row: FormRow,
    column: str,
    title: str,
    text: str,
    facts: tuple[Value | None, ...],
    values: Mapping[str, VisitValue],
) -> VisitFinding:
    return VisitFinding(
        unit=unit,
        id=row.name,
        facts=facts,
        head=row.head,
        title=title,
        text=text,
        evidence=_text(values, row.key("evidence")),
        photos=_text(values, row.key("photos")),
        case=_text(values, row.key("case")),
        found_on=values[row.key(column)].day,
    )


def _figure_rows(round: Round) -> Iterator[FormRow]:
    return (row for row in form_rows(round) if "found" in row.entries)


def _value(values: Mapping[str, VisitValue], key: str) -> Value:
    return values[key].value if key in values else ""


def _text(values: Mapping[str, VisitValue], key: str) -> str:
    return str(_value(values, key))


def _number(values: Mapping[str, VisitValue], key: str) -> float | None:
    value = _value(values, key)
    return float(value) if isinstance(value, int | float) else None


def _count(values: Mapping[str, VisitValue], key: str) -> int | None:
    value = _number(values, key)
    return None if value is None else int(value)
