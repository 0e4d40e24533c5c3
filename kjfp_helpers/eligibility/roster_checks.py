"""Lists of nominees against the forms of their unit: a list nominates nobody (clause 二)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case, Intake, ListedPerson, PeopleList, Record
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.unreadable_nominations import UnreadableForm

SHOWN_NAMES = 10
"""Names of a list that a finding tells."""
_FIGURES = (("people_lifted", "带动脱贫贫困人口数"), ("service_days", "服务累计天数"))
_EXPECTED = "名单与推荐表一致"


def check_rosters(
    original: Intake, intake: Intake, cases: Iterable[Case], unread: Iterable[UnreadableForm]
) -> dict[str, Finding]:
    """Compare each list of nominees with the forms of its unit.

    Parameters
    ----------
    original : Intake
        The mail as it was read, with the lists in it.
    intake : Intake
        The same messages with the units that the secretary assigned.
    cases : iterable of Case
        The nominations.
    unread : iterable of UnreadableForm
        Nominations whose form cannot be read; the name of the file may be that of the nominee.

    Returns
    -------
    dict
        Source of a list to its finding: ``roster_differs``, or ``people_list`` where it agrees.
        Lists of others than nominees, and of unknown units, have none.
    """
    units = {mail.receipt: mail.unit for mail in intake.mails}
    cases, unread = list(cases), list(unread)
    findings = {}
    for record in original.loose:
        unit = units.get(record.receipt, "")
        if isinstance(record.body, PeopleList) and record.body.nominees and unit:
            own = [case for case in cases if case.unit == unit]
            files = [form.name for form in unread if form.unit == unit]
            findings[record.source] = _compare(replace(record, unit=unit), own, files)
    return findings


def restate_rosters(findings: Iterable[Finding], compared: dict[str, Finding]) -> Iterator[Finding]:
    """Yield the findings on messages; that on a compared list says how it compares."""
    for finding in findings:
        is_compared = finding.code == "people_list" and finding.source in compared
        yield compared[finding.source] if is_compared else finding


def _compare(record: Record, cases: Sequence[Case], files: Sequence[str]) -> Finding:
    """Return how a list compares with the nominations of its unit."""
    assert isinstance(record.body, PeopleList)
    people = record.body.people
    matches = [(person, _match(person, cases)) for person in people]
    without = [
        person.name
        for person, case in matches
        if case is None and not any(alnum_key(person.name) in alnum_key(file) for file in files)
    ]
    differences = [
        difference for person, case in matches if case for difference in _differ(person, case)
    ]
    kinds = {person.kind for person in people} - {""} or {"team", "individual"}
    listed = {case.id for _, case in matches if case}
    beside = [case.name for case in cases if case.kind in kinds and case.id not in listed]
    parts = []
    if without and not (cases or files):
        parts.append(f"名单列有{len(people)}个对象（{_names(without)}），未收到推荐表，未计为推荐")
    elif without:
        parts.append(f"名单有而没有推荐表：{_names(without)}")
    if beside and people:
        parts.append(f"有推荐表而名单没有：{_names(beside)}")
    parts += differences
    finding = Finding(
        code="roster_differs" if parts else "people_list",
        unit=record.unit,
        source=record.source,
        expected=_EXPECTED if parts else "每个推荐对象一份推荐表",
        found="；".join(parts) or f"名单列{len(people)}个对象，与推荐表一致",
    )
    return finding


def _match(person: ListedPerson, cases: Iterable[Case]) -> Case | None:
    """Return the nomination that a row of a list names."""
    key = alnum_key(person.name)
    return next(
        (
            case
            for case in cases
            if person.kind in ("", case.kind) and key and alnum_key(case.name) == key
        ),
        None,
    )


def _differ(person: ListedPerson, case: Case) -> Iterator[str]:
    """Yield each figure that a list and a form give differently."""
    for name, title in _FIGURES:
        listed, filled = getattr(person, name), getattr(case.nominee, name)
        if listed is not None and filled is not None and listed != filled:
            yield f"{person.name}{title}名单为{listed}，推荐表为{filled}"


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:SHOWN_NAMES])
    return f"{shown}等{len(names)}个" if len(names) > SHOWN_NAMES else shown
