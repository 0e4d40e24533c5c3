"""Conflict declarations (回避声明): relationships in the member's own words, or none.

The scoring page and the workbooks use the same rule.
"""

from collections.abc import Collection

from kjfp_helpers.core.text_normalization import alnum_key, normalize_text

NO_RELATIONSHIP = frozenset(
    "无 没有 無 沒有 暂无 均无 否 不存在 无其他 没有其他 無其他 沒有其他 无其它 没有其它 无此情况 "
    "没有此情况 无上述情况 没有上述情况 无以上情况 没有以上情况 无利害关系 没有利害关系 無利害關係 "
    "无其他利害关系 没有其他利害关系 无需回避 不需要回避 na no none nil".split()
)
"""Texts that mean no relationship, reduced to letters and digits."""
_DASH_CHARS = frozenset("/\\|-‐‑‒–—―−_~.。、,·×")
"""Characters of a field that was struck through."""


def normalize_declaration(text: str) -> str:
    """Return the declared relationships as written, ``""`` where the text says that there are none.

    Spaces, width and punctuation are ignored; any other text is only stripped.

    Examples
    --------
    >>> [normalize_declaration(text) for text in ("无。", " Ｎ／Ａ", "——", "无锡市果树所的顾问")]
    ['', '', '', '无锡市果树所的顾问']
    """
    chars = normalize_text(text)
    is_none = alnum_key(text) in NO_RELATIONSHIP or (bool(chars) and _DASH_CHARS.issuperset(chars))
    return "" if is_none else text.strip()


def adds_relationship(statement: str, declared: Collection[str]) -> bool:
    """Whether a statement differs from all declared before, by letters and digits.

    >>> adds_relationship("张三的导师。", ["张三 的导师"]), adds_relationship("", [])
    (False, False)
    """
    return bool(statement) and alnum_key(statement) not in map(alnum_key, declared)
