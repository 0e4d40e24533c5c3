"""Characters that are seen as others: radicals copied out of a PDF, invisible signs, user fonts.

What only looks like a common character is read as that character; a sign that an office drew in a
font of its own (private use) is kept, since no one else can tell what it shows.
"""

import re
import unicodedata

from kjfp_helpers.intake.common.text_cleanup import PRIVATE_USE
from kjfp_helpers.intake.common.text_markers import INVISIBLE_CHARS_BUT_MARKERS

_KANGXI_RADICALS = "".join(map(chr, range(0x2F00, 0x2FD6)))
_RADICALS = (
    "⺁⺄⺇⺈⺊⺋⺌⺍⺎⺏⺒⺓⺗⺛⺜⺝⺟⺠⺢⺧⺩⺬⺮⺯⺶⺷⺸⺻⺼⺽⻁⻃"
    "⻄⻅⻆⻉⻊⻋⻐⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱"
)
_PLAIN = (
    "厂乙几刀卜卩小小兀尣巳幺心旡日月母民水牛王示竹糸羊羊羊聿肉臼虎西"
    "西见角贝足车金長长门雨青韦页风飞食食食马骨鬼鱼鸟卤麦黄黾齐齿龙龟"
)
_LOOK_ALIKES = {
    **dict(zip(_KANGXI_RADICALS, unicodedata.normalize("NFKC", _KANGXI_RADICALS), strict=True)),
    **dict(zip(_RADICALS, _PLAIN, strict=True)),
}
_LOOK_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""Radicals, and the second code points that Unicode keeps of some characters."""


def normalize_look_alikes(text: str) -> str:
    """Return a text with radicals as characters and without invisible signs; markers stay.

    Examples
    --------
    >>> normalize_look_alikes("⻘海\u200b省")
    '青海省'
    """
    if _LOOK_ALIKE.search(text):
        text = _LOOK_ALIKE.sub(
            lambda match: _LOOK_ALIKES.get(match[0]) or unicodedata.normalize("NFC", match[0]), text
        )
    return INVISIBLE_CHARS_BUT_MARKERS.sub("", text)


def replace_private_use(text: str, stand_in: str) -> str:
    """Return a text with a stand-in for each sign that only a font of the office's own can show.

    Examples
    --------
    >>> replace_private_use("测\ue000甲", "□")
    '测□甲'
    """
    return PRIVATE_USE.sub(stand_in, text)


def has_private_use_sign(text: str) -> bool:
    """Whether a text holds a sign that only a font of the office's own can show.

    Examples
    --------
    >>> has_private_use_sign("测\ue000甲"), has_private_use_sign("测试甲")
    (True, False)
    """
    return PRIVATE_USE.search(text) is not None
