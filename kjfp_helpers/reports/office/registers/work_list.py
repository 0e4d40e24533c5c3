"""The work list (办理) of the findings: columns that the office fills in, and how they are read."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kjfp_helpers.reports.office.writers.xlsx_writer import DATE_FORMAT, FIRST_ROW, Column
from kjfp_helpers.state.secretary.work_item import WorkItem

SHEET = "问题清单"
WAITING, GOING, DONE = "待办", "在办", "已办结"
CONFIRMED, HANDLED = "核对无误", "已处理"
ELSEWHERE = ("unit", "arrival", "choice", "tie", "version")
"""Kinds of item that need more than a word: their own form of the work queue."""
NUMBER = Column("number", "编号", blank="")
WORK_COLUMNS = (
    Column("work", "状态", choices=(WAITING, GOING, DONE), blank=""),
    Column("outcome", "办理结果", choices=(CONFIRMED, HANDLED), blank=""),
    Column("by", "经办", blank=""),
    Column("day", "办结日期", DATE_FORMAT, width=13),
    Column("said", "办理说明", width=24, blank=""),
)
"""What is filled in; the number says which finding a row is about."""

Cells = Mapping[str, tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FilledRow:
    """A row of the list that came back: its place, and what was filled in, as text or date."""

    row: int
    number: str
    work: str
    outcome: str
    by: str
    day: date | str
    said: str

    @property
    def fault(self) -> str:
        """In Chinese, what a row that is said to be done lacks or has wrong; blank for nothing."""
        lacking = [
            title for title, value in (("经办", self.by), ("办理说明", self.said)) if not value
        ]
        if not isinstance(self.day, date):
            lacking.append("办结日期（如 2020-08-20）")
        if self.outcome not in (CONFIRMED, HANDLED):
            lacking.append(f"办理结果（{CONFIRMED}或{HANDLED}）")
        return f"应填{'、'.join(lacking)}" if lacking else ""


def item_number(item: WorkItem) -> str:
    """Return the number of an item on the list, the same in every derived state."""
    return f"W{hashlib.sha256(item.key.encode()).hexdigest()[:8]}"


def describe_work(item: WorkItem) -> dict[str, Any]:
    """Return the cells to fill in, with what the ledger holds of them already."""
    row: dict[str, Any] = {"number": item_number(item), "work": WAITING}
    if item.done is not None:
        body = item.done.body
        confirmed = getattr(body, "outcome", "") == "confirmed"
        row |= {
            "work": DONE,
            "outcome": CONFIRMED if confirmed else HANDLED,
            "by": item.done.actor,
            "day": item.done.at.date(),
            "said": getattr(body, "reason", ""),
        }
    return row


def parse_rows(cells: Cells) -> Iterator[FilledRow]:
    """Yield the rows of the sheet that have a number, whatever the order of its columns."""
    heads = {
        str(value): name.rstrip("0123456789")
        for name, (_, value) in cells.items()
        if name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(FIRST_ROW - 1)
    }
    columns = {column.key: heads.get(column.title, "") for column in (NUMBER, *WORK_COLUMNS)}
    rows = sorted({int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for name in cells})
    for row in (number for number in rows if number >= FIRST_ROW):
        values = {key: cells.get(f"{letter}{row}", ("", ""))[1] for key, letter in columns.items()}
        texts = {key: str(value).strip() for key, value in values.items() if key != "day"}
        if texts["number"]:
            yield FilledRow(row=row, day=_read_day(values["day"]), **texts)


def _read_day(value: Any) -> date | str:
    """Return a day, however it was typed; the text where it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip().translate(str.maketrans("年月/.", "----", "日"))
    try:
        return date(*map(int, text.split("-")))
    except (TypeError, ValueError, OverflowError):
        return text
