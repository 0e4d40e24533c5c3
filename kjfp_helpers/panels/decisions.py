"""Forms of the decisions above the computed list: each becomes an event with who and why."""

from collections.abc import Callable, Mapping

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import CaseVetoed, Decision, MarksClosed, PlaceAdded
from kjfp_helpers.panels.frame import column, html, row, styled
from kjfp_helpers.panels.saving import Saving
from kjfp_helpers.records import KIND_TITLES

Make = Callable[[str, Mapping[str, str]], Decision]


def decisions(desk: Desk, recorded: Callable[[], None]) -> widgets.VBox:
    """Return the forms; ``recorded`` is called after each decision the ledger has."""
    review = desk.review()
    known = [(_label(review, case.id), case.id) for case in review.eligible]
    status = dict(zip(review.shortlist["case"], review.shortlist["status"], strict=True))
    outside = [item for item in known if status.get(item[1]) in ("reserve", "out", "unranked")]
    veto = _form(
        desk, "一票否决", "须有条款、文件和两人姓名；名单随即递补。", known,
        {"clause": "依据条款", "document": "文件名称或文号",
         "first": "经办人一", "second": "经办人二"},
        _veto, recorded,
    )  # fmt: skip
    add = _form(
        desk, "按决议增列", "计划外增加名额，须有会议决议文号和理由。", outside,
        {"resolution": "决议文号", "reason": "理由"}, _add, recorded,
    )  # fmt: skip
    close = _form(
        desk, "截止评分", "截止以后保存的评分另行存放，不计入结果；不能撤回。", [],
        {"reason": "说明"}, _close, recorded,
    )  # fmt: skip
    return styled(widgets.VBox([veto, add, close]), "kj-decisions")


def decided(review: Review) -> list[dict[str, object]]:
    """Return the decisions the ledger holds: ``seq what whom words actor``, oldest first."""
    rows: list[dict[str, object]] = []
    for event in review.events:
        body = event.body
        if isinstance(body, CaseVetoed):
            words = f"条款 {body.clause}；{body.document}；经办 {'、'.join(body.by)}"
            what, whom = "一票否决", _label(review, body.case)
        elif isinstance(body, PlaceAdded):
            words = f"{body.resolution}；{body.reason}"
            what, whom = "增列", _label(review, body.case)
        elif isinstance(body, MarksClosed):
            what, whom, words = "截止评分", "—", body.reason
        else:
            continue
        rows.append({"seq": f"#{event.seq}", "what": what, "whom": whom, "words": words,
                     "actor": event.actor})  # fmt: skip
    return rows


def _veto(case: str, words: Mapping[str, str]) -> CaseVetoed:
    by = (words["first"], words["second"])
    return CaseVetoed(case=case, clause=words["clause"], document=words["document"], by=by)


def _add(case: str, words: Mapping[str, str]) -> PlaceAdded:
    return PlaceAdded(case=case, resolution=words["resolution"], reason=words["reason"])


def _close(_: str, words: Mapping[str, str]) -> MarksClosed:
    return MarksClosed(reason=words["reason"])


def _label(review: Review, case: str) -> str:
    nominee = review.case_by_id.get(case)
    if nominee is None:
        return case
    unit = review.round.unit_by_code[nominee.unit].short_name
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{unit}，{case}）"


def _form(
    desk: Desk,
    title: str,
    hint: str,
    cases: list[tuple[str, str]],
    fields: Mapping[str, str],
    make: Make,
    recorded: Callable[[], None],
) -> widgets.VBox:
    """Return one form: whom it concerns, the words it needs, a button, the saved state."""
    whom = widgets.Dropdown(options=[("请选择", ""), *cases], layout={"width": "420px"})
    entries = {
        name: widgets.Text(placeholder=label, layout={"width": "200px"})
        for name, label in fields.items()
    }
    button = widgets.Button(description=f"确认{title}", button_style="danger")
    saving = Saving(desk, "", before="")

    def confirm(_: object) -> None:
        words = {name: entry.value.strip() for name, entry in entries.items()}
        missing = [fields[name] for name, word in words.items() if not word]
        missing += ["推荐对象"] if cases and not whom.value else []
        problem = f"请先填写：{'、'.join(missing)}。" if missing else None
        if words.get("first") and words.get("first") == words.get("second"):
            problem = "两名经办人应为不同的人。"
        if saving.guard(problem, make(whom.value, words)) is not None:
            for entry in entries.values():
                entry.value = ""
            recorded()

    button.on_click(confirm)
    head = html(f'<h3 style="margin:0">{title}</h3><span class="kj-small kj-muted">{hint}</span>')
    controls = [*([whom] if cases else []), *entries.values(), button]
    return column(head, row(*controls), saving.widget, classes=("kj-pane", "kj-decision"))
