"""Names made comparable: width, spaces, brackets and case do not tell two names apart."""

import re
import unicodedata

_DROPPED = re.compile(r"[\s·•\-—_()（）\[\]【】〔〕《》“”\"'‘’]")


def plain(name: str | None) -> str:
    """Return a name in its comparable form, ``""`` for a blank."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", name or "")).casefold()
