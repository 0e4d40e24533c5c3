"""Disagreement list: cases by how far the members who scored them are apart."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.meeting.case_facts import clean
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    SCORE_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.selection.disagreement import tabulate_disagreement

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_COLUMNS = (
    Column("name", "名称或姓名", width=26),
    Column("case", "个案"),
    Column("unit_name", "推荐单位"),
    Column("rank", "名次", COUNT_FORMAT),
    Column("n", "份数", COUNT_FORMAT),
    Column("low", "最低", SCORE_FORMAT),
    Column("high", "最高", SCORE_FORMAT),
    Column("spread", "极差", SCORE_FORMAT),
    Column("sd", "标准差", SCORE_FORMAT),
    Column("residual", "扣除宽严后偏高（低）", SCORE_FORMAT),
    Column("surprise", "为其通常出入的倍数", SCORE_FORMAT),
)


def build_disagreement_rows(state: "RoundState", kind: str) -> list[dict[str, Any]]:
    """Return the disagreement list of a kind; ``label`` is for the office's screen only."""
    labels, cases = formatting.member_labels(state.round), state.screening.case_by_id
    return [
        row
        | {
            "name": clean(cases[row["case"]].name),
            "unit_name": state.round.unit_by_code[cases[row["case"]].unit].short_name,
            "label": labels[row["member"]],
        }
        for row in formatting.frame_rows(tabulate_disagreement(state.scores.rankings[kind]))
    ]


def write_disagreement_book(state: "RoundState", path: Path) -> None:
    """Write a sheet a kind.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    title = state.round.notice.round.title
    sheets = [
        Sheet(
            KIND_TITLES[kind],
            f"{title}{KIND_TITLES[kind]}评分分歧",
            _COLUMNS,
            build_disagreement_rows(state, kind),
            "分歧最大的列在前面。极差为最高减最低；“扣除宽严后”为该份评分与该件得分之差，"
            "已扣除评委宽严，倍数按该评委评分的通常出入计。不写是哪位评委。",
        )
        for kind in state.scores.rankings
    ]
    write_workbook(path, sheets, rehearsal=state.round.rehearsal, amendments=state.round.amendments)
