"""Form of a ruling on a member's relationship: cases, kind, who decided."""

from collections.abc import Callable, Iterable, Mapping

import ipywidgets as widgets

from kjfp_helpers.core.events import ConflictRuled, DeclarationWithdrawn, EventBody
from kjfp_helpers.core.events.panel import RELATIONSHIP_KINDS
from kjfp_helpers.core.records import KIND_TITLES, Case
from kjfp_helpers.panels.widgets.decision_form import SAME_PERSON
from kjfp_helpers.panels.widgets.screen_frame import set_visible, vbox
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.pending_relationship_rulings import RelationshipQuestion
from kjfp_helpers.state.secretary.work_item import WorkItem

GRANT, DENY, ASK, RETRACT = "准予回避", "不构成回避", "待说明", "评委撤回"
RELATIONSHIP_RESOLUTIONS = (GRANT, DENY, ASK, RETRACT)
_BARS: Mapping[str, bool | None] = {GRANT: True, DENY: False, ASK: None}

Resolution = tuple[str, tuple[EventBody, ...]]
"""What is wrong with what was entered, ``""`` for nothing, and the events it makes."""


class RelationshipForm:
    """Controls of ``RELATIONSHIP_RESOLUTIONS``; ``on_edit`` is called at every change by hand.

    The two persons who decide stay filled in from one item to the next.
    """

    def __init__(self, session: RoundSession, on_edit: Callable[[], None]) -> None:
        self._session, self._on_edit, self._filling, self._what = session, on_edit, False, ""
        self._boxes: dict[str, widgets.Checkbox] = {}
        self._cases = widgets.VBox()
        half = {"width": "49%"}
        self._other = widgets.Dropdown(layout={"width": "100%"})
        self._kind = widgets.Dropdown(
            options=[("请选择关系", ""), *((kind, kind) for kind in RELATIONSHIP_KINDS)],
            layout=half,
        )
        self._about = widgets.Text(placeholder="与何人（如 团队负责人）", layout=half)
        self._first = widgets.Text(placeholder="经办人一", layout=half)
        self._second = widgets.Text(placeholder="经办人二", layout=half)
        self._tie = widgets.HBox([self._kind, self._about])
        self._persons = widgets.HBox([self._first, self._second])
        self.widget = vbox(self._cases, self._other, self._tie, self._persons)
        for control in (self._other, self._kind, self._about):
            control.observe(self._edited, "value")

    def load(self, item: WorkItem, state: RoundState) -> None:
        """Begin anew with an item of a state."""
        self._filling, tie = True, item.tie
        listed = [] if tie is None or tie.case else _suggested(state, tie)
        self._boxes = {case.id: self._box(case, only=len(listed) == 1) for case in listed}
        self._cases.children = list(self._boxes.values())
        if tie is not None:
            others = [one for one in state.screening.eligible_cases if one.id not in self._boxes]
            self._other.options = [
                ("另选推荐对象…", ""),
                *((_label(one), one.id) for one in others),
            ]
            self._other.value = ""
            self._kind.value, self._about.value = tie.kind, mask_value("", tie.about)
        self._filling = False

    def show(self, what: str, item: WorkItem | None) -> None:
        """Show the controls of an answer."""
        self._what = what
        tie = item.tie if item else None
        ruled = what in _BARS
        free = ruled and tie is not None and not tie.case
        for control, visible in (
            (self._cases, free),
            (self._other, free),
            (self._tie, ruled),
            (self._persons, ruled),
            (self.widget, ruled and tie is not None),
        ):
            set_visible(control, visible)

    def build_resolution(self, item: WorkItem, reason: str) -> Resolution:
        """Return what is wrong with what was entered, and the events it makes."""
        tie = item.tie
        assert tie is not None
        if self._what == RETRACT:
            return "", (DeclarationWithdrawn(member=tie.member, declared=tie.seq, reason=reason),)
        cases, by = self._chosen(tie), (self._first.value.strip(), self._second.value.strip())
        problem = self._problem(cases, by)
        declared = tie.seq if tie.origin == "declared" else 0
        made = (
            ConflictRuled(
                member=tie.member,
                case=case,
                bars=_BARS[self._what],
                reason=reason,
                by=by,
                kind=self._kind.value,
                about=self._about.value.strip(),
                declared=declared,
            )
            for case in cases or ("",)
        )
        return problem, () if problem else tuple(made)

    def _chosen(self, tie: RelationshipQuestion) -> tuple[str, ...]:
        if tie.case:
            return (tie.case,)
        ticked = [case for case, box in self._boxes.items() if box.value]
        return tuple(filter(None, [*ticked, self._other.value]))

    def _problem(self, cases: Iterable[str], by: tuple[str, str]) -> str:
        if self._what == GRANT and not cases:
            return "请勾选或另选应当回避的推荐对象；与参评对象都无关的，点“不构成回避”。"
        if self._what == GRANT and not self._kind.value:
            return "请选择是哪种关系。"
        if not all(by):
            return "请填写两名经办人。"
        return SAME_PERSON if by[0] == by[1] else ""

    def _box(self, case: Case, *, only: bool) -> widgets.Checkbox:
        box = widgets.Checkbox(
            value=only,
            description=_label(case),
            indent=False,
            layout={"width": "100%", "height": "26px", "margin": "0"},
        )
        box.observe(self._edited, "value")
        return box

    def _edited(self, _: object) -> None:
        if not self._filling:
            self._on_edit()


def _suggested(state: RoundState, tie: RelationshipQuestion) -> list[Case]:
    """Return the cases that a declaration seems to name, and those ruled upon already."""
    ruled = [getattr(event.body, "case", "") for event in tie.rulings]
    wanted = dict.fromkeys((*tie.suggested, *ruled))
    return [
        state.screening.case_by_id[case] for case in wanted if case in state.screening.case_by_id
    ]


def _label(case: Case) -> str:
    return f"{KIND_TITLES[case.kind]}　{mask_value('', case.name)}（{case.id}）"
