"""Content of a workbook: the stock-take, or a form laid out in cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.text_normalization import normalize_text
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.contents.content_model import FileContent, FileContext, RecordDraft
from kjfp_helpers.intake.contents.document_content import (
    NO_FORM,
    content_of_people_list,
    content_of_stocktake,
    draft_forms,
    is_curriculum_vitae,
)
from kjfp_helpers.intake.documents.document_model import Document
from kjfp_helpers.intake.documents.grid_model import Grid, table_from_grid
from kjfp_helpers.intake.stocktake.stocktake_tables import says_sample

_EXAMPLE = re.compile("例|说明|须知|指南|作废")
"""Names of sheets that are surely no answer, unlike 模板, 参考 and 样表."""
_NAMES = frozenset(("name", "leader_name"))


def content_of_workbook(grids: Sequence[Grid], context: FileContext) -> FileContent:
    """Return the stock-take of a workbook, else its forms, visible sheets first."""
    sheet_findings: tuple[Problem, ...] = ()
    if any(grid.hidden and grid.filled_cells for grid in grids):
        sheet_findings = make_problems("hidden_sheet", "看得见的工作表", "有隐藏的工作表")
    if stocktake := content_of_stocktake(sorted(grids, key=lambda grid: grid.hidden)):
        return replace(stocktake, findings=sheet_findings)
    document = _document_of(grids)
    shown = [grid.without_hidden_cells() for grid in grids if not grid.hidden]
    seen = _document_of(shown)
    own = _document_of([grid for grid in shown if not says_sample(grid.name)])
    drafts = draft_forms(own, context)
    is_own = bool(drafts)
    drafts = drafts or draft_forms(seen, context) or draft_forms(document, context)
    is_form = bool(drafts) and not is_curriculum_vitae(drafts, seen, context)
    if is_form:
        checked = tuple(_with_cell_findings(draft, grids) for draft in drafts)
        left_out = _left_out_findings(shown, context) if is_own else ()
        return FileContent(drafts[0].kind, drafts=checked, findings=(*sheet_findings, *left_out))
    names = (context.name, *(grid.name for grid in grids if not grid.hidden))
    if people := content_of_people_list(seen, names):
        return replace(people, findings=(*sheet_findings, *people.findings))
    if drafts:
        findings = make_problems("unsorted", *NO_FORM)
    elif any(grid.filled_cells for grid in grids):
        found = "表中没有“两数”各栏，也不是推荐表"
        findings = make_problems("unsorted", "盘点表或推荐表", found)
    else:
        findings = make_problems("empty", "有内容的工作簿", "空白工作簿")
    return FileContent(
        "unknown", findings=(*sheet_findings, *findings), caption_source=document.text
    )


def _left_out_findings(grids: Sequence[Grid], context: FileContext) -> Iterator[Problem]:
    """Yield a question on each sheet left out that holds a name and may be no example."""
    for grid in grids:
        if not says_sample(grid.name) or _EXAMPLE.search(normalize_text(grid.name)):
            continue
        if any(
            draft.provenance.keys() & _NAMES for draft in draft_forms(_document_of([grid]), context)
        ):
            found = (
                f"工作表{quote_for_finding(grid.name)}有填好的推荐表，未计入，请核对是否为正式填报"
            )
            yield from make_problems("unsorted", "推荐表填在正式的工作表", found)


def _document_of(grids: Sequence[Grid]) -> Document:
    """Return the sheets as the tables of a document."""
    tables = tuple(table_from_grid(grid, number) for number, grid in enumerate(grids, start=1))
    return Document(tables, frozenset().union(*(grid.markers for grid in grids)))


def _with_cell_findings(draft: RecordDraft, grids: Sequence[Grid]) -> RecordDraft:
    """Return a draft with the findings on the cells that its values were read from."""
    findings = (*draft.findings, *_number_findings(draft, grids), *_formula_findings(draft, grids))
    return replace(draft, findings=findings)


def _formula_findings(draft: RecordDraft, grids: Sequence[Grid]) -> Iterator[Problem]:
    """Yield a finding on each field whose formula was saved without its result."""
    uncached = {location for grid in grids for location in grid.uncached_formulas}
    for name, location in draft.provenance.items():
        if location in uncached:
            for finding in make_problems(
                "formula_no_cache", "保存过计算结果的内容", "公式没有结果"
            ):
                yield finding.at(name, location)


def _number_findings(draft: RecordDraft, grids: Sequence[Grid]) -> Iterator[Problem]:
    """Yield a finding on an identity number stored as a number: its last digits are lost."""
    location = draft.provenance.get("id_number", "")
    (finding,) = make_problems("numeric_cell", "文本格式的身份证号码", "数值格式，末几位已失真")
    for grid in grids:
        for cell in grid.cells:
            if cell.location == location and isinstance(cell.value, int | float):
                yield finding.at("id_number", location)
