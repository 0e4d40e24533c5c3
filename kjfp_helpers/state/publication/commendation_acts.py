"""Events of the acts on commendations, each checked before it is recorded."""

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import CommendationRevoked, CommendationWithdrawn, EventLog
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.state.publication.commendations import commended_cases, standing_commendation
from kjfp_helpers.state.revocations import require_grounds
from kjfp_helpers.state.round_state import RoundState


def make_commendation_revocation(
    state: RoundState, case: str, *, reason: str, document: str, by: tuple[str, ...]
) -> CommendationRevoked:
    """Return the event by which somebody loses the commendation, checked.

    Raises
    ------
    ParameterError
        When the case is not commended, or reason, document or two names are missing.
    """
    commended = commended_cases(state.events)
    if case not in commended:
        raise ParameterError(
            "撤销表扬",
            expected="现受表扬的推荐对象编号",
            found=f"“{case}”",
            advice=suggest(case, commended) if commended else "先印发表扬决定",
        )
    require_grounds("撤销表扬", reason, document, by)
    return CommendationRevoked(
        case=case, reason=reason.strip(), document=document.strip(), by=tuple(by)
    )


def make_decision_withdrawal(
    events: EventLog, *, reason: str, document: str, by: tuple[str, ...]
) -> CommendationWithdrawn:
    """Return the event by which the standing decision does not stand any more, checked.

    Raises
    ------
    ParameterError
        When there is none, or reason, document or two names are missing.
    """
    standing = standing_commendation(events)
    if standing is None:
        raise ParameterError(
            "撤回表扬决定", expected="有效的决定", found="没有", advice="核对名单各版"
        )
    require_grounds("撤回表扬决定", reason, document, by)
    return CommendationWithdrawn(
        version=standing.body.version,
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
    )
