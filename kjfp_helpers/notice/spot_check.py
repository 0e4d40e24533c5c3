"""The check of some provinces (抽查, clause 一): a frozen frame and a lot anyone can redraw.

To redraw by hand: take the SHA-256 of the frame's lines (``code stratum``, each ended by a
newline); the seed is the SHA-256 of that digest followed by the public value; sort each stratum
by the SHA-256 of the seed followed by the unit's code, and take the first ones. Any tool that
prints SHA-256 in hexadecimal will do.
"""

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from kjfp_helpers.core.errors import DifferenceError, RuleError
from kjfp_helpers.core.events import SamplingFrameFrozen, SpotCheckDrawn
from kjfp_helpers.rules import Round, Unit

STRATA = ("priority", "other")
"""Priority provinces first, then the other provincial offices."""


def freeze_frame(round: Round) -> SamplingFrameFrozen:
    """Return the frame: every provincial office, by code, with the public value.

    Raises
    ------
    RuleError
        When no public value is named: the lot could then be known beforehand.
    """
    public_value = round.notice.spot_check.public_value.strip()
    if not public_value:
        raise RuleError(
            "notice.toml [spot_check.public_value]",
            expected="事先公布的公开值",
            found="空白",
            advice="填写事先公布、抽签前无人知道的公开值",
        )
    units = _frame(round)
    return SamplingFrameFrozen(
        units=tuple(unit.code for unit in units), digest=_digest(units), public_value=public_value
    )


def draw_units(round: Round, frame: SamplingFrameFrozen) -> SpotCheckDrawn:
    """Return the units drawn from a frozen frame, in drawn order, priority provinces first.

    Of each stratum the share of the rules is drawn, rounded up.

    Raises
    ------
    DifferenceError
        When the units of the rules are no longer those of the frame.
    """
    units = _frame(round)
    if frame.digest != _digest(units):
        raise DifferenceError(
            "抽查",
            expected="与冻结时相同的抽样框",
            found="units.csv 已有改动",
            advice="恢复冻结时的 units.csv，或说明原因后重新冻结",
        )
    seed = _sha256(frame.digest + frame.public_value)
    share = Fraction(str(round.notice.spot_check.share))
    drawn: list[str] = []
    for stratum in STRATA:
        codes = [unit.code for unit in units if unit.quota == stratum]
        codes.sort(key=lambda code: _sha256(seed + code))
        drawn += codes[: ceil(share * len(codes))]
    return SpotCheckDrawn(units=tuple(drawn), seed=seed)


def _frame(round: Round) -> list[Unit]:
    return sorted((u for u in round.units if u.kind == "province"), key=lambda unit: unit.code)


def _digest(units: Iterable[Unit]) -> str:
    return _sha256("".join(f"{unit.code} {unit.quota}\n" for unit in units))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
