"""Findings that follow from the file type alone: wrong extension, unsupported format."""

from collections.abc import Mapping

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.files.file_types import Format, extension_matches
from kjfp_helpers.intake.files.unread_formats import UNREAD_FORMATS

_FORMAT_LABELS: Mapping[str, str] = {
    "docx": "Word文档（.docx）",
    "doc": "旧版Word或WPS文档（.doc）",
    "rtf": "RTF文档",
    "odt": "ODT文档",
    "xlsx": "Excel工作簿（.xlsx）",
    "xls": "旧版Excel或WPS表格（.xls）",
    "ods": "ODS表格",
    "zip": "zip压缩文件",
    "7z": "7z压缩文件",
    "rar": "rar压缩文件",
    "image": "图片",
    "text": "纯文本",
    "html": "网页",
    "pdf": "PDF文件",
    "mail": "邮件",
    "mbox": "邮件合集",
    "program": "可执行程序",
}
_ACCEPTED_FORMATS = "docx、xlsx、zip、JPG 文件"
_UNSUPPORTED: Mapping[str, tuple[str, str, str]] = {
    "empty": ("empty", "有内容的文件", "0字节"),
    "encrypted": ("encrypted", "无密码的文件", "有密码"),
    "corrupt": ("corrupt", "完整的文件", "无法打开"),
    "truncated": ("truncated", "完整的文件", "文件末尾缺失"),
    "too_many_files": ("too_many_files", "正常的文件", "内部文件过多"),
    "bomb": ("bomb", "正常大小的文件", "异常膨胀"),
    "program": ("active_content", _ACCEPTED_FORMATS, "可执行程序，未予打开"),
    "tnef": ("unsupported", _ACCEPTED_FORMATS, "winmail.dat（Outlook专用格式），请用普通格式重发"),
    "ole": ("unsupported", _ACCEPTED_FORMATS, "其他Office格式"),
    "other": ("unsupported", _ACCEPTED_FORMATS, "其他类型"),
    "doc": ("needs_manual", "docx文件", "旧版或其他文字处理格式"),
    "rtf": ("needs_manual", "docx文件", "RTF文档"),
    "odt": ("needs_manual", "docx文件", "ODT文档"),
}
_REPLACEMENTS: Mapping[str, str] = {
    "xlsb": ".xlsx",
    "drawing": ".jpg",
    "mindmap": ".jpg",
}
_PARSE_FAILURES: Mapping[str, tuple[str, str, str]] = {
    "encrypted": ("encrypted", "无密码的文件", "有密码"),
    "size": ("bomb", "正常大小的文件", "解析超出时间或内存限度"),
    "xfa": (
        "unsupported",
        "docx、xlsx、zip、JPG 文件",
        "动态表单（XFA）PDF，只有Adobe软件能显示；请另存为 .docx 重报",
    ),
    "DOCTYPE": ("xml_entity", "没有实体定义的文件", "含有实体定义，未予解析"),
}


def extension_mismatch(kind: Format, name: str) -> tuple[Problem, ...]:
    """Return ``ext_mismatch`` if the extension of a file does not fit its content."""
    if extension_matches(kind, name):
        return ()
    extension = name.rpartition(".")[2]
    return make_problems(
        "ext_mismatch",
        "扩展名与内容一致",
        f"扩展名{quote_for_finding(extension)}，内容为{_FORMAT_LABELS[kind]}",
    )


def unsupported_format(kind: Format) -> tuple[Problem, ...]:
    """Return the finding on a format that is not read."""
    if kind == "packed":
        found = f"{UNREAD_FORMATS[kind]}，无法读取；请解压后打包为 .zip 重报"
        return make_problems("unsupported", _ACCEPTED_FORMATS, found)
    if kind in UNREAD_FORMATS:
        found = (
            f"{UNREAD_FORMATS[kind]}，无法读取；请另存为 {_REPLACEMENTS.get(kind, '.docx')} 重报"
        )
        return make_problems("unsupported", _ACCEPTED_FORMATS, found)
    return make_problems(*_UNSUPPORTED[kind])


def parse_failure(reason: str) -> tuple[Problem, ...]:
    """Return the finding for the reason that a parser gave up."""
    return make_problems(
        *_PARSE_FAILURES.get(reason, ("unreadable", "可打开的文件", "内容无法解析"))
    )
