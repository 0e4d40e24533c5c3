"""Exact decimal arithmetic on numbers as people type them, and rounding as an office does."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Digits enough that no sum of products of two doubles of an ordinary size is rounded."""


def to_decimal(number: float) -> Decimal:
    """Return the shortest decimal that a number is written as, exactly: 0.1 is one tenth.

    Examples
    --------
    >>> to_decimal(0.1) * 3
    Decimal('0.3')
    """
    return Decimal(repr(float(number)))


def sum_products(pairs: Iterable[tuple[float, float]], digits: int) -> float:
    """Return the sum of products, added exactly and then rounded half up.

    Parameters
    ----------
    pairs : iterable of pairs
        Factors of each product; finite numbers.
    digits : int
        Decimal places of the result.

    Examples
    --------
    >>> weights, scores = (0.35, 0.25, 0.25, 0.15), (67, 21, 99, 58)
    >>> sum_products(zip(weights, scores), 9), 0.35 * 67 + 0.25 * 21 + 0.25 * 99 + 0.15 * 58
    (62.15, 62.150000000000006)
    """
    total = Decimal(0)
    for first, second in pairs:
        total = _CONTEXT.add(total, _CONTEXT.multiply(to_decimal(first), to_decimal(second)))
    return float(_round(total, digits))


def round_half_up(number: float, digits: int) -> Decimal:
    """Return a number rounded to decimal places, a half away from zero, as Excel shows it.

    Examples
    --------
    >>> str(round_half_up(82.125, 2)), f"{82.125:.2f}"
    ('82.13', '82.12')
    """
    return _round(to_decimal(number), digits)


def percent_text(share: float, digits: int = 0) -> str:
    """Return a share (1.0 is the whole) in percent, a half rounded up.

    Examples
    --------
    >>> percent_text(3 / 24), f"{3 / 24:.0%}"
    ('13%', '12%')
    """
    return f"{round_half_up(share, digits + 2).scaleb(2):f}%"


def _round(number: Decimal, digits: int) -> Decimal:
    if not number.is_finite():
        return number
    return number.quantize(Decimal(1).scaleb(-digits), context=_CONTEXT)
