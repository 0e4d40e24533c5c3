"""A part of a picture is found among other pictures, whatever it was scaled to, and nothing else."""

import io

import numpy as np
import pytest
from PIL import Image

from kjfp_helpers.intake.files.images import read_image
from kjfp_helpers.intake.files.picture_analysis.picture_prints import encode_thumb
from kjfp_helpers.notice.picture_crops import find_crops
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_landscape


@pytest.fixture(scope="module")
def pictures():
    return [draw_landscape((3, number), small=True) for number in range(6)]


@pytest.fixture(scope="module")
def thumbs(pictures):
    return tuple(map(thumb, pictures))


def thumb(data):
    return read_image(data).thumb


def part(data, left, top, right, bottom, size=(900, 600)):
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        box = (int(left * width), int(top * height), int(right * width), int(bottom * height))
        buffer = io.BytesIO()
        image.crop(box).resize(size).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "box", [(0, 0, 0.8, 0.8), (0.2, 0.13, 1, 0.95), (0.07, 0, 0.9, 1), (0, 0.2, 1, 1)]
)
def test_a_part_is_found_in_its_picture_and_in_no_other(pictures, thumbs, box):
    found = find_crops((*thumbs, thumb(part(pictures[2], *box))))
    assert (6, 2) in found and all({6, 2} == set(pair) for pair in found)


def test_pictures_without_a_small_copy_are_left_out(pictures, thumbs):
    listed = ("", thumbs[0], "", thumb(part(pictures[0], 0, 0, 0.85, 0.9)))
    assert find_crops(listed) == ((3, 1),) and find_crops(("", "")) == ()


@pytest.mark.slow
def test_a_part_is_found_among_many_pictures_without_looking_at_every_pair():
    rng = np.random.default_rng(9)
    coarse = rng.integers(30, 220, (300, 7, 7)).astype("uint8")
    many = [Image.fromarray(one).resize((160, 160), Image.Resampling.BICUBIC) for one in coarse]
    parts = {}
    for whole in range(0, 300, 15):
        left, top = (float(one) for one in rng.uniform(0, 0.2, 2))
        box = (160 * left, 160 * top, 160 * (left + 0.8), 160 * (top + 0.8))
        parts[len(many)] = whole
        many.append(many[whole].crop(tuple(map(int, box))))
    found = find_crops(tuple(encode_thumb(one) for one in many))
    pairs = {frozenset(pair) for pair in found}
    assert pairs == {frozenset(pair) for pair in parts.items()}
