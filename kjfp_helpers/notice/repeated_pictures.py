"""Pictures sent more than once, by one unit or by several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Record
from kjfp_helpers.notice.image_hash import PerceptualHashIndex
from kjfp_helpers.rules import Round


@dataclass(frozen=True, order=True)
class SentPicture:
    """A picture as sent: receipt, unit, and its index among the unit's pictures."""

    receipt: int
    unit: str
    index: int
    name: str


@dataclass(frozen=True)
class Repetition:
    """The first picture that a later one repeats, by its bytes or by what is seen only."""

    first: SentPicture
    is_same_file: bool


Repetitions = Mapping[tuple[str, int], Repetition]
"""Unit and index of a picture to the earlier picture that it repeats."""


def find_repetitions(exhibits: Mapping[str, Record]) -> Repetitions:
    """Return the pictures that were sent before; ``exhibits`` maps units to their exhibits."""
    pictures = sorted(
        (SentPicture(record.receipt, unit, index, picture.name), picture.sha256, picture.look)
        for unit, record in exhibits.items()
        if isinstance(record.body, Exhibit)
        for index, picture in enumerate(record.body.pictures)
    )
    by_digest: dict[str, SentPicture] = {}
    by_look: PerceptualHashIndex[SentPicture] = PerceptualHashIndex()
    repetitions: dict[tuple[str, int], Repetition] = {}
    for picture, sha256, look in pictures:
        same_file = by_digest.get(sha256)
        first = same_file or by_look.find(look)
        if first is not None:
            repetitions[picture.unit, picture.index] = Repetition(first, same_file is not None)
            continue
        by_digest[sha256] = picture
        by_look.add(look, picture)
    return repetitions


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
        sameness = "画面相同（另存、缩放或压缩过）"
        if repetition.is_same_file:
            sameness = "是同一文件"
        yield Finding(
            code="duplicate",
            expected="各图互不相同",
            found=f"与{origin}{sameness}",
            source=record.source,
            place=picture.name,
            field="pictures",
        )
