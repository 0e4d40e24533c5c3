"""How alike a figure of a text is to the return's: what a slip of the pen would make of it.

What a sentence says of a number is not always told by its words. A number that is the return's but
for two digits exchanged, one digit or a nought, is meant to be it, however the sentence goes on; a
number of another order of magnitude is hardly of the same thing.
"""

from itertools import zip_longest

NEAR_FROM, EDITED_FROM = 100, 1000
"""Numbers that are recognised when they differ by a small share, or in a digit; others are alike
by chance."""
NEAR_SHARE = 0.02
"""Share of a number by which another may differ and be meant to be it."""

MAX_VAGUE = 0.3
"""Share of a figure by which its wording may leave it open, if it is to be recognised."""
ALIKE = 2.5
"""Times by which two figures of one thing may differ, where little says that they are of it."""
APART = 12
"""Times by which they may differ where one is told as the whole: a nought more is ten times."""


def is_slip(low: int, high: int, count: int) -> bool:
    """Whether a figure is a count with a slip: digits exchanged, one wrong, a nought more or less.

    Parameters
    ----------
    low, high : int
        The counts that its wording allows, which ``count`` is none of.
    count : int
        The return's figure.

    Examples
    --------
    >>> [is_slip(value, value, 3016) for value in (3061, 3019, 3036, 30160, 301, 5020)]
    [True, True, True, True, False, False]
    >>> is_slip(30_000, 31_000, 3016), is_slip(3000, 3000, 3016)
    (True, False)
    """
    is_vague = high - low > MAX_VAGUE * low
    for times in (10, 100):
        if not is_vague and (low <= times * count <= high or times * low <= count <= times * high):
            return True
    if low != high or _is_rounded(low, count):
        return False
    if min(low, count) < NEAR_FROM:
        return abs(low - count) == 1
    if abs(low - count) <= NEAR_SHARE * count or _is_exchanged(str(low), str(count)):
        return True
    return min(low, count) >= EDITED_FROM and _is_one_digit_off(str(low), str(count))


def _is_rounded(value: int, count: int) -> bool:
    """Whether a number is a count rounded to fewer digits, without a word that says so."""
    step = 10
    while value % step == 0:
        if abs(value - count) < step:
            return True
        step *= 10
    return False


def _unlike(one: str, other: str) -> list[int]:
    return [at for at, (left, right) in enumerate(zip_longest(one, other)) if left != right]


def _is_one_digit_off(one: str, other: str) -> bool:
    return len(one) == len(other) and len(_unlike(one, other)) == 1


def _is_exchanged(one: str, other: str) -> bool:
    """Whether two neighbouring digits stand in the other order."""
    unlike = _unlike(one, other)
    if len(one) != len(other) or len(unlike) != 2:
        return False
    first, second = unlike
    return second - first == 1 and one[first] == other[second] and one[second] == other[first]


def is_of_size(value: int, count: int, times: float) -> bool:
    """Whether a figure is at most so many times a count and at least its part.

    >>> is_of_size(400, 1000, 3), is_of_size(300, 1000, 3)
    (True, False)
    """
    return value <= times * count and count <= times * value
