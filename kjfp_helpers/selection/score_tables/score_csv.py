"""Read a score table from a CSV file: one row per score, or per criterion."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.core.errors import ScoreTableError, ScoreTableErrors
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.core.text_normalization import remove_invisible_chars
from kjfp_helpers.selection.ranking.raters.rater_likelihood import Floats, Ints
from kjfp_helpers.selection.ranking.score_matrix import Names
from kjfp_helpers.selection.score_tables.csv_text import header_name, read_csv_text, require_commas
from kjfp_helpers.selection.score_tables.name_matching import (
    UnifiedNames,
    describe_merged,
    unify_names,
)

REQUIRED_COLUMNS = ("item", "reviewer", "score")
KNOWN_COLUMNS = (*REQUIRED_COLUMNS, "criterion")
KEY_COLUMNS = ("item", "reviewer", "criterion")
TITLES = {"item": "个案", "reviewer": "评委", "criterion": "评分项"}
MAX_SCORE = 1e100
"""Scores are smaller, so that the sums of their squares are numbers too."""

MAX_SHOWN = 5
"""Rows of one fault that are told one by one."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class ScoreFile:
    """Contents of a score file.

    ``totals`` has columns ``member case total``, one row a score; the total of a score by criteria
    is the plain mean of those that were given. ``unscored`` are the items without any score,
    ``notes`` what a reader must know, in Chinese.
    """

    totals: pd.DataFrame
    unscored: tuple[str, ...]
    notes: tuple[str, ...]


def read_scores(
    path: Path, *, minimum: float | None = None, maximum: float | None = None
) -> ScoreFile:
    """Read a CSV file with the columns ``item reviewer score`` and, where it has it, ``criterion``.

    UTF-8, with or without BOM, or GB 18030. A blank score is a missing one. There are no
    weights: where criteria weigh differently, ``score`` should be the total. Spellings of a name
    that look alike are one name, see :mod:`kjfp_helpers.selection.score_tables.name_matching`.

    Parameters
    ----------
    least, most : float, optional
        Range of a score.

    Raises
    ------
    ScoreTableError
        The file or its columns cannot be read, or rows do not hold; all faults are told at once.
    """
    sheet = _read_sheet(path)
    low, high = -np.inf if minimum is None else minimum, np.inf if maximum is None else maximum
    score, filled = sheet.score, sheet.filled
    problems = [
        *sheet.faults("item", [not text for text in sheet.cells["item"]], "有名称"),
        *sheet.faults("reviewer", [not text for text in sheet.cells["reviewer"]], "有名称"),
        *sheet.blank_criteria(),
        *sheet.doubtful_names(),
        *sheet.faults("score", filled & np.isnan(score), "数字或空白"),
        *sheet.faults("score", np.abs(score) > MAX_SCORE, f"绝对值不超过{MAX_SCORE:g}的分"),
        *sheet.faults("score", score < low, f"不小于{low:g}的分"),
        *sheet.faults("score", score > high, f"不大于{high:g}的分"),
        *sheet.repeats(),
    ]
    if problems:
        raise ScoreTableErrors(problems)
    if not filled.any():
        found = "评分一栏全是空白" if len(filled) else "没有一行"
        raise ScoreTableError(path.name, expected="有评分", found=found, advice="填好评分后重试")
    return _tabulate_totals(sheet)


@dataclass(frozen=True)
class _Sheet:
    """The cells of a file by column, stripped, without rows that hold nothing."""

    path: Path
    text: str
    cells: Mapping[str, Sequence[str]]
    names: Mapping[str, UnifiedNames]

    @cached_property
    def coded(self) -> dict[str, tuple[Ints, Names]]:
        """Return each column of names as indices into its sorted names."""
        return {
            name: pd.factorize(np.array(self.cells[name], dtype=object), sort=True)
            for name in KEY_COLUMNS
            if name in self.cells
        }

    @cached_property
    def score(self) -> Floats:
        """Return the scores; NaN for a blank and for what is no number."""
        typed = self.cells["score"]
        known = {text: _parse_number(text) for text in set(typed)}
        return np.array([known[text] for text in typed], dtype=float)

    @cached_property
    def filled(self) -> npt.NDArray[np.bool_]:
        """Return where a score is typed."""
        return np.array([text != "" for text in self.cells["score"]], dtype=bool)

    def faults(self, column: str, wrong: npt.ArrayLike, expected: str) -> Iterator[ScoreTableError]:
        """Tell of the rows where a column is wrong."""
        for row, many in _first_faults(np.flatnonzero(wrong).tolist()):
            cell = self.cells[column][row]
            yield ScoreTableError(
                f"{self.location(row)}“{column}”{many}",
                expected=expected,
                found=f"“{cell[:40]}”" if cell else "空白",
                advice="更正此格",
            )

    def blank_criteria(self) -> Iterator[ScoreTableError]:
        """Tell of the rows without a criterion."""
        return self.faults(
            "criterion", [not one for one in self.cells.get("criterion", ())], "有名称"
        )

    def doubtful_names(self) -> Iterator[ScoreTableError]:
        """Ask about the names that may be one."""
        for column, names in self.names.items():
            for group, many in _first_faults(names.ambiguous):
                first = [self.location(names.cells.index(one)).split()[-1] for one in group]
                spelt = "、".join(
                    f"“{one}”（{at}起）" for one, at in zip(group, first, strict=True)
                )
                yield ScoreTableError(
                    f"{self.path.name} “{column}”列{many}",
                    expected=f"一个{TITLES[column]}只有一种写法",
                    found=f"{spelt}只差大小写、空格或点",
                    advice="是同一个的改成一种写法；确是不同的，改成不易混淆的名称",
                )

    def repeats(self) -> Iterator[ScoreTableError]:
        """Tell of the scores that were given again."""
        rows = np.flatnonzero(self.filled)
        codes = [code for code, _ in self.coded.values()]
        order = rows[np.lexsort((rows, *(code[rows] for code in codes)))]
        same = [np.diff(code[order]) == 0 for code in codes]
        for place, many in _first_faults(np.flatnonzero(np.all(same, axis=0)).tolist()):
            first, row = order[place : place + 2].tolist()
            names = "、".join(self.cells[name][row] for name in self.coded)
            yield ScoreTableError(
                f"{self.location(row)}{many}",
                expected="一位评委对一件（的一个评分项）只有一份评分",
                found=f"“{names}”在第{self._line(first)}行已有",
                advice="删去重复的一行",
            )

    def location(self, row: int) -> str:
        """Return file and line of a row."""
        return f"{self.path.name} 第{self._line(row)}行"

    def _line(self, row: int) -> int:
        """Return the line of a row; the file is walked again, as faults are rare."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        lines = (reader.line_num for cells in reader if any(map(str.strip, cells)))
        return next(line for number, line in enumerate(lines) if number == row + 1)


def _first_faults(faults: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Walk the first faults of one sort; the very first says how many there are."""
    many = f"（同类共{len(faults)}处，列出前{MAX_SHOWN}处）" if len(faults) > MAX_SHOWN else ""
    for fault in faults[:MAX_SHOWN]:
        yield fault, many
        many = ""


def _tabulate_totals(sheet: _Sheet) -> ScoreFile:
    """Return one row a score, by case and member."""
    (item, items), (reviewer, reviewers) = sheet.coded["item"], sheet.coded["reviewer"]
    mark = item[sheet.filled] * len(reviewers) + reviewer[sheet.filled]
    marks, place, count = np.unique(mark, return_inverse=True, return_counts=True)
    # Sorted first, so that a mean does not depend on the order of the rows.
    order = np.lexsort((sheet.score[sheet.filled], place))
    total = np.bincount(place[order], sheet.score[sheet.filled][order]) / count
    case = marks // len(reviewers)
    unmarked = np.setdiff1d(np.arange(len(items)), case)
    notes = [
        line
        for column, names in sheet.names.items()
        for line in describe_merged(TITLES[column], names.merged)
    ]
    if len(unmarked):
        notes.append(f"{len(unmarked)} 件没有评分，不排名次。")
    if "criterion" in sheet.cells:
        criteria = len(set(sheet.cells["criterion"]))
        notes.append(f"每份评分取 {criteria} 个评分项的平均分（各项同等轻重）。")
        if partly := int((count < criteria).sum()):
            notes.append(f"{partly} 份评分缺评分项，按已评各项平均。")
    totals = {"member": reviewers[marks % len(reviewers)], "case": items[case], "total": total}
    return ScoreFile(pd.DataFrame(totals), tuple(items[unmarked]), tuple(notes))


def _parse_number(text: str) -> float:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return float(plain) if _NUMBER.fullmatch(plain) else np.nan


def _read_sheet(path: Path) -> _Sheet:
    text = read_csv_text(path, REQUIRED_COLUMNS)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head, *rows = [cells for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise ScoreTableError(
            f"{path.name} 第{reader.line_num}行",
            expected="以逗号隔开的一行",
            found="无法分格",
            advice="核对引号和换行",
        ) from error
    header = [header_name(name) for name in head]
    if not set(REQUIRED_COLUMNS) <= set(header):
        require_commas(path.name, text, REQUIRED_COLUMNS)
    _require_columns(path, header)
    ragged = [row for row, cells in enumerate(rows) if len(cells) != len(header)]
    if ragged:
        place = _Sheet(path, text, {}, {}).location
        raise ScoreTableErrors(
            ScoreTableError(
                f"{place(row)}{many}",
                expected=f"{len(header)}格",
                found=f"{len(rows[row])}格",
                advice="核对这一行的逗号和引号",
            )
            for row, many in _first_faults(ragged)
        )
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    cells = dict(zip(header, columns, strict=True))
    used = [
        name
        for name in KEY_COLUMNS
        if name in REQUIRED_COLUMNS or any(map(str.strip, cells.get(name, ())))
    ]
    names = {name: unify_names(cells[name]) for name in used}
    score = [
        cell.strip() if cell.isascii() else remove_invisible_chars(cell) for cell in cells["score"]
    ]
    return _Sheet(path, text, {name: names[name].cells for name in names} | {"score": score}, names)


def _require_columns(path: Path, header: Sequence[str]) -> None:
    where = f"{path.name} 表头"
    problems = [
        ScoreTableError(
            where,
            expected=f"列名 {'、'.join(KNOWN_COLUMNS)}",
            found=f"“{name}”",
            advice=f"更正列名，{suggest(name, KNOWN_COLUMNS)}",
        )
        for name in dict.fromkeys(header)
        if name not in KNOWN_COLUMNS
    ]
    problems += [
        ScoreTableError(
            where,
            expected=f"“{name}”列一次",
            found=f"{header.count(name)}次",
            advice="补上所缺的列" if name not in header else "删去多余的列",
        )
        for name in KNOWN_COLUMNS
        if header.count(name) > 1 or (name in REQUIRED_COLUMNS and name not in header)
    ]
    if problems:
        raise ScoreTableErrors(problems)
