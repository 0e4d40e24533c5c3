"""Four ways from marks to an order, beside each other, with the chance of a place."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.rules.notice import Method
from kjfp_helpers.selection.adjusted import Adjusted, adjust

DECIMALS = 9
"""Values that agree to so many decimals are tied."""

DRAWS = 2000
"""Draws behind the chance of a place; its own error is at most 0.011."""

LEAST_TO_TRIM = 4
"""With fewer marks nothing is dropped: of three only the median would be left."""

NORMAL_95 = 1.959964

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far members agree.

    ``icc`` is the share of the variance of one mark that is the cases' (0-1), ``reliability``
    that of a case's corrected value at the usual number of marks; both may be NaN.
    """

    icc: float
    reliability: float
    sentence: str

    def __str__(self) -> str:
        """Return the Chinese sentence."""
        return self.sentence


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The order of one kind of nominee.

    Attributes
    ----------
    table : DataFrame
        ``case``; ``rank`` from 1, tied cases share one, NaN below the quorum; ``value`` by
        the round's method; ``low high`` the 95% interval of ``adjusted``; ``p_in`` the chance (0-1)
        of being among the first places, caps left aside; ``n`` marks; ``mean trimmed
        adjusted`` in marks; ``standard`` in standard deviations of a member. Best first.
    members : DataFrame
        ``member n``; ``severity`` in marks against this panel, positive gives more, with its
        95% interval ``severity_low severity_high``; ``spread`` of the member's residuals
        as a ratio to all members' (1 is usual).
    agreement : Agreement
    ties_at_cut : tuple of str
        Cases tied across the last place (exactly, to nine decimals).
    components : tuple of tuple of str
        Groups of members that no common case links; more than one cannot be compared.
    notes : tuple of str
        What a reader must know, in Chinese.
    method : str
    """

    table: pd.DataFrame
    members: pd.DataFrame
    agreement: Agreement
    ties_at_cut: tuple[str, ...]
    components: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())
    method: Method = "adjusted"


def rank(
    totals: pd.DataFrame, *, places: int, method: Method, quorum: int, seed: int = 0
) -> Ranking:
    """Rank the cases of one kind by their marks; the order of the rows does not matter.

    Parameters
    ----------
    totals : DataFrame
        ``member``, ``case``, ``total`` (rubric scale); a missing total is no mark.
    places : int
        Places to fill (clause 二).
    method : str
        Which value decides (ruling ``method``).
    quorum : int
        Fewest marks with which a case is ranked (ruling ``quorum``).
    seed : int
        Of the draws behind ``p_in``.
    """
    marks = totals[["member", "case", "total"]].dropna(subset=["total"])
    marks = marks.sort_values(["case", "member"], kind="stable", ignore_index=True)
    if marks.empty:
        return _nothing(method)
    cases = pd.Categorical(marks["case"])
    members = pd.Categorical(marks["member"])
    total = marks["total"].to_numpy(dtype=float)
    fit = adjust(cases.codes.astype(np.intp), members.codes.astype(np.intp), total)
    table = _plain_values(marks, total, members.codes)
    table["adjusted"] = fit.value
    table["value"] = table[method]
    table["low"] = fit.value - NORMAL_95 * fit.value_sd
    table["high"] = fit.value + NORMAL_95 * fit.value_sd
    counted = (table["n"] >= quorum).to_numpy() & table["value"].notna().to_numpy()
    rounded = table["value"].round(DECIMALS).where(counted)
    table["rank"] = rounded.rank(ascending=False, method="min")
    table["p_in"] = np.nan
    table.loc[counted, "p_in"] = _chance(fit.draws(DRAWS, seed)[:, counted], places)
    groups = _components(marks["case"], members)
    order = table.reset_index(names="case").sort_values(["rank", "case"], ignore_index=True)
    columns = "case rank value low high p_in n mean trimmed standard adjusted".split()
    return Ranking(
        table=order[columns],
        members=_members(members, fit),
        agreement=_agreement(fit, float(table["n"].mean())),
        ties_at_cut=_ties_at_cut(rounded, places),
        components=groups,
        notes=_notes(table["n"], groups, method, quorum),
        method=method,
    )


def _nothing(method: Method) -> Ranking:
    columns = "case rank value low high p_in n mean trimmed standard adjusted".split()
    table = pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
    people = "member n severity spread severity_low severity_high".split()
    members = pd.DataFrame({name: pd.Series(dtype=float) for name in people})
    return Ranking(
        table=table.astype({"case": str, "n": int}),
        members=members.astype({"member": str, "n": int}),
        agreement=Agreement(icc=np.nan, reliability=np.nan, sentence="尚无评分。"),
        ties_at_cut=(),
        notes=("尚无评分。",),
        method=method,
    )


def _plain_values(
    marks: pd.DataFrame, total: Floats, member: npt.NDArray[np.integer]
) -> pd.DataFrame:
    """Return count, mean, trimmed mean and mean standard score by case."""
    load = np.bincount(member)
    centre = np.bincount(member, total) / load
    away = total - centre[member]
    spread = np.sqrt(np.bincount(member, away**2) / np.maximum(load - 1, 1))[member]
    # Equal marks throughout are no deviation (0); a single mark has no standard score.
    standard = np.where(spread > 0, away / np.where(spread > 0, spread, 1), 0.0)
    standard = np.where(load[member] > 1, standard, np.nan)
    grouped = marks.assign(standard=standard).groupby("case", sort=True)
    table = grouped.agg(
        n=("total", "size"), mean=("total", "mean"), low=("total", "min"),
        high=("total", "max"), sum=("total", "sum"), standard=("standard", "mean"),
    )  # fmt: skip
    kept = (table["sum"] - table["low"] - table["high"]) / (table["n"] - 2).clip(lower=1)
    table["trimmed"] = kept.where(table["n"] >= LEAST_TO_TRIM, table["mean"])
    return table[["n", "mean", "trimmed", "standard"]]


def _chance(draws: Floats, places: int) -> Floats:
    """Return how often each column is among the highest; equal values share what is left."""
    cases = draws.shape[1]
    if cases <= places:
        return np.ones(cases)
    cut = np.partition(draws, cases - places, axis=1)[:, [cases - places]]
    above, level = draws > cut, draws == cut
    left = places - above.sum(axis=1, keepdims=True)
    chance: Floats = (above + level * left / level.sum(axis=1, keepdims=True)).mean(axis=0)
    return chance


def _ties_at_cut(values: pd.Series, places: int) -> tuple[str, ...]:
    ranked = values.dropna().sort_values(ascending=False)
    if len(ranked) <= places or ranked.iloc[places - 1] != ranked.iloc[places]:
        return ()
    return tuple(sorted(ranked.index[ranked == ranked.iloc[places]]))


def _components(case: pd.Series, members: pd.Categorical) -> tuple[tuple[str, ...], ...]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    cases = pd.Categorical(case)
    size = len(members.categories) + len(cases.categories)
    pairs = (members.codes.astype(int), len(members.categories) + cases.codes.astype(int))
    links = coo_matrix((np.ones(len(case)), pairs), shape=(size, size))
    _, label = connected_components(links, directed=False)
    label = label[: len(members.categories)]
    names = np.asarray(members.categories)
    return tuple(sorted(tuple(names[label == one].tolist()) for one in set(label.tolist())))


def _members(members: pd.Categorical, fit: Adjusted) -> pd.DataFrame:
    count = np.bincount(members.codes)
    overall = np.sqrt(np.mean(fit.residual**2))
    own = np.sqrt(np.bincount(members.codes, fit.residual**2) / count)
    return pd.DataFrame(
        {
            "member": np.asarray(members.categories, dtype=object),
            "n": count,
            "severity": fit.severity,
            "spread": own / overall if overall > 1e-9 else np.nan,
            "severity_low": fit.severity - NORMAL_95 * fit.severity_sd,
            "severity_high": fit.severity + NORMAL_95 * fit.severity_sd,
        }
    ).astype({"member": str})


def _agreement(fit: Adjusted, marks_each: float) -> Agreement:
    whole = fit.case + fit.member + fit.noise
    if whole < 1e-9 or marks_each <= 1:
        sentence = "评分没有差异或每件仅一份，无法判断评委之间的一致程度。"
        return Agreement(icc=np.nan, reliability=np.nan, sentence=sentence)
    icc = fit.case / whole
    reliability = fit.case / (fit.case + fit.noise / marks_each)
    sentence = (
        f"一份评分的差异中，约 {icc:.0%} 来自个案本身的高下，"
        f"{fit.member / whole:.0%} 来自评委宽严，其余 {fit.noise / whole:.0%} 是评委看法的出入；"
        f"每件平均 {marks_each:.1f} 份评分，"
        f"扣除宽严后得分的可靠程度约 {reliability:.2f}（1 为完全可靠）。"
    )
    return Agreement(icc=icc, reliability=reliability, sentence=sentence)


def _notes(
    counts: pd.Series, groups: tuple[tuple[str, ...], ...], method: Method, quorum: int
) -> tuple[str, ...]:
    notes = []
    few, short = int((counts < LEAST_TO_TRIM).sum()), int((counts < quorum).sum())
    if method == "trimmed" and few:
        notes.append(f"{few} 件不足 {LEAST_TO_TRIM} 份评分，不去最高最低，按平均分计。")
    if short:
        notes.append(f"{short} 件评分不足 {quorum} 份，不排名次。")
    if len(groups) > 1:
        named = "；".join("、".join(group) for group in groups)
        notes.append(f"评委分成互不相连的 {len(groups)} 组（{named}），组间得分不可比较。")
    return tuple(notes)
