"""Signs that a JPEG was compressed before or enlarged, from the coefficients of its blocks.

A hint for a person (clause 三(三) asks for original files), never a fault by itself.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

RESAVED, ENLARGED = "resaved", "enlarged"
"""Signs: compressed more than once; blown up from fewer pixels."""
_EDGE = 512
"""Longest edge of the middle part that is looked at, in pixels."""
_BLOCK = 8
_MIN_VALUES = 300
"""Coefficients that a place of the block needs for its histogram to tell anything."""
_RANGE = 60
"""Largest coefficient that is counted."""
_MIN_RIPPLE = 0.45
"""Ripple of the histograms from which on they are those of a second compression: after one it
stays below 0.3, after two it is 0.6 and more."""
_MIN_PLACES = 4
_MAX_FINE_SHARE = 0.1
"""Fine against middle structure below which a picture was enlarged by a half or more."""
_MIN_STRUCTURE = 3.0
"""Middle structure that a picture needs to be judged, in steps of 256."""

Floats = npt.NDArray[Any]

_AT = np.arange(_BLOCK)
_DCT = np.cos(np.pi * (2 * _AT[None] + 1) * _AT[:, None] / 16) / 2
_DCT[0] /= np.sqrt(2)
_FREQUENCY = np.add.outer(_AT, _AT)
_LOW_PLACES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1))
_RATES = np.arange(0.02, 0.5, 0.004)
_WAVES = np.exp(2j * np.pi * np.outer(_RATES, np.arange(-_RANGE, _RANGE + 1)))


def find_pixel_signs(grey: Floats, steps: Floats) -> tuple[str, ...]:
    """Return the signs of earlier compression or enlargement in a decoded JPEG.

    Parameters
    ----------
    grey : array of shape (height, width)
        Brightness of every pixel as decoded, 0 to 255, not reduced.
    steps : array of shape (8, 8)
        Quantization table of the brightness, in the order of rows.

    Returns
    -------
    tuple of str
        ``resaved`` or ``enlarged``; none for a picture too small or too plain to tell.
    """
    if min(grey.shape) < 2 * _BLOCK:
        return ()
    coefficients = _DCT @ _middle_blocks(grey) @ _DCT.T
    if _is_resaved(coefficients, steps):
        return (RESAVED,)  # which takes fine structure away as an enlargement does
    return (ENLARGED,) if _is_enlarged(coefficients) else ()


def _middle_blocks(grey: Floats) -> Floats:
    """Return the blocks of the middle of a picture, on the grid of its compression."""
    top, left = (max(size - _EDGE, 0) // 2 // _BLOCK * _BLOCK for size in grey.shape)
    part = grey[top : top + _EDGE, left : left + _EDGE]
    rows, columns = (size // _BLOCK for size in part.shape)
    part = part[: rows * _BLOCK, : columns * _BLOCK].astype(np.float32) - 128
    blocks: Floats = part.reshape(rows, _BLOCK, columns, _BLOCK).transpose(0, 2, 1, 3)
    return blocks.reshape(-1, _BLOCK, _BLOCK)


def _is_resaved(coefficients: Floats, steps: Floats) -> bool:
    """Whether the histograms of low frequencies ripple: the steps of an earlier compression."""
    levels = (np.rint(coefficients[:, *place] / steps[place]) for place in _LOW_PLACES)
    counted = map(_counted, levels)
    ripples = [_ripple(values) for values in counted if len(values) >= _MIN_VALUES]
    return len(ripples) >= _MIN_PLACES and float(np.median(ripples)) >= _MIN_RIPPLE


def _counted(values: Floats) -> Floats:
    size = np.abs(values)
    counted: Floats = values[(size >= 1) & (size <= _RANGE)]
    return counted


def _ripple(values: Floats) -> float:
    """Return how far the spectrum of a histogram rises again: after one compression it falls."""
    histogram = np.bincount((values + _RANGE).astype(int), minlength=2 * _RANGE + 1) / len(values)
    # By numpy itself: threads of linear algebra cost ten times as much as so small a product.
    spectrum = np.abs(np.einsum("rv,v->r", _WAVES, histogram))
    return float((spectrum - np.minimum.accumulate(spectrum)).max())


def _is_enlarged(coefficients: Floats) -> bool:
    power = np.einsum("nrc,nrc->rc", coefficients, coefficients) / len(coefficients)
    middle = np.sqrt(power[(_FREQUENCY >= 3) & (_FREQUENCY <= 5)].mean())
    fine = np.sqrt(power[_FREQUENCY >= 9].mean())
    return bool(middle >= _MIN_STRUCTURE and fine < _MAX_FINE_SHARE * middle)
