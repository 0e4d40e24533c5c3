"""Executed notebooks as self-contained pages: no code, no script, nothing fetched."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _exporter() -> Any:
    """Return the exporter, made once per process: making it costs as much as using it."""
    nbconvert: Any = import_module("nbconvert")
    exporter = nbconvert.HTMLExporter(
        template_name="report", extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True,
        exclude_anchor_links=True,
    )  # fmt: skip
    screen_only = nbconvert.preprocessors.TagRemovePreprocessor(
        remove_cell_tags={"screen-only"}, enabled=True
    )
    exporter.register_preprocessor(screen_only, enabled=True)
    return exporter


@cache
def style() -> str:
    """Return the style sheet that every page carries within."""
    return (TEMPLATES / "report" / "report.css").read_text("utf-8")


def to_html(notebook: Any, *, title: str, name: str) -> str:
    """Return an executed notebook as the page of the report of a name."""
    home = "../" * name.count("/")
    resources = {"report": {"title": title, "style": style(), "home": home}}
    body, _ = _exporter().from_notebook_node(notebook, resources=resources)
    return re.sub(r"[ \t]+\n", "\n", body)
