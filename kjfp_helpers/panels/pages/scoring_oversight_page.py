"""Oversight of the scoring for the secretary: packets, signed sheets, reveal, phrases."""

import re
from typing import Protocol

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from kjfp_helpers.core.events import (
    EventBody,
    EventLog,
    IdentitiesRevealed,
    MemberWithdrawn,
    SheetSigned,
)
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.panel_review import count_phrases
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket, short_digest
from kjfp_helpers.panels.meeting.decision_reversal_form import DecisionList
from kjfp_helpers.panels.meeting.member_withdrawal_forms import WithdrawalForms, render_departures
from kjfp_helpers.panels.scoring.score_workbooks import WorkbookUpload
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.decision_form import Texts, build_decision_form, text_entry
from kjfp_helpers.panels.widgets.html_templates import Column, describe_row, render_template
from kjfp_helpers.panels.widgets.screen_frame import html_widget, offer_choices, vbox
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.member_progress import describe_members
from kjfp_helpers.state.panel.packet_building import build_packets

PROGRESS = (
    Column("who", "评委", "nowrap", heading=True),
    Column("declared", "回避声明", "chip"),
    Column("share", "已评／应评", "share"),
    Column("owing", "待补评语", "count"),
    Column("recused", "回避", "count"),
    Column("sealing", "封存", "chip", blank="—"),
    Column("signing", "签字表", "chip", blank="—"),
)
LEFT = (Column("left", "退出", "chip", blank="—"),)
WHY = (Column("left_reason", "退出理由", blank="—"),)
WATCH = (
    Column("ties", "声明的利害关系", blank="—"),
    Column("reopened", "启封次数", "count", blank="—"),
    Column("after", "揭示后评", "count", blank="—"),
    Column("pace", "每件用时", "nowrap", blank="—", order="seconds"),
    Column("alerts", "提示（仅供参考，不影响计分）", blank="—"),
)
PHRASES = (
    Column("who", "评委", "nowrap"),
    Column("kind", "类别", "nowrap"),
    Column("criterion", "评分项", "nowrap"),
    Column("phrase", "常用评语", heading=True),
    Column("n", "用了几件", "count"),
    Column("of", "有评语的件数", "count"),
)


class ScoringOversight(Protocol):
    """What is shown of the scoring; ``draw`` brings it up to date, and leaves what is typed."""

    widget: widgets.Widget

    def draw(self) -> None:
        """Show the scoring as the ledger stands."""


def build_scoring_oversight(session: RoundSession) -> ScoringOversight:
    """Return the members' table; to the office also pace, alerts, forms and phrases.

    Who may not see the results sees the progress alone.
    """
    return (_Conduct if session.access().may_open("results") else _MembersProgress)(session)


class _MembersProgress:
    """The table of the members by itself."""

    def __init__(self, session: RoundSession) -> None:
        self._session, self._members = session, _members_table(session)
        self.widget = vbox(html_widget(Markup("<h3>评委进度</h3>")), self._members)
        self.draw()

    def draw(self) -> None:
        """Show the members as the ledger stands."""
        state = self._session.current_state()
        self._members.show(_rows(state), _progress(state))


def _members_table(session: RoundSession) -> DataTable:
    """Return the table of the members, without rows."""
    table = DataTable(
        session,
        "评委进度",
        PROGRESS,
        filters={"回避声明": "declared", "封存": "sealing", "签字表": "signing"},
        on_open=lambda row: (row["who"], describe_row(row, table.columns)),
    )
    return table


def _rows(state: RoundState) -> list[Row]:
    """Return a row per member; what is still to come has a word, but not for who left."""
    return [
        {
            **row,
            "sealing": row["sealed"] or ("" if row["left"] else "未封存"),
            "signing": row["signed"] or ("" if row["left"] else "未收回"),
        }
        for row in describe_members(state)
    ]


def _progress(state: RoundState) -> tuple[Column, ...]:
    """Return the columns of the progress; who left is told once somebody did."""
    return (*PROGRESS[:1], *(LEFT if state.scores.departed else ()), *PROGRESS[1:])


class _Conduct:
    """The office's tabs; what is recorded brings all of them up to date.

    A form is there for who may have its event recorded.
    """

    def __init__(self, session: RoundSession) -> None:
        self._session = session
        self._members, self._round, self._revealed = (
            _members_table(session),
            html_widget(),
            html_widget(),
        )
        self._phrases = DataTable(
            session, "常用评语", PHRASES, filters={"类别": "kind"}, empty="还没有用过常用评语"
        )
        self._whose = widgets.Dropdown(layout={"width": "220px"})
        sheets = build_decision_form(
            session,
            "收回签字表",
            "只列已封存而未收的；表上核对码与封存的评分不符的不能收。",
            {
                "member": ("评委", self._whose),
                "code": ("核对码（8位）", text_entry(140)),
                "by": ("收件人", text_entry(140)),
            },
            self._signed,
            self.draw,
        )
        reveal = build_decision_form(
            session,
            "揭示身份",
            "揭示后各评委的评分页显示姓名、单位、地点和照片，"
            "此后的评分另行标明；弄错了可以在下面撤销。",
            {"reason": ("理由", text_entry(320)), "by": ("决定人", text_entry())},
            self._reveal,
            self.draw,
            preview=lambda _: self._describe_reveal(),
        )
        may = session.access().may_record
        note = "已生效。"
        self._sheets = DecisionList(session, self.draw, (SheetSigned,), note)
        self._reveals = DecisionList(session, self.draw, (IdentitiesRevealed,), note)
        books = WorkbookUpload(session, self.draw) if session.access().may_run("import") else None
        self._withdrawals = WithdrawalForms(session, self.draw) if may(MemberWithdrawn) else None
        self._left = None if self._withdrawals else html_widget()
        tabs = {
            "评委进度": vbox(self._round, self._members),
            "评分表": books.widget if books else None,
            "签字表": vbox(sheets, self._sheets.widget) if may(SheetSigned) else None,
            "揭示身份": vbox(
                self._revealed, *([reveal] if may(IdentitiesRevealed) else []), self._reveals.widget
            ),
            "退出与替补": self._withdrawals.widget if self._withdrawals else self._left,
            "常用评语": self._phrases,
        }
        self.widget = widgets.Tab([tab for tab in tabs.values() if tab is not None])
        self.widget.titles = tuple(title for title, tab in tabs.items() if tab is not None)
        self.draw()

    def draw(self) -> None:
        """Bring every tab up to date; what stands typed or chosen there stays."""
        state = self._session.current_state()
        packets = build_packets(state)
        now = max((packet.round for packet in packets.values()), default=1)
        self._round.value = Markup("<h3>第 {} 轮</h3>").format(now) if now > 1 else ""
        self._members.show(
            _rows(state),
            (*_progress(state), *(WHY if state.scores.departed else ()), *WATCH),
        )
        self._phrases.show(_phrases(state))
        if self._left:
            self._left.value = render_departures(state)
        self._sheets.draw(state)
        self._reveals.draw(state)
        if self._withdrawals:
            self._withdrawals.draw(state)
        names = {one.member: one.label for one in state.round.panel}
        waiting = [member for member, packet in packets.items() if _waits(packet)]
        offer_choices(self._whose, {one: names[one] for one in waiting})
        self._revealed.value = render_template(
            "revealed",
            blind=state.round.notice.ruling.blind.value,
            events=state.standing_events.of(IdentitiesRevealed),
            open=sum(packet.sealed is None and not packet.departure for packet in packets.values()),
        )

    def _signed(self, words: Texts) -> EventBody | str:
        """Take a sheet in, when it is one of the marks as they are sealed now."""
        packet = build_packets(self._session.current_state())[words["member"]]
        if packet.sealed is None:
            return "此卷没有封存，签字表不能收；请评委封存后重新打印签字。"
        digest = packet.digest()
        if words["code"].upper() != short_digest(digest):
            return "核对码与封存的评分不符：这份表是改动之前的。请评委重新打印签字。"
        return SheetSigned(
            member=packet.member, packet=packet.code, digest=digest, by=_names(words["by"])
        )

    def _describe_reveal(self) -> list[str]:
        packets = build_packets(self._session.current_state()).values()
        unsealed = sum(packet.sealed is None and not packet.departure for packet in packets)
        lines = ["各评委的评分页随即显示姓名、单位、地点和照片；已看到的，撤销也不能使其忘记。"]
        return [*lines, f"还有 {unsealed} 卷没有封存。"] if unsealed else lines

    def _reveal(self, words: Texts) -> EventBody | str:
        standing = self._session.current_state().standing_events
        if EventLog(standing).has(IdentitiesRevealed):
            return "身份已经揭示。"
        return IdentitiesRevealed(reason=words["reason"], by=_names(words["by"]))


def _waits(packet: MemberPacket) -> bool:
    """Whether a packet's signed sheet is still to come."""
    return packet.sealed is not None and (packet.signed is None or packet.needs_new_signature)


def _names(words: str) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[、，,;；\s]+", words) if name)


def _phrases(state: RoundState) -> pd.DataFrame:
    names = {one.member: one.label for one in state.round.panel}
    used = count_phrases(state.scores.tables, state.round.rubric)
    return used.assign(who=used["member"].map(names), kind=used["kind"].map(KIND_TITLES))
