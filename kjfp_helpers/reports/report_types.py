"""The kinds of report: which notebook makes one, from which parameters, and where it stands.

A report's name is its path below ``reports/`` without ending: ``unit/<code>``, ``office/<code>`` or
``panel/<blind number>`` for the editions of a unit's report, ``overall``, ``cases/<case>`` or
``members/<member>``. Its data file has the same name below ``reports/data/``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest

OVERALL = "overall"
"""Name of the overall report among the units' codes."""
UNIT, OFFICE, PANEL = "unit", "office", "panel"
AUDIENCES: Mapping[str, str] = {UNIT: "单位", OFFICE: "办公室", PANEL: "评委"}
"""Audience of a unit's report, as parameter and folder name it, to what it is called."""
DEFAULT_AUDIENCES = (UNIT, OFFICE)
"""Editions that are made where none is named."""
_PLACES = ("round_dir", "outputs_dir")


@dataclass(frozen=True, kw_only=True)
class ReportType:
    """A kind of report; ``subject`` is the parameter that names what it is about, if any.

    ``folders`` are below ``reports/``; that of a unit's report names the audience.
    """

    title: str
    notebook: str
    subject: str = ""
    folders: tuple[str, ...] = ("",)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that the batch gives to each of its reports."""
        own = {tuple(AUDIENCES): ("audience",), ("",): ("produce",)}.get(self.folders, ())
        return (*_PLACES, *filter(None, (self.subject,)), *own)

    def report_name(self, key: str, folder: str = "") -> str:
        """Return the name of the report on a unit, case or member."""
        folder = folder or self.folders[0]
        return f"{folder}/{key}" if folder else key

    def page_path(self, key: str, folder: str = "") -> str:
        """Return the path of a report's page, from the folder of the outputs.

        >>> UNIT_TYPE.page_path("41", OFFICE)
        'reports/office/41.html'
        """
        return f"reports/{self.report_name(key, folder)}.html"

    def values(self, name: str) -> dict[str, str | bool]:
        """Return the parameters of a report made from the data in ``reports/data``."""
        folder, _, key = name.rpartition("/")
        known: dict[str, str | bool] = {"round_dir": "", "outputs_dir": ".", "produce": False}
        known |= {"audience": folder, self.subject: key}
        return {parameter: known[parameter] for parameter in self.parameters}


OVERALL_TYPE = ReportType(title="总报告", notebook="08_overall_report.ipynb")
UNIT_TYPE = ReportType(
    title="单位报告", notebook="07_unit_report.ipynb", subject="unit", folders=tuple(AUDIENCES)
)
CASE_TYPE = ReportType(
    title="推荐对象卷宗", notebook="09_case_dossier.ipynb", subject="case", folders=("cases",)
)
MEMBER_TYPE = ReportType(
    title="评委评分表", notebook="10_member_sheet.ipynb", subject="member", folders=("members",)
)
REPORT_TYPES = (OVERALL_TYPE, UNIT_TYPE, CASE_TYPE, MEMBER_TYPE)
"""In the order in which they are made: the longest first."""


def report_type_of(name: str) -> ReportType:
    """Return the kind of the report of a name."""
    folder = name.rpartition("/")[0]
    return next(kind for kind in REPORT_TYPES if folder in kind.folders)


def audience_of(name: str) -> str:
    """Return for whom a unit's report is, ``""`` for any other report.

    Examples
    --------
    >>> audience_of("unit/41"), audience_of("cases/T41-1")
    ('unit', '')
    """
    folder = name.rpartition("/")[0]
    return folder if folder in AUDIENCES else ""


def sort_key(name: str) -> tuple[int, str]:
    """Return the sort key for the order in which reports are made."""
    return REPORT_TYPES.index(report_type_of(name)), name


def unit_code_of(name: str) -> str:
    """Return the code of the unit that a unit's or a case's report is about, else ``""``.

    A case's id is a letter, the unit's code and a serial.

    Examples
    --------
    >>> unit_code_of("unit/41"), unit_code_of("cases/TS003-1"), unit_code_of("panel/U07")
    ('41', 'S003', '')
    """
    kind, key = report_type_of(name), name.rpartition("/")[2]
    if kind is UNIT_TYPE and audience_of(name) != PANEL:
        return key
    if kind is CASE_TYPE:
        return key[1:].rpartition("-")[0]
    return ""


def select_reports(
    names: Iterable[str], only: Sequence[str], audiences: Sequence[str] = ()
) -> list[str]:
    """Return the reports asked for: of a unit all of its own, else the one named; none is all.

    Where audiences are named, only the units' reports for these, and nothing that is no unit's.

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
        if (not audiences or audience_of(name) in audiences)
        and (not only or name.rpartition("/")[2] in wanted or unit_code_of(name) in wanted)
    ]
