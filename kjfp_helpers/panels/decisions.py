"""Forms of the decisions above the computed list: each becomes an event with who and why."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.events import (
    BallotVoided,
    CaseVetoed,
    ConflictRuled,
    Decision,
    LevelConfirmed,
    MarksClosed,
    MemberReinstated,
    MemberWithdrawn,
    OfficeConflictWaived,
    PlaceAdded,
    PlaceLeftEmpty,
)
from kjfp_helpers.panels.frame import styled
from kjfp_helpers.panels.recording import (
    SAME_PERSON,
    Entries,
    Make,
    Words,
    entry,
    recording,
    two_persons,
)
from kjfp_helpers.panels.recusals import recusals, ruled
from kjfp_helpers.panels.waivers import told_waiver, waivers
from kjfp_helpers.records import KIND_TITLES, KINDS, kind_of

RECORDED = "已生效。请再运行 kjfp shortlist，更新名单和公示文件"
Told = tuple[str, str, str]
"""What was decided, on whom, in which words."""


def decisions(desk: Desk, recorded: Callable[[], None]) -> widgets.VBox:
    """Return the forms of what the account may decide.

    ``recorded`` is called after each decision the ledger has.
    """
    may = desk.access().may_record
    if not may(CaseVetoed):
        return styled(widgets.VBox([]), "kj-decisions")
    pickers = {states: widgets.Dropdown(layout={"width": "430px"}) for states in (_OPEN, _OUTSIDE)}
    people = widgets.Dropdown(layout={"width": "430px"})
    kinds = widgets.ToggleButtons(
        options=[(KIND_TITLES[kind], kind) for kind in KINDS], value=None,
        style={"button_width": "90px"},
    )  # fmt: skip

    def refresh() -> None:
        review = desk.review()
        for states, picker in pickers.items():
            picker.options = [("请选择", ""), *_choices(review, states)]
            picker.value = ""
        able = [one for one in _choices(review, _OPEN) if kind_of(one[1]) == "individual"]
        people.options, people.value, kinds.value = [("请选择", ""), *able], "", None

    def done() -> None:
        refresh()
        recorded()

    def form(title: str, hint: str, entries: Entries, make: Make) -> widgets.VBox:
        return recording(desk, title, hint, entries, make, done, note=RECORDED)

    refresh()
    whom = "推荐对象"
    veto = form(
        "一票否决", "须有条款、文件和两人姓名；名单随即递补。",
        {"case": (whom, pickers[_OPEN]), "clause": ("依据条款", entry()),
         "document": ("文件名称或文号", entry()), **two_persons()}, _veto,
    )  # fmt: skip
    add = form(
        "按决议增列", "计划外增加名额，须有会议决议文号和理由。",
        {"case": (whom, pickers[_OUTSIDE]), "resolution": ("决议文号", entry()),
         "reason": ("理由", entry())}, lambda words: PlaceAdded(**words),
    )  # fmt: skip
    empty = form(
        "按决议空缺", "计划内名额留空若干，须有会议决议文号和理由；填 0 即收回。",
        {"kind": ("类别", kinds), "places": ("空缺几个", entry()),
         "resolution": ("决议文号", entry()), "reason": ("理由", entry())}, _empty,
    )  # fmt: skip
    level = form(
        "认定级别", "名单按级别有限制时，以此处认定为准，不从职务文字推断。",
        {"case": (whom, people), "level": ("级别（如 处级）", entry()),
         "document": ("依据文件", entry())}, lambda words: LevelConfirmed(**words),
    )  # fmt: skip
    close = form(
        "截止评分", "截止以后保存的评分另行存放，不计入结果；不能撤回。",
        {"reason": ("说明", entry())}, lambda words: MarksClosed(**words),
    )  # fmt: skip
    ruling = recusals(desk, recorded)
    limited = any(limit.attribute == "level" for limit in desk.round.notice.limit)
    forms = [
        veto,
        add,
        empty,
        *([level] if limited else []),
        ruling,
        *waivers(desk, recorded),
        close,
    ]
    return styled(widgets.VBox(forms), "kj-decisions")


_OUTSIDE = ("reserve", "out", "unranked")
_OPEN = ("listed", "added", *_OUTSIDE)


def _choices(review: Review, states: Collection[str]) -> list[tuple[str, str]]:
    """Return the cases that stand in one of these states of the list, with their labels."""
    status = dict(zip(review.shortlist["case"], review.shortlist["status"], strict=True))
    ids = [case.id for case in review.eligible if status.get(case.id, "unranked") in states]
    return [(_label(review, case), case) for case in ids]


def decided(review: Review) -> list[dict[str, object]]:
    """Return the decisions the ledger holds: ``seq what whom words actor``, oldest first."""
    rows: list[dict[str, object]] = []
    for event in review.events:
        tell = _TOLD.get(type(event.body))
        if tell is not None:
            what, whom, words = tell(review, event.body)
            rows.append({"seq": f"#{event.seq}", "what": what, "whom": whom, "words": words,
                         "actor": event.actor})  # fmt: skip
    return rows


def _vetoed(review: Review, body: CaseVetoed) -> Told:
    words = f"条款 {body.clause}；{body.document}；经办 {'、'.join(body.by)}"
    return "一票否决", _label(review, body.case), words


def _added(review: Review, body: PlaceAdded) -> Told:
    return "增列", _label(review, body.case), f"{body.resolution}；{body.reason}"


def _left_empty(_: Review, body: PlaceLeftEmpty) -> Told:
    words = f"{body.places} 个；{body.resolution}；{body.reason}"
    return "名额空缺", KIND_TITLES[body.nominees], words


def _confirmed(review: Review, body: LevelConfirmed) -> Told:
    return "认定级别", _label(review, body.case), f"{body.level or '收回'}；{body.document}"


def _withdrawn(_: Review, body: MemberWithdrawn) -> Told:
    marks = "已给评分不计入" if body.set_aside else "已给评分照计"
    words = f"{body.reason}；{body.document}；{marks}；经办 {'、'.join(body.by)}"
    if body.substitute:
        words += f"；替补 {body.substitute['member']} {body.substitute['name']}（{body.approval}）"
    return "评委退出", body.member, words


def _reinstated(_: Review, body: MemberReinstated) -> Told:
    words = f"{body.reason}；{body.document}；经办 {'、'.join(body.by)}"
    return "撤销退出", body.member, words


_TOLD: Mapping[type, Callable[[Review, Any], Told]] = {
    CaseVetoed: _vetoed,
    PlaceAdded: _added,
    PlaceLeftEmpty: _left_empty,
    LevelConfirmed: _confirmed,
    ConflictRuled: ruled,
    OfficeConflictWaived: told_waiver,
    MemberWithdrawn: _withdrawn,
    MemberReinstated: _reinstated,
    BallotVoided: lambda _, body: ("投票作废", f"第{body.ballot}次投票", body.reason),
    MarksClosed: lambda _, body: ("截止评分", "—", body.reason),
}


def _veto(words: Words) -> Decision | str:
    if words["first"] == words["second"]:
        return SAME_PERSON
    return CaseVetoed(case=words["case"], clause=words["clause"], document=words["document"],
                      by=(words["first"], words["second"]))  # fmt: skip


def _empty(words: Words) -> Decision | str:
    if not words["places"].isdecimal():
        return "空缺几个须为整数。"
    return PlaceLeftEmpty(nominees=words["kind"], places=int(words["places"]),
                          resolution=words["resolution"], reason=words["reason"])  # fmt: skip


def _label(review: Review, case: str) -> str:
    nominee = review.case_by_id.get(case)
    if nominee is None:
        return case
    unit = review.round.unit_by_code[nominee.unit].short_name
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{unit}，{case}）"
