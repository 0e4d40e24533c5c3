"""Pictures that are a part of another one (clause 三(三)), found by their small grey copies.

A copy is compared with every part of another one that leaves out up to a fifth of its width and
height. Brightness and contrast do not count, only the structure within a few pixels. Measured on
drawn landscapes and a photograph: parts reach 0.90 and more, other pictures 0.82 at most.
"""

import base64
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from kjfp_helpers.infra.process_pool import single_thread

Floats = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Interval = tuple[float, float]

_CELLS = 12
"""Cells across a part, by which parts are compared."""
_COARSE, _FINE = 0.7, 0.9
"""Likeness (correlation, 0 to 1) from which on a part is looked at closely, and is one."""
_CANDIDATES, _COMPARED = 4, 64
"""Pictures that one is compared with closely, and those that are considered for it."""
_SMALLEST = 0.76
_STEP = 0.03
_PLACES, _NEAR = 2, 0.1
"""Coarse places of a part that are looked at closely, and how far their ends may move in all."""
_SETS, _MORE_BITS, _LEVELS = 12, 5, 512
"""Sets of planes, bits of a descriptor beyond those that number the pictures, levels of a cell."""

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
    with single_thread():
        pictures = [_decode(thumbs[index]) for index in at]
        wholes = np.concatenate([_structure(_parts(one, ((0.0, 1.0),))) for one in pictures])
        return tuple(
            sorted(
                (at[part], at[whole])
                for part, whole, places in _likely_pairs(pictures, wholes)
                if _is_part(pictures[whole], wholes[part], places)
            )
        )


def _is_part(picture: Floats, wanted: Floats, places: Ints) -> bool:
    """Whether a structure is that of a part of a picture near one of the coarse places."""
    down, across = np.divmod(places, len(_COARSE_INTERVALS))
    rows, columns = (_near(tuple(sorted(set(axis.tolist())))) for axis in (down, across))
    close = _structure(_parts(picture, rows, columns)) @ wanted
    return round(float(close.max()), 3) >= _FINE


@lru_cache(1 << 10)
def _near(places: tuple[int, ...]) -> tuple[Interval, ...]:
    """Return the fine intervals whose ends lie near those of a coarse one."""
    coarse = [_COARSE_INTERVALS[place] for place in places]
    return tuple(
        (start, stop)
        for start, stop in _FINE_INTERVALS
        if any(abs(start - first) + abs(stop - last) <= _NEAR for first, last in coarse)
    )


def _likely_pairs(pictures: Sequence[Floats], wholes: Floats) -> Iterator[tuple[int, int, Ints]]:
    """Yield the pairs that are worth a closer look, with the places where the part may lie.

    Only pictures of one bucket are compared: those that have a descriptor in common with a part.
    """
    buckets = _Buckets(wholes)
    likely: dict[int, list[tuple[float, int, Ints]]] = {}
    for whole, picture in enumerate(pictures):
        parts = _structure(_parts(picture, _COARSE_INTERVALS))
        chosen = buckets.find(parts, whole)
        values = wholes[chosen] @ parts.T
        places = np.argsort(-values, axis=1, kind="stable")[:, :_PLACES]
        for at, part in enumerate(chosen.tolist()):
            if (likeness := round(float(values[at, places[at, 0]]), 3)) >= _COARSE:
                # a copy: a view would keep the places of all pictures compared
                best = [*likely.get(part, ()), (-likeness, whole, places[at].copy())]
                likely[part] = sorted(best, key=lambda one: one[:2])[:_CANDIDATES]
    for part in sorted(likely):
        for _, whole, places in likely[part]:
            yield part, whole, places


class _Buckets:
    """Pictures by their descriptors: on which side of some planes their structure lies.

    Each of several sets of planes gives a descriptor of so many bits that few pictures share one,
    however many there are; of a part those are looked up too that differ in its least certain bit.
    """

    def __init__(self, wholes: Floats) -> None:
        self._bits = len(wholes).bit_length() + _MORE_BITS
        signs = np.random.default_rng(0).integers(0, 2, (wholes.shape[1], _SETS * self._bits))
        self._planes = (2 * signs - 1).astype(np.float32)
        self._weights = (1 << np.arange(self._bits)).astype(np.int64)
        codes = (self._project(wholes) > 0) @ self._weights
        self._order = np.argsort(codes, axis=0, kind="stable")
        self._codes = np.take_along_axis(codes, self._order, axis=0)

    def _project(self, rows: Floats) -> Floats:
        whole = np.rint(rows * np.float32(_LEVELS))  # sums of whole numbers are exact anywhere
        projected: Floats = (whole @ self._planes).reshape(len(rows), _SETS, self._bits)
        return projected

    def find(self, parts: Floats, own: int) -> Ints:
        """Return the pictures that share a descriptor with a part of picture ``own``, in order.

        Of many, as where all have the same sky, those are returned that share most descriptors, so
        that time grows with the number of pictures and not with its square.
        """
        values = self._project(parts)
        codes = (values > 0) @ self._weights
        flipped = codes ^ self._weights[np.abs(values).argmin(axis=2)]
        shared = np.zeros(len(self._order), np.int32)
        for number in range(_SETS):
            wanted = np.concatenate([codes[:, number], flipped[:, number]])
            first = np.searchsorted(self._codes[:, number], wanted, "left")
            last = np.searchsorted(self._codes[:, number], wanted, "right")
            for start, stop in zip(first[last > first], last[last > first], strict=True):
                shared[self._order[start:stop, number]] += 1
        shared[own] = 0
        found = np.flatnonzero(shared)
        most = np.argsort(-shared[found], kind="stable")[:_COMPARED]
        return np.sort(found[most])


def _decode(thumb: str) -> Floats:
    pixels = np.frombuffer(base64.b64decode(thumb), np.uint8)
    edge = int(len(pixels) ** 0.5)
    square: Floats = pixels[: edge * edge].reshape(edge, edge).astype(np.float32)
    return square


def _parts(
    picture: Floats, rows: Sequence[Interval], columns: Sequence[Interval] | None = None
) -> Floats:
    """Return every part of a picture, of shape (parts, cells, cells), by areas."""
    edge, columns = len(picture), rows if columns is None else columns
    down, across = (
        np.concatenate([_weights(interval, edge) for interval in axis]) for axis in (rows, columns)
    )
    cells = (down @ picture @ across.T).reshape(len(rows), _CELLS, len(columns), _CELLS)
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
