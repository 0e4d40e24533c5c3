"""Forms of the acts of the assessment, one at a time; each records one event."""

from collections.abc import Callable, Mapping

import ipywidgets as widgets

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    EventBody,
    ExperienceTagged,
    SummaryTyped,
)
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_grades import LACKING, TO_RULE
from kjfp_helpers.panels.assessment.summary_forms import SummaryForms
from kjfp_helpers.panels.lab.short_command import ShortCommand
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
from kjfp_helpers.state.access import current_user
from kjfp_helpers.state.assessment import assessment_acts

_Acts = Callable[[RoundState, Texts], EventBody]


class AssessmentForms:
    """The acts at the left, one form at a time; nothing for who records none of them."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._on_recorded = session, on_recorded
        access = session.access()
        self._rules = access.may_record(AssessmentConfirmed)
        self._runs = access.may_run("assess")
        self.is_shown = self._rules or access.may_record(ExperienceTagged)
        self._points, self._units, self._tagged = (
            widgets.Dropdown(layout={"width": "420px"}) for _ in range(3)
        )
        self._command = ShortCommand(session)
        self._summaries = SummaryForms(session, on_recorded)
        self._types = access.may_record(SummaryTyped)
        self.widget = add_classes(widgets.HBox([]), "kj-decisions")
        if self.is_shown:
            offer_forms(self.widget, self._build_forms(), self._command.widget)

    def refresh(self, state: RoundState) -> None:
        """Offer what can be acted on now; what waits for a ruling stands first."""
        assessment = assessment_acts.require_assessment(state)
        self._summaries.refresh(state)
        offer_choices(self._points, _offered_points(assessment))
        came = state.submissions.record_by_unit("summary")
        offer_choices(
            self._units,
            {unit.code: unit.short_name for unit in state.round.units if unit.code in came},
        )
        offer_choices(
            self._tagged,
            {
                f"{one.event.body.unit} {one.event.seq}": one.event.body.title
                for one in assessment.experiences
            },
        )

    def _build_forms(self) -> Mapping[str, widgets.Widget]:
        forms: dict[str, widgets.Widget] = {}
        if self._runs:
            forms["分派和文件"] = self._papers_form()
        if self._rules:
            forms["裁定得分"] = self._points_form()
            forms["审定结果"] = self._confirmation_form()
        forms |= self._summaries.build(rules=self._rules, types=self._types)
        forms["典型经验"] = vbox(self._tag_form(), self._untag_form())
        return forms

    def _form(
        self,
        title: str,
        hint: str,
        entries: Entries,
        make: _Acts,
        *,
        optional: tuple[str, ...] = (),
    ) -> widgets.VBox:
        def make_event(values: Texts) -> EventBody:
            return make(self._session.current_state(check_members=False), values)

        return build_decision_form(
            self._session, title, hint, entries, make_event, self._on_recorded, optional=optional
        )

    def _papers_form(self) -> widgets.Widget:
        hint = (
            "把还没有人读的总结分派给考核人（roles.csv 的“考核”），生成 assessment.xlsx；"
            "结果审定以后同时生成各单位的考核结果通知（assessment/）。"
        )
        return build_command_card("分派和文件", hint, "分派总结、生成文件", self._write_papers)

    def _write_papers(self) -> None:
        self._command.run(["assess"])
        self._on_recorded()

    def _points_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            unit, _, indicator = values["what"].partition(" ")
            return assessment_acts.make_points_ruling(
                state,
                unit=unit,
                indicator=indicator,
                points=values["points"],
                reason=values["reason"],
                document=values["document"],
                by=(values["first"], values["second"]),
            )

        entries = {
            "what": ("单位和指标", self._points),
            "points": ("得分", text_entry(130, "留空即撤销裁定")),
            "reason": ("理由", text_entry(260)),
            "document": ("文件或会议记录", text_entry()),
            **two_person_entries(),
        }
        hint = "两名考核人所评相差过大、数据缺的，由两人裁定得分；须裁定的排在前面。"
        return self._form("裁定得分", hint, entries, make, optional=("points",))

    def _confirmation_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return assessment_acts.make_confirmation(
                state,
                document=values["document"],
                reason=values["reason"],
                by=(values["first"], values["second"]),
            )

        entries = {
            "document": ("文件或会议记录", text_entry()),
            "reason": ("先行审定的理由", text_entry(260, "都已评出的不填")),
            **two_person_entries(),
        }
        hint = (
            "按现有得分和等次审定；审定以后在“分派和文件”出各单位通知，按规则影响推荐对象。"
            "可在“结果与入围”撤销。"
        )
        return self._form("审定结果", hint, entries, make, optional=("reason",))

    def _tag_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return assessment_acts.make_experience_tag(
                state,
                unit=values["unit"],
                excerpt=values["excerpt"],
                title=values["title"],
                reader=current_user(state.round),
            )

        excerpt = widgets.Textarea(
            placeholder="从“评定”左边的总结里选中一段，复制到这里",
            layout={"width": "420px", "height": "96px"},
        )
        entries = {
            "unit": ("单位", self._units),
            "title": ("标题", text_entry(330, "如 专家＋协会＋农户")),
            "excerpt": ("原文", excerpt),
        }
        return self._form("标记典型经验", "标记一次，供线上展览选用。", entries, make)

    def _untag_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            unit, _, seq = values["tagged"].partition(" ")
            known = assessment_acts.require_assessment(state).experiences
            body = next((one.event.body for one in known if str(one.event.seq) == seq), None)
            return assessment_acts.make_experience_tag(
                state,
                unit=unit,
                excerpt=body.excerpt if body else "",
                title="",
                reader=current_user(state.round),
                tagged=False,
            )

        return self._form("撤销标记", "", {"tagged": ("典型经验", self._tagged)}, make)


def _offered_points(assessment: Assessment) -> dict[str, str]:
    """Return unit and indicator to what they are called, those that wait first."""
    waiting: dict[str, str] = {}
    others: dict[str, str] = {}
    for one in assessment.units:
        for row in one.indicators:
            key = f"{one.unit.code} {row.indicator.id}"
            told = f"{one.unit.short_name}　{row.indicator.title}"
            if row.points is not None:
                others[key] = f"{told}（{row.points:g}分）"
            elif one.state in (TO_RULE, LACKING):
                waiting[key] = f"{told}（{row.text or one.state}）"
    return waiting | others
