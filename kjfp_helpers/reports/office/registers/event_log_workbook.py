"""The log as a workbook: every event in plain Chinese, and the ledger's head of each day."""

from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.reports.data.event_log.event_rows import build_daily_heads, build_event_rows
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

TIME_FORMAT, DAY_FORMAT = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"
_EVENT_COLUMNS = (
    Column("seq", "台账编号", COUNT_FORMAT),
    Column("at", "时间", TIME_FORMAT, width=20),
    Column("actor", "经办"),
    Column("title", "事项"),
    Column("about", "对象", width=36),
    Column("words", "内容", width=46, blank=""),
    Column("reason", "理由", width=30, blank=""),
    Column("document", "依据文件", width=24, blank=""),
    Column("by", "决定人", blank=""),
    Column("undone", "撤销情况", blank=""),
    Column("hash", "校验值", width=20),
)
_HEAD_COLUMNS = (
    Column("day", "日期", DAY_FORMAT, width=14),
    Column("first", "起", COUNT_FORMAT),
    Column("last", "止", COUNT_FORMAT),
    Column("count", "条数", COUNT_FORMAT),
    Column("hash", "当日末条校验值", width=70),
    Column("signed", "签字", width=20, blank=""),
)


def write_event_log(state: "RoundState", path: Path) -> None:
    """Write the log of a round.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    title = state.round.notice.round.title
    heads = [{**row, "signed": ""} for row in build_daily_heads(state)]
    write_workbook(
        path,
        [
            Sheet("台账", f"{title}　台账", _EVENT_COLUMNS, list(build_event_rows(state))),
            Sheet(
                "每日校验值",
                f"{title}　台账每日校验值",
                _HEAD_COLUMNS,
                heads,
                "逐日核对、签字存档；运行 kjfp verify --head 编号:校验值，可查明台账此后有无改动",
            ),
        ],
        rehearsal=state.round.rehearsal,
    )
