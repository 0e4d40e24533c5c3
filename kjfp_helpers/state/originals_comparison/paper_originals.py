"""Paper originals (纸质原件) of nominations: which were held against the electronic copy."""

from collections.abc import Iterable

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, EventLog, PaperOriginalChecked
from kjfp_helpers.state.round_state import RoundState

AGREES, DIFFERS, UNCHECKED = "一致", "不一致", "未核对"
MAX_PAGES = 2000


def list_originals(events: Iterable[Event]) -> dict[str, Event[PaperOriginalChecked]]:
    """Return the last check of each case; one that was taken back is not among them."""
    last = {event.body.case: event for event in EventLog(events).of(PaperOriginalChecked)}
    return {case: event for case, event in last.items() if event.body.pages}


def describe_original(event: Event[PaperOriginalChecked] | None) -> str:
    """Return in a word how an original stands to its electronic copy."""
    if event is None:
        return UNCHECKED
    return DIFFERS if event.body.difference else AGREES


def make_original_check(
    state: RoundState, case: str, *, pages: int, difference: str = "", reason: str = ""
) -> PaperOriginalChecked:
    """Return the event that ticks an original off, or with no pages takes that back, checked.

    Parameters
    ----------
    state : RoundState
        The round.
    case : str
        Id of the nomination.
    pages : int
        Leaves of the original; 0 takes an earlier check back.
    difference : str
        In what it differs from the electronic copy; blank where the two agree.
    reason : str
        Why a check is taken back.

    Raises
    ------
    ParameterError
        When the case is unknown, the pages cannot be, or a check is taken back without a reason or
        that there was none.
    """
    if case not in state.screening.case_by_id:
        raise ParameterError(
            "纸质原件", expected="本轮的推荐对象", found=f"“{case}”", advice="从列表中选"
        )
    if not 0 <= pages <= MAX_PAGES:
        raise ParameterError(
            "页数", expected=f"1 至 {MAX_PAGES} 的整数", found=f"{pages}", advice="更正"
        )
    if not pages and (case not in list_originals(state.events) or not reason.strip()):
        raise ParameterError(
            "撤销核对",
            expected="已核对的原件，并写明理由",
            found="没有核对过，或没有理由",
            advice="补上理由，或核对所选的推荐对象",
        )
    return PaperOriginalChecked(
        case=case,
        pages=pages,
        difference=difference.strip() if pages else "",
        reason=reason.strip(),
    )
