"""Style sheet of the HTML reports, carried within every page."""

from functools import cache
from pathlib import Path


@cache
def read_style_sheet() -> str:
    """Return the style sheet that every page carries within."""
    return Path(__file__).with_name("report.css").read_text("utf-8")
