"""Online exhibition (clause 三(三)): which units sent a complete exhibit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.records import Exhibit, Record
from kjfp_helpers.core.state_labels import FAULTY, IN_ORDER, NOT_SENT
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.notice.exhibit_pictures import check_pictures
from kjfp_helpers.notice.exhibit_sections import check_parts
from kjfp_helpers.notice.repeated_pictures import Repetitions, check_repetitions, find_repetitions
from kjfp_helpers.rules import Round, Unit

if TYPE_CHECKING:
    import pandas as pd


def check_exhibits(
    round: Round, exhibits: Mapping[str, Record], cached_call: CachedCall = call_uncached
) -> "tuple[pd.DataFrame, list[Finding]]":
    """Check every unit's exhibit against clause 三(三).

    Parameters
    ----------
    round : Round
        The rules; the minimum size of a picture follows the ruling on 2M.
    exhibits : Mapping[str, Record]
        Unit code to its current exhibit; units that sent none are not in it.
    cached_call
        Caches the comparison of the pictures.

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
    repetitions = find_repetitions(known, cached_call)
    rows, findings = [], []
    for unit in round.units:
        record = known.get(unit.code)
        if record is None or not isinstance(record.body, Exhibit):
            unit_findings = [_exhibit_absent(round, unit)]
            rows.append(_make_row(round, unit, None, unit_findings))
        else:
            unit_findings = list(examine_exhibit(round, record, repetitions))
            rows.append(_make_row(round, unit, record.body, unit_findings))
        findings += [finding.filed_under(unit=unit.code) for finding in unit_findings]
    frame = pd.DataFrame(rows, columns=_column_names(round))
    counts = {"pictures": "Int64", "pictures_ok": "Int64"}
    return frame.astype(counts), findings


def _column_names(round: Round) -> list[str]:
    ids = [part.id for part in round.notice.exhibition.parts]
    return ["unit", "unit_name", *ids, "pictures", "pictures_ok", "state"]


def _make_row(
    round: Round, unit: Unit, exhibit: Exhibit | None, findings: Sequence[Finding]
) -> list[object]:
    parts = round.notice.exhibition.parts
    if exhibit is None:
        return [unit.code, unit.name, *(None for _ in parts), None, None, NOT_SENT]
    missing = {finding.field for finding in findings if finding.code == "part_missing"}
    faulty_pictures = {finding.place for finding in findings if finding.severity is Severity.ERROR}
    usable = sum(
        picture.name not in faulty_pictures for picture in exhibit.pictures if picture.format
    )
    state = IN_ORDER
    if any(finding.severity is Severity.ERROR for finding in findings):
        state = FAULTY
    return [
        unit.code,
        unit.name,
        *(not missing & {part.id, ""} for part in parts),
        len(exhibit.pictures),
        usable,
        state,
    ]


def _exhibit_absent(round: Round, unit: Unit) -> Finding:
    deadline = round.notice.deadline.exhibition.date
    expected = f"{deadline.year}年{deadline.month}月{deadline.day}日前报送展览素材"
    return Finding(code="exhibit_absent", expected=expected, found="没有收到", unit=unit.code)


def examine_exhibit(
    round: Round, record: Record, repetitions: Repetitions | None = None
) -> Iterator[Finding]:
    """Yield the findings on one exhibit.

    ``repetitions`` are those among the exhibits of all units; without them, those within this one.
    """
    exhibit = record.body
    assert isinstance(exhibit, Exhibit)
    yield from check_parts(round.notice.exhibition.parts, exhibit, record.source)
    reported = {finding.code for finding in record.findings}
    if not exhibit.pictures and "images_only_in_docx" not in reported:
        yield Finding(
            code="no_picture",
            expected="图文并茂，有图片原图",
            found="没有图片",
            source=record.source,
            place="图片",
            field="pictures",
        )
    yield from check_pictures(round, exhibit, record.source)
    if repetitions is None:
        repetitions = find_repetitions({record.unit: record})
    yield from check_repetitions(round, record, repetitions)
