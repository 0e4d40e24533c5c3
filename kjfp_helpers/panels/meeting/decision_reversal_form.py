"""The decisions that were made; what opens one offers to take it back."""

from collections.abc import Callable

from markupsafe import Markup

from kjfp_helpers.core.events import BallotOpened, BallotVoided, DecisionRevoked, EventBody
from kjfp_helpers.panels.meeting.decision_list import RECORDED_NOTE, ListedDecision, list_decisions
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
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.revocations import REVOCABLE, make_revocation
from kjfp_helpers.state.secretary.decision_preview import describe_changes

COLUMNS = (
    Column("what", "决定", "nowrap", heading=True),
    Column("whom", "对象"),
    Column("words", "内容"),
    Column("state", "状态", "chip"),
    Column("back", "撤销情况", blank="—"),
    Column("actor", "登记人", "nowrap", blank="—"),
    Column("seq", "台账", "nowrap", order="seq"),
)
VALID, TAKEN_BACK = "有效", "已撤销"
HINT = "撤销的决定视同没有作出，台账仍保留；要更正的，撤销后再登记正确的。"


class DecisionList:
    """The decisions of some kinds; ``on_recorded`` is called after one was taken back."""

    def __init__(
        self,
        session: RoundSession,
        on_recorded: Callable[[], None],
        kinds: tuple[type, ...] = (),
        note: str = RECORDED_NOTE,
    ) -> None:
        self._session, self._recorded, self._kinds = session, on_recorded, kinds
        self._may = session.access().may_record(DecisionRevoked)
        self._chosen: ListedDecision | None = None
        self._which = html_widget()
        self._rows = DataTable(
            session,
            "已作出的决定",
            COLUMNS,
            filters={"决定": "what", "状态": "state"},
            on_open=self._describe,
            on_act=lambda row, _: self._choose(row["one"]),
            empty="还没有作出决定",
        )
        form = build_decision_form(
            session,
            "撤销决定",
            HINT,
            {
                "reason": ("理由", text_entry()),
                "document": ("文件或会议记录", text_entry()),
                **two_person_entries(),
            },
            self._make,
            self._done,
            note=note,
            preview=self._preview,
        )
        self._form = vbox(self._which, form)
        self.widget = vbox(self._rows, self._form)
        set_visible(self._form, False)

    def draw(self, state: RoundState) -> None:
        """Show the decisions as the ledger stands."""
        rows = list_decisions(state, self._kinds)
        self._rows.show(
            {**vars(one), "one": one, "state": TAKEN_BACK if one.back else VALID} for one in rows
        )
        if self._chosen and not any(one.seq == self._chosen.seq and not one.back for one in rows):
            self._chosen = None
            self._which.value = ""
            set_visible(self._form, False)

    def _describe(self, row: Row) -> tuple[str, str]:
        """Return a decision in full, with a button for who may take it back."""
        one, act = row["one"], ""
        if self._may and not one.back and isinstance(one.body, (*REVOCABLE, BallotOpened)):
            act = "作废…" if isinstance(one.body, BallotOpened) else "撤销…"
        page = render_template("decision_detail", page=Markup(describe_row(row, COLUMNS)), act=act)
        return f"{one.what}（台账第{one.seq}条）", page

    def _choose(self, one: ListedDecision) -> None:
        self._chosen = one
        self._which.value = render_template("decided_chosen", row=one)
        set_visible(self._form, True)

    def _preview(self, body: EventBody) -> list[str]:
        one = self._chosen
        named = [f"撤销 {one.what}　{one.whom}（台账第{one.seq}条）"] if one else []
        return [*named, *describe_changes(self._session.current_state(), body)]

    def _make(self, words: Texts) -> EventBody | str:
        if self._chosen is None:
            return "请先在上面打开一项决定，按“撤销…”。"
        by = (words["first"], words["second"])
        if by[0] == by[1]:
            return SAME_PERSON
        if isinstance(self._chosen.body, BallotOpened):
            reason = f"{words['reason']}（{words['document']}）"
            return BallotVoided(ballot=self._chosen.body.ballot, reason=reason, by=by)
        return make_revocation(
            self._session.current_state().events,
            self._chosen.seq,
            reason=words["reason"],
            document=words["document"],
            by=by,
        )

    def _done(self) -> None:
        self._recorded()
