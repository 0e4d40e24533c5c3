import io
import random
import struct
import zlib

import pytest
from PIL import Image

from kjfp_helpers.intake.files.images import read_image
from kjfp_helpers.notice.image_hash import PerceptualHashIndex
from support.forms.sample_files import picture


def test_format_is_that_of_the_content():
    got = read_image(picture((40, 30), "JPEG"))
    assert (got.format, got.width, got.height, got.findings) == ("JPEG", 40, 30, ())
    assert read_image(picture(kind="PNG")).format == "PNG"


def test_a_photo_without_its_end_is_truncated():
    got = read_image(picture((400, 300), "JPEG")[:-50])
    assert [one.code for one in got.findings] == ["truncated"]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_half_a_photo_that_was_closed_is_truncated_and_a_plain_foot_is_none(part):
    noise = random.Random(1).randbytes(400 * 300 * 3)
    photo = Image.frombytes("RGB", (400, 300), noise)

    def saved(image, **more):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=90, **more)
        return buffer.getvalue()

    whole = saved(photo)
    assert not read_image(whole).findings
    cut = whole[: 1000 + int(part * (len(whole) - 1000))] + b"\xff\xd9"
    assert [one.code for one in read_image(cut).findings] == (
        ["truncated"] if len(cut) > 20_000 else []
    )
    photo.paste((255, 255, 255), (0, int(300 * part), 400, 300))
    assert not read_image(saved(photo)).findings
    assert not read_image(saved(photo, progressive=True)).findings


def test_what_a_camera_appends_is_no_filler():
    photo = picture((400, 300), "JPEG")
    noise = random.Random(2).randbytes(60_000)
    film = b"\0\0\0\x18ftypmp42" + noise
    tails = (film, b"MotionPhoto_Data" + film + b"SEFT", photo + noise, noise + b"DepthEn\0")
    for tail in tails:
        got = read_image(photo + tail)
        assert (got.findings, got.own_bytes) == ((), len(photo))
    for tail in (bytes(60_000), noise, b"\0\0\0\x18ftypmp42" + bytes(900_000)):
        assert [one.code for one in read_image(photo + tail).findings] == ["padded"]


def test_no_picture_is_corrupt():
    assert [one.code for one in read_image(b"\xff\xd8\xff not a picture").findings] == ["corrupt"]


def test_a_picture_that_claims_huge_dimensions_is_not_opened():
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    for side in (13_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        data = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", b"")
            + chunk(b"IEND", b"")
        )
        assert [one.code for one in read_image(data).findings] == ["image_bomb"]


def scene(seed, quality=85, scale=1):
    """A photograph of coloured fields."""
    rng = random.Random(seed)
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(rng.randrange(256) for _ in range(3)) for _ in range(16 * 12)])
    buffer = io.BytesIO()
    whole = small.resize((640, 480), Image.Resampling.BICUBIC)
    whole.resize((640 // scale, 480 // scale)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(5))
def test_a_picture_saved_again_or_smaller_has_nearly_the_same_print_and_another_has_not(seed):
    prints = PerceptualHashIndex()
    prints.add(read_image(scene(seed)).phash, "first")
    assert prints.find(read_image(scene(seed, 60)).phash) == "first"
    assert prints.find(read_image(scene(seed, 90, 2)).phash) == "first"
    assert prints.find(read_image(scene(seed + 100)).phash) is None


def test_even_noise_slopes_and_blanks_have_no_print():
    for fill in (
        Image.effect_noise((400, 300), 60),
        Image.linear_gradient("L").rotate(90),
        Image.new("L", (400, 300), 9),
    ):
        buffer = io.BytesIO()
        fill.save(buffer, "JPEG")
        assert read_image(buffer.getvalue()).phash == ""
    assert PerceptualHashIndex().find("") is None
