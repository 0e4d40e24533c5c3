"""What an item is held against, side by side: other nominations of the same name or words."""

import re

from markupsafe import Markup

from kjfp_helpers.derivation import Review
from kjfp_helpers.derivation.queue import Item
from kjfp_helpers.panels.pages import render
from kjfp_helpers.panels.veiled import veiled
from kjfp_helpers.records import KIND_TITLES, Case

MOST = 2
"""Other nominations shown beside the item's own."""
_CASE = re.compile(r"(?<![A-Za-z0-9])[TP][A-Z]?\d+-\d+[a-z]?")
_FACTS = (
    ("名称／姓名", ("team_name", "name")), ("负责人", ("leader_name",)),
    ("工作单位", ("employer",)), ("职务／职称", ("title", "leader_title")),
    ("身份证号码", ("id_number",)), ("联系方式", ("phone", "leader_phone")),
    ("带动脱贫人数", ("people_lifted",)), ("服务天数", ("service_days",)),
)  # fmt: skip


def beside(review: Review, item: Item, *, open: bool) -> Markup:
    """Return the comparison that belongs to an item, empty where there is none."""
    own = review.case_by_id.get(item.finding.case)
    named = _CASE.findall(item.finding.found) if own else []
    others = [review.case_by_id[case] for case in named if case in review.case_by_id]
    if own is None or not others:
        return Markup("")
    cases = [own, *others[:MOST]]
    rows = [(title, [_fact(case, names, open) for case in cases]) for title, names in _FACTS]
    rows.insert(
        0, ("推荐单位", [review.round.unit_by_code[case.unit].short_name for case in cases])
    )
    heads = [f"{KIND_TITLES[case.kind]}　{case.id}" for case in cases]
    return Markup(render("queue_beside", heads=heads, rows=[row for row in rows if any(row[1])]))


def _fact(case: Case, names: tuple[str, ...], open: bool) -> str:
    for name in names:
        value = getattr(case.nominee, name, None)
        if value is not None:
            return str(value) if open else veiled(name, str(value))
    return ""
