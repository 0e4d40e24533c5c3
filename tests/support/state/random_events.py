"""Random events of every kind on a round, such that most of them change something."""

from dataclasses import asdict, fields

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.events import EventLog
from kjfp_helpers.core.records import Summary
from kjfp_helpers.notice.spot_check import fold_spot_check
from kjfp_helpers.state.revocations import REVOCABLE

DAYS = ("2020-07-20", "2020-08-05", "2020-08-20", "2020-09-10", "2020-10-01")
TWO = ("测试甲", "测试乙")


class RandomEvents:
    """Draws events that name what there is in a round: cases, members, records, findings."""

    def __init__(self, state, rng):
        self.rng, self.round = rng, state.round
        self.cases = [case.id for case in state.screening.cases]
        self.records = list(state.submissions.records)
        self.receipts = [mail.receipt for mail in state.submissions.intake.mails]
        self.senders = [mail.sender for mail in state.submissions.intake.mails]
        self.units = [unit.code for unit in state.round.units]
        self.members = [member.member for member in state.round.panel]
        self.findings = list(state.screening.findings)
        self.loose = [text.id for text in state.submissions.original_intake.loose] or ["1-99"]
        self.typed, self.ballots = ["1-t1"], []

    def draw(self, events, unseen=()):
        """Return the content of the next event after these, of an unseen kind where one is named."""
        kind = self.rng.choice(list(unseen) or list(kinds.EVENT_CLASSES.values()))
        return getattr(self, f"draw_{kind.__name__}", lambda events: self.plain(kind))(events)

    def plain(self, kind, /, **given):
        """Return an event of a kind, its other fields drawn by their names."""
        names = [field.name for field in fields(kind)]
        return kind(**{name: given[name] if name in given else self.value(name) for name in names})

    def value(self, name):
        rng, finding = self.rng, self.rng.choice(self.findings)
        draws = {
            "case": lambda: rng.choice(self.cases),
            "member": lambda: rng.choice(self.members),
            "unit": lambda: rng.choice(self.units),
            "units": lambda: tuple(rng.sample(self.units, 2)),
            "receipt": lambda: rng.choice(self.receipts),
            "by": lambda: TWO,
            "until": lambda: rng.choice(("", *DAYS)),
            "day": lambda: rng.choice(DAYS),
            "at": lambda: f"{rng.choice(DAYS)}T09:00:00+08:00",
            "round": lambda: rng.choice((1, 1, 2)),
            "code": lambda: finding.code,
            "mark": lambda: rng.choice(("", finding.fingerprint)),
            "field": lambda: finding.field,
            "subject": lambda: finding.unit,
            "ballot": lambda: rng.choice(self.ballots or [1]),
            "nominees": lambda: rng.choice(("team", "individual")),
            "bars": lambda: rng.choice((True, False, None)),
            "set_aside": lambda: rng.random() < 0.5,
            "first": lambda: rng.random() < 0.5,
            "afresh": lambda: False,
            "admitted": lambda: rng.random() < 0.5,
            "parked": lambda: rng.random() < 0.5,
            "waived": lambda: rng.random() < 0.5,
            "number": lambda: rng.choice(self.receipts),
            "seed": lambda: 1,
            "declared": lambda: rng.randint(0, 40),
            "places": lambda: rng.randint(0, 2),
            "restores": lambda: None,
            "tagged": lambda: rng.random() < 0.7,
            "released": lambda: rng.random() < 0.7,
            "included": lambda: rng.random() < 0.5,
            "ruling": lambda: rng.choice(("serious", "confirmed", "dismissed", "waived")),
            "imported": lambda: rng.randint(1, 40),
            "figures": lambda: {"people": (None, 100.0), "assoc": (4.0, 5.0)},
            "checkers": lambda: (("测试甲", "某大学", "河北省", ()),) * rng.randint(0, 1),
            "values": lambda: {"people.found": float(rng.randint(0, 200)), "visit.day": DAYS[0]},
        }
        maps = "files texts steps papers made_with misplaced heads votes recused substitute photos".split()
        lists = "items changes found open findings owed receipts team individual anchors covered cases".split()
        if name in maps:
            return {}
        if name in lists:
            return ()
        return draws.get(name, lambda: f"{name}{rng.randint(1, 9)}")()

    def draw_ScoreGiven(self, events):
        case = self.value("case")
        kind = "team" if case.startswith("T") else "individual"
        scores = {
            criterion.id: float(self.rng.randint(50, 100))
            for criterion in self.round.rubric.criteria(kind)
        }
        return self.plain(kinds.ScoreGiven, case=case, scores=scores)

    def draw_ReadingsAssigned(self, events):
        readings = {
            member: tuple(self.rng.sample(self.cases, min(4, len(self.cases))))
            for member in self.members
        }
        return self.plain(kinds.ReadingsAssigned, readings=readings)

    def draw_FieldCorrected(self, events):
        record = self.rng.choice([*self.records, *self.records])
        names = [field.name for field in fields(record.body)]
        name = self.rng.choice(names)
        other = self.rng.choice([one for one in self.records if one.kind == record.kind])
        new = asdict(other.body)[name]
        return self.plain(
            kinds.FieldCorrected, record=record.id, field=name, old=None, new=new, channel="原件"
        )

    def draw_VoterConflictRuled(self, events):
        return self.plain(kinds.VoterConflictRuled, bars=self.rng.random() < 0.5)

    def draw_UnitAssigned(self, events):
        record = self.rng.choice(["", self.rng.choice(self.records).id])
        return self.plain(kinds.UnitAssigned, record=record)

    def draw_VersionChosen(self, events):
        records = tuple(one.id for one in self.rng.sample(self.records, 2))
        return self.plain(kinds.VersionChosen, records=records, record=records[0])

    def draw_SenderRemembered(self, events):
        return self.plain(kinds.SenderRemembered, address=self.rng.choice(self.senders))

    def draw_MaterialClassified(self, events):
        kind = self.rng.choice(("summary", "story_attachment", ""))
        return self.plain(kinds.MaterialClassified, record=self.rng.choice(self.loose), kind=kind)

    def draw_PaperReceived(self, events):
        self.receipts.append(number := max(self.receipts) + 1)
        return self.plain(kinds.PaperReceived, number=number, channel="纸质")

    def draw_FormEntered(self, events):
        receipt = self.receipts[-1]
        self.typed.append(name := f"{receipt}-t{len(self.typed)}")
        kind = self.rng.choice(("team", "individual", "stocktake"))
        return self.plain(kinds.FormEntered, record=name, kind=kind, receipt=receipt, path="")

    def draw_FormWithdrawn(self, events):
        return self.plain(kinds.FormWithdrawn, record=self.rng.choice(self.typed))

    def draw_NomineesChosen(self, events):
        cases = tuple(self.rng.sample(self.cases, min(2, len(self.cases))))
        kind = self.rng.choice(("", "team", "individual"))
        unit = cases[0][1:3]
        return self.plain(kinds.NomineesChosen, unit=unit, cases=cases, kind=kind)

    def draw_SummaryAssessed(self, events):
        unit = self.rng.choice([one.unit for one in self.records if isinstance(one.body, Summary)])
        level = self.rng.choice(("", *self.round.rubric.summary_levels))
        return self.plain(
            kinds.SummaryAssessed,
            unit=unit,
            level=level,
            reader="甲",
            heads={},
            marks={},
            record="",
        )

    def draw_SummaryReadingsAssigned(self, events):
        unit = self.value("unit")
        return self.plain(kinds.SummaryReadingsAssigned, readings={"甲": (unit,)})

    def draw_SummaryHeadsRuled(self, events):
        one = self.rng.choice([one for one in self.records if isinstance(one.body, Summary)])
        there = self.rng.choice((True, False, None))
        return self.plain(
            kinds.SummaryHeadsRuled, unit=one.unit, record=one.id, heads={"problems": there}
        )

    def draw_SummarySetAside(self, events):
        return self.plain(kinds.SummarySetAside, how=self.rng.choice(("asked", "set_aside", "")))

    def draw_SummaryTyped(self, events):
        receipt = self.value("receipt")
        return self.plain(
            kinds.SummaryTyped, record=f"{receipt}-t9", receipt=receipt, path="总结.pdf"
        )

    def draw_AssessmentPointsRuled(self, events):
        return self.plain(kinds.AssessmentPointsRuled, indicator="results", points=3.0)

    def draw_AssessmentConfirmed(self, events):
        grade = self.rng.choice(("优秀", "待改进"))
        return self.plain(
            kinds.AssessmentConfirmed,
            results={self.value("unit"): (50.0, grade)},
            absent=(self.value("unit"),),
        )

    def draw_LetterIssued(self, events):
        title = self.rng.choice(("收讫回执", "退回补正通知", "催报通知"))
        found = tuple(
            (one.code, one.field, one.case, one.source, one.fingerprint)
            for one in self.rng.sample(self.findings, 2)
        )
        return self.plain(kinds.LetterIssued, title=title, findings=found)

    def draw_BallotOpened(self, events):
        nominees = self.rng.choice(("team", "individual"))
        cases = [case for case in self.cases if case.startswith("T") == (nominees == "team")]
        cases = tuple(self.rng.sample(cases, min(2, len(cases))))
        self.ballots.append(number := len(self.ballots) + 1)
        purpose = self.rng.choice(("tie", "approval"))
        ways = ("approval", "allotment", "ranked") if purpose == "tie" else ("approval",)
        return self.plain(
            kinds.BallotOpened,
            ballot=number,
            nominees=nominees,
            purpose=purpose,
            voting=self.rng.choice(ways),
            points=10,
            cases=cases,
            places=1,
            most=1,
            due=tuple(self.members),
            present=tuple(self.members),
            issued=len(self.members),
        )

    def draw_BallotCounted(self, events):
        if not self.ballots:
            return self.draw_BallotOpened(events)
        return self.plain(kinds.BallotCounted, teller="甲", returned=0, spoiled=0)

    def draw_BallotVoided(self, events):
        return self.plain(kinds.BallotVoided) if self.ballots else self.draw_BallotOpened(events)

    def draw_MailReceived(self, events):
        return self.plain(kinds.MailReceived, number=9000 + len(events), sha256="0" * 64)

    def draw_RulesFrozen(self, events):
        return kinds.RulesFrozen(digest=self.round.digest, files=self.round.files)

    def draw_RulesAmended(self, events):
        return self.plain(kinds.RulesAmended, digest=self.round.digest)

    def draw_SpotCheckDrawn(self, events):
        return self.plain(kinds.SpotCheckDrawn, seed="1")

    def draw_LotFrameFrozen(self, events):
        unit = self.value("unit")
        lines = ("round x", "value 2020-08-28 指数", "stratum other 1 1", f"unit {unit} other")
        return self.plain(kinds.LotFrameFrozen, lines=lines)

    def draw_VisitFindingDecided(self, events):
        open = fold_spot_check(self.round, EventLog(events)).findings
        if not open:
            return self.plain(kinds.VisitFindingDecided)
        one = self.rng.choice(open)
        return self.plain(kinds.VisitFindingDecided, unit=one.unit, finding=one.id, mark=one.mark)

    def draw_DecisionRevoked(self, events):
        decided = [event.seq for event in events if isinstance(event.body, REVOCABLE)]
        return self.plain(kinds.DecisionRevoked, decision=self.rng.choice(decided or [1]))
