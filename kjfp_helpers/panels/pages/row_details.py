"""What stands behind a row of a table: a message, a unit, a nominee."""

from typing import Any

from kjfp_helpers.core.records import FILE_TITLES, KIND_TITLES, STATUS_TITLES, NomineeKind
from kjfp_helpers.panels.lab.file_links import file_link
from kjfp_helpers.panels.tables.data_table import Row
from kjfp_helpers.panels.widgets.html_templates import read_rows, render_template
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.publication_gates import open_findings


def unit_orders(state: RoundState) -> dict[str, int]:
    """Return each unit's place in the order of the round's units, by which tables are sorted."""
    return {unit.code: at for at, unit in enumerate(state.round.units)}


def describe_message(session: RoundSession, row: Row) -> tuple[str, str]:
    """Return title and page of a message: who sent it, its files, what became of them."""
    state = session.current_state()
    mail = next(one for one in state.submissions.intake.mails if one.receipt == row["receipt"])
    page = render_template("message_detail", row=row, mail=mail, kinds=FILE_TITLES)
    return f"收件 {mail.receipt} 号", page


def describe_unit(session: RoundSession, row: Row) -> tuple[str, str]:
    """Return title and page of a unit: its material, its nominees, what was found.

    Nominees and findings are there for who may open the intake.
    """
    state = session.current_state()
    unit = state.round.unit_by_code[row["unit"]]
    sent = state.screening.completeness.set_index("unit").loc[unit.code]
    may = session.access().may_open("intake")
    page = render_template(
        "unit_detail",
        unit=unit,
        material=[
            {part: sent[f"{kind}{ending}"] for part, ending in _PARTS.items()} | {"title": title}
            for kind, title in _MATERIAL.items()
        ],
        cases=[one for one in state.screening.cases if may and one.unit == unit.code],
        kinds=KIND_TITLES,
        findings=_findings(session, state, unit=unit.code),
        report=_report(session, f"{unit.code}.html", "打开单位报告"),
    )
    return unit.short_name, page


def describe_case(session: RoundSession, row: Row) -> tuple[str, str]:
    """Return title and page of a nominee: who it is, its score and place, what was found.

    Findings are there for who may open the intake.
    """
    state = session.current_state()
    case = state.screening.case_by_id[row["case"]]
    listed = state.decision.shortlist
    mine = [] if listed.empty else read_rows(listed[listed["case"] == case.id])
    page = render_template(
        "case_detail",
        case=case,
        kind=KIND_TITLES[case.kind],
        unit=state.round.unit_by_code[case.unit],
        listed=mine[0] if mine else None,
        statuses=STATUS_TITLES,
        ranked=_ranked(state, case.kind, case.id),
        findings=_findings(session, state, case=case.id),
        report=_report(session, f"cases/{case.id}.html", "打开推荐对象卷宗"),
    )
    return case.name, page


def _ranked(state: RoundState, kind: NomineeKind, case: str) -> Row | None:
    """Return a case's row of the ranking, ``None`` before it was scored."""
    ranking = state.scores.rankings.get(kind)
    rows = read_rows(ranking.table[ranking.table["case"] == case]) if ranking else []
    return rows[0] if rows else None


_PARTS = {"state": "", "when": "_arrived", "order": "_order", "faults": "_faults"}
_MATERIAL = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "team": "先进团队",
    "individual": "先进个人",
    "exhibit": "展览素材",
}


def _report(session: RoundSession, name: str, words: str) -> str:
    """Return a link to a written report for who may open the intake, ``""`` where there is none."""
    path = session.outputs / "reports" / name
    may = session.access().may_open("intake")
    return file_link(session, path, words) if may and path.is_file() else ""


def _findings(
    session: RoundSession, state: RoundState, **about: str
) -> list[dict[str, Any]] | None:
    """Return the findings about a unit or a case, the open ones first.

    ``None`` for who may not open the intake.
    """
    if not session.access().may_open("intake"):
        return None
    still_open = set(open_findings(state))
    mine = [
        one
        for one in state.screening.findings
        if all(getattr(one, name) == value for name, value in about.items())
    ]
    return [
        {"finding": one, "word": one.severity.label if one in still_open else "已了结"}
        for one in sorted(mine, key=lambda one: one not in still_open)
    ]
