"""Rank cases by four methods, with the probability of getting a seat."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from kjfp_helpers.rules.rulings import RankingMethod
from kjfp_helpers.selection.ranking.case_values import (
    DECIMALS,
    MIN_TRIMMED,
    find_dropped,
    tabulate_values,
)
from kjfp_helpers.selection.ranking.rater_agreement import (
    NORMAL_95,
    Agreement,
    measure_agreement,
)
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix
from kjfp_helpers.selection.ranking.severity_model import SeverityModel, fit_severity_model
from kjfp_helpers.selection.ranking.top_k_probability import (
    find_chance_warnings,
    top_k_probabilities,
)
from kjfp_helpers.selection.ranking.unlinked_members import describe_others, find_main_group

FEW_SCORES = 10
"""Scores below which a member's rater effects are little more than a guess."""
FEW_TEXT = f"少于{FEW_SCORES}份，仅供参考"

COLUMNS = "case rank value low high p_in n mean trimmed standard adjusted group".split()
RATER_COLUMNS = "severity severity_low severity_high spread spread_low spread_high".split()
RATER_COLUMNS += "noise noise_low noise_high".split()


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The ranking of one kind of nominee.

    Attributes
    ----------
    table : DataFrame
        Best first: ``case``; ``rank`` from 1, tied cases share one, NaN below the quorum and
        between unconnected groups; ``value`` by the round's method; ``low high`` the 95% interval
        of ``adjusted``; ``p_in`` the probability (0-1) of a seat, limits left aside; ``n`` scores;
        ``mean trimmed standard adjusted`` in points;
        ``group`` the index in ``components``.
    members : DataFrame
        ``member n``; ``severity`` in points against this panel, positive for lenient; ``spread``,
        the discrimination (1 as the panel, 0 none); ``noise``, the standard deviation of one score
        around the value of its case, in points; each with its 95% interval ``*_low *_high``;
        ``few`` for fewer than ``FEW_SCORES`` scores.
    scores : DataFrame
        ``case member total``; ``dropped``, why the trimmed mean leaves it out, blank where it does
        not; ``residual`` after the rater effects, in points, and ``surprise``,
        the residual in standard deviations of the member.
    agreement : Agreement
    ties_at_cut : tuple of str
        Cases tied across the last seat (exactly, to nine decimals).
    components : tuple of tuple of str
        Groups of members connected by common cases; several groups cannot be compared.
    notes : tuple of str
        What a reader must know, in Chinese, ``problems`` among them.
    problems : tuple of str
        Why these scores allow no comparison or no probability (``low high p_in`` and the rater
        effects are then NaN), or fill too few seats.
    method : str
        The method that decides.
    decimals : int
        Decimal places of ``value``.
    set_aside : tuple of str
        Cases of small groups that no case links to the main one: they have no rank.
    """

    table: pd.DataFrame
    members: pd.DataFrame
    agreement: Agreement
    ties_at_cut: tuple[str, ...]
    components: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())
    problems: tuple[str, ...] = field(default=())
    scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    method: RankingMethod = "adjusted"
    decimals: int = DECIMALS
    set_aside: tuple[str, ...] = ()


def rank_cases(
    totals: pd.DataFrame,
    *,
    seats: int,
    method: RankingMethod,
    quorum: int,
    decimals: int = DECIMALS,
    seed: int = 0,
) -> Ranking:
    """Rank the cases of one kind by their scores; the order of the rows does not matter.

    Parameters
    ----------
    totals : DataFrame
        ``member``, ``case``, ``total`` (any scale); a missing total is no score.
    seats : int
        Places to fill (clause 二), at least 1.
    method : str
        Which value decides (ruling ``method``).
    quorum : int
        Fewest scores with which a case is ranked (ruling ``quorum``).
    decimals : int
        Decimal places of the value that decides, a half rounded up (ruling ``decimals``).
    seed : int
        Without effect: nothing is drawn.

    Raises
    ------
    SelectionError
        A member scored a case twice, or a score is no finite number.
    """
    matrix = ScoreMatrix.from_totals(totals)
    if not len(matrix.total):
        return _empty_ranking(method)
    if (main := find_main_group(matrix)) is not None:
        kept = totals[totals["member"].isin(matrix.components[main])]
        ranking = rank_cases(kept, seats=seats, method=method, quorum=quorum, decimals=decimals)
        return _with_others(ranking, matrix, main)
    fit = fit_severity_model(matrix.case, matrix.member, matrix.total)
    table = tabulate_values(matrix, fit.value, method=method, quorum=quorum, decimals=decimals)
    counted = (table["n"] >= quorum).to_numpy() & table["value"].notna().to_numpy()
    problems = _find_comparison_problems(matrix)
    decisive = table["value"].where(table["rank"].notna())
    table["low"] = fit.value - NORMAL_95 * fit.value_sd
    table["high"] = fit.value + NORMAL_95 * fit.value_sd
    table["p_in"] = np.nan
    table.loc[counted, "p_in"] = top_k_probabilities(
        fit.value[counted], fit.comparison_sd[counted], seats
    )
    members = _tabulate_members(matrix, fit)
    if problems:
        table[["low", "high", "p_in"]] = np.nan
        members[RATER_COLUMNS] = np.nan
    known = not problems
    if counted.sum() < seats:
        problems += (f"可排名次的只有 {counted.sum()} 件，少于名额 {seats}。",)
    best = ["group", "value", "case"] if len(matrix.components) > 1 else ["rank", "case"]
    order = table.sort_values(best, ascending=[name != "value" for name in best], ignore_index=True)
    return Ranking(
        table=order[COLUMNS],
        members=members,
        scores=_tabulate_scores(matrix, fit),
        agreement=measure_agreement(matrix, known=known),
        ties_at_cut=_ties_at_cut(decisive.set_axis(matrix.cases), seats),
        components=matrix.components,
        notes=(
            *_notes(table["n"], method, quorum),
            *([] if problems else find_chance_warnings(matrix.total, fit.value)),
            *problems,
        ),
        problems=problems,
        method=method,
        decimals=decimals,
    )


def read_ranking(values: Mapping[str, Any]) -> Ranking:
    """Return a ranking of its own values: columns as lists, the rest as JSON holds it."""
    made: dict[str, Any] = {
        name: tuple(values[name]) for name in ("ties_at_cut", "notes", "problems", "set_aside")
    }
    made |= {name: pd.DataFrame(values[name]) for name in ("table", "members", "scores")}
    made["components"] = tuple(map(tuple, values["components"]))
    made |= {name: values[name] for name in ("method", "decimals")}
    return Ranking(**made, agreement=Agreement(**values["agreement"]))


def _empty_ranking(method: RankingMethod) -> Ranking:
    table = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
    members = pd.DataFrame(
        {name: pd.Series(dtype=float) for name in ["member", "n", *RATER_COLUMNS]}
    )
    return Ranking(
        table=table.astype({"case": str, "n": int, "group": int}),
        members=members.astype({"member": str, "n": int}).assign(few=False),
        agreement=Agreement(icc=np.nan, reliability=np.nan, sentence="尚无评分。"),
        ties_at_cut=(),
        notes=("尚无评分。",),
        problems=("尚无评分。",),
        method=method,
    )


def _ties_at_cut(values: pd.Series, places: int) -> tuple[str, ...]:
    ranked = values.dropna().sort_values(ascending=False)
    if len(ranked) <= places or ranked.iloc[places - 1] != ranked.iloc[places]:
        return ()
    return tuple(sorted(ranked.index[ranked == ranked.iloc[places]]))


def _tabulate_members(matrix: ScoreMatrix, fit: SeverityModel) -> pd.DataFrame:
    count, factor = np.bincount(matrix.member), np.exp(NORMAL_95 * fit.log_noise_sd)
    by_severity, by_spread = NORMAL_95 * fit.severity_sd, NORMAL_95 * fit.spread_sd
    return pd.DataFrame(
        {
            "member": matrix.members,
            "n": count,
            "severity": fit.severity,
            "severity_low": fit.severity - by_severity,
            "severity_high": fit.severity + by_severity,
            "spread": fit.spread,
            "spread_low": np.maximum(fit.spread - by_spread, 0),
            "spread_high": fit.spread + by_spread,
            "noise": fit.noise,
            "noise_low": fit.noise / factor,
            "noise_high": fit.noise * factor,
            "few": count < FEW_SCORES,
        }
    ).astype({"member": str})


def _tabulate_scores(matrix: ScoreMatrix, fit: SeverityModel) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": matrix.cases[matrix.case],
            "member": matrix.members[matrix.member],
            "total": matrix.total,
            "dropped": find_dropped(matrix),
            "residual": fit.residual,
            "surprise": fit.residual / fit.noise[matrix.member],
        }
    )


def _with_others(ranking: Ranking, matrix: ScoreMatrix, main: int) -> Ranking:
    """Return the ranking of the main group with the cases of the others, which have no rank."""
    cases, members, note = describe_others(matrix, main)
    table = pd.concat(
        [ranking.table.assign(group=main), cases.reindex(columns=COLUMNS)], ignore_index=True
    )
    readers = members.assign(few=members["n"] < FEW_SCORES)
    everybody = pd.concat(
        [ranking.members, readers.reindex(columns=ranking.members.columns)], ignore_index=True
    )
    return replace(
        ranking,
        table=table.astype({"case": str, "n": int, "group": int}),
        members=everybody.astype({"member": str, "n": int, "few": bool}).sort_values(
            "member", ignore_index=True
        ),
        components=matrix.components,
        notes=(*ranking.notes, note),
        set_aside=tuple(cases["case"]),
    )


def _find_comparison_problems(matrix: ScoreMatrix) -> tuple[str, ...]:
    """Say why these scores bear no comparison."""
    if len(matrix.components) > 1:
        named = "；".join("、".join(group) for group in matrix.components)
        return (f"评委分成互不相连的 {len(matrix.components)} 组（{named}），组间得分不可比较。",)
    if np.ptp(matrix.total) == 0:
        return ("全部评分相同，分不出高下，不给出区间和入围概率。",)
    if len(matrix.members) == 1:
        return ("只有一位评委，无从知道评分的出入，不给出区间和入围概率。",)
    return ()


def _notes(counts: pd.Series, method: RankingMethod, quorum: int) -> tuple[str, ...]:
    notes = []
    few, short = int((counts < MIN_TRIMMED).sum()), int((counts < quorum).sum())
    if method == "trimmed" and few:
        notes.append(f"{few} 件不足 {MIN_TRIMMED} 份评分，无从去掉最高最低，不排名次。")
    if short:
        notes.append(f"{short} 件评分不足 {quorum} 份，不排名次。")
    return tuple(notes)
