"""Stock-take workbooks as offices keep them: several sheets, years, counties, hidden columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from kjfp_helpers.core.form_schema import STOCKTAKE_COLUMNS, STOCKTAKE_ROWS
from support.forms.sample_files import saved

Pairs = Sequence[tuple[object, object]]
LABELS = ("支持建设农技协数", "组织动员专家数", "带动建档立卡贫困户脱贫人数")
TOTAL: Pairs = ((10, 12), (100, 130), (3000, 3400))
FIRST: Pairs = ((2, 3), (20, 30), (600, 700))
SECOND: Pairs = ((8, 9), (80, 100), (2400, 2700))
OLD: Pairs = ((10, 8), (100, 88), (3000, 2500))
EXAMPLE: Pairs = ((1, 1), (1, 1), (1, 1))
EMPTY: Pairs = ((None, None),) * 3
NAMES = tuple(
    f"{prefix}_{suffix}" for prefix, _ in STOCKTAKE_ROWS for suffix, _ in STOCKTAKE_COLUMNS
)


def flat(pairs: Pairs) -> list[object]:
    """The six figures in the order of NAMES."""
    return [figure for pair in pairs for figure in pair]


def table(
    pairs: Pairs, *, title: str = "“两数”盘点表", unit: str = "测试省科协"
) -> list[list[object]]:
    """Rows of a stock-take as printed."""
    return [
        [title],
        ["填报单位", unit],
        ["指标", "目标任务", "完成数"],
        *([label, *pair] for label, pair in zip(LABELS, pairs, strict=True)),
    ]


def workbook(sheets: Iterable[tuple[str, list[list[object]]]]) -> Workbook:
    """A workbook with named sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def columns(heads: Sequence[str], *values: Sequence[object]) -> list[list[object]]:
    """Rows of a stock-take with further columns; ``values`` are columns of three figures."""
    return [
        ["“两数”盘点表"],
        ["填报单位", "测试省科协"],
        ["指标", *heads],
        *([label, *(column[at] for column in values)] for at, label in enumerate(LABELS)),
    ]


def _column(pairs: Pairs, at: int) -> list[object]:
    return [pair[at] for pair in pairs]


def county_rows(*rows: tuple[str, Pairs]) -> list[list[object]]:
    """Counties one below the other, quantities side by side."""
    heads = [f"{label}{word}" for label in LABELS for word in ("目标", "完成")]
    return [
        ["填报单位", "测试省科协"],
        ["地区", *heads],
        *([name, *flat(pairs)] for name, pairs in rows),
    ]


def _county_columns() -> list[list[object]]:
    """Counties side by side, with a column of the total."""
    rows: list[list[object]] = [
        ["填报单位", "测试省科协"],
        ["指标", "项目", "甲市", "乙市", "合计"],
    ]
    for label, *pairs in zip(LABELS, FIRST, SECOND, TOTAL, strict=True):
        for at, word in enumerate(("目标", "完成")):
            rows.append([label, word, *(pair[at] for pair in pairs)])
    return rows


def _hidden(
    book: Workbook, *, column: str = "", rows: Sequence[int] = (), width: float = -1
) -> Workbook:
    sheet = book.worksheets[0]
    if column and width < 0:
        sheet.column_dimensions[column].hidden = True
    elif column:
        sheet.column_dimensions[column].width = width
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    return book


def _hidden_sheet(book: Workbook, name: str) -> Workbook:
    book[name].sheet_state = "hidden"
    return book


def _formatted(pairs: Pairs, formats: Sequence[str]) -> Workbook:
    book = workbook([("盘点表", table(pairs))])
    for row, number_format in enumerate(formats, start=4):
        for column in (2, 3):
            book.active.cell(row, column).number_format = number_format
    return book


def _commented(book: Workbook, *, hidden_font: bool = False) -> Workbook:
    book.active["C4"].comment = Comment("以上为计划数", "省科协")
    if hidden_font:
        book.active["C5"].font = Font(strike=True)
    return book


def _stacked(*blocks: tuple[str, Pairs]) -> list[list[object]]:
    rows: list[list[object]] = [["填报单位", "测试省科协"]]
    for title, pairs in blocks:
        rows += [[title], ["指标", "目标任务", "完成数"]]
        rows += [[label, *pair] for label, pair in zip(LABELS, pairs, strict=True)]
    return rows


def _one_quantity_a_sheet() -> list[tuple[str, list[list[object]]]]:
    return [
        (name, [["填报单位", "测试省科协"], ["指标", "目标任务", "完成数"], [label, *pair]])
        for name, label, pair in zip(("农技协", "专家", "脱贫"), LABELS, TOTAL, strict=True)
    ]


@dataclass(frozen=True)
class Variant:
    """A workbook and what it says: ``figures`` as in NAMES, ``None`` where a question is wanted."""

    name: str
    build: Callable[[], Workbook]
    figures: Sequence[object] | None
    code: str = ""


def _sheets(*sheets: tuple[str, Pairs]) -> Callable[[], Workbook]:
    return lambda: workbook([(name, table(pairs)) for name, pairs in sheets])


_WHOLE = flat(TOTAL)
VARIANTS = (
    Variant("years", _sheets(("2017年", FIRST), ("2018年", SECOND)), None, "ambiguous"),
    Variant(
        "years_total_last", _sheets(("2017年", FIRST), ("2018年", SECOND), ("合计", TOTAL)), _WHOLE
    ),
    Variant(
        "years_total_first", _sheets(("汇总", TOTAL), ("2017年", FIRST), ("2018年", SECOND)), _WHOLE
    ),
    Variant(
        "whole_period", _sheets(("2017", FIRST), ("2018", SECOND), ("2016-2020年", TOTAL)), _WHOLE
    ),
    Variant(
        "sum_without_mark", _sheets(("甲市", FIRST), ("乙市", SECOND), ("盘点表", TOTAL)), _WHOLE
    ),
    Variant("counties", _sheets(("甲市", FIRST), ("乙市", SECOND)), None, "ambiguous"),
    Variant("two_totals", _sheets(("合计", TOTAL), ("汇总", OLD)), None, "ambiguous"),
    Variant("sample_first", _sheets(("填写示例", EXAMPLE), ("盘点表", TOTAL)), _WHOLE),
    Variant("sample_last", _sheets(("盘点表", TOTAL), ("样表", EXAMPLE)), _WHOLE),
    Variant("empty_first", _sheets(("Sheet1", EMPTY), ("Sheet2", TOTAL)), _WHOLE),
    Variant("copies", _sheets(("盘点表", TOTAL), ("盘点表 (2)", TOTAL)), _WHOLE),
    Variant("two_versions", _sheets(("盘点表", TOTAL), ("盘点表 (2)", OLD)), None, "ambiguous"),
    Variant("void_first", _sheets(("作废", OLD), ("盘点表", TOTAL)), _WHOLE),
    Variant(
        "stacked_years",
        lambda: workbook([("盘点表", _stacked(("2017年", FIRST), ("2018年", SECOND)))]),
        None,
        "ambiguous",
    ),
    Variant(
        "stacked_total",
        lambda: workbook(
            [("盘点表", _stacked(("2017年", FIRST), ("2018年", SECOND), ("合计", TOTAL)))]
        ),
        _WHOLE,
    ),
    Variant(
        "county_rows",
        lambda: workbook([("盘点", county_rows(("甲市", FIRST), ("乙市", SECOND)))]),
        None,
        "ambiguous",
    ),
    Variant(
        "county_rows_total",
        lambda: workbook(
            [("盘点", county_rows(("甲市", FIRST), ("乙市", SECOND), ("全省合计", TOTAL)))]
        ),
        _WHOLE,
    ),
    Variant("county_columns_total", lambda: workbook([("盘点", _county_columns())]), _WHOLE),
    Variant("guide_with_sample", _sheets(("说明", EXAMPLE), ("盘点表", TOTAL)), _WHOLE),
    Variant(
        "only_done_is_hidden",
        lambda: _hidden(workbook([("盘点", table(TOTAL))]), column="C"),
        _WHOLE,
        "hidden_text",
    ),
    Variant(
        "details_with_their_total",
        lambda: workbook(
            [
                ("盘点表", table(TOTAL)),
                ("分市明细", county_rows(("甲市", FIRST), ("乙市", SECOND), ("合计", TOTAL))),
            ]
        ),
        _WHOLE,
    ),
    Variant(
        "details_that_sum_up",
        lambda: workbook(
            [("分市明细", county_rows(("甲市", FIRST), ("乙市", SECOND))), ("盘点表", table(TOTAL))]
        ),
        _WHOLE,
    ),
    Variant(
        "details_that_do_not_sum_up",
        lambda: workbook(
            [("盘点表", table(OLD)), ("分市明细", county_rows(("甲市", FIRST), ("乙市", SECOND)))]
        ),
        None,
        "ambiguous",
    ),
    Variant("one_quantity_a_sheet", lambda: workbook(_one_quantity_a_sheet()), _WHOLE),
    Variant(
        "hidden_sheet",
        lambda: _hidden_sheet(_sheets(("旧", OLD), ("盘点表", TOTAL))(), "旧"),
        _WHOLE,
    ),
    Variant(
        "hidden_row",
        lambda: _hidden(
            workbook([("盘点", [*table(TOTAL)[:3], [LABELS[0], 99, 88], *table(TOTAL)[3:]])]),
            rows=[4],
        ),
        _WHOLE,
        "hidden_text",
    ),
    *(
        Variant(
            f"hidden_column_{width}",
            lambda width=width: _hidden(
                workbook(
                    [
                        (
                            "盘点",
                            columns(
                                ("目标任务", "完成数", "完成数"),
                                _column(TOTAL, 0),
                                _column(OLD, 1),
                                _column(TOTAL, 1),
                            ),
                        )
                    ]
                ),
                column="C",
                width=width,
            ),
            _WHOLE,
            "hidden_text",
        )
        for width in (-1, 0.1)
    ),
    *(
        Variant(
            f"{first}_{second}",
            lambda first=first, second=second: workbook(
                [
                    (
                        "盘点",
                        columns(
                            ("目标任务", first, second),
                            _column(TOTAL, 0),
                            _column(OLD, 1),
                            _column(TOTAL, 1),
                        ),
                    )
                ]
            ),
            None,
            "ambiguous",
        )
        for first, second in (
            ("上报完成数", "核实完成数"),
            ("自查完成", "实际完成"),
            ("省本级完成数", "全省完成数"),
            ("完成数", "完成数"),
            ("截至6月底完成数", "截至8月底完成数"),
            ("2019年底完成数", "2020年6月底完成数"),
            ("上半年完成", "全年完成"),
        )
    ),
    Variant(
        "adjusted_target",
        lambda: workbook(
            [
                (
                    "盘点",
                    columns(
                        ("目标任务", "调整后目标", "完成数"),
                        _column(OLD, 1),
                        _column(TOTAL, 0),
                        _column(TOTAL, 1),
                    ),
                )
            ]
        ),
        None,
        "ambiguous",
    ),
    Variant(
        "this_year_and_sum",
        lambda: workbook(
            [
                (
                    "盘点",
                    columns(
                        ("目标任务", "本年完成数", "累计完成数"),
                        _column(TOTAL, 0),
                        _column(FIRST, 1),
                        _column(TOTAL, 1),
                    ),
                )
            ]
        ),
        _WHOLE,
    ),
    Variant(
        "years_beside_their_total",
        lambda: workbook(
            [
                (
                    "盘点",
                    columns(
                        ("目标任务", "2017年完成", "2018年完成", "合计"),
                        _column(TOTAL, 0),
                        _column(FIRST, 1),
                        _column(SECOND, 1),
                        _column(TOTAL, 1),
                    ),
                )
            ]
        ),
        _WHOLE,
    ),
    Variant(
        "surplus",
        lambda: workbook(
            [
                (
                    "盘点",
                    columns(
                        ("目标任务", "完成数", "超额完成数"),
                        _column(TOTAL, 0),
                        _column(TOTAL, 1),
                        _column(FIRST, 0),
                    ),
                )
            ]
        ),
        _WHOLE,
    ),
    Variant("sample_named_so", _sheets(("例", EXAMPLE), ("盘点表", TOTAL)), _WHOLE),
    Variant(
        "units_by_format",
        lambda: _formatted(((10, 12), (100, 130), (0.3, 0.34)), ('0"个"', '0"人"', '0.00"万"')),
        _WHOLE,
    ),
    Variant("scaled_by_format", lambda: _formatted(TOTAL, ("0", "#,##0", '0!.0000"万"')), _WHOLE),
    Variant(
        "thousands_hidden",
        lambda: _formatted(((10, 12), (100, 130), (3_000_000, 3_400_000)), ("0", "0", "#,##0,")),
        None,
        "ambiguous",
    ),
    Variant(
        "hidden_by_format",
        lambda: _formatted(TOTAL, ("0", "0", ";;;")),
        [*_WHOLE[:4], None, None],
        "hidden_text",
    ),
    Variant("comment", lambda: _commented(_sheets(("盘点", TOTAL))()), _WHOLE, "comments"),
    Variant(
        "struck_out",
        lambda: _commented(_sheets(("盘点", TOTAL))(), hidden_font=True),
        [*_WHOLE[:3], None, *_WHOLE[4:]],
        "ambiguous",
    ),
)
"""Each kind of workbook with the right answer, decided by what a person reads in it."""


def data_of(variant: Variant) -> bytes:
    """The file of a variant as .xlsx."""
    return saved(variant.build())
