"""Relationships to be ruled on (回避): declared, recused for, or detected."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kjfp_helpers.core.events import (
    ConflictRuled,
    ConflictsDeclared,
    DeclarationWithdrawn,
    Event,
    EventLog,
    MemberRecused,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Case, Individual
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.panel_review.conflicts.declaration import adds_relationship, normalize_declaration
from kjfp_helpers.panel_review.conflicts.organisations import Strength, compare_employers
from kjfp_helpers.state.round_state import RoundState

Origin = Literal["declared", "recused", "found"]
ORIGIN_TITLES: Mapping[Origin, str] = {
    "declared": "评委声明",
    "recused": "评委申请回避",
    "found": "比对发现",
}
STRENGTH_TITLES: Mapping[Strength, str] = {"certain": "已按回避处理", "ask": "待核实，暂未回避"}
_NUMBERED = re.compile(r"(团队|个人)\s*0*(\d{1,3})\s*号")
"""Label of a case on the scoring page."""
_SEPARATOR = re.compile(r"[,，。;；、\s]|与|和|的|在|是|为")
_MIN_NAME_CHARS = 2
"""Minimum characters of a name that is searched in a declaration."""


@dataclass(frozen=True, kw_only=True)
class RelationshipQuestion:
    """A relationship that needs a ruling.

    ``seq`` is the number of the declaration or recusal, 0 for a detected relationship. ``case`` is
    blank for a declaration in free text, whose ``suggested`` cases are those that it seems to
    name. ``rulings`` are those given on it, oldest first; ``withdrawn`` is the event by which the
    member withdrew it.
    """

    member: str
    name: str
    origin: Origin
    text: str
    seq: int = 0
    case: str = ""
    kind: str = ""
    about: str = ""
    strength: Strength = "ask"
    suggested: tuple[str, ...] = ()
    rulings: tuple[Event, ...] = field(default=())
    withdrawn: Event | None = None

    @property
    def ruling(self) -> ConflictRuled | None:
        """The last ruling on it, ``None`` before any."""
        bodies = EventLog(self.rulings).bodies(ConflictRuled)
        return bodies[-1] if bodies else None

    @property
    def done(self) -> Event | None:
        """The event that resolved it: a ruling, or the member's withdrawal before any ruling."""
        decided = [event for event in self.rulings if getattr(event.body, "bars", None) is not None]
        if not decided:
            return self.withdrawn
        last = decided[-1]
        granted = getattr(last.body, "bars", None)
        reopened = granted and self.withdrawn is not None and self.withdrawn.seq > last.seq
        return None if reopened or last is not self.rulings[-1] else last

    @property
    def status_text(self) -> str:
        """Its status, in Chinese."""
        if self.done is not None and self.done is self.withdrawn:
            return "评委已撤回"
        ruled = {True: "准予回避", False: "不构成回避", None: "待说明"}
        status = ruled[self.ruling.bars] if self.ruling else "待裁定"
        return f"{status}，评委已撤回" if self.withdrawn and self.done is None else status

    def to_finding(self, state: RoundState) -> Finding:
        """Return it as a finding of the work queue, whose text does not depend on the ruling."""
        case = state.screening.case_by_id.get(self.case)
        location = f"台账第{self.seq}号" if self.seq else "名册与推荐材料比对"
        found = f"{ORIGIN_TITLES[self.origin]}：{mask_personal_numbers(self.text)}"
        return Finding(
            code="tie",
            expected="评委与评阅对象没有利害关系",
            found=found,
            place=location,
            unit=case.unit if case else "",
            case=self.case,
        )


@once_per_object
def list_questions(state: RoundState) -> tuple[RelationshipQuestion, ...]:
    """Return all declared, recused and detected relationships, in the order of work.

    Those of members who left are only included once there is a ruling.
    """
    names = {one.member: one.name for one in state.round.panel}
    asked = [
        *_declared_questions(state, names),
        *_recusal_questions(state, names),
        *_detected_questions(state, names),
    ]
    taken_back = {event.body.declared: event for event in state.events.of(DeclarationWithdrawn)}
    ruled = state.standing_events.of(ConflictRuled)
    answered = (
        replace(one, rulings=tuple(_rulings(one, ruled)), withdrawn=taken_back.get(one.seq))
        for one in asked
    )
    return tuple(one for one in answered if one.rulings or one.member not in state.scores.departed)


def list_open_questions(state: RoundState) -> list[RelationshipQuestion]:
    """Return the relationships without a ruling."""
    return [one for one in list_questions(state) if one.done is None]


def _rulings(question: RelationshipQuestion, ruled: Sequence[Event]) -> Iterator[Event]:
    """Yield the rulings on a question: by the declaration's number, else on its pair since."""
    for event in ruled:
        body = event.body
        if not isinstance(body, ConflictRuled) or body.member != question.member:
            continue
        if question.origin == "declared":
            if body.declared == question.seq:
                yield event
        elif body.case == question.case and event.seq > question.seq:
            yield event


def _declared_questions(
    state: RoundState, names: Mapping[str, str]
) -> Iterator[RelationshipQuestion]:
    before: dict[str, list[str]] = {}
    for event in state.events:
        body = event.body
        if not isinstance(body, ConflictsDeclared):
            continue
        text = normalize_declaration(body.statement)
        earlier = before.setdefault(body.member, [])
        if adds_relationship(text, earlier):
            earlier.append(text)
            yield RelationshipQuestion(
                member=body.member,
                name=names.get(body.member, ""),
                origin="declared",
                text=text,
                seq=event.seq,
                suggested=tuple(_suggest_cases(state, body.member, text)),
            )


def _recusal_questions(
    state: RoundState, names: Mapping[str, str]
) -> Iterator[RelationshipQuestion]:
    last = {
        (event.body.member, event.body.case): (event.seq, event.body)
        for event in state.events.of(MemberRecused)
    }
    for seq, body in last.values():
        case = state.screening.case_by_id.get(body.case)
        yield RelationshipQuestion(
            member=body.member,
            name=names.get(body.member, ""),
            origin="recused",
            seq=seq,
            text=body.reason,
            case=body.case,
            kind=body.kind,
            strength="certain",
            about=case.name if case else "",
        )


def _detected_questions(
    state: RoundState, names: Mapping[str, str]
) -> Iterator[RelationshipQuestion]:
    """Yield one question per member and case: reasons joined, certain relationships first."""
    by_pair: dict[tuple[str, str], list[int]] = {}
    ties = [tie for tie in state.scores.detected_relationships if not tie.by_rule]
    for number, tie in enumerate(ties):
        by_pair.setdefault((tie.member, tie.case), []).append(number)
    barred = {(tie.member, tie.case) for tie in state.scores.detected_relationships if tie.by_rule}
    for pair, numbers in by_pair.items():
        ordered = sorted(
            (ties[number] for number in numbers), key=lambda tie: tie.strength == "ask"
        )
        if pair in barred and ordered[0].strength == "ask":
            continue  # already barred by rule
        yield RelationshipQuestion(
            member=pair[0],
            name=names.get(pair[0], ""),
            origin="found",
            case=pair[1],
            text="；".join(tie.reason for tie in ordered),
            kind=ordered[0].kind,
            about=ordered[0].about,
            strength=ordered[0].strength,
        )


def _suggest_cases(state: RoundState, member: str, text: str) -> Iterator[str]:
    """Yield the cases that a declaration seems to name: by number, name, unit or employer."""
    rows = state.scores.readings[state.scores.readings["member"] == member]
    numbers = dict(zip(rows["position"], rows["case"], strict=True))
    named = {numbers.get(int(number), "") for _, number in _NUMBERED.findall(text)}
    key = alnum_key(text)
    pieces = [piece for piece in _SEPARATOR.split(text) if len(piece) > _MIN_NAME_CHARS]
    for case in state.screening.eligible_cases:
        if case.id in named or _nominee_names(case) & _names_in_text(key, _nominee_names(case)):
            yield case.id
        elif _is_of_unit(state, case, key) or _is_of_employer(case, pieces):
            yield case.id


def _nominee_names(case: Case) -> set[str]:
    nominee = case.nominee
    people = () if isinstance(nominee, Individual) else (nominee.leader_name, *nominee.expert_names)
    return {name for name in map(alnum_key, (case.name, *people)) if len(name) >= _MIN_NAME_CHARS}


def _names_in_text(text: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if name in text}


def _is_of_unit(state: RoundState, case: Case, text: str) -> bool:
    unit = state.round.unit_by_code.get(case.unit)
    names = (unit.name, *unit.aliases) if unit else ()
    return any(len(name) > _MIN_NAME_CHARS and name in text for name in map(alnum_key, names))


def _is_of_employer(case: Case, pieces: Sequence[str]) -> bool:
    nominee = case.nominee
    employer = nominee.employer if isinstance(nominee, Individual) else nominee.team_name
    return any(compare_employers(employer, piece) is not None for piece in pieces)
