import struct
import zlib

from intake_makers import picture

from kjfp_helpers.intake.images import read_image


def test_format_is_that_of_the_content():
    got = read_image(picture((40, 30), "JPEG"))
    assert (got.format, got.width, got.height, got.findings) == ("JPEG", 40, 30, ())
    assert read_image(picture(kind="PNG")).format == "PNG"


def test_a_photo_without_its_end_is_truncated():
    got = read_image(picture((400, 300), "JPEG")[:-50])
    assert [one.code for one in got.findings] == ["truncated"]


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
