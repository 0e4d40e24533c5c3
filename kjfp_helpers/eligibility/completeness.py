"""What every unit has sent or still owes, and whether it is in order (clauses 一, 二 and 三)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kjfp_helpers.eligibility.screen import Screening
from kjfp_helpers.findings import Finding, Severity
from kjfp_helpers.records import KINDS
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS = ("stocktake", "summary", "team", "individual", "exhibit")
_ACHIEVEMENT = "target_not_met"
"""The code of what a unit has not achieved, which leaves its return complete."""


def tabulate_completeness(
    round: Round, screening: Screening, checked: Mapping[str, Iterable[Finding]]
) -> "pd.DataFrame":
    """Return unit by document, after all checks: 已收, 不全 (to correct), 逾期, 未收 or 未推荐.

    A unit owes its stock-take, summary and exhibit; nobody has to recommend anybody.

    Parameters
    ----------
    round : Round
        The units, in their order.
    screening : Screening
        Current records, which of them are late, and what was found on them.
    checked : Mapping
        Kind of record to what its own system found on it.

    Returns
    -------
    DataFrame
        ``unit unit_name stocktake summary team individual exhibit``.
    """
    import pandas as pd

    faulty = {one.source for one in screening.findings if _to_correct(one)}
    wrong = {
        (one.unit, kind) for kind, found in checked.items() for one in found if _to_correct(one)
    }
    states: dict[tuple[str, str], str] = {}
    for record in screening.records:
        key = record.unit, record.kind
        amiss = record.source in faulty or key in wrong
        state = "逾期" if record.id in screening.late else "不全" if amiss else "已收"
        states[key] = max(state, states.get(key, "已收"), key=("已收", "不全", "逾期").index)
    rows = [
        {"unit": unit.code, "unit_name": unit.short_name}
        | {kind: states.get((unit.code, kind), _absent(kind)) for kind in DOCUMENTS}
        for unit in round.units
    ]
    return pd.DataFrame(rows)


def _to_correct(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.code != _ACHIEVEMENT


def _absent(kind: str) -> str:
    return "未推荐" if kind in KINDS else "未收"
