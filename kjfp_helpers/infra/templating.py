"""Jinja environment of the pages: values are escaped, an undefined name is an error."""

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment


def css_text(text: str) -> Markup:
    """Return text for a string in a style sheet: nothing in it ends the string or the sheet."""
    return Markup("".join(f"\\{ord(sign):x} " if sign in "\"\\<>&'\n\r" else sign for sign in text))


def template_environment(folder: Path) -> "Environment":
    """Return the Jinja environment of a folder of templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
