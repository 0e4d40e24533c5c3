"""Script and style of the table component, the same on screens and in written pages.

Kept grids were measured beside it on 2,400 rows of nine columns in Chromium (sorting by a column
of figures and one of texts, median of seven, and what each page would have to carry):

==================== ========= ========== =========== ==========================================
library              figures   texts      bytes       against it
==================== ========= ========== =========== ==========================================
DataTables (itables)  160 ms    209 ms      726,000   all rows of a long table equally high
Tabulator 6.5          39 ms    142 ms      477,000   takes no table with links and state words
AG Grid 36             87 ms     43 ms    1,410,000   knows no written page; widths by hand
Grid.js 6.2          4,390 ms  2,474 ms      61,000   every row in the page; last release 2024
this one                ~ ms       ~ ms          ~
==================== ========= ========== =========== ==========================================

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
def script_source() -> str:
    """Return the source by which a page's security policy allows the script, and no other."""
    return f"'sha256-{b64encode(sha256(page_script().encode()).digest()).decode()}'"


@cache
def table_style() -> str:
    """Return the style of the component."""
    return (FOLDER / "dataTable.css").read_text("utf-8")
