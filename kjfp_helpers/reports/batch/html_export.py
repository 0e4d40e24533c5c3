"""Executed notebooks as self-contained pages: no code, a script for tables only.

The notebook itself is kept beside its page: it looks like it in Lab, and leads to it.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.page_scripts.table_script import (
    export_script,
    page_script,
    script_source,
    table_style,
)
from kjfp_helpers.notebook_kernels.process.import_blocking import deferred_modules, hidden_modules
from kjfp_helpers.reports.html_blocks import lab_style
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.reports.report_types import PANEL, UNIT, audience_of

TEMPLATES = Path(__file__).parent / "templates"
_PAGE_PARSERS = ("bs4", "bleach", "nbconvert.preprocessors.sanitize")
HOW_TO = "screen-only"
"""Tag of the cell that tells how a template is run."""


@cache
def html_exporter() -> Any:
    """Return the exporter, made once per process: making it costs more than using it.

    What nbconvert does after the template is left out: it parses the whole page to give pictures
    a text and cells a place in the order of keys, and the template has both. So is a second copy
    of a notebook that was copied and will be checked when it is written. Words that stand in
    every notebook of a kind are turned into HTML once. What parses and cleans pages is a third of
    the import, and not loaded before it is used.
    """
    from jinja2 import pass_context

    with deferred_modules(*_PAGE_PARSERS), hidden_modules("nbconvert.postprocessors.serve"):
        nbconvert: Any = import_module("nbconvert")
    replies: dict[str, str] = {}

    class PageExporter(nbconvert.HTMLExporter):  # type: ignore[misc]
        def from_notebook_node(self, notebook: Any, resources: Any) -> Any:
            return super(nbconvert.HTMLExporter, self).from_notebook_node(notebook, resources)

        def _preprocess(self, notebook: Any, resources: Any) -> Any:
            return screen_only.preprocess(notebook, resources)

        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:
            if context.get("cell", {}).get("attachments"):
                return str(super().markdown2html(context, source))
            if source not in replies:
                replies[source] = super().markdown2html(context, source)
            return replies[source]

    screen_only = nbconvert.preprocessors.TagRemovePreprocessor(remove_cell_tags={HOW_TO})
    made = PageExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        default_preprocessors=[],
        exclude_anchor_links=True,
    )
    made.register_filter(
        "highlight_code", lambda code, **_: code
    )  # named by the templates below, and never used
    made.register_filter("bare", lambda html: html.removeprefix(lab_style()))
    return made


def _has_long_table(notebook: Any) -> bool:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any(" data-table=" in output.get("data", {}).get("text/html", "") for output in outputs)


def export_html(notebook: Any, *, title: str, name: str) -> str:
    """Return an executed notebook as the page of the report of a name."""
    home = "../" * name.count("/")
    audience = audience_of(name)
    if audience == PANEL:
        home = ""  # the panel's folder has an index of its own
    report: dict[str, Any] = {"title": title, "style": read_style_sheet(), "home": home}
    report["alone"] = audience == UNIT  # sent out by itself
    is_long = _has_long_table(notebook)
    script = page_script() if is_long else export_script()
    report |= {"script": script, "script_source": f"; script-src {script_source(script)}"}
    if is_long:
        report["style"] += table_style()
    resources = {"report": report}
    body, _ = html_exporter().from_notebook_node(notebook, resources=resources)
    return re.sub(r"[ \t]+\n", "\n", body)


def link_page(notebook: Any, *, name: str) -> None:
    """Put links to the page and to the index where an executed notebook tells how it is run."""
    page = f"{name.rpartition('/')[2]}.html"
    home = "../" * name.count("/")
    cells = [cell for cell in notebook.cells if HOW_TO not in cell.metadata.get("tags", ())]
    first = next(cell for cell in notebook.cells if HOW_TO in cell.metadata.get("tags", ()))
    first.source = f"[打开网页版]({page})　[返回报告目录]({home}index.html)"
    notebook.cells = [first, *cells]
