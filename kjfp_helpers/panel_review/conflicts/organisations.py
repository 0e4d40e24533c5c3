"""Organisation names: whether two employers, as people write them, are the same.

A name is read as a hierarchy: a head (``安徽农业大学``), and below it the parts that it names
(``园艺学院``). Abbreviations, former names and the umbrella organisations are data, see
``organisations.json``.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.fields.single_region import PROVINCES

Strength = Literal["certain", "ask"]
"""Whether a relationship is certain, or the secretary has to ask about it."""

_BREAK = lazy_pattern(r"[;,、/|\n]|兼(?:任|职)?(?=[\u4e00-\u9fff]{4})")
_BRACKET = lazy_pattern(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_WITHIN = lazy_pattern(r"(?:学院|系|部|处|所|院|中心|医院|实验室|站|室)$")
"""Ending of the part that may follow a short university name."""
_SUFFIX = lazy_pattern(
    r"(?:大学(?!生(?![物命态产理])|城|路)|科学院(?!大学)|研究院|学院(?!路|大学)|公司|集团|医院|卫生院|院(?!士|校|大学)"
    r"|中心(?!医院|小学|中学|校|支行|卫生院|血站)|实验室|委员会|管委会|办公室|研究所|[厅局]"
    r"|(?:农村|农业|技术|教育|水利|财政|资源|环境)部|科协|农技协|协会|学会|联合会|促进会|基金会|合作社"
    r"|供销社|科委|卫健委|站(?!点)|[农林牧]场|党校|中学|小学|学校|政府|所)[0-9a-z]*"
)
"""End of the name of an organisation or of a part of one."""
_SCHOOL = lazy_pattern(r"大学$|(?<!科)学院$")
_PART = lazy_pattern(rf"{_SUFFIX.pattern}|系(?!统)")
_SHORT = "|".join(sorted(PROVINCES, key=len, reverse=True))
_PROVINCE = lazy_pattern(
    rf"({_SHORT})(?:省|(?<=北京)市|(?<=天津)市|(?<=上海)市|(?<=重庆)市"
    r"|(?:壮族|回族|维吾尔)?自治区|(?![市县区州镇乡村]|藏族|蒙古族))"
)
_CITY = lazy_pattern(r"([\u4e00-\u9fff]{2,4}?)市(?=[\u4e00-\u9fff]{2})")
_COUNTY = lazy_pattern(r"[\u4e00-\u9fff]{1,4}?[县区旗]")
_UNNAMED = lazy_pattern(r"(?:我|本|该)?[省市县区](?=[\u4e00-\u9fff])")
"""A region without its name: 省农科院."""


@dataclass(frozen=True)
class Organisation:
    """A name in parts: ``head``, its sub-units ``parts``, ``campus`` where it is independent.

    All are in their full form without 省 and 市; ``province`` is the one in front of the head.
    """

    head: str
    parts: tuple[str, ...] = ()
    campus: str = ""
    province: str = ""


@dataclass(frozen=True)
class OrganisationMatch:
    """Match of two names as one organisation: its strength and the reason in Chinese."""

    strength: Strength
    reason: str


@lru_cache(maxsize=2**16)
def compare_employers(one: str | None, other: str | None) -> OrganisationMatch | None:
    """Return the match of two employers, ``None`` where they differ or one is blank.

    Several employers in one text are compared pairwise; the strongest match is returned.

    >>> compare_employers("安徽农大", "安徽农业大学（园艺学院）").strength
    'certain'
    >>> compare_employers("中国农业大学", "华南农业大学") is None
    True
    >>> compare_employers("中国科学院植物研究所", "中科院微生物所").strength
    'ask'
    """
    matches = [
        match
        for first in parse_organisations(one or "")
        for second in parse_organisations(other or "")
        if (match := _compare(first, second))
    ]
    return min(matches, key=lambda match: match.strength == "ask", default=None)


@lru_cache(maxsize=2**15)
def parse_organisations(text: str) -> tuple[Organisation, ...]:
    """Return the organisations that a text names, in order.

    >>> parse_organisations("河北省农科院粮油所")
    (Organisation(head='河北农业科学院', parts=('粮油所',), campus='', province='河北'),)
    """
    return tuple(filter(None, map(_read, _alternatives(unicodedata.normalize("NFKC", text)))))


def _alternatives(text: str) -> Iterator[str]:
    for piece in _BREAK.split(text):
        yield piece
        for bracketed in _BRACKET.findall(piece):
            if bracketed.startswith(("原", "现", "兼")):
                yield bracketed[1:]


def _read(text: str) -> Organisation | None:
    campus = ""
    for inner in _BRACKET.findall(text):
        campus = campus or ("" if _SUFFIX.search(inner) else inner)
        kept = inner if _PART.search(inner) and not inner.startswith(("原", "现", "兼")) else ""
        text = _BRACKET.sub(kept, text, count=1)
    name = _full_form(alnum_key(text))
    ends = _SUFFIX.search(name)
    head, rest = (name[: ends.end()], name[ends.end() :]) if ends else (name, "")
    head = _UNNAMED.sub("", head, count=1) if _UNNAMED.match(head) else head
    if len(head) < 2:
        return None
    province = _leading_province(head)
    if head in _data()["separate_campuses"]:
        campus = campus or rest[:2]
    else:
        campus = ""
    return Organisation(head.removesuffix("公司"), tuple(_parts(rest)), campus, province)


def _full_form(name: str) -> str:
    """Return a name with abbreviations expanded and former names replaced."""
    name = _PROVINCE.sub(r"\1", name, count=1) if _PROVINCE.match(name) else name
    name = _rename(name, _data()["former_names"])
    name = _rename(name, _data()["short_names"])
    for short, full in _data()["short_universities"].items():
        name = re.sub(rf"{short}(?![学棚户会道街田])", full, name)
    for short, full in _data()["words"]:
        name = name.replace(short, full)
    return _without_city(name)


def _rename(name: str, names: Mapping[str, str]) -> str:
    """Replace a short name at the start, unless something other than a sub-unit follows."""
    for short in sorted(names, key=len, reverse=True):
        rest = name.removeprefix(short)
        if rest != name and (not rest or len(short) > 3 or _ends_as_part(rest)):
            return names[short] + rest
    return name


def _ends_as_part(rest: str) -> bool:
    return bool(_WITHIN.search(rest)) and rest[0] not in "学荒街桥路"


def _without_city(name: str) -> str:
    """Drop 市 after a city, except one named like a province: 吉林市 is not 吉林省.

    >>> _without_city("合肥市农业局"), _without_city("吉林市农业局")
    ('合肥农业局', '吉林市农业局')
    """
    province = _leading_province(name)
    city = _CITY.match(name, len(province))
    if city is None or city[1] in PROVINCES:
        return name
    return name[: city.end() - 1] + name[city.end() :]


def _leading_province(name: str) -> str:
    match = _PROVINCE.match(name)
    return match[1] if match else ""


def _parts(rest: str) -> Iterator[str]:
    start = 0
    for match in _PART.finditer(rest):
        yield _core(rest[start : match.end()].removeprefix("附属"))
        start = match.end()


@lru_cache(maxsize=2**14)
def _core(name: str) -> str:
    """Return a name without its optional 研究 and 科学研究 before 所, 院 and 中心.

    >>> _core("粮油作物研究所")
    '粮油作物所'
    """
    return re.sub(r"(?<=.)(?:科学)?研究(?=[所院]|中心)", "", name)


def _compare(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    if _core(one.head) == _core(other.head):
        return _match_parts(one, other)
    return (
        _match_subunit(one, other)
        or _match_subunit(other, one)
        or _match_without_region(one, other)
    )


def _match_subunit(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of a head with a sub-unit of the other, with or without its province."""
    head, reason = _core(one.head), f"“{one.head}”是“{other.head}”的下属单位"
    if head in other.parts:
        return _match(_is_specific(one.head), reason)
    if (
        one.province
        and one.province == other.province
        and head.removeprefix(one.province) in other.parts
    ):
        return _match(other.head.endswith("科学院"), reason)
    return None


def _match_without_region(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of two heads of which only one states its province or city."""
    shorter, longer = sorted((one.head, other.head), key=len)
    if not longer.endswith(shorter):
        return None
    before, reason = longer.removesuffix(shorter), f"“{shorter}”可能即“{longer}”"
    if before in PROVINCES:
        return _match(_is_specific(shorter), reason)
    return _match(False, reason) if _COUNTY.match(shorter) else None


def _match_parts(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of two names with the same head, by their sub-units."""
    head = one.head
    if one.campus != other.campus:
        both = one.campus and other.campus
        return None if both else _match(False, f"同为“{head}”，校区未写明")
    shorter, longer = sorted((one.parts, other.parts), key=len)
    nested = longer[: len(shorter)] == shorter
    if head in _data()["umbrellas"]:
        if nested and shorter:
            return _match(True, f"同为“{head}{shorter[0]}”")
        what = "一方未写明院所" if nested else "院所不同"
        return _match(False, f"同属“{head}”，{what}")
    if any("医院" in part for part in (*shorter[:1], *longer[:1])) and one.parts != other.parts:
        return _match(False, f"一方是“{head}”的附属医院")
    if nested or _SCHOOL.search(head):
        return _match(
            True, f"同为“{head}”" + ("" if one.parts == other.parts else "（含下属院系）")
        )
    return _match(False, f"同属“{head}”，下属单位不同")


def _match(is_certain: bool, reason: str) -> OrganisationMatch:
    return OrganisationMatch("certain" if is_certain else "ask", reason)


def _is_specific(head: str) -> bool:
    """Whether a head is more than a generic name that every province or county has."""
    for word in _data()["general_words"]:
        head = head.replace(word, "")
    return len(_SUFFIX.sub("", head).replace("研究", "")) >= 2


@cache
def _data() -> Mapping[str, Any]:
    text = (
        files("kjfp_helpers.panel_review.conflicts")
        .joinpath("organisations.json")
        .read_text("utf-8")
    )
    data: Mapping[str, Any] = json.loads(text)
    return data


def known_organisations() -> Sequence[str]:
    """Return the full names to which the tables of short and former names lead."""
    data = _data()
    return sorted({*data["short_names"].values(), *data["former_names"].values()})
