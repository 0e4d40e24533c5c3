"""By what a picture is known again: perceptual hash, small grey copy, signs of its history."""

import base64
import io
from typing import Any

from kjfp_helpers.intake.common.bug_detection import warn_internal_error

THUMB_EDGE = 32
"""Edge of the small grey copy, in pixels."""
_MIN_MEAN_DIFFERENCE = 4
"""Average difference of neighbouring pixels (of 255) below which an image is noise."""


def hash_picture(reduced: Any) -> str:
    """Return the perceptual hash (dHash, 16 x 16 bits) of an image as 64 hexadecimal digits.

    The image is reduced to 17 x 16 grey pixels; each bit is whether a pixel is lighter than its
    left neighbour. ``""`` for images that cannot be decoded, and for noise and plain gradients,
    whose hash would match unrelated images.
    """
    from PIL import Image as pillow

    if reduced is None:
        return ""
    pixels = reduced.resize((17, 16), pillow.Resampling.BOX).tobytes()
    differences = [
        pixels[index + 1] - pixels[index] for index in range(len(pixels) - 1) if index % 17 < 16
    ]
    lighter = sum(difference > 0 for difference in differences)
    if (
        sum(map(abs, differences)) < _MIN_MEAN_DIFFERENCE * len(differences)
        or not 0.2 < lighter / len(differences) < 0.8
    ):
        return ""
    return f"{int(''.join(str(int(difference > 0)) for difference in differences), 2):064x}"


def encode_thumb(reduced: Any) -> str:
    """Return the small grey copy of an image, ``""`` for one that cannot be decoded."""
    from PIL import Image as pillow

    if reduced is None:
        return ""
    small = reduced.resize((THUMB_EDGE, THUMB_EDGE), pillow.Resampling.BOX)
    return base64.b64encode(small.tobytes()).decode()


def read_pixel_signs(data: bytes) -> tuple[str, ...]:
    """Return the signs of earlier compression or enlargement in a JPEG that can be decoded."""
    import numpy as np
    from PIL import Image as pillow

    from kjfp_helpers.intake.files.picture_analysis.pixel_history import find_pixel_signs

    try:
        with pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            tables = picture.quantization  # type: ignore[attr-defined]
            picture.draft("L", picture.size)
            grey = np.asarray(picture.convert("L"))
        return find_pixel_signs(grey, np.array(tables[0], float).reshape(8, 8))
    except Exception as error:
        warn_internal_error(error)
        # Pillow's decoders raise whatever their format's parser met.
        return ()
