"""The source of an item from the kept copy: its excerpt and what it shows to the eye."""

import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.records import File, Mail
from kjfp_helpers.eligibility.history.paper_submissions import is_paper_submission
from kjfp_helpers.intake import list_inbox, read_original
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.preview.excerpt_model import Excerpt
from kjfp_helpers.intake.preview.page_previews import preview_images, preview_marked_page
from kjfp_helpers.intake.preview.picture_hints import picture_hint
from kjfp_helpers.intake.preview.source_excerpt import (
    build_excerpt,
    build_message_excerpt,
    converted_name,
    needs_conversion,
)
from kjfp_helpers.panels.lab.file_links import file_link
from kjfp_helpers.panels.widgets.sent_pictures import ShownPicture, show_pictures
from kjfp_helpers.panels.widgets.thumbnails import shrink_image
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.work_item import WorkItem

SCAN_EDGE = 1500
"""Longest side of a scan on screen, in pixels."""
_PICTURE_CODES = ("seal_missing", "photo_missing", "on_file")
"""Items for which a person looks whether photo and seal are there."""
_EYE = (*_PICTURE_CODES, "scanned", "needs_manual", "unsorted")
"""Items for which a person looks at pictures."""

_GONE = "收到的文件不见了，请在“开始与进度”重新登记来件"


@dataclass(frozen=True)
class SourceView:
    """What is shown beside a value.

    ``images`` are data addresses, each with what it looks like in ``hints``, ``""`` for no hint;
    ``pictures`` are those of an exhibit that the finding names.
    """

    excerpt: Excerpt
    images: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    pictures: tuple[ShownPicture, ...] = ()


def read_source(session: RoundSession, item: WorkItem, field: str) -> SourceView:
    """Read the place of a field again, or of what was found; what is gone is said in a note."""
    place = _place(item, field)
    file = _file(item, place)
    pictures = show_pictures(session.current_state(), session.received, item.unit, item.finding)
    if pictures:
        return SourceView(Excerpt(is_image=True), pictures=pictures)
    try:
        if item.mail and (file is None or not file.stored):
            return SourceView(_letter(session, item.mail, place))
        if file is None:
            return SourceView(Excerpt())
        whole = file.path.rpartition("/")[2] == place  # a story that was joined
        return _of_file(session, file, "全文" if whole else place, item.finding.code)
    except (OSError, KjfpError):
        return SourceView(Excerpt(note=_GONE))


def list_originals(session: RoundSession, item: WorkItem) -> list[Markup]:
    """Return links to the message of an item and to its attachments, as they were received.

    A name is masked as any text; what is not kept or not served is named without a link.
    """
    mail = item.mail
    if mail is None or is_paper_submission(mail):
        return []
    listed = [file_link(session, session.round.folder / mail.path, "打开邮件", save=True)]
    for file in mail.files:
        name = mask_value("", file.path)
        path = session.received.find_stored(file.stored) if file.stored else None
        listed.append(file_link(session, path, name, save=True) if path else Markup(escape(name)))
    return listed


def _place(item: WorkItem, field: str) -> str:
    """Return the spot of the value itself, else of the finding on it."""
    if is_told_elsewhere(item):
        return item.finding.place.partition("“")[0]
    own = item.record.provenance.get(field, "") if item.record and field else ""
    return own or (item.finding.place if field == item.finding.field else "")


def is_told_elsewhere(item: WorkItem) -> bool:
    """Whether a question on a figure has its evidence in another paper than the return."""
    record = item.record
    return item.kind == "figure" and record is not None and record.source != item.finding.source


def _file(item: WorkItem, place: str) -> File | None:
    """Return the kept file to read: a story that was joined stands in a file of its own."""
    if item.mail is None or item.kind in ("unit", "link"):
        return None
    own = item.record if not is_told_elsewhere(item) else None
    source = own.source if own else item.finding.source
    path = source.removeprefix(item.mail.path).removeprefix("/")
    named = [file for file in item.mail.files if place and file.path.rpartition("/")[2] == place]
    here = [file for file in item.mail.files if file.path == path]
    return next(iter(named or here), None)


def _letter(session: RoundSession, mail: Mail, place: str) -> Excerpt:
    if is_paper_submission(mail):
        return Excerpt(note=f"{mail.sender}报送，没有电子原件；请对照纸质原件或记录")
    data = read_original(list_inbox(session.round.inbox), mail.path)
    return (
        build_message_excerpt(data, place)
        if data
        else Excerpt(note="邮件原件不见了，请核对收件文件夹")
    )


def _of_file(session: RoundSession, file: File, place: str, code: str) -> SourceView:
    path = session.received.find_stored(file.stored)
    if path is None:
        return SourceView(Excerpt(note=_GONE))
    data, name = path.read_bytes(), path.name
    shown = _shown(path, path.stat().st_mtime_ns, place)
    images = preview_images(data, name) if code in _EYE or not shown.rows else []
    if not images and (marked := preview_marked_page(data, name, shown.target_text)):
        images = [marked]
    drawn = [(shrink_image(image, SCAN_EDGE), image) for image in images]
    drawn = [(address, image) for address, image in drawn if address]
    hints = (picture_hint(image) if code in _PICTURE_CODES else "" for _, image in drawn)
    return SourceView(shown, tuple(address for address, _ in drawn if address), tuple(hints))


@lru_cache(maxsize=64)
def _shown(path: Path, stamp: int, place: str) -> Excerpt:
    """Return the excerpt of a kept copy; ``stamp`` keeps that of an older copy apart."""
    data = path.read_bytes()
    if not needs_conversion(data, path.name):
        return build_excerpt(data, path.name, place)
    with tempfile.TemporaryDirectory() as folder:
        made = convert_to_docx({"one": path}, Path(folder)).get("one")
        if made is None:
            return build_excerpt(data, path.name, place)
        shown = build_excerpt(made.read_bytes(), converted_name(path.name), place)
    if (
        place and not shown.has_target
    ):  # tables that LibreOffice loses are read from the file itself
        old = build_excerpt(data, path.name, place)
        shown = old if old.has_target else shown
    return replace(shown, note=shown.note or "旧格式文件，以下是转换后的内容")
