"""The figures of a notebook's last run, shown again where they would be drawn the same.

Figures are most of a report's time. Each drawn for a cache bears a fingerprint of its bytes
and all they come from, so that the executed notebook is its own store: what is not sealed by
exactly what is to be shown now is drawn anew.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.cache import MemoryCache
from kjfp_helpers.reports.charts.chart import RenderedChart

DrawChart = Callable[..., RenderedChart]
ShowChart = Callable[..., RenderedChart]
"""Takes a :data:`Draw` and what it is to draw, and returns the picture."""


def draw_uncached(draw: DrawChart, *shown: Any, **words: Any) -> RenderedChart:
    """Draw without a cache."""
    return draw(*shown, **words)


_recent = MemoryCache()


def _as_drawn(picture: RenderedChart) -> RenderedChart:
    return picture


def draw_or_recall(draw: DrawChart, *shown: Any, **words: Any) -> RenderedChart:
    """Return what was drawn of the same lately in this process, else draw it.

    A run draws the list's charts for its workbook and, to verify that, a second time. What the
    chart shows is plain values.
    """
    return _recent(draw, *shown, decode=_as_drawn, **words)


class ChartCache:
    """Pictures by what they show.

    Parameters
    ----------
    notebook : Path
        What the last run left; a file that is lost, torn or another's holds no picture.
    made_with : str
        Names the code and the libraries that draw.
    """

    def __init__(self, notebook: Path, made_with: str) -> None:
        self._made_with = made_with
        self._standing = list(_cached_charts(notebook))

    def __call__(self, draw: DrawChart, *shown: Any, **words: Any) -> RenderedChart:
        """Return the picture that stands, else draw it; what it shows is plain values."""
        drawing = json.dumps([self._made_with, draw.__name__, shown, words], sort_keys=True)
        for picture in self._standing:
            if picture.fingerprint == _with_fingerprint(picture, drawing):
                return picture
        picture = draw(*shown, **words)
        return replace(picture, fingerprint=_with_fingerprint(picture, drawing))


def _with_fingerprint(picture: RenderedChart, drawing: str) -> str:
    about = json.dumps([drawing, picture.alt, picture.width])
    return hashlib.sha256(about.encode() + picture.png).hexdigest()


def _cached_charts(notebook: Path) -> Iterator[RenderedChart]:
    """Yield the sealed pictures of an executed notebook, up to where it is torn."""
    try:
        for cell in json.loads(notebook.read_bytes())["cells"]:
            for output in cell.get("outputs", ()):
                about = output.get("metadata", {}).get("image/png", {})
                if "seal" in about:
                    png = b64decode(output["data"]["image/png"])
                    yield RenderedChart(png, about["alt"], about["width"], about["seal"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return
