"""Explain infeasible limits: a minimal set of rules that cannot hold together."""

from collections.abc import Callable, Sequence

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.selection.allocation.selection_problem import SelectionProblem


def explain_infeasibility(problem: SelectionProblem, sizes: list[int]) -> SelectionError:
    """Return the error that names a smallest set of rules that cannot hold together."""
    from kjfp_helpers.selection.allocation.exact_selection import is_feasible  # loads the solver

    titles = list(dict.fromkeys(limit.title for limit in problem.limits))

    def holds(kept: Sequence[str]) -> bool:
        asked = [number for number, limit in enumerate(problem.limits) if limit.title in kept]
        groups = [problem.groups_by_limit[number] for number in asked]
        bounds = [problem.bounds[number] for number in asked]
        return is_feasible(sizes, groups, bounds, problem.seats, problem.budget)

    count = len(problem.scores)
    if not holds(()):
        return SelectionError(
            "入围名单",
            expected=f"至少 {problem.seats} 件合格且可排名的个案",
            found=f"{count} 件，尚缺 {problem.seats - count} 件",
            advice="催办未完成的评分，或补充推荐、核定待定的资格问题",
        )
    named = _find_smallest_conflict(titles, holds)
    return SelectionError(
        "入围名单",
        expected=f"{count} 件中取 {problem.seats} 件，各项限制可以同时满足",
        found="不能同时满足："
        + "；".join(_describe_limit(problem, title, sizes) for title in named),
        advice="由会议放宽所列限制之一，或补充推荐、催办未完成的评分",
    )


def _find_smallest_conflict(
    names: Sequence[str], holds: Callable[[Sequence[str]], bool]
) -> list[str]:
    """Return names that cannot hold together, none of which can be spared.

    QuickXplain (U. Junker, "QUICKXPLAIN: preferred explanations and relaxations for
    over-constrained problems", AAAI 2004): few questions where few names clash.
    """

    def explain(base: list[str], added: bool, rest: list[str]) -> list[str]:
        if added and not holds(base):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        second = explain(base + rest[:half], True, rest[half:])
        first = explain(base + second, bool(second), rest[:half])
        return first + second

    return sorted(explain([], False, list(names)), key=list(names).index)


def _describe_limit(field: SelectionProblem, title: str, sizes: list[int]) -> str:
    """Return a rule with how many candidates it finds or lets in at most."""
    able = sum(sizes)
    for limit, groups, (_, most) in zip(
        field.limits, field.groups_by_limit, field.bounds, strict=True
    ):
        if limit.title == title:
            there = sum(sizes[one] for one in groups)
            able -= max(there - most, 0)
            if limit.minimum > there:
                return f"{title}（可选 {there} 件，尚缺 {limit.minimum - there} 件）"
    short = field.seats - able
    return f"{title}（依此至多 {able} 件，尚缺 {short} 件）" if short > 0 else title
