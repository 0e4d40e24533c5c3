"""The form of a ruling on a conflict (回避): disputed, ruled away, ruled in; by two persons."""

from collections.abc import Callable

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import ConflictRuled
from kjfp_helpers.panels.frame import column, html, row
from kjfp_helpers.panels.saving import Saving
from kjfp_helpers.records import KIND_TITLES

RULED = {None: "提出异议，待裁定", False: "裁定无须回避", True: "裁定应当回避"}
_SMALL = '<span class="kj-small kj-muted">{}</span>'
NOTE = "已生效。须补派评阅的，请再运行 kjfp assign"


class Recusals:
    """Rules on one member and one case; the cases a member may not read come first."""

    def __init__(self, desk: Desk, recorded: Callable[[], None]) -> None:
        self._desk, self._recorded = desk, recorded
        people = [(f"{one.member} {one.name}", one.member) for one in desk.round.panel]
        self.member = widgets.Dropdown(options=[("请选择", ""), *people])
        self.case = widgets.Dropdown(layout={"width": "430px"})
        self.bars = widgets.Dropdown(
            options=[("请选择", "")] + [(title, bars) for bars, title in RULED.items()]
        )
        self.words = {
            name: widgets.Text(placeholder="必填", layout={"width": "210px"})
            for name in ("理由", "经办人一", "经办人二")
        }
        self._button = widgets.Button(description="确认回避裁定", button_style="danger")
        self._saving = Saving(desk, "", before="")
        self.member.observe(self._refresh, "value")
        self._button.on_click(self._confirm)
        self._refresh()
        hint = "对查出或申报的回避提出异议、裁定；历次决定都保留，以最后一次为准。"
        head = html(
            f'<h3 style="margin:0">回避裁定</h3><span class="kj-small kj-muted">{hint}</span>'
        )
        fields = {"评委": self.member, "推荐对象": self.case, "决定": self.bars, **self.words}
        controls = [
            column(html(_SMALL.format(title)), control) for title, control in fields.items()
        ]
        self.widget = column(
            head, row(*controls), row(self._button, self._saving.widget),
            classes=("kj-pane", "kj-decision"),
        )  # fmt: skip

    def _refresh(self, _: object = None) -> None:
        review = self._desk.review()
        held = review.conflicts[review.conflicts["member"] == self.member.value]
        barred = held.groupby("case")["reason"].agg("；".join).to_dict()
        rows = sorted(review.eligible, key=lambda case: (case.id not in barred, case.id))
        named = [
            (f"{_named(review, case.id)}{_barred(barred.get(case.id))}", case.id) for case in rows
        ]
        self.case.options = [("请选择", ""), *(named if self.member.value else [])]
        self.case.value = ""

    def _confirm(self, _: object) -> None:
        words = {name: entry.value.strip() for name, entry in self.words.items()}
        chosen = {"评委": self.member.value, "推荐对象": self.case.value}
        missing = [name for name, value in {**chosen, **words}.items() if not value]
        missing += ["决定"] if self.bars.value == "" else []
        problem = f"请先填写：{'、'.join(missing)}。" if missing else None
        by = (words["经办人一"], words["经办人二"])
        if not problem and by[0] == by[1]:
            problem = "两名经办人应为不同的人。"
        body = ConflictRuled(member=self.member.value, case=self.case.value, reason=words["理由"],
                             bars=None if problem else self.bars.value, by=by)  # fmt: skip
        if self._saving.guard(problem, body, note=NOTE) is not None:
            for entry in self.words.values():
                entry.value = ""
            self.bars.value = ""
            self._refresh()
            self._recorded()


def ruled(review: Review, body: ConflictRuled) -> tuple[str, str, str]:
    """Return what was ruled, on whom, and in which words."""
    whom = f"{body.member} 对 {_named(review, body.case)}"
    return RULED[body.bars], whom, f"{body.reason}；经办 {'、'.join(body.by)}"


def _named(review: Review, case: str) -> str:
    nominee = review.case_by_id.get(case)
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{case}）" if nominee else case


def _barred(reason: str | None) -> str:
    return f" — {reason}" if reason else ""
