"""Facts of a picture file from its content, nothing decoded beyond the header."""

import io
import re
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common.internal_errors import warn_internal_error
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import (
    MAX_HASHED_PIXELS,
    MAX_HASHED_SCANS,
    MAX_IMAGE_PIXELS,
    MAX_PADDING_BYTES,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding

_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_GPS = 0x8825
_FLAT = 4
"""Steps between fields that are smaller on average (of 255) are noise."""
_SAMPLE, _SAMPLES = 16_384, 8
_FILLER = 0.02
"""A sample that shrinks below this part of its size is filler; picture data hardly shrinks."""
_PART_FILLER = 0.2
"""From this part of a file on, filler is no accident."""


_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "JPEG": ("jpg", "jpeg", "jfif", "jpe"),
    "PNG": ("png",),
    "GIF": ("gif",),
    "BMP": ("bmp",),
    "TIFF": ("tif", "tiff"),
    "WEBP": ("webp",),
    "HEIF": ("heic", "heif", "avif"),
}


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """``format`` as Pillow names it; ``width`` and ``height`` in pixels; ``None`` when unknown."""

    format: str | None = None
    width: int | None = None
    height: int | None = None
    findings: tuple[Finding, ...] = ()
    phash: str = ""


def read_image(data: bytes) -> ImageInfo:
    """Read a picture's format and size; a broken, padded or boundless one gives a finding."""
    from PIL import Image as pillow

    if is_heif(data):
        return ImageInfo("HEIF")  # what phones make; Pillow opens none, and a JPEG it is not
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pillow.open(io.BytesIO(data), formats=_FORMATS) as picture:
                name = "JPEG" if picture.format == "MPO" else picture.format
                width, height = picture.size
                several = picture.format == "MPO"
                located = name == "JPEG" and _is_located(picture)
    except pillow.DecompressionBombError:
        return ImageInfo(findings=_bomb("超出"))
    except Exception as error:
        warn_internal_error(error)
        # Pillow's decoders raise whatever their format's parser met.
        return ImageInfo(findings=_broken(data))
    if width * height > MAX_IMAGE_PIXELS:
        return ImageInfo(name, width, height, _bomb(f"{width}×{height}像素"))
    if (name == "JPEG" and _end(data) < 0) or (name == "PNG" and b"IEND" not in data[-4096:]):
        return ImageInfo(
            name, width, height, make_findings("truncated", "完整的图片", "文件末尾缺失")
        )
    found = list(_padding(data)) if name == "JPEG" and not several else []
    if located:
        found += make_findings("private_data", "公开的图片不含拍摄位置", "图片信息含有拍摄位置")
    return ImageInfo(
        name, width, height, tuple(found), perceptual_hash(data) if name == "JPEG" else ""
    )


def perceptual_hash(data: bytes) -> str:
    """Return a print of a JPEG as 64 hexadecimal signs, ``""`` where it would tell nothing.

    Each bit says whether the picture gets lighter from one of 17 fields of a row to the next; a
    print of even noise or of one slope would fit pictures that have nothing else in common.
    """
    from PIL import Image as pillow

    try:
        with pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if (
                picture.width * picture.height > MAX_HASHED_PIXELS
                or data.count(b"\xff\xda") > MAX_HASHED_SCANS
            ):
                return ""
            picture.draft("L", (128, 128))
            fields = picture.convert("L").resize((17, 16), pillow.Resampling.BOX).tobytes()
    except Exception as error:
        warn_internal_error(error)
        # A picture broken behind its header has no print; its faults are told elsewhere.
        return ""
    steps = [fields[at + 1] - fields[at] for at in range(len(fields) - 1) if at % 17 < 16]
    lighter = sum(step > 0 for step in steps)
    if sum(map(abs, steps)) < _FLAT * len(steps) or not 0.2 < lighter / len(steps) < 0.8:
        return ""
    return f"{int(''.join(str(int(step > 0)) for step in steps), 2):064x}"


def is_heif(data: bytes) -> bool:
    """Whether bytes are a picture as phones keep it."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF


def declared_pixels(head: bytes) -> int:
    """Return how many pixels a picture claims in its first bytes, 0 where it does not say."""
    from PIL import Image as pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pillow.open(io.BytesIO(head), formats=_FORMATS) as picture:
                return picture.width * picture.height
    except pillow.DecompressionBombError:
        return MAX_IMAGE_PIXELS + 1
    except Exception as error:
        warn_internal_error(error)
        # Pillow's decoders raise whatever their format's parser met.
        return 0


def check_extension(format: str, name: str) -> tuple[Finding, ...]:
    """Return the finding on a picture whose ending names another format of pictures."""
    ending = name.lower().rpartition(".")[2] if "." in name else ""
    known = {one for endings in _ENDINGS.values() for one in endings}
    if ending not in known or ending in _ENDINGS[format]:
        return ()
    return make_findings(
        "ext_mismatch", "扩展名与内容一致", f"扩展名{quote_for_finding(ending)}，内容为{format}图片"
    )


def _broken(data: bytes) -> tuple[Finding, ...]:
    at = 2
    while data.startswith(b"\xff\xd8") and at + 4 <= len(data) and data[at + 1] >= 0xC0:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if at > len(data):
            return make_findings("truncated", "完整的图片", "文件末尾缺失")
    return make_findings("corrupt", "可打开的图片", "无法打开")


def _bomb(found: str) -> tuple[Finding, ...]:
    return make_findings("image_bomb", f"不超过{MAX_IMAGE_PIXELS // 10**8}.5亿像素", found)


def _is_located(picture: Any) -> bool:
    try:
        return bool(picture.getexif().get_ifd(_GPS))
    except Exception as error:
        warn_internal_error(error)
        # A broken EXIF block says nothing about where the picture was taken.
        return False


def _padding(data: bytes) -> Iterator[Finding]:
    """Look for bytes that only make a JPEG larger: behind its end, in comments, as filler."""
    filler = max(len(data) - _end(data), _comments(data), _filled(data))
    if filler > max(MAX_PADDING_BYTES, _PART_FILLER * len(data)):
        yield from make_findings("padded", "未经填充的原图", f"约{filler:,}字节为填充内容")


def _end(data: bytes) -> int:
    """Return where a JPEG ends: behind the end mark that follows its first scan, else -1."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    end = data.find(b"\xff\xd9", at)
    return end + 2 if end >= 0 else -1


def _comments(data: bytes) -> int:
    """Return the bytes of comments and of blocks that belong to programs, thumbnails aside."""
    at, total = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        known = re.match(rb"Exif|ICC_PROFILE|http|MPF|JFIF|Adobe|Photoshop", data[at + 4 : at + 16])
        if (data[at + 1] == 0xFE or 0xE0 <= data[at + 1] <= 0xEF) and not known:
            total += size
        at += 2 + size
    return total


def _filled(data: bytes) -> int:
    """Return about how many bytes are one pattern over and over, by samples."""
    if len(data) < _SAMPLE * _SAMPLES * 2:
        return 0
    step = len(data) // _SAMPLES
    samples = (data[at * step : at * step + _SAMPLE] for at in range(_SAMPLES))
    empty = sum(len(zlib.compress(one, 1)) < _FILLER * _SAMPLE for one in samples)
    return empty * step
