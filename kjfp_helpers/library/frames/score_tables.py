"""Frames of the panel: members, conflicts, readings, scores, rankings, rater effects."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.library.frames.frame_shaping import with_cases
from kjfp_helpers.panel_review import detect_anomalies
from kjfp_helpers.panel_review.scoring.scoring_anomalies import PAUSE_SECONDS, time_readings
from kjfp_helpers.reports.formatting import member_labels
from kjfp_helpers.selection import Ranking
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.panel.member_progress import tabulate_progress


def tabulate_members(state: RoundState) -> pd.DataFrame:
    """Return the panel with progress, pace and alerts."""
    columns = ["member", "name", "employer", "region", "field"]
    rows = [[getattr(row, column) for column in columns] for row in state.round.panel]
    panel = pd.DataFrame(rows, columns=columns)
    counts = ["assigned", "done", "owing", "recused"]
    progress = tabulate_progress(state)[["member", *counts, "rate"]]
    alerts = detect_anomalies(
        state.events, state.scores.tables, state.screening.case_by_id, state.round.rubric
    )
    table = panel.merge(progress, how="left", on="member").merge(
        alerts[["member", "seconds", "alerts"]], how="left", on="member"
    )
    table[counts] = table[counts].fillna(0)
    return table.assign(left=table["member"].isin(list(state.scores.departed)))


def tabulate_conflicts(state: RoundState) -> pd.DataFrame:
    """Return which member may not read which case, and why."""
    return with_cases(state, state.scores.conflicts)


def tabulate_readings(state: RoundState) -> pd.DataFrame:
    """Return who reads what, whether it is scored, and how long it took."""
    table = state.scores.readings
    done = state.scores.tables.scored_mask(table)
    spans = time_readings(state.events, state.screening.case_by_id, state.round.rubric)
    pairs = zip(table["member"], table["case"], strict=True)
    took = pd.Series([spans.get(m, {}).get(c) for m, c in pairs], index=table.index, dtype=float)
    took = took.where(took < PAUSE_SECONDS)
    return with_cases(state, table.assign(done=done, seconds=took))


def tabulate_scores(state: RoundState) -> pd.DataFrame:
    """Return the total of every score that counts, with its deviation once there is a ranking."""
    fitted = [one.scores for one in state.scores.rankings.values() if len(one.scores)]
    columns = ["member", "case", "residual", "surprise"]
    table = state.scores.tables.totals.drop(columns="kind")
    if not fitted:
        return with_cases(state, table.assign(residual=float("nan"), surprise=float("nan")))
    deviations = pd.concat(fitted, ignore_index=True)[columns]
    return with_cases(state, table.merge(deviations, how="left", on=["member", "case"]))


def tabulate_criterion_scores(state: RoundState) -> Iterator[dict[str, Any]]:
    """Yield the score of every criterion."""
    rubric = state.round.rubric
    criteria = {kind: {one.id: one for one in rubric.criteria(kind)} for kind in KINDS}
    table = state.scores.tables.by_criterion[["member", "case", "criterion", "score"]]
    for member, case, name, score in table.itertuples(index=False, name=None):
        kind = state.screening.case_by_id[case].kind
        criterion = criteria[kind][name]
        yield {
            "member": member,
            "case": case,
            "kind": kind,
            "criterion": name,
            "criterion_title": criterion.title,
            "weight": criterion.weight,
            "score": score,
        }


KINDS = ("team", "individual")


def require_ranking(state: RoundState, kind: str, title: str = "") -> Ranking:
    """Return the ranking of a kind.

    Raises
    ------
    NotReadyError
        Saying why there is none yet, and so nothing of the ``title``.
    """
    if kind in state.scores.rankings:
        return state.scores.rankings[kind]
    title, name = title or f"{KIND_TITLES[kind]}的名次", state.round.name
    if error := state.scores.unranked.get(kind):
        raise NotReadyError(title, expected=error.expected, found=error.found, advice=error.advice)
    if state.scores.readings.empty:
        raise NotReadyError(
            title,
            found="还没有分派评阅，没有评分",
            advice=f"运行 kjfp assign {name} 分派，待评委评分后再看",
        )
    raise NotReadyError(title, found="还没有一份评完的评分", advice="待评委评分后再看")


def problem_error(state: RoundState, title: str, kind: str = "") -> NotReadyError:
    """Return why a ranking or a list of a kind, or of both, cannot be made."""
    parts = [line.rstrip("。").rpartition("。请") for line in state.decision.problems]
    told = [
        (found, advice) for found, _, advice in parts if found.startswith(KIND_TITLES.get(kind, ""))
    ]
    return NotReadyError(
        title,
        found="；".join(found.replace("：入围名单：", "") for found, _ in told),
        advice="；".join(dict.fromkeys(advice for _, advice in told)),
    )


def tabulate_ranking(state: RoundState, kind: str) -> pd.DataFrame:
    """Return the ranked cases of a kind, best first."""
    return with_cases(state, require_ranking(state, kind).table)


def tabulate_rater_effects(state: RoundState, kind: str) -> pd.DataFrame:
    """Return every member's severity, discrimination and noise on the cases of a kind."""
    table = require_ranking(state, kind).members
    return table.assign(label=table["member"].map(member_labels(state.round)))
