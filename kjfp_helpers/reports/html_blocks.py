"""Tables and short texts for reports: escaped HTML that needs nothing else."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from kjfp_helpers.core import state_labels
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from kjfp_helpers.reports.figures.figure import Picture


DENSE = 8
"""Columns from which headings wrap, so that texts keep their room."""


@dataclass(frozen=True)
class Html:
    """A piece of a report; shown in notebooks and pages alike, the same bytes every time."""

    html: Markup
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": str(self.html), "text/plain": self.text}


def chip(word: str) -> Markup:
    """Return a word as a chip when it is a known state (a count may follow), plain otherwise."""
    tone = state_labels.tone(re.sub(r"\d+类$", "", word))
    return Markup('<span class="chip {}">{}</span>').format(tone, word) if tone else escape(word)


def alert(text: str) -> Markup | str:
    """Return a text that stands out, blank for none."""
    return Markup('<b class="alert">{}</b>').format(text) if text else ""


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    empty: str = "无",
    numeric: Sequence[str] = (),
    firm: Sequence[str] = (),
    spare: Collection[str] = (),
) -> Html:
    """Return a table; cells are escaped, missing cells are a dash.

    Parameters
    ----------
    columns : sequence of str
        Chinese headings.
    rows : iterable of sequences
        Cells as shown, one per column.
    empty : str
        Sentence shown in place of a table without rows.
    numeric : sequence of str
        Headings whose cells stand to the right.
    firm : sequence of str
        Headings whose cells keep to one line.
    spare : collection of str
        Headings that are left out, their room for others, where no row has anything there.
    """
    body = [["" if formatting.is_missing(cell) else cell for cell in row] for row in rows]
    if not body:
        return Html(Markup('<p class="none">{}</p>').format(empty), empty)
    kept = [
        place
        for place, column in enumerate(columns)
        if column not in spare or any(row[place] != "" for row in body)
    ]
    columns, body = [columns[at] for at in kept], [[row[at] for at in kept] for row in body]
    classes = [
        ("n " if column in numeric else "") + ("f" if column in firm else "") for column in columns
    ]
    sides = [f' class="{name.strip()}"' if name else "" for name in classes]
    head = Markup("").join(
        Markup("<th{}>{}</th>").format(Markup(side), _heading(column))
        for side, column in zip(sides, columns, strict=True)
    )
    lines = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td{}>{}</td>").format(Markup(side), _cell(cell))
                for side, cell in zip(sides, row, strict=True)
            )
        )
        for row in body
    )
    shape = " pair" if len(columns) == 2 else " dense" if len(columns) >= DENSE else ""
    html = Markup(
        '<table class="report{}"><thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table>'
    ).format(shape, head, lines)
    text = "\n".join("\t".join(str(cell) for cell in row) for row in [list(columns), *body])
    return Html(html, text)


def _heading(column: str) -> Markup:
    """Return a heading that may break after its fourth sign, so that none stands alone."""
    first, rest = column[:4], column[4:]
    return Markup("{}<wbr>{}").format(first, rest) if len(rest) > 1 else escape(column)


def _cell(cell: Any) -> Markup:
    if isinstance(cell, Markup):
        return cell
    return chip(formatting.clean(cell)) if cell != "" else Markup(formatting.MISSING)


def facts(pairs: Iterable[tuple[str, Any]]) -> Html:
    """Return a row of figures, each with its label."""
    items = [
        (label, formatting.MISSING if formatting.is_missing(value) else value)
        for label, value in pairs
    ]
    html = Markup('<div class="facts">{}</div>').format(
        Markup("").join(
            Markup('<div class="fact"><b>{}</b><span>{}</span></div>').format(value, label)
            for label, value in items
        )
    )
    return Html(html, "；".join(f"{label}：{value}" for label, value in items))


def note(text: str, *, tone: str = "") -> Html:
    """Return a sentence, toned ``good``, ``warn`` or ``bad`` when it should stand out."""
    return Html(Markup('<p class="note {}">{}</p>').format(tone, text), text)


DRAFT_LINE = "入围结果是草案，不得公布；缺什么见总报告第六部分。"


def heading(title: str, lines: Sequence[str], about: Mapping[str, Any]) -> Html:
    """Return the head of a report, with the marks of its round: rehearsal, draft, amended rules.

    ``about`` is what ``about`` returns; results are told as a
    draft once there are any.
    """
    revealed, lines = about.get("revealed"), [*lines, *about["amendments"]]
    draft = revealed and about.get("draft")
    if revealed:
        lines += [DRAFT_LINE] if draft else about.get("waived", ())
    marks = [formatting.REHEARSAL] * about["rehearsal"] + [formatting.DRAFT] * bool(draft)
    mark = Markup("").join(Markup('<span class="rehearsal">{}</span>').format(one) for one in marks)
    html = Markup('<header class="report"><h1>{}{}</h1>{}</header>').format(
        title, mark, Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
    )
    return Html(html, "\n".join([title, *lines]))


def subheading(title: str) -> Html:
    """Return a head within a section."""
    return Html(Markup("<h3>{}</h3>").format(title), title)


def passage(title: str, text: str) -> Html:
    """Return a text in its own paragraphs below a head; a dash where there is none."""
    lines = [line for line in text.splitlines() if line.strip()] or [formatting.MISSING]
    body = Markup("").join(Markup("<p>{}</p>").format(line.strip()) for line in lines)
    html = Markup('<h3>{}</h3><div class="passage">{}</div>').format(title, body)
    return Html(html, f"{title}\n{text}")


def points(lines: Sequence[str | Markup]) -> Html:
    """Return a list of sentences to be read first."""
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    text = "\n".join(line.striptags() if isinstance(line, Markup) else line for line in lines)
    return Html(Markup('<ul class="points">{}</ul>').format(items), text)


def joined(*parts: Html) -> Html:
    """Return pieces one below the other as one."""
    html = Markup("\n").join(part.html for part in parts)
    return Html(html, "\n".join(part.text for part in parts))


FIGURE = Markup('<figure><img src="data:image/png;base64,{}" width="{}" alt="{}"></figure>')


def gallery(parts: "Iterable[Picture | Html]") -> Html:
    """Return several pictures or texts one below the other."""
    shown = list(parts)
    pieces = [
        part.html if isinstance(part, Html) else FIGURE.format(part.base64, part.width, part.alt)
        for part in shown
    ]
    text = "\n".join(part.text if isinstance(part, Html) else part.alt for part in shown)
    return Html(Markup("\n").join(pieces), text)
