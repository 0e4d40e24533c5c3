"""Packets as files: exported, filled in as a person would, taken in again."""

import shutil

import openpyxl

from kjfp_helpers.commands import export_workbooks, import_workbooks
from kjfp_helpers.core.events import ScoreGiven
from kjfp_helpers.reports.office.packets.packet_layout import case_rows
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from support.rounds import panel_round
from support.rounds.panel_round import make_round

FORMULA = '=HYPERLINK("http://example.com","点")'


def silent(done, total):
    pass


def small_round(root, **rules):
    """Make a round of eight cases, each read by M01 to M03; rules are replaced as named."""
    folder = make_round(root, units=("13", "34"), societies=1)
    for name, (old, new) in rules.items():
        path = folder / f"{name}.toml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return panel_round.open_assigned(root, folder, None, 0)


def opened(made, root):
    shutil.copytree(made, root, dirs_exist_ok=True)
    return RoundSession.open(root / "data" / "practice", root / "outputs" / "practice")


def out(session, member="M01"):
    """Export a member's workbook; return its path and the rows of its cases."""
    assert not export_workbooks(session, silent, members=[member]).failed
    return held(session, member)


def held(session, member="M01"):
    """Return a workbook that was exported, and the rows of its cases."""
    path = session.outputs / "packets" / f"{member}.xlsx"
    assert path.exists()
    return path, list(case_rows(build_packet(session.current_state(), member)))


def export_once(assigned, root):
    """Make a copy of an assigned round in which M01's workbook has been exported."""
    session = opened(assigned, root)
    out(session)
    session.close()


def fill(path, cells, declared="无"):
    """Type into cells named ``sheet!A1``, as a person would; save in place."""
    book = openpyxl.load_workbook(path)
    if declared is not None and not book["说明"]["B9"].protection.locked:
        book["说明"]["B9"] = declared
    for place, value in cells.items():
        tab, _, at = place.partition("!")
        book[tab][at] = value
    book.save(path)
    return path


def row(line, mark=80, comment="", **more):
    """Return what fills a case's row."""
    cells = dict.fromkeys(map(line.place, line.marks.values()), mark)
    named = {"away": line.away, "reason": line.reason}
    cells[line.place(line.comment)] = comment or None
    return cells | {line.place(named[name]): value for name, value in more.items()}


def take_in(session, *paths, **more):
    return import_workbooks(session, silent, files=paths, **more)


def bodies(session, kind):
    return [event.body for event in session.ledger.events() if isinstance(event.body, kind)]


def mark(session, line, score, member="M01", comment=""):
    """Record a mark, as the page would."""
    (event,) = session.record(
        ScoreGiven(
            member=member, case=line.case, scores=dict.fromkeys(line.marks, score), comment=comment
        )
    )
    return event.seq
