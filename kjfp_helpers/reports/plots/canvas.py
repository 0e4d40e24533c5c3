"""Figures without pyplot: one draw, fixed metadata, a palette safe for colour-blind readers."""

import io
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kjfp_helpers.reports import words
from kjfp_helpers.reports.plots.fonts import chinese_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GOOD, SHORT, MUTED, INK, LINE = "#2B6CA3", "#D9822B", "#B8BDC6", "#22262B", "#8A8F98"
ALERT = "#A32020"
DPI = 150


@dataclass(frozen=True)
class Picture:
    """A drawn figure; ``alt`` says in words what it shows, ``width`` is in CSS pixels."""

    png: bytes
    alt: str
    width: int

    @property
    def base64(self) -> str:
        """The PNG as a page or a notebook carries it."""
        return b64encode(self.png).decode()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"image/png": self.base64, "text/plain": self.alt}
        return data, {"image/png": {"width": self.width, "alt": self.alt}}


def draw(
    paint: "Callable[[Figure], None]",
    *,
    width: float,
    height: float,
    alt: str,
    rehearsal: bool,
) -> Picture:
    """Let ``paint`` fill a figure of ``width`` x ``height`` inches and return it as PNG.

    The figure is saved once at its own size: margins are the painter's, since a tight box
    would draw everything a second time.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with chinese_fonts():
        figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        paint(figure)
        if rehearsal:
            _mark(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return Picture(buffer.getvalue(), alt, round(width * 96))


def _mark(figure: "Figure") -> None:
    inset = 0.12
    width, height = figure.get_size_inches()
    figure.text(
        1 - inset / width, 1 - inset / height, f"{words.REHEARSAL} · 数据均为虚构",
        ha="right", va="top", color="white", fontsize=9,
        bbox={"boxstyle": "round,pad=0.35", "facecolor": ALERT, "edgecolor": "none"},
    )  # fmt: skip


def margins(figure: "Figure", left: float, right: float, top: float, bottom: float) -> None:
    """Set the margins in inches, so that labels keep their room whatever the figure's size."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=left / width, right=1 - right / width, top=1 - top / height, bottom=bottom / height
    )


def title(figure: "Figure", text: str, note: str = "") -> None:
    """Write the title and a line below it at the upper left."""
    width, height = figure.get_size_inches()
    figure.text(0.15 / width, 1 - 0.16 / height, text, fontsize=13, color=INK, va="top")
    if note:
        figure.text(0.15 / width, 1 - 0.48 / height, note, fontsize=9, color="#5A606A", va="top")


def rows_axis(axes: "Axes", labels: list[str], *, size: float = 9) -> None:
    """Lay out one labelled row per entry, the first on top, with faint bands to read along."""
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    for place in range(1, len(labels), 2):
        axes.axhspan(place - 0.5, place + 0.5, color="#F5F6F8", zorder=0, linewidth=0)
