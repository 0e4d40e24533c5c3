"""Fictitious units beyond those of the register: a larger round, to see what growth costs.

Societies only, since there are no more provinces. Their names join 中国虚拟 to two characters of
the sexagenary cycle and a kind of society, so that none is part of another or of a person's name.
"""

from collections.abc import Sequence
from itertools import cycle, islice, permutations, product

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.rehearsal.generator.synthetic_people import NAME_CHARS
from kjfp_helpers.rules import Unit

MAX_UNITS = 2_400
KINDS = ("学会", "研究会", "协会", "促进会", "联合会")
WORD = "虚拟"


def require_units(units: int) -> None:
    """Check the number of units of a rehearsal.

    Raises
    ------
    ParameterError
        Below one or above :data:`MAX_UNITS`.
    """
    if not 1 <= units <= MAX_UNITS:
        raise ParameterError(
            "单位数 --units",
            expected=f"1 至 {MAX_UNITS} 的整数",
            found=str(units),
            advice="更正单位数",
        )


def select_units(register: Sequence[Unit], units: int) -> tuple[Unit, ...]:
    """Return so many units: those of the register in its order, then fictitious societies.

    Their codes go on where those of the register end, their regions take turns.

    Raises
    ------
    ParameterError
        Below one or above :data:`MAX_UNITS`.
    """
    require_units(units)
    chosen = tuple(register[:units])
    regions = [unit.region for unit in register if unit.kind == "province"]
    societies = sum(unit.kind == "society" for unit in register)
    rows = zip(product(KINDS, permutations(NAME_CHARS, 2)), cycle(regions), strict=False)
    further = islice(rows, units - len(chosen))
    return chosen + tuple(
        _make_society(f"S{number:03d}", kind, "".join(pair), region)
        for number, ((kind, pair), region) in enumerate(further, start=societies + 1)
    )


def _make_society(code: str, kind: str, pair: str, region: str) -> Unit:
    return Unit(
        code=code,
        name=f"中国{WORD}{pair}{kind}",
        short_name=f"{WORD}{pair}{kind}",
        kind="society",
        region=region,
        priority=False,
        domains=(),
        aliases=(),
    )
