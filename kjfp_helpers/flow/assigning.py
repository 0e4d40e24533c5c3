"""Who reads what, round after round: what ``kjfp assign`` does."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import ceil

from kjfp_helpers import reports
from kjfp_helpers import review as panel_review
from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.derivation.frozen_rules import seed_digest
from kjfp_helpers.derivation.readings import (
    every_reading,
    misplacement,
    owing,
    places,
    rounds_left,
)
from kjfp_helpers.errors import DesignError
from kjfp_helpers.events import MarksClosed, ReadingsAssigned, find_last
from kjfp_helpers.flow.steps import Outcome, Tick, freeze
from kjfp_helpers.review import Assignment, Board
from kjfp_helpers.review.board import Readings
from kjfp_helpers.review.expected import expected_misplaced


def assign(desk: Desk, tick: Tick, *, following: bool = False, reason: str = "") -> Outcome:
    """Freeze the rules and give every eligible case its readers; or plan the next round.

    Run again, it gives readers to cases that came later, and moves nobody's readings. Rules that
    were frozen anew before any mark came give a new assignment.

    Parameters
    ----------
    following : bool
        Plan the next round, by the ruling ``plan``.
    reason : str
        Why the next round is planned although readings of this one are owing.

    Raises
    ------
    DesignError
        When no design is possible, or no further round is to be planned yet.
    """
    review = desk.review()
    assigned = find_last(review.events, ReadingsAssigned)
    if following:
        _require_round_over(review, assigned, reason)
        number = assigned.round + 1 if assigned else 1
        planned = plan_readings(review, number)
    else:
        planned = plan_readings(review, assigned.round if assigned else 1)
    freeze(desk)
    made = 0
    if planned is not None:
        before = Counter() if assigned is None or planned.afresh else _counts(assigned.readings)
        made = (_counts(planned.readings) - before).total()
        first = planned.round == 1 and (assigned is None or assigned.seed != planned.seed)
        told = _expected(review, planned) if first else {}
        desk.record(replace(planned, reason=reason if following else "", misplaced=told))
    review = desk.review()
    reports.prepare_workbook(desk)
    reports.prepare_packets(desk, readers(desk), tick)
    return Outcome(made, len(review.readings) - made, notes=tuple(_notes(review)))


def plan_readings(review: Review, round: int = 1) -> ReadingsAssigned | None:
    """Return the readings of a round as the review stands, None when nothing is to be given.

    The seed comes from the frozen rules, so that anyone can do it again. For the round that is
    being read, cases that came later get their readers; after the marks closed nothing moves.

    Raises
    ------
    DesignError
        When no design is possible, or the rules have no such round.
    """
    assigned, seed = find_last(review.events, ReadingsAssigned), _seed(review)
    if assigned is None or (round == assigned.round == 1 and assigned.seed != seed):
        return _first(review, seed)
    if find_last(review.events, MarksClosed) is not None:
        return None
    if round > assigned.round:
        return _next(review, _board(review, assigned), assigned, _chances(review))
    if assigned.afresh:  # who is not in the band has been read in the first round
        return None
    ruling = review.round.notice.ruling
    more = panel_review.newcomers(
        _board(review, assigned), seed=seed, least=ruling.quorum.value, round=round,
        readings=ceil(ruling.readings_by(round)),
    )  # fmt: skip
    if more is None:
        return None
    return _event(replace(more, anchors=assigned.anchors), seed, round)


def readers(desk: Desk) -> list[str]:
    """Return the members who have readings, in the panel's order."""
    reading = set(panel_review.reading_table(desk.ledger.events())["member"])
    return [member.member for member in desk.round.panel if member.member in reading]


def _require_round_over(review: Review, assigned: ReadingsAssigned | None, reason: str) -> None:
    where, name = "下一轮分派", review.round.name
    if assigned is None:
        raise DesignError(where, expected="首轮已分派", found="尚未分派",
                          advice=f"先运行 kjfp assign {name}")  # fmt: skip
    if not rounds_left(review):
        single = review.round.notice.ruling.plan.value == "uniform"
        found = "规则定为一轮评完（ruling.plan = uniform）" if single else "各轮都已分派"
        raise DesignError(where, expected="规则还有下一轮", found=found,
                          advice="不必再分派；评分齐了即可产生名单")  # fmt: skip
    if find_last(review.events, MarksClosed) is not None:
        raise DesignError(where, expected="评分尚未截止", found="评分已截止",
                          advice="按现有评分产生名单")  # fmt: skip
    left = owing(review)
    if left and not reason.strip():
        named = "、".join(f"{member} {count} 件" for member, count in sorted(left.items()))
        raise DesignError(
            where, expected=f"第 {assigned.round} 轮评完", found=f"尚欠：{named}",
            advice="催办；确需先行的，用 --reason 写明理由（记入台账）",
        )  # fmt: skip


def _first(review: Review, seed: int) -> ReadingsAssigned:
    ruling, board = review.round.notice.ruling, _board(review)
    planned = panel_review.assign(
        board, readings=ceil(ruling.readings_by(1)), anchors=ruling.anchors.value, seed=seed
    )
    return _event(planned, seed, 1)


def _next(
    review: Review, board: Board, assigned: ReadingsAssigned, chances: Mapping[str, float]
) -> ReadingsAssigned:
    ruling, seed, number = review.round.notice.ruling, assigned.seed, assigned.round + 1
    readings = ruling.readings_by(number)
    if ruling.plan.value == "band":
        planned = panel_review.band(
            board, anchors=assigned.anchors, chances=chances, readings=readings, seed=seed
        )
        return replace(_event(planned, seed, number), afresh=True)
    planned = panel_review.adaptive(
        board, anchors=assigned.anchors, chances=chances, readings=readings,
        least=ruling.quorum.value, seed=seed, round=number,
    )  # fmt: skip
    return _event(replace(planned, anchors=assigned.anchors), seed, number)


def _board(review: Review, assigned: ReadingsAssigned | None = None) -> Board:
    members = [member.member for member in review.round.panel]
    earlier = assigned.readings if assigned else None
    return Board.of(review.eligible, members, review.conflicts, earlier)


def _event(planned: Assignment, seed: int, round: int) -> ReadingsAssigned:
    digest = panel_review.readings_digest(planned.readings)
    return ReadingsAssigned(readings=dict(planned.readings), seed=seed, digest=digest,
                            anchors=planned.anchors, round=round)  # fmt: skip


def _seed(review: Review) -> int:
    return int(seed_digest(review.round, review.events)[:8], 16)


def _chances(review: Review) -> dict[str, float]:
    return {
        case: chance
        for ranking in review.rankings.values()
        for case, chance in zip(ranking.table["case"], ranking.table["p_in"], strict=True)
    }


def _expected(review: Review, planned: ReadingsAssigned) -> dict[str, float]:
    """Simulate the whole design, with its second round where the rules have one."""
    ruling, board = review.round.notice.ruling, _board(review, planned)

    def following(board: Board, number: int, chances: Mapping[str, float]) -> Readings:
        before = replace(planned, round=number - 1)
        return _next(review, board, before, chances).readings

    return expected_misplaced(
        board, places=places(review), assumed=review.round.rubric.assumed,
        adjusted=ruling.method.value == "adjusted", seed=planned.seed,
        following=following, rounds=ruling.last_round,
    )  # fmt: skip


def _counts(readings: Readings) -> Counter[tuple[str, str]]:
    return Counter((member, case) for member, ids in readings.items() for case in ids)


def _notes(review: Review) -> list[str]:
    assigned = find_last(review.events, ReadingsAssigned)
    assert assigned is not None
    table = review.readings
    notes = [f"第{assigned.round}轮：评阅{len(table)}件次，评委{table['member'].nunique()}人"]
    if assigned.anchors:
        notes.append(f"共同基准件{len(assigned.anchors)}件，每名评委最先评阅")
    if told := misplacement(review):
        notes.append(told)
    given = {case for _, case in every_reading(review)}
    if unread := sorted({case.id for case in review.eligible} - given):
        notes.append(f"分派后新增而未分派的：{'、'.join(unread)}")
    if rounds_left(review):
        notes.append("本轮评完后运行 kjfp assign --next 分派下一轮")
    return notes
