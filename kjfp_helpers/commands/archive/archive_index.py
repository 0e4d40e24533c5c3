"""Index of an archive (归档文件目录): every piece with who made it, its date, pages and term."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import (
    DATABASE,
    INDEX_SHEET,
    INDEX_TABLE,
    LEDGER,
    PAPERS,
    PRINTS,
    RECORDS,
    RULES,
)
from kjfp_helpers.commands.verification.output_check import shorten_list
from kjfp_helpers.core.events import (
    Event,
    EventLog,
    LetterIssued,
    MailReceived,
    ObjectionReceived,
    OutputsRecorded,
    PaperReceived,
)
from kjfp_helpers.reports.office.paper_titles import paper_title
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.originals_comparison.paper_originals import list_originals
from kjfp_helpers.state.publication.commendations import list_commendations
from kjfp_helpers.state.publication.published_notices import list_notices

IN_VAULT = "身份信息卷"
COLUMNS = (
    Column("number", "件号", COUNT_FORMAT),
    Column("title", "题名", width=52),
    Column("author", "责任者", width=34),
    Column("day", "日期", width=12, blank=""),
    Column("pages", "页数", COUNT_FORMAT),
    Column("term", "保管期限", width=10),
    Column("place", "文件", width=46),
    Column("note", "备注", width=40, blank=""),
)
_OWN_TITLES: Mapping[str, tuple[str, str]] = {
    "shortlist.xlsx": ("list", "入围名单"),
    "proposal.docx": ("list", "提请审定的建议名单"),
    "findings.xlsx": ("submissions", "核对发现问题清单"),
    "register.xlsx": ("submissions", "来件登记簿"),
    "stocktake.xlsx": ("reports", "盘点汇总"),
    "reports/overall.html": ("reports", "总报告"),
}
"""Paper below the outputs to its category and title."""
_FOLDER_TITLES: Mapping[str, tuple[str, str]] = {
    "meeting": ("meeting", "会议文件"),
    "stocktake": ("letters", "任务缺口通知"),
    "spotcheck": ("reports", "抽查文件"),
}
"""Folder of the outputs to category and title of the papers in it."""


@dataclass(frozen=True, kw_only=True)
class ArchivePiece:
    """A piece; ``category`` decides the term, ``pages`` is ``None`` where unknown."""

    category: str
    title: str
    author: str
    day: str = ""
    pages: int | None = None
    place: str = ""
    note: str = ""


def list_pieces(state: RoundState, names: Iterable[str]) -> list[ArchivePiece]:
    """Return the pieces of a round in the order of the year, their prints not counted yet.

    Parameters
    ----------
    state : RoundState
        The round.
    names : iterable of str
        Paths of the papers below the outputs that the archive holds.
    """
    papers = sorted(names)
    return [
        *_rule_pieces(state),
        *_submission_pieces(state),
        *_letter_pieces(state),
        *_review_pieces(state),
        *_own_pieces(state, papers),
        *_notice_pieces(state),
        *_objection_pieces(state),
        *_decision_pieces(state),
    ]


def with_pages(pieces: Iterable[ArchivePiece], pages: Mapping[str, int]) -> list[ArchivePiece]:
    """Return the pieces with the pages of their prints, by path below the outputs."""
    return [
        replace(piece, pages=pages[name], note=piece.note or f"PDF/A：{PRINTS}/{name}.pdf")
        if (name := piece.place.removeprefix(f"{PAPERS}/")) in pages
        else piece
        for piece in pieces
    ]


def write_index(state: RoundState, pieces: Iterable[ArchivePiece], folder: Path) -> int:
    """Write the index as a workbook and as a table of text; return the number of pieces."""
    archive = state.round.notice.archive
    rows = [
        {**vars(piece), "number": number, "term": archive.retention(piece.category)}
        for number, piece in enumerate(pieces, start=1)
    ]
    write_workbook(
        folder / INDEX_SHEET,
        [
            Sheet(
                "归档文件目录",
                f"{state.round.notice.round.title}　归档文件目录",
                COLUMNS,
                rows,
                f"页数缺的，为没有打印的电子件；“{IN_VAULT}”另行保管",
            )
        ],
        rehearsal=state.round.rehearsal,
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.title for column in COLUMNS])
    for row in rows:
        cells = (row[column.key] for column in COLUMNS)
        writer.writerow(["" if cell is None else cell for cell in cells])
    (folder / INDEX_TABLE).write_bytes(text.getvalue().encode("utf-8-sig"))
    return len(rows)


def _office(state: RoundState) -> str:
    return state.round.notice.round.office


def _rule_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    about = state.round.notice.round
    yield ArchivePiece(
        category="rules",
        title=f"{about.title}规则文件（含工作日历）",
        author=about.office,
        day=str(about.issued),
        place=f"{RULES}/",
        note=f"依据 {about.document}",
    )
    last = state.events[-1]
    yield ArchivePiece(
        category="rules",
        title=f"台账（共{last.seq}条）",
        author=about.office,
        day=str(last.at.date()),
        place=f"{LEDGER}/",
        note=f"{DATABASE} 为 SQLite，events.jsonl 为文本，另有中文台账和每日校验值签字页",
    )


def _submission_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    """Yield a piece for every unit that sent anything, with the pages of its paper originals."""
    checked = {case: event.body for case, event in list_originals(state.events).items()}
    mails = defaultdict(list)
    for record in state.submissions.arrived:
        mails[record.unit].append(record)
    days = {
        event.body.number: str(event.at.date())
        for event in state.events.of(MailReceived, PaperReceived)
    }
    for unit in state.round.units:
        records = mails.get(unit.code, [])
        cases = [case for case in state.screening.cases if case.unit == unit.code]
        if not records and not cases:
            continue
        originals = [checked[case.id] for case in cases if case.id in checked]
        received = sorted({record.receipt for record in records})
        differing = [body for body in originals if body.difference]
        note = f"电子原件：{IN_VAULT}"
        unchecked = [case.id for case in cases if case.id not in checked]
        if unchecked:  # the pages are those of the others
            note += f"；未核对纸质原件{len(unchecked)}件：{shorten_list(unchecked, '件')}"
        if differing:
            note += "；纸质与电子件不同：" + "、".join(
                f"{body.case} {body.difference}" for body in differing
            )
        yield ArchivePiece(
            category="submissions",
            title=f"{unit.short_name}报送材料（来件{len(received)}封，推荐对象{len(cases)}个）",
            author=unit.name,
            day=max((days.get(number, "") for number in received), default=""),
            pages=sum(body.pages for body in originals) or None,
            place=f"{IN_VAULT} inbox/",
            note=note,
        )


def _letter_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    for event in state.events.of(LetterIssued):
        body = event.body
        unit = state.round.unit_by_code.get(body.unit)
        yield ArchivePiece(
            category="letters",
            title=f"{body.title}（第{body.number}号，致{unit.short_name if unit else body.unit}）",
            author=_office(state),
            day=body.day,
            place=f"{PAPERS}/{body.path}",
        )


def _review_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    totals = state.scores.tables.totals
    for member in state.round.panel:
        count = int((totals["member"] == member.member).sum())
        if count:
            yield ArchivePiece(
                category="review",
                title=f"评委 {member.member} 评分（有效{count}份）",
                author=member.name,
                day=_last_day(state, member.member),
                place=f"{RECORDS}/scores.csv",
                note="签字的评分表为纸质件，另附",
            )


def _last_day(state: RoundState, member: str) -> str:
    own = [event for event in state.events if getattr(event.body, "member", "") == member]
    return str(own[-1].at.date()) if own else ""


def _own_pieces(state: RoundState, papers: Iterable[str]) -> Iterator[ArchivePiece]:
    """Yield the papers that commands make, each dated by the last record of it."""
    made: dict[str, Event] = {
        name: event for event in state.events.of(OutputsRecorded) for name in event.body.papers
    }
    of_folder = {name.partition("/")[0]: event for name, event in made.items()}
    for name in papers:
        if name in _OWN_TITLES:
            category, title = _OWN_TITLES[name]
        else:
            folder, _, rest = name.partition("/")
            if folder not in _FOLDER_TITLES or not rest.endswith((".docx", ".xlsx")):
                continue
            category, title = _FOLDER_TITLES[folder]
            title = f"{title}：{paper_title(Path(rest).stem)}"
        event = made.get(name) or of_folder.get(name.partition("/")[0])
        yield ArchivePiece(
            category=category,
            title=f"{state.round.notice.round.title}{title}",
            author=_office(state),
            day=str(event.at.date()) if event else "",
            place=f"{PAPERS}/{name}",
        )


def _notice_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    for notice in list_notices(state.events):
        body = notice.body
        yield ArchivePiece(
            category="notice",
            title=f"先进团队、先进个人公示（第{body.version}版，{body.day}至{body.until}）",
            author=_office(state),
            day=body.day,
            place=f"{PAPERS}/{_first_paper(body.files)}",
            note="已撤回" if notice.withdrawn else "",
        )


def _objection_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    received = {event.body.number: event.body for event in state.events.of(ObjectionReceived)}
    for number, body in sorted(received.items()):
        yield ArchivePiece(
            category="notice",
            title=f"第{number}号异议及证明材料、核查、答复",
            author="反映人（署名另存）" if body.identity else "匿名",
            day=body.at[:10],
            place=f"{IN_VAULT} objections/",
        )


def _decision_pieces(state: RoundState) -> Iterator[ArchivePiece]:
    for one in list_commendations(state.events):
        body = one.body
        certificates = sum(name.count("/") > 2 and name.endswith(".docx") for name in body.files)
        yield ArchivePiece(
            category="decision",
            title=f"表扬决定（第{body.version}版，{body.document}）",
            author=_office(state),
            day=body.day,
            place=f"{PAPERS}/{_first_paper(body.files)}",
            note="已撤回" if one.withdrawn else f"表扬名单在同一文件夹，证书{certificates}份",
        )


def _first_paper(files: Mapping[str, str]) -> str:
    """Return the Word document of a version that lies highest in its folder."""
    papers = [name for name in files if name.endswith(".docx")] or list(files)
    return min(papers, key=lambda name: (name.count("/"), name))


def piece_papers(pieces: Iterable[ArchivePiece], events: EventLog) -> list[str]:
    """Return the papers of the pieces below the outputs, with the certificates of decisions."""
    names = [
        piece.place.removeprefix(f"{PAPERS}/")
        for piece in pieces
        if piece.place.startswith(f"{PAPERS}/")
    ]
    for one in list_commendations(events):
        names += [name for name in one.body.files if name.endswith((".docx", ".xlsx"))]
    return sorted({name for name in names if name.endswith((".docx", ".xlsx"))})
