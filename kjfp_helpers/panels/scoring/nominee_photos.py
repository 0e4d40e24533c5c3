"""The photo of a person's form, for panel members after the reveal."""

import io
from collections.abc import Iterator

from kjfp_helpers.core.records import Case, File
from kjfp_helpers.intake.preview.page_previews import preview_images
from kjfp_helpers.panels.widgets.thumbnails import shrink_image
from kjfp_helpers.state import RoundSession, RoundState

EDGE = 180
"""Longest side on screen, in pixels: a scanned page shown so small gives no number away."""
UPRIGHT = (0.6, 0.9)
"""Width over height of a portrait; a two-inch photo has 0.71, a stamp 1."""
_SHOWN = (".docx", ".xlsx")


def find_photo(session: RoundSession, state: RoundState, case: Case) -> str | None:
    """Return the photo of a person's form as a data address, None where there is none.

    Only pictures inside a form that is the only one of its file: a page of a scan would show
    numbers, and of several persons nobody could tell which one it is.
    """
    kept = _file(state, case) if case.kind == "individual" else None
    path = session.received.find_stored(kept.stored) if kept else None
    if path is None or path.suffix.lower() not in _SHOWN:
        return None
    found = filter(_upright, preview_images(path.read_bytes(), path.name))
    return next((address for image in found if (address := shrink_image(image, EDGE))), None)


def _file(state: RoundState, case: Case) -> File | None:
    source = case.record.source
    if sum(record.source == source for record in state.submissions.records) != 1:
        return None
    return next(_files(state, source), None)


def _files(state: RoundState, source: str) -> Iterator[File]:
    for mail in state.submissions.intake.mails:
        if source.startswith(f"{mail.path}/"):
            inner = source.removeprefix(f"{mail.path}/")
            yield from (file for file in mail.files if file.path == inner)


def _upright(data: bytes) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            return UPRIGHT[0] <= image.width / image.height <= UPRIGHT[1]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
