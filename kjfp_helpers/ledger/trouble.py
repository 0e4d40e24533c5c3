"""What a database says when it refuses, in words for a clerk; passwords stay out of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from kjfp_helpers.errors import LedgerError

_RETRY = "检查磁盘空间、文件权限或数据库连接后重试；未确认保存的内容没有写入"
_ROOM = "腾出空间后重试；未确认保存的内容没有写入"
_RESTORE = "停止使用并用备份恢复；不要删除，已登记的内容都在其中"
_REASONS = (
    ("unable to open database", "文件打不开", "检查文件夹是否存在、文件权限和磁盘空间后重试"),
    ("not a database", "不是台账文件", _RESTORE),
    ("malformed", "文件已损坏", _RESTORE),
    ("no such column", "不是台账的表", _RESTORE),
    ("no such table", "没有台账的表", _RESTORE),
    ("does not exist", "数据库或其中的表不存在", _RETRY),
    ("locked", "正被另一程序占用", "等另一程序结束后重试；未确认保存的内容没有写入"),
    ("readonly", "文件只读", "改为可写后重试；未确认保存的内容没有写入"),
    ("full", "磁盘已满", _ROOM),
    ("no space left", "磁盘已满", _ROOM),
    ("disk i/o", "磁盘写不进去", _RETRY),
    ("append-only", "台账只增不改", "勿改动已登记的内容"),
    ("password", "用户名或口令不对", "更正 KJFP_DATABASE_URL 中的用户名和口令"),
    ("resolve host", "找不到数据库主机", "更正 KJFP_DATABASE_URL 中的主机名"),
    ("refused", "数据库没有应答", "启动数据库，或更正 KJFP_DATABASE_URL 中的主机和端口"),
    ("timeout", "数据库没有应答", _RETRY),
)
"""Part of what the database said, what it means, what to do."""


def address(url: str) -> str:
    """Return how to call a ledger: by the name of its file, or as the one named by environment.

    Raises
    ------
    LedgerError
        When the address is none that a ledger can have.
    """
    try:
        parts = make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise _no_address("无法识别的地址") from error
    if parts.get_backend_name() == "sqlite":
        return f"台账 {Path(parts.database or '').name}"
    if parts.drivername not in ("postgresql", "postgresql+psycopg"):
        raise _no_address(f"“{parts.drivername}”开头的地址")
    return "台账（KJFP_DATABASE_URL 所指）"


def _no_address(found: str) -> LedgerError:
    return LedgerError(
        "环境变量 KJFP_DATABASE_URL", expected="postgresql+psycopg://用户:口令@主机:端口/库名",
        found=found, advice="更正地址，或取消此变量而用轮次文件夹中的 review.db",
    )  # fmt: skip


@contextmanager
def speaking(act: str, place: str) -> Iterator[None]:
    """Turn what the database says into a sentence."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        said = str(getattr(error, "orig", None) or error).lower()
        known = ((means, advice) for part, means, advice in _REASONS if part in said)
        means, advice = next(known, (f"数据库报错 {type(error).__name__}", _RETRY))
        raise LedgerError(
            place, expected=f"可以{act}", found=f"不能{act}（{means}）", advice=advice
        ) from error
