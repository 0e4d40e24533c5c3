"""What a file shows to the eye: itself when it is a picture, its pages or pictures when it is not.

For a person who holds a value against a scan, a stamp or a photo.
"""

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
"""Pictures shown of one file."""
_DOTS = 110 / 72
_PART = 20_000_000
_ENDINGS = (".jpeg", ".jpg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def preview_images(data: bytes, name: str) -> list[bytes]:
    """Return the pictures of a file as they are stored in it, a PDF's pages drawn; at most three.

    What cannot be drawn gives none.
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
    inside = sorted(
        part for part in package.part_names if "/media/" in part and part.lower().endswith(_ENDINGS)
    )
    try:
        return [found for part in inside[:MAX_IMAGES] if (found := package.read_part(part, _PART))]
    except CORRUPT_ZIP_ERRORS:
        return []


def render_pdf_pages(data: bytes) -> list[bytes]:
    """Draw the first pages of a PDF; runs in the guarded process."""
    import pypdfium2

    drawn = []
    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(min(MAX_IMAGES, len(document))):
            buffer = io.BytesIO()
            image = document[number].render(scale=_DOTS, maybe_alpha=False).to_pil()
            image.convert("RGB").save(buffer, "JPEG", quality=80)
            drawn.append(buffer.getvalue())
    finally:
        document.close()
    return drawn
