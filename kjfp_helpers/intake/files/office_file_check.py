"""Check whether an Office file from outside may be opened, shared by all its readers."""

from typing import NamedTuple

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.resource_limits import MAX_OFFICE_FILE_BYTES, MAX_WORKBOOK_BYTES
from kjfp_helpers.intake.files.file_types import Format, detect_format
from kjfp_helpers.intake.files.security.security_scan import blocking_findings

_STRICT_NAMESPACE = b"purl.oclc.org/ooxml"
"""Namespace in the main part of a workbook saved as Strict Open XML."""


class OfficeRefusal(NamedTuple):
    """Why a file is not opened, with the fields of :class:`kjfp_helpers.core.errors.KjfpError`."""

    expected: str
    found: str
    advice: str


def check_office_file(name: str, data: bytes, kind: Format, again: str) -> OfficeRefusal | None:
    """Return why a file must not or cannot be opened, ``None`` if it may be.

    Parameters
    ----------
    name : str
        Name of the file.
    data : bytes
        Content of the file.
    kind : {"docx", "xlsx"}
        Expected format.
    again : str
        The step to repeat once the file is corrected, in Chinese.

    Examples
    --------
    >>> check_office_file("名单.xlsx", b"PK", "xlsx", "重试").found
    '无法读取'
    """
    if len(data) > MAX_OFFICE_FILE_BYTES:
        limit = f"不超过{MAX_OFFICE_FILE_BYTES // 10**6}MB的文件"
        return OfficeRefusal(limit, f"文件过大（{len(data):,}字节）", f"换用原件后{again}")
    detected, package = detect_format(data, name)
    if (
        detected == "encrypted"
        or (not data.startswith(b"PK") and package is not None)
        or (package is not None and package.is_encrypted)
    ):
        return OfficeRefusal(
            f"没有密码的 .{kind} 文件",
            "设有打开密码",
            f"用 Excel 或 WPS 打开，取消打开密码，存盘后{again}",
        )
    if package is None or detected != kind:
        label = _FORMAT_LABELS.get(detected, "无法读取")
        return OfficeRefusal(f"可以读取的 .{kind} 文件", label, f"另存为 .{kind} 后{again}")
    if _STRICT_NAMESPACE in (package.read_part("xl/workbook.xml", MAX_WORKBOOK_BYTES) or b""):
        return OfficeRefusal(
            "“Excel 工作簿（*.xlsx）”格式",
            "“Strict Open XML 电子表格”格式",
            f"用 Excel 打开，另存为“Excel 工作簿（*.xlsx）”后{again}",
        )
    if kind == "xlsx" and package.declared_bytes > MAX_WORKBOOK_BYTES:
        return OfficeRefusal("正常大小的文件", "内容异常膨胀", f"换用原件后{again}")
    return next((_refusal_of(finding, again) for finding in blocking_findings(package, kind)), None)


def _refusal_of(finding: Problem, again: str) -> OfficeRefusal:
    return OfficeRefusal(finding.expected, finding.found, f"换用原件后{again}")


_FORMAT_LABELS = {
    "doc": "旧版 .doc 或 WPS 文字格式",
    "xls": "旧版 .xls 或 WPS 表格格式",
    "pdf": "PDF 文件",
    "docx": ".docx 文件",
    "xlsx": ".xlsx 文件",
    "odt": ".odt 文件",
    "ods": ".ods 文件",
    "rtf": ".rtf 文件",
    "empty": "空文件",
}
