"""Conflict declarations (回避声明): relationships in the member's own words, or none.

One rule for the scoring page and for workbooks.
"""

from collections.abc import Collection

from kjfp_helpers.core.normalize import alnum_key, normalize_text

NO_RELATIONSHIP = frozenset(
    "无 没有 無 沒有 暂无 均无 否 不存在 无其他 没有其他 無其他 沒有其他 无其它 没有其它 无此情况 "
    "没有此情况 无上述情况 没有上述情况 无以上情况 没有以上情况 无利害关系 没有利害关系 無利害關係 "
    "无其他利害关系 没有其他利害关系 无需回避 不需要回避 na no none nil".split()
)
"""How members write that they have no tie, in letters and digits alone."""
_DASHES = frozenset("/\\|-‐‑‒–—―−_~.。、,·×")
"""Signs of which a field that was struck through consists."""


def normalize_declaration(text: str) -> str:
    """Return the ties in a member's own words, ``""`` where the words say that there are none.

    Spaces, width and punctuation do not matter; whatever says more stays as it was written.

    Examples
    --------
    >>> [normalize_declaration(text) for text in ("无。", " Ｎ／Ａ", "——", "无锡市果树所的顾问")]
    ['', '', '', '无锡市果树所的顾问']
    """
    signs = normalize_text(text)
    nothing = alnum_key(text) in NO_RELATIONSHIP or (bool(signs) and _DASHES.issuperset(signs))
    return "" if nothing else text.strip()


def adds_relationship(statement: str, declared: Collection[str]) -> bool:
    """Whether a statement says something that none of those declared before says."""
    return bool(statement) and alnum_key(statement) not in map(alnum_key, declared)
