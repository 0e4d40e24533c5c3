"""Translate database errors into Chinese messages without leaking credentials."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kjfp_helpers.core.errors import LedgerError, ResultUnknown

_RETRY = "检查磁盘空间、文件权限或数据库连接后重试；未确认保存的内容没有写入"
_ROOM = "腾出空间后重试；未确认保存的内容没有写入"
_RESTORE = "停止使用并用备份恢复；不要删除，已登记的内容都在其中"
_ENCODE = "口令中的 @ : / # ? % 依次写成 %40 %3A %2F %23 %3F %25"
_REASONS = (
    ("unable to open database", "文件打不开", "检查文件夹是否存在、文件权限和磁盘空间后重试"),
    ("not a database", "不是台账文件", _RESTORE),
    ("malformed", "文件已损坏", _RESTORE),
    ("no such column", "不是台账的表", _RESTORE),
    ("no such table", "没有台账的表", _RESTORE),
    ("does not exist", "数据库或其中的表不存在", _RETRY),
    ("locked", "正被另一程序占用", "等另一程序结束后重试；未确认保存的内容没有写入"),
    ("lock timeout", "正被另一程序占用", "等另一程序结束后重试；未确认保存的内容没有写入"),
    ("readonly", "文件只读", "改为可写后重试；未确认保存的内容没有写入"),
    ("full", "磁盘已满", _ROOM),
    ("no space left", "磁盘已满", _ROOM),
    ("disk i/o", "磁盘写不进去", _RETRY),
    ("append-only", "台账只增不改", "勿改动已登记的内容"),
    (
        "permission denied",
        "账号没有权限",
        "由建库的账号先打开一次台账，并按 kjfp_helpers/OPERATIONS.md 授予权限后重试",
    ),
    ("password", "用户名或口令不对", f"更正 KJFP_DATABASE_URL 中的用户名和口令；{_ENCODE}"),
    ("resolve host", "找不到数据库主机", f"更正 KJFP_DATABASE_URL 中的主机名；{_ENCODE}"),
    ("refused", "数据库没有应答", "启动数据库，或更正 KJFP_DATABASE_URL 中的主机和端口"),
    ("starting up", "数据库正在启动", "稍等片刻后重试；未确认保存的内容没有写入"),
    ("timeout", "数据库没有应答", _RETRY),
    ("connection", "数据库连接中断", _RETRY),
)
"""Part of the database's message (lower case), its meaning, the advice."""
_OPTION = re.compile(
    r'invalid connection option "(\w+)"|invalid (?!connection)(\w+) value|bad value for (\w+)'
)
"""The driver's messages for an unknown option of the address, or a wrong value of one."""


def parse_ledger_url(url: str | Path) -> tuple[URL, str]:
    """Parse a ledger's address; return it with a display name for messages.

    Raises
    ------
    LedgerError
        When the address is not that of an SQLite file or a PostgreSQL database.
    """
    if isinstance(url, Path):  # a path is never parsed as an address
        return URL.create("sqlite", database=str(url)), f"台账 {url.name}"
    try:
        parts = make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise _no_address("无法识别的地址") from error
    if parts.get_backend_name() == "sqlite" and parts.database not in (None, "", ":memory:"):
        return parts, f"台账 {Path(parts.database or '').name}"
    if parts.drivername not in ("postgresql", "postgresql+psycopg"):
        raise _no_address(f"“{parts.drivername}”开头的地址")
    if "@" in (parts.host or ""):
        raise _no_address("多出一个 @ 的地址")
    return parts, "台账（KJFP_DATABASE_URL 所指）"


def _no_address(found: str) -> LedgerError:
    return LedgerError(
        "环境变量 KJFP_DATABASE_URL",
        expected="postgresql+psycopg://用户:口令@主机:端口/库名",
        found=found,
        advice=f"更正地址，或取消此变量而用轮次文件夹中的 review.db；{_ENCODE}",
    )


@contextmanager
def translate_db_errors(act: str, place: str) -> Iterator[None]:
    """Translate database errors raised in the block."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        raise ledger_error(act, place, error) from error


def ledger_error(act: str, place: str, error: Exception) -> LedgerError:
    """Return the error for what a database reported when it refused an action."""
    message = str(getattr(error, "orig", None) or error)
    matches = ((meaning, advice) for part, meaning, advice in _REASONS if part in message.lower())
    meaning, advice = next(matches, (f"数据库报错 {type(error).__name__}", _RETRY))
    if option := _OPTION.search(message):
        name = next(filter(None, option.groups()))
        problem = "取值不对"
        if option[1]:
            problem = "不存在"
        meaning = f"地址中的选项 {name} {problem}"
        advice = "更正或去掉 KJFP_DATABASE_URL 中问号后面的这个选项"
    if isinstance(error, ImportError):
        meaning = "没有安装 PostgreSQL 驱动"
        advice = "在本项目的环境中运行 pip install 'psycopg[binary]' 后重试"
    return LedgerError(place, expected=f"可以{act}", found=f"不能{act}（{meaning}）", advice=advice)


def result_unknown(place: str) -> ResultUnknown:
    """Return the error for a commit whose confirmation was lost."""
    return ResultUnknown(
        place,
        expected="写入得到确认",
        found="结果未知（写入时连接中断，不知是否已写入）",
        advice="不要重复填写；连接恢复后先刷新核对，台账中没有的，再原样提交一次",
    )


def is_outcome_uncertain(error: Exception) -> bool:
    """Whether the outcome of a COMMIT is unknown after an error.

    True after a lost connection or an I/O error of the disk; any other error of a database means
    that nothing was written.
    """
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorname", "")
    return error.connection_invalidated or code.startswith("SQLITE_IOERR")
