"""How many places of the list may change hands, told in one sentence wherever it is told."""

from collections.abc import Mapping

from kjfp_helpers.core.events import ReadingsAssigned
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.state.round_state import RoundState

BY_SCORES, BY_PLAN = "按已有评分的误差推算", "评分前按分派方案测算"


def expected_changes_text(state: RoundState) -> str:
    """Return the sentence as it stands: by the scores once there is a list, else by the plan.

    ``""`` where neither gives a number.
    """
    return changes_by_scores_text(state) or changes_by_plan_text(state)


def changes_by_scores_text(state: RoundState) -> str:
    """Return the sentence from the inclusion probabilities; ``""`` without a list."""
    return changes_text(expected_moves(state))


def changes_by_plan_text(state: RoundState) -> str:
    """Return the sentence from what was simulated at the assignment; ``""`` where nothing was."""
    errors: Mapping[str, float] = {}
    for event in state.events.of(ReadingsAssigned):
        errors = event.body.misplaced or errors
    return changes_text(errors, BY_PLAN)


def expected_moves(state: RoundState) -> dict[str, float]:
    """Return, by kind, the sum of 1 - inclusion probability over the cases listed by rank."""
    table = state.decision.shortlist
    listed = table[(table["status"] == "listed") & table["p_in"].notna()]
    return {
        kind: float((1 - listed.loc[listed["kind"] == kind, "p_in"].astype(float)).sum())
        for kind in NOMINEE_KINDS
        if (listed["kind"] == kind).any()
    }


def format_changes(numbers: Mapping[str, float]) -> str:
    """Return the numbers of both kinds.

    >>> format_changes({"team": 0.34, "individual": 1.1})
    '先进团队约0.3个，先进个人约1.1名'
    """
    return "，".join(
        f"{KIND_TITLES[kind]}约{numbers[kind]:.1f}{KIND_MEASURES[kind]}"
        for kind in NOMINEE_KINDS
        if kind in numbers
    )


def changes_text(numbers: Mapping[str, float], basis: str = BY_SCORES) -> str:
    """Return the sentence for some numbers; ``""`` for none."""
    return f"名单中预计可能易位：{format_changes(numbers)}（{basis}）" if numbers else ""
