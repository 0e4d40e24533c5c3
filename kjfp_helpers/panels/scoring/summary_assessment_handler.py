"""One reader at the summaries: what may be recorded there, and what the page is given."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kjfp_helpers.core.errors import AccessError
from kjfp_helpers.core.events import AssessmentConfirmed, Event, EventBody, SummaryAssessed
from kjfp_helpers.core.records import Summary
from kjfp_helpers.notice.assessment.heading_confirmations import HEAD_LABELS
from kjfp_helpers.notice.assessment.reader_agreement import ReaderAgreement, reader_agreement
from kjfp_helpers.notice.assessment.reader_view import hide_others
from kjfp_helpers.notice.assessment.summary_headings import outline_summary
from kjfp_helpers.notice.assessment.unit_grades import BY_ITSELF
from kjfp_helpers.panels.scoring.summary_card import SummaryCards
from kjfp_helpers.panels.widgets.protocol import (
    Message,
    MessageHandler,
    Rejected,
    Reply,
    checked_text,
    rejection,
)
from kjfp_helpers.rules import AssessmentScheme
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.access import current_user
from kjfp_helpers.state.assessment.assessor_conflicts import find_assessor_conflicts
from kjfp_helpers.state.revocations import standing_events

TITLE = "工作总结考核"
MARK = "mark_"
"""What stands before an indicator in the answers of the page: a head may have the same id."""


class SummaryAssessmentHandler(MessageHandler):
    """A reader's conversation over the summaries received."""

    event_type = SummaryAssessed

    def __init__(self, session: RoundSession, state: RoundState, reader: str) -> None:
        self._state, self._reader = state, _require_own_name(session, reader)
        frame = state.screening.summaries
        received = list(frame.loc[frame["missing"].notna(), "unit"])
        if state.assessment is not None:
            by_unit = state.assessment.by_unit
            received = [unit for unit in received if by_unit[unit].state not in BY_ITSELF]
        self.units = units_to_read(state, self._reader, received)
        self._heads = state.round.notice.summary.heads
        self._levels = state.round.rubric.summary_levels
        self._scheme = state.round.assessment
        self._records = state.submissions.record_by_unit("summary")
        self._cards = SummaryCards(state)
        self._assessed: dict[tuple[str, str], tuple[int, SummaryAssessed]] = {}
        for event in state.events:
            self.apply_event(event)
        actor = session.actor_label(SummaryAssessed, self._reader)
        super().__init__(session, f"{TITLE} {self._reader}", actor, state.events[-1].seq)
        self.commands, self.queries = {"save": self._save}, {}

    def apply_event(self, event: Event) -> None:
        """Take the latest assessment of each reader in."""
        if isinstance(event.body, SummaryAssessed):
            reader = event.body.reader or event.actor
            self._assessed[event.body.unit, reader] = (event.seq, event.body)

    def welcome(self) -> Reply:
        """Return the texts, what was found in them, and the reader's own assessments."""
        return {
            "title": TITLE,
            "noun": "份",
            "material": "总结",
            "activity": "考核",
            "can": ["choose", "phrases"] if self._scheme else ["choose"],
            "packet": f"{self._session.round.name}-{self._reader}",
            "note": " · ".join(
                filter(
                    None,
                    (
                        f"考核人：{self._reader}",
                        f"已收总结 {len(self.units)} 份，"
                        f"共 {len(self._state.screening.summaries)} 个单位",
                        self._describe_readers(),
                    ),
                )
            ),
            "rehearsal": self._session.round.rehearsal,
            "declared": True,
            "sealed": None,
            "closed": False,
            "scale": None,
            "questions": {"summary": self._questions()},
            "cases": [{**self._case(unit), **self._page(unit)} for unit in self.units],
        }

    def _describe_readers(self) -> str:
        assessment = self._state.assessment
        if assessment is None:
            return describe_agreement(reader_agreement(self._session.ledger.events(), self._levels))
        counts = Counter(one.state for one in hide_others(assessment, self._reader).units)
        return "，".join(f"{word} {count} 个单位" for word, count in counts.items())

    def describe_result(self, message: Message) -> Reply:
        """Return the unit as it stands."""
        return {"case": self._case(str(message.get("case")))}

    def _questions(self) -> list[Reply]:
        heads = [
            {"id": head.id, "title": head.title, "ask": "", "options": list(HEAD_LABELS.values())}
            for head in self._heads
        ]
        return [*heads, *(level_questions(self._scheme) or [self._level_question()])]

    def _level_question(self) -> Reply:
        return {"id": "level", "title": "考核等次", "ask": "", "options": list(self._levels)}

    def _page(self, unit: str) -> Reply:
        body = self._records[unit].body
        sections = body.sections if isinstance(body, Summary) else ()
        held = outline_summary(self._heads, sections)
        return {
            "kind": "summary",
            "label": self._state.round.unit_by_code[unit].short_name,
            "page": self._cards.render(unit),
            "proposed": {head.id: HEAD_LABELS[head.id in held] for head in self._heads},
        }

    def _case(self, unit: str) -> Reply:
        seq, own = self._assessed.get((unit, self._reader), (None, None))
        answers = {name: HEAD_LABELS[held] for name, held in own.heads.items()} if own else {}
        if own and own.level and not self._scheme:
            answers["level"] = own.level
        answers |= {f"{MARK}{name}": title for name, title in own.marks.items()} if own else {}
        return {
            "key": unit,
            "answers": answers,
            "comment": own.comment if own else "",
            "event_seq": seq,
            "undo_seq": 0,
            "parked": False,
            "note": self._agreement(unit, own),
        }

    def _agreement(self, unit: str, own: SummaryAssessed | None) -> str:
        """Say what other readers found, once the reader's own levels are given and it is time."""
        others = [
            body
            for (whose, reader), (_, body) in self._assessed.items()
            if whose == unit and reader != self._reader
        ]
        if own is None or not others or not self._may_see_others():
            return ""
        if self._scheme is not None:
            return compare_levels(self._scheme, own.marks, [other.marks for other in others])
        given = [other.level for other in others if other.level]
        if not own.level or not given:
            return ""
        agree = "一致" if set(given) == {own.level} else "不一致"
        return f"另一位考核人：{'、'.join(given)}（{agree}）"

    def _may_see_others(self) -> bool:
        """Whether the scheme lets a reader who is done see the other's levels now."""
        if self._scheme is None or self._scheme.others_shown == "both":
            return True
        standing = standing_events(self._session.ledger.events())
        return any(isinstance(event.body, AssessmentConfirmed) for event in standing)

    def _save(self, message: Message) -> Iterable[EventBody]:
        unit, answers = str(message.get("case")), message.get("answers")
        if unit not in self.units or not isinstance(answers, Mapping):
            raise rejection("评定没有读出，请重新打开本页。")
        seq, own = self._assessed.get((unit, self._reader), (None, None))
        if own and own.edit and own.edit == message.get("request_id"):
            raise Rejected(type="saved", event_seq=seq, **self.describe_result(message))
        if seq != message.get("base_seq"):
            raise Rejected(type="stale", case=self._case(unit))
        level, known = answers.get("level", ""), {word: held for held, word in HEAD_LABELS.items()}
        heads = {head.id: known.get(answers[head.id]) for head in self._heads if head.id in answers}
        options = {one["id"]: one["options"] for one in level_questions(self._scheme)}
        given = {name: str(answers[name]) for name in options if name in answers}
        off = any(title not in options[name] for name, title in given.items())
        if level not in ("", *self._levels) or None in heads.values() or off:
            raise rejection("评定不在所列各项之中，请改正。")
        return [
            SummaryAssessed(
                unit=unit,
                level="" if self._scheme else level,
                comment=checked_text(message.get("comment")),
                reader=self._reader,
                heads={name: bool(held) for name, held in heads.items()},
                edit=str(message.get("request_id", "")),
                marks={name.removeprefix(MARK): title for name, title in given.items()},
                record=self._records[unit].id,
            )
        ]


def _require_own_name(session: RoundSession, reader: str) -> str:
    """Return who reads: the account itself; another name is for a round without accounts.

    Raises
    ------
    AccessError
        When an account asks to read under another name.
    """
    user = current_user(session.round)
    if reader in ("", user) or session.access().is_unrestricted:
        return reader or user
    raise AccessError(
        TITLE,
        expected=f"本人的账号（{user}）",
        found=f"“{reader}”",
        advice="去掉笔记本参数里的考核人，或由本人登录后评定",
    )


def units_to_read(state: RoundState, reader: str, received: Iterable[str]) -> list[str]:
    """Return the units of a reader in reading order: those assigned, else all without conflict.

    Who is no reader of an assignment (secretary, chair, inspector) sees all, in their order.
    """
    assessment, came = state.assessment, list(received)
    if assessment is None:
        return came
    if reader in assessment.readings:
        return [unit for unit in assessment.readings[reader] if unit in came]
    conflicts = find_assessor_conflicts(state)
    barred = {unit for (who, unit), one in conflicts.items() if who == reader and one.is_certain}
    return [unit for unit in came if unit not in barred]


def level_questions(scheme: AssessmentScheme | None) -> list[Reply]:
    """Return the indicators that are read as questions of the page, each with its anchors."""
    return [
        {
            "id": f"{MARK}{one.id}",
            "title": one.title,
            "ask": f"{one.points:g}分。{one.ask}",
            "options": [level.title for level in one.levels],
            "levels": [{"title": level.title, "text": level.text} for level in one.levels],
            "phrases": list(one.phrases),
        }
        for one in (scheme.read_indicators if scheme else ())
    ]


def compare_levels(
    scheme: AssessmentScheme, own: Mapping[str, str], others: Iterable[Mapping[str, str]]
) -> str:
    """Say on which indicators others gave another level, for a reader who gave all of them."""
    read = scheme.read_indicators
    if not all(one.id in own for one in read):
        return ""
    given = [other for other in others if all(one.id in other for one in read)]
    if not given:
        return ""
    apart = [
        f"{one.title} {'、'.join(other[one.id] for other in given)}"
        for one in read
        if any(other[one.id] != own[one.id] for other in given)
    ]
    return f"另一位考核人：{'；'.join(apart)}" if apart else "另一位考核人：各项档次一致"


def describe_agreement(found: ReaderAgreement) -> str:
    """Return how well readers of the same summaries agree, ``""`` while none was read twice."""
    if not found.n:
        return ""
    told = f"两人以上评 {found.n} 份，等次相同 {found.same} 份"
    if found.share is None:
        return f"{told}；份数太少，不作推断"
    told += f"（{found.same / found.n:.0%}，95% 区间 {found.share[0]:.0%}–{found.share[1]:.0%}）"
    if found.weighted is None:
        return f"{told}；等次没有差别，一致性算不出"
    if found.interval is None:
        return f"{told}；加权一致性 {found.weighted:.2f}"
    low, high = found.interval
    return f"{told}；加权一致性 {found.weighted:.2f}（95% 区间 {low:.2f}–{high:.2f}）"
