"""Preview images of a file: the image itself, rendered PDF pages, or embedded pictures."""

import io

from kjfp_helpers.intake.common.resource_limits import MAX_PDF_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS

MAX_IMAGES = 3
"""Preview images of one file."""
MAX_SEARCHED_PAGES = 12
"""Pages of a PDF in which words are looked for."""
MAX_SEARCHED_CHARS = 30
"""Characters by which a place is looked for: a longer text may be set over several lines."""
_RENDER_SCALE = 110 / 72
_MAX_PICTURE_BYTES = 20_000_000
_PICTURE_EXTENSIONS = (".jpeg", ".jpg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def preview_images(data: bytes, name: str) -> list[bytes]:
    """Return up to ``MAX_IMAGES`` preview images of a file.

    Images and embedded pictures are returned as stored, PDF pages as rendered JPEG; an empty list
    if the file cannot be rendered.
    """
    kind, package = detect_format(data, name)
    if kind == "image":
        return [data]
    if kind == "pdf" and len(data) <= MAX_PDF_BYTES:
        try:
            return run_sandboxed(render_pdf_pages, data)
        except (SandboxLimitExceeded, SandboxedCallFailed):
            return []
    if package is None or kind not in ("docx", "xlsx"):
        return []
    picture_parts = sorted(
        part
        for part in package.part_names
        if "/media/" in part and part.lower().endswith(_PICTURE_EXTENSIONS)
    )
    try:
        return [
            picture
            for part in picture_parts[:MAX_IMAGES]
            if (picture := package.read_part(part, _MAX_PICTURE_BYTES))
        ]
    except CORRUPT_ZIP_ERRORS:
        return []


def render_pdf_pages(data: bytes) -> list[bytes]:
    """Render the first pages of a PDF as JPEG; runs in the sandbox."""
    import pypdfium2

    pages = []
    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(min(MAX_IMAGES, len(document))):
            buffer = io.BytesIO()
            image = document[number].render(scale=_RENDER_SCALE, maybe_alpha=False).to_pil()
            image.convert("RGB").save(buffer, "JPEG", quality=80)
            pages.append(buffer.getvalue())
    finally:
        document.close()
    return pages


def preview_marked_page(data: bytes, name: str, words: str) -> bytes | None:
    """Return the page of a PDF that holds words, as JPEG, the words framed; else ``None``."""
    line = next(iter(words.strip().splitlines()), "").strip()[:MAX_SEARCHED_CHARS]
    if not line or len(data) > MAX_PDF_BYTES or detect_format(data, name)[0] != "pdf":
        return None
    try:
        return run_sandboxed(render_marked_page, data, line)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return None


def render_marked_page(data: bytes, words: str) -> bytes | None:
    """Render the first page of a PDF on which words stand; runs in the sandbox.

    They are framed, but on a page that is turned.
    """
    import pypdfium2
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(min(MAX_SEARCHED_PAGES, len(document))):
            page = document[number]
            text = page.get_textpage()
            found = text.search(words).get_next()
            if found is None:
                continue
            image = page.render(scale=_RENDER_SCALE, maybe_alpha=False).to_pil().convert("RGB")
            draw = ImageDraw.Draw(image)
            origin_x, _, _, origin_y = page.get_cropbox()
            for place in range(0 if page.get_rotation() else text.count_rects(*found)):
                left, bottom, right, top = text.get_rect(place)
                box = (left - origin_x, origin_y - top, right - origin_x, origin_y - bottom)
                x0, y0, x1, y1 = (edge * _RENDER_SCALE for edge in box)
                draw.rectangle((x0 - 5, y0 - 5, x1 + 5, y1 + 5), outline="#d19a1d", width=4)
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=80)
            return buffer.getvalue()
        return None
    finally:
        document.close()
