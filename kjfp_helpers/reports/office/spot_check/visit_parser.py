"""Parser of a filled-in visit form: held cell by cell against the blank as it was issued."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kjfp_helpers.core.errors import PacketError
from kjfp_helpers.notice.spot_check.visit_form import ANSWERS, MAX_TEXT, EntryKind
from kjfp_helpers.notice.spot_check.visit_form_merge import Value
from kjfp_helpers.reports.office.packets.returned_cells import (
    Cell,
    Cells,
    cell_position,
    cell_text,
    describe_value,
)
from kjfp_helpers.reports.office.spot_check.visit_layout import (
    FORM_SHEET,
    GUIDE_SHEET,
    STAMP_CELLS,
    SheetLine,
    sheet_lines,
)
from kjfp_helpers.rules import Round

_BLANK: Cell = ("n", None)
_MAX_COUNT = 10**9


@dataclass(frozen=True, kw_only=True)
class ParsedVisit:
    """The entries of the lines without fault, and the faults of the others, in Chinese."""

    values: Mapping[str, Value]
    faults: tuple[str, ...]


class _InvalidCell(Exception):
    """What is wrong with a cell: what was expected, what it holds."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected)
        self.expected, self.found = expected, found


def read_stamp(name: str, given: Cells) -> Mapping[str, str]:
    """Return what the guide says of the form: ``unit checker number``.

    Raises
    ------
    PacketError
        When there is no such sheet.
    """
    guide = given.get(GUIDE_SHEET, {})
    stamp = {part: cell_text(guide.get(cell)) for part, cell in STAMP_CELLS.items()}
    if not all(stamp.values()) or not re.fullmatch(r"[1-9]\d{0,5}", stamp["number"]):
        raise PacketError(
            name,
            expected="由 kjfp spotcheck issue 制发的检查表",
            found="没有单位代码和表号",
            advice="用制发的检查表填写，不要另建",
        )
    return stamp


def parse_visit(
    name: str, round: Round, cases: Sequence[str], blank: Cells, given: Cells
) -> ParsedVisit:
    """Return what a checker filled in; a line with any fault is left out.

    Raises
    ------
    PacketError
        When a sheet is missing, or something was altered that concerns the whole form.
    """
    lines = {line.row: line for line in sheet_lines(round)}
    faults = dict.fromkeys(_altered(name, lines, blank, given))
    spoilt = {cell_position(at)[0] for at, _ in faults}
    values: dict[str, Value] = {}
    told = [_locked_fault(at, text, lines) for at, text in faults]
    for line in lines.values():
        if line.form_row is None or line.row in spoilt:
            continue
        read, wrong = _read_line(line, cases, given[FORM_SHEET])
        told += wrong
        values |= {} if wrong else read
    return ParsedVisit(values=values, faults=tuple(told))


def _altered(
    name: str, lines: Mapping[int, SheetLine], blank: Cells, given: Cells
) -> Iterator[tuple[str, str]]:
    """Yield every locked cell of the form's lines that was altered, with what it holds now.

    Raises
    ------
    PacketError
        When the guide, a heading or a head of the notice was altered.
    """
    for tab in (GUIDE_SHEET, FORM_SHEET):
        if tab not in given:
            raise _altered_error(name, f"“{tab}”页", "没有找到")
    for at, held in _differences(blank[GUIDE_SHEET], given[GUIDE_SHEET]):
        raise _altered_error(name, f"{GUIDE_SHEET}!{at}", held)
    inputs = {at for line in lines.values() for at in line.cells.values()}
    for at, held in _differences(blank[FORM_SHEET], given[FORM_SHEET]):
        line = lines.get(cell_position(at)[0])
        is_fixed = line is None or line.form_row is None
        if is_fixed and at in blank[FORM_SHEET]:
            raise _altered_error(name, f"{FORM_SHEET}!{at}", held)
        if at not in inputs:
            yield at, held


def _differences(blank: Mapping[str, Cell], given: Mapping[str, Cell]) -> Iterator[tuple[str, str]]:
    """Yield the cells of a sheet that hold something else, with what they hold."""
    for at in sorted({*blank, *given}, key=cell_position):
        if cell_text(blank.get(at)) != cell_text(given.get(at)):
            yield at, describe_value(*given.get(at, _BLANK))


def _altered_error(name: str, where: str, held: str) -> PacketError:
    return PacketError(
        name, expected=f"{where}与制发时一致", found=held, advice="用制发的检查表重新填写"
    )


def _locked_fault(at: str, held: str, lines: Mapping[int, SheetLine]) -> str:
    line = lines.get(cell_position(at)[0])
    title = f"（{line.text}）" if line and line.form_row else ""
    return f"{FORM_SHEET}!{at}{title}：应与制发时一致，表中为{held}。此行未收，请改回。"


def _read_line(
    line: SheetLine, cases: Sequence[str], tab: Mapping[str, Cell]
) -> tuple[dict[str, Value], list[str]]:
    """Return the entries of a line, and its faults."""
    assert line.form_row is not None
    values: dict[str, Value] = {}
    faults = []
    for column, (title, kind) in line.form_row.entries.items():
        key = line.form_row.key(column)
        at = line.cells[key]
        try:
            value = _read_entry(kind, cases, tab.get(at, _BLANK))
        except _InvalidCell as wrong:
            faults.append(_fault(line, at, title, wrong.expected, wrong.found))
        else:
            values |= {} if value == "" else {key: value}
    return values, faults or list(_sample_faults(line, values))


def _fault(line: SheetLine, at: str, title: str, expected: str, found: str) -> str:
    where = line.text if line.text == title else f"{line.text}·{title}"
    return f"{FORM_SHEET}!{at}（{where}）：应填{expected}，表中为{found}。此行未收，请更正。"


def _sample_faults(line: SheetLine, values: Mapping[str, Value]) -> Iterator[str]:
    """Yield the fault of a sample with more wrong cases than there are, or without a size."""
    row = line.form_row
    if row is None or "wrong" not in row.entries:
        return
    sampled, wrong = (values.get(row.key(column)) for column in ("sampled", "wrong"))
    if wrong is None and sampled is None:
        return
    if sampled is None or wrong is None or float(wrong) > float(sampled):
        at = line.cells[row.key("wrong" if sampled is not None else "sampled")]
        expected = "抽核样本和其中不符两数，不符不多于样本"
        held = f"样本{_shown(sampled)}、不符{_shown(wrong)}"
        yield _fault(line, at, "抽核", expected, held)


def _shown(value: Value | None) -> str:
    return "空白" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _read_entry(kind: EntryKind, cases: Sequence[str], cell: Cell) -> Value:
    """Return the value of a box, ``""`` for a blank one."""
    type_, value = cell
    if value is None:
        return ""
    if type_ in ("f", "e", "b"):
        raise _InvalidCell("文字或数字，不用公式", describe_value(type_, value))
    if kind == "count":
        return _read_count(type_, value)
    text = cell_text(cell)
    if kind == "day":
        return _read_day(value, text)
    allowed = {"answer": ANSWERS, "case": tuple(cases)}.get(kind)
    if allowed is not None and text and text not in allowed:
        raise _InvalidCell("、".join(allowed) or "空白（本单位没有推荐对象）", f"“{text[:20]}”")
    if len(text) > MAX_TEXT:
        raise _InvalidCell(f"至多{MAX_TEXT}字", f"{len(text)}字")
    return text


def _read_count(type_: str, value: object) -> float:
    number = value if type_ == "n" and isinstance(value, int | float) else None
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip()):
        number = int(value)
    if (
        number is None
        or not math.isfinite(number)
        or number != int(number)
        or not 0 <= number <= _MAX_COUNT
    ):
        raise _InvalidCell("不小于0的整数，不带逗号和单位", describe_value(type_, value))
    return float(number)


def _read_day(value: object, text: str) -> str:
    if isinstance(value, datetime):
        return str(value.date())
    try:
        return str(date.fromisoformat(text))
    except ValueError as error:
        raise _InvalidCell("日期，如 2020-08-25", f"“{text[:20]}”") from error
