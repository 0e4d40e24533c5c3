"""Certificates (荣誉证书): one file for each team or person commended."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, Individual
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.intake.files.material_store import safe_name
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.commendation import certificate_template as places
from kjfp_helpers.reports.office.commendation.certificate_template import CertificateTemplate
from kjfp_helpers.reports.office.commendation.commendation_terms import (
    CommendationVersion,
    work_title,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

CERTIFICATES = "证书"
"""Folder of the certificates below that of the decision."""


def write_certificates(
    state: "RoundState",
    version: CommendationVersion,
    numbers: Mapping[str, int],
    template: CertificateTemplate,
    folder: Path,
) -> list[Path]:
    """Write a certificate for each case that has a number; return the paths.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    paths = []
    for case, number in sorted(numbers.items(), key=lambda pair: pair[1]):
        values = certificate_values(state, version, case, number)
        name = safe_name(f"{number:03d}-{values[places.NAME][:40]}.docx")
        path = folder / CERTIFICATES / name
        atomic_write(path, template.fill(values))
        paths.append(path)
    return paths


def certificate_values(
    state: "RoundState", version: CommendationVersion, case: str, number: int
) -> Mapping[str, str]:
    """Return what stands in the places of a certificate."""
    nominee, notice = state.screening.case_by_id[case], state.round.notice
    form = nominee.nominee
    mark = formatting.REHEARSAL if notice.round.rehearsal else ""
    texts = {
        places.NAME: nominee.name,
        places.WORK: work_title(state),
        places.KIND: KIND_TITLES[nominee.kind],
        places.UNIT: state.round.unit_by_code[nominee.unit].name,
        places.EMPLOYER: (form.employer or "") if isinstance(form, Individual) else "",
        places.OFFICE: notice.round.office,
        places.DAY: formatting.format_date(version.day),
        places.DOCUMENT: version.document,
        places.NUMBER: f"{mark}{version.day.year}{number:03d}",
        places.REHEARSAL: f"【{mark}】数据均为虚构" if mark else "",
    }
    return {place: mask_personal_numbers(text) for place, text in texts.items()}


def number_certificates(
    earlier: Sequence[tuple[Sequence[str], bool]], cases: Sequence[str]
) -> dict[str, int]:
    """Return the numbers of certificates that are to be made now, after those made before.

    Parameters
    ----------
    earlier : sequence of (sequence of str, bool)
        The cases of every earlier version of the decision, oldest first, and whether it holds: the
        certificates of one that was withdrawn are void, and their numbers are not used again.
    cases : sequence of str
        The cases of this one; those that have a certificate get no other.

    Examples
    --------
    >>> number_certificates([], ["T11-1", "P11-1"])
    {'T11-1': 1, 'P11-1': 2}
    >>> number_certificates([(["T11-1"], True)], ["T11-1", "P12-1"])
    {'P12-1': 2}
    >>> number_certificates([(["T11-1"], False)], ["T11-1", "P12-1"])
    {'T11-1': 2, 'P12-1': 3}
    """
    held, used = set[str](), 0
    for named, holds in earlier:
        used += len(set(named) - held)
        held |= set(named) if holds else set()
    new = [case for case in dict.fromkeys(cases) if case not in held]
    return {case: used + number for number, case in enumerate(new, start=1)}
