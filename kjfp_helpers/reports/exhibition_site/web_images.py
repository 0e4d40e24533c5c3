"""Pictures for web pages: two sizes, upright, in sRGB and without anything but the picture.

Each size is written as WebP and as JPEG. Pillow with its draft mode and libvips (pyvips 3.0) were
measured beside each other on 20 JPEGs of 5.5 MB, both sizes in both formats, CPU seconds a picture:
0.22 and 0.22 at WebP effort 4, 0.17 and 0.16 at effort 2; so Pillow, which is there, does it.
Effort 1 costs three quarters of effort 2 for files 2% larger. The Hamming filter scales down about
as sharply as the bicubic one and costs half of the Lanczos filter.
"""

import hashlib
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, __version__

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.common.resource_limits import MAX_IMAGE_PIXELS

LARGE_EDGE, SMALL_EDGE = 1280, 640
"""Longest edge of a picture by itself, and among others on a page, in pixels."""
_JPEG = {"quality": 80, "progressive": True, "optimize": True}
_WEBP = {"quality": 75, "method": 1}
_FILTER = Image.Resampling.HAMMING
_RECIPE = f"{LARGE_EDGE} {SMALL_EDGE} {_FILTER.name} {_JPEG} {_WEBP} {__version__}"
_DIGITS = 16
_MAX_WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class WebImage:
    """A picture as pages show it: stem of its four files, pixels of the large and small one."""

    stem: str
    width: int
    height: int
    small_width: int
    small_height: int

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its files."""
        return file_names(self.stem)


def file_names(stem: str) -> tuple[str, ...]:
    """Return the files of a picture: JPEG and WebP, large and small.

    Examples
    --------
    >>> file_names("a")
    ('a.jpg', 'a.webp', 'a-s.jpg', 'a-s.webp')
    """
    return (f"{stem}.jpg", f"{stem}.webp", f"{stem}-s.jpg", f"{stem}-s.webp")


def image_stem(sha256: str) -> str:
    """Return the stem of the files of a picture: its content, and how they are made."""
    return hashlib.sha256(f"{sha256} {_RECIPE}".encode()).hexdigest()[:_DIGITS]


def write_web_images(
    jobs: Sequence[tuple[Path, str, str]],
    folder: Path,
    earlier: Path,
    kept: Mapping[str, str],
    on_progress: ProgressCallback,
) -> list[WebImage | None]:
    """Write the files of every picture, or take them over where they were made before.

    Parameters
    ----------
    jobs : sequence of tuple
        Source, SHA-256 of its content, and folder of its files below ``folder``.
    folder, earlier : Path
        The site that is made, and the one that stands.
    kept : mapping
        Files of the earlier site with their SHA-256, as its manifest lists them.
    on_progress : callable
        Called with the numbers of pictures done and of all.

    Returns
    -------
    list
        In the order of the jobs; ``None`` where the source is not what was approved, or no
        JPEG that can be read to its end; then nothing is written.
    """

    def write(job: tuple[Path, str, str]) -> WebImage | None:
        source, sha256, place = job
        stem = image_stem(sha256)
        if _take_over(earlier / place, folder / place, stem, kept, place):
            return _measure(folder / place, stem)
        if not source.is_file() or sha256_file(source) != sha256:
            return None  # not what was approved
        return _make(source, folder / place, stem)

    # Pillow lets go of the interpreter while it decodes: two threads measure as two processes.
    with warnings.catch_warnings(), ThreadPoolExecutor(_MAX_WORKERS) as pool:
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        images: dict[tuple[Path, str, str], WebImage | None] = {}
        unique = list(dict.fromkeys(jobs))  # the same files must not be written twice at once
        for job, image in zip(unique, pool.map(write, unique), strict=True):
            images[job] = image
            on_progress(len(images), len(unique))
        return [images[job] for job in jobs]


def _take_over(earlier: Path, target: Path, stem: str, kept: Mapping[str, str], place: str) -> bool:
    """Take the files of a picture from the site that stands, where they are as it lists them."""
    names = file_names(stem)
    for name in names:
        path = earlier / name
        if not path.is_file() or kept.get(f"{place}/{name}") != sha256_file(path):
            return False
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        if not (target / name).exists():
            _link(earlier / name, target / name)
    return True


def _link(source: Path, target: Path) -> None:
    """Give a file that is never written again a second name, or copy it."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _measure(folder: Path, stem: str) -> WebImage:
    """Return the picture of files that stand."""
    large, _, small, _ = file_names(stem)
    with Image.open(folder / large) as one, Image.open(folder / small) as other:
        return _web_image(stem, one.size, other.size)


def _web_image(stem: str, large: tuple[int, int], small: tuple[int, int]) -> WebImage:
    return WebImage(
        stem=stem,
        width=large[0],
        height=large[1],
        small_width=small[0],
        small_height=small[1],
    )


def _make(source: Path, folder: Path, stem: str) -> WebImage | None:
    try:
        large = _open_small(source, LARGE_EDGE)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    small = large.copy()
    small.thumbnail((SMALL_EDGE, SMALL_EDGE), _FILTER)
    folder.mkdir(parents=True, exist_ok=True)
    for name, image in zip(file_names(stem), _bare(large, large, small, small), strict=True):
        if name.endswith(".webp"):
            image.save(folder / name, "WEBP", **_WEBP)
        else:
            image.save(folder / name, "JPEG", **_JPEG)
    return _web_image(stem, large.size, small.size)


def shrink_picture(source: Path, edge: int) -> bytes:
    """Return a small JPEG of a picture, empty where the source is no JPEG that can be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            small = _open_small(source, edge)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return b""
    buffer = BytesIO()
    next(_bare(small)).save(buffer, "JPEG", **_JPEG)
    return buffer.getvalue()


def _bare(*images: Image.Image) -> Iterator[Image.Image]:
    """Yield the pixels alone: no EXIF, no GPS position, no comment, no colour profile."""
    for image in images:
        bare = Image.new("RGB", image.size)
        bare.paste(image)
        yield bare


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
        image.thumbnail((edge, edge), _FILTER)
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
