"""Reader of rule files as text, with an error in Chinese for any other content."""

from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers.core.errors import NOT_FOUND, RuleError, os_error_reason


def read_rule_bytes(path: Path) -> bytes:
    """Return the bytes of a rule file.

    Raises
    ------
    RuleError
        When the file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        begun = (path.parent / "review.db").exists()  # then only the file of that round will do
        cure = "从备份恢复本轮次的此文件" if begun else "从 data/2020 复制此文件后填写"
        raise RuleError(path.name, found=NOT_FOUND, advice=cure) from error
    except OSError as error:
        raise RuleError(
            path.name,
            expected="可以读取的文件",
            found=os_error_reason(error),
            advice="检查文件权限，或从 data/2020 重新复制",
        ) from error


def read_rule_text(path: Path, charsets: Sequence[str] = ()) -> str:
    """Return a rule file's text without the mark that Excel and Notepad put before it.

    The text is UTF-8, or where it is not, in one of ``charsets``: Excel in Chinese Windows saves
    CSV in GB 18030.

    Raises
    ------
    RuleError
        When the file is missing, cannot be read, or is no text in UTF-8 or another charset.
    """
    data = read_rule_bytes(path)
    text, refused = _decode(data, ("utf-8-sig", *charsets))
    if text is None:
        line = data.count(b"\n", 0, refused) + 1
        raise _no_text(f"{path.name} 第{line}行", "其他编码（如 GBK、UTF-16）")
    if "\0" in text:
        raise _no_text(path.name, "含有空字符的内容")
    if not text.strip():
        raise RuleError(
            path.name, expected="有内容的文件", found="空文件", advice="从 data/2020 重新复制后填写"
        )
    return text


def _decode(data: bytes, charsets: Sequence[str]) -> tuple[str | None, int]:
    """Return the text in the first charset that fits, else where the first one broke off."""
    refused = 0
    for charset in charsets:
        try:
            return data.decode(charset), 0
        except UnicodeDecodeError as error:
            refused = refused or error.start
    return None, refused


def _no_text(where: str, found: str) -> RuleError:
    advice = "用记事本或 Excel 打开后另存为 UTF-8 编码"
    return RuleError(where, expected="UTF-8 编码的文本", found=found, advice=advice)
