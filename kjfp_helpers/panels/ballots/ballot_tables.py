"""Columns of the two tables on the ballot page: the ballots so far, and one ballot's result."""

from kjfp_helpers.panels.widgets.html_templates import Column
from kjfp_helpers.selection.meeting_ballots import STATE_TITLES, Ballot
from kjfp_helpers.selection.point_papers import gives_points, purpose_title

BALLOT_COLUMNS = (
    Column("title", "投票", "nowrap"),
    Column("purpose", "用途", "nowrap"),
    Column("people", "应到／到会", "nowrap"),
    Column("papers", "发出／收回／废票", "nowrap"),
    Column("state", "状态", "chip"),
    Column("tellers", "计票人"),
    Column("note", "说明"),
)
RESULT_COLUMNS = (
    Column("name", "名称／姓名"),
    Column("yes", "赞成", "count"),
    Column("no", "反对", "count"),
    Column("abstained", "弃权", "count"),
    Column("base", "分母", "count"),
    Column("needed", "应得", "count", "—"),
    Column("verdict", "结果", "chip"),
)
_MAJORITY_FIELDS = ("no", "base", "needed")
POINT_COLUMNS = (
    Column("name", "名称／姓名"),
    Column("yes", "得分", "count"),
    Column("verdict", "结果", "chip"),
)


def ballot_row(ballot: Ballot) -> dict[str, object]:
    """Return a ballot's row; returned papers are shown only after both tellers have counted."""
    opened = ballot.opened
    returned = "—／—"
    if ballot.state in ("settled", "faulty") and ballot.counts:
        count = next(iter(ballot.counts.values()))
        returned = f"{count.returned}／{count.spoiled}"
    return {
        "title": ballot.title,
        "purpose": purpose_title(opened),
        "people": f"{len(opened.due)}／{len(opened.present)}",
        "papers": f"{opened.issued}／{returned}",
        "state": STATE_TITLES[ballot.state],
        "tellers": "、".join(ballot.counts) or "—",
        "note": "；".join(ballot.faults) or "—",
    }


def result_columns(ballot: Ballot) -> list[Column]:
    """Return the columns of a result; a ballot that breaks a tie needs no majority."""
    if gives_points(ballot.opened):
        return list(POINT_COLUMNS)
    if ballot.opened.purpose != "tie":
        return list(RESULT_COLUMNS)
    return [column for column in RESULT_COLUMNS if column.field not in _MAJORITY_FIELDS]
