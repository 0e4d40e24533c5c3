"""Whether mail came in time (clause 四), by the rulings on the day itself and on the clock."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from kjfp_helpers.findings import Finding
from kjfp_helpers.records import KIND_TITLES, Intake, Mail, Record
from kjfp_helpers.rules import Round

Header = Literal["received", "sent"]
"""Which header says when a message came: the server's Received or the sender's Date."""


def evidence(round: Round, mail: Mail) -> Header | None:
    """Return the header that counts by the ruling, the other where it is missing."""
    by_server = round.notice.ruling.clock.value == "received"
    order: tuple[Header, ...] = ("received", "sent") if by_server else ("sent", "received")
    return next((name for name in order if getattr(mail, name)), None)


def arrival(round: Round, mail: Mail) -> datetime | None:
    """Return when a message counts as handed in, in the round's time zone; None if undated."""
    header = evidence(round, mail)
    zone = ZoneInfo(round.notice.round.timezone)
    return getattr(mail, header).astimezone(zone) if header else None


def last_day(round: Round, kind: str) -> tuple[date, str] | None:
    """Return the last day for a kind of record and its clause; None where there is none."""
    rules, ruling = round.notice.deadline, round.notice.ruling
    if kind in ("team", "individual"):
        return rules.recommendation.date, rules.recommendation.clause
    if kind == "exhibit":
        return rules.exhibition.date, rules.exhibition.clause
    return (ruling.summary_due.value, "裁定") if kind == "summary" else None


def minutes_late(round: Round, kind: str, came: datetime | None) -> int:
    """Return the minutes begun between the end of a kind's last day and a time; 0 when in time."""
    due = last_day(round, kind)
    if due is None or came is None:
        return 0
    grace = timedelta(days=round.notice.ruling.deadline.value == "inclusive")
    over = came - datetime.combine(due[0] + grace, time(), came.tzinfo)
    return 0 if over < timedelta() else over // timedelta(minutes=1) + 1


def is_late(round: Round, mail: Mail, kind: str) -> bool:
    """Say whether a kind of record in this message came after its last day."""
    return minutes_late(round, kind, arrival(round, mail)) > 0


def check_mail(round: Round, intake: Intake) -> list[Finding]:
    """Return one ``late`` per message that brings something too late."""
    held: dict[int, list[Record]] = {}
    for record in intake.records:
        held.setdefault(record.receipt, []).append(record)
    found = (_late(round, mail, held.get(mail.receipt, ())) for mail in intake.mails)
    return [finding for finding in found if finding]


def _late(round: Round, mail: Mail, records: Iterable[Record]) -> Finding | None:
    kinds = [kind for kind in dict.fromkeys(record.kind for record in records)
             if is_late(round, mail, kind)]  # fmt: skip
    came = arrival(round, mail)
    if not kinds or came is None:
        return None
    days = sorted({due[0] for kind in kinds if (due := last_day(round, kind))})
    dues = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in days)
    titles = "、".join(KIND_TITLES[kind] for kind in kinds)
    return Finding(
        code="late", unit=mail.unit, source=mail.path, place="收件时间",
        expected=f"{titles}于{dues}前报送",
        found=f"{came.year}年{came.month}月{came.day}日{came:%H:%M}收到",
    )  # fmt: skip
