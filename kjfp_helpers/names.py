"""Names and labels made comparable: one rule for everything that looks a name up."""

import unicodedata
from functools import lru_cache


def even(text: str | None) -> str:
    """Return text with width and case evened and without white space, ``""`` for a blank."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


@lru_cache(maxsize=2**15)
def plain(name: str | None) -> str:
    """Return a name's letters and digits alone: spaces, brackets and dots tell no two apart."""
    return "".join(sign for sign in even(name) if sign.isalnum())
