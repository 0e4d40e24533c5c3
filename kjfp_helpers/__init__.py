"""Review workbook for the commendation at the close of 全国科技助力精准扶贫.

``README.md`` beside this file shows the way of the data, the packages and their layers;
``GLOSSARY.md`` explains the terms. For notebooks of the office, ``kjfp_helpers.open_round("2020")``
opens a round for reading; ``FRAMES.md`` lists its frames.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.library import RoundLibrary, chinese, open_round

__all__ = ["RoundLibrary", "chinese", "open_round"]

__getattr__ = lazy_getattr(__name__, {"library": ("RoundLibrary", "chinese", "open_round")})
