"""Formulas of the packet workbook, worked out by LibreOffice: the same rules as the ledger's."""

import io

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries

from kjfp_helpers.panel_review.scoring.case_scores import CaseScores
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.reports.office.packets.packet_input_rules import (
    COMMENT_NEEDED_FILL,
    INVALID_FILL,
)
from kjfp_helpers.reports.office.packets.packet_layout import case_rows
from kjfp_helpers.reports.office.packets.packet_workbook import PacketStamp, build_packet_workbook
from kjfp_helpers.state.anonymization.anonymized_case import AnonymizedCase
from support.rounds.panels_and_scores import case
from support.rule_cases.case_files import rubric_of, rule_cases, scores_of

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]

BLANK_CASE = AnonymizedCase(
    named=False, facts=(), figures=(), numbers=(), earlier=(), honors=None, story=None, remarks=()
)
STAMP = PacketStamp(
    title="测试",
    rehearsal=True,
    member="E1",
    name="评委",
    found=(),
    seq=1,
    amendments=(),
    hash="0" * 64,
    rules="0" * 8,
)
COMMENT_WANTED, WRONG = "Y", "Z"
"""Columns that take the formulas of two colours: the comment is wanted, the first score is wrong."""


def packet_of(rubric, scores, comment):
    one = case(unit="61")
    return MemberPacket(
        member="E1",
        code="E1-0",
        rubric=rubric,
        cases={one.id: one},
        numbers={one.id: 1},
        scores={one.id: CaseScores(scores=scores, comment=comment, seq=1)},
    )


def colour_formula(tab, cell, fill):
    """Return the formula of a colour where it applies to a cell."""
    column, row = range_boundaries(cell)[:2]
    for area in tab.conditional_formatting:
        for span in area.sqref.ranges:
            inside = span.min_col <= column <= span.max_col and span.min_row <= row <= span.max_row
            for rule in area.rules if inside else ():
                if rule.dxf.fill.bgColor.rgb == fill.bgColor.rgb:
                    return Translator(
                        f"={rule.formula[0]}", span.coord.split(":")[0]
                    ).translate_formula(cell)
    raise LookupError(cell)


@pytest.fixture(scope="module")
def recalculate(office_convert, tmp_path_factory):
    """Write one workbook a case, with its colours' formulas beside it, and recalculate them all.

    Returns per case its total, whether a comment is wanted, whether the first score is wrong.
    """

    def run(rows):
        folder, lines = tmp_path_factory.mktemp("packets"), []
        for number, (rubric, scores, comment) in enumerate(rows):
            packet = packet_of(rubric, scores, comment)
            (line,) = case_rows(packet)
            book = build_packet_workbook(packet, dict.fromkeys(packet.cases, BLANK_CASE), STAMP)
            copy = openpyxl.load_workbook(io.BytesIO(book))
            tab, first = copy[line.tab], next(iter(line.marks.values()))
            wanted = colour_formula(tab, line.comment, COMMENT_NEEDED_FILL)
            tab[f"{COMMENT_WANTED}{line.row}"] = wanted
            tab[f"{WRONG}{line.row}"] = colour_formula(tab, first, INVALID_FILL)
            copy.save(folder / f"{number}.xlsx")
            lines.append(line)
        office_convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
        for number, line in enumerate(lines):
            book = openpyxl.load_workbook(folder / "out" / f"{number}.xlsx", data_only=True)
            tab = book[line.tab]
            cells = (line.total, f"{COMMENT_WANTED}{line.row}", f"{WRONG}{line.row}")
            yield tuple(tab[cell].value for cell in cells)

    return lambda rows: list(run(rows))


def test_the_workbook_has_the_same_totals(recalculate):
    known = rule_cases("weighted_total")
    rows = [
        (rubric_of(case["weights"], step=0.001), scores_of(case["scores"]), "") for case in known
    ]
    totals = [total for total, *_ in recalculate(rows)]
    assert [None if total in (None, "") else total for total in totals] == [
        case["total"] for case in known
    ]


def test_the_workbook_wants_the_same_comments(recalculate):
    known = rule_cases("lacks_comment")
    rows = [
        (
            rubric_of([0.5, 0.5], **case.get("scale", {})),
            scores_of(case["scores"]),
            case["comment"],
        )
        for case in known
    ]
    assert [wanted for _, wanted, _ in recalculate(rows)] == [case["lacks"] for case in known]


def test_the_workbook_colours_the_same_scores(recalculate):
    known = rule_cases("valid_score")
    rows = [
        (rubric_of([1.0], **case.get("scale", {})), scores_of([case["score"]]), "")
        for case in known
    ]
    assert [not wrong for _, _, wrong in recalculate(rows)] == [case["valid"] for case in known]
