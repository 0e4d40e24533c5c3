"""What was done to a picture before it was sent: a part cut out, saved twice, blown up."""

from io import BytesIO

from PIL import Image

from kjfp_helpers.rehearsal.writers.synthetic_images import MIN_BYTES, PICTURE_SIZE

_PART = (0.1, 0.05, 0.92, 0.9)
"""Left, top, right and bottom of the part that is cut out, as shares of the whole."""
_LARGER = 1.6
_EARLIER_QUALITY = 60
_BLOWN_UP = 2


def treat_picture(data: bytes, treatment: str) -> bytes:
    """Return a JPG with a treatment; ``""`` leaves it as it is.

    ``crop`` cuts a part out, ``resaved`` saves it at a low quality before, ``enlarged`` makes it of
    a quarter of the pixels, ``located`` notes where it was taken.
    """
    if not treatment:
        return data
    with Image.open(BytesIO(data)) as image:
        image.load()
    width, height = image.size
    if treatment == "located":
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 35.0, 0.0), 3: "E", 4: (106.0, 43.0, 0.0)})
        return _save(image, exif=exif.tobytes())
    if treatment == "crop":
        left, top, right, bottom = _PART
        box = (int(left * width), int(top * height), int(right * width), int(bottom * height))
        return _save(image.crop(box).resize(PICTURE_SIZE, Image.Resampling.BICUBIC))
    large = (int(_LARGER * width), int(_LARGER * height))
    if treatment == "resaved":
        buffer = BytesIO()
        image.resize(large).save(buffer, "JPEG", quality=_EARLIER_QUALITY, subsampling=0)
        with Image.open(buffer) as earlier:
            return _save(earlier)
    if treatment == "enlarged":
        few = image.resize((large[0] // _BLOWN_UP, large[1] // _BLOWN_UP))
        return _save(few.resize(large, Image.Resampling.BICUBIC))
    raise ValueError(treatment)


def _save(image: Image.Image, exif: bytes = b"") -> bytes:
    """Return a JPG of at least the size of a photograph, where its pixels give it."""
    for quality in (97, 98, 99, 100):
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality, subsampling=0, exif=exif)
        if buffer.tell() >= MIN_BYTES:
            break
    return buffer.getvalue()
