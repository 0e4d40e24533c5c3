"""Excel input rules and conditional formats of a score sheet."""

from collections.abc import Iterable, Sequence

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT
from kjfp_helpers.reports.office.packets.packet_layout import RECUSED, CaseRow
from kjfp_helpers.rules import Criterion
from kjfp_helpers.rules.rubric import Scale

COMMENT_NEEDED_FILL = PatternFill("solid", bgColor="FFC7A6")
INVALID_FILL = PatternFill("solid", bgColor="F4A3A3")
RECUSED_FILL = PatternFill("solid", bgColor="D9D9D9")
MAX_PROMPT_CHARS, MAX_PROMPT_TITLE_CHARS = 255, 32
"""Most characters of an input message and of its title."""


def add_input_rules(
    tab: Worksheet, criteria: Sequence[Criterion], scale: Scale, rows: Sequence[CaseRow]
) -> None:
    """Add a rule per input column, each with its input message in Chinese."""
    for criterion in criteria:
        cells = [line.marks[criterion.id] for line in rows]
        rule = _score_rule(scale, cells[0])
        levels = "；".join(f"{level.title}{level.least:g}起" for level in criterion.levels)
        asked = f"{criterion.ask}。{scale.allowed}。{levels}。"
        _set_messages(rule, criterion.title, asked, "评分不合", scale.allowed)
        _add_rule(tab, rule, cells)
    comment = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(COMMENT_LIMIT), allow_blank=True
    )
    asked = f"低于{scale.comment_below:g}分或{scale.comment_from:g}分及以上的，须写明理由。"
    _set_messages(comment, "评语", asked, "评语过长", f"至多{COMMENT_LIMIT}字")
    _add_rule(tab, comment, (line.comment for line in rows))
    away = DataValidation(type="list", formula1=f'"{RECUSED}"', allow_blank=True)
    _set_messages(
        away, RECUSED, "需要回避的选“回避”，并在右边写明理由；不回避的留空。", "只能选", RECUSED
    )
    _add_rule(tab, away, (line.away for line in rows))
    reason = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(COMMENT_LIMIT), allow_blank=True
    )
    _set_messages(
        reason, "回避理由", "左边选了“回避”的，写明理由。", "理由过长", f"至多{COMMENT_LIMIT}字"
    )
    _add_rule(tab, reason, (line.reason for line in rows))


def _validity_formula(scale: Scale, cell: str) -> str:
    """Return the formula of what :meth:`Scale.is_valid` tells."""
    steps = f"({cell}-{scale.least!r})/{scale.step!r}"
    return (
        f"IF(ISNUMBER({cell}),AND({cell}>={scale.least!r},{cell}<={scale.most!r},"
        f"ABS({steps}-ROUND({steps},0))<0.000000001),FALSE)"
    )


def _blank_formula(cell: str) -> str:
    """Return the formula that tells whether a cell holds nothing but white space."""
    text = cell
    for space in ('"　"', '"\u00a0"', "CHAR(9)", "CHAR(10)", "CHAR(13)"):
        text = f'SUBSTITUTE({text},{space},"")'
    return f"LEN(TRIM({text}))=0"


def _score_rule(scale: Scale, first: str) -> DataValidation:
    if scale.whole:
        return DataValidation(
            type="whole",
            operator="between",
            formula1=f"{scale.least:g}",
            formula2=f"{scale.most:g}",
            allow_blank=True,
        )
    return DataValidation(type="custom", formula1=_validity_formula(scale, first), allow_blank=True)


def _set_messages(rule: DataValidation, title: str, prompt: str, error: str, expected: str) -> None:
    rule.showInputMessage = rule.showErrorMessage = True
    rule.promptTitle, rule.prompt = title[:MAX_PROMPT_TITLE_CHARS], prompt[:MAX_PROMPT_CHARS]
    rule.errorTitle, rule.error = error, f"应填：{expected}。"


def _add_rule(tab: Worksheet, rule: DataValidation, cells: Iterable[str]) -> None:
    for cell in cells:
        rule.add(cell)
    tab.add_data_validation(rule)


def add_colour_rules(tab: Worksheet, scale: Scale, rows: Sequence[CaseRow]) -> None:
    """Colour missing comments, invalid scores and recused cases."""
    first, last = rows[0], rows[-1]
    marks = list(first.marks.values())
    span = f"${marks[0]}:${marks[-1]}"
    extreme = (
        f'COUNTIF({span},"<{scale.comment_below:g}")+COUNTIF({span},">={scale.comment_from:g}")'
    )
    asked = f'AND({extreme}>0,{_blank_formula(f"${first.comment}")},${first.away}="")'
    wrong = f'AND({marks[0]}<>"",NOT({_validity_formula(scale, marks[0])}))'
    silent = f'AND(${first.away}<>"",{_blank_formula(f"${first.reason}")})'
    end = list(last.marks.values())[-1]
    rules = (
        (f"{first.reason}:{last.reason}", silent, COMMENT_NEEDED_FILL, None),
        (f"{marks[0]}:{end}", f'${first.away}<>""', RECUSED_FILL, Font(color="8A8A8A")),
        (f"{marks[0]}:{end}", wrong, INVALID_FILL, None),
        (f"{first.comment}:{last.comment}", asked, COMMENT_NEEDED_FILL, None),
    )
    for cells, formula, fill, font in rules:
        tab.conditional_formatting.add(cells, FormulaRule([formula], fill=fill, font=font))
