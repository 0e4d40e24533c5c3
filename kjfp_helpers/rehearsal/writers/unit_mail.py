"""One unit's papers made into files and messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from kjfp_helpers.core.records import KIND_TITLES, Section
from kjfp_helpers.rehearsal.generator.model import Letter, Nomination, Papers, Shot
from kjfp_helpers.rehearsal.writers import docx_forms, mime, synthetic_images
from kjfp_helpers.reports.office.forms.stocktake_sheet import stocktake_sheet
from kjfp_helpers.reports.office.writers.deterministic_zip import write_zip


@dataclass(frozen=True)
class Parcel:
    """What one unit posts; picklable, so that units can be written side by side."""

    seed: int
    number: int
    papers: Papers
    summary: tuple[Section, ...]
    exhibit: tuple[Section, ...]

    @property
    def old_style(self) -> bool:
        """Whether the unit's programs write names the way older Chinese ones do."""
        return self.number % 3 == 1

    @property
    def bundled(self) -> bool:
        """Whether the unit packs its forms into one archive."""
        return self.number % 7 == 3 and not any(entry.damaged for entry in self.papers.nominations)


def post(parcel: Parcel) -> list[tuple[str, bytes]]:
    """Return the unit's messages as (file name, bytes)."""
    unit = parcel.papers.unit
    letters: list[tuple[str, bytes]] = []
    for letter in parcel.papers.letters:
        data = mime.compose(
            sender=f"lianluo@{parcel.papers.domain}",
            name=f"{unit.short_name}联络员",
            subject=letter.subject,
            text=_text(letter, unit.name),
            files=_files(parcel, letter),
            sent=letter.sent,
            old_style=parcel.old_style,
        )
        arrived = mime.deliver(data, letter.received)
        letters.append((f"{letter.name}.eml", arrived))
        if letter.again == "delivered":
            later = letter.received + timedelta(minutes=3)
            arrived = mime.deliver(data, later, relay="relay2")
        if letter.again:
            letters.append((f"{letter.name}-copy.eml", arrived))
    return letters


def _text(letter: Letter, unit: str) -> str:
    what = "展览素材" if "exhibit" in letter.carries else "材料"
    lines = (
        "领导小组办公室：",
        *(letter.text or (f"现报送{what}，详见附件，请查收。",)),
        unit,
        "（演练邮件，内容均为虚构）",
    )
    return "\n\n".join(lines) + "\n"


def _files(parcel: Parcel, letter: Letter) -> Iterator[tuple[str, bytes]]:
    """Yield the attachments of a message."""
    own, name = parcel.papers, parcel.papers.unit.short_name
    first, changes = own.first_version or ("", {})
    for item in letter.carries:
        if item == "forms":
            changed = own.people()[0] if first == "individual" else None
            forms = _forms(parcel, own.nominations, changed)
            yield from [(f"{name}推荐表.zip", _pack(parcel, forms))] if parcel.bundled else forms
        elif item == "stocktake" and own.stocktake:
            body = replace(own.stocktake, **changes) if first == item else own.stocktake
            yield f"{name}“两数”盘点表.xlsx", stocktake_sheet(body)
        elif item == "summary" and own.parts:
            title = f"{name}2016年以来科技助力精准扶贫工作总结"
            yield f"{name}工作总结.docx", docx_forms.write_text(title, parcel.summary)
        elif item == "exhibit":
            yield f"{name}展览素材.zip", _archive(parcel)
        elif item == "again":
            yield from _forms(parcel, own.again, None)
        elif item == "correction:stocktake" and own.stocktake:
            yield f"{name}“两数”盘点表（更正）.xlsx", stocktake_sheet(own.stocktake)


def _forms(
    parcel: Parcel, entries: Iterable[Nomination], changed: Nomination | None
) -> Iterator[tuple[str, bytes]]:
    """Yield the forms; ``changed`` is the one that first came in another version."""
    seal = synthetic_images.seal(f"{parcel.papers.unit.short_name}推荐单位")
    for entry in entries:
        body, place = entry.body, parcel.papers.nominations.index(entry)
        if entry is changed and parcel.papers.first_version:
            body = replace(body, **parcel.papers.first_version[1])
        photo = synthetic_images.photo((parcel.seed, parcel.number, place)) if entry.photo else None
        data = docx_forms.fill_form(body, photo=photo, seal=seal if entry.seal else None)
        annex = "附件1" if entry.kind == "team" else "附件2"
        name = f"{annex}{KIND_TITLES[entry.kind]}推荐表（{entry.name}）.docx"
        yield name, data[: len(data) // 2] if entry.damaged else data


def _archive(parcel: Parcel) -> bytes:
    """Return the exhibition archive: the text, then each picture beside its caption."""
    name = parcel.papers.unit.short_name
    text = docx_forms.write_text(f"{name}科技助力精准扶贫成就展", parcel.exhibit)
    entries = [(f"{name}展览素材/展览文本.docx", text)]
    for place, shot in enumerate(parcel.papers.shots):
        entries += _shot(parcel, place, shot)
    return _pack(parcel, entries)


def _pack(parcel: Parcel, entries: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive whose names are UTF-8, or unmarked GBK as from older programs."""
    if not parcel.old_style:
        return write_zip(entries)
    listed = list(entries)
    raw = [name.encode("gb18030") for name, _data in listed]
    stand_ins = [
        f"{place:03d}{name.rpartition('.')[2].rjust(len(raw[place]) - 3, '.')}"
        for place, (name, _data) in enumerate(listed)
    ]
    packed = write_zip(zip(stand_ins, (data for _name, data in listed), strict=True))
    for stand_in, name in zip(stand_ins, raw, strict=True):
        packed = packed.replace(stand_in.encode(), name)
    return packed


def _shot(parcel: Parcel, place: int, shot: Shot) -> Iterator[tuple[str, bytes]]:
    folder = f"{parcel.papers.unit.short_name}展览素材/图片"
    seed = (parcel.seed, parcel.number, 1000 + place)
    yield f"{folder}/{shot.stem}.jpg", synthetic_images.landscape(seed, small=shot.small)
    if shot.caption_stem is None:
        return
    if parcel.number % 2:
        yield f"{folder}/{shot.caption_stem}.docx", docx_forms.write_caption(shot.caption)
    else:
        yield f"{folder}/{shot.caption_stem}.txt", shot.caption.encode()


def rng_of(seed: int, number: int) -> np.random.Generator:
    """Return a unit's own stream of random numbers, whoever else is written."""
    return np.random.default_rng((seed, number))
