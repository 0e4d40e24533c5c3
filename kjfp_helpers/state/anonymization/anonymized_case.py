"""Anonymized case: a case as a member may read it before identities are revealed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.findings import FindingType, Severity
from kjfp_helpers.core.records import Case, Team
from kjfp_helpers.state.anonymization.anonymizer import MASK, Anonymizer
from kjfp_helpers.state.anonymization.stocktake_comparison import check_against_unit
from kjfp_helpers.state.anonymization.visible_findings import is_visible, neutral_expected
from kjfp_helpers.state.round_state import RoundState

_NAMED = re.compile(r"(与|又是)?[^、（）“”]*推荐的(?:团队)?“[^”]*”")
_LISTED = re.compile(r"“[^”]*”(?=（第\d+条)")
"""How findings name another case, and a row of the register."""

Read = Callable[[str | None], str | None]


@dataclass(frozen=True, kw_only=True)
class CaseRemark:
    """A finding on the case, without where it was found."""

    finding_type: FindingType
    severity: Severity
    expected: str
    found: str


@dataclass(frozen=True, kw_only=True)
class AnonymizedCase:
    """Form figures checked against the unit's own, deeds, findings; None is what was left blank.

    ``named`` says that identities are shown. ``facts`` and ``figures`` are titles and values in
    the order of the form; no figure is the unit's. ``numbers`` are those of the form, to be found
    again in the deeds.
    """

    named: bool
    facts: tuple[tuple[str, Any], ...]
    figures: tuple[tuple[str, str | None], ...]
    numbers: tuple[int | None, ...]
    earlier: tuple[str, ...]
    honors: str | None
    story: str | None
    remarks: tuple[CaseRemark, ...]


def anonymize_case(
    state: RoundState, case: Case, *, named: bool = False, veil: Anonymizer | None = None
) -> AnonymizedCase:
    """Return a case with nothing that tells who it is; ``named``, with who it is at the top.

    Numbers, addresses and names of other cases stay masked in both. ``veil`` is that of
    :func:`veil_of` where it was made already.
    """
    whole = veil or build_anonymizer(state, case)
    read: Read = whole.contacts if named else whole
    identity = _identity(state, case, read) if named else ()
    return AnonymizedCase(
        named=named,
        facts=(*identity, *_facts(state, case, read)),
        figures=_figures(state, case),
        numbers=(case.nominee.people_lifted, case.nominee.service_days),
        earlier=_earlier(state, case),
        honors=read(case.nominee.honors),
        story=read(case.nominee.story),
        remarks=tuple(
            CaseRemark(
                finding_type=finding.finding_type,
                severity=finding.severity,
                expected=read(neutral_expected(finding)) or "",
                found=read(_untold(finding.found)) or "",
            )
            for finding in state.screening.findings
            if finding.case == case.id and is_visible(finding)
        ),
    )


def build_anonymizer(state: RoundState, case: Case) -> Anonymizer:
    """Return what masks a case's texts, with the names of the nominations they may speak of.

    Those are the unit's others, and every one that they share passages with.
    """
    near = {other.id for other in state.screening.cases if other.unit == case.unit}
    near |= {
        overlap.other_than(case.id)
        for overlap in state.screening.overlaps
        if case.id in (overlap.one, overlap.other)
    }
    alike = [other for other in state.screening.cases if other.id in near - {case.id}]
    return Anonymizer(state.round, case, alike, state.screening.public_traces)


def _untold(found: str) -> str:
    """Return what was found without the names of other cases and of the register."""
    return _LISTED.sub(MASK, _NAMED.sub(r"\1另一件", found))


def _earlier(state: RoundState, case: Case) -> tuple[str, ...]:
    """Return the case's earlier commendations, without who they went to."""
    rows = state.screening.prior_awards.get(case.id, ())
    return tuple(
        f"{row.year}年{row.level}{'团队' if row.kind == 'team' else '个人'}表扬" for row in rows
    )


def _identity(state: RoundState, case: Case, veil: Read) -> tuple[tuple[str, Any], ...]:
    nominee, unit = case.nominee, state.round.unit_by_code.get(case.unit)
    places = "；".join("".join(part or "" for part in region) for region in nominee.regions)
    who: tuple[tuple[str, str | None], ...]
    if isinstance(nominee, Team):
        who = (
            ("团队名称", nominee.team_name),
            ("负责人", nominee.leader_name),
            ("负责人职称", nominee.leader_title),
            ("专家名单", "、".join(nominee.expert_names) or None),
        )
    else:
        who = (("姓名", nominee.name), ("性别", nominee.gender), ("工作单位", nominee.employer))
    told = (*who, ("推荐单位", unit.name if unit else None), ("服务地点", places or None))
    return tuple((title, veil(text)) for title, text in told)


def _facts(state: RoundState, case: Case, veil: Read) -> list[tuple[str, Any]]:
    nominee = case.nominee
    types = _ticked(nominee.service_types, veil(nominee.service_types_other))
    modes = _ticked(nominee.service_modes, veil(nominee.service_modes_other))
    facts: list[tuple[str, Any]] = [("服务类别", types), ("服务方式", modes)]
    if isinstance(nominee, Team):
        went = len(nominee.expert_names) or None
        return [
            ("研究方向／专业", veil(nominee.research_field)),
            ("团队专家总人数", shown_number(state, case, nominee.expert_count, "人")),
            ("深入贫困地区专家", f"{went} 名" if went else None),
            *facts,
        ]
    return [("职务／职称", veil(nominee.title)), *facts]


def _ticked(options: tuple[str, ...], other: str | None) -> str | None:
    return "、".join(f"{word}（{other}）" if word == "其他" and other else word for word in options)


def _figures(state: RoundState, case: Case) -> tuple[tuple[str, str | None], ...]:
    nominee = case.nominee
    frame = state.screening.stocktake
    totals = frame.loc[frame["unit"] == case.unit, "people_done"].dropna()
    total = int(totals.iloc[0]) if len(totals) else None
    return (
        ("带动脱贫贫困人口", shown_number(state, case, nominee.people_lifted, "人")),
        ("与单位盘点核对", check_against_unit(nominee.people_lifted, total)),
        ("服务累计天数", shown_number(state, case, nominee.service_days, "天")),
    )


def shown_number(state: RoundState, case: Case, value: int | None, measure: str) -> str | None:
    """Return a number of the form; one that the unit's public page prints, as a range."""
    if value is None:
        return None
    traces = state.screening.public_traces
    if not traces.prints_number(case.unit, value) or traces.repeats_story(
        case.unit, case.nominee.story
    ):
        return f"{value:,}{measure}"
    step = 10 ** (len(str(value)) - 1)
    low = value // step * step
    return f"{low:,}—{low + step:,}{measure}之间"
