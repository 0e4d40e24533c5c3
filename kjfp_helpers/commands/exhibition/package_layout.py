"""What the hand-over package of the exhibition holds and how its files are named.

A folder for each unit, numbered in the order of the round; in it the texts of the parts, and the
pictures with captions of the same name (clause 三(三)); news and profiles beside the units.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Picture
from kjfp_helpers.core.text_normalization import drop_unseen_chars
from kjfp_helpers.intake.files.material_store import safe_name
from kjfp_helpers.intake.online_column.column_folder import NEWS, PROFILE
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.approvals import Approval
from kjfp_helpers.state.exhibition.column_texts import read_column_text
from kjfp_helpers.state.exhibition.exhibition_items import (
    EXPERIENCE,
    KIND_TITLES,
    NUMBERS,
    PICTURE,
    TEXT,
)

MANIFEST = "清单.json"
FORMAT = "kjfp-exhibition-1"
LICENCE = "使用说明.txt"
LICENCE_TEXT = """本包为{office}网上展览“{column}”已批准公开的内容，由各报送单位提供。

一、图片为报送单位的原文件，文字为批准公开的文本，注释与图片同名。
二、各项内容由报送单位提供并授权用于本次展览；转载、另作他用的，须征得报送单位同意。
三、原图可能带有拍摄信息（拍摄时间、地点），公开使用前须去除；网上展览所用的图片已经去除。
四、每个文件的校验值、尺寸和审定记录见“清单.json”，可用 kjfp verify 核对本包。
"""


@dataclass(frozen=True, kw_only=True)
class PackageFile:
    """A file of the package: its name there, and its content or the file it is copied from."""

    name: str
    text: str = ""
    source: Path | None = None
    picture: Picture | None = None


@dataclass(kw_only=True)
class PackageItem:
    """An item of the manifest: what it is, who decided, and its files."""

    unit: str
    kind: str
    title: str
    decision: int
    decided_at: str
    decided_by: str
    reason: str
    edited: bool
    confirmed: list[str]
    files: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """Return it as the manifest has it."""
        return asdict(self)


def list_package(
    round: Round, approvals: Mapping[str, Iterable[Approval]], received: ReceivedFolder
) -> Iterator[tuple[PackageItem | None, PackageFile]]:
    """Yield the files of the package, each with the item that it belongs to."""
    places = {unit.code: at for at, unit in enumerate(round.units, 1)}
    used: set[str] = set()
    words = {"office": round.notice.round.office, "column": round.notice.exhibition.title}
    yield None, PackageFile(name=LICENCE, text=LICENCE_TEXT.format(**words))
    for code, of_unit in approvals.items():
        for number, one in enumerate(public for public in of_unit if public.is_public):
            item = _item(one)
            for file in _item_files(round, places.get(code, 0), number, one, received):
                unique = _unique(file.name, used)
                item.files.append(unique)
                yield item, replace(file, name=unique, text=drop_unseen_chars(file.text))


def _item(one: Approval) -> PackageItem:
    assert one.decision is not None
    return PackageItem(
        unit=one.item.unit,
        kind=KIND_TITLES[one.item.kind],
        title=drop_unseen_chars(one.item.title),
        decision=one.decision.seq,
        decided_at=one.decision.at.isoformat(),
        decided_by=one.decision.actor,
        reason=one.decision.body.reason,
        edited=one.is_edited,
        confirmed=list(one.decision.body.confirmed),
    )


def _item_files(
    round: Round, place: int, number: int, one: Approval, received: ReceivedFolder
) -> Iterator[PackageFile]:
    item = one.item
    unit = round.unit_by_code.get(item.unit)
    folder = f"{place:03d}{_safe(unit.short_name)}" if unit else "单位待定"
    if item.kind == PICTURE and item.picture:
        stem = _safe(Path(item.picture.name).stem)
        yield from _picture_files(f"{folder}/图片/{stem}", item.picture, received)
        yield PackageFile(name=f"{folder}/图片/{stem}.txt", text=one.text)
    elif item.kind == TEXT:
        yield PackageFile(name=f"{folder}/文字/{number + 1}{_safe(item.title)}.txt", text=one.text)
    elif item.kind == EXPERIENCE:
        text = f"{item.title}\n{one.text}\n（选自{item.origin}）"
        yield PackageFile(name=f"{folder}/典型经验/{_safe(item.title)}.txt", text=text)
    elif item.kind == NUMBERS and item.figures is not None:
        lines = (
            f"{label}：完成{item.figures.get(f'{prefix}_done')}，"
            f"任务目标{item.figures.get(f'{prefix}_target')}"
            for prefix, label in STOCKTAKE_ROWS
        )
        yield PackageFile(name=f"{folder}/文字/两数完成情况.txt", text="\n".join(lines))
    elif item.kind in (NEWS, PROFILE):
        parts = read_column_text(round, one.text)
        day = f"{parts.day}" if parts.day else ""
        own = f"{KIND_TITLES[item.kind]}/{day}{_safe(parts.title)}"
        yield PackageFile(name=f"{own}/正文.txt", text=one.text)
        for picture in parts.shown_pictures(item.pictures):
            yield from _picture_files(f"{own}/{_safe(Path(picture.name).stem)}", picture, received)


def _picture_files(stem: str, picture: Picture, received: ReceivedFolder) -> Iterator[PackageFile]:
    source = received.find_stored(picture.stored)
    if source is not None:
        yield PackageFile(name=f"{stem}.jpg", source=source, picture=picture)


def _safe(name: str) -> str:
    """Return a safe name for a folder or a stem."""
    return safe_name(f"{name}.txt").removesuffix(".txt")


def _unique(name: str, used: set[str]) -> str:
    """Return a name that no file of the package has yet, whatever the case of its letters."""
    stem, dot, ending = name.rpartition(".")
    unique, number = name, 2
    while unique.casefold() in used:
        unique, number = f"{stem}-{number}{dot}{ending}", number + 1
    used.add(unique.casefold())
    return unique


def write_manifest(
    round: Round, files: Mapping[str, Mapping[str, Any]], items: Iterable[PackageItem]
) -> bytes:
    """Return the manifest: every file with its SHA-256 and size, every item with its decision."""
    plain = {
        "format": FORMAT,
        "round": round.name,
        "column": round.notice.exhibition.title,
        "files": files,
        "items": [item.to_plain() for item in items],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True).encode()
