"""Events of the online exhibition (clause 三): what came, what may be public, held or returned."""

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
class ColumnItemReceived:
    """News or a profile lay in the folder ``column`` of the round; the last record of one holds.

    Parameters
    ----------
    kind, source : str
        ``news`` or ``profile``, and name of the message or folder below that of its kind.
    files : mapping
        Path of each file below the folder of its kind, and its SHA-256.
    """

    kind: str
    source: str
    files: Mapping[str, str]


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
    title : str
        What news or a profile is called that goes back to its unit, for the letter; else blank.
    """

    unit: str
    items: tuple[tuple[str, str], ...]
    decision: str
    reason: str = ""
    text: str | None = None
    confirmed: tuple[str, ...] = ()
    title: str = ""
