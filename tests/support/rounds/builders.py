"""Small rounds and records for tests of the systems; everybody in them is made up."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from kjfp_helpers.core.records import (
    Individual,
    Intake,
    Mail,
    Record,
    Section,
    Stocktake,
    Summary,
    Team,
)
from kjfp_helpers.eligibility import collect_submissions, screen_submissions
from kjfp_helpers.rules import Commendation

IN_TIME = datetime(2020, 8, 1, 4, tzinfo=UTC)
_story = count()


def mail(receipt, unit="61", at=IN_TIME, findings=()):
    return Mail(
        receipt=receipt,
        path=f"inbox/{receipt:04}.eml",
        sha256=f"{receipt:064}",
        message_id=f"<{receipt}>",
        sender="a@example.com",
        unit=unit,
        subject="推荐材料",
        sent=at,
        received=at,
        findings=findings,
    )


def record(body, unit="61", receipt=1, serial=1, findings=()):
    kind = type(body).__name__.lower()
    return Record(
        id=f"{receipt}-{serial}",
        kind=kind,
        unit=unit,
        receipt=receipt,
        source=f"inbox/{receipt:04}.eml/{serial}.docx",
        sha256="0" * 64,
        body=body,
        findings=tuple(findings),
    )


def team(name, unit="61", receipt=1, serial=1, findings=(), **fields):
    values = {"story": f"第{next(_story)}个团队的事迹", "people_lifted": 10} | fields
    body = Team(team_name=name, **values)
    return record(body, unit, receipt, serial, findings)


def person(name, unit="61", receipt=1, serial=1, findings=(), **fields):
    values = {
        "story": f"第{next(_story)}个人的事迹",
        "people_lifted": 10,
        "employer": "示例所",
    } | fields
    return record(Individual(name=name, **values), unit, receipt, 50 + serial, findings)


def stocktake(unit="61", receipt=1, **fields):
    return record(Stocktake(**fields), unit, receipt, serial=9)


def summary(*headings, unit="61"):
    sections = tuple(Section(heading=heading, text="有内容") for heading in headings)
    return record(Summary(title="工作总结", sections=sections), unit, serial=8)


def intake(*records, mails=None):
    if mails is None:
        units = {r.receipt: r.unit for r in records}
        mails = [mail(receipt, unit) for receipt, unit in sorted(units.items())]
    return Intake(mails=tuple(mails), records=tuple(records))


def screen_intake(round, intake, events):
    return screen_submissions(round, collect_submissions(round, intake, events), events)


def commended(round, *records, year=2018):
    """Return the round with the nominees of these records in the register."""
    rows = tuple(
        Commendation(
            year=year,
            level="全国",
            kind=r.kind,
            name=getattr(r.body, "team_name", None) or r.body.name,
            unit=r.unit,
            employer="",
            document="样例",
        )
        for r in records
    )
    return replace(round, commended=round.commended + rows)


def ruling(round, **values):
    """Return the round with some rulings decided otherwise."""
    rulings = round.notice.ruling
    changed = {
        name: getattr(rulings, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    notice = round.notice.model_copy(update={"ruling": rulings.model_copy(update=changed)})
    return replace(round, notice=notice)
