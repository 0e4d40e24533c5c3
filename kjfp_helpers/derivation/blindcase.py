"""A case as a panel member may read it: everything that tells who it is masked."""

import re
from collections.abc import Mapping
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

    ``facts`` are titles and values in the order of the form; ``figures`` holds
    ``people_lifted service_days people_rate`` and, under ``unit``, ``people_done experts_done
    assoc_done``.
    """

    facts: tuple[tuple[str, Any], ...]
    figures: Mapping[str, Any]
    earlier: tuple[str, ...]
    honors: str | None
    story: str | None
    remarks: tuple[Remark, ...]


def blind_case(review: Review, case: Case) -> BlindCase:
    """Return a case with nothing that tells who it is."""
    veil = Veil(review.round, case)
    return BlindCase(
        facts=tuple(_facts(case, veil)),
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


def _facts(case: Case, veil: Veil) -> list[tuple[str, Any]]:
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
