"""Hints on pictures: whether one looks like a portrait or like a seal; a person decides."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Pixel = tuple[int, int, int]
MAX_EDGE = 96
"""Longest side, in pixels, at which pictures are looked at."""
PORTRAIT_RATIO = (0.6, 0.9)
"""Width over height of a portrait; a two-inch photo has 0.71."""
SEAL_RATIO = (0.6, 1.67)
"""Width over height of a seal, round or oval."""
_MIN_RED_SHARE, _MAX_RED_SHARE = 0.04, 0.75
_MIN_BLUE_SHARE = 0.5
"""Share of the upper corners that a blue ground colours."""
_MAX_CORNER_RED = 0.1
"""Share of the corners that a round seal leaves red."""


def picture_hint(data: bytes) -> str:
    """Return what a picture looks like by shape and colour, in Chinese.

    Examples
    --------
    >>> picture_hint(b"no picture")
    '图片不能打开，请打开原件核对'
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            ratio = image.width / image.height
            small = image.convert("RGBA")
            small.thumbnail((MAX_EDGE, MAX_EDGE))
    except (OSError, ValueError, SyntaxError, ZeroDivisionError, Image.DecompressionBombError):
        return "图片不能打开，请打开原件核对"
    ground = Image.new("RGBA", small.size, (255, 255, 255, 255))
    pixels = Image.alpha_composite(ground, small).convert("RGB")
    if _is_seal(pixels, ratio):
        return "像印章：红色，圆形或椭圆形"
    if PORTRAIT_RATIO[0] <= ratio <= PORTRAIT_RATIO[1]:
        has_blue = _share(_corners(pixels, upper=True), _is_blue) >= _MIN_BLUE_SHARE
        return "像证件照：竖幅，蓝底" if has_blue else "竖幅，不是蓝底，请核对是否证件照"
    return "不像证件照，也不像印章"


def _is_seal(image: "Picture", ratio: float) -> bool:
    """Whether a picture is red inside, with corners that a round stamp leaves free."""
    red = _share(_points(image), _is_red)
    return (
        SEAL_RATIO[0] <= ratio <= SEAL_RATIO[1]
        and _MIN_RED_SHARE <= red <= _MAX_RED_SHARE
        and _share(_corners(image), _is_red) <= _MAX_CORNER_RED
        and _touches_all_sides(image)
    )


def _touches_all_sides(image: "Picture") -> bool:
    """Whether red stands near the middle of every side, where a ring touches its frame."""
    width, height = image.size
    sides = (
        (width // 3, 0, 2 * width // 3, height // 4),
        (width // 3, 3 * height // 4, 2 * width // 3, height),
        (0, height // 3, width // 4, 2 * height // 3),
        (3 * width // 4, height // 3, width, 2 * height // 3),
    )
    return all(any(map(_is_red, _points(image, box))) for box in sides)


def _points(image: "Picture", box: tuple[int, int, int, int] | None = None) -> list[Pixel]:
    part = image.crop(box) if box else image
    data = part.tobytes()
    return list(zip(data[::3], data[1::3], data[2::3], strict=True))


def _corners(image: "Picture", *, upper: bool = False) -> list[Pixel]:
    """Return the pixels of the corners, or of the upper ones alone."""
    width, height = image.size
    edge_x, edge_y = max(width // 8, 1), max(height // 8, 1)
    tops = [(0, 0), (width - edge_x, 0)]
    lows = [] if upper else [(0, height - edge_y), (width - edge_x, height - edge_y)]
    return [
        point for x, y in (*tops, *lows) for point in _points(image, (x, y, x + edge_x, y + edge_y))
    ]


def _share(points: Sequence[Pixel], matches: Callable[[Pixel], bool]) -> float:
    return sum(map(matches, points)) / max(len(points), 1)


def _is_red(point: Pixel) -> bool:
    red, green, blue = point
    return red > 120 and red > 1.5 * green and red > 1.5 * blue


def _is_blue(point: Pixel) -> bool:
    red, green, blue = point
    return blue > 100 and blue > 1.25 * red and blue >= green
