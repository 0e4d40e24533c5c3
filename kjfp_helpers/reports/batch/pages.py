"""Executed notebooks and the index as self-contained pages: no code, no script, nothing fetched."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from kjfp_helpers.reports import tables, words

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index.html"
PAPERS = (
    ("shortlist.xlsx", "入围名单"), ("register.xlsx", "来件登记"), ("findings.xlsx", "问题清单"),
    ("publication.docx", "公示稿"), ("exhibition/index.html", "线上展览"),
)  # fmt: skip
"""Other papers of the round that the index links to, from the folder above."""


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


def to_html(notebook: Any, *, title: str) -> str:
    """Return an executed notebook as a page."""
    resources = {"report": {"title": title, "style": style()}}
    body, _ = _exporter().from_notebook_node(notebook, resources=resources)
    return re.sub(r"[ \t]+\n", "\n", body)


def index_page(
    whole: Mapping[str, Any],
    units: Iterable[Mapping[str, Any]],
    failed: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return the index of all reports.

    Parameters
    ----------
    whole : mapping
        The overall slice.
    units : iterable of mappings
        Unit slices in the order shown.
    failed : mapping
        Report name to ``notebook``, ``cell`` and ``reason`` of its failure.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in words.CLASSES.values()}
    for unit in units:
        groups[unit["unit"]["class"]].append(_line(unit, failed))
    return environment.get_template("index.page.j2").render(
        style=style(), about=whole["round"], counts=whole["counts"], groups=groups, failed=failed,
        rehearsal=words.REHEARSAL, chip=tables.chip, overall_failed="overall" in failed,
        papers=PAPERS,
    )  # fmt: skip


def _line(unit: Mapping[str, Any], failed: Mapping[str, Any]) -> dict[str, Any]:
    counts = Counter(found["severity"] for found in unit["findings"])
    states = unit["completeness"].values()
    owed = sum(state in (None, "未收") for state in states)
    whole = "齐全" if set(states) <= {"已收", "未推荐"} else "不全"
    return {
        "code": unit["unit"]["code"],
        "name": unit["unit"]["short_name"],
        "met": words.met(unit["met"]),
        "materials": f"未收{owed}类" if owed else whole,
        "errors": counts["须补正"],
        "questions": counts["待核实"],
        "nominees": len(unit["nominees"]),
        "eligible": sum(nominee["eligible"] for nominee in unit["nominees"]),
        "failed": unit["unit"]["code"] in failed,
    }
