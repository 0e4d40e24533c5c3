"""Frames of the list: shortlist, sensitivity, other weights, gates, and the ledger's events."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kjfp_helpers.core.errors import KjfpError, ParameterError
from kjfp_helpers.core.events.event_types import stored_kind
from kjfp_helpers.core.records import KIND_TITLES, LISTED
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.library.frames.frame_shaping import with_cases
from kjfp_helpers.library.frames.score_tables import problem_error, require_ranking
from kjfp_helpers.panel_review.scoring.scoring_rules import weighted_total
from kjfp_helpers.rules import METHOD_TITLES, Round
from kjfp_helpers.selection import Ranking, rank_cases
from kjfp_helpers.selection.sensitivity import ListSensitivity
from kjfp_helpers.selection.shortlist import build_shortlist
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.access import EVENT_PERMISSIONS
from kjfp_helpers.state.list_sensitivity import analyze_list
from kjfp_helpers.state.secretary.publication_gates import list_gates, open_questions

Row = dict[str, Any]


def tabulate_shortlist(state: RoundState) -> pd.DataFrame:
    """Return the list of both kinds, with the open questions of each case.

    Raises
    ------
    NotReadyError
        When there is no list of either kind, saying why.
    """
    table = require_list(state)
    questions = open_questions(state)
    asked = ["、".join(questions.get(case, ())) for case in table["case"]]
    return with_cases(state, table.assign(questions=asked))


def require_list(state: RoundState, kind: str = "") -> pd.DataFrame:
    """Return the rows of the list, of one kind or of both.

    Raises
    ------
    NotReadyError
        When there are none, saying why.
    """
    table = (
        state.decision.shortlist[state.decision.shortlist["kind"] == kind]
        if kind
        else state.decision.shortlist
    )
    if len(table):
        return table
    title = f"{KIND_TITLES[kind]}的入围名单" if kind else "入围名单"
    if not state.decision.problems:
        require_ranking(state, kind or "team", title)
    raise problem_error(state, title, kind)


def tabulate_sensitivity(state: RoundState, kind: str) -> pd.DataFrame:
    """Return the cases near the cut with what would move them.

    Raises
    ------
    NotReadyError
        When there is no list of this kind.
    """
    return with_cases(state, pd.DataFrame(_edges(state, kind)))


def _edges(state: RoundState, kind: str) -> Iterator[Row]:
    table = require_list(state, kind)
    analysis = analyze_list(state, kind)
    status = dict(zip(table["case"], table["status"], strict=True))
    titles: Mapping[str, str] = METHOD_TITLES
    for case, change in analysis.smallest_changes.items():
        inside = status[case] in LISTED
        yield {
            "case": case,
            "status": status[case],
            "member": change.member if change else "",
            "score": change.score if change else None,
            "new_score": change.new_score if change else None,
            "change": change.new_score - change.score if change else None,
            "by_method": "、".join(
                titles[method] for method in _movers(analysis, "methods", case, inside)
            ),
            "by_member": "、".join(_movers(analysis, "without_member", case, inside)),
        }


def _movers(analysis: ListSensitivity, what: str, case: str, inside: bool) -> Iterator[str]:
    """Yield the methods, or members left out, with which a case changes sides."""
    for name, allocation in getattr(analysis, what).items():
        if allocation is not None and (case in allocation.listed) != inside:
            yield name


def tabulate_reweighted(state: RoundState, kind: str, weights: Mapping[str, float]) -> pd.DataFrame:
    """Return the ranks with other weights of criteria beside the present ones.

    The criteria that are not named keep their proportions. Everything else stays: method, quorum,
    limits, decisions of the meeting.

    Raises
    ------
    NotReadyError
        When there is no ranking.
    ParameterError
        When a criterion is unknown, or the weights leave nothing to the others.
    """
    present = require_ranking(state, kind).table[["case", "rank"]]
    round = reweigh_round(state.round, kind, weights)
    ruling = round.notice.ruling
    ranking = rank_cases(
        _weigh_again(state, round, kind),
        seats=round.notice.commended.seats[kind],
        method=ruling.method.value,
        quorum=ruling.quorum.value,
        decimals=ruling.decimals.value,
    )
    new_status = _list_again(state, round, kind, ranking)
    table = state.decision.shortlist
    status = dict(zip(table["case"], table["status"], strict=True))
    new_ranks = ranking.table[["case", "rank"]].rename(columns={"rank": "new_rank"})
    frame = present.merge(new_ranks, on="case")
    frame["moved"] = frame["rank"] - frame["new_rank"]
    frame["status"] = [status.get(case, "") for case in frame["case"]]
    frame["new_status"] = [new_status.get(case, "") for case in frame["case"]]
    pairs = zip(frame["status"], frame["new_status"], strict=True)
    frame["changed"] = [
        bool(old and new) and (old in LISTED) != (new in LISTED) for old, new in pairs
    ]
    frame = frame.sort_values(["changed", "rank"], ascending=[False, True], kind="stable")
    return with_cases(state, frame)


def _list_again(state: RoundState, round: Round, kind: str, ranking: Ranking) -> Mapping[str, str]:
    """Return the status of each case on the list of another ranking, empty where there is none."""
    screening = state.screening
    commendations = {case: len(rows) for case, rows in screening.prior_awards.items()}
    try:
        table = build_shortlist(
            round,
            kind,
            screening.cases,
            ranking,
            state.standing_events,
            commendations=commendations,
        )
    except KjfpError:
        return {}
    return dict(zip(table["case"], table["status"], strict=True))


def reweigh_round(round: Round, kind: str, weights: Mapping[str, float]) -> Round:
    """Return the round with other weights of the criteria of a kind."""
    criteria = round.rubric.criteria(kind)
    ids = [criterion.id for criterion in criteria]
    for name, weight in weights.items():
        if name not in ids:
            raise ParameterError(
                "权重", expected="评分项的 id", found=f"“{name}”", advice=suggest(name, ids)
            )
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
            raise ParameterError(
                f"权重 {name}", expected="0 至 1 的数", found=f"“{weight}”", advice="改写权重"
            )
    rest = sum(criterion.weight for criterion in criteria if criterion.id not in weights)
    left = 1 - sum(weights.values())
    if left < -1e-9 or (left > 1e-9 and not rest) or (left < 1e-9 < rest and not weights):
        raise ParameterError(
            "权重", expected="各项之和为 1", found=f"{sum(weights.values()):g}", advice="改写权重"
        )
    changed = tuple(
        criterion.model_copy(
            update={"weight": weights.get(criterion.id, criterion.weight * left / (rest or 1))}
        )
        for criterion in criteria
    )
    return replace(round, rubric=round.rubric.model_copy(update={kind: changed}))


def _weigh_again(state: RoundState, round: Round, kind: str) -> pd.DataFrame:
    """Return ``member case total`` by the weights of a round, of the scores that are complete."""
    criteria, tables = round.rubric.criteria(kind), state.scores.tables
    eligible = [case.id for case in state.screening.eligible_cases if case.kind == kind]
    complete = tables.totals.loc[tables.totals["case"].isin(eligible), ["member", "case"]]
    scores: dict[tuple[str, str], dict[str, float]] = {}
    rows = tables.by_criterion.merge(complete, on=["member", "case"])
    names = ["member", "case", "criterion", "score"]
    for member, case, name, score in rows[names].itertuples(index=False, name=None):
        scores.setdefault((member, case), {})[name] = score
    totals = [(*pair, weighted_total(given, criteria)) for pair, given in scores.items()]
    return pd.DataFrame(totals, columns=["member", "case", "total"]).astype({"total": float})


def tabulate_gates(state: RoundState) -> Iterator[Row]:
    """Yield what must be done before the list may be published."""
    for gate in list_gates(state):
        yield {
            "gate": gate.key,
            "title": gate.title,
            "done": gate.done,
            "total": gate.total,
            "state": gate.state,
            "lacking": gate.lacking if gate.open else "",
            "advice": gate.advice,
        }


def tabulate_events(state: RoundState) -> Iterator[Row]:
    """Yield the entries of the ledger, without what they decide in detail."""
    in_force = {event.seq for event in state.standing_events}
    for event in state.events:
        body = event.body
        yield {
            "seq": event.seq,
            "at": event.at,
            "actor": event.actor,
            "kind": stored_kind(type(body)),
            "title": EVENT_PERMISSIONS[type(body)].title,
            **{
                name: value if isinstance(value := getattr(body, name, ""), str) else ""
                for name in ("member", "case", "unit", "reason")
            },
            "in_force": event.seq in in_force,
        }
