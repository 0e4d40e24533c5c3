"""Document formats that nobody reads: told by their parts or endings, with their Chinese names."""

from collections.abc import Collection, Mapping

UNREAD_FORMATS: Mapping[str, str] = {
    "ofd": "OFD版式文件",
    "presentation": "演示文稿",
    "xlsb": "二进制工作簿（.xlsb）",
    "xps": "XPS版式文件",
    "iwork": "苹果办公软件文件（.pages、.numbers、.key）",
    "ebook": "电子书",
    "drawing": "绘图文件",
    "mindmap": "思维导图文件",
    "uof": "标文通文件（UOF）",
    "fixed_layout": "专用版式文件",
    "note": "笔记软件文件",
    "publisher": "Publisher、Project等文件",
    "packed": "tar、gz、cab等格式的压缩文件",
}
"""Format to its name in findings."""

_FORMAT_BY_EXTENSION: Mapping[str, str] = {
    **dict.fromkeys("ofd".split(), "ofd"),
    **dict.fromkeys(
        "ppt pptx pps ppsx ppsm pot potx pptm odp fodp dps dpt uop".split(), "presentation"
    ),
    **dict.fromkeys("xlsb".split(), "xlsb"),
    **dict.fromkeys("xps oxps".split(), "xps"),
    **dict.fromkeys("pages numbers key keynote".split(), "iwork"),
    **dict.fromkeys("epub mobi azw azw3 chm".split(), "ebook"),
    **dict.fromkeys("vsd vsdx odg dwg dxf ai cdr psd sketch".split(), "drawing"),
    **dict.fromkeys("xmind mmap emmx km mm".split(), "mindmap"),
    **dict.fromkeys("uof uot uos".split(), "uof"),
    **dict.fromkeys("ceb cebx sep gd gw caj kdh nh teb".split(), "fixed_layout"),
    **dict.fromkeys("one enex".split(), "note"),
    **dict.fromkeys("pub mpp accdb mdb".split(), "publisher"),
    **dict.fromkeys("tar gz tgz bz2 tbz xz txz zst cab lzh lha ace arj kz".split(), "packed"),
}
_FORMAT_BY_MIME_TYPE: Mapping[str, str] = {
    "application/epub+zip": "ebook",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/vnd.oasis.opendocument.presentation-template": "presentation",
    "application/vnd.oasis.opendocument.graphics": "drawing",
    "application/vnd.xmind.workbook": "mindmap",
}
_FORMAT_BY_MAIN_PART: tuple[tuple[str, str], ...] = (
    ("ofd.xml", "ofd"),
    ("ppt/presentation.xml", "presentation"),
    ("xl/workbook.bin", "xlsb"),
    ("index/document.iwa", "iwork"),
    ("index.zip", "iwork"),
    ("index.apxl", "iwork"),
    ("index.xml.gz", "iwork"),
    ("visio/document.xml", "drawing"),
    ("meta-inf/container.xml", "ebook"),
)


def format_of_parts(part_names: Collection[str], mime_type: str, name: str) -> str:
    """Return the unread format of a zip container, ``""`` for an ordinary archive.

    Parameters
    ----------
    part_names : collection of str
        Names of its members.
    mime_type : str
        Content of its member ``mimetype``, ``""`` where there is none.
    name : str
        Name of the file, which tells the rest.

    Examples
    --------
    >>> format_of_parts(["OFD.xml", "Doc_0/Document.xml"], "", "推荐表.zip")
    'ofd'
    >>> format_of_parts(["01.jpg", "说明.txt"], "", "展览.zip")
    ''
    """
    if found := _FORMAT_BY_MIME_TYPE.get(mime_type.strip()):
        return found
    parts = {part.replace("\\", "/").lstrip("./").lower() for part in part_names}
    for main_part, found in _FORMAT_BY_MAIN_PART:
        if main_part in parts or (
            found == "xps" and any(part.endswith(main_part) for part in parts)
        ):
            return found
    if any(part.endswith(".iwa") for part in parts):
        return "iwork"
    if any(part.endswith(".fdseq") for part in parts):
        return "xps"
    return format_of_extension(name)


def format_of_extension(name: str) -> str:
    """Return the unread format that the ending of a file name tells, ``""`` for none.

    >>> format_of_extension("推荐表.CEB"), format_of_extension("推荐表.docx")
    ('fixed_layout', '')
    """
    return _FORMAT_BY_EXTENSION.get(name.lower().rpartition(".")[2] if "." in name else "", "")
