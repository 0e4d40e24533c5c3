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


def packet_of(rubric, scored):
    """Return a packet of as many cases as there are pairs of scores and comment."""
    cases = {one.id: one for one in (case(serial=at + 1) for at in range(len(scored)))}
    scores = {
        one: CaseScores(scores=marks, comment=comment, seq=1)
        for one, (marks, comment) in zip(cases, scored, strict=True)
    }
    return MemberPacket(
        member="E1",
        code="E1-0",
        rubric=rubric,
        cases=cases,
        numbers={one: at for at, one in enumerate(cases, 1)},
        scores=scores,
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


def alike(known, row_of):
    """Group the numbers of the cases whose rubric is the same: they stand in one workbook."""
    groups = {}
    for number, one in enumerate(known):
        groups.setdefault(row_of(one)[0].model_dump_json(), []).append(number)
    return groups.values()


@pytest.fixture(scope="module")
def recalculated(office_convert, tmp_path_factory):
    """All cases, each in a row with its colours' formulas beside it, recalculated at once.

    By rule each case has its total, whether a comment is wanted, and whether the first score is
    wrong.
    """
    folder, held = tmp_path_factory.mktemp("packets"), []
    for rule, row_of in ROWS.items():
        known = rule_cases(rule)
        for numbers in alike(known, row_of):
            rows = [row_of(known[number]) for number in numbers]
            packet = packet_of(rows[0][0], [scored for _, *scored in rows])
            lines = list(case_rows(packet))
            book = build_packet_workbook(packet, dict.fromkeys(packet.cases, BLANK_CASE), STAMP)
            copy = openpyxl.load_workbook(io.BytesIO(book))
            for line in lines:
                write_colour_formulas(copy[line.tab], line)
            path = folder / f"{rule}-{numbers[0]}.xlsx"
            copy.save(path)
            held.append((rule, path.name, dict(zip(numbers, lines, strict=True))))
    office_convert("xlsx", folder / "out", *sorted(folder.glob("*.xlsx")))
    found = {rule: {} for rule in ROWS}
    for rule, name, lines in held:
        book = openpyxl.load_workbook(folder / "out" / name, data_only=True)
        for number, line in lines.items():
            cells = (line.total, f"{COMMENT_WANTED}{line.row}", f"{WRONG}{line.row}")
            found[rule][number] = tuple(book[line.tab][cell].value for cell in cells)
    return {rule: [told[number] for number in sorted(told)] for rule, told in found.items()}


def write_colour_formulas(tab, line):
    wanted = colour_formula(tab, line.comment, COMMENT_NEEDED_FILL)
    tab[f"{COMMENT_WANTED}{line.row}"] = wanted
    first = next(iter(line.marks.values()))
    tab[f"{WRONG}{line.row}"] = colour_formula(tab, first, INVALID_FILL)


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
