"""Summaries, unit by unit: what is covered, the text, the numbers, a level and a comment."""

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import SummaryAssessed
from kjfp_helpers.forms import STOCKTAKE_ROWS
from kjfp_helpers.panels.frame import column, html, message, panel, row, screen, styled
from kjfp_helpers.panels.pages import render
from kjfp_helpers.panels.saving import Saving
from kjfp_helpers.panels.stepper import Stepper
from kjfp_helpers.records import Summary

TITLE = "工作总结考核"
NONE = "未评"


@screen(TITLE)
def summaries(desk: Desk, reader: str = "") -> widgets.Widget:
    """Return the walk through the summaries received; ``reader`` is recorded as who assessed."""
    review = desk.review()
    frame = review.summaries
    units = list(frame.loc[frame["missing"].notna(), "unit"])
    if not units:
        return panel(desk, TITLE, message("还没有收到工作总结。", "收到并登记后重新运行本页。"))
    return _Summaries(desk, review, units, reader).widget


class _Summaries:
    """Controls and callbacks of the walk."""

    def __init__(self, desk: Desk, review: Review, units: list[str], reader: str) -> None:
        self._review, self._filling = review, False
        self._records = {r.unit: r for r in review.records if r.kind == "summary"}
        self._assessed, self._seqs = _assessments(review)
        self._saving = Saving(desk, reader)
        self._text = html("", "kj-pane", "kj-left", "kj-fresh")
        self._facts = html("", "kj-pane", "kj-grow")
        levels = [NONE, *review.round.rubric.summary_levels]
        self._level = widgets.ToggleButtons(options=levels, style={"button_width": "72px"})
        self._comment = widgets.Textarea(
            placeholder="评语（可不填）", rows=3, layout={"width": "100%"}
        )
        self._save = styled(
            widgets.Button(description="保存", button_style="primary"), "kj-save", "kj-left"
        )
        self._steps = Stepper(
            units, label=self._label, done=self._assessed.__contains__, leave=self._leave,
            show=self._show, noun="份", undone="未评", finished="已评",
        )  # fmt: skip
        for control in (self._level, self._comment):
            control.observe(self._edited, "value")
        self._save.on_click(lambda _: self._keep())
        foot = column(
            html("<b>考核等次</b>"), self._level, self._comment, self._save, self._saving.widget,
            classes=("kj-pane", "kj-foot"),
        )  # fmt: skip
        right = column(self._facts, foot, classes=("kj-right",))
        body = row(self._text, right, classes=("kj-split", "kj-tall"))
        note = f"已收 {len(units)} 份，共 {len(review.summaries)} 个单位"
        self.widget = panel(desk, TITLE, self._steps.widget, body, note=note)
        self._steps.begin()

    def _label(self, unit: str) -> str:
        level = self._assessed[unit].level if unit in self._assessed else ""
        name = self._review.round.unit_by_code[unit].short_name
        return f"✓ {name}（{level}）" if level else f"○ {name}"

    def _show(self, unit: str) -> None:
        body, assessed = self._records[unit].body, self._assessed.get(unit)
        assert isinstance(body, Summary)
        self._text.value = render(
            "summary", summary=body, unit=self._review.round.unit_by_code[unit]
        )
        self._facts.value = render(
            "summary_facts", heads=self._heads(unit), figures=self._figures(unit)
        )
        self._filling = True
        self._level.value = assessed.level if assessed else NONE
        self._comment.value = assessed.comment if assessed else ""
        self._filling = False
        self._saving.rest(self._seqs.get(unit))

    def _heads(self, unit: str) -> list[tuple[str, bool]]:
        frame = self._review.summaries
        found = frame[frame["unit"] == unit].iloc[0]
        return [
            (head.title, bool(found[head.id])) for head in self._review.round.notice.summary.heads
        ]

    def _figures(self, unit: str) -> list[dict[str, object]]:
        frame = self._review.stocktake
        own = frame[frame["unit"] == unit].iloc[0]
        parts = ("target", "done", "rate")
        return [
            {"label": label, **{part: own[f"{name}_{part}"] for part in parts}}
            for name, label in STOCKTAKE_ROWS
        ]

    def _edited(self, _: object) -> None:
        if not self._filling:
            self._saving.touch()

    def _leave(self) -> bool:
        return not self._saving.dirty or self._keep()

    def _keep(self) -> bool:
        unit, level, comment = self._steps.current, self._level.value, self._comment.value.strip()
        problem = "请先选定考核等次。" if level == NONE else None
        body = SummaryAssessed(unit=unit, level=level, comment=comment)
        seq = self._saving.guard(problem, body)
        if seq is None:
            return False
        self._assessed[unit], self._seqs[unit] = body, seq
        self._steps.refresh()
        return True


def _assessments(review: Review) -> tuple[dict[str, SummaryAssessed], dict[str, int]]:
    """Return the latest assessment of each unit, and the number of its event."""
    bodies, seqs = {}, {}
    for event in review.events:
        if isinstance(event.body, SummaryAssessed):
            bodies[event.body.unit], seqs[event.body.unit] = event.body, event.seq
    return bodies, seqs
