"""Highlight numbers and claims in a text."""

import re
from collections.abc import Collection

from markupsafe import Markup, escape

_MEASURE = (
    "人次|平方米|公里|公斤|公顷|万元|亿元|名|人|户|天|元|亩|个|项|次|期|场|斤|吨|%|％|村|县|乡|"
    "头|只|株|棵|家|份|篇|件|年|位|条|款|台|套|处|座|所|口|张|册|小时"
)
_NUMBER = (
    r"(?<!\d)(?!(?:19|20)\d\d年)"
    rf"\d[\d,，]*(?:\.\d+)?(?:余|多)?(?:千|万|亿)?(?:余|多)?(?:{_MEASURE})"
    rf"|百分之[一二三四五六七八九十百零〇点两]+"
    rf"|(?!一[人户亩元])[一二三四五六七八九十两几][一二三四五六七八九十百千万亿余多]*(?:人次|人|户|亩|元|倍|成)"
)
_CLAIM = (
    "国内首创|首创|首次|首家|第一(?![,，、]|步|书记|时间)|唯一|领先|填补[^，。；]{0,8}空白|国际先进|"
    "最[大高早好多快]|荣获|获得?[^，。；]{1,14}?(?:奖|称号|表彰|表扬|荣誉)|专利|典型经验|全部脱贫"
)
_MARKED = re.compile(rf"(?P<number>{_NUMBER})|(?P<claim>{_CLAIM})")
_DIGITS = re.compile(r"[,，\D]")


def highlight_claims(text: str | None, figures: Collection[int | None] = ()) -> Markup | None:
    """Return a text, escaped, with its numbers and claims marked; None stays None.

    A number that equals one of ``figures`` (those of the form) is marked as agreeing with it.
    """
    if text is None:
        return None
    known = {str(figure) for figure in figures if figure is not None}
    parts, at = [], 0
    for found in _MARKED.finditer(text):
        look = "kj-claim" if found["claim"] else "kj-num"
        if found["number"] and _DIGITS.sub("", found["number"]) in known:
            look = "kj-num same"
        parts += [
            escape(text[at : found.start()]),
            Markup('<mark class="{}">{}</mark>').format(look, found[0]),
        ]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
