"""A reader of summaries leaves, or comes back: what was read stays, the rest goes to others."""

from collections.abc import Sequence

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import SummaryReaderReleased
from kjfp_helpers.state.assessment.assessment_acts import require_assessment
from kjfp_helpers.state.assessment.assessor_conflicts import assessors
from kjfp_helpers.state.revocations import require_grounds
from kjfp_helpers.state.round_state import RoundState

_WHERE = "更换考核人"


def make_reader_release(
    state: RoundState,
    *,
    reader: str,
    substitute: str = "",
    released: bool = True,
    reason: str,
    document: str,
    by: Sequence[str],
) -> SummaryReaderReleased:
    """Return the release of a reader, or with ``released`` false its reversal.

    ``substitute`` is the account that takes over what is not read yet, blank for whoever is free.

    Raises
    ------
    ParameterError
        When the reader does not read (or was not released), the substitute is nobody who reads, or
        grounds are missing.
    """
    gone, active = require_assessment(state).released, [one.user for one in assessors(state)]
    known = active if released else list(gone)
    if reader not in known:
        raise ParameterError(
            _WHERE,
            expected="现任考核人" if released else "已停止评定的考核人",
            found=f"“{reader}”",
            advice=f"在 {'、'.join(known)} 中选" if known else "没有可选的人",
        )
    if released and substitute and (substitute == reader or substitute not in active):
        raise ParameterError(
            f"{_WHERE}：接替人",
            expected="另一名现任考核人",
            found=f"“{substitute}”",
            advice="新增的人先在 roles.csv 登记“考核”一行并修订规则；留空则由其他考核人分担",
        )
    require_grounds(_WHERE, reason, document, by)
    return SummaryReaderReleased(
        reader=reader,
        released=released,
        substitute=substitute if released else "",
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
    )
