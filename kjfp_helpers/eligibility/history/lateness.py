"""Lateness of mail (clause 四), by the rulings on the last day and on the clock."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import KIND_TITLES, Intake, Mail, Record
from kjfp_helpers.eligibility.history.versions import Key, version_key
from kjfp_helpers.rules import Round

Header = Literal["received", "sent", "recorded"]
"""Source of the arrival time: the server's Received, the sender's Date, or the secretary."""


def arrival_evidence(round: Round, mail: Mail) -> Header | None:
    """Return the source of the arrival time: an entry by hand, else the header of the ruling."""
    if mail.recorded:
        return "recorded"
    by_server = round.notice.ruling.clock.value == "received"
    order: tuple[Header, ...] = ("received", "sent") if by_server else ("sent", "received")
    return next((name for name in order if getattr(mail, name)), None)


def arrival_time(round: Round, mail: Mail) -> datetime | None:
    """Return when a message counts as handed in, in the round's time zone; None if undated."""
    header = arrival_evidence(round, mail)
    zone = ZoneInfo(round.notice.round.timezone)
    if header is None:
        return None
    moment: datetime = getattr(mail, header)
    return moment.astimezone(zone)


def last_day(round: Round, kind: str) -> tuple[date, str] | None:
    """Return the last day for a kind of record and its clause; None where there is none."""
    rules, ruling = round.notice.deadline, round.notice.ruling
    if kind in ("team", "individual"):
        return rules.recommendation.date, rules.recommendation.clause
    if kind == "exhibit":
        return rules.exhibition.date, rules.exhibition.clause
    if kind == "summary":
        return ruling.summary_due.value, "裁定"
    return None


def minutes_late(
    round: Round, kind: str, came: datetime | None, extended: date | None = None
) -> int:
    """Return the minutes begun between the end of a kind's last day and a time; 0 when in time.

    ``extended`` is the last day, inclusive, that the office granted the unit, where it is later.
    """
    due = last_day(round, kind)
    if due is None or came is None:
        return 0
    grace = timedelta(days=round.notice.ruling.deadline.value == "inclusive")
    end = due[0] + grace
    if extended is not None:
        end = max(end, extended + timedelta(days=1))
    over = came - datetime.combine(end, time(), came.tzinfo)
    if over < timedelta():
        return 0
    return over // timedelta(minutes=1) + 1


def format_duration(minutes: int) -> str:
    """Return minutes as days, hours and minutes.

    >>> format_duration(1505)
    '1天1小时5分钟'
    """
    days, rest = divmod(minutes, 24 * 60)
    parts = ((days, "天"), (rest // 60, "小时"), (rest % 60, "分钟"))
    return "".join(f"{count}{name}" for count, name in parts if count) or "0分钟"


def is_deadline_past(round: Round, kind: str, day: date, extended: date | None = None) -> bool:
    """Return whether a kind's last day is over on a day; never where the notice sets none."""
    return minutes_late(round, kind, datetime.combine(day, time()), extended) > 0


def document_key(record: Record) -> Key:
    """Return the key shared by all versions of a record; its own id when the unit is unknown."""
    return version_key(record) if record.unit else (record.id, "", "")


def first_arrivals(
    round: Round, mails: Iterable[Mail], records: Iterable[Record]
) -> dict[Key, datetime]:
    """Return when the first version of each document came that has a time."""
    came = {mail.receipt: arrival_time(round, mail) for mail in mails}
    first: dict[Key, datetime] = {}
    for record in sorted(records, key=lambda record: record.receipt):
        if moment := came.get(record.receipt):
            first.setdefault(document_key(record), moment)
    return first


def late_records(
    round: Round,
    mails: Iterable[Mail],
    records: Iterable[Record],
    extended: Mapping[str, date] = MappingProxyType({}),
) -> dict[str, int]:
    """Return the minutes by which records are late, by record id; those in time are left out.

    A document is as late as its first dated version: a corrected version sent after the last day
    is a correction and not late (clause 四). A record of an unknown unit is a document by itself.
    ``extended`` maps a unit to the last day that the office granted it.
    """
    records, mails = list(records), list(mails)
    dated = {mail.receipt for mail in mails if arrival_time(round, mail)}
    first = first_arrivals(round, mails, records)
    late = {
        record.id: minutes_late(
            round, record.kind, first[document_key(record)], extended.get(record.unit)
        )
        for record in sorted(records, key=lambda record: record.receipt)
        if record.receipt in dated
    }
    return {record: minutes for record, minutes in late.items() if minutes}


def check_arrivals(
    round: Round,
    mails: Iterable[Mail],
    records: Iterable[Record],
    late: Mapping[str, int],
    extended: Mapping[str, date] = MappingProxyType({}),
) -> dict[str, tuple[Finding, ...]]:
    """Return the findings on the arrival of records, by record id.

    ``late`` for a late one, ``arrival_unknown`` for one with a last day and no time on record.
    ``extended`` is that of :func:`late_records`.
    """
    by_receipt = {mail.receipt: mail for mail in mails}
    findings: dict[str, tuple[Finding, ...]] = {}
    for record in records:
        mail, due = by_receipt[record.receipt], last_day(round, record.kind)
        if due and arrival_time(round, mail) is None:
            findings[record.id] = (_undated(record, due[0]),)
        elif due and record.id in late:
            findings[record.id] = (_late(round, record, mail, extended.get(record.unit)),)
    return findings


def _late(
    round: Round,
    record: Record,
    mail: Mail,
    extended: date | None = None,
    *,
    source: str = "",
) -> Finding:
    due, came = last_day(round, record.kind), arrival_time(round, mail)
    assert due and came
    last = max(due[0], extended or due[0])
    return Finding(
        code="late",
        unit=record.unit,
        source=source or record.source,
        expected=f"{KIND_TITLES[record.kind]}于{_format_day(last)}前报送",
        found=f"{_format_day(came)}{came:%H:%M}收到",
    )


def _undated(record: Record, due: date) -> Finding:
    return Finding(
        code="arrival_unknown",
        unit=record.unit,
        source=record.source,
        place="收件时间",
        expected=f"{KIND_TITLES[record.kind]}于{_format_day(due)}前报送",
        found="来件没有时间",
    )


def _format_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def check_late_mail(round: Round, intake: Intake) -> list[Finding]:
    """Return one ``late`` per message with a late record."""
    late = late_records(round, intake.mails, intake.records)
    mails = {mail.receipt: mail for mail in intake.mails}
    findings: dict[int, Finding] = {}
    for record in intake.records:
        mail = mails[record.receipt]
        if record.id in late and record.receipt not in findings:
            findings[record.receipt] = _late(round, record, mail, source=mail.path)
    return list(findings.values())
