"""Forms of the acts on readers and summaries: who leaves, which heads there are, what is unread."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody
from kjfp_helpers.eligibility.history.intake_overrides import is_entered_by_hand
from kjfp_helpers.notice.assessment.heading_confirmations import HEAD_LABELS
from kjfp_helpers.notice.assessment.unit_grades import ASKED, NO_SUMMARY, SET_ASIDE, UNREADABLE
from kjfp_helpers.panels.widgets.decision_form import (
    Entries,
    Texts,
    build_decision_form,
    text_entry,
    two_person_entries,
)
from kjfp_helpers.panels.widgets.screen_frame import offer_choices, vbox
from kjfp_helpers.reports.office.assessment.assessment_rows import reader_names
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.assessment import assessment_acts, reader_acts, summary_acts
from kjfp_helpers.state.assessment.assessor_conflicts import assessors

_Make = Callable[[RoundState, Texts], EventBody]
_UNREAD_STATES = (UNREADABLE, ASKED, SET_ASIDE, NO_SUMMARY)
HOWS: Mapping[str, str] = {
    "请单位另报（不耽误其他单位审定）": "asked",
    "不予评定（不定等次，不影响推荐）": "set_aside",
    "撤销处理": "",
}


class SummaryForms:
    """The forms by title; ``refresh`` offers what can be acted on now."""

    def __init__(self, session: RoundSession, on_recorded: Callable[[], None]) -> None:
        self._session, self._on_recorded = session, on_recorded
        self._readers, self._substitutes, self._released, self._heads, self._unread, self._typed = (
            widgets.Dropdown(layout={"width": "420px"}) for _ in range(6)
        )
        self._how = widgets.Dropdown(
            options=[(word, word) for word in HOWS], layout={"width": "420px"}
        )
        words = (*HEAD_LABELS.values(), "撤销裁定")
        self._there = widgets.Dropdown(
            options=[(word, word) for word in words], layout={"width": "130px"}
        )

    def build(self, *, rules: bool, types: bool) -> dict[str, widgets.Widget]:
        """Return the forms that the account may use: rulings, and typing a summary."""
        forms: dict[str, widgets.Widget] = {}
        if rules:
            forms["裁定五个方面"] = self._heads_form()
            forms["更换考核人"] = vbox(self._release_form(), self._return_form())
        unread = [self._set_aside_form()] if rules else []
        unread += [self._typed_form()] if types else []
        if unread:
            forms["无法阅读的总结"] = vbox(*unread)
        return forms

    def refresh(self, state: RoundState) -> None:
        """Offer what can be acted on now; what waits for a ruling stands first."""
        assessment = assessment_acts.require_assessment(state)
        names = reader_names(state)
        active = {one.user: f"{one.name}（{one.user}）" for one in assessors(state)}
        offer_choices(self._readers, active)
        offer_choices(self._substitutes, active)
        offer_choices(
            self._released, {who: f"{names.get(who, who)}（{who}）" for who in assessment.released}
        )
        offer_choices(self._heads, _offered_heads(state))
        units = [one for one in assessment.units if one.state in _UNREAD_STATES]
        units.sort(key=lambda one: _UNREAD_STATES.index(one.state))
        offer_choices(
            self._unread, {one.unit.code: f"{one.unit.short_name}（{one.state}）" for one in units}
        )
        offer_choices(self._typed, _offered_files(state, assessment.unread_files))

    def _form(
        self,
        title: str,
        hint: str,
        entries: Entries,
        make: _Make,
        *,
        optional: Sequence[str] = (),
    ) -> widgets.VBox:
        def make_event(values: Texts) -> EventBody:
            return make(self._session.current_state(check_members=False), values)

        return build_decision_form(
            self._session, title, hint, entries, make_event, self._on_recorded, optional=optional
        )

    def _heads_form(self) -> widgets.VBox:
        words = {word: there for there, word in HEAD_LABELS.items()}

        def make(state: RoundState, values: Texts) -> EventBody:
            unit, _, head = values["what"].partition(" ")
            return summary_acts.make_heads_ruling(
                state, unit=unit, head=head, there=words.get(values["there"]), **_grounds(values)
            )

        entries = {
            "what": ("单位和方面", self._heads),
            "there": ("总结中", self._there),
            **_ground_entries(),
        }
        hint = "两名考核人对总结有无某一方面所见不同的，由第三人阅后、两人裁定；须裁定的排在前面。"
        return self._form("裁定五个方面", hint, entries, make)

    def _release_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return reader_acts.make_reader_release(
                state,
                reader=values["reader"],
                substitute=values["substitute"],
                **_grounds(values),
            )

        entries = {
            "reader": ("不再评定的考核人", self._readers),
            "substitute": ("接替人（可不选，由其他考核人分担）", self._substitutes),
            **_ground_entries(),
        }
        hint = (
            "已评的照计；未评的在“分派和文件”里重新分派，先给接替人，有利害关系的给其他人。"
            "新增的人先在 roles.csv 登记。"
        )
        return self._form("更换考核人", hint, entries, make, optional=("substitute",))

    def _return_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return reader_acts.make_reader_release(
                state, reader=values["reader"], released=False, **_grounds(values)
            )

        entries = {"reader": ("恢复评定的考核人", self._released), **_ground_entries()}
        return self._form("恢复评定", "", entries, make)

    def _set_aside_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return summary_acts.make_set_aside(
                state, unit=values["unit"], how=HOWS[values["how"]], **_grounds(values)
            )

        entries = {
            "unit": ("单位", self._unread),
            "how": ("处理", self._how),
            **_ground_entries(),
        }
        hint = "总结打不开、没有文字的，只停下这一个单位，其他单位照常评定、审定。"
        return self._form("处理无法阅读的总结", hint, entries, make)

    def _typed_form(self) -> widgets.VBox:
        def make(state: RoundState, values: Texts) -> EventBody:
            return summary_acts.make_typed_summary(
                state, unit=values["unit"], text=values["text"], reason=values["reason"]
            )

        text = widgets.Textarea(
            placeholder="照原件录入正文，标题各占一行；留空即撤回已录入的",
            layout={"width": "420px", "height": "140px"},
        )
        entries = {
            "unit": ("单位和文件", self._typed),
            "text": ("全文", text),
            "reason": ("依据", text_entry(260, "如 扫描件，已与单位电话核对")),
        }
        hint = "按原件的收到时间计，不算逾期；录入的总结照常分派、评定。"
        return self._form("录入总结", hint, entries, make, optional=("text",))


def _ground_entries() -> Entries:
    return {
        "reason": ("理由", text_entry(260)),
        "document": ("文件或会议记录", text_entry()),
        **two_person_entries(),
    }


class _Grounds(TypedDict):
    reason: str
    document: str
    by: tuple[str, str]


def _grounds(values: Texts) -> _Grounds:
    return {
        "reason": values["reason"],
        "document": values["document"],
        "by": (values["first"], values["second"]),
    }


def _offered_heads(state: RoundState) -> dict[str, str]:
    """Return unit and head to what they are called: those to rule, those ruled, all others."""
    names, heads = state.round.unit_by_code, state.round.notice.summary.heads
    groups: tuple[dict[str, str], ...] = ({}, {}, {})
    for unit, said in summary_acts.list_head_confirmations(state).items():
        for head in heads:
            told = f"{names[unit].short_name}　{head.title}"
            words = said.describe(head.id)
            if head.id in said.apart:
                groups[0][f"{unit} {head.id}"] = f"{told}（须裁定：{words}）"
            elif head.id in said.ruled:
                groups[1][f"{unit} {head.id}"] = (
                    f"{told}（已裁定{HEAD_LABELS[said.held[head.id]]}）"
                )
            else:
                groups[2][f"{unit} {head.id}"] = f"{told}（{words or '未确认'}）"
    return groups[0] | groups[1] | groups[2]


def _offered_files(state: RoundState, unread: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the units whose summary waits to be typed, or was, with the file."""
    names = state.round.unit_by_code
    files = {
        unit: f"{names[unit].short_name}　{own[0].rpartition('/')[2]}"
        for unit, own in unread.items()
        if unit in names
    }
    typed = {
        unit: f"{names[unit].short_name}　{record.source.rpartition('/')[2]}（已录入）"
        for unit, record in state.submissions.record_by_unit("summary").items()
        if is_entered_by_hand(record)
    }
    return files | typed
