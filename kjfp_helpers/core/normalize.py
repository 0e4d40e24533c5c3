"""Normalization of names and labels for comparison."""

import re
import unicodedata
from functools import lru_cache

_DOTS = re.compile("[.•‧∙⋅・᛫。]")
"""Signs that are typed for the dot of a name, after NFKC; ``·`` itself is the usual one."""
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Signs without width that are not of the category Cf: joiners, fillers, variation selectors."""
_BETWEEN_CJK = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]) "
    r"(?=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·])"
)
_APART = re.compile(r"(?<!\d)[·\s]|[·\s](?!\d)")
"""A dot or a space, save between two digits, where ``1.1`` is not ``11``."""


def normalize_text(text: str | None) -> str:
    """Return text in NFKC, casefolded and without white space, ``""`` for a blank."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


@lru_cache(maxsize=2**15)
def alnum_key(name: str | None) -> str:
    """Return the letters and digits of a normalized name as a comparison key."""
    return "".join(sign for sign in normalize_text(name) if sign.isalnum())


def remove_invisible_chars(text: str) -> str:
    """Return text in composed form (NFC) without signs of no width, white space folded."""
    seen = (
        sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf"
    )
    return " ".join(_UNSEEN.sub("", "".join(seen)).split())


@lru_cache(maxsize=2**15)
def normalize_name(name: str) -> str:
    """Return a name as it would be typed with care: all spellings that look alike are one.

    Evens width and Unicode form (NFKC), takes out what is not seen, makes every dot ``·`` and
    every dash ``-``, and folds white space, which between Chinese characters means nothing.
    Letters keep their case.

    >>> normalize_name("\u200b张　三 ")
    '张三'
    >>> normalize_name("阿不都•买买提") == normalize_name("阿不都.买买提")
    True
    """
    text = unicodedata.normalize("NFKC", remove_invisible_chars(name))
    dashes = ("-" if unicodedata.category(sign) == "Pd" or sign == "−" else sign for sign in text)
    text = _DOTS.sub("·", "".join(dashes))
    return _BETWEEN_CJK.sub("", " ".join(text.split()))


def name_key(name: str) -> str:
    """Return what spellings have in common that differ in case, spaces or dots besides.

    Names of one key are hardly two, but may be: ``A1`` and ``a1``, ``李·四`` and ``李四``.

    >>> name_key("Zhang San") == name_key("ZHANGSAN"), name_key("1.1") == name_key("11")
    (True, False)
    """
    return _APART.sub("", normalize_name(name).casefold())
