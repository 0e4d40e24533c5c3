"""Figures in a table of a running text: what a cell is of stands in its row and its column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.intake.fields.quantities import find_quantities
from kjfp_helpers.intake.text_figures.count_clause import NOUNS
from kjfp_helpers.intake.text_figures.masked_sentence import mask_sentence
from kjfp_helpers.intake.text_figures.statement_frames import Frame
from kjfp_helpers.intake.text_figures.word_classes import NAMED, OWN_MEASURES

CELL_BAR = "｜"
MAX_CELLS = 40
"""Cells of a row that are read."""
_NUMBER = lazy_pattern(r"\d{1,9}(?:,\d{3})*(?:\.\d+)?万?[余多]?[个家名位人户口]?")
_UNIT = lazy_pattern(r"(?:[个家名位人户口]|人次|万人)")
_NO_COUNT = lazy_pattern("序号|编号|率|比例|占比|百分|增幅|排名|位次")
_DONE = lazy_pattern("完成|实际|实有|已|落实数")
_TARGET = lazy_pattern("任务|目标|计划|指标数|下达|应")
_LIFTED = lazy_pattern("脱贫|摘帽|带动")
_WHOLE = lazy_pattern(r"合计|总计|累计|总数|共计|20\d\d年?[—–\-~至到]+20\d\d|截[至止]|五年")
_YEAR = lazy_pattern(r"(20\d\d)年?")
_PLAIN = lazy_pattern(
    r"[\s\d、.．（）()]*(?:指标|名称|项目|内容|类别|序号|数量|数据|情况|单位|备注)*"
)


@dataclass(frozen=True, slots=True)
class TableFigure:
    """A number in a table: ``indicator`` and ``frame`` as of any count, ``words`` its labels."""

    indicator: str
    value: int
    measure: str
    frame: Frame
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a table's line; ``start`` is its offset in the text."""

    text: str
    start: int

    @property
    def is_number(self) -> bool:
        """Whether nothing but a number stands in it."""
        return _NUMBER.fullmatch(to_half_width(self.text).replace(" ", "")) is not None


def split_row(line: str, offset: int) -> list[RowCell]:
    """Return the cells of a line of a table, with their offsets."""
    cells, start = [], offset
    for text in line.split(CELL_BAR)[:MAX_CELLS]:
        stripped = text.strip()
        cells.append(RowCell(stripped, start + len(text) - len(text.lstrip())))
        start += len(text) + 1
    return cells


def find_table_figures(rows: Sequence[Sequence[RowCell]]) -> Iterator[TableFigure]:
    """Yield the figures of the indicators in a table.

    Parameters
    ----------
    rows : sequence of sequence of cell
        What :func:`split_row` returned for each of its lines.

    Examples
    --------
    >>> lines = "指标｜任务数｜完成数", "农技协（个）｜120｜126"
    >>> rows = [split_row(line, 0) for line in lines]
    >>> [(one.value, one.frame.scope) for one in find_table_figures(rows)]
    [(120, 'target'), (126, 'total')]
    """
    heads: list[str] = []
    for row in rows:
        if not any(cell.is_number for cell in row):
            heads = _joined_heads(heads, row)
            continue
        label = " ".join(
            cell.text
            for cell in row
            if cell.text
            and not cell.is_number
            and not _UNIT.fullmatch(cell.text)
            and not cell.text.endswith("%")
        )
        unit = next((cell.text for cell in row if _UNIT.fullmatch(cell.text)), "")
        for at, cell in enumerate(row):
            if cell.is_number:
                head = heads[at] if at < len(heads) else ""
                yield from _figure_of_cell(cell, label, head, unit)


def _joined_heads(heads: Sequence[str], row: Sequence[RowCell]) -> list[str]:
    """Return the headings of the columns after one more row of headings."""
    if len(heads) != len(row):
        return [cell.text for cell in row]
    return [
        head if cell.text in head else f"{head}{cell.text}"
        for head, cell in zip(heads, row, strict=True)
    ]


def _figure_of_cell(cell: RowCell, label: str, head: str, unit: str) -> Iterator[TableFigure]:
    named = [indicators_of(text) for text in (label, head)]
    indicators = named[0] | named[1]
    if len(indicators) != 1 or _NO_COUNT.search(head) or _NO_COUNT.search(label):
        return
    (indicator,) = indicators
    others = [text for text, own in zip((label, head), named, strict=True) if not own]
    own = next(text for text, of in zip((label, head), named, strict=True) if of)
    said = find_quantities(to_half_width(cell.text).replace(" ", ""))
    if not said or said[0].value is None:
        return
    measure = said[0].measure or _unit_of(own) or unit
    is_of_households = measure == "户" and not _LIFTED.search(own)
    if measure in OWN_MEASURES[indicator] and not is_of_households:
        yield TableFigure(
            indicator=indicator,
            value=said[0].value,
            measure=measure,
            frame=_frame_of_labels(own, "".join(others)),
            start=cell.start,
            end=cell.start + len(cell.text),
            words=" ".join(filter(None, (label, head, cell.text))),
        )


def indicators_of(label: str) -> set[str]:
    """Return the indicators that a label names."""
    if not NAMED.search(label):
        return set()
    kinds = {word.kind for word in mask_sentence(label).words}
    if kinds & {"out", "persons"}:
        kinds.add("people")
    named = kinds & {*NOUNS, "people"}
    return named - {"assoc"} if "federations" in named else named


def _unit_of(label: str) -> str:
    unit = re.search(
        r"[（(/]\s*(?:单位[:：])?(个|家|名|位|人次|人|户)\s*(?:[）)](?=\s|$)|$)", label
    )
    return unit[1] if unit else ""


def _frame_of_labels(own: str, other: str) -> Frame:
    """Return the frame that the labels of a cell tell; ``own`` is the one with the indicator."""
    both = f"{own} {other}"
    if _DONE.search(both) and not _TARGET.search(other.replace("任务完成", "")):
        return Frame("total", 0, True)
    if _TARGET.search(both) and not _DONE.search(both):
        return Frame("target")
    if _WHOLE.search(both):
        return Frame("total", 0, True)
    if year := _YEAR.search(both):
        return Frame("year", int(year[1]))
    return Frame("total") if _PLAIN.fullmatch(other) else Frame("part")
