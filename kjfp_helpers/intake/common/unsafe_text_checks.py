"""Checks of file names and typed text: escaping paths, formulas, markup, invisible characters."""

import re
import unicodedata
from collections.abc import Iterator

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import MAX_NAME_BYTES
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding

_DEVICE_NAME = lazy_pattern(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_EXECUTABLE_EXTENSION = lazy_pattern(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|url|msi|jar|dll|cpl|reg|sh"
    r"|desktop|chm|apk|appx|iso|slk|iqy|xll|wll|sct|inf|settingcontent-ms|application|msc|gadget)$",
    re.IGNORECASE,
)
_FORMULA = lazy_pattern(
    r"\s*[=+@]\s*[A-Za-z]+\s*[(|!]|\s*[=+@\-][^\n]{0,80}\|[^\n]{0,80}!|\s*=\s*[\w\"'+(-]"
)
_MARKUP = lazy_pattern(
    r"<\s*/?\s*(?:script|img|iframe|svg|object|embed|a|div|style|link|meta|body|html|form|input"
    r"|video|audio|base|b|i|p|br|h\d)\b[^<]{0,400}?(?:>|/|=)|javascript\s*:|\bon\w+\s*=\s*[\"'\w]",
    re.IGNORECASE,
)
_SYSTEM_FILE = lazy_pattern(
    r"(?:^|/)(?:(?:__MACOSX|\.Spotlight-V100|\.Trashes|\.Trash-\d+|\$RECYCLE\.BIN|\.fseventsd)/"
    r"|@eaDir/|(?:eh)?Thumbs\.db(?::\w+)?$|desktop\.ini$|\.(?:DS_Store|localized|directory)$|\.fuse_hidden|~\$|\._|\.~"
    r"|~[^/]*\.te?mp$|[^/]+\.(?:docx?|xlsx?|wps|et)(?:\.te?mp|~)$|\.[^/]+\.sw[op]$)"
    r"|\.(?:downloading|crdownload|xltd|td\.cfg|ics|vcf|p7s)$",
    re.IGNORECASE,
)
"""Also what mail programs attach by themselves: invitations, business cards, signatures."""
_PARTIAL_FILE = lazy_pattern(
    r"(?:\.baiduyun(?:\.p)?)?\.(?:downloading|crdownload|xltd|td\.cfg)$"
    r"|(?P<ending>\.(?:docx?|xlsx?|wps|et))(?:\.te?mp|~)$",
    re.IGNORECASE,
)
_SPECIAL_CHARS = lazy_pattern(r"[:*?\"|]")


def is_system_file(name: str) -> bool:
    """Whether a file was created by the system or an office program for itself.

    Examples
    --------
    >>> is_system_file("照片/Thumbs.db"), is_system_file("~$推荐表.docx")
    (True, True)
    """
    return _SYSTEM_FILE.search(name) is not None


def is_partial_file(name: str) -> bool:
    """Whether a file is what is kept of a download or a saving that did not end.

    Examples
    --------
    >>> is_partial_file("推荐表.docx.crdownload"), is_partial_file("推荐表.docx")
    (True, False)
    """
    is_litter = name.rpartition("/")[2].startswith(("._", "~$"))
    return not is_litter and _PARTIAL_FILE.search(name) is not None


def complete_name(name: str) -> str:
    """Return the name of the file that a partial file was to become.

    Examples
    --------
    >>> complete_name("推荐表.docx.baiduyun.downloading")
    '推荐表.docx'
    """
    return _PARTIAL_FILE.sub(lambda match: match["ending"] or "", name)


def escapes_folder(name: str) -> bool:
    """Whether a name inside an archive points outside the archive's folder.

    Examples
    --------
    >>> escapes_folder("../a.txt"), escapes_folder("照片/a.jpg")
    (True, False)
    """
    return name.startswith("/") or bool(re.match(r"[A-Za-z]:", name)) or ".." in name.split("/")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet would evaluate a text as a formula.

    Examples
    --------
    >>> is_formula_like("=HYPERLINK(1)"), is_formula_like("-30人")
    (True, False)
    """
    return _FORMULA.match(text) is not None


def is_markup_like(text: str) -> bool:
    """Whether a browser would interpret part of a text as markup."""
    return _MARKUP.search(text) is not None


def has_invisible_chars(text: str) -> bool:
    """Whether a text has invisible characters: controls, direction marks, zero widths."""
    return any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") or char == "\ufffd"
        for char in text
    )


def check_filename(name: str) -> Iterator[Problem]:
    """Yield the findings on a file name, which may contain folders (``照片/1.jpg``)."""
    quoted = quote_for_finding(name, 40)
    base_name = name.rpartition("/")[2]
    if has_invisible_chars(name):
        yield from make_problems("odd_characters", "可见字符组成的文件名", quoted)
    if is_formula_like(name) or is_formula_like(base_name):
        yield from make_problems("formula_like", "普通文件名", "文件名像公式")
    elif is_markup_like(name):
        yield from make_problems("html_like", "普通文件名", "文件名像网页代码")
    elif _is_unportable(name) and not escapes_folder(name):
        yield from make_problems("odd_names", "各系统通用的文件名", quoted)
    if _EXECUTABLE_EXTENSION.search(base_name.rstrip(". ")):
        yield from make_problems("active_content", "文档、图片或压缩文件", f"可执行文件{quoted}")


def check_text(text: str, what: str) -> Iterator[Problem]:
    """Yield the findings on typed text that is shown in spreadsheets and web pages.

    ``what`` names the text in the finding, in Chinese.
    """
    if is_formula_like(text):
        yield from make_problems("formula_like", f"{what}为普通文字", "文字像公式，已按文字处理")
    if is_markup_like(text):
        yield from make_problems("html_like", f"{what}为普通文字", "文字像网页代码，已按文字处理")


def _is_unportable(name: str) -> bool:
    """Whether a name is too long, blank or not valid on every file system."""
    if len(name.encode("utf-8", errors="replace")) > MAX_NAME_BYTES or not name.strip(" ./"):
        return True
    return any(map(_is_unportable_part, name.split("/")))


def _is_unportable_part(part: str) -> bool:
    has_outer_blanks = part != part.strip() or part.endswith(".")
    return has_outer_blanks or bool(_DEVICE_NAME.fullmatch(part) or _SPECIAL_CHARS.search(part))
