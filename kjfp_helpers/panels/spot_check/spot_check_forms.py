"""Forms of the acts of the spot check, one at a time; each records one event."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import EventBody, LotFrameFrozen
from kjfp_helpers.core.events.spot_check import Checker
from kjfp_helpers.notice.spot_check import SpotCheck
from kjfp_helpers.notice.spot_check.check_progress import INCOMPLETE, NOT_PLANNED, NOT_VISITED
from kjfp_helpers.notice.spot_check.visit_findings import (
    AWAITING_DECISION,
    AWAITING_REPLY,
    RULINGS,
)
from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.spot_check.visit_form_upload import VisitFormUpload
from kjfp_helpers.panels.widgets.decision_form import (
    Entries,
    Texts,
    build_command_card,
    build_decision_form,
    offer_forms,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    offer_choices,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.spot_check import lot_acts, visit_acts

_PEOPLE_HINT = "每行一人：姓名，工作单位，所在省份，关联单位代码（可空）"
_Acts = Callable[[RoundState, Texts], EventBody]


def due_act(check: SpotCheck) -> str:
    """Return the title of the form whose act comes next."""
    if check.drawn is None and not check.visits:
        return "冻结名册" if check.frame is None else "抽签"
    visits, states = check.visits.values(), {one.state for one in check.findings}
    if any(visit.plan is None for visit in visits):
        return "安排人员"
    if not all(visit.forms for visit in visits):
        return "制发与发函"
    if any(visit.state in (NOT_VISITED, INCOMPLETE) for visit in visits):
        return "导入检查表"
    if AWAITING_DECISION in states:
        return "处理问题"
    return "单位说明" if AWAITING_REPLY in states else "结束"


class SpotCheckForms:
    """The acts at the left, one form at a time; nothing for who records none of them."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._on_recorded = session, on_recorded
        self.is_shown = session.access().may_record(LotFrameFrozen)
        self._units, self._planned, self._findings, self._replied, self._imports, self._ordered = (
            widgets.Dropdown(layout={"width": "330px"}) for _ in range(6)
        )
        self._command = ShortCommand(session)
        self.widget = add_classes(widgets.HBox([]), "kj-decisions")
        if not self.is_shown:
            return
        check = session.current_state(check_members=False).spot_check
        offer_forms(self.widget, self._build_forms(), self._command.widget, opens=due_act(check))

    def refresh(self, state: RoundState) -> None:
        """Offer what can be acted on now."""
        check = state.spot_check
        names = {unit.code: unit.short_name for unit in state.round.units}
        offer_choices(
            self._units, {code: name for code, name in names.items() if code not in check.visits}
        )
        offer_choices(
            self._planned,
            {
                code: f"{names[code]}（{visit.state if visit.state != NOT_PLANNED else '待安排'}）"
                for code, visit in check.visits.items()
            },
        )
        findings = {
            f"{one.unit} {one.id}": f"{names[one.unit]}　{one.title}（{one.state}）"
            for one in check.findings
        }
        for control in (self._findings, self._replied):
            offer_choices(control, findings)
        offer_choices(
            self._imports,
            {
                str(event.seq): f"{names[code]}　{event.body.checker}（台账第{event.seq}条）"
                for code, visit in check.visits.items()
                for event in visit.imports
            },
        )
        offer_choices(
            self._ordered,
            {one.body.unit: names.get(one.body.unit, one.body.unit) for one in check.orders},
        )

    def _build_forms(self) -> Mapping[str, widgets.Widget]:
        return {
            "冻结名册": self._freeze_form(),
            "抽签": self._draw_form(),
            "指定单位": vbox(self._order_form(), self._order_reversal_form()),
            "安排人员": self._plan_form(),
            "制发与发函": self._issue_form(),
            "导入检查表": VisitFormUpload(self._command, self._on_recorded).widget,
            "单位说明": self._reply_form(),
            "处理问题": self._decision_form(),
            "撤回导入": self._withdrawal_form(),
            "结束": vbox(self._close_form(), self._reopening_form()),
        }

    def _form(
        self,
        title: str,
        hint: str,
        entries: Entries,
        make: _Acts,
        *,
        optional: tuple[str, ...] = (),
        with_papers: bool = False,
    ) -> widgets.VBox:
        def make_event(values: Texts) -> EventBody:
            return make(self._session.current_state(check_members=False), values)

        def on_recorded() -> None:
            if with_papers:
                self._run("papers")
            self._on_recorded()

        return build_decision_form(
            self._session, title, hint, entries, make_event, on_recorded, optional=optional
        )

    def _freeze_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            pairs = (line.partition("=") for line in values["excluded"].splitlines() if line)
            return lot_acts.make_freeze(
                state,
                source=values["source"],
                day=date.fromisoformat(visit_acts.parse_day("公布日", values["day"])),
                excluded={code.strip(): reason.strip() for code, _, reason in pairs},
                reason=values["reason"],
                today=self._session.now().date(),
            )

        entries = {
            "source": ("公开值的来源", text_entry(330, "如 某日某指数收盘点位，必填")),
            "day": ("公布日", text_entry(130, "如 2020-08-28")),
            "excluded": ("不列入的单位", _lines("每行一个：单位代码=理由，可空")),
            "reason": ("重新冻结的理由", text_entry(260, "首次冻结不填")),
        }
        hint = "公布日须晚于今天；冻结后请在公布日之前公布名册。重新冻结的，原抽签结果作废。"
        optional = ("excluded", "reason")
        return self._form("冻结名册", hint, entries, make, optional=optional, with_papers=True)

    def _draw_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            today = self._session.now().date()
            return lot_acts.make_draw(state, value=values["value"], today=today)

        hint = "公开值公布以后照原文输入；同一名册只抽一次，结果任何人可以重抽核对。"
        entries = {"value": ("公开值", text_entry(260))}
        return self._form("抽签", hint, entries, make, with_papers=True)

    def _order_form(self) -> widgets.VBox:
        entries = {
            "unit": ("单位", self._units),
            "document": ("文件", text_entry()),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        }
        hint = "名单以外须检查的，按文件指定，写明理由和两名经办人。"
        return self._form("指定单位", hint, entries, lambda s, v: _order(s, v, included=True))

    def _order_reversal_form(self) -> widgets.VBox:
        entries = {
            "unit": ("已指定的单位", self._ordered),
            "document": ("文件", text_entry()),
            "reason": ("理由", text_entry()),
            **two_person_entries(),
        }
        return self._form("撤销指定", "", entries, lambda s, v: _order(s, v, included=False))

    def _plan_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return visit_acts.make_plan(
                state,
                unit=values["unit"],
                day=values["day"],
                checkers=_people(values["people"]),
                reason=values["reason"],
            )

        entries = {
            "unit": ("单位", self._planned),
            "day": ("检查日期", text_entry(130, "如 2020-08-25")),
            "people": ("检查人员", _lines(_PEOPLE_HINT)),
            "reason": ("核实理由", text_entry(260, "有可能的利害关系时填写")),
        }
        hint = "至少两人；与被检查单位及其推荐对象有利害关系的不能安排。不填人员即撤销安排。"
        return self._form("安排人员", hint, entries, make, optional=("people", "day", "reason"))

    def _issue_form(self) -> widgets.Widget:
        hint = (
            "给没有检查表的检查人员制发空白表（spotcheck/forms/），发出抽查通知和问题反馈函。"
            "填好的表在“导入检查表”里交回。"
        )
        return build_command_card("制发与发函", hint, "制发检查表和函件", self._issue)

    def _issue(self) -> None:
        self._run("issue")
        self._on_recorded()

    def _reply_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            unit, _, finding = values["finding"].partition(" ")
            return visit_acts.make_reply(
                state,
                unit=unit,
                finding=finding,
                day=values["day"],
                reply=values["reply"],
                receipt=_receipt_number(values["receipt"]),
            )

        entries = {
            "finding": ("问题", self._replied),
            "day": ("收到日期", text_entry(130, "如 2020-09-02")),
            "reply": ("说明要点", text_entry(360, "留空即撤销登记")),
            "receipt": ("收讫编号", text_entry(90, "可空")),
        }
        return self._form(
            "单位说明", "以最后一次登记为准。", entries, make, optional=("reply", "receipt")
        )

    def _decision_form(self) -> widgets.VBox:
        ruling = widgets.Dropdown(
            options=[("请选择", ""), *((title, name) for name, title in RULINGS.items())], value=""
        )

        def make(state: RoundState, values: Texts) -> EventBody:
            unit, _, finding = values["finding"].partition(" ")
            return visit_acts.make_decision(
                state,
                unit=unit,
                finding=finding,
                ruling=values["ruling"],
                reason=values["reason"],
                document=values["document"],
                by=(values["first"], values["second"]),
                today=self._session.now().date(),
                cases=tuple(values["cases"].replace("，", " ").replace("、", " ").split()),
            )

        entries = {
            "finding": ("问题", self._findings),
            "ruling": ("认定", ruling),
            "cases": ("所涉推荐对象编号", text_entry(200, "空为本单位全部")),
            "reason": ("理由", text_entry(260)),
            "document": ("文件或会议记录", text_entry()),
            **two_person_entries(),
        }
        hint = "单位说明以后（或逾期未说明的）认定；对推荐对象的影响按规则：否决、注明或不影响。"
        return self._form("处理问题", hint, entries, make, optional=("cases",))

    def _withdrawal_form(self) -> widgets.VBox:
        entries = {"imported": ("导入", self._imports), "reason": ("理由", text_entry(260))}
        return self._form(
            "撤回导入",
            "该次导入的各项不再计入；可以重新导入。",
            entries,
            lambda state, values: visit_acts.make_import_withdrawal(
                state, imported=int(values["imported"]), reason=values["reason"]
            ),
        )

    def _close_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            by = tuple(filter(None, (values["first"], values["second"])))
            return visit_acts.make_close(state, reason=values["reason"], by=by)

        entries = {
            "reason": ("未办结的理由", text_entry(260, "都已办结的不填")),
            **two_person_entries(),
        }
        hint = "汇总抽查情况报告。有单位未办结的，写明理由和两名经办人。"
        optional = ("reason", "first", "second")
        return self._form("抽查结束", hint, entries, make, optional=optional, with_papers=True)

    def _reopening_form(self) -> widgets.VBox:
        entries = {"reason": ("理由", text_entry(260))}
        return self._form(
            "抽查继续",
            "",
            entries,
            lambda state, values: visit_acts.make_reopening(state, reason=values["reason"]),
            with_papers=True,
        )

    def _run(self, command: str) -> None:
        """Run ``kjfp spotcheck`` as the command line does it, with its lock and papers."""
        self._command.run(["spotcheck", command])


def _lines(hint: str) -> widgets.Textarea:
    return widgets.Textarea(placeholder=hint, layout={"width": "420px", "height": "76px"})


def _people(text: str) -> list[Checker]:
    """Return the checkers written one a line, their parts divided by commas."""
    rows = [line.replace("，", ",").split(",") for line in text.splitlines() if line.strip()]
    people = []
    for name, *rest in rows:
        employer, region, ties = (*(part.strip() for part in rest[:3]), "", "", "")[:3]
        codes = tuple(filter(None, re.split(r"[;；、\s]+", ties)))
        people.append((name.strip(), employer, region, codes))
    return people


def _order(state: RoundState, values: Texts, *, included: bool) -> EventBody:
    return lot_acts.make_order(
        state,
        unit=values["unit"],
        included=included,
        document=values["document"],
        reason=values["reason"],
        by=(values["first"], values["second"]),
    )


def _receipt_number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise KjfpError(
            "收讫编号",
            expected="收件登记中的编号，如 12",
            found=text,
            advice="按“收件与核对”页“来件”里的编号填写，没有来件的留空",
        )
    return int(text)
