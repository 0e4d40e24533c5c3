"""Word files written tag by tag, so that tests can make what no library would write."""

import io
import zipfile
from xml.sax.saxutils import escape

from support.forms.sample_files import picture

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    '{kind}" Target="{target}"/></Relationships>'
)
PICTURE = '<w:r><w:drawing><a:blip r:embed="rId1"/></w:drawing></w:r>'


def package(body: str, styles: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", _TYPES)
        target.writestr(
            "_rels/.rels", _RELS.format(kind="officeDocument", target="word/document.xml")
        )
        target.writestr(
            "word/_rels/document.xml.rels", _RELS.format(kind="image", target="media/a.png")
        )
        target.writestr("word/media/a.png", picture())
        if styles:
            target.writestr(
                "word/styles.xml", f'<?xml version="1.0"?><w:styles {_NAMES}>{styles}</w:styles>'
            )
        target.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document {_NAMES}><w:body>{body}</w:body></w:document>',
        )
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{lines}</w:r>"


def para(*pieces: str) -> str:
    """A paragraph; pieces that are no XML become runs."""
    return (
        f"<w:p>{''.join(piece if piece.startswith('<') else run(piece) for piece in pieces)}</w:p>"
    )


def lines(text: str) -> str:
    return "".join(para(line) for line in text.split("\n"))


def box(text: str, *, picture: bool = False) -> str:
    """Cell content from text, or XML as it is."""
    inner = (
        text
        if text.startswith("<w:p>") or text.startswith("<w:tbl>") or text.startswith("<w:sdt>")
        else (para(text) if text.startswith("<") else lines(text))
    )
    return inner + (para(PICTURE) if picture else "")


def cell(content: str, *, span: int = 1, merge: str = "") -> str:
    properties = f'<w:tcW w:w="{span * 700}" w:type="dxa"/>'
    properties += (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + merge
    last = "" if content.endswith(("</w:p>", "</w:sdt>")) else para("")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}{last}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    columns = '<w:gridCol w:w="700"/>' * 12
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    borders = f"<w:tblBorders>{lines}</w:tblBorders>"
    return f'<w:tbl><w:tblPr><w:tblW w:w="8400" w:type="dxa"/>{borders}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'


def sdt(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def sym(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


def field(code: str, result: str = "", form: str = "") -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(content: str) -> str:
    return f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
