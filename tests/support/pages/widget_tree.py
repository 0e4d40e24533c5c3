"""Widgets of a page, looked up as a person would: by their label, their kind, their form."""

import ipywidgets as widgets

from kjfp_helpers.panels.start.start_page import PageRefresher
from kjfp_helpers.panels.tables.data_table import DataTable


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def on_screen(widget):
    """The widgets that are not hidden, nor within what is hidden."""
    if "kj-gone" not in getattr(widget, "_dom_classes", ()):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from on_screen(child)


def text(widget):
    return "\n".join(
        "\n".join(cells_of(w)) if isinstance(w, DataTable) else w.value
        for w in everything(widget)
        if isinstance(w, widgets.HTML | DataTable)
    )


def cells_of(table):
    """Headings, the HTML of a table's cells, its total; of an empty one, what stands there instead."""
    shown = table.describe()
    heads = [column["title"] for column in shown["columns"]]
    cells = [cell[0] for row in shown["rows"] for cell in row["cells"]]
    return [*heads, *cells, *(shown["total"] or ())] if cells else [shown["empty"]]


def table_of(widget, title):
    """The table of a title."""
    tables = (w for w in everything(widget) if isinstance(w, DataTable))
    return next(table for table in tables if table.title == title)


def send(table, kind, **values):
    """What a table answers to its page."""
    return table.answer({"type": kind, "edition": table.describe()["edition"], **values})[0]


def tick(page):
    """Have the start page look once, as it does every few seconds."""
    refresher = next(one for one in everything(page) if isinstance(one, PageRefresher))
    refresher._handle_custom_msg({"type": "tick"}, [])


def press_in_list(walk, key, digit=0):
    """Click an item of a list, or press a digit for it, as its page sends it."""
    kind = "answer" if digit else "show"
    message = {"type": kind, "key": key, "number": digit, "sent": walk.heard + 1}
    walk._handle_custom_msg(message, [])


def button(widget, words):
    return next(w for w in everything(widget) if getattr(w, "description", None) == words)


def of_kind(widget, kind):
    return [w for w in everything(widget) if type(w) is kind]


def confirm(widget, title):
    """Press the button of a form, and the one that confirms what it would change."""
    button(widget, f"确认{title}").click()
    forms = [
        one for one in everything(widget) if "kj-consequence" in getattr(one, "_dom_classes", ())
    ]
    for form in forms:
        if "kj-gone" not in form._dom_classes:
            button(form, "确认办理").click()


def form_of(widget, title, kind=widgets.Text):
    """The entries of one kind of a form, by its title: lines to be filled in or choices."""
    forms = [box for box in everything(widget) if "kj-decision" in getattr(box, "_dom_classes", ())]
    own = (
        box
        for box in forms
        if any(getattr(one, "description", "") == f"确认{title}" for one in everything(box))
    )
    return of_kind(next(own), kind)
