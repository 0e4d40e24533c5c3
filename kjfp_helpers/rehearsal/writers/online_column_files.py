"""News and profiles of the simulated year, as mail and as folders, with faults among them.

What stands open for the trainee afterwards: news that came twice, news with a phone number, a
folder without a day, a profile of somebody who was never commended.
"""

import shutil
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.records import Team
from kjfp_helpers.intake.online_column.column_folder import (
    COLUMN_FOLDER,
    FOLDERS,
    NEWS,
    PROFILE,
    list_entries,
)
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear, UnitSubmission
from kjfp_helpers.rehearsal.writers.mime_messages import compose_message
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_landscape

_NEWS = (
    "{unit}{crop}专家组到村指导春管",
    "{unit}为脱贫户开办{crop}技术培训班",
    "{unit}科技志愿者下乡助农忙",
)
_LEAST = 3
"""Sentences of a piece of news."""


def write_column(folder: Path, year: RehearsalYear) -> None:
    """Write the folder ``column`` of a round anew, the same bytes for the same year."""
    for _, entry in list_entries(folder):
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    senders = [one for one in year.submissions if one.mails and one.nominations][:8]
    for number, submission in enumerate(senders):
        _write_news(folder, year.seed, number, submission)
    if len(senders) > 1:
        _repeat_news(folder, senders)
    for submission in senders[:3]:
        _write_profile(folder, submission, submission.nominations[0].name)
    if senders:
        _write_profile(folder, senders[-1], "演练未获表扬服务队")


def _sentences(submission: UnitSubmission) -> list[str]:
    """Return the sentences of the deeds of a unit's first nominee."""
    return [f"{one.strip()}。" for one in (_story(submission)).split("。") if one.strip()]


def _story(submission: UnitSubmission) -> str:
    return submission.nominations[0].body.story or ""


def _article(submission: UnitSubmission, number: int) -> tuple[str, str]:
    unit, crop = submission.unit.short_name, submission.nominations[0].crop
    title = _NEWS[number % len(_NEWS)].format(unit=unit, crop=crop)
    return title, f"近日，{unit}报来工作动态。\n" + "\n".join(
        _sentences(submission)[1 : 1 + _LEAST]
    )


def _write_news(folder: Path, seed: int, number: int, submission: UnitSubmission) -> None:
    """Write one piece of news: as mail, or as a folder, the first of which names no day."""
    title, text = _article(submission, number)
    if number == 2:
        text += "\n联系人电话：19900008888。"
    picture = draw_landscape((seed, 7000 + number), small=True)
    place = folder / COLUMN_FOLDER / FOLDERS[NEWS]
    day = datetime(2020, 6 + number % 2, 3 + 2 * number, 9, 30, tzinfo=CHINA)
    if number % 2:
        named = "" if number == 1 else f"{day:%Y%m%d}"
        name = f"{named}{submission.unit.short_name}动态"
        _write_folder(place / name, f"{title}\n{text}", picture)
        return
    data = compose_message(
        sender=f"lianluo@{submission.domain}",
        name=f"{submission.unit.short_name}联络员",
        subject=f"报送：{title}",
        text=f"{title}\n{text}\n",
        files=[("现场.jpg", picture)],
        sent=day,
        old_style=False,
    )
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{submission.unit.code}-{number + 1:02}.eml").write_bytes(data)


def _repeat_news(folder: Path, senders: list[UnitSubmission]) -> None:
    """Send the news of the first unit once more, a day later, from a folder."""
    title, text = _article(senders[0], 0)
    name = f"20200604{senders[0].unit.short_name}简讯"
    _write_folder(folder / COLUMN_FOLDER / FOLDERS[NEWS] / name, f"{title}（再报）\n{text}", None)


def _write_profile(folder: Path, submission: UnitSubmission, name: str) -> None:
    kind = "团队" if isinstance(submission.nominations[0].body, Team) else "先进个人"
    text = "\n".join(_sentences(submission)).replace(submission.nominations[0].name, name)
    title = f"扎根山村送技术——记{submission.unit.short_name}推荐{kind}{name}"
    place = folder / COLUMN_FOLDER / FOLDERS[PROFILE]
    _write_folder(place / f"{submission.unit.short_name}-{name}", f"{title}\n{text}", None)


def _write_folder(folder: Path, text: str, picture: bytes | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "正文.txt").write_text(text, "utf-8")
    if picture is not None:
        (folder / "现场.jpg").write_bytes(picture)
