"""The ledger's head of each day on one page, to be signed and kept on paper."""

from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.event_log.event_rows import SHOWN_DIGITS, Row, build_daily_heads
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_COLUMNS = (("日期", 2.3), ("末条编号", 1.9), ("校验值", 3.6))
_SIGNED = (("秘书", 1), ("组长", 1), ("纪检", 1), ("签字日期", 1))
BLOCKS = 2
"""Days beside each other; so 44 of them fit a page."""


def write_daily_heads(state: "RoundState", path: Path) -> None:
    """Write the page.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    about, days = state.round.notice.round, list(build_daily_heads(state))
    document = OfficialDocument(rehearsal=about.rehearsal)
    document.add_title(f"{about.title}\n台账每日校验值")
    document.add_paragraph(
        f"台账自{formatting.format_date(days[0]['day'])}至{formatting.format_date(days[-1]['day'])}"
        f"共{days[-1]['last']}条。各日末条的编号和校验值（前{SHOWN_DIGITS}位）如下。"
    )
    height = -(-len(days) // BLOCKS)
    columns = [days[start : start + height] for start in range(0, len(days), height)]
    document.add_table(
        _COLUMNS * len(columns),
        ([text for day in line for text in _cells(day)] for line in zip_longest(*columns)),
    )
    document.add_paragraph("经与台账核对无误。", keep=True)
    document.add_table(_SIGNED, [["　\n　"] * len(_SIGNED)])
    document.save(path)


def _cells(day: Row | None) -> tuple[str, str, str]:
    if day is None:
        return "", "", ""
    return str(day["day"]), str(day["last"]), str(day["hash"])[:SHOWN_DIGITS]
