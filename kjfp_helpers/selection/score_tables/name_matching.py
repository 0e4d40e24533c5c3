"""Match spellings of names in a score table: the same, different, or to be asked.

What differs only in width, Unicode form, invisible characters, the kind of dot or dash, or
white space at the ends or between Chinese characters is one name. What differs in case, in other
spaces or in whether there is a dot may be one or two, and is left to a person.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.text_normalization import name_key, normalize_name, remove_invisible_chars

Groups = tuple[tuple[str, ...], ...]
TITLES = {"\u3000": "全角空格", "\xa0": "不间断空格", "\u200b": "零宽空格", "\t": "制表符"}
MAX_SHOWN = 5
"""Groups of spellings that are told one by one."""


@dataclass(frozen=True)
class UnifiedNames:
    """A column of names with one spelling for each.

    ``merged`` holds the spellings that became one, the one that is kept first; ``ambiguous`` the
    names that may be one.
    """

    cells: list[str]
    merged: Groups
    ambiguous: Groups


def unify_names(cells: Sequence[str]) -> UnifiedNames:
    """Give every name one spelling, the most frequent; the order of the cells does not matter.

    >>> unify_names(["张三", "张　三", "张三", "李四"]).cells
    ['张三', '张三', '张三', '李四']
    >>> unify_names(["A1", "a1"]).ambiguous
    (('A1', 'a1'),)
    """
    counts = Counter(cells)
    groups = _group(counts, normalize_name)
    kept = {name: _preferred(name, spellings, counts) for name, spellings in groups.items()}
    spelling_of = {one: kept[name] for name, spellings in groups.items() for one in spellings}
    joined = tuple(
        (kept[name], *others)
        for name, spellings in sorted(groups.items())
        if (others := [one for one in spellings if one != kept[name]])
    )
    alike = _group(filter(None, kept.values()), name_key)
    doubtful = tuple(tuple(names) for _, names in sorted(alike.items()) if len(names) > 1)
    return UnifiedNames([spelling_of[one] for one in cells], joined, doubtful)


def _group(names: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[key(name)].append(name)
    return groups


def _preferred(name: str, spellings: Sequence[str], counts: Counter[str]) -> str:
    """Return the most frequent spelling as it is seen; of equals the one typed with care."""
    seen: Counter[str] = Counter()
    for one in spellings:
        seen[remove_invisible_chars(one)] += counts[one]
    return min(seen, key=lambda one: (-seen[one], one != name, one))


def describe_merged(title: str, merged: Groups) -> list[str]:
    """Tell in Chinese which spellings were taken for one name."""
    lines = []
    for kept, *others in merged[:MAX_SHOWN]:
        spelt = "、".join(f"“{show_invisible_chars(one)}”" for one in others)
        lines.append(f"{title}“{kept}”另有写法{spelt}，作同一个名称。")
    more = len(merged) - MAX_SHOWN
    return [*lines, f"{title}另有{more}个名称写法不一，也各作同一个名称。"] if more > 0 else lines


def show_invisible_chars(text: str) -> str:
    r"""Return text with what cannot be seen, or told from its like, named.

    >>> show_invisible_chars("A\u200b")
    'A〔零宽空格〕'
    """
    return "".join(
        sign if _is_visible_char(sign) else f"〔{TITLES.get(sign, f'U+{ord(sign):04X}')}〕"
        for sign in text
    )


def _is_visible_char(sign: str) -> bool:
    if sign == " ":
        return True
    shown = sign.isprintable() and unicodedata.category(sign) != "Mn"
    return (
        shown and unicodedata.normalize("NFC", sign) == sign and bool(remove_invisible_chars(sign))
    )
