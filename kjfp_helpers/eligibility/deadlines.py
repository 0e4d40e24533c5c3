"""Whether mail came in time (clause 四), by the rulings on the day itself and on the clock."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kjfp_helpers.findings import Finding
from kjfp_helpers.records import KIND_TITLES, Intake, Mail, Record
from kjfp_helpers.rules import Round


def arrival(round: Round, mail: Mail) -> datetime | None:
    """Return when a message counts as handed in, in the round's time zone; None if undated."""
    by_server = round.notice.ruling.clock.value == "received"
    time = (mail.received or mail.sent) if by_server else (mail.sent or mail.received)
    return time.astimezone(ZoneInfo(round.notice.round.timezone)) if time else None


def last_day(round: Round, kind: str) -> tuple[date, str] | None:
    """Return the last day for a kind of record and its clause; None where there is none."""
    rules, ruling = round.notice.deadline, round.notice.ruling
    if kind in ("team", "individual"):
        return rules.recommendation.date, rules.recommendation.clause
    if kind == "exhibit":
        return rules.exhibition.date, rules.exhibition.clause
    return (ruling.summary_due.value, "裁定") if kind == "summary" else None


def is_late(round: Round, mail: Mail, kind: str) -> bool:
    """Say whether a kind of record in this message came after its last day."""
    due, came = last_day(round, kind), arrival(round, mail)
    if due is None or came is None:
        return False
    inclusive = round.notice.ruling.deadline.value == "inclusive"
    return came.date() > due[0] if inclusive else came.date() >= due[0]


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
    dues = sorted({due[0].isoformat() for kind in kinds if (due := last_day(round, kind))})
    titles = "、".join(KIND_TITLES[kind] for kind in kinds)
    return Finding(
        code="late", unit=mail.unit, source=mail.path, place="收件时间",
        expected=f"{titles}于{'、'.join(dues)}前报送", found=f"{came:%Y-%m-%d %H:%M}收到",
    )  # fmt: skip
