"""The public notice (公示): who is on the list, and nothing by which to find them at home."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core.records import KIND_TITLES, Case, Individual
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

ORDER_NOTE = "排名不分先后，按推荐单位顺序排列"
"""What stands under the table: its order is not that of the ranking."""

COLUMNS = ("类别", "序号", "名称/姓名", "推荐单位", "工作单位", "备注")

Span = tuple[int, int]


def public_table(round: Round, cases: Iterable[Case], shortlist: "pd.DataFrame") -> "pd.DataFrame":
    """Return the table of the public notice: listed and added cases, in the order of the units.

    Returns
    -------
    DataFrame
        ``类别 序号 名称/姓名 推荐单位 工作单位 备注``, masked text. The numbers run from 1 in each
        kind. The remark says by which resolution or vote a case is listed, and holds just enough
        to tell apart two people whom name, unit and employer do not: the title, else the masked
        identity number.
    """
    inside = shortlist[shortlist["status"].isin(["listed", "added"])]
    told = inside.reindex(columns=["case", "basis"], fill_value="")
    on_list = dict(zip(told["case"], told["basis"], strict=True))
    turn = {unit.code: number for number, unit in enumerate(round.units)}
    chosen = sorted(
        (case for case in cases if case.id in on_list),
        key=lambda case: (case.kind != "team", turn[case.unit], case.rank, case.id),
    )
    remarks = _remarks(chosen)
    numbers: Counter[str] = Counter()
    rows = []
    for case, remark in zip(chosen, remarks, strict=True):
        numbers[case.kind] += 1
        unit = round.unit_by_code[case.unit].name
        said = "；".join(filter(None, (on_list[case.id], remark)))
        texts = (mask_text(text) for text in (case.name, unit, _employer(case), said))
        rows.append((KIND_TITLES[case.kind], numbers[case.kind], *texts))
    import pandas as pd

    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"序号": int})


def mask_text(text: str) -> str:
    """Return free text with every identity and phone number in it masked.

    Found at any width of digits, and with spaces, dots or hyphens between them: 18- and
    15-digit identity numbers (last place X too), any run of 15 digits and more, mobile and
    land-line numbers, and whatever digits follow a word such as 身份证 or 电话.
    """
    if sum(map(str.isdigit, text)) < _FEWEST:
        return text
    flat = _flatten(text)
    found = sorted(span for find in _FINDERS for span in find(flat))
    parts, end = [], 0
    for start, stop in _joined(found):
        parts += [text[end:start], mask_number(flat[start:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def _employer(case: Case) -> str:
    if isinstance(case.nominee, Individual):
        return case.nominee.employer or "未填"
    return ""


def _remarks(cases: Sequence[Case]) -> list[str]:
    """Return what tells the listed apart where the other columns are the same."""
    remarks = [""] * len(cases)
    for detail in (_position, _identity):
        keys = [
            (case.kind, case.name, case.unit, _employer(case), remark)
            for case, remark in zip(cases, remarks, strict=True)
        ]
        count = Counter(keys)
        remarks = [
            detail(case) or remark if count[key] > 1 else remark
            for case, key, remark in zip(cases, keys, remarks, strict=True)
        ]
    return remarks


def _position(case: Case) -> str:
    nominee = case.nominee
    if isinstance(nominee, Individual):
        return nominee.title or ""
    return f"负责人：{nominee.leader_name}" if nominee.leader_name else ""


def _identity(case: Case) -> str:
    nominee = case.nominee
    number = nominee.id_number if isinstance(nominee, Individual) else None
    return f"证件号：{mask_number(number)}" if number else ""


def mask_number(text: str) -> str:
    """Return an identity or phone number with its first three and last two signs; a short one none.

    Signs are letters and digits; what stands between them goes.
    """
    plain = "".join(char for char in _flatten(text) if char.isalnum())
    if len(plain) < 7:
        return "*" * len(plain)
    return f"{plain[:3]}{'*' * (len(plain) - 5)}{plain[-2:]}"


def _flatten(text: str) -> str:
    """Return the text char for char, with every digit in ASCII and X, hyphens, spaces plain."""
    return text.translate(_FLAT)


class _Flat(dict[int, str]):
    """Signs by their number, each found out when it is first met."""

    def __missing__(self, number: int) -> str:
        flat = self[number] = _flat(chr(number))
        return flat


_FLAT = _Flat()


def _flat(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char in "xXｘＸⅩⅹ×":
        return "X"
    category = unicodedata.category(char)
    if category in ("Zs", "Cf", "Pd", "Cc") or char in _DOTS:
        return "-"
    return {"（": "(", "）": ")", "＋": "+"}.get(char, char)


_DOTS = ".·•．。_−"
_GAP = "-{0,3}"
"""What may stand between two digits of one number, after flattening."""

_LONG = re.compile(r"\d{15,}X?|\d{14}X")
_SPACED = {
    18: re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dX](?!\d)"),
    15: re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{14}}(?!\d)"),
}
_START = re.compile(rf"(?<!\d)\d(?=(?:{_GAP}\d){{14}})")
"""Where the shorter of the two may begin: a cheap look before either is tried."""
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
_BIRTH = {
    18: re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
    15: re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
}
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)\(?(?:010|02\d|0[3-9]\d\d)\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)")
_FEWEST = 6
"""Digits of the shortest number that any of these finds."""
_LABELLED = re.compile(
    rf"(?:身份证|证件号|电话|手机|传真|座机|联系方式|[Tt][Ee][Ll])[^\d\n]{{0,8}}"
    rf"(\+?\d(?:{_GAP}\d){{5,}}X?)"
)


def _identities(flat: str) -> Iterator[Span]:
    """Spaced-out numbers count where they begin like a region and hold a birthday."""
    for start in _START.finditer(flat):
        for length, pattern in _SPACED.items():
            match = pattern.match(flat, start.start())
            digits = match.group().replace("-", "") if match else ""
            if match and _PROVINCE.match(digits) and _BIRTH[length].match(digits, 6):
                yield match.span()


def _matches(pattern: re.Pattern[str], group: int = 0) -> Callable[[str], Iterator[Span]]:
    return lambda flat: (match.span(group) for match in pattern.finditer(flat))


_FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _matches(_LONG),
    _identities,
    _matches(_MOBILE),
    _matches(_LANDLINE),
    _matches(_LABELLED, 1),
)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return sorted spans with those that overlap made one."""
    joined: list[Span] = []
    for start, stop in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
