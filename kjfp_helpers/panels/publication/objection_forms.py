"""The forms of the acts on objections: kinds at the left, one form at a time."""

from collections.abc import Callable, Collection
from datetime import date, datetime

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody, ObjectionReceived, ObjectionRuled
from kjfp_helpers.core.state_labels import CHANNELS, OUTCOMES
from kjfp_helpers.panels.meeting.decision_list import case_name
from kjfp_helpers.panels.meeting.search_picker import CasePicker
from kjfp_helpers.panels.widgets.decision_form import (
    SAME_PERSON,
    Entries,
    MakeEvent,
    Preview,
    Texts,
    build_decision_form,
    labelled,
    offer_forms,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.screen_frame import add_classes, offer_choices
from kjfp_helpers.reports.office.letters.objection_reply import make_reply
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.objection_acts import (
    find_objection,
    make_assignment,
    make_inquiry,
    make_receipt,
    make_ruling,
    make_withdrawal,
)
from kjfp_helpers.state.publication.objection_files import Objector
from kjfp_helpers.state.publication.objections import list_objections
from kjfp_helpers.state.secretary.decision_preview import describe_changes

STRIKE, KEEP = "撤下名单", "不撤下"
_CHOOSE = ("请选择", "")


class ObjectionForms:
    """One form for each act; ``on_recorded`` is called after the ledger has one."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._recorded = session, on_recorded
        self._numbers: list[widgets.Dropdown] = []
        self._about = CasePicker()
        self._files = widgets.FileUpload(description="选择文件", multiple=True)
        self.widget = add_classes(widgets.HBox([]), "kj-decisions")
        access = session.access()
        if not (access.may_record(ObjectionReceived) or access.may_record(ObjectionRuled)):
            return
        offer_forms(self.widget, self._build_forms())

    def draw(self, state: RoundState) -> None:
        """Offer the open objections, and the nominees on the list first."""
        objections = list_objections(state.events, state.round.notice.round.timezone)
        named = {str(one.number): f"第{one.number}号（{one.state}）" for one in objections}
        for dropdown in self._numbers:
            offer_choices(dropdown, named)
        listed = set(state.decision.listed["case"])
        cases = sorted(state.screening.cases, key=lambda case: (case.id not in listed, case.id))
        self._about.offer([(case_name(state, case.id), case.id) for case in cases])

    def _build_forms(self) -> dict[str, widgets.VBox]:
        forms = {
            "登记异议": self._build_receipt(),
            "指定核查人": self._build_assignment(),
            "核查结果": self._build_inquiry(),
            "裁定": self._build_ruling(),
            "答复": self._build_reply(),
            "撤回异议": self._build_withdrawal(),
        }
        access = self._session.access()
        may = {True: access.may_record(ObjectionRuled), False: access.may_record(ObjectionReceived)}
        return {title: form for title, form in forms.items() if may[title == "裁定"]}

    def _build_receipt(self) -> widgets.VBox:
        channel = widgets.Dropdown(options=[_CHOOSE, *((one, one) for one in CHANNELS)])
        number = {"number": ("更正已登记的异议", self._number_entry()["number"][1])}
        entries = {
            **number,
            "case": ("所指的推荐对象", self._about),
            "at": ("收到时间", text_entry(160, "如 2020-11-03 09:30")),
            "channel": ("来源方式", channel),
            "subject": ("反映的问题", text_entry(420)),
            "name": ("反映人姓名", text_entry(130, "不填为匿名")),
            "unit": ("反映人单位或住址", text_entry(210, "选填")),
            "contact": ("反映人联系方式", text_entry(180, "选填")),
        }
        hint = "署名另存于轮次文件夹 objections/，不入台账；证明材料存副本，台账只记校验值。"
        optional = ("number", "case", "name", "unit", "contact")
        form = self._form("登记异议", hint, entries, self._make_receipt, optional)
        rows = form.children[1]
        rows.children = (*rows.children, labelled("证明材料（可选多个文件）", self._files))
        return form

    def _make_receipt(self, values: Texts) -> EventBody | str:
        try:
            at = datetime.fromisoformat(values["at"])
        except ValueError:
            return "“收到时间”请写成“2020-11-03 09:30”的样子。"
        name = values["name"]
        objector = Objector(name=name, unit=values["unit"], contact=values["contact"])
        return make_receipt(
            self._session,
            cases=[values["case"]] if values["case"] else [],
            at=at,
            channel=values["channel"],
            subject=values["subject"],
            objector=objector if name else None,
            evidence=[(file.name, bytes(file.content)) for file in self._files.value],
            number=int(values["number"] or 0),
        )

    def _build_assignment(self) -> widgets.VBox:
        entries = {
            **self._number_entry(),
            "inquirers": ("核查人（用顿号分开）", text_entry(260)),
            "reason": ("说明", text_entry(260, "选填")),
        }
        return self._form(
            "指定核查人",
            "与推荐对象有利害关系的人不得核查；另行指定的，以最后一次为准。",
            entries,
            lambda values: make_assignment(
                self._session,
                int(values["number"]),
                values["inquirers"].split("、"),
                values["reason"],
            ),
            ("reason",),
        )

    def _build_inquiry(self) -> widgets.VBox:
        entries = {
            **self._number_entry(),
            "findings": ("查明的事实", text_entry(420)),
            "document": ("核查报告", text_entry(240)),
            "by": ("核查人（用顿号分开）", text_entry(210)),
        }
        return self._form(
            "核查结果",
            "写明查明的事实和核查报告；再登记一次以最后一次为准。",
            entries,
            lambda values: make_inquiry(
                self._session,
                int(values["number"]),
                findings=values["findings"],
                document=values["document"],
                by=values["by"].split("、"),
            ),
        )

    def _build_ruling(self) -> widgets.VBox:
        outcome = widgets.Dropdown(options=[_CHOOSE, *((one, one) for one in OUTCOMES)])
        effect = widgets.Dropdown(options=[_CHOOSE, (KEEP, KEEP), (STRIKE, STRIKE)])
        entries = {
            **self._number_entry(),
            "outcome": ("裁定", outcome),
            "effect": ("对名单的影响", effect),
            "reason": ("理由", text_entry(320)),
            "document": ("会议记录或文号", text_entry(240)),
            **two_person_entries(),
        }
        return self._form(
            "裁定异议",
            "由两人决定；撤下名单的随即重排，须重新生成名单、再次公示；裁定可以撤销。",
            entries,
            self._make_ruling,
            preview=lambda body: describe_changes(self._session.current_state(), body),
        )

    def _make_ruling(self, values: Texts) -> EventBody | str:
        if values["first"] == values["second"]:
            return SAME_PERSON
        objection = find_objection(self._session, int(values["number"]))
        return make_ruling(
            objection,
            outcome=values["outcome"],
            struck=objection.received.body.cases if values["effect"] == STRIKE else (),
            reason=values["reason"],
            document=values["document"],
            by=(values["first"], values["second"]),
        )

    def _build_reply(self) -> widgets.VBox:
        entries = {
            **self._number_entry(),
            "day": ("答复日期", text_entry(140, "如 2020-11-12")),
        }

        def make(values: Texts) -> EventBody | str:
            try:
                day = date.fromisoformat(values["day"])
            except ValueError:
                return "“答复日期”请写成“2020-11-12”的样子。"
            return make_reply(self._session, int(values["number"]), day)

        hint = "生成给反映人的答复，存于轮次文件夹 objections/，由人工送达；其中有署名。"
        return self._form("答复", hint, entries, make)

    def _build_withdrawal(self) -> widgets.VBox:
        entries = {**self._number_entry(), "reason": ("理由", text_entry(320))}
        return self._form(
            "撤回异议",
            "反映人撤回，或者登记有误；重新登记同一编号即恢复。",
            entries,
            lambda values: make_withdrawal(self._session, int(values["number"]), values["reason"]),
        )

    def _number_entry(self) -> dict[str, tuple[str, widgets.Widget]]:
        dropdown = widgets.Dropdown(options=[_CHOOSE], layout={"width": "190px"})
        self._numbers.append(dropdown)
        return {"number": ("异议", dropdown)}

    def _form(
        self,
        title: str,
        hint: str,
        entries: Entries,
        make: MakeEvent,
        optional: Collection[str] = (),
        preview: Preview | None = None,
    ) -> widgets.VBox:
        def recorded() -> None:
            if title == "登记异议":
                self._files.value = ()
            self._recorded()

        return build_decision_form(
            self._session,
            title,
            hint,
            entries,
            make,
            recorded,
            optional=optional,
            preview=preview,
        )
