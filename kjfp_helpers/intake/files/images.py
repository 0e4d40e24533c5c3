"""Format, size, perceptual hash and anomalies of image files."""

import io
import re
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import (
    MAX_HASHED_PIXELS,
    MAX_HASHED_SCANS,
    MAX_IMAGE_PIXELS,
    MAX_PADDING_BYTES,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.files.picture_analysis.picture_prints import (
    encode_thumb,
    hash_picture,
    read_pixel_signs,
)
from kjfp_helpers.intake.files.picture_analysis.private_metadata import list_private_metadata

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
JPEG_END = b"\xff\xd9"
"""Marker at the end of a JPEG; bytes of 0xFF inside a scan are never followed by this one's."""
_SCAN = b"\xff\xda"
_END_OR_SCAN = re.compile(rb"\xff[\xd9\xda]")
_SAMPLE_BYTES, _SAMPLE_COUNT = 16_384, 8
_FILLER_RATIO = 0.02
"""A sample that compresses below this ratio is filler; image data hardly compresses."""
_SAMPLE_START, _MAX_FILLER_START = 1024, 512
"""Bytes of a sample to begin with; where they take more than this, the whole is no filler."""
_MIN_FILLER_FRACTION = 0.2
"""Fraction of a file from which on filler is reported."""
_COMPANION = re.compile(
    rb"ftyp(?:mp4|isom|qt|avc|M4V|3gp)|\A\0*\xff\xd8\xff|edof|DepthEn|MotionPhoto_Data|SEFT"
)
"""What cameras append to a photo: its short film, its depths, its bright or plain version."""
_COMPANION_HEAD, _COMPANION_TAIL = 65_536, 4096
_MIN_PHOTO_BYTES, _LAST_BYTES, _CUT_RATIO = 20_000, 96, 0.6
"""The last data of a plain area repeat themselves and compress below this ratio."""


_EXTENSIONS_BY_FORMAT: Mapping[str, tuple[str, ...]] = {
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
    """Facts of an image: ``format`` as Pillow names it, size in pixels, ``None`` when unknown.

    ``phash`` is the perceptual hash as hexadecimal digits, ``""`` where there is none.
    ``own_bytes`` is the size of a JPEG without what its camera appended, ``None`` where that is
    nothing. ``thumb`` is a small grey copy (32 pixels square, base64), ``signs``
    are those of an earlier compression or enlargement.
    """

    format: str | None = None
    width: int | None = None
    height: int | None = None
    findings: tuple[Problem, ...] = ()
    phash: str = ""
    own_bytes: int | None = None
    thumb: str = ""
    signs: tuple[str, ...] = ()


def read_image(data: bytes) -> ImageInfo:
    """Read format, size and hash of an image; broken, padded or huge images give a finding."""
    from PIL import Image as pillow

    if is_heif(data):
        return ImageInfo("HEIF")  # written by phones; Pillow cannot open it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pillow.open(io.BytesIO(data), formats=_FORMATS) as picture:
                format = "JPEG" if picture.format == "MPO" else picture.format
                width, height = picture.size
                is_multi_picture = picture.format == "MPO"
                private = list_private_metadata(picture) if format == "JPEG" else ()
    except pillow.DecompressionBombError:
        return ImageInfo(findings=_bomb_findings("超出"))
    except Exception as error:
        warn_internal_error(error)
        # Pillow's decoders raise whatever their format's parser met.
        return ImageInfo(findings=_corrupt_findings(data))
    if width * height > MAX_IMAGE_PIXELS:
        return ImageInfo(format, width, height, _bomb_findings(f"{width}×{height}像素"))
    if format == "JPEG":
        return replace(
            _read_jpeg(data, private, is_multi_picture),
            format=format,
            width=width,
            height=height,
        )
    is_cut = format == "PNG" and b"IEND" not in data[-4096:]
    return ImageInfo(format, width, height, _cut_findings("文件末尾缺失") if is_cut else ())


def _read_jpeg(data: bytes, private: tuple[str, ...], is_multi_picture: bool) -> ImageInfo:
    """Return the findings on a JPEG that could be opened, its hash, and its own size."""
    end, scans = _find_end_and_scans(data)
    if end < 0:
        return ImageInfo(findings=_cut_findings("文件末尾缺失"))
    grey, steps = _decode_grey(data) if scans <= MAX_HASHED_SCANS else (None, ())
    is_followed = end < len(data) and (is_multi_picture or _is_companion(data[end:]))
    findings = () if is_multi_picture else tuple(_padding_findings(data, end, is_followed))
    for what in private:
        findings += make_problems("private_data", f"公开的图片不含{what}", f"图片信息含有{what}")
    own_bytes = end if is_followed else None
    if grey is None:
        return ImageInfo(findings=findings, own_bytes=own_bytes)
    if _is_cut_short(grey, data, end):
        findings += _cut_findings("画面下部缺失")
    return ImageInfo(
        findings=findings,
        phash=hash_picture(grey),
        own_bytes=own_bytes,
        thumb=encode_thumb(grey),
        signs=read_pixel_signs(grey, steps),
    )


def _cut_findings(actual: str) -> tuple[Problem, ...]:
    return make_problems("truncated", "完整的图片", actual)


def _decode_grey(data: bytes) -> tuple[Any, Sequence[int]]:
    """Return a JPEG in grey, decoded once, and its quantization; ``None`` if it cannot be."""
    from PIL import Image as pillow

    try:
        with pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if picture.width * picture.height > MAX_HASHED_PIXELS:
                return None, ()
            steps = picture.quantization.get(0, ())  # type: ignore[attr-defined]
            picture.draft("L", picture.size)
            return picture.convert("L"), steps
    except Exception as error:
        warn_internal_error(error)
        # An image broken after its header has no hash; its faults are reported by read_image.
        return None, ()


def _is_cut_short(grey: Any, data: bytes, end: int) -> bool:
    """Whether the data of a JPEG end before its picture: the decoder fills the rest evenly.

    A picture that is plain at its foot has data for it that repeat themselves.
    """
    width, height = grey.size
    foot = grey.crop((0, height - max(2, height // 32), width, height)).getextrema()
    if grey.info.get("progressive"):
        return False  # its last scan only refines what the first ones show
    is_plain = foot[0] == foot[1] and end >= _MIN_PHOTO_BYTES
    last = data[end - _LAST_BYTES - 2 : end - 2]
    return bool(is_plain and len(zlib.compress(last)) > _CUT_RATIO * len(last))


def is_heif(data: bytes) -> bool:
    """Whether the bytes are a HEIF image."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS


def declared_pixels(head: bytes) -> int:
    """Return the number of pixels that an image header declares, 0 where it cannot be read."""
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


def check_extension(format: str, name: str) -> tuple[Problem, ...]:
    """Return a finding if the extension of an image belongs to another image format."""
    extension = name.lower().rpartition(".")[2] if "." in name else ""
    known_extensions = {
        known_extension
        for extensions in _EXTENSIONS_BY_FORMAT.values()
        for known_extension in extensions
    }
    if extension not in known_extensions or extension in _EXTENSIONS_BY_FORMAT[format]:
        return ()
    return make_problems(
        "ext_mismatch",
        "扩展名与内容一致",
        f"扩展名{quote_for_finding(extension)}，内容为{format}图片",
    )


def _corrupt_findings(data: bytes) -> tuple[Problem, ...]:
    """Return ``truncated`` if the segments of a JPEG exceed the file, else ``corrupt``."""
    position = 2
    while data.startswith(b"\xff\xd8") and position + 4 <= len(data) and data[position + 1] >= 0xC0:
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if position > len(data):
            return make_problems("truncated", "完整的图片", "文件末尾缺失")
    return make_problems("corrupt", "可打开的图片", "无法打开")


def _bomb_findings(actual: str) -> tuple[Problem, ...]:
    return make_problems("image_bomb", f"不超过{MAX_IMAGE_PIXELS // 10**8}.5亿像素", actual)


def _padding_findings(data: bytes, jpeg_end: int, is_followed: bool) -> Iterator[Problem]:
    """Yield a finding on bytes that only enlarge a JPEG: after its end, in comments, as filler."""
    appended = 0 if is_followed else len(data) - jpeg_end
    filler = max(appended, _comment_bytes(data), _filler_bytes(data))
    if filler > max(MAX_PADDING_BYTES, _MIN_FILLER_FRACTION * len(data)):
        yield from make_problems("padded", "未经填充的原图", f"约{filler:,}字节为填充内容")


def _is_companion(tail: bytes) -> bool:
    """Whether what follows a photo is what its camera appends, and no filler under such a name."""
    head_and_end = tail[:_COMPANION_HEAD] + tail[-_COMPANION_TAIL:]
    is_named = _COMPANION.search(head_and_end) is not None
    return is_named and _filler_bytes(tail) <= _MIN_FILLER_FRACTION * len(tail)


def _find_end_and_scans(data: bytes) -> tuple[int, int]:
    """Return the offset after the first end-of-image marker of a JPEG, and its number of scans.

    The offset is -1 where there is no end; scans above the limit of hashing are not counted.
    """
    position = 2
    for start, size in _header_segments(data):
        position = start + 2 + size
    scans = data.count(_SCAN, 0, position)
    for marker in _END_OR_SCAN.finditer(data, position):
        if marker[0] == JPEG_END:
            return marker.end(), scans + data.count(_SCAN, marker.end())
        scans += 1
        if scans > MAX_HASHED_SCANS:
            end = data.find(JPEG_END, marker.end())
            return end + len(JPEG_END) if end >= 0 else -1, scans
    return -1, scans


def _comment_bytes(data: bytes) -> int:
    """Return the size of comments and application segments, known metadata excluded."""
    total_bytes = 0
    for position, size in _header_segments(data):
        is_known = re.match(
            rb"Exif|ICC_PROFILE|http|MPF|JFIF|Adobe|Photoshop", data[position + 4 : position + 16]
        )
        if (data[position + 1] == 0xFE or 0xE0 <= data[position + 1] <= 0xEF) and not is_known:
            total_bytes += size
    return total_bytes


def _header_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield place and size of each segment of a JPEG before its first scan."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != 0xDA:
        size = int.from_bytes(data[position + 2 : position + 4], "big")
        yield position, size
        position += 2 + size


def _filler_bytes(data: bytes) -> int:
    """Estimate from samples how many bytes are a repeated pattern."""
    if len(data) < _SAMPLE_BYTES * _SAMPLE_COUNT * 2:
        return 0
    step = len(data) // _SAMPLE_COUNT
    starts = range(0, _SAMPLE_COUNT * step, step)
    return step * sum(_is_filler(data[start : start + _SAMPLE_BYTES]) for start in starts)


def _is_filler(sample: bytes) -> bool:
    """Whether a sample is a repeated pattern; its first bytes tell most images from one."""
    if len(zlib.compress(sample[:_SAMPLE_START], 1)) > _MAX_FILLER_START:
        return False
    return len(zlib.compress(sample, 1)) < _FILLER_RATIO * _SAMPLE_BYTES
