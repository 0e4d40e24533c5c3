"""The decision workbook: the list, and how every name came to it, for inspection."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.reports.charts.chart import RenderedChart
from kjfp_helpers.reports.charts.chart_cache import draw_or_recall
from kjfp_helpers.reports.data import case_trace, overall_data, rank_explanations
from kjfp_helpers.reports.office.decision import decision_sheets, list_sheets
from kjfp_helpers.reports.office.decision.decision_workbook_page import write_html_page
from kjfp_helpers.reports.office.decision.relationship_sheet import build_relationship_sheet
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    FIRST_ROW,
    PROBABILITY_FORMAT,
    SCORE_FORMAT,
    Column,
    Sheet,
    link_to,
    write_workbook,
)
from kjfp_helpers.reports.report_types import CASE_TYPE
from kjfp_helpers.reports.sections import overall_report
from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.list_sensitivity import analyze_lists
from kjfp_helpers.state.secretary.list_status import ListStatus

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState


def write_decision_workbook(state: "RoundState", path: Path) -> None:
    """Write the list with all that it rests on, as a workbook and, beside it, as a page.

    Members stand under neutral numbers. Ledger head and rules' digest are on every sheet.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    round, list_status, mark = state.round, ListStatus.of(state), stamp(state)
    sheets = [_with_stamp(sheet, mark) for sheet in _build_sheets(state, list_status)]
    lines = (*list_status.waived, *round.amendments)
    write_workbook(
        path,
        sheets,
        rehearsal=round.rehearsal,
        amendments=lines,
        stamp=mark,
        draft=list_status.draft,
    )
    write_html_page(
        path.with_suffix(".html"),
        sheets,
        title=round.notice.round.title,
        rehearsal=round.rehearsal,
        amendments=lines,
        stamp=mark,
        draft=list_status.draft,
    )


def stamp(state: "RoundState") -> str:
    """Return the ledger's head and the rules' digest, short enough for a page's foot."""
    last = find_state_head(state.events)
    head = f"台账第{last.seq}条 {last.hash[:16]}" if last else "台账为空"
    return f"{head}　规则 {state.round.digest[:16]}"


def _with_stamp(sheet: Sheet, mark: str) -> Sheet:
    note = f"{sheet.note}　〔{mark}〕" if sheet.note else f"〔{mark}〕"
    rows = list(sheet.rows) if isinstance(sheet.rows, Iterator) else sheet.rows
    return replace(sheet, rows=rows, note=note)


def _build_sheets(state: "RoundState", list_status: ListStatus) -> list[Sheet]:
    """Return all sheets in the order of the tabs."""
    analyses, traces = analyze_lists(state), _build_trace_sheets(state)
    links = _case_links(traces)
    return [
        list_sheets.build_key_points_sheet(state, list_status),
        *_linked(links, *decision_sheets.build_list_sheets(state, list_status)),
        list_sheets.build_comparison_sheet(state, list_status),
        *_linked(links, *_build_explanation_sheets(state, analyses)),
        *_linked(links, _build_methods_sheet(state, analyses)),
        _build_ballots_sheet(state),
        *decision_sheets.build_panel_sheets(state),
        build_relationship_sheet(state),
        _build_agreement_sheet(state),
        _build_charts_sheet(state),
        *traces,
        *decision_sheets.build_rule_sheets(state),
    ]


def _case_links(traces: Sequence[Sheet]) -> dict[str, str]:
    """Return where the trace of each case begins."""
    links: dict[str, str] = {}
    for sheet in traces:
        for number, row in enumerate(sheet.rows, start=FIRST_ROW):
            links.setdefault(row["case"], link_to(sheet.tab, number))
    return links


def _linked(links: Mapping[str, str], *sheets: Sheet) -> Iterator[Sheet]:
    """Yield sheets whose cases lead to their trace, and whose names lead to their dossier."""
    keys = {"case": "trace_link", "name": "dossier_link"}
    for sheet in sheets:
        columns = [
            replace(one, link_key=keys[one.key]) if one.key in keys else one
            for one in sheet.columns
        ]
        rows = [
            {**row, "trace_link": links.get(str(row.get("case"))), "dossier_link": _dossier(row)}
            for row in sheet.rows
        ]
        yield replace(sheet, columns=columns, rows=rows)


def _dossier(row: Mapping[str, Any]) -> str:
    return CASE_TYPE.page_path(row["case"]) if row.get("case") else ""


def _round_title(state: "RoundState") -> str:
    return state.round.notice.round.title


def _build_explanation_sheets(
    state: "RoundState", analyses: rank_explanations.Analyses
) -> list[Sheet]:
    """Return why each name stands where it does, and what each rule changed."""
    return [
        Sheet(
            "名单依据",
            f"{_round_title(state)}名单依据",
            _EXPLANATION_COLUMNS,
            rank_explanations.explain_ranks(state, analyses),
            "名次只按得分，序号是各项规则之下的结果。“单份改动”为使去留改变的最小一处改动。"
            + rank_explanations.describe_unproved(analyses),
        ),
        Sheet(
            "规则作用",
            f"{_round_title(state)}各项规则的作用",
            _EFFECT_COLUMNS,
            list(rank_explanations.build_rule_effect_rows(state, analyses)),
            "去掉该项规则另行产生名单所得：谁因此让位、由谁取代、得分相差多少。",
        ),
    ]


def _build_methods_sheet(state: "RoundState", analyses: rank_explanations.Analyses) -> Sheet:
    """Return the matrix of names and methods; those whose place hangs on the method come first."""
    rows = list(rank_explanations.build_method_rows(state, analyses))
    note = "规则尚未冻结，不作比较。"
    if rank_explanations.rules_are_frozen(state):
        moved = sum(row["moves"] == rank_explanations.MOVES for row in rows)
        note = (
            f"{moved}件的去留随方法而变，列在前面；着色为入围。"
            "规则冻结后方作比较，已记入台账；名单只依冻结的方法。"
        )
    rows.sort(key=lambda row: row["moves"] != rank_explanations.MOVES)
    title = f"{_round_title(state)}各方法的名次与去留"
    return Sheet("方法比较", title, _method_columns(), rows, note)


def _build_ballots_sheet(state: "RoundState") -> Sheet:
    return Sheet(
        "投票表决",
        f"{_round_title(state)}投票表决",
        _VOTE_COLUMNS,
        list(rank_explanations.build_ballot_rows(state)),
        "两名计票人所计一致、票数相符的方为有效。",
    )


def _build_agreement_sheet(state: "RoundState") -> Sheet:
    return Sheet(
        "一致程度",
        f"{_round_title(state)}评委一致程度",
        _AGREEMENT_COLUMNS,
        list(rank_explanations.build_agreement_rows(state)),
        "差异来自个案、评委宽严还是评分离散。",
    )


def _build_charts_sheet(state: "RoundState") -> Sheet:
    charts = list(_draw_charts(state))
    return Sheet(
        "图示",
        f"{_round_title(state)}图示",
        (Column("alt", "图", width=150),),
        [{"alt": chart.alt} for chart in charts],
        "可投影。",
        charts,
    )


def _build_trace_sheets(state: "RoundState") -> list[Sheet]:
    """Return a sheet for each kind of nominee: every step from mail to list."""
    return [
        Sheet(
            f"追溯{KIND_TITLES[kind][2:]}",
            f"{_round_title(state)}{KIND_TITLES[kind]}逐人追溯",
            _TRACE_COLUMNS,
            list(case_trace.build_trace_rows(state, kind)),
            "从来件到名单，逐步可查。只看一人：工作簿按“个案”筛选，网页点开其姓名。",
            page_break_key="case",
        )
        for kind in NOMINEE_KINDS
    ]


def _draw_charts(state: "RoundState") -> Iterator[RenderedChart]:
    """Yield cutoff and severity, kind by kind, where there are scores."""
    overall = overall_data.build_overall_data(state)
    for kind in NOMINEE_KINDS:
        for plot in (overall_report.plot_cutoff, overall_report.plot_member_scores):
            block = plot(overall, kind, draw_or_recall)
            gc.collect(1)  # figures refer to their axes; what is old, such as the state, stays
            if isinstance(block, RenderedChart):
                yield block


_EXPLANATION_COLUMNS = (
    Column("kind", "类别"),
    Column("case", "个案"),
    Column("name", "名称或姓名", width=22),
    Column("result", "结果"),
    Column("rank", "名次", COUNT_FORMAT),
    Column("place", "序号", COUNT_FORMAT),
    Column("value", "得分", SCORE_FORMAT),
    Column("p_in", "入围概率", PROBABILITY_FORMAT),
    Column("rules", "规则使谁让位", width=30),
    Column("members", "去掉一位评委", width=30),
    Column("flip", "单份改动", width=30),
    Column("methods", "换一种方法", width=26),
)
_EFFECT_COLUMNS = (
    Column("kind", "类别"),
    Column("rule", "规则", width=40),
    Column("out", "让位者", width=30),
    Column("out_rank", "让位者名次", COUNT_FORMAT),
    Column("instead", "取代者", width=30),
    Column("instead_rank", "取代者名次", COUNT_FORMAT),
    Column("cost", "得分相差", SCORE_FORMAT),
)
_VOTE_COLUMNS = (
    Column("title", "投票"),
    Column("purpose", "用途"),
    Column("state", "状态"),
    Column("case", "个案"),
    Column("name", "名称或姓名"),
    Column("due", "应到", COUNT_FORMAT),
    Column("present", "到会", COUNT_FORMAT),
    Column("issued", "发出", COUNT_FORMAT),
    Column("returned", "收回", COUNT_FORMAT),
    Column("spoiled", "废票", COUNT_FORMAT),
    Column("yes", "赞成或得分", COUNT_FORMAT),
    Column("no", "反对", COUNT_FORMAT),
    Column("abstained", "弃权", COUNT_FORMAT),
    Column("base", "分母", COUNT_FORMAT),
    Column("needed", "应得", COUNT_FORMAT),
    Column("tellers", "计票人"),
    Column("note", "说明"),
)
_AGREEMENT_COLUMNS = (
    Column("kind", "类别"),
    Column("item", "项目"),
    Column("said", "内容", width=110),
)
_TRACE_COLUMNS = (
    Column("case", "个案"),
    Column("name", "名称或姓名", width=22),
    Column("step", "步骤"),
    Column("said", "内容", width=56),
    Column("where", "出处", width=78),
)


def _method_columns() -> tuple[Column, ...]:
    return (
        Column("kind", "类别"),
        Column("case", "个案"),
        Column("name", "名称或姓名"),
        Column("unit_name", "推荐单位"),
        Column("result", "结果"),
        *(
            Column(method, f"{name}名次", COUNT_FORMAT, state_key=f"{method}_in")
            for method, name in METHOD_TITLES.items()
        ),
        Column("moves", "去留"),
    )
