"""The tab of the meeting: agenda, who leaves the room, disagreement, papers, and its forms."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
from markupsafe import Markup

from kjfp_helpers.core.events import AgendaDrawn
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.panels.lab.file_links import file_link, join_links
from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.meeting.meeting_record_forms import MeetingForms
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.decision_form import text_entry
from kjfp_helpers.panels.widgets.html_templates import Column, render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    hbox,
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.reports.office.meeting.disagreement_book import build_disagreement_rows
from kjfp_helpers.reports.office.paper_titles import paper_title
from kjfp_helpers.selection.meeting_agenda import BAND_TITLES
from kjfp_helpers.selection.ranking.probability_labels import probability_text
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.meeting.agenda import Agenda, describe_group, read_agenda

OpenRow = Callable[[Row], tuple[str, str]]
FOLDER = "meeting"
AGENDA_COLUMNS = (
    Column("number", "序号", "count"),
    Column("name", "推荐对象", heading=True),
    Column("band", "档次", "chip"),
    Column("rank", "名次", "count", blank="—"),
    Column("chance", "入围概率", "nowrap", "—", order="p_in"),
    Column("leaving", "退场人员", blank="—"),
)
DISAGREEMENT_COLUMNS = (
    Column("name", "推荐对象", heading=True),
    Column("rank", "名次", "count", blank="—"),
    Column("n", "份数", "count"),
    Column("low", "最低", "decimal"),
    Column("high", "最高", "decimal"),
    Column("spread", "极差", "decimal"),
    Column("label", "分歧最大的评委", "nowrap"),
    Column("residual", "扣除宽严后偏高（低）", "decimal"),
    Column("surprise", "为其通常出入的倍数", "decimal"),
)


class MeetingTab:
    """Shows one kind of nominee.

    ``on_recorded`` is called after each act, ``open_case`` returns what stands behind a row.
    """

    def __init__(
        self, session: RoundSession, on_recorded: Callable[[], None], open_case: OpenRow
    ) -> None:
        self._session, self._on_recorded = session, on_recorded
        self._head, self._files, self._command = html_widget(), html_widget(), ShortCommand(session)
        self._agenda = DataTable(
            session,
            "会议议程",
            AGENDA_COLUMNS,
            filters={"档次": "band"},
            on_open=open_case,
            empty="还没有排定：按“排定议程”，顺序由台账校验值决定",
        )
        self._disagreement = DataTable(
            session, "评分分歧", DISAGREEMENT_COLUMNS, on_open=open_case, empty="还没有评分"
        )
        self._reason = name_control(text_entry(260, "重新排定时必填"), "重新排定的理由")
        draw = widgets.Button(description="排定议程", button_style="primary")
        write = widgets.Button(description="写出会议文件")
        draw.on_click(lambda _: self._run("agenda", "--reason", self._reason.value.strip()))
        write.on_click(lambda _: self._run("papers"))
        acts = vbox(hbox(draw, self._reason, write), self._command.widget)
        set_visible(acts, session.access().may_record(AgendaDrawn))
        self._forms = MeetingForms(session, on_recorded)
        self.widget = vbox(
            self._head,
            acts,
            self._files,
            self._agenda,
            html_widget(Markup("<h3>评分分歧</h3>")),
            self._disagreement,
            self._forms.widget,
        )

    def show(self, kind: str) -> None:
        """Show agenda and disagreement of a kind of nominee."""
        state = self._session.current_state()
        agenda = read_agenda(state, kind)
        self._head.value = render_template(
            "meeting",
            group=describe_group(state, kind) if kind in state.scores.rankings else "",
            agenda=agenda,
            kind=KIND_TITLES[kind],
        )
        self._agenda.show(_agenda_rows(state, agenda) if agenda else ())
        ranked = kind in state.scores.rankings
        self._disagreement.show(build_disagreement_rows(state, kind) if ranked else ())
        self._files.value = self._list_files()
        self._forms.show(state, kind)

    def _list_files(self) -> str:
        paths = sorted((self._session.outputs / FOLDER).glob("*.*"))
        links = [file_link(self._session, path, paper_title(path.stem)) for path in paths]
        return Markup("会议文件：{}").format(join_links(links)) if links else ""

    def _run(self, command: str, *options: str) -> None:
        """Run the command as the terminal does, with its lock."""
        words: Sequence[str] = ["meeting", command, *(options if options[1:] != ("",) else ())]
        if self._command.run(words):
            self._reason.value = ""
            self._on_recorded()


def _agenda_rows(state: RoundState, agenda: Agenda) -> list[Row]:
    return [
        {
            "number": item.number,
            "case": item.case,
            "name": state.screening.case_by_id[item.case].name,
            "band": BAND_TITLES[item.band],
            "rank": item.rank,
            "p_in": item.chance,
            "chance": probability_text(item.chance) if item.chance == item.chance else "",
            "leaving": "、".join(voter.label for voter, _ in item.leaving),
        }
        for item in agenda.items
    ]
