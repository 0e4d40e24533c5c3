"""What a personal number is (identity card, phone, bank card), and how it is masked.

A masked number keeps its first three and last two characters. Free text goes through
:func:`mask_personal_numbers`, or :func:`replace_personal_numbers` where nothing of a number may
stay; a field for numbers through :func:`mask_number_field`; what is quoted in a finding through
:func:`hide_long_numbers`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

Span = tuple[int, int]
"""Start and end of a match in a text, as for slices."""

_OTHER_SEPARATORS = ".·•．。_−"
_SEPARATORS = "-{0,3}"
"""What may stand between two digits of one number, after :func:`_flatten`."""
_MIN_DIGITS = 6
"""Digits of the shortest number that is found."""
_DIGITS_TOGETHER = re.compile(rf"\d(?:{_SEPARATORS}\d){{{_MIN_DIGITS - 1}}}")
"""What every number holds: a cheap test before they are looked for one by one."""
_MIN_SHOWN = 7
"""A number of fewer characters is hidden whole."""

_LONG_RUN = re.compile(r"\d{15,}X?|\d{14}X")
_SPACED_IDENTITY = {
    18: re.compile(rf"(?<!\d)\d(?:{_SEPARATORS}\d){{16}}{_SEPARATORS}[\dX](?!\d)"),
    15: re.compile(rf"(?<!\d)\d(?:{_SEPARATORS}\d){{14}}(?!\d)"),
}
_IDENTITY_START = re.compile(rf"(?<!\d)\d(?=(?:{_SEPARATORS}\d){{14}})")
"""Where the shorter of the two may begin: a cheap test before either is tried."""
PROVINCE_CODE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
"""How an identity number begins (GB/T 2260), those of residents from abroad included."""
_BIRTH_DATE = {
    18: re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
    15: re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
}
_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{_SEPARATORS})?1{_SEPARATORS}[3-9](?:{_SEPARATORS}\d){{9}}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<!\d)\(?(?:010|02\d|0[3-9]\d\d)\)?{_SEPARATORS}\d{{3,4}}{_SEPARATORS}\d{{4}}(?!\d)"
)
_LABELLED = re.compile(
    rf"(?:身份证|证件号|电话|手机|传真|座机|联系方式|[账帐卡]号|[Tt][Ee][Ll])[^\d\n]{{0,8}}"
    rf"(\+?\d(?:{_SEPARATORS}\d){{5,}}X?)"
)
_SPACED_CARD = re.compile(r"(?<!\d)[4-69]\d{3}(?:-{1,3}\d{4}){3}(?:-{1,3}\d{1,3})?(?!\d)")
"""A bank card as it is printed, in groups of four."""
_FIELD_NUMBER = re.compile(rf"\d(?:{_SEPARATORS}[\dX])*")
_QUOTED_NUMBER = re.compile(r"\d(?:[\s\-－—]?[\dXx]){6,}")
"""A number of seven digits or more: narrower in separators, so that dates with dots stay."""
_MASKABLE_NUMBER = re.compile(r"(?!\d{4}-\d\d-\d\d)[\d*][\d*\s\-]{5,}[\d*X]")
"""A number that any of these may have masked; stored fingerprints of findings rest on it."""


def mask_personal_numbers(text: str) -> str:
    """Return free text with every identity and phone number in it masked.

    Numbers are found at any width of digits, and with spaces, dots or hyphens between them: 18-
    and 15-digit identity numbers (last character X too), any run of 15 digits and more, bank cards
    in groups of four, mobile and landline numbers, and whatever digits follow a word such as
    身份证 or 电话.

    Examples
    --------
    >>> mask_personal_numbers("电话：138-0013-8000，2020年")
    '电话：138******00，2020年'
    """
    return _substitute(text, mask_number)


def replace_personal_numbers(text: str, replacement: str) -> str:
    """Return free text with every identity and phone number replaced as a whole.

    Examples
    --------
    >>> replace_personal_numbers("联系138 0013 8000", "◯◯")
    '联系◯◯'
    """
    return _substitute(text, lambda number: replacement)


def mask_number_field(text: str) -> str:
    """Return the text of a field for numbers with every number in it masked, short ones too.

    Examples
    --------
    >>> mask_number_field("13800138000、6857-1234转12")
    '138******00、685***34转**'
    """
    flat, parts, end = _flatten(text), [], 0
    for match in _FIELD_NUMBER.finditer(flat):
        parts += [text[end : match.start()], mask_number(match.group())]
        end = match.end()
    return "".join([*parts, text[end:]])


def hide_long_numbers(text: str, replacement: str) -> str:
    """Return typed text with every number of seven digits or more replaced, whatever it is.

    For what a finding quotes of a field that was filled in wrong: a number with a digit missing is
    still a personal one.

    Examples
    --------
    >>> hide_long_numbers("1380013800，120000人", "＊＊＊")
    '＊＊＊，120000人'
    """
    return _QUOTED_NUMBER.sub(replacement, text)


def unify_masked_numbers(text: str) -> str:
    """Return text in which a number is the same whether it was masked or not.

    Examples
    --------
    >>> unify_masked_numbers("电话13800138000") == unify_masked_numbers("电话138******00")
    True
    """
    return _MASKABLE_NUMBER.sub("#", text)


def find_personal_numbers(text: str) -> list[Span]:
    """Return where identity and phone numbers stand in free text, in order.

    Examples
    --------
    >>> find_personal_numbers("电话：138-0013-8000，2020年")
    [(3, 16)]
    """
    if sum(map(str.isdigit, text)) < _MIN_DIGITS:
        return []
    flat = _flatten(text)
    if not _DIGITS_TOGETHER.search(flat):
        return []
    return _merge_overlaps(sorted(span for find in _FINDERS for span in find(flat)))


def has_identity_number(text: str) -> bool:
    """Whether free text holds an identity number, however it is written.

    Examples
    --------
    >>> has_identity_number("身份证 110101 19900101 123x"), has_identity_number("手机13800138000")
    (True, False)
    """
    flat = _flatten(text)
    whole = (match.group() for match in _LONG_RUN.finditer(flat))
    dated = (_BIRTH_DATE[18].match(number, 6) for number in whole if len(number) == 18)
    return any(dated) or any(True for _ in _find_identities(flat))


def _substitute(text: str, mask: Callable[[str], str]) -> str:
    """Return text with every personal number replaced by what ``mask`` makes of it."""
    parts, end = [], 0
    for start, stop in find_personal_numbers(text):
        parts += [text[end:start], mask(_flatten(text[start:stop]))]
        end = stop
    return "".join([*parts, text[end:]])


def mask_number(text: str) -> str:
    """Return an identity or phone number with its first three and last two characters alone.

    Characters are letters and digits; separators between them are dropped. A number of fewer
    than seven is hidden whole.

    Examples
    --------
    >>> mask_number("138-0013-8000"), mask_number("12345")
    ('138******00', '*****')
    """
    plain = "".join(char for char in _flatten(text) if char.isalnum())
    if len(plain) < _MIN_SHOWN:
        return "*" * len(plain)
    return f"{plain[:3]}{'*' * (len(plain) - 5)}{plain[-2:]}"


def _flatten(text: str) -> str:
    """Return the text char for char, with every digit in ASCII and X, hyphens, spaces plain."""
    return text.translate(_FLAT_CHARS)


class _FlatChars(dict[int, str]):
    """Flattened characters by code point, computed when one is first met."""

    def __missing__(self, code_point: int) -> str:
        flat = self[code_point] = _flatten_char(chr(code_point))
        return flat


_FLAT_CHARS = _FlatChars()


def _flatten_char(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char in "xXｘＸⅩⅹ×":
        return "X"
    category = unicodedata.category(char)
    if category in ("Zs", "Cf", "Pd", "Cc") or char in _OTHER_SEPARATORS:
        return "-"
    return {"（": "(", "）": ")", "＋": "+"}.get(char, char)


def _find_identities(flat: str) -> Iterator[Span]:
    """Yield numbers with separators that begin with a province code and hold a birth date."""
    for start in _IDENTITY_START.finditer(flat):
        for length, pattern in _SPACED_IDENTITY.items():
            match = pattern.match(flat, start.start())
            digits = match.group().replace("-", "") if match else ""
            if match and PROVINCE_CODE.match(digits) and _BIRTH_DATE[length].match(digits, 6):
                yield match.span()


def _find_cards(flat: str) -> Iterator[Span]:
    """Yield numbers of bank cards in groups of four; their check digit is right (Luhn)."""
    for match in _SPACED_CARD.finditer(flat):
        digits = [int(char) for char in reversed(match.group()) if char != "-"]
        doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        if (sum(digits[::2]) + sum(doubled)) % 10 == 0:
            yield match.span()


def _finder(pattern: re.Pattern[str], group: int = 0) -> Callable[[str], Iterator[Span]]:
    """Return a function that yields the spans of a pattern's group in a text."""
    return lambda flat: (match.span(group) for match in pattern.finditer(flat))


_FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _finder(_LONG_RUN),
    _find_identities,
    _finder(_MOBILE),
    _finder(_LANDLINE),
    _finder(_LABELLED, 1),
    _find_cards,
)


def _merge_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return sorted spans with those that overlap merged."""
    merged: list[Span] = []
    for start, stop in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
