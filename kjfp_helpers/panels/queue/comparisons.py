"""Side-by-side comparisons of a work item: nominations, passages, lists, versions."""

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.records import KIND_TITLES, Case
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility import Overlap
from kjfp_helpers.panels.widgets.html_templates import Column, render_table, render_template
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.secretary.work_item import WorkItem

MAXIMUM_OTHERS = 2
"""Other nominations shown beside the item's own."""
CONTEXT_CHARS = 24
"""Characters shown before and after a shared passage."""
ASCII_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_TWICE = ("duplicate_person", "duplicate_team", "leader_also_individual")
_FACTS = (
    ("名称／姓名", ("team_name", "name")),
    ("负责人", ("leader_name",)),
    ("工作单位", ("employer",)),
    ("职务／职称", ("title", "leader_title")),
    ("身份证号码", ("id_number",)),
    ("联系方式", ("phone", "leader_phone")),
    ("带动脱贫人数", ("people_lifted",)),
    ("服务天数", ("service_days",)),
)
_EVIDENCE = (
    Column("year", "年份", "nowrap"),
    Column("level", "级别", "nowrap", blank="—"),
    Column("listed_name", "名单所列"),
    Column("listed_unit", "推荐单位", blank="—"),
    Column("listed_employer", "工作单位", blank="—"),
    Column("document", "文件", blank="—"),
    Column("how", "比对结果", "nowrap"),
)
_VERSIONS = (
    Column("title", "栏目", "nowrap"),
    Column("old", "前件", blank="空白"),
    Column("new", "后件", blank="空白"),
)
_TOGETHER = {
    is_chosen: (
        Column("title", "栏目", "nowrap"),
        Column("new", "选定的一份" if is_chosen else "暂用的一份", blank="空白"),
        Column("old", "另一份", blank="空白"),
    )
    for is_chosen in (False, True)
}
_REOPENED = (
    Column("what", "事项", "nowrap"),
    Column("by", "经办", "nowrap"),
    Column("note", "说明"),
)


def render_comparisons(state: RoundState, item: WorkItem, *, open: bool) -> Markup:
    """Return the comparisons that belong to an item, empty where there are none."""
    parts = [
        *_versions(state, item),
        *_evidence(state, item),
        *_nominations(state, item, open),
        *_passages(state, item, open),
        *_quoted(item, open),
        *_reopened(state, item),
    ]
    return Markup("").join(parts)


def _nominations(state: RoundState, item: WorkItem, open: bool) -> Iterator[Markup]:
    """Yield a nomination beside those of the same person or team."""
    own = state.screening.case_by_id.get(item.finding.case)
    if own is None or item.finding.code not in _TWICE:
        return
    others = [case for case in state.screening.cases if case is not own and _same(own, case)]
    if not others:
        return
    cases = [own, *others[:MAXIMUM_OTHERS]]
    rows = [(title, [_fact(case, names, open) for case in cases]) for title, names in _FACTS]
    units = [state.round.unit_by_code[case.unit].short_name for case in cases]
    rows.insert(0, ("推荐单位", units))
    heads = [f"{KIND_TITLES[case.kind]}　{case.id}" for case in cases]
    kept = [row for row in rows if any(row[1])]
    yield Markup(render_template("queue_beside", heads=heads, rows=kept))


def _same(one: Case, other: Case) -> bool:
    """Whether two nominations may be of the same: a name in common, or the identity number."""
    numbers = {getattr(case.nominee, "id_number", None) for case in (one, other)}
    return bool(_named(one) & _named(other)) or (len(numbers) == 1 and None not in numbers)


def _named(case: Case) -> set[str]:
    leader = getattr(case.nominee, "leader_name", None)
    return {alnum_key(case.name), *([alnum_key(leader)] if leader else [])}


def _fact(case: Case, names: Sequence[str], open: bool) -> str:
    for name in names:
        value = getattr(case.nominee, name, None)
        if value is not None:
            return str(value) if open else mask_value(name, str(value))
    return ""


def _passages(state: RoundState, item: WorkItem, open: bool) -> Iterator[Markup]:
    """Yield the passages that an item's deeds share with others, with the shared words marked."""
    case = item.finding.case
    if item.finding.code != "copied_text":
        return
    for overlap in state.screening.overlaps:
        if case in (overlap.one, overlap.other):
            yield _shared(state, overlap, case, open)


def _shared(state: RoundState, overlap: Overlap, own: str, open: bool) -> Markup:
    other = overlap.other if overlap.one == own else overlap.one
    pairs = []
    for spot in overlap.passages:
        sides = {
            overlap.one: (spot.one_start, spot.one_end),
            overlap.other: (spot.other_start, spot.other_end),
        }
        pairs.append([_around(state, case, *sides[case], open) for case in (own, other)])
    heads = [f"{state.screening.case_by_id[case].name}（{case}）" for case in (own, other)]
    return Markup(render_template("queue_passages", heads=heads, pairs=pairs, share=overlap.share))


def _around(state: RoundState, case: str, start: int, end: int, open: bool) -> tuple[str, str, str]:
    story = state.screening.case_by_id[case].nominee.story or ""
    before, after = story[max(start - CONTEXT_CHARS, 0) : start], story[end : end + CONTEXT_CHARS]
    parts = (before, story[start:end], after)
    return parts if open else tuple(mask_value("", part) for part in parts)  # type: ignore[return-value]


def _quoted(item: WorkItem, open: bool) -> Iterator[Markup]:
    """Yield the passage of the deeds that differs from the form's number, marked."""
    story = str(getattr(item.record and item.record.body, "story", None) or "")
    if item.finding.code != "claim_differs" or not story:
        return
    quote = item.finding.found.removeprefix("事迹写").strip("“”").partition("…")[0]
    start = story.translate(ASCII_DIGITS).find(quote)
    if not quote or start < 0:
        return
    end = start + len(quote)
    before = story[max(start - CONTEXT_CHARS, 0) : start]
    parts = (before, story[start:end], story[end : end + CONTEXT_CHARS])
    shown = parts if open else tuple(mask_value("", part) for part in parts)
    words = Markup("<p>…{}<mark>{}</mark>{}…</p>").format(*shown)
    yield Markup('<h3>事迹中的原文</h3><div class="kj-beside">{}</div>').format(words)


def _evidence(state: RoundState, item: WorkItem) -> Iterator[Markup]:
    """Yield the entries of the register that a nominee was held against."""
    if item.finding.code not in ("commended_near", "not_commended"):
        return
    found = state.screening.evidence[state.screening.evidence["case"] == item.finding.case]
    if len(found):
        yield _titled("曾获表扬名单中的近似项", found, _EVIDENCE)


def _versions(state: RoundState, item: WorkItem) -> Iterator[Markup]:
    """Yield what a later version changed."""
    if item.kind in ("version", "choice") and item.record is not None:
        frame = state.submissions.versions
        source = item.finding.source
        found = frame[(frame["old_source"] == source) | (frame["new_source"] == source)]
        if len(found):
            first = found.iloc[0]
            if item.finding.code == "versions_differ":
                columns = _TOGETHER[item.done is not None]
                for old, rows in found.groupby("old_source", sort=False):
                    names = [mask_value("", str(path).rpartition("/")[2]) for path in (source, old)]
                    yield _titled(f"“{names[0]}”与“{names[1]}”的差别", rows, columns)
                return
            title = f"第{first['old_receipt']}号与第{first['new_receipt']}号的差别"
            yield _titled(title, found, _VERSIONS)


def _reopened(state: RoundState, item: WorkItem) -> Iterator[Markup]:
    """Yield what a correction of the item's record put in doubt."""
    frame = state.scores.stale_decisions
    case = item.finding.case or _case_of(state, item)
    found = frame[(frame["case"] == case) & (case != "")]
    if len(found):
        yield _titled("因更正需要复核的", found, _REOPENED)


def _case_of(state: RoundState, item: WorkItem) -> str:
    record = item.record.id if item.record else ""
    return next((case.id for case in state.screening.cases if case.record.id == record), "")


def _titled(title: str, rows: Any, columns: Sequence[Column]) -> Markup:
    return Markup("<h3>{}</h3>{}").format(title, render_table(rows, columns))
