"""Online exhibition (clause 三(三)): which exhibits are complete, which pictures fit to show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kjfp_helpers.core.caption_matching import has_same_stem, match_captions
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.image_hash import PerceptualHashIndex
from kjfp_helpers.core.normalize import normalize_text
from kjfp_helpers.core.records import Exhibit, Picture, Record, Section
from kjfp_helpers.core.state_labels import FAULTY, IN_ORDER, NOT_SENT
from kjfp_helpers.rules import RequiredSection, Round, Unit

if TYPE_CHECKING:
    import pandas as pd

MEGABYTE_READINGS = (2_000_000, 2_097_152)
"""The two ways to count 2M in bytes, as ruling ``megabyte`` offers them."""
_Spot = tuple[str, int]  # unit, and index among its pictures
_FOREWORD = ""
_GRAVITY = (
    "image_bomb",
    "corrupt",
    "truncated",
    "polyglot",
    "not_jpeg",
    "padded",
    "too_small",
    "duplicate",
    "caption_missing",
    "name_mismatch",
    "borderline",
)
"""Codes that decide whether a picture can be shown, the gravest first."""


def check_exhibits(
    round: Round, exhibits: Mapping[str, Record]
) -> "tuple[pd.DataFrame, list[Finding]]":
    """Check every unit's exhibit against clause 三(三).

    Parameters
    ----------
    round : Round
        The rules; the least size of a picture follows the ruling on 2M.
    exhibits : Mapping[str, Record]
        Unit code to its current exhibit; units that sent none are not in it.

    Returns
    -------
    DataFrame
        One row per unit in the order of ``units.csv``: ``unit``, ``unit_name``, one column per
        part id (True, False, or None where no exhibit came), ``pictures`` and ``pictures_ok``
        (counts, missing where no exhibit came; a picture is in order when it is a JPEG of the
        ruled size with a caption of the same name), ``state`` (合格 / 不全 / 未报送).
    list[Finding]
        One per fault, by unit in the same order.
    """
    import pandas as pd

    known = {unit.code: exhibits[unit.code] for unit in round.units if unit.code in exhibits}
    originals = _first_senders(known)
    rows, findings = [], []
    for unit in round.units:
        record = known.get(unit.code)
        if record is None or not isinstance(record.body, Exhibit):
            found = [_absent(round, unit)]
            rows.append(_row(round, unit, None, found))
        else:
            found = list(examine_exhibit(round, record, originals))
            rows.append(_row(round, unit, record.body, found))
        findings += [finding.filed_under(unit=unit.code) for finding in found]
    frame = pd.DataFrame(rows, columns=_columns(round))
    counts = {"pictures": "Int64", "pictures_ok": "Int64"}
    return frame.astype(counts), findings


def arrange_sections(
    parts: Sequence[RequiredSection], sections: Iterable[Section]
) -> dict[str, tuple[Section, ...]]:
    """Sort the sections of an exhibition text into the parts of the notice.

    The section whose heading fits a part best opens it; the sections that follow belong to it
    until the next opening. What stands before the first opening is filed under ``""``.
    """
    listed = tuple(sections)
    openings = _openings(parts, listed)
    groups: dict[str, list[Section]] = {_FOREWORD: [], **{part.id: [] for part in parts}}
    here = _FOREWORD
    for index, section in enumerate(listed):
        here = openings.get(index, here)
        groups[here].append(section)
    return {part: tuple(group) for part, group in groups.items()}


def best_part(parts: Sequence[RequiredSection], heading: str) -> tuple[str, float]:
    """Return the id of the part a heading fits best, and how well.

    The fit counts the characters of the part's words that the heading holds; likeness to the
    part's title (0 to 1) only breaks ties. ``("", 0.0)`` when it holds no word of any part.
    """
    plain = normalize_text(heading)
    fits = [(_fit(part, plain), part.id) for part in parts]
    fit, part = max(fits, key=lambda item: item[0], default=(0.0, ""))
    return (part, fit) if fit >= 1 else ("", 0.0)


def picture_verdicts(exhibit: Exhibit, findings: Iterable[Finding]) -> dict[str, str]:
    """Return picture name to ``ok`` or the code of its gravest finding.

    A question about what a picture shows besides (where it was taken) is none about the picture.
    """
    codes: dict[str, str] = {picture.name: "ok" for picture in exhibit.pictures}
    for finding in sorted(findings, key=lambda one: _gravity(one.code), reverse=True):
        if finding.place in codes and finding.code in _GRAVITY:
            codes[finding.place] = finding.code
    return codes


def _gravity(code: str) -> int:
    return _GRAVITY.index(code) if code in _GRAVITY else len(_GRAVITY)


def _fit(part: RequiredSection, heading: str) -> float:
    words = sum(len(word) for word in map(normalize_text, part.words) if word in heading)
    title = normalize_text(part.title)
    return words + SequenceMatcher(None, title, heading).ratio() if words else 0.0


def _openings(parts: Sequence[RequiredSection], sections: Sequence[Section]) -> dict[int, str]:
    """Return where each part begins: index of the section to the id of the part."""
    best: dict[str, tuple[float, int]] = {}
    for index, section in enumerate(sections):
        part, fit = best_part(parts, section.heading)
        if part and fit > best.get(part, (0.0, 0))[0]:
            best[part] = (fit, index)
    return {index: part for part, (_, index) in best.items()}


def _columns(round: Round) -> list[str]:
    ids = [part.id for part in round.notice.exhibition.parts]
    return ["unit", "unit_name", *ids, "pictures", "pictures_ok", "state"]


def _row(
    round: Round, unit: Unit, exhibit: Exhibit | None, findings: Sequence[Finding]
) -> list[object]:
    parts = round.notice.exhibition.parts
    if exhibit is None:
        return [unit.code, unit.name, *(None for _ in parts), None, None, NOT_SENT]
    missing = {finding.field for finding in findings if finding.code == "part_missing"}
    spoilt = {finding.place for finding in findings if finding.severity is Severity.ERROR}
    fit = sum(picture.name not in spoilt for picture in exhibit.pictures if picture.format)
    faulty = any(finding.severity is Severity.ERROR for finding in findings)
    return [
        unit.code,
        unit.name,
        *(not missing & {part.id, ""} for part in parts),
        len(exhibit.pictures),
        fit,
        FAULTY if faulty else IN_ORDER,
    ]


def _absent(round: Round, unit: Unit) -> Finding:
    last = round.notice.deadline.exhibition.date
    expected = f"{last.year}年{last.month}月{last.day}日前报送展览素材"
    return Finding(code="exhibit_absent", expected=expected, found="没有收到", unit=unit.code)


def examine_exhibit(
    round: Round, record: Record, originals: "Mapping[_Spot, tuple[_Sender, bool]] | None" = None
) -> Iterator[Finding]:
    """Yield the faults of one exhibit; ``originals`` tells where its pictures came before."""
    exhibit = record.body
    assert isinstance(exhibit, Exhibit)
    yield from _part_faults(round.notice.exhibition.parts, exhibit, record.source)
    told = {finding.code for finding in record.findings}
    if not exhibit.pictures and "images_only_in_docx" not in told:
        yield Finding(
            code="no_picture",
            expected="图文并茂，有图片原图",
            found="没有图片",
            source=record.source,
            place="图片",
            field="pictures",
        )
    for picture in exhibit.pictures:
        yield from _file_faults(round, picture, record.source)
    yield from _caption_faults(exhibit, record.source)
    if originals is None:
        originals = _first_senders({record.unit: record})
    yield from _repeats(round, record, exhibit, originals)


def _part_faults(
    parts: Sequence[RequiredSection], exhibit: Exhibit, source: str
) -> Iterator[Finding]:
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
        found = "只有标题，没有内容" if sections else "没有这一部分"
        if not sections and any(section.text.strip() for section in arranged[_FOREWORD]):
            found += "，或文本没有分部分标题"
        yield Finding(
            code="part_missing",
            expected=f"有“{part.title}”一部分",
            found=found,
            field=part.id,
            source=source,
            place="展览文本",
        )


def _file_faults(round: Round, picture: Picture, source: str) -> Iterator[Finding]:
    """Check format, then size; the size rule speaks of JPEG originals only."""
    place = {"source": source, "place": picture.name, "field": "pictures"}
    least = round.notice.picture_bytes
    if picture.format is None:
        return  # intake has said that it cannot be read
    if picture.format != "JPEG":
        yield Finding(
            code="not_jpeg",
            expected="JPG格式（以文件内容为准）",
            found=f"{picture.format}格式",
            **place,
        )
    elif picture.size < least:
        yield Finding(
            code="too_small",
            expected=f"不小于{least:,}字节",
            found=f"{picture.size:,}字节",
            **place,
        )
    elif _between_readings(round, picture.size):
        ruling = round.notice.ruling.megabyte.value
        yield Finding(
            code="borderline",
            expected=f"不小于{max(_readings(round)):,}字节",
            found=f"{picture.size:,}字节（本轮2M按{ruling:,}字节计，合格）",
            **place,
        )


def _readings(round: Round) -> tuple[int, ...]:
    share = round.notice.exhibition.megabytes / 2
    return tuple(int(share * reading) for reading in MEGABYTE_READINGS)


def _between_readings(round: Round, size: int) -> bool:
    low, high = _readings(round)
    return low <= size < high


def _caption_faults(exhibit: Exhibit, source: str) -> Iterator[Finding]:
    """Compare picture and caption names in both directions; two spellings make one finding."""
    pairs = match_captions((item.name for item in exhibit.pictures), exhibit.captions)
    place = {"source": source, "field": "captions"}
    for name in dict.fromkeys(item.name for item in exhibit.pictures):
        stem = pairs.get(name)
        if stem is None:
            yield Finding(
                code="caption_missing", expected="有同名注释文件", found="没有", place=name, **place
            )
        elif not exhibit.captions[stem].strip():
            yield Finding(
                code="caption_missing",
                expected="注释写有内容",
                found="同名注释为空白",
                place=name,
                **place,
            )
        elif not has_same_stem(name, stem):
            yield Finding(
                code="name_mismatch",
                expected=f"注释与图片“{name}”同名",
                found=f"注释名为“{stem}”",
                place=name,
                **place,
            )
    for stem in exhibit.captions:
        if stem not in pairs.values():
            yield Finding(
                code="caption_without_image",
                expected="有同名图片",
                found="没有",
                place=stem,
                **place,
            )


@dataclass(frozen=True, order=True)
class _Sender:
    """Where a picture came first: receipt, unit, and its place among the unit's pictures."""

    receipt: int
    unit: str
    index: int
    name: str


def _first_senders(exhibits: Mapping[str, Record]) -> dict[_Spot, tuple[_Sender, bool]]:
    """Return unit and index of each picture that came before to the first one and to sameness.

    Sameness says whether the bytes are the same, or only what is seen.
    """
    senders = sorted(
        (_Sender(record.receipt, unit, index, picture.name), picture.sha256, picture.look)
        for unit, record in exhibits.items()
        if isinstance(record.body, Exhibit)
        for index, picture in enumerate(record.body.pictures)
    )
    first: dict[str, _Sender] = {}
    prints: PerceptualHashIndex[_Sender] = PerceptualHashIndex()
    found: dict[_Spot, tuple[_Sender, bool]] = {}
    for sender, sha256, look in senders:
        same = first.get(sha256)
        alike = same or prints.find(look)
        if alike is not None:
            found[sender.unit, sender.index] = alike, same is not None
            continue
        first[sha256] = sender
        prints.add(look, sender)
    return found


def _repeats(
    round: Round, record: Record, exhibit: Exhibit, originals: Mapping[_Spot, tuple[_Sender, bool]]
) -> Iterator[Finding]:
    """Report a picture that came before, from another unit or under another name."""
    for index, picture in enumerate(exhibit.pictures):
        if (record.unit, index) not in originals:
            continue
        first, same = originals[record.unit, index]
        own = first.unit == record.unit  # how another unit names its files is not for this one
        origin = (
            f"本单位先报送的“{first.name}”"
            if own
            else (f"{round.unit_by_code[first.unit].name}先报送的图片")
        )
        what = "是同一文件" if same else "画面相同（另存、缩放或压缩过）"
        yield Finding(
            code="duplicate",
            expected="各图互不相同",
            found=f"与{origin}{what}",
            source=record.source,
            place=picture.name,
            field="pictures",
        )
