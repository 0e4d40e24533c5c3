"""A case as a panel member may read it: before the reveal, what tells who it is is masked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kjfp_helpers.derivation.blind import MASK, Veil
from kjfp_helpers.derivation.review import Review
from kjfp_helpers.findings import Code, Severity
from kjfp_helpers.records import Case, Team

_NAMED = re.compile(r"(与|又是)?[^、（）“”]*推荐的(?:团队)?“[^”]*”")
_LISTED = re.compile(r"“[^”]*”(?=（第\d+条)")
"""How findings name another case, and a row of the register."""

Read = Callable[[str | None], str | None]


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A finding on the case, without where it was found."""

    about: Code
    severity: Severity
    expected: str
    found: str


@dataclass(frozen=True, kw_only=True)
class BlindCase:
    """Form figures beside the unit's own, deeds, findings; None is what was left blank.

    ``named`` says that identities are shown. ``facts`` are titles and values in the order of the
    form; ``figures`` holds ``people_lifted service_days people_rate`` and, under ``unit``,
    ``people_done experts_done assoc_done``.
    """

    named: bool
    facts: tuple[tuple[str, Any], ...]
    figures: Mapping[str, Any]
    earlier: tuple[str, ...]
    honors: str | None
    story: str | None
    remarks: tuple[Remark, ...]


def blind_case(review: Review, case: Case, *, named: bool = False) -> BlindCase:
    """Return a case with nothing that tells who it is; ``named``, with who it is at the top.

    Numbers, addresses and names of other cases stay masked in both.
    """
    whole = Veil(review.round, case)
    veil = whole.contacts if named else whole
    identity = _identity(review, case, veil) if named else ()
    return BlindCase(
        named=named,
        facts=(*identity, *_facts(case, veil)),
        figures=_figures(review, case),
        earlier=_earlier(review, case),
        honors=veil(case.nominee.honors),
        story=veil(case.nominee.story),
        remarks=tuple(
            Remark(about=finding.about, severity=finding.severity,
                   expected=veil(finding.expected) or "", found=veil(_untold(finding.found)) or "")
            for finding in review.findings if finding.case == case.id
        ),
    )  # fmt: skip


def _untold(found: str) -> str:
    """Return what was found without the names of other cases and of the register."""
    return _LISTED.sub(MASK, _NAMED.sub(r"\1另一件", found))


def _earlier(review: Review, case: Case) -> tuple[str, ...]:
    """Return the case's earlier commendations, without who they went to."""
    rows = review.earlier.get(case.id, ())
    return tuple(
        f"{row.year}年{row.level}{'团队' if row.kind == 'team' else '个人'}表扬" for row in rows
    )


def _identity(review: Review, case: Case, veil: Read) -> tuple[tuple[str, Any], ...]:
    nominee, unit = case.nominee, review.round.unit_by_code.get(case.unit)
    places = "；".join("".join(part or "" for part in region) for region in nominee.regions)
    who: tuple[tuple[str, str | None], ...]
    if isinstance(nominee, Team):
        who = (("团队名称", nominee.team_name), ("负责人", nominee.leader_name),
               ("负责人职称", nominee.leader_title),
               ("专家名单", "、".join(nominee.expert_names) or None))  # fmt: skip
    else:
        who = (("姓名", nominee.name), ("性别", nominee.gender), ("工作单位", nominee.employer))
    told = (*who, ("推荐单位", unit.name if unit else None), ("服务地点", places or None))
    return tuple((title, veil(text)) for title, text in told)


def _facts(case: Case, veil: Read) -> list[tuple[str, Any]]:
    nominee = case.nominee
    types = _ticked(nominee.service_types, veil(nominee.service_types_other))
    modes = _ticked(nominee.service_modes, veil(nominee.service_modes_other))
    facts: list[tuple[str, Any]] = [("服务类别", types), ("服务方式", modes)]
    if isinstance(nominee, Team):
        went = len(nominee.expert_names) or None
        return [
            ("研究方向／专业", veil(nominee.research_field)),
            ("团队专家总人数", nominee.expert_count),
            ("深入贫困地区专家", f"{went} 名" if went else None),
            *facts,
        ]
    return [("职务／职称", veil(nominee.title)), *facts]


def _ticked(options: tuple[str, ...], other: str | None) -> str | None:
    return "、".join(f"{word}（{other}）" if word == "其他" and other else word for word in options)


def _figures(review: Review, case: Case) -> dict[str, Any]:
    nominee = case.nominee
    frame: pd.DataFrame = review.stocktake
    unit = frame[frame["unit"] == case.unit]
    own = unit.iloc[0].to_dict() if len(unit) else {}
    return {
        "people_lifted": nominee.people_lifted,
        "service_days": nominee.service_days,
        "unit": {name: own.get(name) for name in ("people_done", "experts_done", "assoc_done")},
        "people_rate": own.get("people_rate"),
    }
