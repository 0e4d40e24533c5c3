"""Facts of a picture file from its content, nothing decoded beyond the header."""

import io
import warnings
from dataclasses import dataclass

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.faults import tell_own_fault
from kjfp_helpers.intake.values import note

MOST_PIXELS = 150_000_000
"""Larger pictures are not opened; the largest phone cameras make 108 million pixels."""
_TAIL = 65_536


@dataclass(frozen=True, slots=True)
class Image:
    """``format`` as Pillow names it; ``width`` and ``height`` in pixels; ``None`` when unknown."""

    format: str | None = None
    width: int | None = None
    height: int | None = None
    findings: tuple[Finding, ...] = ()


def read_image(data: bytes) -> Image:
    """Read a picture's format and size; a broken or boundless one gives a finding."""
    from PIL import Image as pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pillow.DecompressionBombWarning)
            with pillow.open(io.BytesIO(data)) as picture:
                name = "JPEG" if picture.format == "MPO" else picture.format
                width, height = picture.size
    except pillow.DecompressionBombError:
        return Image(findings=_bomb("超出"))
    except Exception as error:
        tell_own_fault(error)
        # Pillow's decoders raise whatever their format's parser met.
        return Image(findings=note("corrupt", "可打开的图片", "无法打开"))
    if width * height > MOST_PIXELS:
        return Image(name, width, height, _bomb(f"{width}×{height}像素"))
    if name == "JPEG" and b"\xff\xd9" not in data[-_TAIL:]:
        return Image(name, width, height, note("corrupt", "完整的图片", "文件末尾缺失"))
    return Image(name, width, height)


def _bomb(found: str) -> tuple[Finding, ...]:
    return note("image_bomb", f"不超过{MOST_PIXELS // 10**8}.5亿像素", found)
