"""Chinese glyphs in plots from an installed package's font file, never boxes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kjfp_helpers.errors import OutputError

FALLBACK = "DejaVu Sans"
"""Ships with matplotlib; serves glyphs the Chinese font lacks."""


def font_file() -> Path:
    """Return the font file that zhplot carries; zhplot itself is never imported.

    Importing it would change matplotlib's settings for everything in the process.

    Raises
    ------
    OutputError
        When the package or its font is not installed.
    """
    spec = find_spec("zhplot")
    folder = Path(spec.origin).parent / "fonts" if spec and spec.origin else Path("zhplot/fonts")
    files = sorted(folder.glob("*.[ot]tf"))
    if not files:
        raise OutputError(
            "图表字体", expected="zhplot 包内的中文字体", found="没有找到",
            advice="运行 pip install zhplot 后重试",
        )  # fmt: skip
    return files[0]


@cache
def families() -> list[str]:
    """Register the font once and return the installed family names, Chinese first."""
    from matplotlib import font_manager

    file = font_file()
    font_manager.fontManager.addfont(file)
    return [font_manager.FontProperties(fname=file).get_name(), FALLBACK]


def settings() -> dict[str, Any]:
    """Return the matplotlib settings every plot is drawn under."""
    return {
        "font.family": families(),
        "font.size": 10,
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#8A8F98",
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "xtick.color": "#4A4F57",
        "ytick.color": "#22262B",
        "ytick.major.size": 0,
        "hatch.linewidth": 0.6,
        "svg.hashsalt": "kjfp",
    }


@contextmanager
def chinese_fonts() -> Iterator[None]:
    """Draw within these settings and leave everything else as it was."""
    import matplotlib as mpl

    chosen: Any = settings()
    with mpl.rc_context(chosen):
        yield
