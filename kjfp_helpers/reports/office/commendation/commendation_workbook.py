"""List of the commended, with its history, and list of addressees (发文单位), as a workbook."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import kind_of_case
from kjfp_helpers.notice.public_notice import ORDER_NOTE
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
from kjfp_helpers.reports.office.commendation.commendation_terms import (
    CommendationVersion,
    count_commended,
    tabulate_commended,
    work_title,
)
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state.publication.list_versions import list_versions

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_HISTORY = (
    Column("number", "版次", COUNT_FORMAT),
    Column("day", "日期", width=14),
    Column("sources", "依据", width=34),
    Column("count", "数量", width=26),
    Column("removed", "撤下", width=34, blank=""),
    Column("added", "增加", width=34, blank=""),
    Column("reason", "理由", width=34, blank=""),
)
_ADDRESSEES = (
    Column("order", "序号", COUNT_FORMAT),
    Column("unit", "发文单位", width=44),
    Column("teams", "先进团队", COUNT_FORMAT),
    Column("individuals", "先进个人", COUNT_FORMAT),
    Column("names", "受表扬的团队和个人", width=60),
    Column("certificates", "证书", width=40, blank=""),
    Column("signed", "签收人、日期", width=22, blank=""),
)


def write_commendation_list(
    state: "RoundState", version: CommendationVersion, certified: Container[str], path: Path
) -> None:
    """Write the list, its versions so far, and to whom decision and certificates go.

    Parameters
    ----------
    state, version, path
        The round, the version of the decision, and the file.
    certified : container of str
        The cases that get a certificate with this version; others have theirs.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    about = state.round.notice.round
    table = tabulate_commended(state, version.cases)
    columns = [Column(name, name, COUNT_FORMAT if name == "序号" else "") for name in table.columns]
    note = f"{version.document}，{formatting.format_date(version.day)}。{ORDER_NOTE}"
    write_workbook(
        path,
        [
            Sheet(
                "表扬名单",
                f"{work_title(state)}表扬名单（第{version.list_number}版）",
                columns,
                formatting.frame_rows(table),
                note,
            ),
            Sheet(
                "名单各版",
                f"{about.title}　名单各版",
                _HISTORY,
                list(_history_rows(state, version)),
                "公示和表扬决定各版的变动；同一名单再次印发的不另编版次",
            ),
            Sheet(
                "发文单位",
                f"{about.title}　表扬决定发文单位",
                _ADDRESSEES,
                list(_addressee_rows(state, version, certified)),
                "决定发给全部推荐单位；新发的证书随决定由推荐单位转交，撤销表扬的由推荐单位收回证书",
            ),
        ],
        rehearsal=about.rehearsal,
    )


def build_version_rows(state: "RoundState", events: tuple[Event, ...]) -> Iterator[dict[str, Any]]:
    """Yield ``number day sources count removed added reason`` of every version of the list."""
    names = EventNames(state)
    for one in list_versions(events):
        yield {
            "number": one.number,
            "day": one.day,
            "sources": "、".join(one.sources),
            "count": count_commended(one.cases),
            "removed": names.cases(one.removed),
            "added": names.cases(one.added),
            "reason": mask_personal_numbers(one.reason),
        }


def _history_rows(state: "RoundState", version: CommendationVersion) -> Iterator[dict[str, Any]]:
    """Yield the versions before this one, and this one where the list is another."""
    rows = list(build_version_rows(state, tuple(state.events)))
    yield from rows
    if version.list_number > len(rows):
        names = EventNames(state)
        yield {
            "number": version.list_number,
            "day": str(version.day),
            "sources": f"表扬决定（{version.document}）",
            "count": count_commended(version.cases),
            "removed": names.cases([one.case for one in version.revoked]),
            "added": "",
            "reason": mask_personal_numbers(version.reason),
        }


def _addressee_rows(
    state: "RoundState", version: CommendationVersion, certified: Container[str]
) -> Iterator[dict[str, Any]]:
    """Yield every unit that recommended somebody, those with commended ones filled in."""
    by_id = state.screening.case_by_id
    gone = [body.case for body in version.revoked if body.case in by_id]
    by_unit: dict[str, list[str]] = defaultdict(list)
    for case in version.cases:
        if case in by_id:
            by_unit[by_id[case].unit].append(case)
    recommending = {case.unit for case in state.screening.cases}
    units = [unit for unit in state.round.units if unit.code in recommending]
    for order, unit in enumerate(units, start=1):
        cases = by_unit.get(unit.code, [])
        kinds = [kind_of_case(case) for case in cases]
        sent = [case for case in cases if case in certified]
        returned = [
            case for case in sorted(gone) if case in by_id and by_id[case].unit == unit.code
        ]
        told = (("随发", sent), ("收回", returned))
        yield {
            "order": order,
            "unit": unit.name,
            "teams": kinds.count("team"),
            "individuals": kinds.count("individual"),
            "names": _names(state, cases) or "—",
            "certificates": "；".join(f"{act}：{_names(state, of)}" for act, of in told if of),
            "signed": "",
        }


def _names(state: "RoundState", cases: Iterable[str]) -> str:
    by_id = state.screening.case_by_id
    return "、".join(mask_personal_numbers(by_id[case].name) for case in cases)
