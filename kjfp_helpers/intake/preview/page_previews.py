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
