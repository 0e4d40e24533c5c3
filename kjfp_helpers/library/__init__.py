"""Library for notebooks of the office: a round's frames and figures, read only.

``import kjfp_helpers as kjfp`` gives :func:`open_round` and :func:`chinese`; nothing of it is
loaded before.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.library.readable_frame import chinese
    from kjfp_helpers.library.round_library import RoundLibrary, open_round

__all__ = ["RoundLibrary", "chinese", "open_round"]

__getattr__ = lazy_getattr(
    __name__,
    {"readable_frame": ("chinese",), "round_library": ("RoundLibrary", "open_round")},
)
