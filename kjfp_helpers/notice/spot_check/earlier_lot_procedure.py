"""Lots of earlier versions: the public value stood in the rules, the strata were fixed.

They stay readable and can be derived again: the SHA-256 of the lines ``code stratum`` followed by
the public value is the seed, each stratum is sorted as today.
"""

from fractions import Fraction
from math import ceil

from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import SamplingFrameFrozen, SpotCheckDrawn
from kjfp_helpers.notice.spot_check.lot_drawing import seed_of
from kjfp_helpers.notice.spot_check.sampling_frame import sha256_text
from kjfp_helpers.rules import Round

_STRATA = ("priority", "other")


def redraw_earlier(round: Round, frozen: SamplingFrameFrozen) -> SpotCheckDrawn:
    """Return the units that an earlier version drew from its frame, in drawn order.

    Raises
    ------
    DifferenceError
        When the units of the rules are no longer those of the frame.
    """
    units = sorted((u for u in round.units if u.kind == "province"), key=lambda unit: unit.code)
    digest = sha256_text("".join(f"{unit.code} {unit.quota}\n" for unit in units))
    if frozen.digest != digest:
        raise DifferenceError(
            "抽查",
            expected="与冻结时相同的抽查名册",
            found="units.csv 已有改动",
            advice="恢复冻结时的 units.csv，或说明原因后重新冻结（kjfp spotcheck freeze）",
        )
    seed = seed_of(digest, frozen.public_value)
    share = Fraction(str(round.notice.spot_check.share))
    drawn: list[str] = []
    for stratum in _STRATA:
        codes = [unit.code for unit in units if unit.quota == stratum]
        codes.sort(key=lambda code: sha256_text(seed + code))
        drawn += codes[: ceil(share * len(codes))]
    return SpotCheckDrawn(units=tuple(drawn), seed=seed)
