"""The counts that a wording allows: 4.2万余 is 42,000 to 43,000."""

import re

from kjfp_helpers.intake.common.text_cleanup import to_half_width

_SCALED = re.compile(r"[十百千万亿]")
_MORE = re.compile("[余多+]|超过|超|逾|不少于|以上|突破|不止")
_LESS = re.compile("近|接近|将近|不足|不到")
_ABOUT = re.compile("约|左右|上下|大概|大致|≈|~")


def count_bounds(value: int, wording: str) -> tuple[int, int]:
    """Return the least and the most count that a wording allows.

    Examples
    --------
    >>> count_bounds(42_000, "4.2万余"), count_bounds(52_643, "52643人")
    ((42000, 43000), (52643, 52643))
    """
    said = to_half_width(wording)
    is_more, is_less = _MORE.search(said) is not None, _LESS.search(said) is not None
    is_about = _ABOUT.search(said) is not None
    if not (is_more or is_less or is_about or _SCALED.search(said)):
        return value, value
    step = _last_digit_step(value)
    if is_more:
        return value, value + step
    if is_less:
        return value - min(step, value // 5), value
    step = min(step, max(value // 10, 2 * step // 5, 1))
    exact = not is_about and not re.search(r"\d", said) and step < 100
    return (value, value) if exact else (value - step, value + step)


def _last_digit_step(value: int) -> int:
    """Return what the last digit that is no nought is worth: 1000 for 42,000."""
    step = 1
    while value and value % (10 * step) == 0:
        step *= 10
    return step
