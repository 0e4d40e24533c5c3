"""Name variants: the ways in which a text may spell a person's name.

Given name alone, surname before a title, 老/小/某, the parts of a name with dots, Hanyu Pinyin in
either order with or without accents, initials.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from kjfp_helpers.core.searchable_text import common_words, fold_text
from kjfp_helpers.intake.fields.person_names import DOUBLE_SURNAMES

_HAN = re.compile(r"[\u3400-\u9fff]+")
_DOT = re.compile(r"\s*[·•．.・‧∙⋅᛫]\s*")
_PREFIX = "(?:常务|副|总|正|高级|正高级|首席|特聘|助理|名誉|原|老|大)*"
_TITLES = (
    "老师|教授|研究员|农艺师|工程师|畜牧师|兽医师|农技员|推广员|技术员|技师|讲师|博士|硕士|院士|医生|大夫|医师|药师|护士|"
    "书记|主任|主席|会长|理事长|秘书长|部长|厅长|局长|处长|科长|股长|站长|所长|院长|校长|场长|厂长|队长|组长|班长|"
    "县长|市长|州长|区长|乡长|镇长|村长|社长|总监|经理|董事长|董事|总裁|老板|委员|干事|特派员|顾问|指导员|"
    "同志|专家|师傅|总工|高工|某某|某"
)
_KIN = "女士|先生|小姐|大姐|大哥|大嫂|大叔|大伯|大爷|大娘|大妈|阿姨|妈妈|奶奶|爷爷|姐|哥|叔|姨"
"""Forms of address that tell the sex as well: they are masked with the surname."""
_FUNCTION = frozenset("和向于从时别都有全同由明关成能常应经才对任连高方安何那农老小该各与及等为")
"""Surnames that are common words: before a title they count only where a sentence part begins."""
_AFTER_SMALL = frozenset("康麦时米于家车水农年班学组心说师乡人区鼠牛花草党百年外城")
"""Surnames that make ordinary words with 小 or 老: 小康, 小麦, 老师."""
_ORDINARY = common_words("given_names")
"""Given names that are ordinary words as well: they count only beside what shows a person."""
_SPOKEN = "(?=同志|老师|教授|[常都也曾总还又]?说|告诉|带领|介绍|笑|回忆|认为|表示|和他|和她)"
_MOST_READINGS = 24
"""Ways to read a name's characters that are tried."""


@lru_cache(maxsize=2**14)
def list_name_variants(name: str) -> frozenset[str]:
    """Return the words that are the person wherever they stand.

    >>> {"王建明", "建明", "wangjianming", "jmwang"} <= list_name_variants("王建明")
    True
    >>> "买买提" in list_name_variants("阿不都·买买提")
    True
    """
    plain = fold_text(name).text
    parts = _DOT.split(name.strip())
    words = {*({plain} - _ORDINARY), *(part for part in parts if len(parts) > 1 and len(part) > 1)}
    if len(parts) > 1 or not _HAN.fullmatch(plain):
        return frozenset(words)
    given = plain[len(_surname(plain)) :]
    if len(given) == 2 and given not in _ORDINARY:
        words.add(given)
    if 2 <= len(plain) <= 4:
        words |= set(_latin(_surname(plain), given))
    return frozenset(words)


def person_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds surnames with a title and the like in a folded text, None for no names."""
    plain = [fold_text(name).text for name in names if not _DOT.search(name.strip())]
    han = [name for name in plain if _HAN.fullmatch(name) and len(name) > 1]
    surnames = {_surname(name) for name in han}
    if not surnames:
        return None
    given = {part for name in han for part in (name, name[len(_surname(name)) :])} & _ORDINARY
    spoken = [f"(?:{'|'.join(sorted(given))}){_SPOKEN}"] if given else []
    return re.compile("|".join([*_addressed(surnames), *spoken]))


def _addressed(surnames: set[str]) -> Iterator[str]:
    """Yield a surname's patterns: before a title, before an address of kinship, after 老 or 小."""
    for surname in sorted(surnames):
        start = "(?<![\u4e00-\u9fff])" if surname in _FUNCTION else ""
        yield f"{start}{surname}(?:{_KIN}|(?={_PREFIX}(?:{_TITLES})))"
    nicknamed = "|".join(one for one in sorted(surnames) if one not in _AFTER_SMALL)
    if nicknamed:
        yield f"[老小](?:{nicknamed})(?![\u4e00-\u9fff]?[区村县镇乡])(?:{_KIN})?"


def _surname(name: str) -> str:
    return name[:2] if name[:2] in DOUBLE_SURNAMES and len(name) > 2 else name[:1]


def _latin(surname: str, given: str) -> Iterator[str]:
    """Yield a name in Latin letters: both orders, with a comma, given name alone, initials."""
    readings = product(*map(_readings, surname), *map(_readings, given))
    for syllables in islice(readings, _MOST_READINGS):
        family = "".join(syllables[: len(surname)])
        own = syllables[len(surname) :]
        first, initials = "".join(own), "".join(syllable[0] for syllable in own)
        yield from (family + first, first + family, f"{family},{first}")
        if len(own) > 1:
            yield first
        if len(family + initials) > 4:
            yield from (family + initials, initials + family, f"{family},{initials}")


def _readings(sign: str) -> list[str]:
    """Return how a character is read, without tones; ü as u and v."""
    from pypinyin import Style, pinyin

    found = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = [reading for each in found for reading in each]
    return list(dict.fromkeys(one for word in readings for one in (word, word.replace("v", "u"))))
