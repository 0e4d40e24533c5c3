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

from kjfp_helpers.core.normalize import alnum_key
from kjfp_helpers.intake.fields.region_items import PROVINCES

Strength = Literal["certain", "ask"]
"""Whether a tie holds by itself, or has to be asked about."""

_BREAK = re.compile(r"[;,、/|\n]|兼(?:任|职)?(?=[\u4e00-\u9fff]{4})")
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_WITHIN = re.compile(r"(?:学院|系|部|处|所|院|中心|医院|实验室|站|室)$")
"""How what follows a short name of a university ends, where anything does."""
_SUFFIX = re.compile(
    r"(?:大学(?!生(?![物命态产理])|城|路)|科学院(?!大学)|研究院|学院(?!路|大学)|公司|集团|医院|卫生院|院(?!士|校|大学)"
    r"|中心(?!医院|小学|中学|校|支行|卫生院|血站)|实验室|委员会|管委会|办公室|研究所|[厅局]"
    r"|(?:农村|农业|技术|教育|水利|财政|资源|环境)部|科协|农技协|协会|学会|联合会|促进会|基金会|合作社"
    r"|供销社|科委|卫健委|站(?!点)|[农林牧]场|党校|中学|小学|学校|政府|所)[0-9a-z]*"
)
"""Where the name of an organisation, or of a part of one, ends."""
_SCHOOL = re.compile(r"大学$|(?<!科)学院$")
_PART = re.compile(rf"{_SUFFIX.pattern}|系(?!统)")
_SHORT = "|".join(sorted(PROVINCES, key=len, reverse=True))
_PROVINCE = re.compile(
    rf"({_SHORT})(?:省|(?<=北京)市|(?<=天津)市|(?<=上海)市|(?<=重庆)市"
    r"|(?:壮族|回族|维吾尔)?自治区|(?![市县区州镇乡村]|藏族|蒙古族))"
)
_CITY = re.compile(r"([\u4e00-\u9fff]{2,4}?)市(?=[\u4e00-\u9fff]{2})")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,4}?[县区旗]")
_UNNAMED = re.compile(r"(?:我|本|该)?[省市县区](?=[\u4e00-\u9fff])")
"""A place that is not named: 省农科院."""


@dataclass(frozen=True)
class Organisation:
    """A name in parts: ``head``, ``parts`` below it, ``campus`` where that is a body of its own.

    All are in their full form without 省 and 市; ``place`` is the province in front of the head.
    """

    head: str
    parts: tuple[str, ...] = ()
    campus: str = ""
    place: str = ""


@dataclass(frozen=True)
class OrganisationMatch:
    """That two names mean one organisation, how surely, and why, in Chinese."""

    strength: Strength
    reason: str


@lru_cache(maxsize=2**16)
def compare_employers(one: str | None, other: str | None) -> OrganisationMatch | None:
    """Return how two employers are one organisation, ``None`` where they are not or one is blank.

    Several employers in one text are compared each with each; the surest match counts.

    >>> compare_employers("安徽农大", "安徽农业大学（园艺学院）").strength
    'certain'
    >>> compare_employers("中国农业大学", "华南农业大学") is None
    True
    >>> compare_employers("中国科学院植物研究所", "中科院微生物所").strength
    'ask'
    """
    found = [
        match
        for first in parse_organisations(one or "")
        for second in parse_organisations(other or "")
        if (match := _compare(first, second))
    ]
    return min(found, key=lambda match: match.strength == "ask", default=None)


@lru_cache(maxsize=2**14)
def parse_organisations(text: str) -> tuple[Organisation, ...]:
    """Return the organisations that a text names, in order.

    >>> parse_organisations("河北省农科院粮油所")
    (Organisation(head='河北农业科学院', parts=('粮油所',), campus='', place='河北'),)
    """
    return tuple(filter(None, map(_read, _alternatives(unicodedata.normalize("NFKC", text)))))


def _alternatives(text: str) -> Iterator[str]:
    for piece in _BREAK.split(text):
        inner = [one for one in _BRACKET.findall(piece) if one.startswith(("原", "现", "兼"))]
        yield piece
        yield from (one[1:] for one in inner)


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
    place = _leading(head)
    if head in _data()["separate_campuses"]:
        campus = campus or rest[:2]
    else:
        campus = ""
    return Organisation(head.removesuffix("公司"), tuple(_parts(rest)), campus, place)


def _full_form(name: str) -> str:
    """Return a name with its abbreviations written out and its old names replaced."""
    name = _PROVINCE.sub(r"\1", name, count=1) if _PROVINCE.match(name) else name
    name = _rename(name, _data()["former_names"])
    name = _rename(name, _data()["short_names"])
    for short, full in _data()["short_universities"].items():
        name = re.sub(rf"{short}(?![学棚户会道街田])", full, name)
    for short, full in _data()["words"]:
        name = name.replace(short, full)
    return _without_city(name)


def _rename(name: str, names: Mapping[str, str]) -> str:
    """Replace the name that a text begins with, unless more than a part of it follows."""
    for short in sorted(names, key=len, reverse=True):
        rest = name.removeprefix(short)
        if rest != name and (not rest or len(short) > 3 or _ends_as_part(rest)):
            return names[short] + rest
    return name


def _ends_as_part(rest: str) -> bool:
    return bool(_WITHIN.search(rest)) and rest[0] not in "学荒街桥路"


def _without_city(name: str) -> str:
    """Drop 市 after a city, save one of a province's name: 吉林市 is not 吉林省."""
    place = _leading(name)
    city = _CITY.match(name, len(place))
    if city is None or city[1] in PROVINCES:
        return name
    return name[: city.end() - 1] + name[city.end() :]


def _leading(name: str) -> str:
    found = _PROVINCE.match(name)
    return found[1] if found else ""


def _parts(rest: str) -> Iterator[str]:
    at = 0
    for end in _PART.finditer(rest):
        yield _core(rest[at : end.end()].removeprefix("附属"))
        at = end.end()


def _core(name: str) -> str:
    """Return a name without what may be left out of it: 科学研究 before 所, 院 and 中心."""
    return re.sub(r"(?<=.)(?:科学)?研究(?=[所院]|中心)", "", name)


def _compare(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    if _core(one.head) == _core(other.head):
        return _within(one, other)
    return _below(one, other) or _below(other, one) or _without_place(one, other)


def _below(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of a head with a part of the other, its province in front or not."""
    head, reason = _core(one.head), f"“{one.head}”是“{other.head}”的下属单位"
    if head in other.parts:
        return _match(_is_specific(one.head), reason)
    if one.place and one.place == other.place and head.removeprefix(one.place) in other.parts:
        return _match(other.head.endswith("科学院"), reason)
    return None


def _without_place(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of two heads of which one alone states its province or city."""
    shorter, longer = sorted((one.head, other.head), key=len)
    if not longer.endswith(shorter):
        return None
    before, reason = longer.removesuffix(shorter), f"“{shorter}”可能即“{longer}”"
    if before in PROVINCES:
        return _match(_is_specific(shorter), reason)
    return _match(False, reason) if _COUNTY.match(shorter) else None


def _within(one: Organisation, other: Organisation) -> OrganisationMatch | None:
    """Return the match of two names with one head, by the parts below it."""
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


def _match(surely: bool, reason: str) -> OrganisationMatch:
    return OrganisationMatch("certain" if surely else "ask", reason)


def _is_specific(head: str) -> bool:
    """Whether a head says more than what every province or county has."""
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
    """Return the organisations that the tables of short and former names lead to."""
    data = _data()
    return sorted({*data["short_names"].values(), *data["former_names"].values()})
