"""Style of the HTML reports, light and dark: carried within every page, and in their notebooks."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from kjfp_helpers.core.state_labels import DARK_TONE_COLOURS, TONE_COLOURS

COLOURS: Mapping[str, tuple[str, str]] = {
    "ink": ("#22262b", "#e4e7ea"),
    "soft": ("#5a606a", "#a9b2bb"),
    "line": ("#dfe3e8", "#3a4046"),
    "blue": ("#2b6ca3", "#7db7e8"),
    "wash": ("#f5f7fa", "#1f2428"),
    "paper": ("#ffffff", "#15181b"),
    "tint": ("#e8f0f7", "#1c3042"),
    "hot": ("#a32020", "#ff9d94"),
    "head": ("#2b6ca3", "#1d4a73"),
    **{
        name: pair
        for tone, (ink, ground, _) in TONE_COLOURS.items()
        for name, pair in (
            (tone, (ink.lower(), DARK_TONE_COLOURS[tone][0].lower())),
            (f"{tone}-soft", (ground.lower(), DARK_TONE_COLOURS[tone][1].lower())),
        )
    },
}
"""Variable of the style sheet to its colour on a light and on a dark screen; paper is light."""
_PLOT = "figure img { filter: invert(.91) hue-rotate(180deg); }"
"""The dark variant of a plot: a second picture would double what each page carries."""
_IN_LAB = ".jp-Notebook:has(header.report)"


@cache
def read_style_sheet() -> str:
    """Return the style sheet that every page carries within."""
    dark = f":root {{ color-scheme: dark; {_declare(dark=True)} }} {_PLOT}"
    return (
        f":root {{ color-scheme: light; {_declare(dark=False)} }}\n{_rules()}"
        f"@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n"
    )


@cache
def read_lab_style() -> str:
    """Return the same for a report's notebook in Lab, where it goes by Lab's theme.

    It touches nothing but the notebooks that hold a report.
    """
    around = Path(__file__).with_name("report_in_lab.css").read_text("utf-8")
    dark = f"{_declare(dark=True)} {_PLOT}"
    return (
        f"{_IN_LAB} {{ {_declare(dark=False)}\n{_rules()}{around}}}\n"
        f'body[data-jp-theme-light="false"] {_IN_LAB} {{ {dark} }}\n'
    )


def page_foot(text: str) -> Markup:
    """Return the style that prints a text and the page number at the foot of every page."""
    plain = "".join(char for char in text if char not in '"\\<>{}\n')
    rule = (
        '@page{{@bottom-left{{content:"{}";font-size:8pt}}'
        '@bottom-right{{content:"第" counter(page) "页，共" counter(pages) "页";font-size:8pt}}}}'
    ).format(escape(plain).replace("&#39;", "'"))
    return Markup("<style>{}</style>").format(Markup(rule))


def _declare(*, dark: bool) -> str:
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in COLOURS.items())


def _rules() -> str:
    return Path(__file__).with_name("report.css").read_text("utf-8")
