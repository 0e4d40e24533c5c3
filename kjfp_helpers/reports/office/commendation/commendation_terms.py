"""What a version of the decision to commend (表扬决定) says, before it is put on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES, NOMINEE_KINDS, kind_of_case
from kjfp_helpers.notice.public_notice import public_table

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.core.events import CommendationIssued, CommendationRevoked
    from kjfp_helpers.state import RoundState


@dataclass(frozen=True, kw_only=True)
class CommendationVersion:
    """A version of the decision.

    ``number`` counts from 1, ``list_number`` is that of the list; ``document`` is the number of the
    decision (发文字号), ``cases`` those commended by it; ``before`` is the version that it cites,
    ``None`` for the first, and ``revoked`` why names left since; ``reason`` is blank for the first.
    """

    number: int
    list_number: int
    document: str
    day: date
    cases: Sequence[str]
    before: "CommendationIssued | None" = None
    revoked: Sequence["CommendationRevoked"] = ()
    reason: str = ""


def work_title(state: "RoundState") -> str:
    """Return what people are commended for."""
    notice = state.round.notice
    return notice.decision.work or notice.round.title


def tabulate_commended(
    state: "RoundState", cases: Sequence[str], *, votes: bool = True
) -> "pd.DataFrame":
    """Return the list of commended cases: columns and order are those of the public notice.

    Without ``votes`` no remark says by which vote or resolution a case came to be listed.

    See :func:`kjfp_helpers.notice.public_notice.public_table`.
    """
    import pandas as pd

    listed = state.decision.shortlist
    known = dict(zip(listed["case"], listed["basis"] if votes else [""] * len(listed), strict=True))
    rows = [(case, "listed", known.get(case, "")) for case in cases]
    shortlist = pd.DataFrame(rows, columns=["case", "status", "basis"])
    return public_table(state.round, state.screening.cases, shortlist)


def count_commended(cases: Sequence[str]) -> str:
    """Return how many of each kind are commended, in words.

    Examples
    --------
    >>> count_commended(["T11-1", "P11-1", "P12-1"])
    '1个先进团队、2名先进个人'
    """
    kinds = [kind_of_case(case) for case in cases]
    return "、".join(
        f"{kinds.count(kind)}{KIND_MEASURES[kind]}{KIND_TITLES[kind]}"
        for kind in NOMINEE_KINDS
        if kind in kinds
    )


def nominee_names(state: "RoundState", cases: Sequence[str]) -> Mapping[str, str]:
    """Return the masked name of each case that is known."""
    known = state.screening.case_by_id
    return {case: mask_personal_numbers(known[case].name) for case in cases if case in known}
