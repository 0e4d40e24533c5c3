"""Explanations of each rank: rules, members, methods and scores it depends on."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS, STATUS_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.selection.meeting_ballots import STATE_TITLES
from kjfp_helpers.selection.point_papers import purpose_title
from kjfp_helpers.selection.sensitivity import ListSensitivity, SmallestChange
from kjfp_helpers.state.frozen_rules import freeze_state

if TYPE_CHECKING:
    from kjfp_helpers.selection.allocation.seat_allocation import Allocation
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]
Analyses = Mapping[str, ListSensitivity]
SHOWN = (*LISTED, "reserve", "rejected", "vetoed")
UNPROVED = "未能在限定的计算量内算出名单"


def explain_ranks(state: "RoundState", analyses: Analyses) -> list[Row]:
    """Return a row for every name on the list, in reserve, near the edge, or kept out by a rule.

    ``kind case name unit_name result place rank value p_in``; ``rules members methods flip`` are
    sentences.
    """
    labels, rows = formatting.member_labels(state.round), []
    for kind, analysis in analyses.items():
        kept_out = {case for shift in analysis.rule_effects for case in shift.kept_out}
        for row in overall_data.build_ranking_rows(state, kind):
            case, inside = row["case"], row["status"] == "listed"
            if row["status"] in SHOWN or case in kept_out or case in analysis.smallest_changes:
                rows.append(
                    row
                    | {
                        "result": STATUS_TITLES[row["status"]],
                        "rules": _explain_rules(state, analysis, case),
                        "members": _explain_members(analysis, case, inside, labels),
                        "methods": _explain_methods(state, analysis, case),
                        "flip": _explain_smallest_change(analysis, case, inside, labels),
                    }
                )
    return rows


def _explain_rules(state: "RoundState", analysis: ListSensitivity, case: str) -> str:
    """Say by which rule a name gave way to whom, or whom it displaced."""
    effects = []
    for shift in analysis.rule_effects:
        for this, other, verb in (
            (shift.kept_out, shift.listed_instead, "让位于"),
            (shift.listed_instead, shift.kept_out, "取代"),
        ):
            if case in this:
                at = this.index(case)
                counterpart = _case_label(state, other[at]) if at < len(other) else "无人"
                effects.append(f"因“{formatting.format_limit(shift.rule)}”{verb}{counterpart}")
    effects += [
        f"没有“{rule}”时{_explain_missing_list(analysis, 'rule', rule)}"
        for rule, places in analysis.without_rule.items()
        if places is None
    ]
    return "；".join(effects) or "各项规则均不改变其去留"


def describe_unproved(analyses: Analyses) -> str:
    """Say how many questions have no answer, ``""`` where all have one."""
    number = sum(len(analysis.unproved) for analysis in analyses.values())
    return (
        f"有{number}项推算{UNPROVED}，表中逐项注明；名单本身已经证明，不受影响。" if number else ""
    )


def _explain_missing_list(analysis: ListSensitivity, sort: str, key: str) -> str:
    """Say why there is no list that answers a question."""
    return UNPROVED if (sort, key) in analysis.unproved else "无法产生名单"


def _explain_members(
    analysis: ListSensitivity, case: str, inside: bool, labels: Mapping[str, str]
) -> str:
    turned, level = [], []
    none: dict[str, list[str]] = {}
    for member, places in analysis.without_member.items():
        if places is None:
            none.setdefault(_explain_missing_list(analysis, "member", member), []).append(
                labels[member]
            )
        elif case in places.tied:
            level.append(labels[member])
        elif (case in places.listed) != inside:
            turned.append(labels[member])
    what = "落选" if inside else "入围"
    anybody = "其余任何一人" if none or level else "任何一人"
    answered = len(analysis.without_member) > len(level) + sum(map(len, none.values()))
    parts = []
    if turned:
        parts.append(f"去掉{'、'.join(turned)}任一人的评分则{what}")
    elif answered:
        parts.append(f"去掉{anybody}的评分仍{'入围' if inside else '不入围'}")
    if level:
        parts.append(f"去掉{'、'.join(level)}则并列待定")
    parts += [f"去掉{'、'.join(names)}则{why}" for why, names in none.items()]
    return "；".join(parts)


def _explain_methods(state: "RoundState", analysis: ListSensitivity, case: str) -> str:
    if not rules_are_frozen(state):
        return "规则尚未冻结，不作比较"
    inside, outside = _by_method(analysis, case)
    none: dict[str, list[str]] = {}
    for method, places in analysis.methods.items():
        if places is None:
            none.setdefault(_explain_missing_list(analysis, "method", method), []).append(
                METHOD_TITLES[method]
            )
    parts = []
    if inside and outside:
        parts.append(f"随方法而变：{'、'.join(inside)}入围；{'、'.join(outside)}不入围")
    elif inside or outside:
        parts.append(f"{'其余' if none else '各'}方法结果相同")
    parts += [f"按{'、'.join(titles)}{why}" for why, titles in none.items()]
    return "；".join(parts)


def _by_method(analysis: ListSensitivity, case: str) -> tuple[list[str], list[str]]:
    """Return the titles of the methods that list a case, and of those that do not."""
    inside: list[str] = []
    outside: list[str] = []
    for method, places in analysis.methods.items():
        if places is None:
            continue
        if case in places.listed:
            inside.append(METHOD_TITLES[method])
        else:
            outside.append(METHOD_TITLES[method])
    return inside, outside


def _explain_smallest_change(
    analysis: ListSensitivity, case: str, inside: bool, labels: Mapping[str, str]
) -> str:
    if case not in analysis.smallest_changes:
        return "离名额线较远，未核算"
    if ("flip", case) in analysis.unproved:
        return UNPROVED
    flip = analysis.smallest_changes[case]
    if flip is None:
        return "任何一份评分单独改动都不足以改变"
    return f"{_describe_change(flip, labels)}即{'落选' if inside else '入围'}"


def _describe_change(flip: SmallestChange, labels: Mapping[str, str]) -> str:
    by = flip.new_score - flip.score
    way = "提高" if by > 0 else "降低"
    change = f"由 {flip.score:.1f} {way} {abs(by):.1f} 分至 {flip.new_score:.1f}"
    return f"{labels[flip.member]}的评分{change}"


def build_rule_effect_rows(state: "RoundState", analyses: Analyses) -> Iterator[Row]:
    """Yield ``kind rule out out_rank instead instead_rank cost`` for each pair a rule moved."""
    for kind, analysis in analyses.items():
        ranks = {row["case"]: row["rank"] for row in overall_data.build_ranking_rows(state, kind)}
        values = {row["case"]: row["value"] for row in overall_data.build_ranking_rows(state, kind)}
        for shift in analysis.rule_effects:
            pairs = max(len(shift.kept_out), len(shift.listed_instead), 1)
            for at in range(pairs):
                out = shift.kept_out[at] if at < len(shift.kept_out) else None
                instead = shift.listed_instead[at] if at < len(shift.listed_instead) else None
                both = out is not None and instead is not None
                yield {
                    "kind": KIND_TITLES[kind],
                    "rule": formatting.format_limit(shift.rule),
                    "out": _case_label(state, out)
                    if out
                    else "未改变名单"
                    if not instead
                    else None,
                    "out_rank": ranks.get(out),
                    "instead_rank": ranks.get(instead),
                    "instead": _case_label(state, instead) if instead else None,
                    "cost": values[out] - values[instead] if both else None,
                }
        for rule, places in analysis.without_rule.items():
            if places is None:
                yield {
                    "kind": KIND_TITLES[kind],
                    "rule": rule,
                    "out_rank": None,
                    "cost": None,
                    "out": _explain_missing_list(analysis, "rule", rule),
                    "instead": None,
                    "instead_rank": None,
                }


MOVES = "随方法而变"
"""What is said of a case whose place on the list hangs on the method."""


def build_method_rows(state: "RoundState", analyses: Analyses) -> Iterator[Row]:
    """Yield every ranked name with its rank and whether it is in, by each method.

    ``kind case name unit_name result`` and, for each method, ``<method>`` (rank by its value) and
    ``<method>_in``; ``moves`` says whether its place hangs on the method. Empty until the rules
    are frozen.
    """
    for kind, analysis in analyses.items() if rules_are_frozen(state) else ():
        table = state.scores.rankings[kind].table.set_index("case")
        ranked = table[table["rank"].notna()]
        ranks = {
            method: ranked[method].rank(ascending=False, method="min")
            for method in analysis.methods
        }
        for row in overall_data.build_ranking_rows(state, kind):
            if row["case"] not in ranked.index:
                continue
            inside, outside = _by_method(analysis, row["case"])
            method_ranks = {
                method: formatting.json_value(ranks[method].get(row["case"]))
                for method in analysis.methods
            }
            selections = {
                f"{method}_in": _selected_text(
                    places, row["case"], ("method", method) in analysis.unproved
                )
                for method, places in analysis.methods.items()
            }
            yield (
                row
                | method_ranks
                | selections
                | {
                    "result": STATUS_TITLES[row["status"]],
                    "moves": MOVES if inside and outside else "各方法相同",
                }
            )


def _selected_text(places: "Allocation | None", case: str, unproved: bool) -> str:
    if places is None:
        return "未算出" if unproved else "不成"
    return "并列" if case in places.tied else "入围" if case in places.listed else "—"


def rules_are_frozen(state: "RoundState") -> bool:
    """Return whether the rules as they stand were frozen: only then are methods compared."""
    return freeze_state(state.round, state.events) == "frozen"


def build_ballot_rows(state: "RoundState") -> Iterator[Row]:
    """Yield every vote, case by case, with all its numbers; those not counted yet have none."""
    for ballot in state.decision.ballots:
        opened = ballot.opened
        count = next(iter(ballot.counts.values()), None) if ballot.tallies else None
        for case in opened.cases:
            tally = ballot.tallies.get(case)
            yield {
                "title": ballot.title,
                "purpose": purpose_title(opened),
                "state": STATE_TITLES[ballot.state],
                "case": case,
                "name": mask_personal_numbers(state.screening.case_by_id[case].name),
                "due": len(opened.due),
                "present": len(opened.present),
                "issued": opened.issued,
                "returned": count.returned if count else None,
                "spoiled": count.spoiled if count else None,
                "yes": tally.yes if tally else None,
                "no": tally.no if tally and opened.purpose != "tie" else None,
                "abstained": tally.abstained if tally else None,
                "base": tally.base if tally else None,
                "needed": tally.needed if tally and opened.purpose != "tie" else None,
                "tellers": "、".join(ballot.counts),
                "note": "；".join(ballot.faults),
            }


def build_agreement_rows(state: "RoundState") -> Iterator[Row]:
    """Yield how far members agree, one sentence a kind, and what a reader must know."""
    for kind in NOMINEE_KINDS:
        ranking = state.scores.rankings.get(kind)
        if ranking is not None:
            facts = [
                ("评委一致程度", str(ranking.agreement)),
                *(("须知", n) for n in ranking.notes),
            ]
            for item, sentence in facts:
                yield {"kind": KIND_TITLES[kind], "item": item, "said": sentence}


def _case_label(state: "RoundState", case: str) -> str:
    return f"{mask_personal_numbers(state.screening.case_by_id[case].name)}（{case}）"
