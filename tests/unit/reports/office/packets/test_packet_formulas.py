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


def totals_row(case):
    return rubric_of(case["weights"], step=0.001), scores_of(case["scores"]), ""


def comment_row(case):
    rubric = rubric_of([0.5, 0.5], **case.get("scale", {}))
    return rubric, scores_of(case["scores"]), case["comment"]


def score_row(case):
    return rubric_of([1.0], **case.get("scale", {})), scores_of([case["score"]]), ""


ROWS = {"weighted_total": totals_row, "lacks_comment": comment_row, "valid_score": score_row}


@pytest.fixture(scope="module")
def recalculated(office_convert, tmp_path_factory):
    """All cases, each in a workbook with its colours' formulas beside it, recalculated at once.

    By the name of its file each case has its total, whether a comment is wanted, and whether the
    first score is wrong.
    """
    folder, lines = tmp_path_factory.mktemp("packets"), {}
    for name, row_of in ROWS.items():
        for number, known in enumerate(rule_cases(name)):
            packet = packet_of(*row_of(known))
            (line,) = case_rows(packet)
            book = build_packet_workbook(packet, dict.fromkeys(packet.cases, BLANK_CASE), STAMP)
            copy = openpyxl.load_workbook(io.BytesIO(book))
            tab, first = copy[line.tab], next(iter(line.marks.values()))
            wanted = colour_formula(tab, line.comment, COMMENT_NEEDED_FILL)
            tab[f"{COMMENT_WANTED}{line.row}"] = wanted
            tab[f"{WRONG}{line.row}"] = colour_formula(tab, first, INVALID_FILL)
            copy.save(folder / f"{name}-{number}.xlsx")
            lines[f"{name}-{number}"] = line
    office_convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
    found = {name: [] for name in ROWS}
    for name, line in lines.items():
        book = openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True)
        cells = (line.total, f"{COMMENT_WANTED}{line.row}", f"{WRONG}{line.row}")
        found[name.partition("-")[0]].append(tuple(book[line.tab][cell].value for cell in cells))
    return found


def test_the_workbook_has_the_same_totals(recalculated):
    totals = [total for total, *_ in recalculated["weighted_total"]]
    assert [None if total in (None, "") else total for total in totals] == [
        case["total"] for case in rule_cases("weighted_total")
    ]


def test_the_workbook_wants_the_same_comments(recalculated):
    assert [wanted for _, wanted, _ in recalculated["lacks_comment"]] == [
        case["lacks"] for case in rule_cases("lacks_comment")
    ]


def test_the_workbook_colours_the_same_scores(recalculated):
    assert [not wrong for _, _, wrong in recalculated["valid_score"]] == [
        case["valid"] for case in rule_cases("valid_score")
    ]
