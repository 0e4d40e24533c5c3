"""Pictures sent more than once, by one unit or by several."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Picture, Record
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.notice.image_hash import PerceptualHashIndex
from kjfp_helpers.notice.picture_crops import find_crops
from kjfp_helpers.rules import Round

FIRST, LATER = "first", "later"


@dataclass(frozen=True, order=True)
class SentPicture:
    """A picture as sent: receipt, unit, and its index among the unit's pictures."""

    receipt: int
    unit: str
    index: int
    name: str


@dataclass(frozen=True)
class Repetition:
    """The first picture that a later one repeats, by its bytes or by what is seen only.

    ``cut`` says which of the two is a part of the other: ``later``, ``first``, ``""`` for neither.
    """

    first: SentPicture
    is_same_file: bool
    cut: str = ""

    @property
    def sameness(self) -> str:
        """How the two pictures are alike, in Chinese, to follow 与…."""
        if self.is_same_file:
            return "是同一文件"
        words = {LATER: "画面相同，是其中一部分", FIRST: "画面相同，那张是其中一部分"}
        return words.get(self.cut, "画面相同（另存、缩放或压缩过）")


class Match(NamedTuple):
    """A picture of a series that repeats an earlier one; ``cut`` as in :class:`Repetition`."""

    later: int
    first: int
    is_same_file: bool
    cut: str = ""


Look = tuple[str, str, str]
"""SHA-256, perceptual hash and small copy of a picture, ``""`` where it has none."""
_KEPT = 4

Repetitions = Mapping[tuple[str, int], Repetition]
"""Unit and index of a picture to the earlier picture that it repeats."""


def find_repetitions(
    exhibits: Mapping[str, Record], cached_call: CachedCall = call_uncached
) -> Repetitions:
    """Return the pictures that were sent before; ``exhibits`` maps units to their exhibits."""
    pictures = sorted(
        (
            (SentPicture(record.receipt, unit, index, picture.name), picture)
            for unit, record in exhibits.items()
            if isinstance(record.body, Exhibit)
            for index, picture in enumerate(record.body.pictures)
        ),
        key=lambda pair: pair[0],
    )
    looks = tuple(look_of(picture) for _, picture in pictures)
    return {
        (pictures[match.later][0].unit, pictures[match.later][0].index): Repetition(
            pictures[match.first][0], match.is_same_file, match.cut
        )
        for match in cached_call(match_pictures, looks, decode=_decode_matches)
    }


def _decode_matches(rows: Iterable[Iterable[Any]]) -> tuple[Match, ...]:
    """Restore matches from their JSON values."""
    return tuple(Match(*row) for row in rows)


def look_of(picture: Picture) -> Look:
    """Return what pictures are compared by; one without a hash has no small copy either."""
    return picture.sha256, picture.look, picture.thumb if picture.look else ""


@lru_cache(_KEPT)
def match_pictures(looks: tuple[Look, ...]) -> tuple[Match, ...]:
    """Return which pictures repeat an earlier one: by their bytes, by what is seen, as a part."""
    by_digest: dict[str, int] = {}
    by_look: PerceptualHashIndex[int] = PerceptualHashIndex()
    matches: dict[int, Match] = {}
    kept: list[int] = []
    for index, (sha256, look, _) in enumerate(looks):
        same_file = by_digest.get(sha256)
        first = by_look.find(look) if same_file is None else same_file
        if first is not None:
            matches[index] = Match(index, first, same_file is not None)
            continue
        by_digest[sha256] = index
        by_look.add(look, index)
        kept.append(index)
    for part, whole in find_crops(tuple(looks[index][2] for index in kept)):
        first, later = kept[min(part, whole)], kept[max(part, whole)]
        cut = LATER if part > whole else FIRST
        matches.setdefault(later, Match(later, first, False, cut))
    return tuple(matches[index] for index in sorted(matches))


def check_repetitions(round: Round, record: Record, repetitions: Repetitions) -> Iterator[Finding]:
    """Report the pictures sent before, by another unit or under another name."""
    assert isinstance(record.body, Exhibit)
    for index, picture in enumerate(record.body.pictures):
        repetition = repetitions.get((record.unit, index))
        if repetition is None:
            continue
        first = repetition.first
        if first.unit == record.unit:
            origin = f"本单位先报送的“{first.name}”"
        else:  # a unit must not learn the file names of another unit
            origin = f"{round.unit_by_code[first.unit].name}先报送的图片"
        yield Finding(
            code="duplicate",
            expected="各图互不相同",
            found=f"与{origin}{repetition.sameness}",
            source=record.source,
            place=picture.name,
            field="pictures",
        )
