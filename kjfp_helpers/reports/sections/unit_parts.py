"""What the parts of a unit's report share: titles, grey lines, the choice of the edition."""

from collections.abc import Callable
from functools import wraps

from markupsafe import Markup

from kjfp_helpers.reports import html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.sections import panel_edition

Part = Callable[[ReportData], HtmlBlock]


def or_for_panel(name: str) -> Callable[[Part], Part]:
    """Let the edition for the panel show the part of that name in its own way."""

    def decorate(part: Part) -> Part:
        @wraps(part)
        def chosen(unit: ReportData) -> HtmlBlock:
            if unit["audience"] == "panel":
                own: Part = getattr(panel_edition, name)
                return own(unit)
            return part(unit)

        return chosen

    return decorate


def render_section(title: str, *blocks: HtmlBlock, note: str = "") -> HtmlBlock:
    """Return a part under a title that says its message, with how to read it beneath."""
    head = Markup("<h2>{}</h2>").format(title)
    if note:
        head += Markup('<p class="how">{}</p>').format(note)
    return html_blocks.join_blocks(HtmlBlock(head, f"{title}\n{note}".strip()), *blocks)


NOTHING = HtmlBlock(Markup(""), "")
"""A part that another one has told already."""


def render_quiet(text: str) -> HtmlBlock:
    """Return the grey line of a part that has nothing to say."""
    return HtmlBlock(Markup('<p class="quiet">{}</p>').format(text), text)


def two_lines(text: str, small: str) -> Markup:
    """Return a text with a smaller one below it, where there is one."""
    if not small or small == text:
        return Markup("{}").format(text)
    return Markup("{}<small>{}</small>").format(text, small)
