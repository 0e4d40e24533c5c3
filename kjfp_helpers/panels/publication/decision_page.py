"""The tab of the decision to commend: versions of the list, the decision, revocations."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from markupsafe import Markup

from kjfp_helpers.core.events import (
    CommendationIssued,
    CommendationRevoked,
    CommendationWithdrawn,
    Event,
)
from kjfp_helpers.panels.lab.file_links import file_link, join_links
from kjfp_helpers.panels.meeting.decision_list import case_name
from kjfp_helpers.panels.meeting.search_picker import CasePicker
from kjfp_helpers.panels.publication.issuing_form import DAY, build_issuing_form
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Entries,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.html_templates import Column, describe_row, render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget, set_visible, vbox
from kjfp_helpers.reports.office.commendation.commendation_workbook import build_version_rows
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.commendation_acts import (
    make_commendation_revocation,
    make_decision_withdrawal,
)
from kjfp_helpers.state.publication.commendations import (
    commended_cases,
    list_revocations,
    standing_commendation,
)
from kjfp_helpers.state.publication.list_versions import list_versions

COLUMNS = (
    Column("version", "名单", "nowrap", heading=True, order="number"),
    Column("day", "日期", "nowrap"),
    Column("sources", "依据"),
    Column("count", "数量", "nowrap"),
    Column("removed", "撤下", blank="—"),
    Column("added", "增加", blank="—"),
    Column("reason", "理由", blank="—"),
    Column("files", "决定文件", blank="—"),
)
_FILE_DEPTH = 2
"""Slashes in the path of decision and list; certificates lie deeper."""


class DecisionPage:
    """The versions of the list; ``on_change`` is called after each act that the ledger has."""

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session = session
        self._head = html_widget()
        self._versions = DataTable(
            session,
            "名单各版",
            COLUMNS,
            on_open=lambda row: (row["version"], describe_row(row, COLUMNS)),
            empty="还没有公示名单",
        )
        self._issuing = build_issuing_form(
            session,
            "印发表扬决定",
            "公示期满、异议办结后印发；撤销表扬以后再印发一次，即为新一版名单。",
            ("decision", "issue"),
            {
                DAY: ("决定日期", text_entry(140, "如 2020-12-25")),
                "--number": ("文号", text_entry(270, "如 科技助力扶贫办发〔2020〕9号")),
                "--reason": ("再次印发的理由", text_entry(280, "决定撤回后再次印发的必填")),
            },
            on_change,
        )
        self._commended = CasePicker()
        self._revoke = build_decision_form(
            session,
            "撤销表扬",
            "由两人决定，多年以后也可以；随后印发新一版名单，先前的决定都保留。撤销可以收回。",
            {"case": ("受表扬的团队或个人", self._commended), **_grounds()},
            self._make_revocation,
            on_change,
        )
        self._withdraw = build_decision_form(
            session,
            "撤回表扬决定",
            "印发有误的，由两人撤回；文件和记录都保留，更正后另行印发。",
            _grounds(),
            self._make_withdrawal,
            on_change,
        )
        forms = (self._issuing, self._revoke, self._withdraw)
        self.widget = vbox(self._head, self._versions, *forms)
        self.draw()

    def draw(self) -> None:
        """Bring all up to date."""
        state = self._session.current_state()
        standing = standing_commendation(state.events)
        revoked = [case_name(state, one.body.case) for one in list_revocations(state.events)]
        self._head.value = render_template("decision_head", standing=standing, revoked=revoked)
        self._versions.show(self._rows(state))
        commended = commended_cases(state.events)
        self._commended.offer([(case_name(state, case), case) for case in commended])
        access = self._session.access()
        set_visible(self._issuing, access.may_record(CommendationIssued))
        may_revoke = access.may_record(CommendationRevoked) and standing is not None
        set_visible(self._revoke, may_revoke)
        set_visible(self._withdraw, may_revoke)

    def _rows(self, state: RoundState) -> Sequence[Row]:
        versions = list_versions(state.events)
        rows = build_version_rows(state, tuple(state.events))
        return [
            {**row, "version": f"第{row['number']}版", "files": self._links(one.events)}
            for row, one in zip(rows, versions, strict=True)
        ][::-1]

    def _links(self, events: Iterable[Event]) -> Markup:
        """Return links to decision and list; the certificates are beside them."""
        files = [
            self._session.outputs / name
            for event in events
            if isinstance(event.body, CommendationIssued)
            for name in event.body.files
            if name.count("/") == _FILE_DEPTH
        ]
        links = (file_link(self._session, path, Path(path).name) for path in files)
        return join_links(links)

    def _make_revocation(self, values: Texts) -> CommendationRevoked | str:
        if values["first"] == values["second"]:
            return SAME_PERSON
        return make_commendation_revocation(
            self._session.current_state(),
            values["case"],
            reason=values["reason"],
            document=values["document"],
            by=(values["first"], values["second"]),
        )

    def _make_withdrawal(self, values: Texts) -> CommendationWithdrawn | str:
        if values["first"] == values["second"]:
            return SAME_PERSON
        return make_decision_withdrawal(
            self._session.ledger.events(),
            reason=values["reason"],
            document=values["document"],
            by=(values["first"], values["second"]),
        )


def _grounds() -> Entries:
    return {
        "reason": ("理由", text_entry(320)),
        "document": ("文件或会议记录", text_entry()),
        **two_person_entries(),
    }
