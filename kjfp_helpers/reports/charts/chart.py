"""Figures without pyplot: one draw, fixed metadata, a palette safe for colour-blind readers.

Most of a figure's time goes by how many artists it holds: what is alike is drawn as one.
"""

import io
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.state_labels import TONE_COLOURS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.fonts import use_chinese_fonts
from kjfp_helpers.reports.charts.missing_glyphs import replace_in_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GOOD, SHORT, UNMET = (TONE_COLOURS[tone][2] for tone in ("good", "warn", "bad"))
MUTED, INK, LINE = "#B8BDC6", "#22262B", "#8A8F98"
ALERT = "#A32020"
DPI = 150


@dataclass(frozen=True)
class RenderedChart:
    """A drawn figure; ``alt`` says in words what it shows, ``width`` is in CSS pixels.

    ``fingerprint`` is set by :class:`~kjfp_helpers.reports.charts.chart_cache.ChartCache`.
    """

    png: bytes
    alt: str
    width: int
    fingerprint: str = ""

    @property
    def base64(self) -> str:
        """The PNG as a page or a notebook carries it."""
        return b64encode(self.png).decode()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"image/png": self.base64, "text/plain": self.alt}
        sealed = {"seal": self.fingerprint} if self.fingerprint else {}
        return data, {"image/png": {"width": self.width, "alt": self.alt, **sealed}}


def render_chart(
    paint_axes: "Callable[[Figure], None]",
    *,
    width: float,
    height: float,
    alt: str,
    rehearsal: bool,
) -> RenderedChart:
    """Let ``paint_axes`` fill a figure of ``width`` x ``height`` inches and return it as PNG.

    The figure is saved once at its own size: margins are the painter's, since a tight box
    would draw everything a second time.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with use_chinese_fonts():
        figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        paint_axes(figure)
        if rehearsal:
            _add_rehearsal_mark(figure)
        replace_in_figure(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return RenderedChart(buffer.getvalue(), alt, round(width * 96))


def _add_rehearsal_mark(figure: "Figure") -> None:
    inset = 0.12
    width, height = figure.get_size_inches()
    figure.text(
        1 - inset / width,
        1 - inset / height,
        f"{formatting.REHEARSAL} · 数据均为虚构",
        ha="right",
        va="top",
        color="white",
        fontsize=9,
        bbox={"boxstyle": "round,pad=0.35", "facecolor": ALERT, "edgecolor": "none"},
    )


def set_margins(figure: "Figure", left: float, right: float, top: float, bottom: float) -> None:
    """Set the margins in inches, so that labels keep their room whatever the figure's size."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=left / width, right=1 - right / width, top=1 - top / height, bottom=bottom / height
    )


def add_title(figure: "Figure", text: str, note: str = "") -> None:
    """Write the title and a line below it at the upper left."""
    width, height = figure.get_size_inches()
    figure.text(0.15 / width, 1 - 0.16 / height, text, fontsize=13, color=INK, va="top")
    if note:
        figure.text(0.15 / width, 1 - 0.48 / height, note, fontsize=9, color="#5A606A", va="top")


def label_rows(axes: "Axes", labels: list[str], *, size: float = 9) -> None:
    """Lay out one labelled row per entry, the first on top."""
    band_rows(axes, len(labels))
    axes.set_yticks(range(len(labels)), labels, fontsize=size)


def band_rows(axes: "Axes", number: int) -> None:
    """Lay out rows without labels, with faint bands to read along."""
    from matplotlib.collections import PolyCollection

    axes.set_ylim(number - 0.4, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    bands = [
        [(0, index - 0.5), (1, index - 0.5), (1, index + 0.5), (0, index + 0.5)]
        for index in range(1, number, 2)
    ]
    across = axes.get_yaxis_transform()
    axes.add_collection(
        PolyCollection(bands, transform=across, facecolor="#F5F6F8", linewidth=0, zorder=0),
        autolim=False,
    )


def draw_bars(axes: "Axes", rates: Sequence[tuple[int, float, str]], *, height: float) -> None:
    """Draw bars from zero, each by its row, its length and its colour."""
    from matplotlib.collections import PolyCollection

    half = height / 2
    boxes = [
        [(0, row - half), (end, row - half), (end, row + half), (0, row + half)]
        for row, end, _ in rates
    ]
    colours = [colour for _, _, colour in rates]
    axes.add_collection(PolyCollection(boxes, facecolors=colours, linewidth=0), autolim=False)


def draw_intervals(
    axes: "Axes", spans: Sequence[tuple[int, float, float, str]], *, width: float, alpha: float = 1
) -> None:
    """Draw level lines, each by its row, its two ends and its colour."""
    if spans:
        rows, low, high, colours = zip(*spans, strict=True)
        axes.hlines(rows, low, high, colors=colours, linewidth=width, alpha=alpha, capstyle="round")


def draw_points(axes: "Axes", dots: Sequence[tuple[float, int, str]], *, size: float) -> None:
    """Draw dots, each by its value, its row and its colour; ``size`` is across, in points."""
    if dots:
        values, rows, colours = zip(*dots, strict=True)
        axes.scatter(values, rows, s=size**2, c=colours, linewidths=0, zorder=2.5)
