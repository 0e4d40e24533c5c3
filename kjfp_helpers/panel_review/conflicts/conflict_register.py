"""Conflict register: which member may not read which case (回避), and why."""

from collections.abc import Iterable, Iterator

import pandas as pd

from kjfp_helpers.core.events import ConflictRuled, DeclarationWithdrawn, Event, MemberRecused
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.conflicts.relationship_detection import (
    DetectedRelationship,
    detect_relationships,
)
from kjfp_helpers.rules import Round

COLUMNS = ("member", "case", "reason")
MemberCase = tuple[str, str]
"""Member and case."""


def find_conflicts(round: Round, cases: Iterable[Case]) -> pd.DataFrame:
    """Return every reason for which a member may not read a case.

    Home province (cases of provincial offices only), an employer that is the recommending
    unit, an employer that is the nominee's, a tie of the panel's table, a nominee of the member's
    name: the certain ones of ``detect_relationships``.

    Returns
    -------
    DataFrame
        ``member``, ``case``, ``reason`` (Chinese); one row per reason, in panel and case order.
    """
    return select_certain_conflicts(detect_relationships(round, cases))


def select_certain_conflicts(ties: Iterable[DetectedRelationship]) -> pd.DataFrame:
    """Return the ties that bar by themselves: ``member case reason``."""
    rows = [(tie.member, tie.case, tie.reason) for tie in ties if tie.strength == "certain"]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def settle_conflicts(
    found: pd.DataFrame, events: Iterable[Event], cases: Iterable[Case]
) -> pd.DataFrame:
    """Return what bars a member from a case: found by rule, declared or ruled, not ruled away.

    The last word on a member and a case holds: a member may still step back from a case of which
    it was ruled that they need not. What is only disputed stays as it was. A recusal that its
    member took back bars no more, unless it was granted before.

    Parameters
    ----------
    found : DataFrame
        As :func:`find_conflicts` returns it.
    events : iterable of Event
    cases : iterable of Case
        Those that are read; a ruling on any other bars nothing.

    Returns
    -------
    DataFrame
        ``member case reason``, sorted; one row per reason.
    """
    words: dict[MemberCase, dict[int, list[str]]] = {}
    for member, case, reason in found.itertuples(index=False, name=None):
        words.setdefault((member, case), {}).setdefault(0, []).append(reason)
    known = {case.id for case in cases}
    for seq, pair, body in _said(events):
        if isinstance(body, MemberRecused):
            words.setdefault(pair, {})[seq] = [f"评委申请回避：{body.reason}"]
        elif isinstance(body, DeclarationWithdrawn):
            words.get(pair, {}).pop(body.declared, None)
        elif body.bars:
            words.setdefault(pair, {})[seq] = [f"裁定回避：{body.reason}"]
        elif body.bars is not None:
            words.pop(pair, None)
    rows = [
        (*pair, reason)
        for pair in sorted(words)
        if pair[1] in known
        for reasons in words[pair].values()
        for reason in reasons
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def fold_recusals(events: Iterable[Event]) -> dict[MemberCase, str]:
    """Return why members stepped back from cases, without what was taken back or ruled away."""
    reasons: dict[MemberCase, tuple[int, str]] = {}
    for seq, pair, body in _said(events):
        if isinstance(body, MemberRecused):
            reasons[pair] = seq, body.reason
        elif isinstance(body, DeclarationWithdrawn):
            if reasons.get(pair, (0, ""))[0] == body.declared:
                del reasons[pair]
        elif body.bars is False:
            reasons.pop(pair, None)
    return {pair: reason for pair, (_, reason) in reasons.items()}


def _said(
    events: Iterable[Event],
) -> Iterator[tuple[int, MemberCase, MemberRecused | ConflictRuled | DeclarationWithdrawn]]:
    """Yield recusals, rulings, and recusals taken back, each with its number and its pair."""
    stepped: dict[int, MemberCase] = {}
    for event in events:
        body = event.body
        if isinstance(body, MemberRecused | ConflictRuled):
            if isinstance(body, MemberRecused):
                stepped[event.seq] = body.member, body.case
            yield event.seq, (body.member, body.case), body
        elif isinstance(body, DeclarationWithdrawn) and body.declared in stepped:
            yield event.seq, stepped[body.declared], body
