"""Style sheet of the HTML reports, carried within every page."""

from pathlib import Path


def style() -> str:
    """Return the style sheet that every page carries within."""
    return Path(__file__).with_name("report.css").read_text("utf-8")
