"""An attack on blind reading: which unit is a case of, by its packet and the public pages alone.

Each channel guesses one unit a case or none. The attacker knows which kind of unit it is (its
quota shows) and how many cases each unit has; so the best guess without any other knowledge is the
unit with the most cases of that kind, and hits are held against that chance.
"""

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from pathlib import Path

import openpyxl

PLACE = re.compile(
    "省|自治区|市|州|盟|县|区|旗|乡|镇|村|街道|社区|农场|林场|公司|合作社|大学|学院|研究所|研究院|学会|协会|基地"
)
NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
YEAR = re.compile(r"(?:19|20)\d\d")
HAN = re.compile("[\u4e00-\u9fff]+")
ROW = 4
"""Characters of the rows by which deeds and pages are held against each other."""


def numbers(text: str) -> set[str]:
    """Return the numbers of three digits and more, years left out."""
    found = {re.sub("[,，]", "", match) for match in NUMBER.findall(text)}
    return {one for one in found if len(one.replace(".", "")) >= 3 and not YEAR.fullmatch(one)}


def places(text: str) -> set[str]:
    """Return what may be the name of a place or a body: up to six characters and its last word."""
    return {
        text[match.start() - length : match.end()]
        for match in PLACE.finditer(text)
        for length in range(2, 7)
        if match.start() >= length and HAN.fullmatch(text[match.start() - length : match.start()])
    }


def rows(text: str) -> set[str]:
    """Return every row of four characters."""
    return {run[at : at + ROW] for run in HAN.findall(text) for at in range(len(run) - ROW + 1)}


CHANNELS: Mapping[str, Callable[[str], set[str]]] = {
    "numbers": numbers,
    "places": places,
    "rows": rows,
}


def public_pages(outputs: Path, units: Iterable) -> dict[str, str]:
    """Return by unit what the product publishes about it: exhibition page and public notice."""
    pages = {}
    named = {unit.name: unit.code for unit in units}
    for unit in units:
        page = outputs / "exhibition" / unit.code / "index.html"
        pages[unit.code] = plain(page.read_text("utf-8")) if page.exists() else ""
        pages[unit.code] += f" {unit.name} {unit.short_name} {unit.region} {' '.join(unit.aliases)}"
    notice = outputs / "publication.xlsx"
    for tab in openpyxl.load_workbook(notice) if notice.exists() else ():
        for row in tab.iter_rows(values_only=True):
            cells = [str(cell) for cell in row if cell is not None]
            for code in {named[cell] for cell in cells if cell in named}:
                pages[code] += " " + " ".join(cells)
    return pages


def plain(html: str) -> str:
    """Return the words of a page, what is not shown included (alt texts, titles)."""
    said = " ".join(re.findall(r'(?:alt|title|aria-label)="([^"]*)"', html))
    text = re.sub(r"<(?:style|script).*?</(?:style|script)>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", text) + " " + said)


def case_texts(path: Path) -> dict[str, str]:
    """Return by label what a packet's workbook says of each case."""
    texts: dict[str, str] = defaultdict(str)
    book = openpyxl.load_workbook(path)
    for tab in book:
        label = ""
        for row in tab.iter_rows():
            first = str(row[0].value or "")
            found = re.match(r"(?:团队|个人) \d+ 号", first)
            if found and tab.title not in ("说明", "评分标准"):
                label = found[0]
            if label:
                texts[label] += "\n".join(str(cell.value) for cell in row if cell.value) + "\n"
    return texts


def guess(text: str, pages: Mapping[str, str], channel: str) -> str | None:
    """Return the unit whose page shares most with a text, rare and long things counting most."""
    find = CHANNELS[channel]
    index: Counter[str] = Counter()
    shared = {}
    mine = find(text)
    for unit, page in pages.items():
        shared[unit] = mine & find_in(page, channel)
        index.update(shared[unit])
    scores = {
        unit: sum(10 ** min(len(one), 7) / index[one] ** 2 for one in found)
        for unit, found in shared.items()
    }
    best = max(scores, key=lambda unit: scores[unit], default=None)
    return best if best is not None and scores[best] > 0 else None


_FOUND: dict[tuple[str, str], set[str]] = {}


def find_in(page: str, channel: str) -> set[str]:
    """Return what a channel finds in a page, found once."""
    key = page, channel
    if key not in _FOUND:
        _FOUND[key] = CHANNELS[channel](page)
    return _FOUND[key]


def attack(
    texts: Mapping[str, str],
    unit_of: Mapping[str, str],
    group_of: Mapping[str, str],
    pages: Mapping[str, str],
) -> dict[str, int]:
    """Return by channel for how many cases the unit was found."""
    hits = {}
    for channel in CHANNELS:
        found = 0
        for case, text in texts.items():
            group = group_of[unit_of[case]]
            near = {unit: page for unit, page in pages.items() if group_of[unit] == group}
            found += guess(text, near, channel) == unit_of[case]
        hits[channel] = found
    return hits


def chance(cases: Iterable[str], unit_of: Mapping[str, str], group_of: Mapping[str, str]) -> float:
    """Return the mean hits of the best guess that knows nothing but kinds and counts."""
    count = Counter(unit_of[case] for case in cases)
    most: dict[str, int] = {}
    for unit, number in count.items():
        most[group_of[unit]] = max(most.get(group_of[unit], 0), number)
    return float(sum(most.values()))


def bound(mean: float, number: int) -> int:
    """Return the hits that chance stays below 999 times in 1,000 (binomial)."""
    from scipy.stats import binom

    return int(binom.ppf(0.999, number, min(mean / number, 1.0)))


def hidden_words(path: Path) -> str:
    """Return all that a file holds, seen or not: of a workbook every part of the package."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as package:
        return "\n".join(
            f"{name}\n{package.read(name).decode('utf-8', 'replace')}"
            for name in package.namelist()
        )
