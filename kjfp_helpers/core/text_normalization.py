"""Normalization of names and labels for comparison, and texts without characters unseen."""

import re
import unicodedata
from functools import lru_cache

_DOTS = re.compile("[.•‧∙⋅・᛫。]")
"""Variants of the middle dot ``·`` of a name, after NFKC."""
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Zero-width characters outside category Cf: joiners, fillers, variation selectors."""
_BETWEEN_CJK = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]) "
    r"(?=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·])"
)
_APART = re.compile(r"(?<!\d)[·\s]|[·\s](?!\d)")
"""A dot or a space, except between two digits, where ``1.1`` is not ``11``."""


def normalize_text(text: str | None) -> str:
    """Return text in NFKC, casefolded and without white space, ``""`` for a blank."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


@lru_cache(maxsize=2**15)
def alnum_key(name: str | None) -> str:
    """Return the letters and digits of a normalized name as a comparison key."""
    return "".join(char for char in normalize_text(name) if char.isalnum())


def remove_invisible_chars(text: str) -> str:
    """Return text in composed form (NFC) without zero-width characters, white space collapsed."""
    composed = unicodedata.normalize("NFC", text)
    visible = (char for char in composed if unicodedata.category(char) != "Cf")
    return " ".join(_UNSEEN.sub("", "".join(visible)).split())


def drop_unseen_chars(text: str) -> str:
    r"""Return text without control and direction characters; line breaks and tabs stay.

    >>> drop_unseen_chars("图\u202egpj\x1b[2J\n")
    '图gpj[2J\n'
    """
    return "".join(letter for letter in text if not _is_unseen(letter))


def mark_unseen_chars(text: str) -> str:
    r"""Return text of the same length with ``\ufffd`` for what :func:`drop_unseen_chars` drops.

    >>> mark_unseen_chars("图\u202egpj.exe")
    '图�gpj.exe'
    """
    return "".join("\ufffd" if _is_unseen(letter) else letter for letter in text)


def _is_unseen(letter: str) -> bool:
    """Whether a page, a feed or a terminal may not hold a character."""
    if letter in "\n\t":
        return False
    is_nothing = ord(letter) & 0xFFFE == 0xFFFE  # which XML does not allow
    return is_nothing or unicodedata.category(letter) in ("Cc", "Cf", "Cs")


@lru_cache(maxsize=2**15)
def normalize_name(name: str) -> str:
    """Return the canonical spelling of a name: spellings that look alike become equal.

    Applies NFKC, removes invisible characters, writes every dot as ``·`` and every dash as ``-``,
    collapses white space and removes it between Chinese characters. Case is kept.

    >>> normalize_name("\u200b张　三 ")
    '张三'
    >>> normalize_name("阿不都•买买提") == normalize_name("阿不都.买买提")
    True
    """
    text = unicodedata.normalize("NFKC", remove_invisible_chars(name))
    chars = ("-" if unicodedata.category(char) == "Pd" or char == "−" else char for char in text)
    text = _DOTS.sub("·", "".join(chars))
    return _BETWEEN_CJK.sub("", " ".join(text.split()))


def name_key(name: str) -> str:
    """Return a comparison key of a name that ignores case, spaces and dots as well.

    Different names rarely share a key: ``A1`` and ``a1``, ``李·四`` and ``李四``.

    >>> name_key("Zhang San") == name_key("ZHANGSAN"), name_key("1.1") == name_key("11")
    (True, False)
    """
    return _APART.sub("", normalize_name(name).casefold())
