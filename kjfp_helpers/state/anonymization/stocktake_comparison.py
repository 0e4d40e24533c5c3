"""Compare a nominee's figure with the unit's stock-take without revealing the unit.

Every unit's totals stand on its public exhibition page and no two are alike, so a total names the
unit, and a narrow band of the share does too, together with the nominee's own number. Only two
bands are told. That a unit reported nothing is not told apart from a small share, because the
public pages show which units those are.
"""

LARGE = 0.2
"""Share of the unit's total from which it is told (0-1)."""

EXCEEDS = "大于单位盘点数"
LARGE_SHARE = f"相符，占本单位{LARGE:.0%}及以上"
NO_DOUBT = f"未见不符（占比不足{LARGE:.0%}，或无数可比）"


def check_against_unit(claimed: int | None, total: int | None) -> str | None:
    """Return what a panel member is told of people lifted (人), None where none were claimed.

    >>> check_against_unit(300, 200), check_against_unit(50, 200)
    ('大于单位盘点数', '相符，占本单位20%及以上')
    >>> check_against_unit(1, 200) == check_against_unit(1, None)
    True
    """
    if claimed is None:
        return None
    if total is None:
        return NO_DOUBT
    if claimed > total:
        return EXCEEDS
    return LARGE_SHARE if claimed >= LARGE * total and claimed else NO_DOUBT
