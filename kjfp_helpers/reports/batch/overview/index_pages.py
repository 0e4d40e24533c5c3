"""Index pages of all reports, of the case files and of the members' sheets, with failures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.infra.page_scripts.table_script import (
    page_script,
    script_source,
    table_style,
)
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.batch.batch_result import ReportFailure
from kjfp_helpers.reports.batch.html_export import TEMPLATES
from kjfp_helpers.reports.batch.overview.unit_lines import IsThere, always_there, list_unit_lines
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.reports.report_types import (
    CASE_TYPE,
    MEMBER_TYPE,
    OFFICE,
    OVERALL,
    PANEL,
    audience_of,
    report_type_of,
)

NOTICE = "publication.docx"
"""The public notice, which is only there once the list is ripe."""
DOCUMENTS = (
    ("shortlist.xlsx", "入围名单"),
    ("register.xlsx", "来件登记"),
    ("findings.xlsx", "问题清单"),
    ("stocktake.xlsx", "盘点汇总"),
    (NOTICE, "公示稿"),
    ("exhibition/index.html", "线上展览"),
)
"""Other documents of the round that the index links to, from the folder above."""
DataByReport = Mapping[str, Mapping[str, Any]]


def render_index_pages(
    data_by_report: DataByReport,
    failed: Mapping[str, ReportFailure],
    standing: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    is_there: IsThere = always_there,
) -> Iterator[tuple[str, str]]:
    """Yield name and text of each index page.

    Parameters
    ----------
    data_by_report : mapping
        Report name to its data.
    failed : mapping
        Report name to its failure, in the order shown.
    standing : mapping
        Entries of the manifest: of a failed report the page stands, an earlier one where its
        entry is ``stale``, else that of a report whose print failed.
    is_there : callable
        Whether a document of the outputs exists: no other one is linked.
    """
    overall = data_by_report[OVERALL]
    order = _unit_order(data_by_report)
    units = sorted(_editions(data_by_report, OFFICE), key=lambda unit: order[unit["unit"]["code"]])
    cases = sorted(
        _data_of_type(data_by_report, CASE_TYPE), key=lambda case: _case_order(case["case"], order)
    )
    members = _data_of_type(data_by_report, MEMBER_TYPE)
    shared = {
        "about": overall["round"],
        "failed": failed,
        "titles": {
            name: data_by_report[name]["title"] for name in failed if name in data_by_report
        },
        "style": read_style_sheet() + table_style(),
        "script": page_script(),
        "script_source": script_source(),
        "chip": html_blocks.render_chip,
        "rehearsal": formatting.REHEARSAL,
        "standing": {
            name: "旧件" if standing[name].get("stale") else "网页已更新"
            for name in failed
            if name in standing
        },
    }
    main_page = _render_template(
        "index.page.j2",
        **shared,
        counts=overall["counts"],
        units=list_unit_lines(units, failed, is_there),
        documents=[
            one for one in _list_documents(is_draft=overall["round"]["draft"]) if is_there(one[0])
        ],
        cases=len(cases),
        members=len(members),
    )
    yield "index.html", main_page
    cases_page = _render_template(
        "cases.page.j2",
        **shared,
        revealed=overall["round"]["revealed"],
        cases=_list_cases(cases, units, failed),
    )
    yield "cases/index.html", cases_page
    members_page = _render_template(
        "members.page.j2",
        **shared,
        members=[_member_line(sheet, failed, is_there) for sheet in members],
    )
    yield "members/index.html", members_page
    blind = _editions(data_by_report, PANEL)
    if blind:
        yield f"{PANEL}/index.html", _render_template("panel.page.j2", **shared, units=blind)


def list_index_lines(
    data_by_report: DataByReport,
    failed: Mapping[str, ReportFailure],
    is_there: IsThere = always_there,
) -> list[dict[str, Any]]:
    """Return a line a unit, in the order of the round."""
    order = _unit_order(data_by_report)
    units = sorted(_editions(data_by_report, OFFICE), key=lambda unit: order[unit["unit"]["code"]])
    return list_unit_lines(units, failed, is_there)


def _unit_order(data_by_report: DataByReport) -> dict[str, int]:
    return {row["unit"]: index for index, row in enumerate(data_by_report[OVERALL]["stocktake"])}


def _list_documents(*, is_draft: bool) -> list[tuple[str, str]]:
    """Return file and title of the other documents; a draft list has no public notice."""
    return [(name, title) for name, title in DOCUMENTS if name != NOTICE or not is_draft]


def _list_cases(
    cases: Iterable[Mapping[str, Any]],
    units: Iterable[Mapping[str, Any]],
    failed: Mapping[str, ReportFailure],
) -> list[dict[str, Any]]:
    """Return the lines of all cases, then those of nominations whose file cannot be read."""
    unread = [
        _unread_line(unit, row) for unit in units for row in unit["nominees"] if not row["case"]
    ]
    return [*(_case_line(case, failed) for case in cases), *unread]


def _case_order(case: Mapping[str, Any], order: Mapping[str, int]) -> tuple[object, ...]:
    return order[case["unit"]], case["kind"] != KIND_TITLES["team"], case["rank"]


def _data_of_type(data_by_report: DataByReport, kind: object) -> list[Mapping[str, Any]]:
    return [content for name, content in data_by_report.items() if report_type_of(name) is kind]


def _editions(data_by_report: DataByReport, audience: str) -> list[Mapping[str, Any]]:
    return [content for name, content in data_by_report.items() if audience_of(name) == audience]


def _render_template(template: str, **values: Any) -> str:
    return template_environment(TEMPLATES / "report").get_template(template).render(**values)


def _finding_counts(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(finding["severity"] for finding in findings)
    return {"errors": counts["须补正"], "questions": counts["待核实"]}


def _case_line(case: Mapping[str, Any], failed: Mapping[str, ReportFailure]) -> dict[str, Any]:
    facts, result = case["case"], case["result"]
    return {
        **facts,
        **_finding_counts(case["findings"]),
        "failed": CASE_TYPE.report_name(facts["id"]) in failed,
        "status": result["status"] if result else "未参评",
    }


def _unread_line(unit: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of a nomination whose file cannot be read: it has no dossier."""
    return {
        "id": "",
        "name": f"{row['name']}（{row['reasons']}）",
        "kind": row["kind"],
        "short_name": unit["unit"]["short_name"],
        "state": row["state"],
        "failed": False,
        "errors": 1,
        "questions": 0,
        "status": "未参评",
    }


def _member_line(
    sheet: Mapping[str, Any], failed: Mapping[str, ReportFailure], is_there: IsThere
) -> dict[str, Any]:
    return {
        **sheet,
        "failed": MEMBER_TYPE.report_name(sheet["member"]) in failed,
        "left": sheet["cases"] - sheet["done"],
        "has_packet": is_there(f"packets/{sheet['member']}.ipynb"),
        "state": "已封存" if sheet["sealed"] else "未封存",
    }
