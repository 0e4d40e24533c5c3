"""Text of a score table in CSV: encoding and separator, with clear errors."""

import unicodedata
from collections.abc import Collection
from pathlib import Path

from kjfp_helpers.core.errors import ScoreTableError, os_error_reason
from kjfp_helpers.core.text_normalization import normalize_name

SEPARATORS = {
    ";": "分号",
    "\t": "制表符",
    "|": "竖线",
    "，": "全角逗号",
    "；": "全角分号",
    "、": "顿号",
}
_SIGNATURES = {
    b"PK\x03\x04": "Excel 工作簿或压缩包",
    b"\xd0\xcf\x11\xe0": "旧版 Excel 工作簿",
    b"%PDF": "PDF 文件",
    b"\xfe\xff": "UTF-16 编码",
    b"\xff\xfe": "UTF-16 编码（Excel 的“Unicode 文本”）",
}
"""How files begin that are no CSV text."""
_SAVE_AS_CSV = "用 Excel 或 WPS 打开后另存为“CSV UTF-8（逗号分隔）”"


def read_csv_text(path: Path, columns: Collection[str]) -> str:
    """Return the text of a CSV file in UTF-8, with or without BOM, or in GB 18030.

    Raises
    ------
    ScoreTableError
        The file cannot be read, is empty, or is of another encoding or format, which is named.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScoreTableError(
            path.name,
            found=os_error_reason(error),
            advice="核对文件名和位置",
        ) from error
    if not data.strip():
        raise ScoreTableError(
            path.name,
            expected="有内容的评分表",
            found="空文件",
            advice=f"第一行写列名 {','.join(columns)}，以下每行一份评分",
        )
    found = next((title for start, title in _SIGNATURES.items() if data.startswith(start)), "")
    if not found and b"\0" in data:
        found = "其他格式，或 UTF-16 编码"
    if found:
        raise _not_csv(path.name, found)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_gb18030(path, data, error)


def _decode_gb18030(path: Path, data: bytes, error: UnicodeDecodeError) -> str:
    """Return what is GB 18030; name what is damaged UTF-8 or another encoding."""
    read = data.decode("utf-8", errors="replace")
    sound = sum(not sign.isascii() for sign in read)
    if (broken := read.count("\ufffd")) * 3 < sound:
        line = data.count(b"\n", 0, error.start) + 1
        raise _not_csv(f"{path.name} 第{line}行", f"UTF-8 编码中有{broken}处坏字节")
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as other:
        line = data.count(b"\n", 0, other.start) + 1
        raise _not_csv(f"{path.name} 第{line}行", "其他编码") from other
    strange = [at for at, sign in enumerate(text) if unicodedata.category(sign) in ("Co", "Cn")]
    if strange:  # characters of Big5 fall there
        line = text.count("\n", 0, strange[0]) + 1
        raise _not_csv(f"{path.name} 第{line}行", f"其他编码（{_other_encoding(data)}）")
    return text


def _other_encoding(data: bytes) -> str:
    try:
        data.decode("big5")
    except UnicodeDecodeError:
        return "有不可辨认的字"
    return "似为繁体 Big5"


def _not_csv(where: str, found: str) -> ScoreTableError:
    expected = "UTF-8 或 GB18030（GBK）编码的 CSV 文本"
    return ScoreTableError(where, expected=expected, found=found, advice=_SAVE_AS_CSV)


def require_commas(name: str, text: str, needed: Collection[str]) -> None:
    """Name the separator of a header that would hold the needed columns with another than ours.

    Raises
    ------
    ScoreTableError
        Naming it.
    """
    lines = text.lstrip().replace("\r", "\n").split("\n", 3)[:3]
    lines = [line for line in lines if line.strip()]
    declared = lines[0].strip().lower().startswith("sep=") if lines else False
    header = lines[1:2] if declared else lines[:1]
    for sign, title in SEPARATORS.items():
        names = {header_name(cell) for line in header for cell in line.split(sign)}
        if names >= set(needed):
            shown = title if sign == "\t" else f"{title}“{sign}”"
            raise ScoreTableError(
                f"{name} 表头",
                expected="以半角逗号“,”隔开的各列",
                found=f"以{shown}隔开",
                advice=f"{_SAVE_AS_CSV}；仍为{title}的，用记事本把{title}全部替换为半角逗号",
            )
    if declared:
        raise ScoreTableError(
            f"{name} 第1行",
            expected=f"列名 {','.join(needed)}",
            found=lines[0][:20],
            advice="删去这一行",
        )


def header_name(cell: str) -> str:
    """Return the name of a column without quotes, in lower case.

    >>> header_name(' "Ｉtem"')
    'item'
    """
    return normalize_name(cell.strip().strip('"')).casefold()
