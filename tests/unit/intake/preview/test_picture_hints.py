"""Hints on pictures: a round or oval red stamp, an upright portrait on a blue ground."""

import io

import pytest
from PIL import Image, ImageDraw

from kjfp_helpers.intake.preview.picture_hints import picture_hint

RED, BLUE, SKIN = (200, 30, 35), (60, 120, 200), (225, 190, 160)


def saved(image, kind="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def seal(size=(300, 300), ground=(255, 255, 255), mode="RGB", width=14):
    image = Image.new(mode, size, ground)
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, size[0] - 5, size[1] - 5), outline=RED, width=width)
    draw.regular_polygon((size[0] // 2, size[1] // 2, size[1] // 6), 5, fill=RED)
    return image


def portrait(size=(413, 579), ground=BLUE):
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    draw.ellipse((size[0] // 3, size[1] // 5, 2 * size[0] // 3, size[1] // 2), fill=SKIN)
    draw.rectangle((size[0] // 6, 3 * size[1] // 5, 5 * size[0] // 6, size[1]), fill=(40, 40, 50))
    return image


@pytest.mark.parametrize(
    "image",
    [
        seal(),
        seal((400, 270)),
        seal(ground=(240, 236, 228)),
        seal(ground=(255, 255, 255, 0), mode="RGBA"),
        seal((120, 120), width=5),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_red_ring_looks_like_a_seal(image, kind):
    data = saved(image if kind == "PNG" else image.convert("RGB"), kind)
    if image.mode == "RGBA" and kind == "JPEG":
        return  # what was transparent is black then
    assert picture_hint(data).startswith("像印章")


def test_an_upright_picture_on_blue_looks_like_a_portrait_and_on_another_ground_is_asked():
    assert picture_hint(saved(portrait())).startswith("像证件照")
    assert picture_hint(saved(portrait(ground=(250, 250, 250)))).startswith("竖幅，不是蓝底")


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (400, 300), RED),
        Image.new("RGB", (400, 300), (90, 140, 90)),
        Image.new("RGB", (300, 300), (255, 255, 255)),
        Image.new("RGB", (900, 120), RED),
    ],
)
def test_other_pictures_look_like_neither(image):
    assert picture_hint(saved(image)) == "不像证件照，也不像印章"


@pytest.mark.parametrize("data", [b"", b"no picture", saved(portrait())[:200]])
def test_what_cannot_be_opened_is_said(data):
    assert "不能打开" in picture_hint(data)
