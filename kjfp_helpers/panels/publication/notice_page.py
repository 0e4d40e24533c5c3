"""The tab of the public notice: its versions, and the form that publishes the next one."""

from collections.abc import Callable
from pathlib import Path

from kjfp_helpers.core.events import NoticePublished, NoticeWithdrawn
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import kind_of_case
from kjfp_helpers.panels.lab.file_links import file_link, join_links
from kjfp_helpers.panels.publication.issuing_form import DAY, build_issuing_form
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.html_templates import Column, describe_row, render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget, set_visible, vbox
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.publication.published_notices import (
    PublishedNotice,
    list_notices,
    standing_notice,
)
from kjfp_helpers.state.secretary.publication_gates import draft_line, list_gates

STANDING, REPLACED, WITHDRAWN = "有效", "已替代", "已撤回"
NOTICE_COLUMNS = (
    Column("version", "版次", "nowrap", heading=True, order="order"),
    Column("period", "公示期", "nowrap"),
    Column("count", "团队 + 个人", "nowrap"),
    Column("removed", "撤下", blank="—"),
    Column("added", "增加", blank="—"),
    Column("reason", "理由", blank="—"),
    Column("files", "文件"),
    Column("state", "状态", "chip"),
)


class NoticePage:
    """The versions of the notice; ``on_change`` is called after each act that the ledger has."""

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session = session
        self._head = html_widget()
        self._versions = DataTable(
            session,
            "公示各版",
            NOTICE_COLUMNS,
            on_open=lambda row: (row["version"], describe_row(row, NOTICE_COLUMNS)),
            empty="还没有发布公示：名单定稿后，填写公示首日即可发布",
        )
        form = build_issuing_form(
            session,
            "发布公示",
            "名单定稿后发布；再次发布即为新一版，写明与上一版的不同，先前各版都保留。",
            ("publish",),
            {
                DAY: ("公示首日", text_entry(140, "如 2020-11-02")),
                "--reason": ("再次公示的理由", text_entry(300, "第二版起必填")),
            },
            on_change,
        )
        set_visible(form, session.access().may_record(NoticePublished))
        self._withdraw = build_decision_form(
            session,
            "撤回公示",
            "发布有误、须重发的，由两人撤回现行一版；文件和记录都保留。撤回以后没有现行的公示："
            "先前各版不恢复，须重新发布。",
            {
                "reason": ("理由", text_entry()),
                "document": ("文件或会议记录", text_entry()),
                **two_person_entries(),
            },
            self._make_withdrawal,
            on_change,
        )
        self.widget = vbox(self._head, self._versions, form, self._withdraw)
        self.draw()

    def draw(self) -> None:
        """Bring all up to date."""
        state = self._session.current_state()
        notices, standing = list_notices(state.events), standing_notice(state.events)
        self._head.value = render_template(
            "published_notice",
            standing=standing,
            last=notices[-1] if notices else None,
            draft=draft_line(list_gates(state)),
        )
        names = EventNames(state)
        self._versions.show([self._row(names, one, standing) for one in reversed(notices)])
        may = self._session.access().may_record(NoticeWithdrawn)
        set_visible(self._withdraw, may and standing is not None)

    def _row(
        self, names: EventNames, notice: PublishedNotice, standing: PublishedNotice | None
    ) -> Row:
        body = notice.body
        kinds = [kind_of_case(case) for case in body.cases]
        is_standing = standing is not None and standing.body.version == body.version
        return {
            "version": f"第{body.version}版",
            "order": body.version,
            "period": f"{body.day} 至 {body.until}",
            "count": f"{kinds.count('team')} + {kinds.count('individual')}",
            "removed": names.cases(notice.removed),
            "added": names.cases(notice.added),
            "reason": mask_personal_numbers(body.reason),
            "files": join_links(
                file_link(self._session, self._session.outputs / name, Path(name).name)
                for name in body.files
            ),
            "state": WITHDRAWN if notice.withdrawn else STANDING if is_standing else REPLACED,
        }

    def _make_withdrawal(self, values: Texts) -> NoticeWithdrawn | str:
        standing = standing_notice(self._session.ledger.events())
        if standing is None:
            return "没有现行的公示。"
        if values["first"] == values["second"]:
            return SAME_PERSON
        return NoticeWithdrawn(
            version=standing.body.version,
            reason=values["reason"],
            document=values["document"],
            by=(values["first"], values["second"]),
        )
