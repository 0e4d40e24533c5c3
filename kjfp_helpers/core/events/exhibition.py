"""Events of the online exhibition (clause 三): what may be public, what is held or returned."""

from collections.abc import Mapping
from dataclasses import dataclass

PUBLISH, HOLD, RETURN, WITHDRAW, CANCEL = "publish", "hold", "return", "withdraw", ""
DECISIONS = (PUBLISH, HOLD, RETURN, WITHDRAW, CANCEL)
"""What is decided on an item: it may be public, waits, goes back to the unit for mending, is taken
down; the last takes the decision before back."""
DECISION_TITLES: Mapping[str, str] = {
    PUBLISH: "批准发布",
    HOLD: "缓发",
    RETURN: "退回",
    WITHDRAW: "撤下",
    CANCEL: "取消决定",
}
"""Decision to what it is called in Chinese."""


@dataclass(frozen=True, kw_only=True)
class ExhibitionItemsDecided:
    """Items of a unit's exhibit may be public, or not; the last decision on an item holds.

    Parameters
    ----------
    unit : str
        Code of the unit.
    items : tuple of tuple of str
        Item and digest of its content as it was seen: a decision holds for that content alone.
    decision : str
        One of :data:`DECISIONS`.
    reason : str
        Why; blank for an approval of what is unremarkable.
    text : str, optional
        The text that may be public in place of the unit's own, of one item; ``None`` for its own.
    confirmed : tuple of str
        Codes of the hints that a person looked into before the approval.
    """

    unit: str
    items: tuple[tuple[str, str], ...]
    decision: str
    reason: str = ""
    text: str | None = None
    confirmed: tuple[str, ...] = ()
