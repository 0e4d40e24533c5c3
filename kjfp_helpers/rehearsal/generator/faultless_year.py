"""The faultless year: every unit meets its targets and sends everything in time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np

from kjfp_helpers.core.form_schema import SERVICE_MODES
from kjfp_helpers.core.records import Individual, Region, Stocktake, Team
from kjfp_helpers.rehearsal.generator import text_generator
from kjfp_helpers.rehearsal.generator.synthetic_people import NAME_CHARS, PeopleGenerator
from kjfp_helpers.rehearsal.generator.year_model import (
    ExhibitPicture,
    Nomination,
    RehearsalYear,
    UnitMail,
    UnitSubmission,
)
from kjfp_helpers.rules import Commendation, Notice, Target, Unit
from kjfp_helpers.rules.tables.cells import NoTask

CHINA = timezone(timedelta(hours=8))
TARGET_DOCUMENT = "演练样例，非下达数"
ANIMALS = ("牛", "羊", "蜂", "鸡", "猪", "蚕")
TITLES = ("高级农艺师", "农艺师", "研究员", "副研究员", "高级畜牧师", "推广研究员", "讲师")
GROWING = ("栽培与加工", "品种改良", "病虫害防治")
BREEDING = ("健康养殖", "疫病防控", "良种繁育")
STATUSES = ("中共党员", "群众", "民盟盟员", "九三学社社员", "农工党党员")
TEAM_NAMES = (
    "{unit}{crop}产业演练服务团",
    "{unit}{crop}专家演练帮扶队",
    "{unit}科技小分队（{crop}）",
    "{unit}{crop}技术联合体演练组",
)
OPINIONS = ("经研究，同意推荐。", "情况属实，同意推荐。", "经考核并公示无异议，同意推荐。")
PICTURES_EACH = 3
EXHIBITION_DAYS = (date(2020, 6, 29), date(2020, 7, 14))
RECOMMENDATION_DAYS = (date(2020, 7, 22), date(2020, 8, 14))
"""Days on which the mail of a unit that is in time is sent."""


class Planner:
    """Draws submissions, nominations and figures from one stream of random numbers.

    With ``distinct`` no two people bear one identity number.
    """

    def __init__(
        self,
        seed: int | tuple[int, int],
        notice: Notice,
        units: Sequence[Unit],
        *,
        distinct: bool = False,
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.people = PeopleGenerator(self.rng, distinct=distinct)
        self.notice = notice
        self.poor = [unit.region for unit in units if unit.priority] or ["演练省"]

    def plan_submission(self, unit: Unit) -> UnitSubmission:
        """Return the submission of a unit that does everything right."""
        done, target = self._draw_figures(unit)
        submission = UnitSubmission(
            unit=unit,
            target=target,
            done=done,
            nominations=[],
            stocktake=done,
            parts=tuple(head.id for head in self.notice.summary.heads),
            exhibit=tuple(head.id for head in self.notice.exhibition.parts),
        )
        teams, people = self._draw_counts(unit)
        for make in [self.draw_team] * teams + [self.draw_person] * people:
            submission.nominations.append(make(submission))
        submission.mails = self._draw_mails(submission)
        return submission

    def draw_team(self, submission: UnitSubmission) -> Nomination:
        """Return a nomination of a team with all boxes filled but the story."""
        rng, quality, crop = self.rng, float(self.rng.normal()), self._draw_crop(submission)
        leader = self.people.draw_person(submission.domain)
        experts = int(rng.integers(6, 40))
        position = TEAM_NAMES[len(submission.teams()) + int(rng.integers(2))]
        body = Team(
            team_name=position.format(unit=submission.unit.short_name, crop=crop),
            research_field=crop + self._choose(*(BREEDING if _is_animal(crop) else GROWING)),
            expert_count=experts,
            leader_name=leader.name,
            leader_phone=leader.phone,
            leader_title=self._choose(*TITLES),
            expert_names=tuple(self.people.draw_name() for _ in range(int(rng.integers(3, 7)))),
            regions=tuple(
                self._draw_region(submission.unit) for _ in range(1 + int(rng.random() < 0.2))
            ),
            people_lifted=self._draw_share(submission, quality, 0.09, 0.2),
            service_days=self._draw_service_days(quality, 420),
            email=leader.email,
            postcode=leader.postcode,
            **self._draw_common_fields(submission, crop),
        )
        return self._draw_nomination(submission, body, crop, quality)

    def draw_person(self, submission: UnitSubmission) -> Nomination:
        """Return a nomination of a person with all boxes filled but the story."""
        quality, crop = float(self.rng.normal()), self._draw_crop(submission)
        person = self.people.draw_person(submission.domain)
        contact = self.people.draw_person(submission.domain)
        position = self._choose(
            "农业技术推广中心", "林果研究所", "畜牧水产站", "科技服务站", "职业学院"
        )
        body = Individual(
            name=person.name,
            gender=person.gender,
            title=self._choose(*TITLES),
            political_status=self._choose(*STATUSES),
            id_number=person.id_number,
            phone=person.phone,
            email=person.email,
            postcode=person.postcode,
            employer=f"{submission.unit.short_name}演练{contact.name[2:]}{position}",
            employer_contact=contact.name,
            employer_contact_title=self._choose("科长", "主任", "办公室主任", "干事"),
            office_phone=person.office_phone,
            fax=None if self.rng.random() < 0.5 else contact.office_phone,
            regions=(self._draw_region(submission.unit),),
            people_lifted=self._draw_share(submission, quality, 0.04, 0.1),
            service_days=self._draw_service_days(quality, 300),
            **self._draw_common_fields(submission, crop),
        )
        return self._draw_nomination(submission, body, crop, quality)

    def draw_prior_awards(
        self, entry: Nomination, submission: UnitSubmission
    ) -> list[Commendation]:
        """Return one to three earlier commendations of a nominee and write them on the form."""
        title = "先进团队" if entry.kind == "team" else "先进个人"
        years = sorted(self.rng.permutation([2017, 2018, 2019])[: self.rng.integers(1, 4)].tolist())
        employer = (
            entry.body.employer if isinstance(entry.body, Individual) else submission.unit.name
        )
        rows = [
            Commendation(
                year=year,
                level="全国" if year == years[-1] else "省级",
                kind=entry.kind,
                name=entry.listed or entry.name,
                unit=submission.unit.code,
                employer=employer or "",
                document=f"演练表扬〔{year}〕1号",
            )
            for year in years
        ]
        what = f"科技助力精准扶贫{title}表扬（演练）"
        honors = "；".join(f"{row.year}年获{row.level}{what}" for row in rows)
        entry.body = replace(entry.body, honors=honors)
        return rows

    def draw_pictures(
        self, submission: UnitSubmission, count: int = PICTURES_EACH
    ) -> list[ExhibitPicture]:
        """Return the pictures of an exhibit, each with a caption of the same stem."""
        sentences = text_generator.load_sentences()
        stems = self.rng.permutation(sentences["pictures"])[:count].tolist()
        region = self._draw_region(submission.unit)
        values = {"county": region[2], "village": region[4], "crop": self._draw_crop(submission)}
        names = [f"{position:02d}{stem}" for position, stem in enumerate(stems, start=1)]
        captions = [
            text_generator.fill_template(
                text_generator.choose_item(sentences["captions"], self.rng), self.rng, values
            )
            for _ in names
        ]
        return [
            ExhibitPicture(stem=stem, caption_stem=stem, caption=caption)
            for stem, caption in zip(names, captions, strict=True)
        ]

    def draw_mail_times(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Return when a message was sent (office hours of a day in the range) and received."""
        day = first + timedelta(days=int(self.rng.integers(0, (last - first).days + 1)))
        start = datetime(day.year, day.month, day.day, 8, 30, tzinfo=CHINA)
        sent = start + timedelta(seconds=int(self.rng.integers(0, 9 * 3600)))
        return sent, sent + timedelta(seconds=int(self.rng.integers(2, 240)))

    def _draw_nomination(
        self, submission: UnitSubmission, body: Team | Individual, crop: str, quality: float
    ) -> Nomination:
        length = int(self.rng.integers(330, 820))
        return Nomination(
            unit=submission.unit.code, body=body, crop=crop, quality=quality, length=length
        )

    def _draw_common_fields(self, submission: UnitSubmission, crop: str) -> dict[str, Any]:
        """Return the columns both forms share, but for contact, region and figures."""
        rng = self.rng
        kind = "养殖" if _is_animal(crop) else "种植"
        other = self._choose("林下经济", "农产品加工", "健康科普") if rng.random() < 0.15 else None
        modes = tuple(mode for mode in SERVICE_MODES[:3] if rng.random() < 0.6) or ("技术推广",)
        more = self._choose("电商销售", "远程会诊") if rng.random() < 0.15 else None
        return {
            "address": f"{submission.unit.region}演练市{self._choose('幸福', '团结', '前进')}路"
            f"{int(rng.integers(1, 200))}号",
            "service_types": (kind, "其他") if other else (kind,),
            "service_types_other": other,
            "service_modes": (*modes, "其他") if more else modes,
            "service_modes_other": more,
            "honors": f"{int(rng.integers(2017, 2020))}年获省级农业技术推广奖（演练）",
            "recommendation": self._choose(*OPINIONS),
            "recommend_date": date(2020, 7, 1) + timedelta(days=int(rng.integers(0, 18))),
        }

    def _draw_figures(self, unit: Unit) -> tuple[Stocktake, Target]:
        """Return what was done, at or above target in all figures, and the target.

        Federations (联合会) are a task of the provinces alone.
        """
        rng = self.rng
        scale = (12, 90, 1800) if unit.kind == "society" else (160, 2600, 24_000)
        aims = [int(size * np.exp(0.5 * rng.normal())) + 3 for size in scale]
        done = [int(np.ceil(aim * rng.uniform(1.0, 1.35))) for aim in aims]
        joined = aims[0] // 12 + 1 if unit.kind == "province" else None
        more = None if joined is None else joined + aims[0] % 3
        target = Target(
            unit=unit.code,
            assoc_target=aims[0],
            federations_target=NoTask.SLASH if joined is None else joined,
            experts_target=aims[1],
            people_target=aims[2],
            document=TARGET_DOCUMENT,
        )
        stocktake = Stocktake(
            unit=unit.name,
            assoc_target=aims[0],
            assoc_done=done[0],
            federations_target=joined,
            federations_done=more,
            experts_target=aims[1],
            experts_done=done[1],
            people_target=aims[2],
            people_done=done[2],
        )
        return stocktake, target

    def _draw_counts(self, unit: Unit) -> tuple[int, int]:
        """Return how many teams and persons a unit recommends, within its quota."""
        rng = self.rng
        if unit.priority:
            return 1 + int(rng.random() < 0.65), 2 + int(rng.random() < 0.75)
        if unit.kind == "province":
            return 1, 1
        return (1, 1) if rng.random() < 0.85 else ((1, 0) if rng.random() < 0.5 else (0, 1))

    def _draw_mails(self, submission: UnitSubmission) -> list[UnitMail]:
        """Return the exhibition mail and the recommendation mail, the latter at times in two."""
        code, name = submission.unit.code, submission.unit.short_name
        together = self.rng.random() < 0.65
        carries = ("forms", "stocktake", "summary") if together else ("forms",)
        plans: list[tuple[str, str, tuple[str, ...]]] = [
            ("1-exhibition", "报送网上展览素材", ("exhibit",)),
            ("2-recommendation", "推荐先进团队、先进个人", carries),
        ]
        if not together:
            plans.append(("3-report", "盘点表和工作总结", ("stocktake", "summary")))
        mails = []
        for key, subject, carried in plans:
            days = EXHIBITION_DAYS if "exhibit" in carried else RECOMMENDATION_DAYS
            sent, received = self.draw_mail_times(*days)
            mails.append(
                UnitMail(
                    name=f"{code}-{key}",
                    subject=f"{name}{subject}",
                    carries=carried,
                    sent=sent,
                    received=received,
                )
            )
        return mails

    def _draw_share(
        self, submission: UnitSubmission, quality: float, share: float, maximum: float
    ) -> int:
        """Return people lifted: a share of the unit's number, larger with true quality."""
        part = min(share * float(np.exp(0.3 * quality + 0.3 * self.rng.normal())), maximum)
        return max(int((submission.done.people_done or 0) * part), 21)

    def _draw_service_days(self, quality: float, usual: int) -> int:
        days = usual * float(np.exp(0.25 * quality + 0.3 * self.rng.normal()))
        return int(np.clip(days, 41, 1290))

    def _draw_region(self, unit: Unit) -> Region:
        own = "新疆维吾尔自治区" if unit.region == "新疆生产建设兵团" else unit.region
        local = unit.priority or unit.region == "新疆生产建设兵团"
        province = own if local else self._choose(*self.poor)
        parts = ["".join(self.rng.permutation(list(NAME_CHARS))[:2]) for _ in range(4)]
        city = None if province.endswith("市") else f"{parts[0]}市"
        return province, city, f"{parts[1]}县", f"{parts[2]}乡", f"{parts[3]}村"

    def _draw_crop(self, submission: UnitSubmission) -> str:
        used = {entry.crop for entry in submission.nominations}
        return self._choose(
            *[crop for crop in text_generator.load_sentences()["crops"] if crop not in used]
        )

    def _choose(self, *words: str) -> str:
        return words[int(self.rng.integers(len(words)))]


def plan_faultless_year(planner: Planner, units: Sequence[Unit], seed: int) -> RehearsalYear:
    """Return the faultless year; one exhibit in six carries pictures that faults may spoil."""
    submission = [planner.plan_submission(unit) for unit in units]
    shown = planner.rng.permutation(len(submission))[: min(max(len(submission) // 6, 3), 14)]
    for position in sorted(shown.tolist()):
        submission[position].pictures = planner.draw_pictures(submission[position])
    return RehearsalYear(seed=seed, submissions=submission)


def _is_animal(crop: str) -> bool:
    return any(char in crop for char in ANIMALS)
