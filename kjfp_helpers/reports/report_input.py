"""What a report's notebook shows: the data that the batch wrote, or those of the round itself."""

from pathlib import Path

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.reports.data.report_data_file import ReportData, load_report_data
from kjfp_helpers.reports.notebook_parameters import require_declared_parameters
from kjfp_helpers.reports.report_types import (
    AUDIENCES,
    CASE_TYPE,
    MEMBER_TYPE,
    OVERALL,
    PANEL,
)


def open_unit_report(
    round_dir: str, outputs_dir: str, unit: str | int, audience: str
) -> ReportData:
    """Return the data of a unit's report for an audience.

    Parameters
    ----------
    round_dir : str
        The round, by path or name, from which the data are derived anew; ``""`` takes those that
        ``kjfp regenerate`` wrote.
    outputs_dir : str
        Outputs of the round.
    unit : str or int
        Code of the unit; for the panel its blind number.
    audience : str
        ``unit``, ``office`` or ``panel``.

    Raises
    ------
    ParameterError
        When a parameter is unknown or impossible.
    AccessError
        When the account may not read the report.
    KjfpError
        When the round cannot be opened, or there are no data.
    """
    require_declared_parameters()
    _require_choice("audience", audience, list(AUDIENCES))
    key = str(unit)
    if not round_dir:
        return _load_written(outputs_dir, audience, "unit", key)
    from kjfp_helpers.reports.live_reports import LiveReports

    with LiveReports(round_dir, outputs_dir) as live:
        known = live.blind_numbers if audience == PANEL else live.unit_codes
        _require_choice("unit", key, known)
        return live.unit_report(key, audience)


def open_overall_report(round_dir: str, outputs_dir: str) -> ReportData:
    """Return the data of the overall report; parameters and errors as for a unit's."""
    require_declared_parameters()
    if not round_dir:
        return load_report_data(Path(outputs_dir) / "reports" / "data" / f"{OVERALL}.json")
    from kjfp_helpers.reports.live_reports import LiveReports

    with LiveReports(round_dir, outputs_dir) as live:
        return live.overall_report()


def open_case_dossier(round_dir: str, outputs_dir: str, case: str) -> ReportData:
    """Return the data of a nomination's dossier; parameters and errors as for a unit's."""
    require_declared_parameters()
    if not round_dir:
        return _load_written(outputs_dir, CASE_TYPE.folders[0], "case", case)
    from kjfp_helpers.reports.live_reports import LiveReports

    with LiveReports(round_dir, outputs_dir) as live:
        _require_choice("case", case, live.case_ids)
        return live.case_dossier(case)


def open_member_sheet(round_dir: str, outputs_dir: str, member: str) -> ReportData:
    """Return the data of a member's sheet; parameters and errors as for a unit's."""
    require_declared_parameters()
    if not round_dir:
        return _load_written(outputs_dir, MEMBER_TYPE.folders[0], "member", member)
    from kjfp_helpers.reports.live_reports import LiveReports

    with LiveReports(round_dir, outputs_dir) as live:
        _require_choice("member", member, live.reading_members)
        return live.member_sheet(member)


def _require_choice(name: str, value: str, known: "list[str]") -> None:
    if value not in known:
        raise ParameterError(
            f"参数“{name}”",
            expected="、".join(known) if len(known) <= 3 else f"本轮的{len(known)}个之一",
            found=f"“{value}”",
            advice=f"更正该参数的值，{suggest(value, known)}",
        )


def _load_written(outputs_dir: str, kind: str, parameter: str, value: str) -> ReportData:
    """Return the data that the batch wrote; a value without data is an impossible parameter."""
    folder = Path(outputs_dir) / "reports" / "data" / kind
    path = folder / f"{Path(value).name}.json"
    if path.stem != value or not path.is_file():
        siblings = sorted(one.stem for one in folder.glob("*.json"))
        if siblings:
            _require_choice(parameter, value, siblings)
    return load_report_data(path)
