"""Files in which units send a form: Word, altered Word, PDF with and without a copy, OFD.

``layout`` of a nomination says how:

================ ==================================================================
layout           file
================ ==================================================================
``""``           the Word form of the notice, filled in
footnote         a footnote at a figure
superscript      the mark of a note above a figure
checkboxes       Word's own boxes: each was typed over, so that its stored state is the opposite
renamed_label    所在单位 in place of the label 工作单位
pdf              a PDF with a slanting watermark, and no Word form
pdf_copy         the Word form and a PDF of it
ofd              an OFD file alone
================ ==================================================================
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kjfp_helpers.core.form_schema import SERVICE_MODES
from kjfp_helpers.core.records import KIND_TITLES, Individual, Team
from kjfp_helpers.rehearsal.generator.year_model import Nomination
from kjfp_helpers.rehearsal.writers import docx_forms
from kjfp_helpers.rehearsal.writers.docx_forms import FilledForm
from kjfp_helpers.rehearsal.writers.pdf_forms import write_pdf_form
from kjfp_helpers.reports.office.forms import blank_forms
from kjfp_helpers.reports.office.writers.deterministic_zip import write_zip

WATERMARK = "演练单位内部资料"
FOOTNOTE = "其中300人为2020年上半年新增，以年底核定数为准。"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


def write_form_files(
    entry: Nomination, body: Team | Individual, photo: bytes | None, seal: bytes | None
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a nomination as (name, content), an older version of it first.

    Parameters
    ----------
    entry : Nomination
        How it is sent.
    body : Team or Individual
        What the form says.
    photo, seal : bytes, optional
        Its pictures.
    """
    annex = "附件1" if entry.kind == "team" else "附件2"
    own = "".join(char for char in entry.name if char.isprintable())
    name = f"{annex}{KIND_TITLES[entry.kind]}推荐表（{own}）"
    if entry.layout == "ofd":
        yield f"{name}.ofd", write_ofd(f"{KIND_TITLES[entry.kind]}推荐表　{entry.name}")
        return
    if entry.layout != "pdf":
        if entry.older:
            older = replace(body, **entry.older)
            yield f"{name}.docx", docx_forms.fill_form(older, photo=photo, seal=seal)
            name += "最终版"
        alter = _ALTERATIONS.get(entry.layout, lambda filled: None)
        yield (
            f"{name}.docx",
            docx_forms.fill_form(body, photo=photo, seal=seal, typed=entry.typed, alter=alter),
        )
    if entry.layout in ("pdf", "pdf_copy"):
        watermark = WATERMARK if entry.layout == "pdf" else ""
        yield f"{name}.pdf", write_pdf_form(body, photo=photo, seal=seal, watermark=watermark)


def write_ofd(text: str) -> bytes:
    """Return a minimal OFD file of one page with a line of text."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f'<ofd:OFD {space} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>00000000000000000000000000000000</ofd:DocID></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>9"
        "</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        '</ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" '
        'BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">'
        '<ofd:TextObject ID="3" Boundary="20 20 170 8" Font="4" Size="5"><ofd:TextCode X="0" '
        f'Y="5">{text}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>',
    }
    return write_zip((name, (head + part).encode()) for name, part in parts.items())


def _add_footnote(filled: FilledForm) -> None:
    part, package = filled.document.part, filled.document.part.package
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        + "".join(
            f'<w:footnote w:id="{number}"{kind}><w:p><w:r>{content}</w:r></w:p></w:footnote>'
            for number, kind, content in (
                (-1, ' w:type="separator"', "<w:separator/>"),
                (0, ' w:type="continuationSeparator"', "<w:continuationSeparator/>"),
                (1, "", f"<w:t>{FOOTNOTE}</w:t>"),
            )
        )
        + "</w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{notes}'.encode()
    part.relate_to(Part(name, _FOOTNOTES_TYPE, blob, package), RELATIONSHIP_TYPE.FOOTNOTES)
    mark = f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    _figure_paragraph(filled)._p.append(parse_xml(f'{mark}<w:footnoteReference w:id="1"/></w:r>'))


def _add_superscript(filled: FilledForm) -> None:
    blank_forms.add_run(_figure_paragraph(filled), "1").font.superscript = True


def _figure_paragraph(filled: FilledForm) -> Any:
    return filled.boxes["people_lifted"].paragraphs[0]


def _type_over_checkboxes(filled: FilledForm) -> None:
    """Put Word's own boxes before the ways of service; the stored state is not the sign shown."""
    cell = filled.boxes["service_modes"]
    shown = {mode for mode in SERVICE_MODES if f"☑{mode}" in cell.text}
    others = cell.paragraphs[0].runs[1:]
    words = [run.text for run in others]
    paragraph = docx_forms.clear_cell(cell)
    for option in SERVICE_MODES:
        sign, stored = ("☑", 0) if option in shown else ("☐", 1)
        box = (
            f"<w:sdt {nsdecls('w')} {_W14}><w:sdtPr><w14:checkbox>"
            f'<w14:checked w14:val="{stored}"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r>'
            f'<w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr><w:t>{sign}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )
        paragraph._p.append(parse_xml(box))
        blank_forms.add_run(paragraph, f"{option}　")
    for text in words:
        blank_forms.add_run(paragraph, text)


def _rename_label(filled: FilledForm) -> None:
    for paragraph in filled.labels["employer"].paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("工作单位", "所在单位")


_ALTERATIONS: Mapping[str, Callable[[FilledForm], None]] = {
    "footnote": _add_footnote,
    "superscript": _add_superscript,
    "checkboxes": _type_over_checkboxes,
    "renamed_label": _rename_label,
}
