"""Text of an exhibit: its sections sorted into the parts that clause 三(三) requires."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Section
from kjfp_helpers.core.text_normalization import normalize_text
from kjfp_helpers.rules import RequiredSection

_FOREWORD = ""


def arrange_sections(
    parts: Sequence[RequiredSection], sections: Iterable[Section]
) -> dict[str, tuple[Section, ...]]:
    """Sort the sections of an exhibition text into the parts of the notice.

    The section with the best matching heading starts a part, which lasts until the next part
    starts. Sections before the first part are filed under ``""``.
    """
    sections = tuple(sections)
    part_starts = _find_part_starts(parts, sections)
    groups: dict[str, list[Section]] = {_FOREWORD: [], **{part.id: [] for part in parts}}
    current = _FOREWORD
    for index, section in enumerate(sections):
        current = part_starts.get(index, current)
        groups[current].append(section)
    return {part: tuple(group) for part, group in groups.items()}


@lru_cache(maxsize=2**12)
def best_part(parts: tuple[RequiredSection, ...], heading: str) -> tuple[str, float]:
    """Return the id of the part that a heading matches best, and the match score.

    The score is the number of characters of the part's keywords found in the heading, plus the
    similarity to the part's title (0 to 1), which only breaks ties. ``("", 0.0)`` when the heading
    contains no keyword of any part.
    """
    normalized = normalize_text(heading)
    matches = [(_match_score(part, normalized), part.id) for part in parts]
    score, part = max(matches, key=lambda match: match[0], default=(0.0, ""))
    if score < 1:
        return "", 0.0
    return part, score


def check_parts(
    parts: Sequence[RequiredSection], exhibit: Exhibit, source: str
) -> Iterator[Finding]:
    """Yield a finding for each required part that is missing or has a heading only."""
    arranged = arrange_sections(parts, exhibit.sections)
    if not exhibit.sections:
        yield Finding(
            code="part_missing",
            expected=f"有{len(parts)}个部分的展览文本",
            found="没有展览文本",
            source=source,
            place="展览文本",
        )
        return
    for part in parts:
        sections = arranged[part.id]
        if any(section.text.strip() for section in sections):
            continue
        has_foreword = any(section.text.strip() for section in arranged[_FOREWORD])
        yield _part_missing(part, source, has_heading=bool(sections), has_foreword=has_foreword)


def _part_missing(
    part: RequiredSection, source: str, *, has_heading: bool, has_foreword: bool
) -> Finding:
    found = "没有这一部分"
    if has_heading:
        found = "只有标题，没有内容"
    elif has_foreword:
        found = "没有这一部分，或文本没有分部分标题"
    return Finding(
        code="part_missing",
        expected=f"有“{part.title}”一部分",
        found=found,
        field=part.id,
        source=source,
        place="展览文本",
    )


def _match_score(part: RequiredSection, heading: str) -> float:
    matched = sum(len(keyword) for keyword in map(normalize_text, part.words) if keyword in heading)
    if not matched:
        return 0.0
    return matched + SequenceMatcher(None, normalize_text(part.title), heading).ratio()


def _find_part_starts(
    parts: Sequence[RequiredSection], sections: Sequence[Section]
) -> dict[int, str]:
    """Return index of a section to the id of the part that starts there."""
    best: dict[str, tuple[float, int]] = {}
    for index, section in enumerate(sections):
        part, score = best_part(tuple(parts), section.heading)
        if part and score > best.get(part, (0.0, 0))[0]:
            best[part] = (score, index)
    return {index: part for part, (_, index) in best.items()}
