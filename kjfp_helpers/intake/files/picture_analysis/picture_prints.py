"""By what a picture is known again: perceptual hash, small grey copy, signs of its history."""

import base64
from collections.abc import Sequence
from typing import Any

from kjfp_helpers.intake.common.bug_detection import warn_internal_error

THUMB_EDGE = 32
"""Edge of the small grey copy, in pixels."""
_MIN_MEAN_DIFFERENCE = 4
"""Average difference of neighbouring pixels (of 255) below which an image is noise."""


def hash_picture(grey: Any) -> str:
    """Return the perceptual hash (dHash, 16 x 16 bits) of a grey image as 64 hexadecimal digits.

    The image is reduced to 17 x 16 pixels; each bit is whether a pixel is lighter than its left
    neighbour. ``""`` for noise and plain gradients, whose hash would match unrelated images.
    """
    from PIL import Image as pillow

    pixels = grey.resize((17, 16), pillow.Resampling.BOX).tobytes()
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


def encode_thumb(grey: Any) -> str:
    """Return the small copy of a grey image."""
    from PIL import Image as pillow

    small = grey.resize((THUMB_EDGE, THUMB_EDGE), pillow.Resampling.BOX)
    return base64.b64encode(small.tobytes()).decode()


def read_pixel_signs(grey: Any, steps: Sequence[int]) -> tuple[str, ...]:
    """Return the signs of earlier compression or enlargement in a JPEG decoded in grey.

    ``steps`` is the quantization of its brightness, row by row.
    """
    import numpy as np

    from kjfp_helpers.intake.files.picture_analysis.pixel_history import find_pixel_signs

    try:
        return find_pixel_signs(np.asarray(grey), np.array(steps, float).reshape(8, 8))
    except Exception as error:
        warn_internal_error(error)
        # A quantization may hold anything.
        return ()
