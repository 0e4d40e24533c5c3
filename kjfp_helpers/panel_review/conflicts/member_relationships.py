"""One member's declared relationships and recusals with their rulings, from the ledger."""

from dataclasses import dataclass, field

from kjfp_helpers.core.events import (
    ConflictRuled,
    ConflictsDeclared,
    DecisionRevoked,
    DeclarationWithdrawn,
    Event,
    MemberRecused,
)
from kjfp_helpers.panel_review.conflicts.declaration import adds_relationship, normalize_declaration

RULING_TEXTS = {True: "准予回避", False: "裁定不构成回避", None: "待裁定"}
"""Ruling to its Chinese text."""


@dataclass(kw_only=True)
class MemberRelationship:
    """A declaration in the member's own text, or a recusal from a case; ``seq`` is its number.

    ``rulings`` are those in force, by number; ``withdrawn`` is the number of the event by which
    the member withdrew it.
    """

    seq: int
    text: str
    case: str = ""
    rulings: dict[int, bool] = field(default_factory=dict)
    withdrawn: int | None = None

    @property
    def bars(self) -> bool | None:
        """The last ruling on it, ``None`` before any."""
        return self.rulings[max(self.rulings)] if self.rulings else None

    @property
    def status_text(self) -> str:
        """Its status, in Chinese."""
        ruled = RULING_TEXTS[self.bars]
        if self.withdrawn is None:
            return ruled
        return "已撤回" if self.bars is None else f"{ruled}，已撤回"


@dataclass
class MemberRelationships:
    """Relationships of one member by event number, oldest first; later ones add to earlier ones."""

    member: str
    entries: dict[int, MemberRelationship] = field(default_factory=dict)

    @property
    def declared(self) -> dict[int, str]:
        """The declarations in force, by number."""
        return {
            seq: entry.text
            for seq, entry in self.entries.items()
            if not entry.case and entry.withdrawn is None
        }

    def is_new(self, statement: str) -> bool:
        """Whether a statement declares a relationship that is not declared yet."""
        return adds_relationship(normalize_declaration(statement), self.declared.values())

    def may_withdraw(self, seq: object) -> bool:
        """Whether there is a relationship of that number that is not withdrawn yet."""
        return isinstance(seq, int) and seq in self.entries and not self.entries[seq].withdrawn

    def apply(self, event: Event) -> None:
        """Apply a later event; events of other members are ignored."""
        body = event.body
        if getattr(body, "member", "") != self.member:
            return
        if isinstance(body, ConflictsDeclared) and self.is_new(body.statement):
            self.entries[event.seq] = MemberRelationship(
                seq=event.seq, text=normalize_declaration(body.statement)
            )
        elif isinstance(body, MemberRecused):
            self.entries[event.seq] = MemberRelationship(
                seq=event.seq, text=body.reason, case=body.case
            )
        elif isinstance(body, ConflictRuled):
            self._rule(event.seq, body)
        elif isinstance(body, DecisionRevoked):
            for entry in self.entries.values():
                entry.rulings.pop(body.decision, None)
        elif isinstance(body, DeclarationWithdrawn) and body.declared in self.entries:
            self.entries[body.declared].withdrawn = event.seq

    def _rule(self, seq: int, body: ConflictRuled) -> None:
        if body.bars is None:
            return
        for entry in self.entries.values():
            if entry.seq == body.declared or (entry.case and entry.case == body.case):
                entry.rulings[seq] = body.bars
