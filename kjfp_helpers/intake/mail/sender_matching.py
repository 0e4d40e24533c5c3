"""Identify the sending unit: by mail domain, then by its names in subject and materials."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.rules import Unit

_OFFICE_NAME = lazy_pattern(
    r"科协|科学技术协会|领导小组|办公室|学会|协会|研究会|联合会|促进会|基金会|总会|[^建]联盟"
)
_HAN = lazy_pattern(r"[\u3400-\u9fff]")
_BRACKETS, _BRACKETS_END = "（(【[〔［", "）)】]〕］"
_WORDS_BEFORE = "年送于转由自附的及和与报为函将度届次批是"
"""Signs before the short name of a unit that do not make it part of a longer name."""
_WORDS_BEHIND = lazy_pattern(
    r"(?:省|(?<=北京|天津|上海|重庆)市|壮族自治区|回族自治区|维吾尔自治区|自治区)?(?:$|[^\u3400-\u9fffA-Za-z]"
    r"|省级|科协|科学技术协会|报送|上报|呈报|报来|推荐|申报|材料|盘点|工作|总结|展览|扶贫|脱贫|科技助力|科技扶贫"
    r"|先进|关于|领导小组|办公室|补正|更正|修改|修订|汇总|情况|两数|“两数|团队|个人|回复|答复|复函|说明|附件"
    r"|展示|素材|资料|数据|表|及|和|与|的|代报|第[一二三四五\d]|撤回|线上|网上|图片|名单|选定|补充|补报|重报"
    r"|再次|来函|来信|函|办|单位|任务|目标|评审|表扬|任务|电子)"
)
_LOCAL_OFFICE = lazy_pattern(
    r"[\u3400-\u9fff]{2,14}?[市州县区盟旗师](?:科协|科学技术协会|科技助力精准扶贫)"
)
"""The office of a city or county, in whose name its province comes first."""
_OFFICE_BEHIND = lazy_pattern(r"(?:科协|科学技术协会|科技助力精准扶贫)")
"""What makes a whole name of the bare name of a province directly ahead of it."""
_LONGER_SOCIETY = lazy_pattern("[议员长刊]|报(?!送)")
"""Signs behind the short name of a society that make another word of it."""


class UnitEvidence(NamedTuple):
    """Where a unit is named: the kind of place, in Chinese, and the text."""

    place: str
    text: str


class _Name(NamedTuple):
    """A name of a unit; ``bare`` ones are matched as whole words only."""

    text: str
    kind: str
    bare: bool


class SenderMatcher:
    """Looks up units by domain and by name; ambiguous matches give no unit.

    A domain shared by several units identifies none of them; then the names in the text decide.
    The bare name of a province is no evidence inside a longer name (吉林大学).
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        domains: dict[str, set[str]] = {}
        names: dict[_Name, set[str]] = {}
        for unit in units:
            for domain in unit.domains:
                domains.setdefault(domain.lower(), set()).add(unit.code)
            for text in _names_of(unit):
                is_bare = text != unit.name and not (
                    _OFFICE_NAME.search(text) and unit.kind == "province"
                )
                is_bare = is_bare and not text.startswith("中国")
                names.setdefault(_Name(text, unit.kind, is_bare), set()).add(unit.code)
        self._unit_by_domain = {domain: _single_code(codes) for domain, codes in domains.items()}
        self._codes_by_name = sorted(
            names.items(), key=lambda item: (-len(item[0].text), item[0].text)
        )

    def unit_of_address(self, address: str) -> str:
        """Return the unit whose mail domain an address belongs to, ``""`` for none."""
        domain = address.rpartition("@")[2].lower()
        while domain:
            if domain in self._unit_by_domain:
                return self._unit_by_domain[domain]
            domain = domain.partition(".")[2]
        return ""

    def unit_of_text(self, text: str, *, whole_names: bool = False) -> str:
        """Return the unit with the longest name in a text, ``""`` for none or several.

        With ``whole_names`` the bare name of a province or society is no evidence.
        """
        matches: set[str] = set()
        longest = 0
        for name, codes in self._codes_by_name:
            if len(name.text) < longest:
                break
            if name.text in text and _is_named(text, name, whole_names=whole_names):
                matches |= codes
                longest = len(name.text)
        return _single_code(matches)

    def find_unit(self, addresses: Iterable[str], texts: Iterable[str]) -> str:
        """Return the unit of the first known address, else of the first text that names one."""
        for address in addresses:
            if unit := self.unit_of_address(address):
                return unit
        for text in texts:
            if unit := self.unit_of_text(text):
                return unit
        return ""

    def infer_unit(self, evidence: Iterable[UnitEvidence]) -> tuple[str, UnitEvidence | None]:
        """Return the unit that all evidence names which names any, and the first of it.

        Examples
        --------
        >>> SenderMatcher(()).infer_unit([UnitEvidence("文件名", "推荐表.docx")])
        ('', None)
        """
        named = [(self._unit_of_evidence(one.text), one) for one in evidence]
        named = [(unit, one) for unit, one in named if unit]
        if len({unit for unit, _ in named}) != 1:
            return "", None
        return named[0]

    def _unit_of_evidence(self, text: str) -> str:
        """Return the unit that a text names in full, or whose province's local office it names."""
        if unit := self.unit_of_text(text, whole_names=True):
            return unit
        local = _LOCAL_OFFICE.findall(text)
        units = {
            next((code for code in map(self.unit_of_text, _prefixes(office)) if code), "")
            for office in local
        }
        return _single_code(units)


def _prefixes(text: str) -> list[str]:
    """Return the beginnings of a name, the longest name of a province first."""
    return [text[:length] for length in (11, 8, 7, 4, 3, 2)]


def _names_of(unit: Unit) -> dict[str, None]:
    """Return the names under which a unit is known, with its region where it is a province's."""
    regions = [unit.region] if unit.kind == "province" else []
    names = (unit.name, unit.short_name, *unit.aliases, *regions)
    return {name: None for name in names if len(name) > 1}


def _is_named(text: str, name: _Name, *, whole_names: bool) -> bool:
    """Whether a name in a text stands there by itself, and not as part of a longer one."""
    if not name.bare:
        return True
    if whole_names:
        ends = (match.end() for match in re.finditer(re.escape(name.text), text))
        return name.kind == "province" and any(_OFFICE_BEHIND.match(text, end) for end in ends)
    start = text.find(name.text)
    while start >= 0:
        end = start + len(name.text)
        if _is_free_before(text, start) and _is_free_behind(text, end, name.kind):
            return True
        start = text.find(name.text, end)
    return False


def _is_free_before(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if before and before in _BRACKETS:
        return not _HAN.match(text[start - 2 : start - 1] or " ")
    return not _HAN.match(before or " ") or before in _WORDS_BEFORE


def _is_free_behind(text: str, end: int, kind: str) -> bool:
    if kind == "society":
        return not _LONGER_SOCIETY.match(text[end:])
    end += text[end : end + 1] in _BRACKETS_END if end < len(text) else 0
    return _WORDS_BEHIND.match(text, end) is not None


def _single_code(codes: set[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""
