"""Turn one unit's submission into files and messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Section, Team
from kjfp_helpers.rehearsal.generator.year_model import (
    ExhibitPicture,
    Nomination,
    UnitMail,
    UnitSubmission,
)
from kjfp_helpers.rehearsal.writers import docx_forms, mime_messages, synthetic_images
from kjfp_helpers.rehearsal.writers.form_files import write_form_files
from kjfp_helpers.rehearsal.writers.list_workbooks import write_member_list, write_roster
from kjfp_helpers.rehearsal.writers.picture_treatment import treat_picture
from kjfp_helpers.rehearsal.writers.stocktake_workbooks import write_stocktake
from kjfp_helpers.reports.office.writers.deterministic_zip import write_zip


@dataclass(frozen=True)
class UnitMailing:
    """What one unit posts; picklable, so that units can be written side by side."""

    seed: int
    number: int
    submission: UnitSubmission
    summary: tuple[Section, ...]
    exhibit: tuple[Section, ...]

    @property
    def old_style(self) -> bool:
        """Whether the unit's programs write names the way older Chinese ones do."""
        return self.number % 3 == 1

    @property
    def bundled(self) -> bool:
        """Whether the unit packs its forms into one archive."""
        return self.number % 7 == 3 and not any(
            entry.damaged for entry in self.submission.nominations
        )


def build_messages(mailing: UnitMailing) -> list[tuple[str, bytes]]:
    """Return the unit's messages as (file name, bytes)."""
    unit = mailing.submission.unit
    mails: list[tuple[str, bytes]] = []
    for mail in mailing.submission.mails:
        data = mime_messages.compose_message(
            sender=mail.sender or f"lianluo@{mailing.submission.domain}",
            name=f"{unit.short_name}联络员",
            subject=mail.subject,
            text=_message_text(mail, unit.name),
            files=_attachments(mailing, mail),
            sent=mail.sent,
            old_style=mailing.old_style,
        )
        arrived = mime_messages.add_received_headers(data, mail.received)
        mails.append((f"{mail.name}.eml", arrived))
        if mail.again == "delivered":
            later = mail.received + timedelta(minutes=3)
            arrived = mime_messages.add_received_headers(data, later, relay="relay2")
        if mail.again:
            mails.append((f"{mail.name}-copy.eml", arrived))
    return mails


def _message_text(mail: UnitMail, unit: str) -> str:
    what = "展览素材" if "exhibit" in mail.carries else "材料"
    lines = (
        "领导小组办公室：",
        *(mail.text or (f"现报送{what}，详见附件，请查收。",)),
        unit,
        "（演练邮件，内容均为虚构）",
    )
    return "\n\n".join(lines) + "\n" + (f"\n\n{mail.quoted}\n" if mail.quoted else "")


def _attachments(mailing: UnitMailing, mail: UnitMail) -> Iterator[tuple[str, bytes]]:
    """Yield the attachments of a message."""
    submission, name = mailing.submission, mailing.submission.unit.short_name
    for item in mail.carries:
        if item == "forms":
            changed = submission.people()[0] if _first_version(submission, "individual") else None
            forms = _form_files(mailing, submission.nominations, changed)
            yield from (
                [(f"{name}推荐表.zip", _pack_archive(mailing, forms))] if mailing.bundled else forms
            )
        elif item == "again":
            yield from _form_files(mailing, submission.again, None)
        elif item in ("member_list", "roster"):
            yield _list_file(submission, mail, item)
        elif item == "exhibit":
            yield f"{name}展览素材.zip", _exhibition_archive(mailing)
        else:
            yield from _report_files(mailing, item)


def _first_version(submission: UnitSubmission, what: str) -> dict[str, Any]:
    """Return what stood in the version of a form or stock-take that was sent first."""
    first, changes = submission.first_version or ("", {})
    return changes if first == what else {}


def _report_files(mailing: UnitMailing, item: str) -> Iterator[tuple[str, bytes]]:
    """Yield the stock-take or the summary, where the unit sends it."""
    submission, name = mailing.submission, mailing.submission.unit.short_name
    if item == "summary" and submission.parts:
        title = f"{name}2016年以来科技助力精准扶贫工作总结"
        data = docx_forms.write_text(title, mailing.summary)
        yield f"{name}工作总结.docx", data[: len(data) // 2] if submission.summary_cut else data
    elif item == "stocktake" and submission.stocktake:
        body = replace(submission.stocktake, **_first_version(submission, item))
        yield f"{name}“两数”盘点表.xlsx", write_stocktake(body, submission.stocktake_layout)
    elif item == "correction:stocktake" and submission.stocktake:
        yield f"{name}“两数”盘点表（更正）.xlsx", write_stocktake(submission.stocktake)


def _list_file(submission: UnitSubmission, mail: UnitMail, item: str) -> tuple[str, bytes]:
    """Return a list that the unit sends beside its forms."""
    if item == "roster":
        return "推荐汇总表.xlsx", write_roster(mail.listed)
    team = submission.teams()[0].body
    assert isinstance(team, Team)
    return "团队成员名单.xlsx", write_member_list(team, submission.unit.short_name)


def _form_files(
    mailing: UnitMailing, entries: Iterable[Nomination], changed: Nomination | None
) -> Iterator[tuple[str, bytes]]:
    """Yield the forms; ``changed`` is the one that first came in another version."""
    seal = synthetic_images.draw_seal(f"{mailing.submission.unit.short_name}推荐单位")
    for entry in entries:
        body, index = entry.body, mailing.submission.nominations.index(entry)
        if entry is changed and mailing.submission.first_version:
            body = replace(body, **mailing.submission.first_version[1])
        photo = (
            synthetic_images.draw_photo((mailing.seed, mailing.number, index))
            if entry.photo
            else None
        )
        for name, data in write_form_files(entry, body, photo, seal if entry.seal else None):
            yield name, data[: len(data) // 2] if entry.damaged else data


def _exhibition_archive(mailing: UnitMailing) -> bytes:
    """Return the exhibition archive: the text, then each picture beside its caption."""
    name = mailing.submission.unit.short_name
    text = docx_forms.write_text(f"{name}科技助力精准扶贫成就展", mailing.exhibit)
    entries = [(f"{name}展览素材/展览文本.docx", text)]
    for index, picture in enumerate(mailing.submission.pictures):
        entries += _picture_files(mailing, index, picture)
    woven = any(picture.woven for picture in mailing.submission.pictures)
    return _pack_archive(mailing, entries, deflate_all=woven)


def _pack_archive(
    mailing: UnitMailing, entries: Iterable[tuple[str, bytes]], *, deflate_all: bool = False
) -> bytes:
    """Return an archive whose names are UTF-8, or unmarked GBK as from older programs."""
    if not mailing.old_style:
        return write_zip(entries, deflate_all=deflate_all)
    listed = list(entries)
    raw = [name.encode("gb18030") for name, _data in listed]
    stand_ins = [
        f"{index:03d}{name.rpartition('.')[2].rjust(len(raw[index]) - 3, '.')}"
        for index, (name, _data) in enumerate(listed)
    ]
    contents = zip(stand_ins, (data for _name, data in listed), strict=True)
    packed = write_zip(contents, deflate_all=deflate_all)
    for stand_in, name in zip(stand_ins, raw, strict=True):
        packed = packed.replace(stand_in.encode(), name)
    return packed


def _picture_files(
    mailing: UnitMailing, index: int, picture: ExhibitPicture
) -> Iterator[tuple[str, bytes]]:
    folder = f"{mailing.submission.unit.short_name}展览素材/图片"
    number, place = picture.drawn_as or (mailing.number, index)
    seed = (mailing.seed, number, 1000 + place)
    if picture.woven and not picture.treatment and not picture.small:
        drawn = synthetic_images.draw_woven_landscape(seed)
    else:
        drawn = synthetic_images.draw_landscape(seed, small=picture.small)
    yield f"{folder}/{picture.stem}.jpg", treat_picture(drawn, picture.treatment)
    if picture.caption_stem is None:
        return
    if mailing.number % 2:
        yield f"{folder}/{picture.caption_stem}.docx", docx_forms.write_caption(picture.caption)
    else:
        yield f"{folder}/{picture.caption_stem}.txt", picture.caption.encode()


def make_rng(seed: int, number: int) -> np.random.Generator:
    """Return a unit's own stream of random numbers, whoever else is written."""
    return np.random.default_rng((seed, number))
