"""Exact confidence intervals of shares."""

Interval = tuple[float, float]
_TAIL = 0.025


def share_interval(part: int, total: int) -> Interval:
    """Return the exact 95% interval of a share (Clopper and Pearson 1934), both 0-1.

    Examples
    --------
    >>> low, high = share_interval(3, 20)
    >>> round(low, 3), round(high, 3)
    (0.032, 0.379)
    """
    from scipy.special import betaincinv

    low = betaincinv(part, total - part + 1, _TAIL) if part else 0.0
    high = betaincinv(part + 1, total - part, 1 - _TAIL) if part < total else 1.0
    return float(low), float(high)
