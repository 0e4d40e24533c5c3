"""A small round whose spot check is under way: drawn, planned, forms issued and filled in."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from kjfp_helpers.commands.spot_check.form_issue import write_visit_forms
from kjfp_helpers.core.events import VisitFormIssued
from kjfp_helpers.reports.office.spot_check.visit_layout import FORM_SHEET, sheet_lines
from kjfp_helpers.state.spot_check.lot_acts import make_draw, make_freeze
from kjfp_helpers.state.spot_check.visit_acts import make_plan
from support.rounds.panel_round import open_round

DAY, VISIT = date(2020, 8, 28), "2020-08-31"
TEAM = (("测试甲", "某某大学", "河南省", ()), ("测试乙", "某某科学院", "湖北省", ()))
TWO = ("测试秘书", "测试组长")


def draw_round(folder):
    """Open a round and draw its lot."""
    session = open_round(folder)
    freeze = {"source": "上证综合指数", "day": DAY, "excluded": {}, "reason": ""}
    today = date(2020, 8, 20)
    session.record(make_freeze(session.current_state(), today=today, **freeze))
    session.record(make_draw(session.current_state(), value="3380.68", today=DAY))
    return session


def issue_forms(session, unit):
    """Plan a unit's visit and write the forms; return their paths by checker."""
    session.record(make_plan(session.current_state(), unit=unit, day=VISIT, checkers=TEAM))
    write_visit_forms(session, session.current_state(), lambda done, total: None)
    issued = session.events().of(VisitFormIssued)
    return {e.body.checker: session.outputs / e.body.path for e in issued if e.body.unit == unit}


def cell_of(session, key):
    """The coordinate of an entry."""
    return next(line.cells[key] for line in sheet_lines(session.round) if key in line.cells)


def fill(session, blank, target, values, **cells):
    """Write a filled-in copy of a form; ``cells`` are coordinates beside the entries."""
    book = load_workbook(blank)
    tab = book[FORM_SHEET]
    for key, value in values.items():
        tab[cell_of(session, key)].value = value
    for at, value in cells.items():
        tab[at].value = value
    buffer = BytesIO()
    book.save(buffer)
    target.write_bytes(buffer.getvalue())
    return target
