"""The fonts and settings of all figures: Chinese glyphs from an installed package's font file."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError


def find_chinese_font_file() -> Path:
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
            "图表字体",
            expected="zhplot 包内的中文字体",
            found="没有找到",
            advice="运行 pip install zhplot 后重试",
        )
    return files[0]


def list_font_files() -> list[Path]:
    """Return the files that every figure is drawn with, the Chinese one first."""
    import matplotlib as mpl

    return [
        find_chinese_font_file(),
        Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
    ]


@cache
def register_fonts() -> list[str]:
    """Register the fonts once and return their family names, Chinese first.

    They come before the machine's own fonts of the same names, which may hold other glyphs.
    """
    from matplotlib.font_manager import FontProperties, fontManager

    names = []
    for file in list_font_files():
        known = len(fontManager.ttflist)
        fontManager.addfont(file)
        fontManager.ttflist[:] = [*fontManager.ttflist[known:], *fontManager.ttflist[:known]]
        names.append(FontProperties(fname=file).get_name())
    return names


def build_settings() -> dict[str, Any]:
    """Return the matplotlib settings every plot is drawn under.

    Text is drawn as it stands: a name with ``$`` is no formula.
    """
    return {
        "font.family": register_fonts(),
        "font.size": 10,
        "text.parse_math": False,
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
def use_chinese_fonts() -> Iterator[None]:
    """Draw within these settings and leave everything else as it was."""
    import matplotlib as mpl

    chosen: Any = build_settings()
    with mpl.rc_context(chosen):
        yield
