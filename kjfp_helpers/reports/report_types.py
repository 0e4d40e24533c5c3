"""The kinds of report: which notebook makes one, from which parameter, and where it stands.

A report's name is its path below ``reports/`` without ending: a unit's code, ``overall``,
``cases/<case>`` or ``members/<member>``. Its data file has the same name below ``reports/data/``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest

OVERALL = "overall"
"""Name of the overall report among the units' codes."""


@dataclass(frozen=True, kw_only=True)
class ReportType:
    """A kind of report; ``parameter`` takes its data's path, ``folder`` is below ``reports/``."""

    title: str
    notebook: str
    parameter: str
    folder: str = ""

    def report_name(self, key: str) -> str:
        """Return the name of the report on a unit, case or member."""
        return f"{self.folder}/{key}" if self.folder else key


OVERALL_TYPE = ReportType(
    title="总报告", notebook="08_overall_report.ipynb", parameter="overall_data"
)
UNIT_TYPE = ReportType(title="单位报告", notebook="07_unit_report.ipynb", parameter="unit_data")
CASE_TYPE = ReportType(
    title="推荐对象卷宗", notebook="09_case_dossier.ipynb", parameter="case_data", folder="cases"
)
MEMBER_TYPE = ReportType(
    title="评委评分表", notebook="10_member_sheet.ipynb", parameter="member_data", folder="members"
)
REPORT_TYPES = (OVERALL_TYPE, UNIT_TYPE, CASE_TYPE, MEMBER_TYPE)
"""In the order in which they are made: the longest first."""


def report_type_of(name: str) -> ReportType:
    """Return the kind of the report of a name."""
    if name == OVERALL:
        return OVERALL_TYPE
    folder = name.rpartition("/")[0]
    return next(kind for kind in REPORT_TYPES[1:] if kind.folder == folder)


def sort_key(name: str) -> tuple[int, str]:
    """Return the sort key for the order in which reports are made."""
    return REPORT_TYPES.index(report_type_of(name)), name


def unit_code_of(name: str) -> str:
    """Return the code of the unit that a unit's or a case's report is about, else ``""``.

    A case's id is a letter, the unit's code and a serial.
    """
    kind, key = report_type_of(name), name.rpartition("/")[2]
    if kind is UNIT_TYPE:
        return key
    if kind is CASE_TYPE:
        return key[1:].rpartition("-")[0]
    return ""


def select_reports(names: Iterable[str], only: Sequence[str]) -> list[str]:
    """Return the reports asked for: of a unit all of its own, else the one named; none is all.

    Raises
    ------
    ParameterError
        When a word names nothing, with the nearest that does.
    """
    known = list(names)
    words = {name.rpartition("/")[2] for name in known}
    for word in only:
        if word not in words:
            raise ParameterError(
                "--only",
                expected="本轮的单位代码、个案编号、评委编号或 overall",
                found=f"“{word}”",
                advice=f"更正代码，{suggest(word, sorted(words))}",
            )
    wanted = set(only)
    return [
        name
        for name in known
        if not only or name.rpartition("/")[2] in wanted or unit_code_of(name) in wanted
    ]
