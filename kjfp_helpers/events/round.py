"""The round itself: opened, mail received, rules frozen, spot check drawn."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RoundOpened:
    """First event: binds the ledger to one round."""

    round: str


@dataclass(frozen=True, kw_only=True)
class MailReceived:
    """A message got its receipt number (clause 四)."""

    number: int
    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RulesFrozen:
    """The rules as they stood before marks opened: one hash in all and one per file."""

    digest: str
    files: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FrameFrozen:
    """The spot-check frame (unit codes in order) and the public value named in advance."""

    units: tuple[str, ...]
    digest: str
    public_value: str


@dataclass(frozen=True, kw_only=True)
class SpotCheckDrawn:
    """The units drawn from the frozen frame."""

    units: tuple[str, ...]
    seed: str
