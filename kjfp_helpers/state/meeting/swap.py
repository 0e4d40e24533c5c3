"""What it would cost to list one case in place of another, in words, before anybody votes."""

from collections.abc import Iterator

from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import CaseVetoed
from kjfp_helpers.core.records import NOMINEE_KINDS, kind_of_case
from kjfp_helpers.selection.name_swap import SwapCost, measure_swap
from kjfp_helpers.selection.ranking.probability_labels import probability_text
from kjfp_helpers.state.list_sensitivity import build_kind_problem
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.decision_preview import compare_lists, preview_decision
from kjfp_helpers.state.secretary.publication_gates import open_questions

_NAMED = 4
"""Names that a line tells before it only counts."""


def describe_swap(state: RoundState, leaving: str, entering: str) -> list[str]:
    """Return in Chinese, line by line, what changes when one case is listed for another.

    Raises
    ------
    ParameterError
        When the first is not on the list, the second is, or has no rank.
    """
    kind = kind_of_case(leaving) or NOMINEE_KINDS[0]
    ranking = state.scores.rankings.get(kind)
    if ranking is None:
        raise NotReadyError(
            "换人", expected="已有名次和名单", found="没有", advice="完成评分、生成名单后再试算"
        )
    listed = frozenset(state.decision.listed["case"])
    problem = build_kind_problem(state, kind)
    own = frozenset(case for case in listed if kind_of_case(case) == kind)
    cost = measure_swap(ranking, problem, own, leaving=leaving, entering=entering)
    return list(_say(state, kind, cost))


def _say(state: RoundState, kind: str, cost: SwapCost) -> Iterator[str]:
    rows = {row["case"]: row for row in state.scores.rankings[kind].table.to_dict("records")}
    one, other = rows[cost.leaving], rows[cost.entering]
    a, b = (_name(state, case) for case in (cost.leaving, cost.entering))
    lost = round(cost.lost, 2)
    less = "（相同）" if not lost else f"低{lost:.2f}" if lost > 0 else f"高{-lost:.2f}"
    yield (
        f"得分：{b}{other['value']:.2f}（第{other['rank']:.0f}名），比{a}{one['value']:.2f}"
        f"（第{one['rank']:.0f}名）{less}。"
    )
    if cost.better == cost.better:
        chances = "，入围概率{}对{}".format(
            *(probability_text(row["p_in"]) for row in (other, one))
        )
        yield f"把握：按评分误差，{b}优于{a}的可能为{probability_text(cost.better)}{chances}。"
    if cost.passed_over:
        named = "、".join(_name(state, case) for case in cost.passed_over[:_NAMED])
        more = f"等{len(cost.passed_over)}件" if len(cost.passed_over) > _NAMED else ""
        yield f"越过：名次在{b}之前而不在名单上的有{named}{more}。"
    if cost.broken:
        yield f"限制：换人后超出或不足——{'、'.join(cost.broken)}。"
    asked = open_questions(state)
    for case, name in ((cost.entering, b), (cost.leaving, a)):
        if case in asked:
            yield f"问题：{name}有未了结的问题（{'、'.join(asked[case])}）。"
    yield _say_follower(state, cost, a, b)


def _say_follower(state: RoundState, cost: SwapCost, a: str, b: str) -> str:
    """Say who follows by rule when the one who leaves is taken off: mostly somebody else."""
    veto = CaseVetoed(case=cost.leaving, clause="试算", document="试算", by=("甲", "乙"))
    after = preview_decision(state, veto)
    entered = [case for change in compare_lists(state, after) for case in change.entered]
    if cost.entering in entered:
        return f"办法：撤下{a}后，依规则递补的就是{b}；撤下须表决不通过或一票否决。"
    follows = (
        f"依规则递补的是{'、'.join(_name(state, case) for case in entered)}"
        if entered
        else "依规则不再递补"
    )
    return (
        f"办法：撤下{a}后，{follows}，不是{b}；要列入{b}，须另经会议决议增列，"
        "或由其前各件表决不通过。"
    )


def _name(state: RoundState, case: str) -> str:
    nominee = state.screening.case_by_id.get(case)
    return f"{nominee.name}（{case}）" if nominee else case
