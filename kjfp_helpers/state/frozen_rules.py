"""Frozen rules: the rules as recorded in the ledger, their amendments, and later changes.

The rules are frozen before the first score (design principle 6). Afterwards a change counts only
as an amendment by resolution, which every later paper names.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import (
    Event,
    EventLog,
    RulesAmended,
    RulesFrozen,
    ScoreGiven,
)
from kjfp_helpers.rules import Round, RuleChange, compare_rules, describe_changes, load_round_texts

Frozen = RulesFrozen | RulesAmended
"""What fixes the rules."""
FREEZES: tuple[type[Frozen], ...] = (RulesFrozen, RulesAmended)
"""Kinds of event that fix the rules."""
FreezeState = Literal["unfrozen", "frozen", "changed"]


def last_freeze(events: Sequence[Event]) -> Frozen | None:
    """Return the freeze or amendment that holds after these events."""
    return EventLog(events).last(*FREEZES)


def has_scores(events: Sequence[Event]) -> bool:
    """Return whether any score was given: from then on the rules are fixed."""
    return EventLog(events).has(ScoreGiven)


def freeze_state(round: Round, events: Sequence[Event]) -> FreezeState:
    """Return whether the rule files are frozen, and still what was frozen."""
    frozen = last_freeze(events)
    if frozen is None:
        return "unfrozen"
    return "frozen" if frozen.digest == round.digest else "changed"


def rule_changes(round: Round, frozen: Frozen) -> tuple[RuleChange, ...]:
    """Return what differs between the frozen rules and the rule files as they stand."""
    if frozen.texts:
        return compare_rules(frozen.texts, round.texts)
    names = sorted(frozen.files.keys() | round.files.keys())
    pairs = [(name, frozen.files.get(name, ""), round.files.get(name, "")) for name in names]
    return tuple(
        RuleChange(name, "校验值", old[:12], new[:12]) for name, old, new in pairs if old != new
    )


def require_frozen_rules(round: Round, events: Sequence[Event], *, strict: bool = False) -> None:
    """Refuse to go on with rule files that are not those frozen.

    Parameters
    ----------
    round : Round
        The rule files as they stand.
    events : sequence of Event
        The ledger.
    strict : bool
        Refuse also while no score was given yet, where ``kjfp assign`` would freeze them anew.

    Raises
    ------
    DifferenceError
        Naming file, key, frozen and present value.
    """
    frozen = last_freeze(events)
    if frozen is None or frozen.digest == round.digest:
        return
    scored = has_scores(events)
    if not scored and not strict:
        return
    cure = (
        f"恢复原文件；确需修改的，由会议决议并运行 kjfp amend {round.name} 记入台账"
        if scored
        else f"恢复原文件；尚无评分，也可运行 kjfp assign {round.name} 按新规则重新冻结、分派"
    )
    raise DifferenceError(
        "规则文件",
        expected="与冻结时一致",
        found=f"冻结后有改动：{describe_changes(rule_changes(round, frozen))}",
        advice=cure,
    )


def with_amendments(round: Round, events: Sequence[Event]) -> Round:
    """Return the round with a line for every amendment of its frozen rules."""
    numbers = (event.seq for event in EventLog(events).of(RulesAmended))
    titles = amendment_titles(events)
    lines = tuple(f"{text}（台账第{seq}条）" for text, seq in zip(titles, numbers, strict=True))
    return replace(round, amendments=lines) if lines != round.amendments else round


def amendment_titles(events: Sequence[Event]) -> tuple[str, ...]:
    """Return a line in Chinese for every amendment of the frozen rules, by its resolution."""
    return tuple(
        f"评审规则经{body.resolution}修订" for body in EventLog(events).bodies(RulesAmended)
    )


def rules_in_force(round: Round, events: Sequence[Event]) -> Round:
    """Return the round under the rules that held after these events.

    Where nothing was frozen yet, the rules are as the files stand.

    Raises
    ------
    RuleErrors
        When this version no longer accepts the rules of then.
    DifferenceError
        When the ledger, written by an earlier version, does not hold their text.
    """
    frozen = last_freeze(events)
    if frozen is None or frozen.digest == round.digest:
        return with_amendments(round, events)
    if not frozen.texts:
        raise DifferenceError(
            "规则文件",
            expected="台账存有当时冻结的规则全文",
            found="只有校验值（由较早版本写入），而规则文件后来有改动",
            advice="恢复当时的规则文件后重试",
        )
    return with_amendments(load_round_texts(frozen.texts, round.folder), events)
