"""What a reader of the list wants first: seats filled, how firm it is, what is open or not done.

The first sheet of the decision workbook and the beginning of the overall report say the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES, LISTED, NOMINEE_KINDS
from kjfp_helpers.state.panel.expected_changes import format_changes
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.list_status import ListStatus

MOST_NAMES = 8
"""Names that one point gives; the others are counted."""


@dataclass(frozen=True)
class SummaryPoint:
    """One point: what it is about, how it stands in a few words, and what is behind it.

    ``open`` tells whether somebody still has to do something about it.
    """

    title: str
    result: str
    said: str = ""
    open: bool = False


def summarize_list(state: RoundState, status: ListStatus) -> list[SummaryPoint]:
    """Return the points in the order in which a reader asks; without a list, why there is none."""
    if state.decision.shortlist.empty:
        why = "；".join(state.decision.problems) or "尚无评分"
        return [SummaryPoint("名单", "尚未产生", why, open=True)]
    return [
        *_seat_points(state),
        SummaryPoint(
            "名单", "草案，不得公布" if status.draft else "可以公示", open=bool(status.draft)
        ),
        *_firmness_points(status),
        _question_point(state, status),
        *_gate_points(status),
        _change_point(status),
    ]


def _seat_points(state: RoundState) -> Iterator[SummaryPoint]:
    table = state.decision.shortlist
    for kind in NOMINEE_KINDS:
        counts = Counter(table.loc[table["kind"] == kind, "status"])
        filled, seats = sum(counts[one] for one in LISTED), state.round.notice.commended.seats[kind]
        measure, added = KIND_MEASURES[kind], counts["added"]
        said = "，".join(
            (
                f"候补{counts['reserve']}{measure}",
                *([f"含决议增列{added}{measure}"] if added else []),
            )
        )
        lacking = filled < seats
        yield SummaryPoint(f"入围{KIND_TITLES[kind]}", f"{filled}/{seats}{measure}", said, lacking)


def _firmness_points(status: ListStatus) -> Iterator[SummaryPoint]:
    if status.moves:
        parts = format_changes(status.moves)
        why = "每件只有几份评分，评分有误差；名额线附近的互换。逐人的入围概率见名单。"
        yield SummaryPoint("可能易位", parts, why)


def _question_point(state: RoundState, status: ListStatus) -> SummaryPoint:
    listed = set(state.decision.listed["case"])
    asked = sorted(listed & status.questions.keys())
    named = [mask_personal_numbers(state.screening.case_by_id[case].name) for case in asked]
    more = f"等{len(named)}件" if len(named) > MOST_NAMES else ""
    said = "、".join(named[:MOST_NAMES]) + more
    return SummaryPoint("未了结的问题", f"{len(asked)}件" if asked else "没有", said, bool(asked))


def _gate_points(status: ListStatus) -> Iterator[SummaryPoint]:
    blocking = [gate for gate in status.gates if gate.blocks and gate.key != "questions"]
    result = f"{len(blocking)}项" if blocking else "没有"
    said = "；".join(gate.lacking for gate in blocking)
    yield SummaryPoint("未办事项", result, said, bool(blocking))
    if status.waived:
        yield SummaryPoint(
            "经决定放行",
            f"{sum(bool(gate.waiver) for gate in status.gates)}项",
            "；".join(status.waived),
        )


def _change_point(status: ListStatus) -> SummaryPoint:
    changed = len(status.changed)
    result = f"{changed}处不同" if changed else "相同"
    return SummaryPoint(
        "决定名单与计算名单", result, "会议的否决、增列、空缺和表决" if changed else ""
    )
