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
    """Return every reason why a member may not read a case.

    Home province (cases of provincial offices only), an employer that is the recommending
    unit, an employer that is the nominee's, a relationship of the panel's table, a nominee with the
    member's name: the certain ones of ``detect_relationships``.

    Returns
    -------
    DataFrame
        ``member``, ``case``, ``reason`` (Chinese); one row per reason, in panel and case order.
    """
    return select_certain_conflicts(detect_relationships(round, cases))


def select_certain_conflicts(relationships: Iterable[DetectedRelationship]) -> pd.DataFrame:
    """Return the relationships that bar without a ruling: ``member case reason``."""
    rows = [
        (relationship.member, relationship.case, relationship.reason)
        for relationship in relationships
        if relationship.strength == "certain"
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def settle_conflicts(
    found: pd.DataFrame, events: Iterable[Event], cases: Iterable[Case]
) -> pd.DataFrame:
    """Return the conflicts in force: detected, recused or ruled, and not lifted by a ruling.

    The last event on a member and a case decides: a member may still recuse after a ruling that
    there is no conflict. A ruling without a decision changes nothing. A recusal withdrawn by its
    member bars no longer, unless it was granted before.

    Parameters
    ----------
    found : DataFrame
        As :func:`find_conflicts` returns it.
    events : iterable of Event
    cases : iterable of Case
        Cases under review; rulings on any other case are ignored.

    Returns
    -------
    DataFrame
        ``member case reason``, sorted; one row per reason.
    """
    reasons_by_pair: dict[MemberCase, dict[int, list[str]]] = {}
    for member, case, reason in found.itertuples(index=False, name=None):
        reasons_by_pair.setdefault((member, case), {}).setdefault(0, []).append(reason)
    known = {case.id for case in cases}
    for seq, pair, body in _recusal_events(events):
        if isinstance(body, MemberRecused):
            reasons_by_pair.setdefault(pair, {})[seq] = [f"评委申请回避：{body.reason}"]
        elif isinstance(body, DeclarationWithdrawn):
            reasons_by_pair.get(pair, {}).pop(body.declared, None)
        elif body.bars:
            reasons_by_pair.setdefault(pair, {})[seq] = [f"裁定回避：{body.reason}"]
        elif body.bars is not None:
            reasons_by_pair.pop(pair, None)
    rows = [
        (*pair, reason)
        for pair in sorted(reasons_by_pair)
        if pair[1] in known
        for reasons in reasons_by_pair[pair].values()
        for reason in reasons
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def fold_recusals(events: Iterable[Event]) -> dict[MemberCase, str]:
    """Return the recusals in force with their reasons, without those withdrawn or overruled."""
    reasons: dict[MemberCase, tuple[int, str]] = {}
    for seq, pair, body in _recusal_events(events):
        if isinstance(body, MemberRecused):
            reasons[pair] = seq, body.reason
        elif isinstance(body, DeclarationWithdrawn):
            if reasons.get(pair, (0, ""))[0] == body.declared:
                del reasons[pair]
        elif body.bars is False:
            reasons.pop(pair, None)
    return {pair: reason for pair, (_, reason) in reasons.items()}


def _recusal_events(
    events: Iterable[Event],
) -> Iterator[tuple[int, MemberCase, MemberRecused | ConflictRuled | DeclarationWithdrawn]]:
    """Yield recusals, rulings and withdrawn recusals, each with its number and member and case."""
    recusals: dict[int, MemberCase] = {}
    for event in events:
        body = event.body
        if isinstance(body, MemberRecused | ConflictRuled):
            if isinstance(body, MemberRecused):
                recusals[event.seq] = body.member, body.case
            yield event.seq, (body.member, body.case), body
        elif isinstance(body, DeclarationWithdrawn) and body.declared in recusals:
            yield event.seq, recusals[body.declared], body
