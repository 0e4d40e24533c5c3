"""Pictures of an exhibit: format, size and captions, as clause 三(三) requires them."""

from collections.abc import Iterable, Iterator

from kjfp_helpers.core.caption_matching import has_same_stem, match_captions
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Picture
from kjfp_helpers.rules import Round

MEGABYTE_READINGS = (2_000_000, 2_097_152)
"""The two ways to count 2M in bytes, as ruling ``megabyte`` offers them."""
_PICTURE_FAULTS = (
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
"""Codes that decide whether a picture can be shown, the most serious first."""


def check_pictures(round: Round, exhibit: Exhibit, source: str) -> Iterator[Finding]:
    """Yield the findings on the picture files, then those on their captions."""
    for picture in exhibit.pictures:
        yield from _file_faults(round, picture, source)
    yield from _caption_faults(exhibit, source)


def picture_verdicts(exhibit: Exhibit, findings: Iterable[Finding]) -> dict[str, str]:
    """Return picture name to ``ok`` or the code of its most serious finding.

    Findings about the content of a picture (where it was taken) do not count.
    """
    codes: dict[str, str] = {picture.name: "ok" for picture in exhibit.pictures}
    for finding in sorted(findings, key=lambda finding: _seriousness(finding.code), reverse=True):
        if finding.place in codes and finding.code in _PICTURE_FAULTS:
            codes[finding.place] = finding.code
    return codes


def _seriousness(code: str) -> int:
    """Return the position in the list of codes, 0 for the most serious."""
    if code in _PICTURE_FAULTS:
        return _PICTURE_FAULTS.index(code)
    return len(_PICTURE_FAULTS)


def _file_faults(round: Round, picture: Picture, source: str) -> Iterator[Finding]:
    """Check format, then size; the size rule applies to JPEG originals only."""
    location = {"source": source, "place": picture.name, "field": "pictures"}
    minimum = round.notice.picture_bytes
    if picture.format is None:
        return  # reported by the intake: the file cannot be read
    if picture.format != "JPEG":
        yield Finding(
            code="not_jpeg",
            expected="JPG格式（以文件内容为准）",
            found=f"{picture.format}格式",
            **location,
        )
    elif picture.size < minimum:
        yield Finding(
            code="too_small",
            expected=f"不小于{minimum:,}字节",
            found=f"{picture.size:,}字节",
            **location,
        )
    elif _is_borderline(round, picture.size):
        ruling = round.notice.ruling.megabyte.value
        yield Finding(
            code="borderline",
            expected=f"不小于{max(_size_readings(round)):,}字节",
            found=f"{picture.size:,}字节（本轮2M按{ruling:,}字节计，合格）",
            **location,
        )


def _size_readings(round: Round) -> tuple[int, ...]:
    """Return the minimum size in bytes under each way to count 2M."""
    factor = round.notice.exhibition.megabytes / 2
    return tuple(int(factor * reading) for reading in MEGABYTE_READINGS)


def _is_borderline(round: Round, size: int) -> bool:
    low, high = _size_readings(round)
    return low <= size < high


def _caption_faults(exhibit: Exhibit, source: str) -> Iterator[Finding]:
    """Compare picture and caption names both ways; one finding for two spellings of a name."""
    pairs = match_captions((picture.name for picture in exhibit.pictures), exhibit.captions)
    location = {"source": source, "field": "captions"}
    for name in dict.fromkeys(picture.name for picture in exhibit.pictures):
        stem = pairs.get(name)
        if stem is None:
            yield Finding(
                code="caption_missing",
                expected="有同名注释文件",
                found="没有",
                place=name,
                **location,
            )
        elif not exhibit.captions[stem].strip():
            yield Finding(
                code="caption_missing",
                expected="注释写有内容",
                found="同名注释为空白",
                place=name,
                **location,
            )
        elif not has_same_stem(name, stem):
            yield Finding(
                code="name_mismatch",
                expected=f"注释与图片“{name}”同名",
                found=f"注释名为“{stem}”",
                place=name,
                **location,
            )
    for stem in exhibit.captions:
        if stem not in pairs.values():
            yield Finding(
                code="caption_without_image",
                expected="有同名图片",
                found="没有",
                place=stem,
                **location,
            )
