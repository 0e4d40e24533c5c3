"""Boxes on a PDF page: left, bottom, right, top in points."""

from collections.abc import Iterable
from typing import Any

from pdfminer.utils import apply_matrix_pt

Box = tuple[float, float, float, float]


def rectangles(path: Iterable[Any], ctm: Any) -> Iterable[Box]:
    """Yield the upright rectangles of a path."""
    steps: list[Any] = []
    for step in (*path, ("m",)):
        if step[0] == "m" and steps:
            if "".join(one[0] for one in steps) in ("mlllh", "mllll", "mlll", "mllllh"):
                points = [apply_matrix_pt(ctm, point) for one in steps for point in points_of(one)]
                box = box_around(points)
                corners = {(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])}
                if all(min(abs(x - a) + abs(y - b) for a, b in corners) < 0.1 for x, y in points):
                    yield box
            steps = []
        steps.append(step)


def points_of(step: Any) -> Iterable[tuple[float, float]]:
    """Return the points of a step of a path, as pdfminer holds it."""
    numbers = [float(number) for number in step[1:]]
    return zip(numbers[::2], numbers[1::2], strict=False)


def box_around(points: Iterable[tuple[float, float]]) -> Box:
    """Return the smallest box around points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def intersection(one: Box, other: Box) -> Box:
    """Return the common part of two boxes; :func:`is_area` tells whether there is one."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def is_area(box: Box) -> bool:
    """Whether a box is wider and higher than nothing."""
    return box[0] < box[2] and box[1] < box[3]


def contains(box: Box, point: tuple[float, float]) -> bool:
    """Whether a point lies in a box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
