"""Pictures that are a part of another one (clause 三(三)), found by their small grey copies.

A copy is compared with every part of another one that leaves out up to a fifth of its width and
height. Brightness and contrast do not count, only the structure within a few pixels. Measured on
drawn landscapes and a photograph: parts reach 0.90 and more, other pictures 0.82 at most.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Interval = tuple[float, float]

_CELLS = 12
"""Cells across a part, by which parts are compared."""
_COARSE, _FINE = 0.7, 0.9
"""Likeness (correlation, 0 to 1) from which on a part is looked at closely, and is one."""
_CANDIDATES = 4
"""Pictures that one is compared with closely."""
_SMALLEST = 0.76
_STEP = 0.03
_CHUNK = 64
_KEPT = 8

_COARSE_INTERVALS: tuple[Interval, ...] = (
    (0.0, 1.0),
    *((start, start + 0.9) for start in np.linspace(0, 0.1, 3).tolist()),
    *((start, start + 0.8) for start in np.linspace(0, 0.2, 5).tolist()),
)
_FINE_INTERVALS: tuple[Interval, ...] = tuple(
    (start, start + size)
    for size in np.arange(_SMALLEST, 1.001, _STEP).tolist()
    for start in np.arange(0, 1 - size + 1e-9, _STEP).tolist()
)


@lru_cache(_KEPT)
def find_crops(thumbs: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return which pictures are a part of which: index of the part, index of the whole.

    Parameters
    ----------
    thumbs : tuple of str
        Small grey square copies in base64; ``""`` for a picture without one.
    """
    at = [index for index, thumb in enumerate(thumbs) if thumb]
    if len(at) < 2:
        return ()
    pictures = [_decode(thumbs[index]) for index in at]
    wholes = np.concatenate([_structure(_parts(one, ((0.0, 1.0),))) for one in pictures])
    found = []
    for part, whole in _likely_pairs(pictures, wholes):
        close = _structure(_parts(pictures[whole], _FINE_INTERVALS)) @ wholes[part]
        if round(float(close.max()), 3) >= _FINE:
            found.append((at[part], at[whole]))
    return tuple(sorted(found))


def _likely_pairs(pictures: Sequence[Floats], wholes: Floats) -> list[tuple[int, int]]:
    """Return the pairs that are worth a closer look, the likeliest wholes of each part."""
    likeness = np.zeros((len(pictures), len(pictures)), np.float32)
    for start in range(0, len(pictures), _CHUNK):
        chunk = pictures[start : start + _CHUNK]
        parts = np.stack([_structure(_parts(one, _COARSE_INTERVALS)) for one in chunk])
        values = parts.reshape(-1, parts.shape[-1]) @ wholes.T
        best = values.reshape(len(chunk), -1, len(pictures)).max(axis=1)
        likeness[:, start : start + len(chunk)] = best.T
    np.fill_diagonal(likeness, 0)
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :_CANDIDATES]
    return [
        (part, int(whole))
        for part, row in enumerate(order)
        for whole in row
        if round(float(likeness[part, whole]), 3) >= _COARSE
    ]


def _decode(thumb: str) -> Floats:
    pixels = np.frombuffer(base64.b64decode(thumb), np.uint8)
    edge = int(len(pixels) ** 0.5)
    square: Floats = pixels[: edge * edge].reshape(edge, edge).astype(np.float32)
    return square


def _parts(picture: Floats, intervals: Sequence[Interval]) -> Floats:
    """Return every part of a picture, of shape (parts, cells, cells), by areas."""
    edge = len(picture)
    weights = np.concatenate([_weights(interval, edge) for interval in intervals])
    count = len(intervals)
    cells = (weights @ picture @ weights.T).reshape(count, _CELLS, count, _CELLS)
    parts: Floats = cells.transpose(0, 2, 1, 3).reshape(-1, _CELLS, _CELLS)
    return parts


@lru_cache(len(_FINE_INTERVALS) + len(_COARSE_INTERVALS))
def _weights(interval: Interval, edge: int) -> Floats:
    """Return how much of each pixel lies in each cell of an interval."""
    edges = np.linspace(interval[0] * edge, interval[1] * edge, _CELLS + 1)
    low = np.arange(edge)
    overlap = np.minimum(edges[1:, None], low + 1) - np.maximum(edges[:-1, None], low)
    weights: Floats = np.clip(overlap, 0, None).astype(np.float32) / (edges[1] - edges[0])
    return weights.astype(np.float32)


def _structure(parts: Floats) -> Floats:
    """Return parts less the mean of what is around each cell, as rows of length one."""
    padded = np.pad(parts, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = sum(
        padded[:, row : row + _CELLS, column : column + _CELLS]
        for row in range(3)
        for column in range(3)
    )
    rows = (parts - around / 9).reshape(len(parts), -1)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    structure: Floats = (rows / np.maximum(length, 1e-6)).astype(np.float32)
    return structure
