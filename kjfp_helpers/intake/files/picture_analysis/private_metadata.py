"""What the EXIF data of a picture say that must not be public."""

from typing import Any

from kjfp_helpers.core.privacy import find_personal_numbers
from kjfp_helpers.intake.common.bug_detection import warn_internal_error

_GPS_TAG, _EXIF_TAG, _USER_COMMENT_TAG = 0x8825, 0x8769, 0x9286
_TEXT_TAGS = (0x010E, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)
"""Tags of description, author and copyright, and those of a Windows folder."""


def list_private_metadata(picture: Any) -> tuple[str, ...]:
    """Return what the EXIF data say that must not be public: a position, personal numbers."""
    try:
        exif = picture.getexif()
        found = ["拍摄位置"] if exif.get_ifd(_GPS_TAG) else []
        texts = [_exif_text(exif.get(tag)) for tag in _TEXT_TAGS]
        texts += [_exif_text(exif.get_ifd(_EXIF_TAG).get(_USER_COMMENT_TAG))]
        return (*found, *(["个人号码"] if any(map(find_personal_numbers, texts)) else []))
    except Exception as error:
        warn_internal_error(error)
        # A broken EXIF block says nothing about the picture.
        return ()


def _exif_text(value: Any) -> str:
    """Return a text of EXIF data, whatever it is encoded in; digits are what matters."""
    if isinstance(value, bytes):
        return value.replace(b"\0", b"").decode("latin-1")
    return str(value or "")
