"""Pictures from outside as small ones that hold pixels and nothing else."""

import base64
import io
import warnings
from pathlib import Path

from kjfp_helpers.intake.received_folder import ReceivedFolder

EDGE = 320
"""Longest side of a picture in a gallery, in pixels."""
MAXIMUM_PIXELS = 100_000_000
"""A picture that claims more is not opened."""
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")


def read_thumbnail(received: ReceivedFolder, stored: str) -> str | None:
    """Return a small JPEG of a stored picture as a data address, None where it cannot be read.

    Only pixels are kept: no position, no comment.
    """
    path = received.find_stored(stored)
    return shrink_image(path) if path else None


def shrink_image(source: Path | bytes, edge: int = EDGE) -> str | None:
    """Return a picture as a data address of a JPEG, None where it cannot be read."""
    from PIL import Image

    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings(), Image.open(stream, formats=_FORMATS) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if image.width * image.height > MAXIMUM_PIXELS:
                return None
            image.draft("RGB", (edge, edge))
            small = image.convert("RGB")
            small.thumbnail((edge, edge))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
