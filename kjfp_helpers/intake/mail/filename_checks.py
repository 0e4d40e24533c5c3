"""What is wrong with a file's name: it never becomes a path, a formula or markup here."""

import re
import unicodedata
from collections.abc import Iterator

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import MAX_NAME_BYTES
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_PROGRAM = re.compile(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|url|msi|jar|dll|cpl|reg|sh"
    r"|desktop|chm|apk|appx|iso|slk|iqy|xll|wll|sct|inf|settingcontent-ms|application|msc|gadget)$",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\s*[=+@]\s*[A-Za-z]+\s*[(|!]|\s*[=+@\-][^\n]{0,80}\|[^\n]{0,80}!|\s*=\s*[\w\"'+(-]"
)
_MARKUP = re.compile(
    r"<\s*/?\s*(?:script|img|iframe|svg|object|embed|a|div|style|link|meta|body|html|form|input"
    r"|video|audio|base|b|i|p|br|h\d)\b[^<]{0,400}?(?:>|/|=)|javascript\s*:|\bon\w+\s*=\s*[\"'\w]",
    re.IGNORECASE,
)
_LITTER = re.compile(
    r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$|\._|\.~)", re.IGNORECASE
)
_SPECIAL = re.compile(r"[:*?\"|]")


def is_system_file(name: str) -> bool:
    """Whether a system or an office program put a file there for itself, and no person."""
    return _LITTER.search(name) is not None


def escapes_folder(name: str) -> bool:
    """Whether a name inside an archive points outside of the archive."""
    return name.startswith("/") or bool(re.match(r"[A-Za-z]:", name)) or ".." in name.split("/")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula that does something."""
    return _FORMULA.match(text) is not None


def is_markup_like(text: str) -> bool:
    """Whether a browser would take a part of a text for markup."""
    return _MARKUP.search(text) is not None


def has_invisible_chars(text: str) -> bool:
    """Whether a text holds signs that are not seen: controls, direction marks, zero widths."""
    return any(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") or sign == "\ufffd"
        for sign in text
    )


def check_filename(name: str) -> Iterator[Finding]:
    """Yield what is wrong with a file's name; it may hold steps (``照片/1.jpg``)."""
    shown = quote_for_finding(name, 40)
    last = name.rpartition("/")[2]
    if has_invisible_chars(name):
        yield from make_findings("odd_characters", "可见字符组成的文件名", shown)
    if is_formula_like(name) or is_formula_like(last):
        yield from make_findings("formula_like", "普通文件名", "文件名像公式")
    elif is_markup_like(name):
        yield from make_findings("html_like", "普通文件名", "文件名像网页代码")
    elif _is_odd(name) and not escapes_folder(name):
        yield from make_findings("odd_names", "各系统通用的文件名", shown)
    if _PROGRAM.search(last.rstrip(". ")):
        yield from make_findings("active_content", "文档、图片或压缩文件", f"可执行文件{shown}")


def check_text(text: str, what: str) -> Iterator[Finding]:
    """Yield what is wrong with typed words that will be shown in tables and pages."""
    if is_formula_like(text):
        yield from make_findings("formula_like", f"{what}为普通文字", "文字像公式，已按文字处理")
    if is_markup_like(text):
        yield from make_findings("html_like", f"{what}为普通文字", "文字像网页代码，已按文字处理")


def _is_odd(name: str) -> bool:
    if len(name.encode("utf-8", errors="replace")) > MAX_NAME_BYTES or not name.strip(" ./"):
        return True
    return any(map(_is_odd_step, name.split("/")))


def _is_odd_step(step: str) -> bool:
    trimmed = step != step.strip() or step.endswith(".")
    return trimmed or bool(_DEVICE.fullmatch(step) or _SPECIAL.search(step))
