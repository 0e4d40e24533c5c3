"""Pictures sent more than once, by one unit or by several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Record
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


Repetitions = Mapping[tuple[str, int], Repetition]
"""Unit and index of a picture to the earlier picture that it repeats."""


def find_repetitions(exhibits: Mapping[str, Record]) -> Repetitions:
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
    by_digest: dict[str, SentPicture] = {}
    by_look: PerceptualHashIndex[SentPicture] = PerceptualHashIndex()
    repetitions: dict[tuple[str, int], Repetition] = {}
    kept: list[tuple[SentPicture, str]] = []
    for sent, picture in pictures:
        same_file = by_digest.get(picture.sha256)
        first = same_file or by_look.find(picture.look)
        if first is not None:
            repetitions[sent.unit, sent.index] = Repetition(first, same_file is not None)
            continue
        by_digest[picture.sha256] = sent
        by_look.add(picture.look, sent)
        kept.append((sent, picture.thumb if picture.look else ""))
    for part, whole in find_crops(tuple(thumb for _, thumb in kept)):
        first, later = kept[min(part, whole)][0], kept[max(part, whole)][0]
        cut = LATER if part > whole else FIRST
        repetitions.setdefault((later.unit, later.index), Repetition(first, False, cut))
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
        yield Finding(
            code="duplicate",
            expected="各图互不相同",
            found=f"与{origin}{repetition.sameness}",
            source=record.source,
            place=picture.name,
            field="pictures",
        )
