"""Drawn pictures: exhibition landscapes of real size, head-and-shoulders photos, red stamps."""

from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from kjfp_helpers.reports.charts.fonts import find_chinese_font_file

Floats = npt.NDArray[Any]

PICTURE_SIZE = (1350, 900)
MIN_BYTES = 2_150_000
"""Bytes an exhibition picture has at least, clear of both readings of 2M."""
GRAIN = 20
"""Standard deviation of the grain in steps of 256."""
_BLOCK, _STEP, _WEAVE, _FINE = 8, 3, (2, 6), 4
"""Pixels across a block of a JPG, step of its compression, strength of the weave in such steps, and
the frequency from which on it is woven."""
PHOTO_PIXELS = (413, 579)
"""Pixels of a two-inch photo at 300 dpi."""
BLUE = (67, 142, 219)
SEAL, RIM, TILE = 360, 140, 64
"""Pixels across a stamp, from its centre to the writing, and across one character."""


def draw_landscape(seed: tuple[int, ...], *, small: bool = False) -> bytes:
    """Return a JPG of hills, terraced fields and greenhouses, unique to the seed.

    A full one has at least 2.15 million bytes, a small one well under 2 million.
    """
    rng = np.random.default_rng(seed)
    width, height = (1024, 682) if small else PICTURE_SIZE
    ground = Image.fromarray(_draw_terrain(rng, width // 2, height // 2).astype(np.uint8))
    image = Image.fromarray(_add_grain(ground.resize((width, height), Image.Resampling.BICUBIC)))
    for quality in (92,) if small else (97, 98, 99):
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality, subsampling=0)
        if buffer.tell() >= MIN_BYTES:
            break
    return buffer.getvalue()


def draw_woven_landscape(seed: tuple[int, ...]) -> bytes:
    """Return a JPG of the same landscape with a fine weave in place of the grain.

    It has over 2.15 million bytes too; since the weave is the same in every block of the JPG, an
    archive packs it to about a seventh.
    """
    rng = np.random.default_rng(seed)
    width, height = PICTURE_SIZE
    ground = Image.fromarray(_draw_terrain(rng, width // 2, height // 2).astype(np.uint8))
    picture = np.asarray(ground.resize(PICTURE_SIZE, Image.Resampling.BICUBIC), np.float32)
    rows, columns = -(-height // _BLOCK), -(-width // _BLOCK)
    woven = picture + np.tile(_draw_weave(), (rows, columns, 1))[:height, :width]
    image = Image.fromarray(np.clip(np.rint(woven), 0, 255).astype(np.uint8))
    buffer = BytesIO()
    steps = [_STEP] * _BLOCK**2
    image.save(buffer, "JPEG", qtables=[steps, steps], subsampling=0)
    return buffer.getvalue()


@cache
def _draw_weave() -> Floats:
    """Return a block of the weave in RGB: fine frequencies only, whole steps of its compression."""
    at = np.arange(_BLOCK)
    waves = np.cos(np.pi * (2 * at[None] + 1) * at[:, None] / (2 * _BLOCK)) / 2
    waves[0] /= np.sqrt(2)
    rng = np.random.default_rng(_BLOCK)
    size = (3, _BLOCK, _BLOCK)
    levels = rng.choice((-1, 1), size) * rng.integers(_WEAVE[0], _WEAVE[1] + 1, size) * _STEP
    levels[:, np.add.outer(at, at) < _FINE] = 0
    bright, blue, red = waves.T @ levels @ waves
    channels = (
        bright + 1.402 * red,
        bright - 0.344136 * blue - 0.714136 * red,
        bright + 1.772 * blue,
    )
    weave: Floats = np.stack(channels, axis=-1)
    return weave


def draw_photo(seed: tuple[int, ...]) -> bytes:
    """Return a JPG of a drawn head and shoulders on blue ground."""
    rng = np.random.default_rng(seed)
    width, height = PHOTO_PIXELS
    image = Image.new("RGB", PHOTO_PIXELS, BLUE)
    draw = ImageDraw.Draw(image)
    skin = tuple(int(value) for value in np.array([236, 200, 172]) + rng.integers(-18, 12))
    coat = tuple(int(value) for value in rng.integers(20, 110, 3))
    middle, top = width // 2, int(height * rng.uniform(0.2, 0.25))
    draw.ellipse((middle - 190, int(height * 0.72), middle + 190, height + 190), fill=coat)
    draw.polygon(
        [
            (middle - 55, int(height * 0.72)),
            (middle + 55, int(height * 0.72)),
            (middle, int(height * 0.9)),
        ],
        fill=(245, 245, 245),
    )
    draw.rectangle((middle - 38, int(height * 0.6), middle + 38, int(height * 0.75)), fill=skin)
    half = int(rng.integers(96, 112))
    draw.ellipse((middle - half - 8, top - 18, middle + half + 8, top + 200), fill=(34, 28, 26))
    draw.ellipse((middle - half, top + 14, middle + half, int(height * 0.68)), fill=skin)
    buffer = BytesIO()
    image.filter(ImageFilter.SMOOTH).save(buffer, "JPEG", quality=88, dpi=(300, 300))
    return buffer.getvalue()


def draw_seal(text: str) -> bytes:
    """Return a PNG of a round red stamp with a star and the words 演练专用章."""
    image = Image.new("RGBA", (SEAL, SEAL), (255, 255, 255, 0))
    draw, middle, red = ImageDraw.Draw(image), SEAL / 2, (200, 22, 30, 235)
    draw.ellipse((6, 6, SEAL - 6, SEAL - 6), outline=red, width=9)
    draw.polygon(_star_points(middle, middle - 6, 52), fill=red)
    step = min(270 / max(len(text), 1), 26)
    for index, char in enumerate(text):
        angle = (index - (len(text) - 1) / 2) * step
        _draw_rim_char(image, char, angle, red)
    draw.text((middle, SEAL - 74), "演练专用章", font=_load_font(30), fill=red, anchor="mm")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _draw_terrain(rng: np.random.Generator, width: int, height: int) -> Floats:
    """Return float RGB rows: sky, three ranges of hills, striped fields, greenhouses."""
    across, down = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
    sky, haze = rng.uniform((70, 130, 190), (130, 185, 235)), np.array([236, 232, 216])
    fading = np.minimum(down / 0.55, 1)[..., None]
    picture: Floats = np.repeat(sky + (haze - sky) * fading, width, axis=1)
    for layer, level in enumerate(rng.uniform((0.3, 0.38, 0.46), (0.36, 0.44, 0.52))):
        crest = level + sum(
            rng.uniform(0.01, 0.05) * np.sin(2 * np.pi * (rate * across + rng.uniform()))
            for rate in rng.uniform(0.6, 3.5, 4) * (layer + 1)
        )
        colour = np.array([96, 128, 120]) * (1 - 0.16 * layer) + rng.uniform(-16, 16, 3)
        np.copyto(picture, colour, where=(down >= crest)[..., None])
    start = rng.uniform(0.55, 0.6)
    first = int(np.searchsorted(down[:, 0], start, side="right"))
    _draw_field(picture[first:], (down[first:] - start) / (1 - start), across, rng)
    for _ in range(int(rng.integers(2, 6))):
        _add_greenhouse(picture, rng)
    return picture


def _draw_field(ground: Floats, depth: Floats, across: Floats, rng: np.random.Generator) -> None:
    """Draw striped fields on the lower rows of a picture, whose depth goes from 0 to 1."""
    bend = rng.uniform(-0.4, 0.4) * np.sin(np.pi * across)[None, :]
    stripes = np.sin((np.log1p(9 * depth) * rng.uniform(9, 16) + bend) * 2 * np.pi)
    light = rng.uniform((140, 150, 40), (215, 200, 90))
    dark = rng.uniform((50, 90, 20), (90, 130, 50))
    np.multiply((light - dark), ((stripes + 1) / 2)[..., None], out=ground)
    ground += dark
    ground *= 0.75 + 0.25 * depth[..., None]


def _add_greenhouse(picture: Floats, rng: np.random.Generator) -> None:
    height, width, _ = picture.shape
    top, left = int(height * rng.uniform(0.6, 0.88)), int(width * rng.uniform(0, 0.85))
    rows, columns = int(height * rng.uniform(0.03, 0.06)), int(width * rng.uniform(0.08, 0.2))
    part = picture[top : top + rows, left : left + columns]
    arch = np.sin(np.linspace(0.15, np.pi * 0.9, part.shape[0]))[:, None, None]
    ribs = 0.9 + 0.1 * (np.arange(part.shape[1]) % 24 > 2)[None, :, None]
    part[:] = (150 + 95 * arch) * ribs * np.array([0.95, 0.98, 1.0])


def _add_grain(picture: Image.Image) -> Floats:
    """Add film grain, so that the size of the file is that of a photograph."""
    noise = _draw_noise(picture.width, picture.height) + np.asarray(picture)
    grained: Floats = np.clip(noise, 0, 255, out=noise).astype(np.uint8)
    return grained


@cache
def _draw_noise(width: int, height: int) -> Floats:
    """Return the grain of all pictures of a size, drawn once: it takes longer than the picture."""
    rng = np.random.default_rng((width, height))
    return rng.standard_normal((height, width, 3), dtype=np.float32) * np.float32(GRAIN)


def _star_points(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    angles = np.deg2rad(np.arange(10) * 36 - 90)
    sizes = np.where(np.arange(10) % 2, radius * 0.382, radius)
    points = np.column_stack((x + sizes * np.cos(angles), y + sizes * np.sin(angles)))
    return [(float(across), float(down)) for across, down in points]


def _draw_rim_char(image: Image.Image, char: str, angle: float, red: tuple[int, ...]) -> None:
    """Set one character on the rim, its foot to the centre."""
    tile = Image.new("RGBA", (TILE, TILE), (255, 255, 255, 0))
    ImageDraw.Draw(tile).text(
        (TILE / 2, TILE / 2), char, font=_load_font(34), fill=red, anchor="mm"
    )
    turned, turn = tile.rotate(-angle, Image.Resampling.BICUBIC), np.deg2rad(angle)
    x, y = SEAL / 2 + RIM * np.sin(turn), SEAL / 2 - RIM * np.cos(turn)
    image.alpha_composite(turned, (round(x - TILE / 2), round(y - TILE / 2)))


@cache
def _load_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(find_chinese_font_file()), size)
