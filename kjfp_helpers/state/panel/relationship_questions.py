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
    MemberRecused,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.normalize import alnum_key
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Case, Individual
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
"""What a member calls a case on the scoring page."""
_PIECE = re.compile(r"[,，。;；、\s]|与|和|的|在|是|为")
_LEAST = 2
"""Characters of a name that is looked for in a declaration."""


@dataclass(frozen=True, kw_only=True)
class RelationshipQuestion:
    """A tie to be ruled upon.

    ``seq`` is the number of the declaration or recusal, 0 for a tie that was found. ``case`` is
    blank for a declaration in free words, whose ``suggested`` cases are those that it seems to
    name. ``rulings`` are those given on it, oldest first; ``withdrawn`` is the event by which the
    member took it back.
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
        """The last word on it, ``None`` before any."""
        bodies = [one.body for one in self.rulings if isinstance(one.body, ConflictRuled)]
        return bodies[-1] if bodies else None

    @property
    def done(self) -> Event | None:
        """The event that settled it: a ruling, or the member's own withdrawal before any."""
        given = [one for one in self.rulings if getattr(one.body, "bars", None) is not None]
        if not given:
            return self.withdrawn
        last = given[-1]
        granted = getattr(last.body, "bars", None)
        reopened = granted and self.withdrawn is not None and self.withdrawn.seq > last.seq
        return None if reopened or last is not self.rulings[-1] else last

    @property
    def status_text(self) -> str:
        """What became of it, in Chinese."""
        if self.done is not None and self.done is self.withdrawn:
            return "评委已撤回"
        ruled = {True: "准予回避", False: "不构成回避", None: "待说明"}
        said = ruled[self.ruling.bars] if self.ruling else "待裁定"
        return f"{said}，评委已撤回" if self.withdrawn and self.done is None else said

    def to_finding(self, state: RoundState) -> Finding:
        """Return it as a finding of the queue, which keeps its words whatever is ruled."""
        case = state.case_by_id.get(self.case)
        place = f"台账第{self.seq}号" if self.seq else "名册与推荐材料比对"
        found = f"{ORIGIN_TITLES[self.origin]}：{mask_personal_numbers(self.text)}"
        return Finding(
            code="tie",
            expected="评委与评阅对象没有利害关系",
            found=found,
            place=place,
            unit=case.unit if case else "",
            case=self.case,
        )


def list_questions(state: RoundState) -> tuple[RelationshipQuestion, ...]:
    """Return every tie that was declared or found, in the order of work.

    Those who left the panel are not asked about what nobody ruled upon.
    """
    names = {one.member: one.name for one in state.round.panel}
    asked = [*_declared(state, names), *_recused(state, names), *_found(state, names)]
    taken_back = {
        event.body.declared: event
        for event in state.events
        if isinstance(event.body, DeclarationWithdrawn)
    }
    ruled = [event for event in state.standing_events if isinstance(event.body, ConflictRuled)]
    answered = (
        replace(one, rulings=tuple(_rulings(one, ruled)), withdrawn=taken_back.get(one.seq))
        for one in asked
    )
    return tuple(one for one in answered if one.rulings or one.member not in state.departed)


def list_open_questions(state: RoundState) -> list[RelationshipQuestion]:
    """Return the ties on which nobody ruled yet."""
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


def _declared(state: RoundState, names: Mapping[str, str]) -> Iterator[RelationshipQuestion]:
    before: dict[str, list[str]] = {}
    for event in state.events:
        body = event.body
        if not isinstance(body, ConflictsDeclared):
            continue
        words = normalize_declaration(body.statement)
        said = before.setdefault(body.member, [])
        if adds_relationship(words, said):
            said.append(words)
            yield RelationshipQuestion(
                member=body.member,
                name=names.get(body.member, ""),
                origin="declared",
                text=words,
                seq=event.seq,
                suggested=tuple(_suggest(state, body.member, words)),
            )


def _recused(state: RoundState, names: Mapping[str, str]) -> Iterator[RelationshipQuestion]:
    last = {
        (event.body.member, event.body.case): (event.seq, event.body)
        for event in state.events
        if isinstance(event.body, MemberRecused)
    }
    for seq, body in last.values():
        case = state.case_by_id.get(body.case)
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


def _found(state: RoundState, names: Mapping[str, str]) -> Iterator[RelationshipQuestion]:
    """Yield one question a member and case: the surest tie first, its reasons joined."""
    by_pair: dict[tuple[str, str], list[int]] = {}
    ties = [tie for tie in state.detected_relationships if not tie.by_rule]
    for number, tie in enumerate(ties):
        by_pair.setdefault((tie.member, tie.case), []).append(number)
    barred = {(tie.member, tie.case) for tie in state.detected_relationships if tie.by_rule}
    for pair, numbers in by_pair.items():
        held = sorted((ties[number] for number in numbers), key=lambda tie: tie.strength == "ask")
        if pair in barred and held[0].strength == "ask":
            continue  # kept apart by rule already
        yield RelationshipQuestion(
            member=pair[0],
            name=names.get(pair[0], ""),
            origin="found",
            case=pair[1],
            text="；".join(tie.reason for tie in held),
            kind=held[0].kind,
            about=held[0].about,
            strength=held[0].strength,
        )


def _suggest(state: RoundState, member: str, words: str) -> Iterator[str]:
    """Yield the cases that a declaration seems to name: by number, name, unit or employer."""
    rows = state.readings[state.readings["member"] == member]
    numbers = dict(zip(rows["position"], rows["case"], strict=True))
    named = {numbers.get(int(number), "") for _, number in _NUMBERED.findall(words)}
    signs, pieces = (
        alnum_key(words),
        [piece for piece in _PIECE.split(words) if len(piece) > _LEAST],
    )
    for case in state.eligible_cases:
        if case.id in named or _names(case) & _found_in(signs, _names(case)):
            yield case.id
        elif _is_of_unit(state, case, signs) or _is_of_employer(case, pieces):
            yield case.id


def _names(case: Case) -> set[str]:
    nominee = case.nominee
    people = () if isinstance(nominee, Individual) else (nominee.leader_name, *nominee.expert_names)
    return {name for name in map(alnum_key, (case.name, *people)) if len(name) >= _LEAST}


def _found_in(text: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if name in text}


def _is_of_unit(state: RoundState, case: Case, text: str) -> bool:
    unit = state.round.unit_by_code.get(case.unit)
    names = (unit.name, *unit.aliases) if unit else ()
    return any(len(name) > _LEAST and name in text for name in map(alnum_key, names))


def _is_of_employer(case: Case, pieces: Sequence[str]) -> bool:
    nominee = case.nominee
    employer = nominee.employer if isinstance(nominee, Individual) else nominee.team_name
    return any(compare_employers(employer, piece) is not None for piece in pieces)
