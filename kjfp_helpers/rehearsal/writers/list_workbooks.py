"""Lists that units send beside their forms: the members of a team, the roster of nominees."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from kjfp_helpers.core.records import KIND_TITLES, Team
from kjfp_helpers.rehearsal.generator.year_model import ListedNominee
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip

_MEMBER_HEAD = ("序号", "姓名", "工作单位", "职务/职称", "备注")
_ROSTER_HEAD = ("序号", "类别", "推荐对象", "工作单位", "带动脱贫贫困人口数", "备注")


def write_member_list(team: Team, unit: str) -> bytes:
    """Return the members of a team as a workbook: the leader first."""
    people = [(team.leader_name, team.leader_title), *((name, None) for name in team.expert_names)]
    rows = [
        (number, name, f"{unit}演练单位", title or "农艺师", "负责人" if number == 1 else "")
        for number, (name, title) in enumerate(people, start=1)
    ]
    return _write("团队成员名单", _MEMBER_HEAD, rows)


def write_roster(listed: Iterable[ListedNominee]) -> bytes:
    """Return a unit's own list of its nominees as a workbook."""
    rows = [
        (number, KIND_TITLES[row.kind], row.name, row.employer, row.people_lifted, "")
        for number, row in enumerate(listed, start=1)
    ]
    return _write("先进团队、先进个人推荐汇总表", _ROSTER_HEAD, rows)


def _write(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for row in ([title], head, *rows):
        sheet.append(list(row))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment("center")
    for column in "BCDE":
        sheet.column_dimensions[column].width = 22
    buffer = BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())
