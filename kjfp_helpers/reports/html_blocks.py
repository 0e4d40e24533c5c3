"""Tables and short texts for reports: escaped HTML that needs nothing else."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from kjfp_helpers.core import state_labels
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.page_style import read_lab_style

if TYPE_CHECKING:
    from kjfp_helpers.reports.charts.chart import RenderedChart


DASH = Markup(formatting.MISSING)
"""What stands for a missing value."""
MIN_DENSE_COLUMNS = 8
"""Columns from which headings wrap, so that texts keep their room."""


@dataclass(frozen=True)
class HtmlBlock:
    """A piece of a report; shown in notebooks and pages alike, the same bytes every time.

    The ``head`` of a report brings the style for its notebook; pages have it already.
    """

    html: Markup
    text: str
    head: bool = False

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        style = lab_style() if self.head else ""
        return {"text/html": f"{style}{self.html}", "text/plain": self.text}


def lab_style() -> str:
    """Return what stands before the head of a report in its notebook."""
    return f"<style>\n{read_lab_style()}</style>\n"


def render_chip(word: str) -> Markup:
    """Return a word as a chip when it is a known state (a count may follow), plain otherwise."""
    tone = state_labels.tone_of(re.sub(r"\d+类$", "", word) if word.endswith("类") else word)
    shown = escape(word)
    return Markup(f'<span class="chip {tone}">{shown}</span>') if tone else shown


def render_alert(text: str) -> Markup | str:
    """Return a text that stands out, blank for none."""
    return Markup('<b class="alert">{}</b>').format(text) if text else ""


def render_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    empty: str = "无",
    numeric_columns: Sequence[str] = (),
    nowrap_columns: Sequence[str] = (),
    optional_columns: Collection[str] = (),
    title: str = "",
    filter_columns: Collection[str] = (),
    heading: int = 0,
) -> HtmlBlock:
    """Return a table; cells are escaped, missing cells are a dash.

    Parameters
    ----------
    columns : sequence of str
        Chinese headings.
    rows : iterable of sequences
        Cells as shown, one per column.
    empty : str
        Sentence shown in place of a table without rows.
    numeric_columns : sequence of str
        Headings whose cells are aligned right.
    nowrap_columns : sequence of str
        Headings whose cells keep to one line.
    optional_columns : collection of str
        Headings of columns with remarks: a blank one has no dash, and where every row is blank the
        column is left out.
    title : str
        Name of a long table, which a page's script makes sortable and searchable.
    filter_columns : collection of str
        Headings of its columns whose words narrow it.
    heading : int
        Place of its column that names a row.
    """
    body = [["" if is_missing(cell) else cell for cell in row] for row in rows]
    if not body:
        return HtmlBlock(Markup('<p class="none">{}</p>').format(empty), empty)
    columns, body = _drop_blank_columns(columns, body, optional_columns)
    attributes = [
        _class_attribute(is_numeric=column in numeric_columns, no_wrap=column in nowrap_columns)
        for column in columns
    ]
    filters = [Markup(" data-filter" if column in filter_columns else "") for column in columns]
    heads = [attribute + mark for attribute, mark in zip(attributes, filters, strict=True)]
    head = _render_row("th", heads, [_heading(column) for column in columns])
    named = Markup(' data-table="{}" data-heading="{}"').format(title, heading) if title else ""
    blanks = [Markup("") if column in optional_columns else DASH for column in columns]
    lines = "\n".join(
        f"<tr>{_render_row('td', attributes, map(_cell, row, blanks))}</tr>" for row in body
    )
    html = Markup(
        f'<table class="report{_table_shape(len(columns))}"{named}><thead><tr>{head}</tr></thead>'
        f"\n<tbody>\n{lines}\n</tbody></table>"
    )
    text = "\n".join("\t".join(_plain(cell) for cell in row) for row in [columns, *body])
    return HtmlBlock(html, text)


def _drop_blank_columns(
    columns: Sequence[str], body: Sequence[Sequence[Any]], optional_columns: Collection[str]
) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows without the optional columns that are blank in every row."""
    kept = [
        index
        for index, column in enumerate(columns)
        if column not in optional_columns or any(row[index] != "" for row in body)
    ]
    return [columns[index] for index in kept], [[row[index] for index in kept] for row in body]


def _class_attribute(*, is_numeric: bool, no_wrap: bool) -> Markup:
    names = [name for name, applies in (("n", is_numeric), ("f", no_wrap)) if applies]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup("")


def _render_row(tag: str, attributes: Sequence[Markup], cells: Iterable[Markup]) -> str:
    """Return the cells of a row; for hundreds of them ``Markup.format`` takes too long."""
    return "".join(
        f"<{tag}{attribute}>{cell}</{tag}>"
        for attribute, cell in zip(attributes, cells, strict=True)
    )


def _table_shape(number: int) -> str:
    """Return the style classes for a number of columns."""
    if number == 2:
        return " pair"
    return " dense" if number >= MIN_DENSE_COLUMNS else ""


def _heading(column: str) -> Markup:
    """Return a heading that may break after its fourth character, so that none stands alone."""
    first, rest = column[:4], column[4:]
    return Markup(f"{escape(first)}<wbr>{escape(rest)}") if len(rest) > 1 else escape(column)


def _plain(cell: Any) -> str:
    """Return a cell as text without its markup; a smaller text in it stands apart."""
    if isinstance(cell, Markup):
        return cell.replace("<small>", " <small>").striptags()
    return str(cell)


def _cell(cell: Any, blank: Markup) -> Markup:
    if isinstance(cell, Markup):
        return cell
    return render_chip(formatting.remove_control_chars(cell)) if cell != "" else blank


def render_facts(pairs: Iterable[tuple[str, Any]]) -> HtmlBlock:
    """Return a row of figures, each with its label."""
    items = [(label, formatting.MISSING if is_missing(value) else value) for label, value in pairs]
    html = Markup('<div class="facts">{}</div>').format(
        Markup("").join(
            Markup('<div class="fact"><b>{}</b><span>{}</span></div>').format(value, label)
            for label, value in items
        )
    )
    return HtmlBlock(html, "；".join(f"{label}：{value}" for label, value in items))


def render_note(text: str, *, tone: str = "") -> HtmlBlock:
    """Return a sentence, toned ``good``, ``warn`` or ``bad`` when it should stand out."""
    return HtmlBlock(Markup('<p class="note {}">{}</p>').format(tone, text), text)


DRAFT_LINE = "入围结果是草案，不得公布；缺什么见总报告“公示以前须办的事项”。"


def render_heading(title: str, lines: Sequence[str], about: Mapping[str, Any]) -> HtmlBlock:
    """Return the head of a report, labelled as rehearsal, draft or under amended rules.

    ``about`` is the report data's description of the round; a list that has been revealed but is
    not final is labelled as a draft.
    """
    revealed, lines = about.get("revealed"), [*lines, *about["amendments"]]
    draft = revealed and about.get("draft")
    if revealed:
        lines.extend([DRAFT_LINE] if draft else about.get("waived", ()))
    marks = []
    if about["rehearsal"]:
        marks.append(formatting.REHEARSAL)
    if draft:
        marks.append(formatting.DRAFT)
    chips = Markup("").join(
        Markup('<span class="rehearsal">{}</span>').format(mark) for mark in marks
    )
    html = Markup('<header class="report"><h1>{}{}</h1>{}</header>').format(
        title, chips, Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
    )
    return HtmlBlock(html, "\n".join([title, *lines]), head=True)


def render_subheading(title: str) -> HtmlBlock:
    """Return a head within a section."""
    return HtmlBlock(Markup("<h3>{}</h3>").format(title), title)


def render_passage(title: str, text: str) -> HtmlBlock:
    """Return a text in its own paragraphs below a head; a dash where there is none."""
    lines = [line for line in text.splitlines() if line.strip()] or [formatting.MISSING]
    body = Markup("").join(Markup("<p>{}</p>").format(line.strip()) for line in lines)
    html = Markup('<h3>{}</h3><div class="passage">{}</div>').format(title, body)
    return HtmlBlock(html, f"{title}\n{text}")


def render_points(lines: Sequence[str | Markup]) -> HtmlBlock:
    """Return a list of sentences to be read first."""
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    text = "\n".join(line.striptags() if isinstance(line, Markup) else line for line in lines)
    return HtmlBlock(Markup('<ul class="points">{}</ul>').format(items), text)


def join_blocks(*parts: HtmlBlock) -> HtmlBlock:
    """Return pieces one below the other as one."""
    html = Markup("\n").join(part.html for part in parts)
    text = "\n".join(part.text for part in parts)
    return HtmlBlock(html, text, head=any(part.head for part in parts))


FIGURE_MARKUP = Markup('<figure><img src="data:image/png;base64,{}" width="{}" alt="{}"></figure>')


def render_gallery(parts: "Iterable[RenderedChart | HtmlBlock]") -> HtmlBlock:
    """Return several pictures or texts one below the other."""
    shown = list(parts)
    pieces = [
        part.html
        if isinstance(part, HtmlBlock)
        else FIGURE_MARKUP.format(part.base64, part.width, part.alt)
        for part in shown
    ]
    text = "\n".join(part.text if isinstance(part, HtmlBlock) else part.alt for part in shown)
    return HtmlBlock(Markup("\n").join(pieces), text)
