"""Script and style of the table component, the same on screens and in written pages.

Kept grids were measured beside it, interleaved in one run of Chromium under load: 2,400 rows of
nine columns, sorted by a column of figures and by one of texts, layout and painting included (CPU
time a sort, median of three pages), and the bytes that each page carries.

==================  ==========  =========  ==========  ============================================
library             figures ms  texts ms   bytes       against it
==================  ==========  =========  ==========  ============================================
this one                    53         50      25,900
DataTables/itables         568        616     726,000  long tables need rows of one height
Tabulator 6.5              113        336     477,000  takes no written table with links and labels
AG Grid 36                 315        192   1,410,000  knows no written page; widths set by hand
Grid.js 6.2             14,905     15,413      61,000  draws every row; last release in 2024
==================  ==========  =========  ==========  ============================================

(ipydatagrid draws on a canvas, which screen readers cannot read, and lives in Jupyter only.)
A written page carries the script, so that size decides.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules

FOLDER = Path(__file__).with_name("data_table")


@cache
def widget_script() -> str:
    """Return the module that anywidget loads."""
    return bundle_modules(FOLDER / "widget.js")


@cache
def page_script() -> str:
    """Return the module that brings the tables of a written page to life.

    It takes over each ``<table data-table="title">``; ``data-filter`` on a heading makes filters of
    the words below it, ``data-heading`` on the table names the column that stays in view.
    """
    return bundle_modules(FOLDER / "page.js")


@cache
def export_script() -> str:
    """Return the module of a page whose tables are short: all of them are saved as one workbook."""
    return bundle_modules(FOLDER / "shortTables.js")


@cache
def script_source(script: str = "") -> str:
    """Return the source by which a page's security policy allows a script, and no other.

    Without one it is that of :func:`page_script`.
    """
    digest = sha256((script or page_script()).encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


@cache
def table_style() -> str:
    """Return the style of the component."""
    return (FOLDER / "dataTable.css").read_text("utf-8")
