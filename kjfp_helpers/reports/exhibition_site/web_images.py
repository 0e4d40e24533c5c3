"""Pictures for web pages: small, upright, in sRGB and without anything but the picture."""

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from kjfp_helpers.intake.common.resource_limits import MAX_IMAGE_PIXELS

PAGE_EDGE = 1280
"""Longest edge of a picture on a unit's page, pixels."""
TILE_EDGE = 480
"""Longest edge of a picture on the index, pixels."""

_QUALITY = 82
_MAX_WORKERS = 2

Size = tuple[int, int]
"""Width and height in pixels."""


def shrink_images(
    jobs: Sequence[tuple[Path, Path]], edge: int, on_progress: Callable[[int, int], None]
) -> list[Size | None]:
    """Write a small copy of every picture (source, target), in the order given.

    ``edge`` is the longest edge in pixels; ``on_progress`` is called with the numbers of pictures
    done and of all.
    Only pixels are copied: no EXIF, no GPS position, no comment, no colour profile.

    Returns
    -------
    list
        Size of each copy, or ``None`` where the source is no JPEG that can be read to its end;
        then nothing is written.
    """
    # Pillow lets go of the interpreter while it decodes: two threads measure as two processes.
    with warnings.catch_warnings(), ThreadPoolExecutor(_MAX_WORKERS) as pool:
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        sizes = []
        for size in pool.map(lambda job: _shrink_image(job[0], job[1], edge), jobs):
            sizes.append(size)
            on_progress(len(sizes), len(jobs))
        return sizes


def _shrink_image(source: Path, target: Path, edge: int) -> Size | None:
    try:
        small = _open_small(source, edge)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    bare.save(target, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return bare.size


def _open_small(source: Path, edge: int) -> Image.Image:
    """Decode at a fraction of the size, turn upright, convert to sRGB.

    Raises
    ------
    OSError, ValueError, SyntaxError
        When the file is no JPEG, is cut short, or claims too many pixels.
    """
    with Image.open(source, formats=("JPEG",)) as image:
        width, height = image.size
        if width * height > MAX_IMAGE_PIXELS:
            raise ValueError(source.name)
        share = min(1.0, edge / max(width, height))
        image.draft("RGB", (round(width * share), round(height * share)))
        image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        return _convert_to_srgb(ImageOps.exif_transpose(image))


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode == "RGB":
        try:
            wide = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, wide, ImageCms.createProfile("sRGB")) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the pixels are shown as they are
    return image.convert("RGB")
